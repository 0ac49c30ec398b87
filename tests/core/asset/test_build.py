"""Whole assets of words: every part is sound, bound to bones, and moves with the actions that move it."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.asset.arkit import arkit_actions
from clip_head.core.asset.assemble import asset_of, teeth_of
from clip_head.core.asset.build import EYES, mouth_parts
from clip_head.core.asset.head import key_poses
from clip_head.core.asset.motion import rigid_motion
from clip_head.core.exchange_assets import asset_to_json
from clip_head.core.pipeline import Models
from clip_head.core.types import MILLIMETRES_PER_UNIT, Asset, AssetPart, Floats, HeadRequest

from .conftest import WORDS, Heads

pytestmark = pytest.mark.slow(minutes=0.5)

#: Parts that every head has, in their order.
ALWAYS = ["Head", "Eye Left", "Eye Right", "Lashes", "Tear Line", "Caruncles", "Upper Teeth", "Lower Teeth", "Tongue"]


@pytest.fixture(scope="module", params=WORDS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def parts(asset: Asset) -> dict[str, AssetPart]:
    return {part.name: part for part in asset.parts}


def way(part: AssetPart, action: str) -> Floats:
    """How far an action moves a part's vertices (V, 3), mm."""
    return np.asarray(part.keys[action] * MILLIMETRES_PER_UNIT, np.float32)


def test_only_those_with_hair_or_beard_have_parts_for_it(heads: Heads) -> None:
    assert [part.name for part in heads.asset("bald").parts] == ALWAYS
    assert [part.name for part in heads.asset("bearded").parts] == [*ALWAYS, "Hair", "Beard"]
    assert [part.name for part in heads.asset("child").parts] == [*ALWAYS, "Hair"]


def test_every_part_is_sound(heads: Heads, name: str) -> None:
    for part in heads.asset(name).parts:
        count = len(part.vertices)
        assert part.vertices.dtype == np.float32 and np.isfinite(part.vertices).all()
        np.testing.assert_array_equal(np.unique(part.levels[0].quads), np.arange(count), part.name)
        for level in part.levels:
            assert level.uv.shape == (len(level.quads), 4, 2) and level.material.shape == (len(level.quads),)
            assert level.quads.max() < count and set(np.unique(level.material)) <= set(range(len(part.materials)))
            # Beyond 1, hair goes round once more.
            assert level.uv.min() >= 0 and level.uv[..., 1].max() <= 1
            assert level.uv[..., 0].max() <= (2 if part.name in ("Hair", "Beard") else 1)
        for values in (*part.bone_weights.values(), *part.groups.values()):
            assert values.shape == (count,) and values.min() >= 0 and values.max() <= 1 + 1e-6
        assert set(part.keys) <= set(key_poses())
        for key in part.keys.values():
            assert key.shape == (count, 3) and key.dtype == np.float32 and np.isfinite(key).all()
        if part.mirror is not None:
            np.testing.assert_array_equal(part.mirror[part.mirror], np.arange(count))


def test_the_head_has_all_actions_in_arkits_order(heads: Heads, name: str) -> None:
    head, placed = heads.asset(name).parts[0], heads.placed(name)
    assert tuple(head.keys)[:52] == arkit_actions()
    assert tuple(head.keys) == tuple(key_poses())
    np.testing.assert_array_equal(head.vertices, placed.neutral)
    for action, key in head.keys.items():
        np.testing.assert_allclose(key, placed.keys[action], atol=1e-7)


def test_the_moist_edge_of_the_lids_lies_on_the_eyeballs(heads: Heads, name: str) -> None:
    head, placed = heads.asset(name).parts[0], heads.placed(name)
    rim = head.vertices[head.groups["lid_rim"] > 0]
    off = [np.linalg.norm(rim - ball.centre, axis=1) - ball.radius for ball in placed.balls]
    nearest = np.abs(off).min(axis=0) * MILLIMETRES_PER_UNIT
    assert 150 < len(rim) < 400 and np.median(nearest) < 0.8 and nearest.max() < 6.0


def test_all_heads_share_quads_uv_and_template_points(heads: Heads) -> None:
    one, other = heads.asset("bald"), heads.asset("child")
    assert one.template_points is not None and other.template_points is not None
    np.testing.assert_array_equal(one.template_points, other.template_points)
    for a, b in zip(one.parts[0].levels, other.parts[0].levels, strict=True):
        for field in ("quads", "uv", "material"):
            np.testing.assert_array_equal(getattr(a, field), getattr(b, field))
    assert np.abs(one.parts[0].vertices - other.parts[0].vertices).max() > 0.04


def test_weights_are_the_expression(heads: Heads, models: Models, name: str) -> None:
    asset, actions = heads.asset(name), models.nphm.network.actions
    assert tuple(asset.weights) == arkit_actions()
    z_exp = heads.latents(name).z_exp
    for action, weight in asset.weights.items():
        told = float(z_exp[actions.index(action)])
        assert weight == (min(max(told, 0.0), 1.0) if action.startswith("eyeBlink") else told)
    strongest = max(asset.weights, key=lambda action: asset.weights[action])
    wanted = {"bald": "mouthSmile", "bearded": "eyeBlink", "child": ""}[name]
    assert strongest.startswith(wanted) and (asset.weights[strongest] > 0.5 or name == "child")


