"""Bones lie in the head they belong to, parents first; every vertex is wholly shared among them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from clip_head.core.asset.bones import (
    LID_MOVES,
    LIDS,
    TARGET_DISTANCE,
    along_bones,
    bone_table,
    head_bones,
    skin_weights,
    template_joints,
)
from clip_head.core.types import Bone, Floats

HINGE = np.array([0.0, -0.05, -0.1], np.float32)
CENTRES, RADII = np.array([[0.12, 0.04, 0.13], [-0.12, 0.04, 0.13]], np.float32), (0.05, 0.06)


@pytest.fixture
def bones() -> dict[str, Bone]:
    return {bone.name: bone for bone in head_bones(template_joints(HINGE), CENTRES, RADII)}


def still(points: Floats) -> dict[str, Floats]:
    """Keys that move nothing."""
    return {action: np.zeros_like(points) for action, _ in LIDS.values()}


def test_parents_come_first_and_lead_to_one_root() -> None:
    seen: set[str] = set()
    bones = head_bones(template_joints(HINGE), CENTRES, RADII)
    for bone in bones:
        assert bone.name not in seen and (bone.parent in seen or not seen)
        seen.add(bone.name)
    assert [bone.name for bone in bones if not bone.parent] == ["root"]
    assert {bone.parent for bone in bones if bone.name.startswith("eye") and bone.name != "eye_target"} == {"head"}


def test_the_jaw_hangs_on_its_hinge_and_the_tongue_on_the_jaw(bones: dict[str, Bone]) -> None:
    np.testing.assert_array_equal(bones["jaw"].head, HINGE)
    assert bones["jaw"].tail[1] < HINGE[1] and bones["jaw"].tail[2] > HINGE[2], "down and forwards"
    chain = ("jaw", "tongue_01", "tongue_02", "tongue_03")
    for before, name in pairwise(chain):
        assert bones[name].parent == before
    for name in ("neck_01", "neck_02", "head", "tongue_02", "tongue_03"):
        np.testing.assert_array_equal(bones[name].head, bones[bones[name].parent].tail)
    assert all(np.linalg.norm(bone.tail - bone.head) > 0.03 for bone in bones.values())
    for bone in bone_table()["bones"].values():
        assert bone["head"][0] == 0 if not isinstance(bone["head"], str) else bone["head"] == "hinge"


def test_eyes_look_ahead_from_their_middles(bones: dict[str, Bone]) -> None:
    for side, centre, radius in zip("LR", CENTRES, RADII, strict=True):
        for name in (f"eye.{side}", f"eyelid_upper.{side}", f"eyelid_lower.{side}"):
            np.testing.assert_array_equal(bones[name].head, centre)
        np.testing.assert_allclose(bones[f"eye.{side}"].tail - centre, [0, 0, radius], atol=1e-6)
        upper, lower = (bones[f"eyelid_{lid}.{side}"].tail[1] for lid in ("upper", "lower"))
        assert upper > centre[1] > lower
    target = bones["eye_target"]
    np.testing.assert_allclose(target.head, [0, 0.04, 0.13 + TARGET_DISTANCE], atol=1e-6)
    assert target.parent == "root", "it stays where it is when the head turns"


def test_weights_are_shared_out_wholly_and_pass_up_the_neck() -> None:
    heights = np.linspace(-0.62, 0.45, 200, dtype=np.float32)
    points = np.stack([np.zeros(200), heights, np.full(200, -0.3)], axis=1).astype(np.float32)
    weights = skin_weights(points, np.zeros(200, np.float32), points, still(points), CENTRES)
    assert set(weights) == {"neck_01", "neck_02", "head"}
    np.testing.assert_allclose(sum(weights.values()), 1.0, atol=1e-6)
    assert weights["neck_01"][0] == 1.0 and weights["head"][-1] == 1.0
    assert (np.diff(weights["neck_01"]) <= 1e-6).all() and (np.diff(weights["head"]) >= -1e-6).all()
    assert weights["neck_02"].max() > 0.7
    assert all(np.abs(np.diff(weight)).max() < 0.1 for weight in weights.values()), "nothing jumps"


def test_the_jaw_takes_its_part_from_all_others() -> None:
    points = np.array([[0, -0.4, 0.1], [0, -0.3, -0.3], [0, 0.4, 0.0]], np.float32)
    jaw = np.array([1.0, 0.25, 0.0], np.float32)
    without = skin_weights(points, np.zeros(3, np.float32), points, still(points), CENTRES)
    weights = skin_weights(points, jaw, points, still(points), CENTRES)
    np.testing.assert_array_equal(weights["jaw"], jaw)
    for name, weight in without.items():
        np.testing.assert_allclose(weights[name], weight * (1 - jaw), atol=1e-6)


def test_lids_take_what_moves_in_their_own_direction_on_their_own_side() -> None:
    # The left eye's upper and lower lid, the right eye's upper lid, and the middle between the eyes.
    points = np.array([[0.12, 0.06, 0.18], [0.12, 0.02, 0.18], [-0.12, 0.06, 0.18], [0.0, 0.05, 0.2]], np.float32)
    down = np.array([[0, -1, 0], [0, 0.5, 0], [0, 0, 0], [0, -1, 0]], np.float32) * LID_MOVES
    keys = {"eyeBlinkLeft": down, "eyeBlinkRight": np.zeros_like(down)}
    weights = skin_weights(points, np.zeros(4, np.float32), points, keys, CENTRES)
    np.testing.assert_allclose(weights["eyelid_upper.L"], [1, 0, 0, 0], atol=1e-6)
    np.testing.assert_allclose(weights["eyelid_lower.L"], [0, 0.5, 0, 0], atol=1e-6)
    assert "eyelid_upper.R" not in weights and "eyelid_lower.R" not in weights
    np.testing.assert_allclose(sum(weights.values()), 1.0, atol=1e-6)


def test_weights_along_a_chain_are_linear_between_its_middles() -> None:
    joints = np.array([[0, 0, 0], [0, 0, 1], [0, 0, 2], [0, 0, 3]], np.float32)
    chain = tuple(Bone(f"b{k}", joints[k], joints[k + 1]) for k in range(3))
    z = np.array([-5.0, 0.5, 1.0, 1.5, 2.25, 9.0])
    points = np.stack([np.full(6, 0.7), np.zeros(6), z], axis=1).astype(np.float32)
    weights = along_bones(points, chain)
    np.testing.assert_allclose(weights["b0"], [1, 1, 0.5, 0, 0, 0], atol=1e-6)
    np.testing.assert_allclose(weights["b1"], [0, 0, 0.5, 1, 0.25, 0], atol=1e-6)
    np.testing.assert_allclose(weights["b2"], [0, 0, 0, 0, 0.75, 1], atol=1e-6)
