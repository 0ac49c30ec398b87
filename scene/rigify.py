"""A Rigify face for an asset: a metarig placed on the head, the rig that Rigify generates from it, and its weights.

rigify.json says which bones there are and which of them move what. Its places are ends of the asset's own bones, of its
teeth, or points of the template, which every head of every level of detail knows of its vertices. It holds the left
side and the middle; the right side is its mirror image.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import addon_utils
import bpy
import numpy as np
from mathutils import Vector
from mathutils.kdtree import KDTree

from ..core.errors import RequestError
from ..core.types import Floats, Ints
from .armature import add_weights
from .asset import PART
from .canvas import read_template_points
from .hair import GROOM
from .head import head_object
from .rigify_weights import Handle, along_chain, falloff, skin_distances, taken

_TABLE: dict[str, Any] = json.loads(Path(__file__).with_name("rigify.json").read_text(encoding="utf-8"))
#: Blender's name of the add-on, and of the bones that deform.
ADDON, DEFORM = "rigify", "DEF-"
#: Name of the metarig and of the rig.
_METARIG, _RIG = "Rigify Metarig", "Rigify Face"
#: Part that has the weights of the skin below it.
_ON_SKIN = "Beard"


def add_rigify_face(collection: bpy.types.Collection) -> bpy.types.Object:
    """Give an asset a Rigify face, which moves its parts in place of its own armature; that is hidden, and stays.

    The metarig stays beside the rig, so that Rigify can generate it anew. Shape keys work on below the rig.

    collection: of `add_asset`, visible in the scene that is open, with none of its objects in another mode than Object
        Mode.
    Returns the rig, which is active and selected then.
    Raises RequestError where this Blender has no Rigify, or the asset has no armature, a Rigify face already, or no
    places of the template; nothing has changed then.
    """
    rig = find_rigify_face(collection)
    if rig is not None:
        raise RequestError(
            f"{collection.name!r} has a Rigify face already, {rig.name!r}.",
            "Pose that; for another shape of the rig change its metarig, and let Rigify generate it again.",
        )
    places = find_places(collection)
    enable_rigify()
    armature = places.armature
    layer = bpy.context.view_layer
    active, selected, chosen = layer.objects.active, list(layer.objects.selected), layer.active_layer_collection
    metarig = _add_metarig(places, armature, collection)
    try:
        rig = _generate(metarig, armature)
    except RuntimeError as error:
        _remove(metarig)
        select(active, selected)
        raise RequestError(
            f"Rigify could not make a rig of this face ({str(error).strip()}).",
            "Bring the head's bones back to where they were made, then try again.",
        ) from error
    finally:
        layer.active_layer_collection = chosen
    for obj, weights in rig_weights(collection, rig, places).items():
        add_weights(obj, weights)
        hang_on(obj, rig, places)
    armature.hide_viewport = armature.hide_render = True
    return rig


def find_rigify_face(collection: bpy.types.Collection) -> bpy.types.Object | None:
    """The rig that Rigify generated for an asset; None where there is none."""
    parts = (obj for obj in collection.all_objects if obj.type == "ARMATURE")
    return next((obj for obj in parts if "rig_id" in obj.data), None)


def find_places(collection: bpy.types.Collection) -> Places:
    """Where the points of a Rigify face lie on an asset.

    collection: of `add_asset`.
    Raises RequestError where the asset has not all of its bones, or no places of the template.
    """
    armature = next((obj for obj in collection.objects if obj.type == "ARMATURE"), None)
    wanted = {end.rpartition(".")[0] for entry in _both_sides(_TABLE["bones"]).values() for end in _bone_ends(entry)}
    missing = sorted(wanted - set(armature.data.bones.keys() if armature else ()))
    if armature is None or missing:
        raise RequestError(
            f"{collection.name!r} has no bones {', '.join(missing)}.",
            "Take the head with the armature it was made with.",
        )
    head = head_object(collection)
    template = read_template_points(head.data)
    if template is None:
        raise RequestError(
            f"The vertices of {head.name!r} do not say which points of the face they are.",
            "They lose it where Edit Mode adds or removes some: take the head as it was made.",
        )
    return Places(collection, armature, head, template)


def enable_rigify() -> None:
    """Enable the add-on. Raises RequestError where this Blender has none."""
    if addon_utils.enable(ADDON, default_set=True) is None:
        raise RequestError(
            "This Blender has no add-on Rigify.", "Take Blender from blender.org, or add Rigify in the preferences."
        )


class Places:
    """Where the points of rigify.json lie on one asset, in the frame of its armature, metres.

    collection: of the asset.
    armature: its own.
    head: its head.
    template (V, 3): the head's points of the template, units.
    """

    def __init__(
        self, collection: bpy.types.Collection, armature: bpy.types.Object, head: bpy.types.Object, template: Floats
    ) -> None:
        self.template = template
        self.vertices = _rest_points(head, armature)
        self.armature = armature
        self._parts = {_part(obj): obj for obj in collection.objects if obj.type == "MESH"}

    def bones(self) -> dict[str, tuple[Floats, Floats]]:
        """Where each of the metarig's bones begins and ends: name -> two points (3,)."""
        ends: dict[str, tuple[Floats, Floats]] = {}
        for name, entry in _both_sides(_TABLE["bones"]).items():
            points = [self.of(point) for point in entry["points"]]
            if "way" in entry:
                points.append(points[0] + np.array(entry["way"], np.float32))
            names = _chain_names(name, len(points) - 1)
            ends |= dict(zip(names, pairwise(points), strict=True))
        return ends

    def of(self, point: str | list[float]) -> Floats:
        """The place (3,) of "bone.head", "bone.tail", "Part.front", "Part.middle" or a point of the template, units."""
        if not isinstance(point, str):
            return np.asarray(self.vertices[self.vertex(point)])
        name, _, end = point.rpartition(".")
        if name in self._parts:
            points = _rest_points(self._parts[name], self.armature)
            middle = (points.min(axis=0) + points.max(axis=0)) / 2
            return np.array([middle[0], points[:, 1].min() if end == "front" else middle[1], middle[2]], np.float32)
        bone = self.armature.data.bones[name]
        return np.array(bone.head_local if end == "head" else bone.tail_local, np.float32)

    def vertex(self, point: list[float]) -> int:
        """The head's vertex that is nearest to a point of the template, units."""
        return int(np.linalg.norm(self.template - np.array(point, np.float32), axis=1).argmin())


