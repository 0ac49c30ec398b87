"""How the hair of the active head is shown."""

# mypy: disable-error-code="valid-type"
# No postponed annotations here: Blender reads the properties from them while it registers the class.

from typing import ClassVar

import bpy

from ..scene.asset import asset_collection
from ..scene.hair import show_hair, strands_in
from .export import has_asset


class CLIP_HEAD_OT_show_hair(bpy.types.Operator):
    """Show the active head's hair as strands, as closed meshes, or not at all"""

    bl_idname = "clip_head.show_hair"
    bl_label = "Hair"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    shown: bpy.props.EnumProperty(
        name="Hair",
        items=[
            ("STRANDS", "Strands", "Guides that are combed in Sculpt Mode, with all strands between them in renders"),
            ("VOLUME", "Volume", "Closed meshes, which move fast and go into files of every format"),
            ("OFF", "Off", "No hair; lashes stay, as a mesh"),
        ],
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """A part of an asset with strands must be active."""
        if not has_asset(cls, context):
            return False
        collection = asset_collection(context.active_object)
        assert collection is not None  # as has_asset saw
        if not strands_in(collection):
            cls.poll_message_set("The active head has no strands of hair")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Hide the one, show the other, in viewport and renders."""
        collection = asset_collection(context.active_object)
        assert collection is not None  # as poll saw
        show_hair(collection, self.shown)
        return {"FINISHED"}


def register() -> None:
    """Register the operator."""
    bpy.utils.register_class(CLIP_HEAD_OT_show_hair)


def unregister() -> None:
    """Undo `register`."""
    bpy.utils.unregister_class(CLIP_HEAD_OT_show_hair)
