"""The head's material: Principled BSDF with albedo and normal map, packed into the file."""

from __future__ import annotations

import bpy

from ..core.png import encode_png
from ..core.types import Bytes, TextureSet
from .mesh import UV_LAYER, data_name


def build_material(name: str, textures: TextureSet) -> bpy.types.Material:
    """A material that shows `textures` on the layer UVMap: albedo in sRGB, tangent-space normals as data."""
    material = bpy.data.materials.new(data_name(name))
    if material.node_tree is None:  # from Blender 5.0 on every material has nodes and the switch is deprecated
        material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()

    output = tree.nodes.new("ShaderNodeOutputMaterial")
    skin = tree.nodes.new("ShaderNodeBsdfPrincipled")
    skin.inputs["Roughness"].default_value = 0.6
    skin.inputs["Specular IOR Level"].default_value = 0.3
    albedo = tree.nodes.new("ShaderNodeTexImage")
    albedo.image = packed_image(f"{name} albedo", textures.albedo, "sRGB")
    normal = tree.nodes.new("ShaderNodeTexImage")
    normal.image = packed_image(f"{name} normal", textures.normal, "Non-Color")
    bump = tree.nodes.new("ShaderNodeNormalMap")
    bump.space = "TANGENT"
    bump.uv_map = UV_LAYER

    tree.links.new(albedo.outputs["Color"], skin.inputs["Base Color"])
    tree.links.new(normal.outputs["Color"], bump.inputs["Color"])
    tree.links.new(bump.outputs["Normal"], skin.inputs["Normal"])
    tree.links.new(skin.outputs["BSDF"], output.inputs["Surface"])
    for node, place in (
        (output, (300, 0)),
        (skin, (0, 0)),
        (albedo, (-600, 100)),
        (bump, (-250, -250)),
        (normal, (-600, -250)),
    ):
        node.location = place
    return material


def packed_image(name: str, pixels: Bytes, colour_space: str) -> bpy.types.Image:
    """`pixels` (H, W, 3), row 0 on top, as an image that lives inside the .blend file, byte for byte."""
    height, width = pixels.shape[:2]
    image = bpy.data.images.new(data_name(name), width, height, is_data=colour_space == "Non-Color")
    png = encode_png(pixels)
    image.pack(data=png, data_len=len(png))
    image.source = "FILE"
    image.colorspace_settings.name = colour_space
    return image
