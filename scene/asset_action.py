"""Movement of an asset's face: recorded performances and a demonstration, as an action of the head's shape keys."""

from __future__ import annotations

import json
from pathlib import Path

import bpy
import numpy as np

from ..core.types import Floats
from .asset_keys import BASIS
from .head import head_object

#: Name of a shape key -> its keyframes in the demonstration, frame and value, at 24 frames a second.
_DEMONSTRATION: dict[str, list[tuple[float, float]]] = json.loads(
    Path(__file__).with_name("demonstration.json").read_text(encoding="utf-8")
)
#: The first frame of an action: Blender's own for a new scene.
_START = 1


def add_action(
    collection: bpy.types.Collection, names: tuple[str, ...], frames: Floats, fps: float, label: str = "Performance"
) -> bpy.types.Action:
    """Let the head's shape keys move as recorded; the action that they had goes, if any.

    collection: of `add_asset`.
    names: of the columns of `frames`; those that are no shape key of the head are left out.
    frames (N, K): values, 0 to 1, at even times.
    fps: how many of them make a second. The scene keeps its own rate: keys lie between its frames where these differ.
    label: name of the action.
    """
    times = _START + np.arange(len(frames)) * (scene_fps() / fps)
    columns = {name: np.stack([times, column], axis=1) for name, column in zip(names, frames.T, strict=True)}
    return _set_action(collection, columns, label)


def add_demonstration(collection: bpy.types.Collection) -> bpy.types.Action:
    """Let the head look round, blink, speak and smile for five seconds; what else is in its expression stays.

    collection: of `add_asset`.
    """
    scale = scene_fps() / 24.0
    curves = {name: np.array(keys) * (scale, 1.0) + (_START, 0.0) for name, keys in _DEMONSTRATION.items()}
    return _set_action(collection, curves, "Demonstration")


def frame_range(collection: bpy.types.Collection) -> tuple[int, int] | None:
    """First and last frame of the action of the head's shape keys, None where it has none."""
    keys = head_object(collection).data.shape_keys
    data = None if keys is None else keys.animation_data
    if data is None or data.action is None:
        return None
    first, last = data.action.frame_range
    return int(np.floor(first)), int(np.ceil(last))


def scene_fps() -> float:
    """Frames that the open scene shows in a second."""
    render = bpy.context.scene.render
    return float(render.fps / render.fps_base)


def _set_action(collection: bpy.types.Collection, curves: dict[str, np.ndarray], label: str) -> bpy.types.Action:
    """A new action of the head's shape keys. curves: name -> (N, 2) frames and values."""
    keys = head_object(collection).data.shape_keys
    keys.animation_data_create().action = bpy.data.actions.new(label)
    for name, points in curves.items():
        if name in keys.key_blocks and name != BASIS:
            _add_curve(keys, name, points)
    return keys.animation_data.action


def _add_curve(keys: bpy.types.Key, name: str, points: np.ndarray) -> None:
    """Key one shape key's value; the action's first key is set by Blender, which knows where actions keep curves."""
    block = keys.key_blocks[name]
    block.keyframe_insert("value", frame=points[0, 0])
    path = block.path_from_id("value")
    curve = next(curve for curve in _curves(keys.animation_data) if curve.data_path == path)
    curve.keyframe_points.add(len(points) - 1)
    curve.keyframe_points.foreach_set("co", points.astype(np.float32).ravel())
    curve.update()


def _curves(data: bpy.types.AnimData) -> list[bpy.types.FCurve]:
    """The curves of an action. From Blender 4.4 on they lie in its slots; 5.0 has them nowhere else."""
    if not hasattr(data, "action_slot"):
        return list(data.action.fcurves)
    bags = (strip.channelbag(data.action_slot) for layer in data.action.layers for strip in layer.strips)
    return [curve for bag in bags if bag is not None for curve in bag.fcurves]
