"""Levels to sculpt on for the active asset's head, and the maps that bring what was sculpted back on its quads."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import bpy

from ..core.errors import ClipHeadError
from ..scene.multires import add_sculpt_detail, bake_sculpt_maps
from .active_asset import ForActiveAsset, active_head


class CLIP_HEAD_OT_add_sculpt_detail(ForActiveAsset, bpy.types.Operator):
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

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Add the modifier, and say how many quads its highest level has."""

        def add(head: bpy.types.Object) -> str:
            levels = add_sculpt_detail(head, self.levels, self.strength)
            return f"{levels} levels to sculpt on; the highest has {len(head.data.polygons) * 4**levels:,} quads"

        return _work(self, context, add)


class CLIP_HEAD_OT_bake_sculpt_maps(ForActiveAsset, bpy.types.Operator):
    """Draw what the Multires modifier of the active head adds to its quads as images: a normal map, which its material
    shows then, and heights in metres"""

    bl_idname = "clip_head.bake_sculpt_maps"
    bl_label = "Bake Sculpt Maps"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

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
    head, mode = active_head(context), context.active_object.mode
    if mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
    try:
        operator.report({"INFO"}, work(head))
    except ClipHeadError as error:
        operator.report({"ERROR"}, str(error))
        return {"CANCELLED"}
    finally:
        if mode != "OBJECT":
            bpy.ops.object.mode_set(mode=mode)
    return {"FINISHED"}


#: What is registered, in this order.
CLASSES = (CLIP_HEAD_OT_add_sculpt_detail, CLIP_HEAD_OT_bake_sculpt_maps)


register, unregister = bpy.utils.register_classes_factory(CLASSES)
