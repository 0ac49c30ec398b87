"""Grooms of an asset as Blender's hair: one Curves object each, of guides that artists comb in Sculpt Mode.

Strands between the guides are made by modifiers (scene/hair_nodes.py). The same hair as a closed mesh, its volume, is
hidden meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection

import bpy
import numpy as np

from ..core.ages import age_in
from ..core.hair.colour import Colouring, colouring
from ..core.types import Bytes, Floats, Groom
from .armature import add_weights
from .hair_colour import HairColour, hair_colour, picture_colour
from .hair_material import ROOTS, build_hair_material, read_hair_colour, set_colouring, set_hair_colour
from .hair_nodes import DEFORM, add_modifiers, remove_modifiers, stack
from .mesh import UV_LAYER, to_blender

#: Custom properties of strands, and of the meshes that are the same hair, closed or as cards: the groom's name,
#: whatever artists call them.
GROOM, VOLUME, CARDS = "clip_head_groom", "clip_head_volume", "clip_head_cards"
#: The part of an asset that its strands are attached to: the head in a coarser level of detail, moved by the same keys
#: and bones, and never shown. Blender samples the surface of strands anew whenever it moves, and the head itself may be
#: subdivided into a million triangles.
SURFACE = "Hair Surface"
#: Attribute of its vertices: which vertex of the head each one is.
HEAD_VERTEX = "clip_head_vertex"
#: Custom property of an asset's collection: the level of detail that its head was made in.
LEVEL = "clip_head_level"
#: How hair may be shown: as strands, as cards (scene/hair_cards.py), as a closed mesh, not at all.
SHOWN = ("STRANDS", "CARDS", "VOLUME", "OFF")
#: Groom -> the mesh that is the same hair, where that is not called like it; it stays where hair is shown not at all.
_MESHES = {"Eyelashes": "Lashes"}
#: Groom -> the part's picture that its colour is from, the share of that picture's texels that are darker, and a factor
#: of the linear colour: lashes are dark whatever the hair.
_COLOURS = {
    "Hair": ("Hair", 0.5, 1.0),
    "Beard": ("Beard", 0.5, 1.0),
    "Eyebrows": ("Hair", 0.2, 1.0),
    "Eyelashes": ("Hair", 0.1, 0.12),
}
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
    densities: dict[str, Floats],
    origin: Floats,
    parts: dict[str, bpy.types.Object],
    collection: bpy.types.Collection,
    pictures: dict[str, Bytes],
    words: str = "",
) -> None:
    """Build the strands of an asset, and hide the meshes that are the same hair.

    grooms: on the head, which is the first of `parts`.
    densities: name of a groom -> density of strands (N,) at the head's vertices.
    origin (3,): the point that lies in its origin, units.
    parts: name of a part -> its object.
    collection: where the strands go.
    pictures: of the parts, from which the colours are.
    words: that the head was made of, in English: they may speak of highlights, and of an age.
    """
    if not grooms:
        return
    skin = next(iter(parts.values()))
    surface = hair_surface(collection, skin)
    for groom in grooms:
        mark_volume(parts, groom.name)
        below = groom_surface(collection, groom.name, surface)
        density = on_surface(densities[groom.name], below)
        collection.objects.link(add_groom(groom, density, skin, below, origin, pictures))
    dye_hair(skin, colouring(words, age_in(words)), fresh=True)
    show_hair(collection, "VOLUME" if strands_missing(collection) else "STRANDS")


def exchange_grooms(
    collection: bpy.types.Collection,
    skin: bpy.types.Object,
    grooms: tuple[Groom, ...],
    densities: dict[str, Floats],
    origin: Floats,
    pictures: dict[str, Bytes],
) -> None:
    """Put other grooms in the place of those of an asset: objects of those that it has stay, and their colours.

    collection: the asset's.
    skin: its head.
    grooms, densities, origin: as of `add_grooms`.
    pictures: of the parts, for grooms that it has not yet; where theirs is missing they get the colour of the others.
    """
    own = {obj[GROOM]: obj for obj in strands_in(collection)}
    worn = [own[name].active_material for name in ("Hair", "Eyebrows", *own) if name in own]
    alike = next((colour for material in worn if material and (colour := read_hair_colour(material))), _UNPAINTED)
    for name in own.keys() - {groom.name for groom in grooms}:
        remove_groom(own[name])
    surface = hair_surface(collection, skin)
    for groom in grooms:
        below = groom_surface(collection, groom.name, surface)
        density = on_surface(densities[groom.name], below)
        if groom.name in own:
            exchange_groom(own[groom.name], groom, density, below, origin)
        else:
            collection.objects.link(add_groom(groom, density, skin, below, origin, pictures, alike))


def hair_surface(collection: bpy.types.Collection, skin: bpy.types.Object) -> bpy.types.Object:
    """The part of an asset that its strands are attached to, at whose vertices they are dense: in files of earlier
    versions that is the head itself.

    collection: the asset's.
    skin: its head.
    """
    surface = next((obj for obj in collection.objects if is_hair_surface(obj)), skin)
    surface.add_rest_position_attribute = True
    return surface


def groom_surface(collection: bpy.types.Collection, groom: str, surface: bpy.types.Object) -> bpy.types.Object:
    """What the strands of a groom are attached to: lashes each to its own strip of their mesh, which the lids turn.

    collection: the asset's.
    groom: its name.
    surface: of `hair_surface`, for all others.
    """
    strips = [obj for obj in volumes_in(collection) if obj[VOLUME] == groom and groom in _MESHES]
    for obj in strips:
        obj.add_rest_position_attribute = True
    return strips[0] if strips else surface


def is_hair_surface(obj: bpy.types.Object) -> bool:
    """Whether an object is there for strands to be attached to, and for nothing else.

    obj: any.
    """
    return obj.type == "MESH" and HEAD_VERTEX in obj.data.attributes


def on_surface(density: Floats, surface: bpy.types.Object) -> Floats:
    """Values at the vertices of a head (V,) at those of what strands are attached to (N,): 1 on strips of their own.

    density: at the head's.
    surface: of `groom_surface`.
    """
    if VOLUME in surface:
        return np.ones(len(surface.data.vertices), np.float32)
    stored = surface.data.attributes.get(HEAD_VERTEX)
    if stored is None:
        return density
    vertices = np.empty(len(surface.data.vertices), np.int32)
    stored.data.foreach_get("value", vertices)
    return density[vertices]


def mark_volume(parts: dict[str, bpy.types.Object], groom: str) -> None:
    """Mark the part that is the same hair as a groom, if there is one.

    parts: name of a part -> its object.
    groom: its name.
    """
    mesh = parts.get(_MESHES.get(groom, groom))
    if mesh is not None:
        mesh[VOLUME] = groom


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


def cards_in(collection: bpy.types.Collection) -> list[bpy.types.Object]:
    """The cards of an asset, one mesh for each groom that has them.

    collection: the asset's.
    """
    return [obj for obj in collection.objects if CARDS in obj and obj.type == "MESH"]


def show_hair(collection: bpy.types.Collection, shown: str) -> None:
    """Show an asset's hair as strands, cards or closed meshes in viewport and renders, or not at all. Lashes stay as
    their mesh, which is strips anyway.

    collection: the asset's.
    shown: one of SHOWN.
    """
    for obj in strands_in(collection):
        obj.hide_viewport = obj.hide_render = shown != "STRANDS"
    for obj in cards_in(collection):
        obj.hide_viewport = obj.hide_render = shown != "CARDS"
    for obj in volumes_in(collection):
        stays = shown in ("OFF", "CARDS") and obj[VOLUME] in _MESHES
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


def recolour_hair(skin: bpy.types.Object, pictures: dict[str, Bytes], grooms: Collection[str] | None = None) -> None:
    """Let the strands on a head take the colours of new pictures, where their colours are from these.

    skin: the head's object.
    pictures: of the asset's parts.
    grooms: names of those that may; None: all of them.
    """
    for obj in skin.children:
        named = GROOM in obj and (grooms is None or obj[GROOM] in grooms)
        colour = _colour_of(obj[GROOM], pictures) if named else None
        if colour is not None:
            for slot in obj.material_slots:
                if slot.material is not None:
                    set_hair_colour(slot.material, colour)


def dye_hair(skin: bpy.types.Object, said: Colouring, fresh: bool = False) -> None:
    """Let the strands on a head have the white strands, highlights and roots that words ask for: hair and beard, of
    which hair alone gets highlights and roots; nothing else changes.

    skin: the head's object.
    said: by the words.
    fresh: whether the colours are as painted, where no hair gets less grey than that.
    """
    for obj in skin.children:
        wanted = {"Hair": said, "Beard": Colouring(grey=said.grey)}.get(obj.get(GROOM, ""))
        if wanted is not None:
            for slot in obj.material_slots:
                if slot.material is not None:
                    set_colouring(slot.material, wanted, fresh)


def _colour_of(groom: str, pictures: dict[str, Bytes]) -> HairColour | None:
    """The colour of a groom's strands by the pictures of parts; None where the one that it is from is not there."""
    picture, darker, shade = _COLOURS.get(groom, _COLOURS["Hair"])
    return hair_colour(shade * picture_colour(pictures[picture], darker)) if picture in pictures else None


