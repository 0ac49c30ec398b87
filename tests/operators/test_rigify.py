"""A Rigify face by its button: from any part and mode, and one step back."""

from collections.abc import Iterator
from dataclasses import replace

import addon_utils
import bpy
import pytest

from clip_head.core.types import Head
from clip_head.scene import add_head
from clip_head.scene.rigify import find_rigify_face
from clip_head.tests.scene.real_asset import real_asset
from clip_head.tests.scene.synthetic_asset import synthetic_asset

pytestmark = pytest.mark.slow(minutes=0.3)


@pytest.fixture
def collection(scene: bpy.types.Scene, small_head: Head) -> Iterator[bpy.types.Collection]:
    """A real asset whose armature is being posed."""
    made = add_head(replace(small_head, asset=real_asset()), scene)
    bpy.context.view_layer.update()
    bpy.context.view_layer.objects.active = made.objects["Armature"]
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.ed.undo_push(message="head")
    yield made
    addon_utils.disable("rigify", default_set=True)


def the_head() -> bpy.types.Object:
    return bpy.data.objects["Head"]


def test_one_click_and_one_step_back(collection: bpy.types.Collection) -> None:
    objects = {obj.name for obj in bpy.data.objects}
    assert bpy.ops.clip_head.add_rigify_face() == {"FINISHED"}
    rig = find_rigify_face(collection)
    assert rig is not None and rig == bpy.context.active_object
    assert the_head().modifiers["Armature"].object == rig
    assert "rigify" in bpy.context.preferences.addons, "so that its panel is there tomorrow, too"
    with pytest.raises(RuntimeError, match="has a Rigify face already"):
        bpy.ops.clip_head.add_rigify_face()
    bpy.ops.ed.undo_push(message="Add Rigify Face")
    bpy.ops.ed.undo()
    assert {obj.name for obj in bpy.data.objects} == objects
    assert the_head().modifiers["Armature"].object == bpy.data.objects["Armature"]
    assert not bpy.data.objects["Armature"].hide_viewport
    assert not any(group.name.startswith("DEF-") for group in the_head().vertex_groups)


def test_raw_heads_and_bare_assets_get_none(scene: bpy.types.Scene, small_head: Head) -> None:
    assert not bpy.ops.clip_head.add_rigify_face.poll()
    bpy.context.view_layer.objects.active = add_head(small_head, scene).objects[0]
    assert not bpy.ops.clip_head.add_rigify_face.poll()
    bare = add_head(replace(small_head, asset=synthetic_asset()), scene)
    bpy.context.view_layer.update()
    bpy.context.view_layer.objects.active = bare.objects["Eye Left"]
    with pytest.raises(RuntimeError, match="has no bones"):
        bpy.ops.clip_head.add_rigify_face()
