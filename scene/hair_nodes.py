"""The modifiers that make strands of guides: Blender's own node groups for hair, in the order in which they work.

Blender brings these groups (CC0) in a file of its assets. Their inputs are found by name, since identifiers, and some
inputs, differ between versions. All of them see the skin at rest, so that strands stay where they are on it; the last
modifier carries whole strands along with whatever moves the skin.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from ..core.types import MILLIMETRES_PER_UNIT, Groom, GroomLook
from .mesh import UV_LAYER

#: The file with Blender's node groups for hair, somewhere below its assets.
_FILE = "procedural_hair_node_assets.blend"
#: Names of the groups.
_INTERPOLATE, _CLUMP, _BRAID, _CURL = (f"{verb} Hair Curves" for verb in ("Interpolate", "Clump", "Braid", "Curl"))
_NOISE, _PROFILE = "Hair Curves Noise", "Set Hair Curve Profile"
_GROUPS = (_INTERPOLATE, _CLUMP, _NOISE, _BRAID, _CURL, _PROFILE)
#: The modifier that Blender itself adds to new hair, and its group.
DEFORM = "Surface Deform"
#: How many strands of a groom the viewport shows at most, so that keys and bones stay fluent.
_SHOWN = 1500
#: Turns to a metre that a frequency of 1 makes in Blender's Curl Hair Curves, measured on a straight strand.
_TURNS = 3.0
#: Strands that gather farther than this are matted: they curl not side by side, but wind about their guide from all
#: sides; how far their curls differ in phase for that, in Blender's Curl Hair Curves; and what is left of the radius at
#: the tip of such a lock.
_MATTED, _WOUND, _LOCK_END = 0.92, 6.0, 0.5
#: How a strand thins out: 0 not at all, 0.5 evenly from root to tip, 1 at once.
_TAPER = 0.35
#: Where along strands they gather: 0.5 evenly from root to tip; at 0 their roots would gather, too. And where those do
#: that gather so far that they are one thing: a lock, or a strand of a plait.
_CLUMPED, _CLUMPED_SOON = 0.5, 0.15
#: Length of a braid in which a strand swings once to either side, as a multiple of its radius, at a frequency of 1 in
#: Blender's Braid Hair Curves, measured on a straight one; and how it thins out: 0 not at all, 0.5 evenly to its tip.
_BRAID_PITCH, _BRAID_SHAPE = 3.0, 0.1
#: Points that a turn of a curl needs to look round, and how often strands are halved for that at most.
_POINTS_PER_TURN, _FINEST = 6, 4
#: Guides between which a strand lies; where strands are braided, or gather so far at a guide, each has its own alone.
_NEIGHBOURS, _GATHERED = 3, 0.86

#: Name of an input -> its value; a text starting with "@" names an attribute of the surface.
Inputs = dict[str, Any]


def hair_node_file() -> Path | None:
    """Blender's file of node groups for hair; None where it has none, as builds of Linux distributions."""
    folder = bpy.utils.system_resource("DATAFILES", path="assets")
    return min(Path(folder).rglob(_FILE), default=None) if folder else None


