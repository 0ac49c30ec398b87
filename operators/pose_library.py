"""The pose library: expressions by their pictures, in the panel and in Blender's Asset Browser."""

from __future__ import annotations

from functools import cache
from typing import ClassVar

import bpy
import bpy.utils.previews

from ..scene.pose_actions import EXPRESSIONS, POSE, mark_poses, preview_file


class CLIP_HEAD_OT_mark_poses(bpy.types.Operator):
    """Put the named expressions into the file as actions with pictures, which the Asset Browser shows"""

    bl_idname = "clip_head.mark_poses"
    bl_label = "Mark Poses as Assets"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Mark those that the file does not have yet."""
        marked = mark_poses()
        self.report({"INFO"}, f"{len(marked)} poses marked as assets, {len(EXPRESSIONS) - len(marked)} were there")
        return {"FINISHED"}


class CLIP_HEAD_OT_apply_pose_asset(bpy.types.Operator):
    """Give the active head the expression of the chosen asset"""

    bl_idname = "clip_head.apply_pose_asset"
    bl_label = "Apply to CLIP-Head"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """One of our poses must be chosen, and a part of an asset active."""
        return _chosen_pose(context) in EXPRESSIONS and bool(bpy.ops.clip_head.apply_pose.poll())

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Set the values of all 52 keys, as `clip_head.apply_pose` does."""
        return set(bpy.ops.clip_head.apply_pose(pose=f"expressions:{_chosen_pose(context)}"))


def _chosen_pose(context: bpy.types.Context) -> str:
    """The pose that is chosen in the Asset Browser; "" for none of ours."""
    asset = getattr(context, "asset", None)
    return "" if asset is None else str(asset.metadata.get(POSE, ""))


@cache
def _pictures() -> bpy.utils.previews.ImagePreviewCollection:
    """The pictures, loaded when the library is first drawn."""
    pictures = bpy.utils.previews.new()
    for name in EXPRESSIONS:
        pictures.load(name, str(preview_file(name)), "IMAGE")
    return pictures


@cache
def _entries() -> list[tuple[str, str, str, int, int]]:
    """The poses as Blender's enum items, which must stay in memory while it shows them."""
    return [(name, name.capitalize(), "", _pictures()[name].icon_id, number) for number, name in enumerate(EXPRESSIONS)]


def _items(_scene: bpy.types.Scene, _context: bpy.types.Context | None) -> list[tuple[str, str, str, int, int]]:
    return _entries()


def _apply(scene: bpy.types.Scene, _context: bpy.types.Context) -> None:
    """A picture was clicked: Blender's own undo step for that holds the pose."""
    if bpy.ops.clip_head.apply_pose.poll():
        bpy.ops.clip_head.apply_pose(pose=f"expressions:{scene.clip_head_pose}")


def _draw_menu(menu: bpy.types.Menu, context: bpy.types.Context) -> None:
    """An entry in the Asset Browser's context menu, for our poses alone."""
    if _chosen_pose(context):
        menu.layout.separator()
        menu.layout.operator(CLIP_HEAD_OT_apply_pose_asset.bl_idname, icon="MONKEY")


#: What is registered, in this order.
CLASSES = (CLIP_HEAD_OT_mark_poses, CLIP_HEAD_OT_apply_pose_asset)


def register() -> None:
    """Register the operators, the library's property and the menu's entry."""
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.clip_head_pose = bpy.props.EnumProperty(
        name="Pose Library",
        description="Expressions by name: click one to give it to the active head",
        items=_items,
        update=_apply,
    )
    bpy.types.ASSETBROWSER_MT_context_menu.append(_draw_menu)


def unregister() -> None:
    """Undo `register`, and free the pictures."""
    bpy.types.ASSETBROWSER_MT_context_menu.remove(_draw_menu)
    del bpy.types.Scene.clip_head_pose
    _entries.cache_clear()
    if _pictures.cache_info().currsize:
        bpy.utils.previews.remove(_pictures())
        _pictures.cache_clear()
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