def _bone_ends(entry: dict[str, Any]) -> list[str]:
    """The ends of the asset's bones in an entry of rigify.json's bones."""
    return [point for point in entry["points"] if isinstance(point, str) and point.endswith((".head", ".tail"))]


def _add_metarig(places: Places, armature: bpy.types.Object, collection: bpy.types.Collection) -> bpy.types.Object:
    """The metarig, where the asset's armature is, in a collection within the asset's; active and selected."""
    metarig = bpy.data.objects.new(_METARIG, bpy.data.armatures.new(_METARIG))
    own = bpy.data.collections.new("Rigify")
    collection.children.link(own)
    own.objects.link(metarig)
    _stand_like(metarig, armature)
    select(metarig, [metarig])
    bpy.ops.object.mode_set(mode="EDIT")
    table = _both_sides(_TABLE["bones"])
    _add_bones(metarig.data.edit_bones, table, places)
    bpy.ops.object.mode_set(mode="OBJECT")
    _add_collections(metarig.data, table)
    for name, entry in table.items():
        bone = metarig.pose.bones[name]
        bone.rigify_type = entry.get("type", "")
        for parameter, value in entry.get("parameters", {}).items():
            setattr(bone.rigify_parameters, parameter, value)
    metarig.data.rigify_rig_basename = _RIG
    return metarig


def _add_bones(bones: bpy.types.ArmatureEditBones, table: dict[str, Any], places: Places) -> None:
    """Add the chains of rigify.json to a metarig in Edit Mode: name, name.001 and so on, with the side's letter kept at
    the end of the name."""
    ends = places.bones()
    for name, entry in table.items():
        above = bones[entry["parent"]] if "parent" in entry else None
        for own in _chain_names(name, len(entry["points"]) - 1 or 1):
            bone = bones.new(own)
            bone.head, bone.tail, bone.roll = Vector(ends[own][0]), Vector(ends[own][1]), 0.0
            bone.parent, bone.use_connect = above, own != name
            above = bone


def _chain_names(name: str, count: int) -> list[str]:
    """The names of a chain's bones as Rigify counts them: lid.T.L, lid.T.L.001; spine.004, spine.005."""
    stem, _, number = name.rpartition(".")
    if number.isdigit():
        return [f"{stem}.{int(number) + k:03}" for k in range(count)]
    return [name, *(f"{name}.{k:03}" for k in range(1, count))]


def _add_collections(armature: bpy.types.Armature, table: dict[str, Any]) -> None:
    """The bones' collections, each with a button in Rigify's panel."""
    names = list(dict.fromkeys(entry["collection"] for entry in table.values()))
    made = {name: armature.collections.new(name) for name in names}
    for row, name in enumerate(names, start=1):
        made[name].rigify_ui_row = row
    for name, entry in table.items():
        count = len(entry["points"]) - 1 or 1
        for own in _chain_names(name, count):
            made[entry["collection"]].assign(armature.bones[own])


