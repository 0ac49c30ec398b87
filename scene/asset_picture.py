"""Pictures of an asset that show how it is made: its quads, its parts in colours of their own, one place close by."""

from __future__ import annotations

from collections.abc import Iterable
from colorsys import hsv_to_rgb
from pathlib import Path

import bpy
import numpy as np
from mathutils import Vector

from ..core.types import Head
from .asset import PART
from .asset_keys import set_expression
from .export import start_empty_file
from .hair import GROOM
from .head import add_head, head_object
from .preview import asset_parts, render_preview

#: Ways to show a head.
WAYS = ("quads", "parts", "rendered")
#: Width of the lines along the quads' edges, metres, and their colour and that of clay.
LINE, INK, CLAY = 0.0005, (0.02, 0.02, 0.03), (0.55, 0.5, 0.47)
#: The groom that close pictures may leave out: it hides the face, and takes most of the time.
_HAIR = "Hair"


def picture_asset(head: Head, way: str, path: Path, size: tuple[int, int], views: tuple[float, ...]) -> None:
    """Render an asset in one of WAYS, in an empty Blender file: what is open is closed without saving.

    head: with an asset.
    way: how; "quads" are those of the middle level of detail, without strands; in "parts" these have colours, too.
    path: the PNG file.
    size: width and height, pixels.
    views: turns about the vertical, degrees, side by side.
    """
    start_empty_file()
    obj = head_object(add_head(head, bpy.context.scene, level=1 if way == "quads" else 0))
    parts = [obj, *asset_parts(obj)]
    strands = [child for child in obj.children if child.type == "CURVES"]
    for groom in strands:
        groom.hide_render |= way == "quads"
    shown = parts if way == "quads" else [*parts, *strands]
    for number, part in enumerate(shown):
        if way == "quads":
            _show_quads(part)
        elif way == "parts":
            hue = (0.08 + 0.618 * number) % 1.0  # the golden section: neighbours differ
            _use(part, _plain(part.name, hsv_to_rgb(hue, 0.15 if number == 0 else 0.65, 0.7)))
    render_preview(obj, path, size, views=views)


def picture_poses(
    head: Head,
    poses: Iterable[tuple[dict[str, float], Path]],
    parts: list[str],
    width: float,
    side: int,
    turn: float,
    samples: int = 16,
    raised: float = 0.0,
    hair: bool = False,
) -> None:
    """Render one place of an asset in several poses, in an empty Blender file: what is open is closed without saving.

    head: with an asset.
    poses: ARKit name -> value, others are 0; and the PNG file.
    parts: in the middle between the fronts of these, at rest, is the middle of the pictures.
    width: of what they show, metres.
    side: of the pictures, pixels.
    turn: about the vertical, degrees.
    samples: of Cycles per pixel.
    raised: how far above these parts the middle of the pictures is, metres.
    hair: whether the hair of the scalp is shown: it takes most of the time.
    """
    start_empty_file()
    collection = add_head(head, bpy.context.scene)
    obj = head_object(collection)
    for other in collection.objects:
        if other.get(GROOM) == _HAIR and not hair:
            other.hide_render = True
    places = []
    for part in (other for other in collection.objects if other.get(PART) in parts):
        points = np.array([corner[:] for corner in part.bound_box])
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        places.append((middle[0], points[:, 1].min(), middle[2]))
    names = [block.name for block in obj.data.shape_keys.key_blocks[1:]]
    for pose, path in poses:
        set_expression(obj, {name: pose.get(name, 0.0) for name in names}, bpy.context.scene)
        bpy.context.view_layer.update()
        close = Vector(np.mean(places, axis=0)) + Vector((0.0, 0.0, raised)), width
        render_preview(obj, path, (side, side), samples, (turn,), close, share=1.0)


def _show_quads(part: bpy.types.Object) -> None:
    """Clay, with dark lines along the edges of the part's polygons."""
    _use(part, _plain("Clay", CLAY))
    part.data.materials.append(_plain("Ink", INK))
    modifier = part.modifiers.new("Wireframe", "WIREFRAME")
    modifier.thickness, modifier.use_replace, modifier.offset = LINE, False, 1.0
    modifier.use_even_offset = False  # which shoots off where edges lie almost upon each other
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
