"""Names of keys say what their strength is, and strengths of words what an eye can do."""

from __future__ import annotations

import numpy as np

from clip_head.core.asset.arkit import action_weights, arkit_actions, factors, key_strength, other_side, poses


def test_a_key_is_worth_the_product_of_what_its_name_says() -> None:
    assert factors("jawOpen") == (("jawOpen", False),)
    assert factors("eyeBlinkLeft_half") == (("eyeBlinkLeft", True),)
    assert factors("eyeSquintLeft_eyeBlinkLeft_half") == (("eyeSquintLeft", False), ("eyeBlinkLeft", True))
    assert key_strength("a_b_c", {"a": 0.5, "b": 0.5, "c": 1.0}) == 0.25
    assert key_strength("eyeSquintLeft_eyeBlinkLeft_half", {"eyeSquintLeft": 0.5, "eyeBlinkLeft": 0.5}) == 0.5
    assert key_strength("eyeSquintLeft_eyeBlinkLeft_half", {"eyeSquintLeft": 0.5, "eyeBlinkLeft": 1.0}) == 0.0


def test_the_other_side_of_a_key() -> None:
    assert other_side("eyeLookDownLeft_eyeBlinkLeft_half") == "eyeLookDownRight_eyeBlinkRight_half"
    assert other_side("jawLeft_mouthSmileRight") == "jawRight_mouthSmileLeft"
    assert other_side("jawOpen") == "jawOpen"


def test_words_shut_an_eye_at_most_wholly() -> None:
    """More than that, and its lids would pass each other; a mouth may do a little more than all of an action."""
    strengths = np.linspace(-0.1, 1.2, len(arkit_actions()))
    weights = action_weights(strengths[::-1], arkit_actions())
    assert list(weights) == list(arkit_actions()) and weights["eyeBlinkLeft"] == 1.0
    weights = action_weights(strengths, arkit_actions())
    assert weights["eyeBlinkLeft"] == 0.0 and max(weights.values()) > 1.0


def test_no_pose_closes_the_lips_of_a_closed_jaw() -> None:
    for named in poses().values():
        for name, pose in named.items():
            assert pose["mouthClose"] <= pose["jawOpen"], name
