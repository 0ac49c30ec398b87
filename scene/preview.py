"""A picture of a head from three sides, made by Cycles in a scene of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from math import radians
from pathlib import Path

import bpy
import numpy as np
from mathutils import Euler, Vector

from ..core.png import encode_png
from ..core.types import Bytes
from .canvas import read_image
from .hair import CARDS, is_hair_surface
from .hair_strands import bake_strands

#: Turns about the vertical, degrees: from the front, three-quarter, from behind.
VIEWS = (0.0, 40.0, 155.0)
#: Width and height of the picture, pixels: the three heads fill it.
PREVIEW_SIZE = (1020, 400)
#: Distance between neighbouring heads, as a multiple of the head's width. Chosen by eye.
_SPACING = 1.12
#: How often light is followed from surface to surface: light hair is dark where it passes few strands.
_BOUNCES, _HAIR_BOUNCES = 3, 8
#: How many cards of hair one sees through: what lies behind more is black.
_TRANSPARENT_BOUNCES = 64
#: Share of strands that is rendered, wider: they are much thinner than pixels, and take most of the time.
_STRANDS_SHARE = 0.3
#: How many times as many samples are taken where Blender cannot denoise. A compromise of noise and time.
_SAMPLES_FOR_DENOISING = 4


def render_preview(
    obj: bpy.types.Object,
    path: Path,
    size: tuple[int, int] = PREVIEW_SIZE,
    samples: int = 12,
    views: tuple[float, ...] = VIEWS,
    close: tuple[Vector, float] | None = None,
    share: float = _STRANDS_SHARE,
) -> None:
    """Render an object from several sides, side by side.

    Everything made for it is removed again; the artist's scenes are not touched. The same head gives the same bytes.

    obj: the head; of an asset its parts are rendered, too.
    path: the PNG file.
    size: width and height, pixels.
    samples: of Cycles per pixel.
    views: turns about the vertical, degrees.
    close: middle (in the object's frame) and width, metres, of what is shown; None: all of the object.
    share: of the strands that are rendered, wider.

    Raises RuntimeError where Blender cannot render, with its reason.
    """
    with _temporary_scene() as scene, tempfile.TemporaryDirectory() as folder:
        grooms = [child for child in obj.children if child.type == "CURVES" and not child.hide_render]
        strands = [bake_strands(groom, scene, share) for groom in grooms]
        parts = [obj, *(part for part in asset_parts(obj) if not part.hide_render), *strands]
        low, high = _extent(parts)
        height = high.z - low.z
        pitch = _SPACING * max(high.x - low.x, high.y - low.y)
        middle = (low + high) / 2
        if close is not None:
            middle, pitch = close
            height = pitch
        for place, turn in enumerate(views):
            rotation = Euler((0.0, 0.0, radians(turn)))
            centre = Vector(((place - (len(views) - 1) / 2) * pitch, 0.0, 0.0))
            turned = middle.copy()
            turned.rotate(rotation)
            for part in parts:
                copy = part.copy()
                copy.parent = None
                copy.hide_render = False
                copy.rotation_mode = "XYZ"
                copy.rotation_euler = rotation
                copy.location = centre - turned
                scene.collection.objects.link(copy)
        width, rows = size
        _add_camera(scene, max(len(views) * pitch, height * (1.1 if close is None else 1) * width / rows))
        _add_lights(scene, len(views) * pitch)
        file = Path(folder) / "preview.png"
        bounces = _HAIR_BOUNCES if strands or any(CARDS in part for part in parts) else _BOUNCES
        if strands:
            samples = max(1, samples // 2)
        _set_up_cycles(scene, size, samples, bounces)
        bpy.ops.render.render(scene=scene.name)
        # Not by the render itself, which takes {braces} in a folder's name for variables.
        bpy.data.images["Render Result"].save_render(str(file), scene=scene)
        # Encoded again: Blender's own file carries the date and the render time.
        path.write_bytes(encode_png(_read_pixels(file)))


@contextmanager
def _temporary_scene() -> Iterator[bpy.types.Scene]:
    """A new scene with a world, which is removed afterwards with all that is in it."""
    scene = bpy.data.scenes.new("clip_head preview")
    scene.world = bpy.data.worlds.new("clip_head preview")
    world = scene.world
    try:
        yield scene
    finally:
        for obj in list(scene.collection.objects):
            data = obj.data
            bpy.data.objects.remove(obj)
            if isinstance(data, bpy.types.Camera):
                bpy.data.cameras.remove(data)
            elif isinstance(data, bpy.types.Light):
                bpy.data.lights.remove(data)
            elif isinstance(data, bpy.types.Curves) and not data.users:
                bpy.data.hair_curves.remove(data)
        bpy.data.scenes.remove(scene)
        bpy.data.worlds.remove(world)


def _read_pixels(file: Path) -> Bytes:
    """The picture in `file` as bytes (H, W, 3), row 0 on top."""
    image = bpy.data.images.load(str(file))
    pixels = read_image(image)[..., :3]
    bpy.data.images.remove(image)
    return pixels


def asset_parts(obj: bpy.types.Object) -> list[bpy.types.Object]:
    """The other parts of the asset whose head an object is; none for another object.

    obj: any.
    """
    if obj.parent is None or obj.parent.type not in ("ARMATURE", "EMPTY"):
        return []
    others = [child for child in obj.parent.children if child.type == "MESH" and child != obj]
    return [part for part in others if not is_hair_surface(part)]


def _extent(parts: list[bpy.types.Object]) -> tuple[Vector, Vector]:
    """Lowest and highest corner of the objects' own bounding boxes, in their own frame."""
    corners = np.array([tuple(corner) for part in parts for corner in part.bound_box])
    return Vector(corners.min(axis=0)), Vector(corners.max(axis=0))


def _add_camera(scene: bpy.types.Scene, width: float) -> None:
    """An orthographic camera that looks along +y and shows `width` metres."""
    camera = bpy.data.cameras.new("clip_head preview")
    camera.type = "ORTHO"
    camera.ortho_scale = width
    obj = bpy.data.objects.new("clip_head preview", camera)
    obj.location = (0.0, -3.0, 0.0)
    obj.rotation_euler = (radians(90.0), 0.0, 0.0)
    scene.collection.objects.link(obj)
    scene.camera = obj


def _add_lights(scene: bpy.types.Scene, width: float) -> None:
    """A broad key light from the upper left of the camera, a weaker fill from the right, a rim light from behind. They
    are broader by `width`, metres, that of the row of heads. Places and powers (watts) were chosen by eye."""
    for place, size, power in (
        ((-1.2, -2.0, 1.2), 1.4, 42.0),
        ((1.8, -1.8, 0.2), 1.8, 18.0),
        ((0.4, 1.8, 1.6), 1.2, 16.0),
    ):
        light = bpy.data.lights.new("clip_head preview", "AREA")
        light.shape = "RECTANGLE"
        light.size = size + width
        light.size_y = size
        light.energy = power * (size + width) / size
        obj = bpy.data.objects.new("clip_head preview", light)
        obj.location = place
        obj.rotation_euler = (-Vector(place)).to_track_quat("-Z", "Y").to_euler()
        scene.collection.objects.link(obj)


def _set_up_cycles(scene: bpy.types.Scene, size: tuple[int, int], samples: int, bounces: int) -> None:
    """Let Cycles render the scene on the CPU, denoised, before a grey background; always with the same noise."""
    if not hasattr(scene, "cycles"):
        raise RuntimeError("the add-on Cycles is switched off")
    import _cycles  # Blender's own module, there with the add-on

    world = scene.world
    if world.node_tree is None:
        world.use_nodes = True
    background = next(node for node in world.node_tree.nodes if node.type == "BACKGROUND")
    background.inputs["Color"].default_value = (0.36, 0.37, 0.39, 1.0)
    background.inputs["Strength"].default_value = 0.5

    render = scene.render
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y = size
    render.resolution_percentage = 100
    render.image_settings.file_format = "PNG"
    render.image_settings.color_mode = "RGB"
    scene.view_settings.view_transform = "Standard"
    scene.cycles.device = "CPU"
    # Builds of Linux distributions may lack Open Image Denoise: more samples make up for some of it.
    denoises = bool(_cycles.with_openimagedenoise)
    scene.cycles.samples = samples if denoises else _SAMPLES_FOR_DENOISING * samples
    scene.cycles.use_adaptive_sampling = True
    scene.cycles.use_denoising = denoises
    scene.cycles.denoising_prefilter = "FAST"
    scene.cycles.denoising_quality = "FAST"
    scene.cycles.seed = 0
    scene.cycles.max_bounces = bounces
    scene.cycles.transparent_max_bounces = _TRANSPARENT_BOUNCES
