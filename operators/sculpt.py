"""Levels to sculpt on for the active asset's head, and the maps that bring what was sculpted back on its quads."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import bpy

from ..core.errors import ClipHeadError
from ..scene.asset import asset_collection
from ..scene.head import head_object
from ..scene.multires import add_sculpt_detail, bake_sculpt_maps
from .export import has_asset


class CLIP_HEAD_OT_add_sculpt_detail(bpy.types.Operator):
    """Give the active head a Multires modifier whose upper levels have the wrinkles and pores of its normal map"""

    bl_idname = "clip_head.add_sculpt_detail"
    bl_label = "Add Sculpt Detail"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    levels: bpy.props.IntProperty(  # type: ignore[valid-type]
        name="Levels",
        description="How many times each quad is divided by four. 0: until they are fine enough for wrinkles",
        min=0,
        max=6,
        soft_max=4,
    )
    strength: bpy.props.FloatProperty(  # type: ignore[valid-type]
        name="Strength",
        description="How deep the relief is. 1: as the normal map shows it; 0: levels to sculpt on, without relief",
        default=1.0,
        soft_min=0.0,
        soft_max=3.0,
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """A part of an asset must be active."""
        return has_asset(cls, context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Add the modifier, and say how many quads its highest level has."""

        def add(head: bpy.types.Object) -> str:
            levels = add_sculpt_detail(head, self.levels, self.strength)
            return f"{levels} levels to sculpt on; the highest has {len(head.data.polygons) * 4**levels:,} quads"

        return _work(self, context, add)


class CLIP_HEAD_OT_bake_sculpt_maps(bpy.types.Operator):
    """Draw what the Multires modifier of the active head adds to its quads as images: a normal map, which its material
    shows then, and heights in metres"""

    bl_idname = "clip_head.bake_sculpt_maps"
    bl_label = "Bake Sculpt Maps"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """A part of an asset must be active."""
        return has_asset(cls, context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Draw the images, and say their names."""

        def bake(head: bpy.types.Object) -> str:
            return "Drew the images " + " and ".join(image.name for image in bake_sculpt_maps(head))

        return _work(self, context, bake)


def _work(
    operator: bpy.types.Operator, context: bpy.types.Context, work: Callable[[bpy.types.Object], str]
) -> set[str]:
    """Do something with the active asset's head in Object Mode; the artist's mode comes back.

    work: takes the head; returns what the artist is told.
    """
    collection, mode = asset_collection(context.active_object), context.active_object.mode
    assert collection is not None  # as poll saw
    if mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
    try:
        operator.report({"INFO"}, work(head_object(collection)))
    except ClipHeadError as error:
        operator.report({"ERROR"}, str(error))
        return {"CANCELLED"}
    finally:
        if mode != "OBJECT":
            bpy.ops.object.mode_set(mode=mode)
    return {"FINISHED"}


#: What is registered, in this order.
CLASSES = (CLIP_HEAD_OT_add_sculpt_detail, CLIP_HEAD_OT_bake_sculpt_maps)


def register() -> None:
    """Register the operators."""
    for cls in CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    """Undo `register`."""
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
