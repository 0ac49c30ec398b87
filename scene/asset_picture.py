"""Pictures of an asset that show how it is made: its quads, or its parts in colours of their own."""

from __future__ import annotations

from colorsys import hsv_to_rgb
from pathlib import Path

import bpy

from ..core.types import Head
from .export import start_empty_file
from .head import add_head, head_object
from .preview import asset_parts, render_preview

#: Ways to show a head.
WAYS = ("quads", "parts", "rendered")
#: Width of the lines along the quads' edges, metres, and their colour and that of clay.
LINE, INK, CLAY = 0.0005, (0.02, 0.02, 0.03), (0.55, 0.5, 0.47)


def picture_asset(head: Head, way: str, path: Path, size: tuple[int, int], turn: float) -> None:
    """Render an asset in one of WAYS, in an empty Blender file: what is open is closed without saving.

    head: with an asset.
    way: how.
    path: the PNG file.
    size: width and height, pixels.
    turn: about the vertical, degrees.
    """
    start_empty_file()
    obj = head_object(add_head(head, bpy.context.scene))
    parts = [obj, *asset_parts(obj)]
    for number, part in enumerate(parts):
        if way == "quads":
            _show_quads(part)
        elif way == "parts":
            hue = (0.08 + 0.618 * number) % 1.0  # the golden section: neighbours differ
            _use(part, _plain(part.name, hsv_to_rgb(hue, 0.15 if number == 0 else 0.65, 0.7)))
    render_preview(obj, path, size, views=(turn,))


def _show_quads(part: bpy.types.Object) -> None:
    """Clay, with dark lines along the edges of the part's polygons."""
    _use(part, _plain("Clay", CLAY))
    part.data.materials.append(_plain("Ink", INK))
    modifier = part.modifiers.new("Wireframe", "WIREFRAME")
    modifier.thickness, modifier.use_replace, modifier.offset = LINE, False, 1.0
    modifier.material_offset = len(part.data.materials) - 1


def _use(part: bpy.types.Object, material: bpy.types.Material) -> None:
    """Let all of a part show one material."""
    for slot in range(len(part.data.materials)):
        part.data.materials[slot] = material


def _plain(name: str, colour: tuple[float, float, float]) -> bpy.types.Material:
    """A new material of one colour (linear red, green, blue)."""
    material = bpy.data.materials.new(name)
    if material.node_tree is None:  # from Blender 5.0 on every material has nodes and the switch is deprecated
        material.use_nodes = True
    surface = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    surface.inputs["Base Color"].default_value = (*colour, 1.0)
    surface.inputs["Roughness"].default_value = 0.6
    return material
