"""Actions that break each other: with their corrective lids lie on the eyeball and lips do not pass each other."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.asset.arkit import arkit_actions
from clip_head.core.asset.contact import together
from clip_head.core.asset.head import PlacedHead, as_keys, key_poses, posed_by
from clip_head.core.asset.template import CONTACT, RIM, AssetTemplate
from clip_head.core.nphm.face import Face
from clip_head.core.pipeline import Models
from clip_head.core.types import MILLIMETRES_PER_UNIT, Floats

from .conftest import Heads

pytestmark = pytest.mark.slow(minutes=0.5)

#: Poses whose lids left the eyeball, let it through or passed each other without a key of their own; of the left eye.
EYES: dict[str, dict[str, float]] = {
    "shut": {"eyeBlinkLeft": 1.0},
    "nearly shut": {"eyeBlinkLeft": 0.95},
    "half shut": {"eyeBlinkLeft": 0.5},
    "half shut, down": {"eyeBlinkLeft": 0.5, "eyeLookDownLeft": 1.0},
    "half down": {"eyeLookDownLeft": 0.5},
    "down and out": {"eyeLookDownLeft": 1.0, "eyeLookOutLeft": 1.0},
    "up and wide": {"eyeLookUpLeft": 1.0, "eyeWideLeft": 1.0},
    "squinting": {"eyeSquintLeft": 1.0, "cheekSquintLeft": 0.6, "eyeBlinkLeft": 0.35},
    "crying": {"eyeSquintLeft": 1.0, "cheekSquintLeft": 0.8, "eyeBlinkLeft": 0.55},
    "winking": {"eyeBlinkLeft": 1.0, "cheekSquintLeft": 0.9, "mouthSmileLeft": 0.8, "browDownLeft": 0.4},
}


@pytest.fixture(scope="module")
def template(models: Models) -> AssetTemplate:
    assert models.asset is not None
    return models.asset


@pytest.fixture(scope="module")
def face(template: AssetTemplate) -> Face:
    assert template.network.face is not None
    return template.network.face


def lid(template: AssetTemplate, ring: int, sheet: Floats) -> Floats:
    """A ring of the left lids (P, 3)."""
    upper, lower, *_ = (rings[0] for rings in template.rims.of((ring,), sheet))
    return np.concatenate([upper, lower])


def outside(placed: PlacedHead, points: Floats, pose: dict[str, float]) -> Floats:
    """How far points are outside the left eyeball and its cornea, mm."""
    ball = placed.balls[0]
    distance = np.linalg.norm(points - ball.centre, axis=1)
    reach = ball.reach((points - ball.centre) / distance[:, None], ball.gaze(pose))
    return np.asarray(MILLIMETRES_PER_UNIT * (distance - reach))


@pytest.mark.parametrize("pose", EYES)
def test_lids_lie_on_the_eyeball_in_sums_of_keys(heads: Heads, template: AssetTemplate, pose: str) -> None:
    for who in ("child", "bald"):
        placed = heads.placed(who)
        sheet = placed.sheet + posed_by(as_keys(placed.sheet_poses), EYES[pose])
        touching = [outside(placed, lid(template, ring, sheet), EYES[pose]) for ring in CONTACT]
        assert np.min(touching, axis=0).max() < 0.35, "the lid stands off"
        covering = [outside(placed, lid(template, ring, sheet), EYES[pose]) for ring in (RIM, 2, 4, 6)]
        assert np.max(covering, axis=0).min() > -0.1, "the eyeball comes through"


def test_a_corrected_pose_is_what_both_do_together(heads: Heads) -> None:
    """Without the corrective it is not, on one head or the other: else none would be needed."""
    largest: dict[str, float] = {}
    for who in ("bald", "child"):
        placed = heads.placed(who)
        keys = as_keys(placed.sheet_poses)
        for name, pose in key_poses().items():
            np.testing.assert_allclose(posed_by(keys, pose), placed.sheet_poses[name], atol=1e-5)
            largest[name] = max(largest.get(name, 0.0), float(np.abs(keys[name]).max() * MILLIMETRES_PER_UNIT))
    assert len(largest) >= 52 + 8
    unneeded = {name for name, moved in largest.items() if moved < 0.1 and name != "tongueOut"}
    assert len(unneeded) <= 6 and not unneeded & set(arkit_actions()), unneeded


def test_lips_that_two_actions_press_together_do_not_pass_each_other(heads: Heads, face: Face) -> None:
    placed, near = heads.placed("bald"), face.lips.near
    keys = as_keys(placed.sheet_poses)
    for pair in (("mouthRollLower", "mouthPressLeft"), ("jawForward", "mouthRollLower"), ("jawLeft", "mouthClose")):
        pose = {name: strength for one in pair for name, strength in key_poses()[one].items()}
        at = (placed.sheet + posed_by(keys, pose))[near]
        alone = {name: key for name, key in keys.items() if name != "_".join(pair)}
        without = (placed.sheet + posed_by(alone, pose))[near]
        crossing, before = (np.abs(face.lips.crossing(lips)).max() * MILLIMETRES_PER_UNIT for lips in (at, without))
        assert crossing < 0.3 and crossing < 0.3 * before, pair


def test_what_moves_neither_lids_nor_lips_twice_is_a_sum(heads: Heads, face: Face) -> None:
    placed = heads.placed("child")
    keys = {name: placed.sheet_poses[name] for name in ("jawOpen", "browInnerUp", "tongueOut")}
    pose = {"jawOpen": 0.5, "tongueOut": 1.0}
    added = together(face, placed.sheet, keys, pose)
    np.testing.assert_allclose(added, 0.5 * keys["jawOpen"] + keys["tongueOut"], atol=1e-6)
    np.testing.assert_allclose(together(None, placed.sheet, keys, pose), added, atol=1e-6)
