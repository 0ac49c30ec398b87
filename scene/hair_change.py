"""Other hair for an asset that is there: its objects, their materials and the artist's own modifiers stay."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import bpy
import numpy as np

from ..core.hair.colour import colouring
from ..core.types import Asset, Floats, HairChange, TextureSet, UnwrappedMesh
from .asset import PART, add_part
from .asset_materials import SKIN, build_materials, exchange_pictures
from .asset_replace import drop_unused, hair_shown, take_over, take_pictures
from .canvas import read_canvas, read_models, read_property
from .hair import dye_hair, exchange_grooms, mark_volume, recolour_hair, show_hair, strands_missing, volume_name
from .hair_cards import refresh_cards
from .hairstyle import write_hairstyle
from .head import head_object
from .material import build_material

#: The parts that are hair as closed meshes.
_VOLUMES = ("Hair", "Beard")


@dataclass(frozen=True)
class NewHair:
    """Hair that words ask for on a head that is there.

    words: as typed.
    change: what the worker made of them; None where they speak of highlights, roots or white strands alone.
    """

    words: str
    change: HairChange | None


def change_hair(collection: bpy.types.Collection, hair: NewHair) -> None:
    """Give an asset other hair.

    Kept: the Curves objects of grooms that it still has, with their materials, the artist's own modifiers, and how hair
    is shown. New: guides, the modifiers that make strands of them, where they are dense, the closed meshes, and, where
    words speak of them, colours. The head's codes and hairstyle are those of the hair from now on.

    collection: the asset's.
    hair: for it.
    """
    skin, words = head_object(collection), hair.words
    if hair.change is not None:
        _exchange(collection, skin, hair.change)
        words = hair.change.read_as.get("prompt", words)
    dye_hair(skin, colouring(words))
    refresh_cards(collection)


def _exchange(collection: bpy.types.Collection, skin: bpy.types.Object, change: HairChange) -> None:
    """Put hair in the place of that of the asset with this head."""
    shown = hair_shown(collection)
    origin = np.array(read_property(skin, "origin"), np.float32)
    # Of its canvas, which has more vertices along seams and none in the mouth, to those of its mesh.
    mesh = read_canvas(skin).mesh
    assert isinstance(mesh, UnwrappedMesh)  # as of all heads of ours
    densities = {groom.name: np.zeros(len(skin.data.vertices), np.float32) for groom in change.grooms}
    for groom in change.grooms:
        densities[groom.name][mesh.source] = groom.density
    recolour_hair(skin, change.part_images, change.part_images)  # brows and lashes stay as the skin below is painted
    exchange_grooms(collection, skin, change.grooms, densities, origin, change.part_images)
    _exchange_volumes(collection, skin, change, origin)
    if change.textures is not None:
        _exchange_skin(skin, change.textures)
    skin["z_id"], skin["z_exp"] = change.latents.z_id.tolist(), change.latents.z_exp.tolist()
    write_hairstyle(skin, change.hairstyle)
    kinds = {card.kind for card in change.models}
    for owner in (skin, collection):
        earlier = [card for card in read_models(owner) if card["kind"] not in kinds]
        cards = [*earlier, *(asdict(card) for card in change.models)]
        owner["models"] = json.dumps(cards, ensure_ascii=False)
    show_hair(collection, "VOLUME" if shown == "STRANDS" and strands_missing(collection) else shown)


def _exchange_volumes(
    collection: bpy.types.Collection, skin: bpy.types.Object, change: HairChange, origin: Floats
) -> None:
    """Put closed meshes in the place of those that the asset has of hair and beard."""
    own = {obj[PART]: obj for obj in collection.objects if obj.get(PART) in _VOLUMES}
    for name in own.keys() - {part.name for part in change.parts}:
        _remove(own.pop(name))
    pictures = change.part_images
    exchange_pictures(list(own.values()), pictures)
    for part in change.parts:
        materials = build_materials(Asset((part,), {}), None, pictures)
        name = volume_name(part.name, change.grooms)
        new = add_part(part, name, skin, origin, materials, collection)
        mark_volume({part.name: new}, part.name)
        if part.name in own:
            take_over(own[part.name], new)
            _remove(new)
        for material in materials.values():
            drop_unused(material)


def _exchange_skin(skin: bpy.types.Object, textures: TextureSet) -> None:
    """Show other textures on a head, in the material that it has."""
    theirs = build_material(SKIN, textures)
    for slot in skin.material_slots:
        if slot.material is not None and "clip_head" in slot.material:
            take_pictures(slot.material, theirs)
    drop_unused(theirs)


def _remove(obj: bpy.types.Object) -> None:
    """Remove a mesh object, and its mesh and materials where nothing else has them."""
    mesh, materials = obj.data, [slot.material for slot in obj.material_slots]
    bpy.data.objects.remove(obj)
    if mesh.users == 0:
        bpy.data.meshes.remove(mesh)
    for material in materials:
        drop_unused(material)