def stack(groom: Groom, area: float, density: str, surface: bpy.types.Object) -> list[tuple[str, Inputs]]:
    """The node groups that make strands of guides, in order, with the inputs that differ from Blender's own.

    groom: the guides, and the look of strands; where there are as many guides as strands wanted, they are the strands.
    area: of the skin that hair grows on, each part by its density, square metres.
    density: name of the surface's attribute.
    surface: the object that it grows on.
    """
    look, (count, points) = groom.look, groom.points.shape[:2]
    millimetres = float(np.linalg.norm(np.diff(groom.points, axis=1), axis=2).sum(axis=1).mean()) * MILLIMETRES_PER_UNIT
    groups: list[tuple[str, Inputs]] = []
    if look.strands > count and area > 0:
        inputs: Inputs = {
            "Surface": surface,
            "Surface UV Map": f"@{UV_LAYER}",
            "Surface Rest Position": True,
            "Part by Mesh Islands": False,
            "Interpolation Guides": 1 if look.braided or look.clump > _GATHERED else _NEIGHBOURS,
            "Poisson Disk Distribution": False,  # until 4.2; later on a menu begins with Random, which is the same
            "Density": look.strands / area,
            "Density Mask": f"@{density}",
            "Viewport Amount": min(1.0, _SHOWN / look.strands),
        }
        groups.append((_INTERPOLATE, inputs))
    if look.clump > 0:
        shape = _CLUMPED if look.clump <= _GATHERED else _CLUMPED_SOON
        groups.append((_CLUMP, {"Factor": look.clump, "Shape": shape}))
    if look.frizz > 0:  # before what gives strands more points, and makes this slow
        inputs = {"Distance": look.frizz / 1000.0, "Cumulative Offset": False, "Offset per Curve": 1.0}
        groups.append((_NOISE, inputs))
    if look.braided and look.curl > 0:
        turn = _BRAID_PITCH * look.curl
        inputs = {"Radius": look.curl / 1000.0, "Subdivision": _subdivision(points, millimetres / turn)}
        groups.append((_BRAID, inputs | {"Frequency": 1.0, "Shape": _BRAID_SHAPE}))
    elif look.curl > 0:
        turn = look.curl_length
        inputs = {"Radius": look.curl / 1000.0, "Subdivision": _subdivision(points, millimetres / turn)}
        if look.clump > _MATTED:
            inputs |= {"Random Offset": _WOUND, "Factor End": _LOCK_END}
        groups.append((_CURL, inputs | {"Frequency": 1000.0 / turn / _TURNS}))
    groups.append((_PROFILE, {"Radius": look.radius / 1000.0, "Shape": _TAPER}))
    return groups


def _subdivision(points: int, turns: float) -> int:
    """How often a strand of so many points must be halved to make these turns."""
    return int(np.clip(np.ceil(np.log2(_POINTS_PER_TURN * max(turns, 1.0) / (points - 1))), 0, _FINEST))


def add_modifiers(obj: bpy.types.Object, groups: list[tuple[str, Inputs]]) -> None:
    """Give guides the modifiers, and behind them the one that carries strands with the skin.

    obj: the guides, a Curves object with a surface.
    groups: of `stack`; where this Blender has no groups for hair, they are left out.
    """
    known = _node_groups()
    for name, inputs in groups:
        if name in known:
            modifier = obj.modifiers.new(name, "NODES")
            modifier.node_group = known[name]
            # A fifth of what a changed key costs for each groom, and not to be seen in as few strands.
            modifier.show_viewport = name != _NOISE
            set_inputs(modifier, inputs)
    obj.modifiers.new(DEFORM, "NODES").node_group = _deform_group()


def remove_modifiers(obj: bpy.types.Object) -> list[str]:
    """Remove the modifiers of `add_modifiers`; the names of those that stay, which are the artist's own.

    obj: a Curves object.
    """
    for modifier in list(obj.modifiers):
        group = modifier.node_group if modifier.type == "NODES" else None
        if modifier.name.startswith(DEFORM) or (group is not None and group.name.startswith(_GROUPS)):
            obj.modifiers.remove(modifier)
    return [modifier.name for modifier in obj.modifiers]


def set_inputs(modifier: bpy.types.Modifier, inputs: Inputs) -> None:
    """Set inputs of a modifier's node group by their names; those that this version of it has not are left out.

    modifier: of geometry nodes.
    inputs: the values.
    """
    for item in modifier.node_group.interface.items_tree:
        if item.item_type != "SOCKET" or item.in_out != "INPUT" or item.name not in inputs:
            continue
        value = inputs[item.name]
        if item.socket_type == "NodeSocketGeometry":
            continue  # another input of the same name takes the object
        write_input(modifier, item.identifier, value)


def show_share(obj: bpy.types.Object, share: float) -> bool:
    """Let the viewport show a share of a groom's strands; whether it can, which it cannot where guides are the strands.

    obj: its Curves object.
    share: 0 to 1.
    """
    shared = [(modifier, name) for modifier in obj.modifiers if (name := input_of(modifier, "Viewport Amount"))]
    for modifier, name in shared:
        write_input(modifier, name, share)
    obj.update_tag()
    return bool(shared)