def test_one_code_gives_the_same_bytes(heads: Heads, models: Models) -> None:
    assert models.asset is not None
    again = asset_of(heads.request("bearded"), heads.latents("bearded"), models.asset, models.texture.template)
    (plain, arrays), (plain_again, arrays_again) = asset_to_json(heads.asset("bearded")), asset_to_json(again)
    assert plain == plain_again and set(arrays) == set(arrays_again)
    for entry, array in arrays.items():
        assert array.dtype == arrays_again[entry].dtype and array.tobytes() == arrays_again[entry].tobytes()


def test_words_for_teeth_change_teeth_alone(heads: Heads, models: Models) -> None:
    assert models.asset is not None
    asset, placed, field = heads.asset("bald"), heads.placed("bald"), heads.field("bald")
    before = [part for part in asset.parts if part.name in ("Upper Teeth", "Lower Teeth", "Tongue")]
    plain, fanged = (
        mouth_parts(models.asset, placed, field, asset.bones, style)
        for style in (teeth_of(heads.request("bald")), teeth_of(HeadRequest("a vampire with fangs", seed=3)))
    )
    for part, same in zip(before, plain, strict=True):
        np.testing.assert_array_equal(part.vertices, same.vertices)
    length = [np.ptp(parts[0].vertices[parts[0].groups["upper_left_canine"] > 0, 1]) for parts in (plain, fanged)]
    assert length[1] > 1.3 * length[0]
    assert [part.name for part in plain] == [part.name for part in fanged]


def test_every_vertex_is_wholly_bound_to_bones_that_there_are(heads: Heads, name: str) -> None:
    asset = heads.asset(name)
    seen: set[str] = set()
    for bone in asset.bones:
        assert bone.name not in seen and (bone.parent in seen or (not bone.parent and not seen))
        seen.add(bone.name)
    for part in asset.parts:
        assert set(part.bone_weights) <= seen
        np.testing.assert_allclose(sum(part.bone_weights.values()), 1.0, atol=1e-5, err_msg=part.name)
    used = {bone for part in asset.parts for bone in part.bone_weights}
    assert seen - used == {"root", "eye_target"}


def test_bones_lie_in_what_they_move(heads: Heads, name: str) -> None:
    asset = heads.asset(name)
    bones, part = {bone.name: bone for bone in asset.bones}, parts(asset)
    for ball, bone in EYES:
        middle = (part[ball].vertices.min(axis=0) + part[ball].vertices.max(axis=0)) / 2
        assert np.linalg.norm(bones[bone].head - middle) * MILLIMETRES_PER_UNIT < 2.0
        assert list(part[ball].bone_weights) == [bone]
    low, high = part["Tongue"].vertices.min(axis=0) - 0.04, part["Tongue"].vertices.max(axis=0) + 0.04
    for bone in ("tongue_01", "tongue_02", "tongue_03"):
        assert (bones[bone].head > low).all() and (bones[bone].tail < high).all(), bone
    jaw, chin = bones["jaw"], part["Head"].vertices[part["Head"].groups["chin"] > 0]
    assert np.linalg.norm(chin - jaw.tail, axis=1).min() * MILLIMETRES_PER_UNIT < 25


def test_upper_teeth_stay_and_lower_ones_go_with_the_jaw_as_one(heads: Heads, name: str) -> None:
    part = parts(heads.asset(name))
    upper, lower, tongue = part["Upper Teeth"], part["Lower Teeth"], part["Tongue"]
    assert not upper.keys and set(lower.keys) == {"jawOpen", "jawForward", "jawLeft", "jawRight"}
    assert set(tongue.keys) == set(lower.keys) | {"tongueOut"}
    assert list(upper.bone_weights) == ["head"] and list(lower.bone_weights) == ["jaw"]
    for action in lower.keys:
        motion = rigid_motion(lower.vertices, lower.vertices + lower.keys[action])
        for carried in (lower, tongue):
            apart = motion.applied(carried.vertices) - carried.vertices - carried.keys[action]
            assert np.abs(apart).max() * MILLIMETRES_PER_UNIT < 0.01, f"{action} bends the {carried.name}"
    assert way(lower, "jawOpen")[:, 1].mean() < -12
    assert way(lower, "jawLeft")[:, 0].min() > 3 and way(lower, "jawRight")[:, 0].max() < -3
    assert way(tongue, "tongueOut")[:, 2].max() > 15


