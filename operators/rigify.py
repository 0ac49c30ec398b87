"""A Rigify face for the active asset, by one button."""

from __future__ import annotations

from typing import ClassVar

import bpy

from ..core.errors import ClipHeadError
from ..scene.rigify import add_rigify_face
from .active_asset import ForActiveAsset, active_asset


class CLIP_HEAD_OT_add_rigify_face(ForActiveAsset, bpy.types.Operator):
    """Place a Rigify metarig on the active head, generate its rig and let that move the head in place of its armature.
    Enables the add-on Rigify, which comes with Blender"""

    bl_idname = "clip_head.add_rigify_face"
    bl_label = "Add Rigify Face"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Leave the mode, since the rig is what is active then, and make the rig."""
        collection = active_asset(context)
        if context.mode != "OBJECT":
            bpy.ops.object.mode_set(mode="OBJECT")
        try:
            rig = add_rigify_face(collection)
        except ClipHeadError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self.report({"INFO"}, f"{rig.name!r} moves the head now: pose it in Pose Mode")
        return {"FINISHED"}


def register() -> None:
    """Register the operator."""
    bpy.utils.register_class(CLIP_HEAD_OT_add_rigify_face)


def unregister() -> None:
    """Undo `register`."""
    bpy.utils.unregister_class(CLIP_HEAD_OT_add_rigify_face)
