"""How the hair of the active head is shown."""

# mypy: disable-error-code="valid-type"
# No postponed annotations here: Blender reads the properties from them while it registers the class.

from typing import ClassVar

import bpy

from ..scene.asset import asset_collection
from ..scene.hair import show_hair, strands_in
from ..scene.hair_cards import update_cards
from .export import has_asset


class CLIP_HEAD_OT_show_hair(bpy.types.Operator):
    """Show the active head's hair as strands, as cards, as closed meshes, or not at all"""

    bl_idname = "clip_head.show_hair"
    bl_label = "Hair"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    shown: bpy.props.EnumProperty(
        name="Hair",
        items=[
            ("STRANDS", "Strands", "Guides that are combed in Sculpt Mode, with all strands between them in renders"),
            ("CARDS", "Cards", "Ribbons of quads along the strands as they are combed, for games"),
            ("VOLUME", "Volume", "Closed meshes, which move fast"),
            ("OFF", "Off", "No hair; lashes stay, as a mesh"),
        ],
    )

    level: bpy.props.EnumProperty(
        name="Level of Detail",
        description="How many quads cards have",
        items=[
            ("0", "Fine", "About 8,000 quads for a full head of hair"),
            ("1", "Middle", "About 3,000 quads for a full head of hair"),
            ("2", "Coarse", "About 1,000 quads for a full head of hair"),
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

    def draw(self, _context: bpy.types.Context) -> None:
        """The switch; cards have a level of detail."""
        layout = self.layout
        layout.use_property_split = True
        layout.prop(self, "shown")
        column = layout.column()
        column.enabled = self.shown == "CARDS"
        column.prop(self, "level")

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Hide the one, show the other, in viewport and renders; cards are made of the guides as they are."""
        collection = asset_collection(context.active_object)
        assert collection is not None  # as poll saw
        if self.shown == "CARDS":
            update_cards(collection, int(self.level))
        show_hair(collection, self.shown)
        return {"FINISHED"}


def register() -> None:
    """Register the operator."""
    bpy.utils.register_class(CLIP_HEAD_OT_show_hair)


def unregister() -> None:
    """Undo `register`."""
    bpy.utils.unregister_class(CLIP_HEAD_OT_show_hair)
