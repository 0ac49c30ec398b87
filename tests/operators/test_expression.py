"""Words that set the shape keys of an asset in the scene."""

from collections.abc import Iterator

import bpy
import numpy as np
import pytest

import clip_head
from clip_head.core.asset.arkit import poses
from clip_head.core.types import Head, HeadRequest
from clip_head.operators.generate import session
from clip_head.operators.results import express as put_expression
from clip_head.scene import head_object
from clip_head.scene.asset import add_asset
from clip_head.scene.export import start_empty_file
from clip_head.tests.scene.synthetic_asset import synthetic_asset


@pytest.fixture
def obj(small_head: Head) -> Iterator[bpy.types.Object]:
    start_empty_file()
    clip_head.register()
    head = head_object(add_asset(small_head, synthetic_asset(), bpy.context.scene))
    bpy.context.view_layer.objects.active = head
    yield head
    clip_head.unregister()
    start_empty_file()


def express(obj: bpy.types.Object, values: dict[str, float]) -> None:
    words = HeadRequest("angry", expression="angry")
    put_expression(obj, values, words, bpy.context.scene, bpy.context.window_manager.clip_head_status)


def test_the_values_are_the_words_and_other_keys_stay(obj: bpy.types.Object) -> None:
    blocks = obj.data.shape_keys.key_blocks
    before = blocks["jawLeft"].value
    express(obj, {"jawOpen": 0.5, "browDownLeft": 0.75, "noSuchAction": 1.0})
    assert (blocks["jawOpen"].value, blocks["browDownLeft"].value) == (0.5, 0.75)
    assert blocks["jawLeft"].value == before
    assert obj["expression"] == obj.users_collection[0]["expression"] == "angry"
    assert "browDownLeft 0.75" in bpy.context.window_manager.clip_head_status.result
    assert obj.data.shape_keys.animation_data is None


def test_with_auto_keying_keyframes_are_set(obj: bpy.types.Object) -> None:
    scene = bpy.context.scene
    scene.tool_settings.use_keyframe_insert_auto = True
    for frame, value in ((1, 0.0), (25, 1.0)):
        scene.frame_set(frame)
        express(obj, {"jawOpen": value})
    scene.frame_set(13)
    assert 0.3 < obj.data.shape_keys.key_blocks["jawOpen"].value < 0.7


def test_without_words_or_without_a_head_nothing_starts(obj: bpy.types.Object) -> None:
    bpy.context.scene.clip_head.new_expression = " "
    with pytest.raises(RuntimeError, match="no words for the expression"):
        bpy.ops.clip_head.change_expression()
    assert session.job is None
    bpy.context.view_layer.objects.active = None
    assert not bpy.ops.clip_head.change_expression.poll()


def test_any_part_of_the_head_stands_for_it(obj: bpy.types.Object) -> None:
    part = next(other for other in obj.parent.children if other != obj)
    bpy.context.view_layer.objects.active = part
    assert bpy.ops.clip_head.change_expression.poll()


def test_every_pose_sets_all_keys(obj: bpy.types.Object) -> None:
    blocks = obj.data.shape_keys.key_blocks
    for kind, named in poses().items():
        for name, pose in named.items():
            assert bpy.ops.clip_head.apply_pose(pose=f"{kind}:{name}") == {"FINISHED"}
            np.testing.assert_allclose([blocks[action].value for action in pose], list(pose.values()), atol=1e-6)
    assert (len(poses()["expressions"]), len(poses()["visemes"])) == (23, 15)
    assert all(len(pose) == 52 for named in poses().values() for pose in named.values())
