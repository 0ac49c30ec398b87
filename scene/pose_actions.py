"""Poses as actions of shape keys that Blender's Asset Browser shows, with a picture of each."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np

from ..core.asset.arkit import poses
from ..core.request import slug

#: The names of the poses that have a picture, in the order of the library.
EXPRESSIONS = tuple(poses()["expressions"])
#: Folder of their pictures, which `python -m training pose_previews` renders.
PREVIEWS = Path(__file__).with_name("pose_previews")
#: Custom property of an action, and of what is stored of it as an asset, that names the pose.
POSE = "clip_head_pose"
#: The tag by which the Asset Browser finds them.
TAG = "CLIP-Head"


def preview_file(name: str) -> Path:
    """The picture of a pose.

    name: one of EXPRESSIONS.
    """
    return PREVIEWS / f"{slug(name)}.jpg"


def mark_poses() -> list[bpy.types.Action]:
    """One action for each of EXPRESSIONS, marked as an asset; those that the file has already stay as they are.

    An action sets all 52 keys of ARKit's names at the first frame, of whichever head it is given to.

    Returns the new ones.
    """
    known = {action.get(POSE) for action in bpy.data.actions}
    return [_mark(name, pose) for name, pose in poses()["expressions"].items() if name not in known]


def _mark(name: str, pose: dict[str, float]) -> bpy.types.Action:
    """An action of a pose as an asset. pose: ARKit name -> value, 0 to 1."""
    action = bpy.data.actions.new(name.capitalize())
    action[POSE] = name
    for key, value in pose.items():
        curve = _add_curve(action, f'key_blocks["{key}"].value')
        curve.keyframe_points.insert(1, value)
    action.asset_mark()
    action.asset_data[POSE] = name
    action.asset_data.description = f"The facial expression {name!r} as values of ARKit's 52 shape keys"
    action.asset_data.tags.new(TAG)
    _set_preview(action, preview_file(name))
    return action


def _add_curve(action: bpy.types.Action, path: str) -> bpy.types.FCurve:
    """A curve of an action of shape keys. From Blender 4.4 on curves lie in a slot, which tells that it is of these."""
    if not hasattr(action, "slots"):
        action.id_root = "KEY"
        return action.fcurves.new(path)
    slot = action.slots[0] if action.slots else action.slots.new("KEY", "Key")
    layer = action.layers[0] if action.layers else action.layers.new("Layer")
    strip = layer.strips[0] if layer.strips else layer.strips.new(type="KEYFRAME")
    return strip.channelbag(slot, ensure=True).fcurves.new(path)


def _set_preview(action: bpy.types.Action, path: Path) -> None:
    """Let the Asset Browser show a picture for an action."""
    image = bpy.data.images.load(str(path))
    try:
        pixels = np.empty(4 * image.size[0] * image.size[1], np.float32)
        image.pixels.foreach_get(pixels)
        preview = action.preview_ensure()
        preview.image_size = image.size
        preview.image_pixels_float.foreach_set(pixels)
    finally:
        bpy.data.images.remove(image)