def _generate(metarig: bpy.types.Object, armature: bpy.types.Object) -> bpy.types.Object:
    """The rig of a metarig that is active, where the asset's armature is. Raises RuntimeError where Rigify cannot."""
    bpy.ops.pose.rigify_generate()
    rig = metarig.data.rigify_target_rig
    for collection in rig.users_collection:  # whichever the artist had chosen
        collection.objects.unlink(rig)
    metarig.users_collection[0].objects.link(rig)
    _stand_like(rig, armature)
    rig.show_in_front = True
    metarig.hide_viewport = metarig.hide_render = True
    select(rig, [rig])
    return rig


def rig_weights(
    collection: bpy.types.Collection, rig: bpy.types.Object, places: Places
) -> dict[bpy.types.Object, dict[str, Floats]]:
    """The weights of a Rigify face's bones for each part that it moves, or that the asset's own armature moves.

    collection: of the asset.
    rig: that Rigify generated.
    places: of the asset as it is.
    Returns part -> name of a bone -> (V,), 0 to 1.
    """
    head = head_object(collection)
    handles = _handles(head, rig, places)
    tree = KDTree(len(places.vertices))
    for number, point in enumerate(places.vertices):
        tree.insert(point, number)
    tree.balance()
    parts: dict[bpy.types.Object, dict[str, Floats]] = {}
    for obj in [obj for obj in collection.objects if obj.type == "MESH" and armature_modifiers(obj, rig, places)]:
        points = _rest_points(obj, places.armature)
        parts[obj] = _converted(obj, points, rig)
        if obj == head:
            parts[obj] = taken(parts[obj], handles)
        elif obj.get(GROOM, _part(obj)) == _ON_SKIN:
            below = np.array([tree.find(point)[1] for point in points])
            own = [(share[below], {bone: values[below] for bone, values in own.items()}) for share, own in handles]
            parts[obj] = taken(parts[obj], own)
    return parts


def armature_modifiers(obj: bpy.types.Object, rig: bpy.types.Object, places: Places) -> list[bpy.types.Modifier]:
    """A part's modifiers by which a Rigify face moves it, or the asset's own armature.

    obj: the part.
    rig, places: as of `rig_weights`.
    """
    return [entry for entry in obj.modifiers if entry.type == "ARMATURE" and entry.object in (rig, places.armature)]


def hang_on(obj: bpy.types.Object, rig: bpy.types.Object, places: Places) -> None:
    """Let a Rigify face move a part in place of the asset's own armature.

    The old vertex groups stay: no bone that deforms has their names.

    obj: the part, with weights for the rig's bones.
    rig, places: as of `rig_weights`.
    """
    for modifier in armature_modifiers(obj, rig, places):
        modifier.object = rig
    if obj.parent == places.armature:
        inverse = obj.matrix_parent_inverse.copy()
        obj.parent = rig
        obj.matrix_parent_inverse = inverse


def _converted(obj: bpy.types.Object, points: Floats, rig: bpy.types.Object) -> dict[str, Floats]:
    """The weights (V,) of the rig's bones that stand for those of the asset's own bones.

    obj: a part, at rest at points (V, 3), metres.
    """
    entire = _TABLE["parts"].get(_part(obj))
    if entire is not None:
        return {DEFORM + entire[0]: np.ones(len(points), np.float32)}
    table = _both_sides(_TABLE["groups"])
    weights: dict[str, Floats] = {}
    for name, values in read_weights(obj).items():
        if name in table and values.any():
            for bone, share in _along(points, table[name], rig).items():
                weights[bone] = weights.get(bone, np.float32(0.0)) + values * share
    return weights


def _handles(head: bpy.types.Object, rig: bpy.types.Object, places: Places) -> list[Handle]:
    """What the rig's finer bones take of the head's skin: the share (V,) of each handle, and the weights (V,) of its
    bones in that. Round a region bones stand in a row; round a point all count alike, so that the turns of two that
    meet there cancel out."""
    regions, edges = read_weights(head), _edges(head.data)
    mirrored = [_mirrored(entry) for entry in _TABLE["handles"]]
    other = [
        twin
        for twin, entry in zip(mirrored, _TABLE["handles"], strict=True)
        if set(twin["bones"]).isdisjoint(entry["bones"])
    ]
    handles = []
    for entry in (*_TABLE["handles"], *other):
        if "region" in entry:
            seeds = regions[entry["region"]] > 0.5
            for side, sign in ((".L", 1), (".R", -1)):
                if all(side in bone for bone in entry["bones"]):
                    seeds &= sign * places.template[:, 0] > 0
            own = _along(places.vertices, entry["bones"], rig)
        else:
            seeds = np.arange(len(places.vertices)) == places.vertex(entry["at"])
            even = np.full(len(seeds), 1 / len(entry["bones"]), np.float32)
            own = {DEFORM + bone: even for bone in entry["bones"]}
        distance = skin_distances(places.vertices, edges, seeds, entry["reach"])
        handles.append((falloff(distance, entry["reach"]), own))
    return handles


