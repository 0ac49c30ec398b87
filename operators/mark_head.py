"""The active head as an asset of Blender's Asset Browser."""

from __future__ import annotations

from typing import ClassVar

import bpy

from ..core.errors import ClipHeadError
from ..scene.head_asset import mark_head
from .active_asset import ForActiveAsset, active_asset


class CLIP_HEAD_OT_mark_head(ForActiveAsset, bpy.types.Operator):
    """Let the Asset Browser show the active head, with its words as tags, its licences and a picture"""

    bl_idname = "clip_head.mark_head"
    bl_label = "Mark Head as Asset"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Mark its collection; without a saved file it gets its catalogue when it is marked again."""
        collection = active_asset(context)
        try:
            mark_head(collection)
        except ClipHeadError as error:
            self.report({"WARNING"}, str(error))
            return {"FINISHED"}
        unsaved = "" if bpy.data.filepath else ". Save the file, and mark it again, for its catalogue"
        self.report({"INFO"}, f"{collection.name} is an asset: {collection.asset_data.description}{unsaved}")
        return {"FINISHED"}


register, unregister = bpy.utils.register_classes_factory((CLIP_HEAD_OT_mark_head,))