def add_groom(
    groom: Groom,
    density: Floats,
    skin: bpy.types.Object,
    surface: bpy.types.Object,
    origin: Floats,
    pictures: dict[str, Bytes],
    otherwise: HairColour = _UNPAINTED,
) -> bpy.types.Object:
    """The guides of a groom, attached to a surface, with the modifiers that make strands of them.

    groom: on the head.
    density (N,): of strands at the surface's vertices, which becomes a vertex group.
    skin: the head's object.
    surface: of `groom_surface`.
    origin (3,): the point that lies in its origin, units.
    pictures: of the parts, from which the colour is.
    otherwise: the colour where there is no picture of it.
    """
    curves = _guides(groom, surface, origin)
    # A beard without a volume has no picture of its own, and the colour of the hair.
    colour = _colour_of(groom.name, pictures) or _colour_of("Hair", pictures) or otherwise
    curves.materials.append(build_hair_material(f"{groom.name} Strands", colour))
    obj = bpy.data.objects.new(groom.name, curves)
    obj[GROOM] = groom.name
    obj.parent = skin
    _grow(obj, groom, density, surface)
    return obj


def exchange_groom(
    obj: bpy.types.Object, groom: Groom, density: Floats, surface: bpy.types.Object, origin: Floats
) -> None:
    """Put other guides in the place of those of a groom. The object stays, with its materials and the modifiers that
    are the artist's own; ours are made anew, for the look of strands is a part of the style.

    obj: its Curves object.
    groom, density, surface, origin: as of `add_groom`.
    """
    former = obj.data
    curves = _guides(groom, surface, origin)
    for material in former.materials:
        curves.materials.append(material)
    obj.data = curves
    if former.users == 0:
        name = former.name
        bpy.data.hair_curves.remove(former)
        curves.name = name
    own = remove_modifiers(obj)
    _grow(obj, groom, density, surface)
    for name in own:  # behind ours, but before whole strands are carried with the skin
        obj.modifiers.move(obj.modifiers.find(name), len(obj.modifiers) - 2)


