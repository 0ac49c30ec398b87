"""The material of hair cards: a picture of strands in the colours of an asset's hair, which every file can carry."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import bpy
import numpy as np

from ..core.hair.atlas import Atlas, Slot
from ..core.hair.cards import MATERIAL
from ..core.types import Bytes, Floats
from .canvas import read_image
from .hair import cards_in
from .hair_colour import WHITE, HairColour
from .hair_material import GROUP
from .material import packed_image, principled_material

#: Custom property of the material: the colours that its picture was made of.
COLOURS = "clip_head_card_colours"
#: Kind of a slot -> the groom whose colour it has; all others are the hair's.
_WEARERS = {"beard": "Beard", "stubble": "Beard", "brow": "Eyebrows"}
#: What hair is like where its strands have no material: brown.
_UNPAINTED = HairColour(0.45, 0.5)
#: A colour: red, green, blue.
Rgb = tuple[float, float, float]
#: How rough and how mirror-like cards are: strands glitter less all together than one.
_ROUGHNESS, _SPECULAR = 0.5, 0.25


@dataclass(frozen=True)
class _Colours:
    """Linear colours of strands.

    hair, white, highlight: of most strands, of white ones, of highlights.
    grey, highlights: shares of the latter two, 0 to 1.
    """

    hair: Rgb
    white: Rgb
    highlight: Rgb
    grey: float = 0.0
    highlights: float = 0.0


def build_card_material(
    collection: bpy.types.Collection, atlas: Atlas, strands: dict[str, bpy.types.Object]
) -> bpy.types.Material:
    """The material of all cards of an asset: what they have, where the strands' colours are still the same, or new.

    collection: the asset's.
    atlas: of locks.
    strands: name of a groom -> its strands.
    """
    colours = {name: _colours(obj) for name, obj in strands.items()}
    text = json.dumps({name: asdict(own) for name, own in colours.items()})
    for obj in cards_in(collection):
        for slot in obj.material_slots:
            if slot.material is not None and slot.material.get(COLOURS) == text:
                return slot.material
    image = packed_image(MATERIAL, _picture(atlas, colours), "sRGB")
    material, bsdf = principled_material(MATERIAL)
    material[COLOURS] = text
    tree = material.node_tree
    bsdf.inputs["Roughness"].default_value = _ROUGHNESS
    bsdf.inputs["Specular IOR Level"].default_value = _SPECULAR
    node = tree.nodes.new("ShaderNodeTexImage")
    node.image, node.location = image, (-400, 0)
    tree.links.new(node.outputs["Color"], bsdf.inputs["Base Color"])
    tree.links.new(node.outputs["Alpha"], bsdf.inputs["Alpha"])
    first = next(iter(colours.values()))
    material.diffuse_color = (*first.hair, 1.0)  # how Solid mode shows it
    material.surface_render_method = "DITHERED"  # needs no order of what lies behind what
    return material


def _colours(strands: bpy.types.Object) -> _Colours:
    """The colours of strands by the sliders of their material, or what Solid mode shows of another one."""
    materials = [slot.material for slot in strands.material_slots if slot.material is not None]
    for material in materials:
        for node in material.node_tree.nodes:
            if node.type == "GROUP" and node.node_tree is not None and node.node_tree.name.startswith(GROUP):
                return _by_sliders(node)
    red, green, blue = materials[0].diffuse_color[:3] if materials else _UNPAINTED.seen()
    plain = (red, green, blue)
    return _Colours(plain, plain, plain)


def _by_sliders(node: bpy.types.ShaderNode) -> _Colours:
    """The same of one node of ours; an older one may lack some sliders."""

    def value(name: str, default: float) -> float:
        socket = node.inputs.get(name)
        return default if socket is None else float(socket.default_value)

    def dye(name: str) -> Rgb:
        socket = node.inputs.get(name)
        red, green, blue = (
            (1.0, 1.0, 1.0) if socket is None else (max(float(c), 1e-3) for c in socket.default_value[:3])
        )
        return red, green, blue

    melanin, redness, grey = min(value("Melanin", 0.8), 0.995), value("Redness", 0.0), value("Grey", 0.0)
    bright = min(value("Highlight Melanin", melanin), 0.995)
    # Strands on cards are thicker than those that they stand for: what is between these shows in each.
    mean = HairColour(melanin, redness, grey, dye("Dye")).seen()

    def mixed(colour: HairColour) -> Rgb:
        red, green, blue = ((one + other) / 2 for one, other in zip(colour.seen(), mean, strict=True))
        return red, green, blue

    return _Colours(
        mixed(HairColour(melanin, redness, 0.0, dye("Dye"))),
        mixed(HairColour(WHITE, 0.0)),
        mixed(HairColour(bright, redness, 0.0, dye("Highlight Dye"))),
        grey,
        value("Highlights", 0.0),
    )


def _picture(atlas: Atlas, colours: dict[str, _Colours]) -> Bytes:
    """The atlas in the colours of hair, (S, S, 4) sRGB bytes; colours: by the name of a groom."""
    alpha, shade, number = (_read(atlas, name) for name in ("alpha", "shade", "id"))
    size = len(alpha)
    linear = np.zeros((size, size, 3), np.float32)
    for slot in atlas.slots:
        own = colours.get(_WEARERS.get(slot.kind, "Hair"))
        if own is not None:
            box = _box(slot, size)
            linear[box] = shade[box][..., None] / atlas.neutral * _of_strands(own, number[box] / 255.0)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-6) ** (1 / 2.4) - 0.055)
    return np.dstack([np.round(255 * encoded).clip(0, 255), alpha]).astype(np.uint8)


def _of_strands(own: _Colours, number: Floats) -> Floats:
    """Linear colours (H, W, 3) of strands by their random numbers (H, W), 0 to 1."""
    colour = np.empty((*number.shape, 3), np.float32)
    colour[:] = own.hair
    colour[number > 1 - own.highlights] = own.highlight
    colour[number < own.grey] = own.white
    return colour


def _box(slot: Slot, size: int) -> tuple[slice, slice]:
    """Rows and columns of a slot."""
    rows = slice(round((1 - slot.high) * size), round((1 - slot.low) * size))
    return rows, slice(round(slot.left * size), round(slot.right * size))


def _read(atlas: Atlas, name: str) -> Bytes:
    """A picture of the atlas (S, S)."""
    image = bpy.data.images.load(str(atlas.folder / f"{name}.png"))
    try:
        return read_image(image)[..., 0]
    finally:
        bpy.data.images.remove(image)
