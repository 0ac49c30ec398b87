"""Poses in the Asset Browser: actions that pose any head, with pictures that are shipped."""

from pathlib import Path

import bpy
import numpy as np
import pytest
from PIL import Image

from clip_head.core.asset.arkit import poses
from clip_head.core.types import Head
from clip_head.scene.asset import add_asset
from clip_head.scene.export import start_empty_file
from clip_head.scene.head import head_object
from clip_head.scene.pose_actions import EXPRESSIONS, POSE, PREVIEWS, TAG, mark_poses, preview_file

from .synthetic_asset import synthetic_asset


def test_every_expression_has_a_picture_of_its_own_and_all_are_small() -> None:
    pictures = [np.asarray(Image.open(preview_file(name)).convert("RGB"), np.float32) for name in EXPRESSIONS]
    assert len(pictures) == 23
    assert {picture.shape for picture in pictures} == {(128, 128, 3)}
    for number, one in enumerate(pictures):
        for other in pictures[:number]:
            assert np.abs(one - other).max() > 30, "two expressions look the same"
    assert {path.name for path in PREVIEWS.iterdir()} == {preview_file(name).name for name in EXPRESSIONS}
    assert sum(path.stat().st_size for path in PREVIEWS.iterdir()) < 600_000


def test_the_actions_are_assets_with_a_picture_also_in_a_saved_file(scene: bpy.types.Scene, tmp_path: Path) -> None:
    assert len(mark_poses()) == 23
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "poses.blend"))
    start_empty_file()
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "poses.blend"))
    for name in EXPRESSIONS:
        action = bpy.data.actions[name.capitalize()]
        assert action.asset_data is not None
        assert [tag.name for tag in action.asset_data.tags] == [TAG]
        assert action.asset_data[POSE] == name, "what the Asset Browser knows without opening the file"
        shown = np.empty(128 * 128 * 4, np.float32)
        action.preview.image_pixels_float.foreach_get(shown)
        wanted = np.asarray(Image.open(preview_file(name)).convert("RGB"), np.float32)[::-1] / 255
        assert np.abs(shown.reshape(128, 128, 4)[..., :3] - wanted).mean() < 0.02
    assert not [image for image in bpy.data.images if image.name.endswith(".jpg")]


def test_marking_again_adds_nothing_and_keeps_what_was_edited(scene: bpy.types.Scene) -> None:
    first = mark_poses()
    first[0].name = "Mine"
    assert mark_poses() == []
    assert len(bpy.data.actions) == 23


@pytest.mark.parametrize("name", ["laughing", "winking"])
def test_an_action_poses_any_head_that_it_is_given_to(scene: bpy.types.Scene, small_head: Head, name: str) -> None:
    mark_poses()
    head = head_object(add_asset(small_head, synthetic_asset(), scene))
    data = head.data.shape_keys.animation_data_create()
    data.action = bpy.data.actions[name.capitalize()]
    if hasattr(data, "action_slot"):
        assert data.action_suitable_slots
        data.action_slot = data.action_suitable_slots[0]
    scene.frame_set(1)
    values = {block.name: block.value for block in head.data.shape_keys.key_blocks[1:]}
    assert values == pytest.approx(poses()["expressions"][name])


def test_blenders_own_pose_library_has_nothing_to_apply_to_a_head(scene: bpy.types.Scene, small_head: Head) -> None:
    """As docs/asset.md says: it poses bones alone, so the Asset Browser gets an entry of ours."""
    mark_poses()
    bpy.context.view_layer.objects.active = head_object(add_asset(small_head, synthetic_asset(), scene))
    assert not bpy.ops.poselib.apply_pose_asset.poll()