def _along(points: Floats, bones: list[str], rig: bpy.types.Object) -> dict[str, Floats]:
    """The weights (V,) of a chain of the rig's bones, in order, at points (V, 3), metres."""
    rest = [rig.data.bones[DEFORM + bone] for bone in bones]
    middles = np.array([(bone.head_local + bone.tail_local) / 2 for bone in rest], np.float32)
    return dict(zip((bone.name for bone in rest), along_chain(points, middles), strict=True))


def _both_sides(table: dict[str, Any]) -> dict[str, Any]:
    """A table of rigify.json with the right side's entries behind the left side's; parents stay before children."""
    both: dict[str, Any] = {}
    for name, entry in table.items():
        both[name] = entry
        mirrored = _mirrored(name)
        if mirrored != name and mirrored not in json.dumps(entry):
            both[mirrored] = _mirrored(entry)
    return both


def _mirrored(entry: Any) -> Any:
    """A name, a point of the template or an entry of rigify.json, as it is on the other side."""
    if isinstance(entry, str):
        ends = entry.endswith(".L") or ".L." in entry
        return entry.replace(".L", ".R") if ends else entry.replace("left_", "right_")
    if isinstance(entry, dict):
        return {key: value if key in ("parameters", "way") else _mirrored(value) for key, value in entry.items()}
    if isinstance(entry, list):
        if len(entry) == 3 and all(isinstance(value, int | float) for value in entry):
            return [-entry[0], *entry[1:]]
        return [_mirrored(value) for value in entry]
    return entry


def _rest_points(obj: bpy.types.Object, frame: bpy.types.Object) -> Floats:
    """The vertices (V, 3) of a mesh without keys and modifiers, in the frame of another object."""
    data = obj.data.shape_keys.reference_key.points if obj.data.shape_keys else obj.data.vertices
    points = np.empty(3 * len(data), np.float32)
    data.foreach_get("co", points)
    matrix = np.array(frame.matrix_world.inverted() @ obj.matrix_world, np.float32)
    return np.asarray(points.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3])


def read_weights(obj: bpy.types.Object) -> dict[str, Floats]:
    """The vertex groups of a mesh: name -> weights (V,).

    obj: the mesh.
    """
    names = [group.name for group in obj.vertex_groups]
    weights = np.zeros((len(names), len(obj.data.vertices)), np.float32)
    for vertex in obj.data.vertices:
        for entry in vertex.groups:
            weights[entry.group, vertex.index] = entry.weight
    return dict(zip(names, weights, strict=True))


def _edges(mesh: bpy.types.Mesh) -> Ints:
    """The mesh's edges (E, 2)."""
    edges = np.empty(2 * len(mesh.edges), np.int32)
    mesh.edges.foreach_get("vertices", edges)
    return edges.reshape(-1, 2)


def _part(obj: bpy.types.Object) -> str:
    """Which part of an asset an object is; by its name, without Blender's number, where it is of an earlier version."""
    stem, _, number = obj.name.rpartition(".")
    return str(obj.get(PART, stem if stem and number.isdigit() else obj.name))


def _stand_like(obj: bpy.types.Object, other: bpy.types.Object) -> None:
    """Put an object where another one is, below the same parent."""
    obj.parent, obj.matrix_parent_inverse = other.parent, other.matrix_parent_inverse.copy()
    obj.matrix_basis = other.matrix_basis.copy()


def select(active: bpy.types.Object | None, selected: list[bpy.types.Object]) -> None:
    """Make one object of the view layer active, and these the only ones that are selected."""
    layer = bpy.context.view_layer
    layer.update()  # it still knows of objects that were removed
    for obj in list(layer.objects.selected):
        obj.select_set(False)
    for obj in selected:
        obj.select_set(True)
    layer.objects.active = active
    layer.update()


def _remove(metarig: bpy.types.Object) -> None:
    """Remove a metarig with its collection, and what Rigify has made of it so far."""
    data, (own,) = metarig.data, metarig.users_collection
    rig, widgets = data.rigify_target_rig, data.rigify_widgets_collection
    objects = [metarig, *([] if rig is None else [rig]), *([] if widgets is None else widgets.objects)]
    shapes = [obj.data for obj in objects]
    for obj in objects:
        bpy.data.objects.remove(obj)
    left = [armature for armature in bpy.data.armatures if armature.name.startswith(_METARIG) and not armature.users]
    bpy.data.batch_remove({*shapes, *left})  # Rigify leaves the metarig's copy, from which it starts
    for collection in (own, widgets):
        if collection is not None:
            bpy.data.collections.remove(collection)
