"""The pose library: a picture is a click away from a pose, and costs nothing before it is looked at."""

import subprocess
import sys

import bpy
import pytest

import clip_head
from clip_head.core.asset.arkit import poses
from clip_head.core.types import Head
from clip_head.operators import pose_library
from clip_head.scene import head_object
from clip_head.scene.asset import add_asset
from clip_head.scene.pose_actions import EXPRESSIONS
from clip_head.tests.scene.synthetic_asset import synthetic_asset


@pytest.fixture
def obj(scene: bpy.types.Scene, small_head: Head) -> bpy.types.Object:
    head = head_object(add_asset(small_head, synthetic_asset(), scene))
    bpy.context.view_layer.objects.active = head
    return head


def values(obj: bpy.types.Object) -> dict[str, float]:
    return {block.name: block.value for block in obj.data.shape_keys.key_blocks[1:]}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_a_click_on_a_picture_poses_the_active_head(scene: bpy.types.Scene, obj: bpy.types.Object, name: str) -> None:
    scene.clip_head_pose = name
    assert values(obj) == pytest.approx(poses()["expressions"][name])


def test_with_auto_keying_a_click_sets_keyframes(scene: bpy.types.Scene, obj: bpy.types.Object) -> None:
    scene.tool_settings.use_keyframe_insert_auto = True
    scene.clip_head_pose = "happy"
    assert len({curve.data_path for curve in pose_curves(obj)}) == 52


def pose_curves(obj: bpy.types.Object) -> list[bpy.types.FCurve]:
    data = obj.data.shape_keys.animation_data
    if not hasattr(data, "action_slot"):
        return list(data.action.fcurves)
    return list(data.action.layers[0].strips[0].channelbag(data.action_slot).fcurves)


def test_without_a_head_a_click_changes_nothing(scene: bpy.types.Scene, obj: bpy.types.Object) -> None:
    before = values(obj)
    bpy.context.view_layer.objects.active = None
    scene.clip_head_pose = "furious"
    assert values(obj) == before


def test_one_undo_step_takes_a_pose_back(scene: bpy.types.Scene, obj: bpy.types.Object) -> None:
    before = values(obj)
    name = obj.name
    bpy.ops.ed.undo_push(message="before")
    assert bpy.ops.clip_head.apply_pose(pose="expressions:furious") == {"FINISHED"}
    bpy.ops.ed.undo_push(message="Apply Pose")
    assert values(bpy.data.objects[name]) != before
    bpy.ops.ed.undo()
    assert values(bpy.data.objects[name]) == pytest.approx(before)


def test_pictures_are_loaded_when_they_are_first_shown_and_freed_at_the_end(scene: bpy.types.Scene) -> None:
    clip_head.unregister()
    clip_head.register()
    assert pose_library._pictures.cache_info().currsize == 0
    items = pose_library._entries()
    assert [entry[0] for entry in items] == list(EXPRESSIONS)
    assert {tuple(picture.image_size) for picture in pose_library._pictures().values()} == {(128, 128)}
    clip_head.unregister()
    assert pose_library._pictures.cache_info().currsize == 0
    assert not hasattr(bpy.types.Scene, "clip_head_pose")
    clip_head.register()


def test_marking_reports_how_many_are_new(scene: bpy.types.Scene) -> None:
    assert bpy.ops.clip_head.mark_poses() == {"FINISHED"}
    assert sum(action.asset_data is not None for action in bpy.data.actions) == 23
    assert bpy.ops.clip_head.mark_poses() == {"FINISHED"}
    assert len(bpy.data.actions) == 23


def test_the_entry_for_the_asset_browser_wants_one_of_our_poses(scene: bpy.types.Scene, obj: bpy.types.Object) -> None:
    assert not bpy.ops.clip_head.apply_pose_asset.poll()
    assert pose_library._draw_menu in bpy.types.ASSETBROWSER_MT_context_menu._dyn_ui_initialize()


def test_blender_starts_without_reading_a_picture() -> None:
    code = (
        "import builtins, io, sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "import clip_head; clip_head.register()\n"
        "print([name for name in opened if name.endswith('.jpg')])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip().splitlines()[-1] == "[]"