def input_of(modifier: bpy.types.Modifier, name: str) -> str | None:
    """The identifier of the input `name` of a modifier's node group, under which the modifier holds its value; None
    where it has none, or no group."""
    items = modifier.node_group.interface.items_tree if getattr(modifier, "node_group", None) else ()
    for item in items:
        if item.item_type == "SOCKET" and item.in_out == "INPUT" and item.name == name:
            return str(item.identifier)
    return None


def read_input(modifier: bpy.types.Modifier, identifier: str) -> Any:
    """The value of an input of a modifier's node group.

    modifier: of geometry nodes.
    identifier: as `input_of` gives it.
    """
    if hasattr(modifier, "properties"):  # from Blender 5.2 on
        return getattr(modifier.properties.inputs, identifier).value
    return modifier[identifier]


def write_input(modifier: bpy.types.Modifier, identifier: str, value: Any) -> None:
    """Set an input of a modifier's node group.

    modifier, identifier: as of `read_input`.
    value: or "@" and the name of the attribute that has it.
    """
    if hasattr(modifier, "properties"):  # from Blender 5.2 on
        entry = getattr(modifier.properties.inputs, identifier)
        if isinstance(value, str):
            entry.type, entry.attribute_name = "ATTRIBUTE", value.removeprefix("@")
        else:
            entry.value = value
    elif isinstance(value, str):
        modifier[f"{identifier}_use_attribute"] = True
        modifier[f"{identifier}_attribute_name"] = value.removeprefix("@")
    else:
        modifier[identifier] = value


def groom_look(obj: bpy.types.Object) -> GroomLook:
    """The curls that the modifiers of strands make; whatever else they do is left at its default.

    obj: a Curves object.
    """
    for modifier in obj.modifiers:
        radius, frequency = input_of(modifier, "Radius"), input_of(modifier, "Frequency")
        if radius and frequency and modifier.name.startswith(_CURL):
            turns = max(float(read_input(modifier, frequency)) * _TURNS, 1e-3)
            return GroomLook(curl=1000.0 * float(read_input(modifier, radius)), curl_length=1000.0 / turns)
    return GroomLook()


def _node_groups() -> dict[str, bpy.types.GeometryNodeTree]:
    """Blender's node groups by name: the open file's where it has them, or appended, all at once, for they share what
    is in them; none where there is no file."""
    known = {name: group for name in _GROUPS if (group := bpy.data.node_groups.get(name)) is not None and _fits(group)}
    missing = [name for name in _GROUPS if name not in known]
    path = hair_node_file() if missing else None
    if path is None:
        return known
    before, libraries = set(bpy.data.node_groups), set(bpy.data.libraries)
    with bpy.data.libraries.load(str(path), link=False) as (there, wanted):
        appended = [name for name in missing if name in there.node_groups]
        wanted.node_groups = list(appended)  # Blender puts the groups in place of their names
    for group in set(bpy.data.node_groups) - before:
        group.asset_clear()  # in the artist's file it is a part of the hair, and nothing to offer in the asset browser
    bpy.data.batch_remove(set(bpy.data.libraries) - libraries)  # nothing is linked from it
    return known | dict(zip(appended, wanted.node_groups, strict=True))


def _fits(group: bpy.types.NodeTree) -> bool:
    """Whether a group of the name wanted changes curves as a modifier, as Blender's own do."""
    return group.bl_idname == "GeometryNodeTree" and group.is_modifier and group.library is None


def _deform_group() -> bpy.types.GeometryNodeTree:
    """The node group that moves curves with their surface: the open file's, or a new one as Blender makes it."""
    for group in bpy.data.node_groups:
        if _fits(group) and [node.bl_idname for node in group.nodes].count("GeometryNodeDeformCurvesOnSurface") == 1:
            return group
    group = bpy.data.node_groups.new(DEFORM, "GeometryNodeTree")
    group.is_modifier = True
    for direction in ("INPUT", "OUTPUT"):
        group.interface.new_socket("Geometry", in_out=direction, socket_type="NodeSocketGeometry")
    nodes = [
        group.nodes.new(kind) for kind in ("NodeGroupInput", "GeometryNodeDeformCurvesOnSurface", "NodeGroupOutput")
    ]
    for place, node in enumerate(nodes):
        node.location = (200 * place, 0)
    for before, after in pairwise(nodes):
        group.links.new(before.outputs[0], after.inputs[0])
    return group