def test_teeth_lie_behind_closed_lips_and_meet(heads: Heads, name: str) -> None:
    part = parts(heads.asset(name))
    head, upper, lower = part["Head"], part["Upper Teeth"], part["Lower Teeth"]
    lips = head.vertices[(head.groups["upper_lip"] > 0) | (head.groups["lower_lip"] > 0)]
    for teeth in (upper, lower):
        assert teeth.vertices[:, 2].max() < lips[:, 2].max()
        assert np.ptp(teeth.vertices[:, 0]) * MILLIMETRES_PER_UNIT < 80
    edge = upper.vertices[upper.groups["upper_left_central_incisor"] > 0, 1].min()
    other = lower.vertices[lower.groups["lower_left_central_incisor"] > 0, 1].max()
    assert -1 < (other - edge) * MILLIMETRES_PER_UNIT < 5, "the upper incisors overlap the lower ones"
    assert upper.vertices[:, 1].mean() > lower.vertices[:, 1].mean()
    tongue = part["Tongue"].vertices
    assert tongue[:, 2].max() < lower.vertices[:, 2].max() and np.ptp(tongue[:, 0]) < np.ptp(lower.vertices[:, 0])


def test_jaw_teeth_and_lower_lip_open_together(heads: Heads, name: str) -> None:
    part = parts(heads.asset(name))
    head, lower = part["Head"], part["Lower Teeth"]
    lip = way(head, "jawOpen")[head.groups["lower_lip"] > 0].mean(axis=0)
    front = lower.vertices[:, 2] > np.quantile(lower.vertices[:, 2], 0.8)
    assert way(lower, "jawOpen")[front, 1].mean() == pytest.approx(lip[1], abs=6)
    assert head.bone_weights["jaw"][head.groups["chin"] > 0].mean() > 0.9
    for still in ("brows", "scalp", "ears"):
        assert head.bone_weights["jaw"][head.groups[still] > 0].max() < 0.05
        assert np.abs(way(head, "jawOpen")[head.groups[still] > 0]).max() < 2.5


def test_eyes_have_the_looks_of_their_own_side(heads: Heads, name: str) -> None:
    part = parts(heads.asset(name))
    for side in ("Left", "Right"):
        eye = part[f"Eye {side}"]
        assert set(eye.keys) == {f"eyeLook{way}{side}" for way in ("Up", "Down", "In", "Out")}
        cornea = np.unique(eye.levels[0].quads[eye.levels[0].material == 3])
        moved = {action: way(eye, action)[cornea].mean(axis=0) for action in eye.keys}
        outwards = 1 if side == "Left" else -1
        assert moved[f"eyeLookUp{side}"][1] > 0.8 and moved[f"eyeLookDown{side}"][1] < -2
        assert moved[f"eyeLookOut{side}"][0] * outwards > 2 and moved[f"eyeLookIn{side}"][0] * outwards < -2


def test_a_blink_moves_lids_and_lashes_and_no_eyeball(heads: Heads, name: str) -> None:
    part = parts(heads.asset(name))
    lashes, head = part["Lashes"], part["Head"]
    assert "eyeBlinkLeft" not in part["Eye Left"].keys
    half = len(lashes.vertices) // 2
    blink = way(lashes, "eyeBlinkLeft")
    assert blink[:half, 1].min() < -4 and np.abs(blink[half:]).max() < 0.1, "the left eye's lashes come first"
    assert way(head, "eyeBlinkLeft")[head.groups["left_eyelids"] > 0, 1].min() < -4
    assert np.abs(way(head, "eyeBlinkLeft")[head.groups["right_eyelids"] > 0]).max() < 0.1


def test_a_beard_moves_with_the_chin(heads: Heads) -> None:
    part = parts(heads.asset("bearded"))
    beard, head = part["Beard"], part["Head"]
    chin = way(head, "jawOpen")[head.groups["chin"] > 0, 1].mean()
    lowest = beard.vertices[:, 1] < np.quantile(beard.vertices[:, 1], 0.3)
    assert way(beard, "jawOpen")[lowest, 1].mean() < 0.5 * chin < -5
    assert np.abs(way(beard, "jawOpen")[:, 0].mean()) < 1.5
    assert not {"eyeBlinkLeft", "eyeLookUpLeft", "tongueOut"} & set(beard.keys)
    assert beard.bone_weights["jaw"].mean() > 0.4
    assert not parts(heads.asset("bearded"))["Hair"].keys


def test_lashes_root_on_the_lids_and_tears_on_the_eyeballs(heads: Heads, name: str) -> None:
    part, placed = parts(heads.asset(name)), heads.placed(name)
    distance = np.stack([np.linalg.norm(part["Tear Line"].vertices - eye, axis=1) for eye in placed.eyes])
    off = (distance.min(axis=0) - np.array(placed.radii)[distance.argmin(axis=0)]) * MILLIMETRES_PER_UNIT
    assert off.min() > 0 and off.max() < 4
    away = np.stack([np.linalg.norm(part["Lashes"].vertices - eye, axis=1) for eye in placed.eyes]).min(axis=0)
    assert away.min() > min(placed.radii) and away.max() * MILLIMETRES_PER_UNIT < 35
