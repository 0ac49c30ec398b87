"""Grooms of an asset as Blender's hair: one Curves object each, of guides that artists comb in Sculpt Mode.

Strands between the guides are made by modifiers (scene/hair_nodes.py). The same hair as a closed mesh, its volume, is
hidden meanwhile.
"""

from __future__ import annotations

import bpy
import numpy as np

from ..core.types import Bytes, Floats, Groom, Ints
from .armature import add_weights
from .hair_colour import HairColour, hair_colour, picture_colour
from .hair_material import build_hair_material, set_hair_colour
from .hair_nodes import DEFORM, add_modifiers, stack
from .mesh import UV_LAYER, to_blender

#: Custom properties of strands, and of the mesh that is the same hair: the groom's name, whatever artists call them.
GROOM, VOLUME = "clip_head_groom", "clip_head_volume"
#: How hair may be shown: as strands, as a closed mesh, not at all.
SHOWN = ("STRANDS", "VOLUME", "OFF")
#: Groom -> the mesh that is the same hair, where that is not called like it; it stays where hair is shown not at all.
_MESHES = {"Eyelashes": "Lashes"}
#: Groom -> the part's picture that its colour is from, and the share of that picture's texels that are darker.
_COLOURS = {"Hair": ("Hair", 0.5), "Beard": ("Beard", 0.5), "Eyebrows": ("Hair", 0.2), "Eyelashes": ("Hair", 0.1)}
#: Said where the node groups are missing.
_REMARK = (
    "The hair is shown as closed meshes: this Blender was built without the node groups that make strands of its guides"
)
#: What hair is like where there is no picture of it: brown.
_UNPAINTED = HairColour(0.45, 0.5)


def volume_name(part: str, grooms: tuple[Groom, ...]) -> str:
    """What the mesh of a part is called: of a groom's that is its volume, for the strands have the part's name.

    part: its name.
    grooms: of the asset.
    """
    return f"{part} Volume" if part in {groom.name for groom in grooms} else part


def add_grooms(
    grooms: tuple[Groom, ...],
    used: Ints,
    origin: Floats,
    parts: dict[str, bpy.types.Object],
    collection: bpy.types.Collection,
    pictures: dict[str, Bytes],
) -> None:
    """Build the strands of an asset, and hide the meshes that are the same hair.

    grooms: on the head, which is the first of `parts`.
    used (N,): of the head's vertices those that its mesh has.
    origin (3,): the point that lies in its origin, units.
    parts: name of a part -> its object.
    collection: where the strands go.
    pictures: of the parts, from which the colours are.
    """
    if not grooms:
        return
    skin = next(iter(parts.values()))
    skin.add_rest_position_attribute = True
    for groom in grooms:
        collection.objects.link(_add_groom(groom, groom.density[used], skin, origin, pictures))
        mesh = parts.get(_MESHES.get(groom.name, groom.name))
        if mesh is not None:
            mesh[VOLUME] = groom.name
    show_hair(collection, "VOLUME" if strands_missing(collection) else "STRANDS")


def strands_in(collection: bpy.types.Collection) -> list[bpy.types.Object]:
    """The strands of an asset, one Curves object for each groom.

    collection: the asset's.
    """
    return [obj for obj in collection.objects if GROOM in obj and obj.type == "CURVES"]


def volumes_in(collection: bpy.types.Collection) -> list[bpy.types.Object]:
    """The meshes of an asset that are the same hair as its strands.

    collection: the asset's.
    """
    return [obj for obj in collection.objects if VOLUME in obj and obj.type == "MESH"]


def show_hair(collection: bpy.types.Collection, shown: str) -> None:
    """Show an asset's hair as strands or meshes in viewport and renders, or not at all. Lashes stay as a mesh.

    collection: the asset's.
    shown: one of SHOWN.
    """
    for obj in strands_in(collection):
        obj.hide_viewport = obj.hide_render = shown != "STRANDS"
    for obj in volumes_in(collection):
        stays = shown == "OFF" and obj[VOLUME] in _MESHES
        obj.hide_viewport = obj.hide_render = shown != "VOLUME" and not stays


def strands_missing(collection: bpy.types.Collection) -> bool:
    """Whether an asset has guides without what makes strands of them, since this Blender has no node groups for it.

    collection: the asset's.
    """
    guides = strands_in(collection)
    return bool(guides) and all(modifier.name.startswith(DEFORM) for obj in guides for modifier in obj.modifiers)


def hair_remark(collection: bpy.types.Collection) -> str:
    """What an artist should know about an asset's hair: a sentence where there are guides without strands, or "".

    collection: the asset's.
    """
    return _REMARK if strands_missing(collection) else ""


def recolour_hair(skin: bpy.types.Object, pictures: dict[str, Bytes]) -> None:
    """Let the strands on a head take the colours of new pictures, where their colours are from these.

    skin: the head's object.
    pictures: of the asset's parts.
    """
    for obj in skin.children:
        colour = _colour_of(obj[GROOM], pictures) if GROOM in obj else None
        if colour is not None:
            for slot in obj.material_slots:
                if slot.material is not None:
                    set_hair_colour(slot.material, colour)


def _colour_of(groom: str, pictures: dict[str, Bytes]) -> HairColour | None:
    """The colour of a groom's strands by the pictures of parts; None where the one that it is from is not there."""
    picture, darker = _COLOURS.get(groom, _COLOURS["Hair"])
    return hair_colour(picture_colour(pictures[picture], darker)) if picture in pictures else None


def _add_groom(
    groom: Groom, density: Floats, skin: bpy.types.Object, origin: Floats, pictures: dict[str, Bytes]
) -> bpy.types.Object:
    """The guides of a groom, attached to the skin, with the modifiers that make strands of them.

    density (N,): of strands at the skin's vertices, which becomes a vertex group.
    """
    count, points = groom.points.shape[:2]
    curves = bpy.data.hair_curves.new(groom.name)
    curves.add_curves([points] * count)
    curves.attributes["position"].data.foreach_set("vector", to_blender(groom.points - origin).ravel())
    root = curves.attributes.new("surface_uv_coordinate", "FLOAT2", "CURVE")
    root.data.foreach_set("vector", groom.root_uv.astype(np.float32).ravel())
    radius = curves.attributes.get("radius") or curves.attributes.new("radius", "FLOAT", "POINT")
    radius.data.foreach_set("value", np.full(count * points, groom.look.radius / 1000.0, np.float32))
    curves.surface, curves.surface_uv_map = skin, UV_LAYER
    colour = _colour_of(groom.name, pictures) or _UNPAINTED
    curves.materials.append(build_hair_material(f"{groom.name} Strands", colour))
    obj = bpy.data.objects.new(groom.name, curves)
    obj[GROOM] = groom.name
    obj.parent = skin
    group = f"{groom.name} Density"
    add_weights(skin, {group: density})
    add_modifiers(obj, stack(groom, _hairy_area(skin.data, density), group, skin))
    return obj


def _hairy_area(mesh: bpy.types.Mesh, density: Floats) -> float:
    """The area of a mesh of quads, each counted by the density (N,) at its corners, square metres."""
    area, corners = np.empty(len(mesh.polygons), np.float32), np.empty(len(mesh.loops), np.int32)
    mesh.polygons.foreach_get("area", area)
    mesh.loops.foreach_get("vertex_index", corners)
    return float(area @ density[corners].reshape(-1, 4).mean(axis=1))
