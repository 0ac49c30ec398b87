"""Levels to sculpt on, and their maps, by buttons: from any part and mode, and one step back."""

from dataclasses import replace

import bpy
import pytest

from clip_head.core.types import Head
from clip_head.scene import add_head, head_object
from clip_head.scene.multires import DETAIL, find_detail
from clip_head.tests.scene.synthetic_asset import synthetic_asset


@pytest.fixture
def head(scene: bpy.types.Scene, small_head: Head) -> bpy.types.Object:
    """The head of an asset of which an eye is active."""
    made = add_head(replace(small_head, asset=synthetic_asset()), scene)
    bpy.context.view_layer.update()
    bpy.context.view_layer.objects.active = made.objects["Eye Left"]
    bpy.ops.ed.undo_push(message="head")
    return head_object(made)


def test_one_click_and_one_step_back(head: bpy.types.Object) -> None:
    blocks = len(bpy.data.objects), len(bpy.data.meshes)
    assert bpy.ops.clip_head.add_sculpt_detail(levels=2) == {"FINISHED"}
    assert (len(bpy.data.objects), len(bpy.data.meshes)) == blocks
    modifier = find_detail(head)
    assert modifier is not None
    assert (modifier.total_levels, modifier.levels, modifier.sculpt_levels, modifier.render_levels) == (2, 2, 2, 2)
    assert bpy.context.active_object.name == "Eye Left"
    bpy.ops.ed.undo_push(message="Add Sculpt Detail")
    bpy.ops.ed.undo()
    head = bpy.data.objects["Head"]
    assert find_detail(head) is None
    nodes = head.material_slots[0].material.node_tree.nodes
    assert DETAIL not in nodes
    bpy.ops.ed.redo()
    again = find_detail(bpy.data.objects["Head"])
    assert again is not None and again.total_levels == 2


def test_who_sculpts_may_bake_and_goes_on_sculpting(head: bpy.types.Object) -> None:
    bpy.ops.clip_head.add_sculpt_detail(levels=1)
    bpy.context.view_layer.objects.active = head
    bpy.ops.object.mode_set(mode="SCULPT")
    images = {image.name for image in bpy.data.images}
    assert bpy.ops.clip_head.bake_sculpt_maps() == {"FINISHED"}
    assert head.mode == "SCULPT"
    assert {image.name for image in bpy.data.images} - images == {"Skin_sculpt_normal", "Skin_displacement"}
    bpy.ops.object.mode_set(mode="OBJECT")


def test_errors_are_said_in_words(scene: bpy.types.Scene, small_head: Head, head: bpy.types.Object) -> None:
    with pytest.raises(RuntimeError, match="no Multires modifier"):
        bpy.ops.clip_head.bake_sculpt_maps()
    bpy.ops.clip_head.add_sculpt_detail(levels=1)
    with pytest.raises(RuntimeError, match="has a Multires modifier already"):
        bpy.ops.clip_head.add_sculpt_detail(levels=1)
    for operator in (bpy.ops.clip_head.add_sculpt_detail, bpy.ops.clip_head.bake_sculpt_maps):
        bpy.context.view_layer.objects.active = head
        assert operator.poll()
        bpy.ops.object.mode_set(mode="EDIT")
        assert not operator.poll()
        bpy.ops.object.mode_set(mode="OBJECT")
        bpy.context.view_layer.objects.active = add_head(small_head, scene).objects[0]
        assert not operator.poll(), "a raw head"
        bpy.context.view_layer.objects.active = None
        assert not operator.poll()