def remove_groom(obj: bpy.types.Object) -> None:
    """Remove the strands of a groom, and where they are dense on the skin.

    obj: its Curves object.
    """
    surface, curves, materials = obj.data.surface, obj.data, [slot.material for slot in obj.material_slots]
    group = surface.vertex_groups.get(_density_name(obj[GROOM])) if surface is not None else None
    if group is not None:
        surface.vertex_groups.remove(group)
    bpy.data.objects.remove(obj)
    if curves.users == 0:
        bpy.data.hair_curves.remove(curves)
    for material in materials:
        if material is not None and material.users == 0:
            bpy.data.materials.remove(material)


def _guides(groom: Groom, surface: bpy.types.Object, origin: Floats) -> bpy.types.Curves:
    """The guides of a groom as curves on a surface."""
    count, points = groom.points.shape[:2]
    curves = bpy.data.hair_curves.new(groom.name)
    curves.add_curves([points] * count)
    curves.attributes["position"].data.foreach_set("vector", to_blender(groom.points - origin).ravel())
    root = curves.attributes.new(ROOTS, "FLOAT2", "CURVE")
    root.data.foreach_set("vector", groom.root_uv.astype(np.float32).ravel())
    radius = curves.attributes.get("radius") or curves.attributes.new("radius", "FLOAT", "POINT")
    radius.data.foreach_set("value", np.full(count * points, groom.look.radius / 1000.0, np.float32))
    curves.surface, curves.surface_uv_map = surface, UV_LAYER
    return curves


def _grow(obj: bpy.types.Object, groom: Groom, density: Floats, surface: bpy.types.Object) -> None:
    """Let strands grow between guides, where they are dense (N,) on the surface."""
    group = surface.vertex_groups.get(_density_name(groom.name))
    if group is not None:
        surface.vertex_groups.remove(group)
    add_weights(surface, {_density_name(groom.name): density})
    add_modifiers(obj, stack(groom, _hairy_area(surface.data, density), _density_name(groom.name), surface))


def _density_name(groom: str) -> str:
    """Name of the surface's vertex group in which the density of a groom is."""
    return f"{groom} Density"


def _hairy_area(mesh: bpy.types.Mesh, density: Floats) -> float:
    """The area of a mesh of quads, each counted by the density (N,) at its corners, square metres."""
    area, corners = np.empty(len(mesh.polygons), np.float32), np.empty(len(mesh.loops), np.int32)
    mesh.polygons.foreach_get("area", area)
    mesh.loops.foreach_get("vertex_index", corners)
    return float(area @ density[corners].reshape(-1, 4).mean(axis=1))
