"""The materials of an asset: the head's skin, and plain ones for eyes, teeth, tongue and lashes.

Those are a Principled BSDF with the values of asset_materials.json, pictures linked straight to it, so that every
exporter finds them.

The cornea and the tears have an alpha beside their transmission, for renderers that know no transmission and for light,
which would not pass to the iris otherwise. Alpha takes as much from their reflections; a coat gives it back: where a
quarter covers, 10 % reflect as much as a cornea's 2.5 % do. The cornea's reflects twice as much: broad lamps, as
previews and artists have, leave no catch light in the eye otherwise. The iris lies in water, and reflects nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bpy

from ..core.types import Asset, Bytes, TextureSet
from .canvas import read_image
from .material import build_material, packed_image, principled_material

#: Custom property of a material that names its picture: Blender's own names change where there are several heads.
PICTURE = "clip_head_picture"
#: Name of the material that shows the head's textures.
SKIN = "Skin"
#: Material -> the image that it shares with others, where it has none of its own, and the values of its BSDF.
_LOOKS: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("asset_materials.json").read_text(encoding="utf-8")
)


def build_materials(
    asset: Asset, textures: TextureSet | None, pictures: dict[str, Bytes]
) -> dict[str, bpy.types.Material]:
    """The materials of all parts by name, one for each name, whichever parts share it.

    asset: whose.
    textures: of the head's skin; None where no part wears it.
    pictures: of the parts, by the name of a material or of the image that several share.
    """
    names = dict.fromkeys(name for part in asset.parts for name in part.materials)
    sources = {name: name if name in pictures else _LOOKS.get(name, {}).get("image", "") for name in names}
    wanted = dict.fromkeys(source for name, source in sources.items() if source in pictures and name != SKIN)
    images = {name: packed_image(name, pictures[name], "sRGB") for name in wanted}
    return {
        name: build_material(SKIN, textures)
        if name == SKIN and textures is not None
        else _build_plain(name, sources[name], images.get(sources[name]))
        for name in names
    }


def exchange_pictures(parts: list[bpy.types.Object], pictures: dict[str, Bytes]) -> None:
    """Give the materials of parts new pictures, where they show old ones of the same names.

    parts: objects.
    pictures: by the name that the image had in `build_materials`.
    """
    materials = {slot.material for part in parts for slot in part.material_slots if slot.material is not None}
    images: dict[str, bpy.types.Image] = {}
    for material in materials:
        name = material.get(PICTURE, "")
        if name in pictures:
            images.setdefault(name, packed_image(name, pictures[name], "sRGB"))
            for node in material.node_tree.nodes:
                if node.type == "TEX_IMAGE":
                    node.image = images[name]


def read_pictures(parts: list[bpy.types.Object]) -> dict[str, Bytes]:
    """The pictures (S, S, 3 or 4), sRGB bytes, of the materials of parts, by the name that they had in
    `build_materials`.

    parts: objects.
    """
    pictures: dict[str, Bytes] = {}
    for material in (slot.material for part in parts for slot in part.material_slots if slot.material is not None):
        for node in material.node_tree.nodes if PICTURE in material else ():
            if node.type == "TEX_IMAGE" and node.image is not None and min(node.image.size) > 0:
                pictures.setdefault(str(material[PICTURE]), read_image(node.image)[..., : node.image.depth // 8])
    return pictures


def _build_plain(name: str, picture: str, image: bpy.types.Image | None) -> bpy.types.Material:
    """A material of the values under its name, or Blender's own; its colours, and alpha if any, by the image, which is
    called `picture`."""
    material, bsdf = principled_material(name)
    tree = material.node_tree
    for socket, value in _LOOKS.get(name, {}).get("inputs", {}).items():
        bsdf.inputs[socket].default_value = value
    alpha = bsdf.inputs["Alpha"].default_value
    material.diffuse_color = (*bsdf.inputs["Base Color"].default_value[:3], alpha)  # how Solid mode shows it
    if image is not None:
        material[PICTURE] = picture
        node = tree.nodes.new("ShaderNodeTexImage")
        node.image, node.location = image, (-400, 0)
        tree.links.new(node.outputs["Color"], bsdf.inputs["Base Color"])
        if image.depth == 32:  # bits of a pixel: red, green, blue and alpha
            tree.links.new(node.outputs["Alpha"], bsdf.inputs["Alpha"])
    if alpha < 1.0:
        material.surface_render_method = "BLENDED"  # EEVEE shows what lies behind
    return material
