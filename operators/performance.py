"""Movement for the active asset: a face that was recorded, by a file browser, and a demonstration."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import bpy
from bpy_extras.io_utils import ImportHelper

from ..core.asset.arkit_csv import read_take
from ..core.errors import ClipHeadError
from ..scene.asset import asset_collection
from ..scene.asset_action import add_action, add_demonstration, frame_range
from .export import has_asset


class CLIP_HEAD_OT_import_performance(bpy.types.Operator, ImportHelper):
    """Let the active head move as a .csv of Live Link Face or a .json of MediaPipe says, in place of its action"""

    bl_idname = "clip_head.import_performance"
    bl_label = "Import Performance"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    fps: bpy.props.FloatProperty(  # type: ignore[valid-type]
        name="Frame Rate",
        description="How many frames of the recording make a second. The scene keeps its own rate",
        default=60.0,
        min=1.0,
        soft_max=120.0,
    )
    filter_glob: bpy.props.StringProperty(default="*.csv;*.json", options={"HIDDEN"})  # type: ignore[valid-type]

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """A part of an asset must be active."""
        return has_asset(cls, context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Read the file, key the head's shape keys, and say which frames they take."""
        collection = asset_collection(context.active_object)
        path = Path(bpy.path.abspath(self.filepath))
        try:
            take = read_take(path)
        except ClipHeadError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        add_action(collection, take.names, take.frames, self.fps, path.stem)
        first, last = frame_range(collection) or (0, 0)
        self.report({"INFO"}, f"{len(take.names)} shape keys move in frames {first} to {last}")
        return {"FINISHED"}


class CLIP_HEAD_OT_demonstration(bpy.types.Operator):
    """Let the active head look round, blink, speak and smile, for all of the scene's frames, in place of its action"""

    bl_idname = "clip_head.demonstration"
    bl_label = "Play Demonstration"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """A part of an asset must be active."""
        return has_asset(cls, context)

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """From a button: play it, too."""
        done = self.execute(context)
        if not context.screen.is_animation_playing:
            bpy.ops.screen.animation_play()
        return done

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Key the head's shape keys, and let the scene last as long as they do."""
        collection, scene = asset_collection(context.active_object), context.scene
        add_demonstration(collection)
        scene.frame_start, scene.frame_end = frame_range(collection) or (scene.frame_start, scene.frame_end)
        scene.frame_set(scene.frame_start)
        return {"FINISHED"}


#: What is registered, in this order.
CLASSES = (CLIP_HEAD_OT_import_performance, CLIP_HEAD_OT_demonstration)


def register() -> None:
    """Register the operators."""
    for cls in CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    """Undo `register`."""
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
