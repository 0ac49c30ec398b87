"""Movement of an asset's face: what was recorded shows at its time, and the demonstration shows something."""

import bpy
import numpy as np
import pytest

from clip_head.core.asset.arkit_csv import parse_csv
from clip_head.core.types import Asset, Head
from clip_head.scene.asset import add_asset
from clip_head.scene.asset_action import add_action, add_demonstration, frame_range
from clip_head.scene.head import head_object

from .synthetic_asset import ARKIT, synthetic_asset


@pytest.fixture(scope="module")
def asset() -> Asset:
    return synthetic_asset()


def values(keys: bpy.types.Key, frame: float) -> dict[str, float]:
    bpy.context.scene.frame_set(int(frame), subframe=frame % 1)
    return {block.name: block.value for block in keys.key_blocks}


def test_a_recorded_face_plays_at_its_own_speed(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    collection = add_asset(small_head, asset, scene)
    scene.render.fps, scene.render.fps_base = 24, 1.0
    lines = [f"00:00:00:{n:02},3,{n / 60},{1 - n / 60},0.4" for n in range(61)]
    take = parse_csv("\n".join(["Timecode,BlendshapeCount,JawOpen,TongueOut,HeadYaw", *lines]).encode(), "take.csv")
    action = add_action(collection, take.names, take.frames, fps=60.0)
    keys = head_object(collection).data.shape_keys
    assert keys.animation_data.action == action
    assert frame_range(collection) == (1, 25), "61 frames at 60 a second last for one second"
    for frame, time in ((1.0, 0.0), (13.0, 0.5), (17.2, 0.675), (25.0, 1.0)):
        there = values(keys, frame)
        assert there["jawOpen"] == pytest.approx(time, abs=0.002)
        assert there["tongueOut"] == pytest.approx(1 - time, abs=0.002)
        assert there["eyeLookUpLeft"] == pytest.approx(asset.weights["eyeLookUpLeft"]), "what was not recorded stays"


def test_a_new_action_takes_the_place_of_the_one_before(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    collection = add_asset(small_head, asset, scene)
    assert frame_range(collection) is None
    add_demonstration(collection)
    frames = np.array([[0.0, 9.0, 5.0], [0.5, 9.0, 5.0]], np.float32)
    action = add_action(collection, ("jawOpen", "Basis", "headYaw"), frames, fps=24.0, label="Take 7")
    keys = head_object(collection).data.shape_keys
    assert (keys.animation_data.action, action.name) == (action, "Take 7")
    assert frame_range(collection) == (1, 2)
    assert values(keys, 2)["jawOpen"] == 0.5
    assert not values(keys, 2).keys() - {"Basis", *ARKIT}, "other columns are left out"


@pytest.mark.parametrize("fps", [24, 60])
def test_the_demonstration_lasts_five_seconds_and_ends_at_rest(
    fps: int, scene: bpy.types.Scene, small_head: Head, asset: Asset
) -> None:
    collection = add_asset(small_head, asset, scene)
    scene.render.fps = fps
    add_demonstration(collection)
    keys = head_object(collection).data.shape_keys
    assert frame_range(collection) == (1, 5 * fps + 1)
    shown = [values(keys, 1 + n * fps / 24) for n in range(121)]
    strongest = {name: max(frame[name] for frame in shown) for name in ARKIT}
    assert {"eyeBlinkLeft", "eyeBlinkRight", "jawOpen", "eyeLookOutLeft", "eyeLookInRight", "mouthSmileLeft"} <= {
        name for name, value in strongest.items() if value > 0.4
    }
    for frame in shown:
        assert frame["eyeBlinkLeft"] == frame["eyeBlinkRight"], "both eyes at once"
        assert min(frame["eyeLookOutLeft"], frame["eyeLookInLeft"]) < 0.3, "not to both sides at once"
    for name in strongest.keys() - {"eyeLookUpLeft", "jawOpen"}:
        assert shown[0][name] == pytest.approx(0.0, abs=1e-4)
        assert shown[-1][name] == pytest.approx(0.0, abs=1e-4)
    eye = bpy.data.objects["Eye Left"].data.shape_keys.key_blocks["eyeLookUpLeft"]
    values(keys, 1 + 30 * fps / 24)
    assert eye.value == pytest.approx(0.5, abs=1e-3), "the eyes follow"
