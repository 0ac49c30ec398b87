"""What several phrases about an expression make of a face together."""

import numpy as np

from clip_head.core.mapping.expressions import CLEAR, antagonists, together

ACTIONS = (
    "eyeBlinkLeft",
    "eyeBlinkRight",
    "jawOpen",
    "mouthSmileLeft",
    "mouthSmileRight",
    "mouthFrownLeft",
    "cheekPuff",
)


def weights(**named: float) -> np.ndarray:
    return np.array([named.get(action, 0.0) for action in ACTIONS], np.float32)


def mixed(phrases: list[np.ndarray], *denied: bool) -> np.ndarray:
    result = together(np.stack(phrases), denied or (False,) * len(phrases), ACTIONS)
    assert result is not None
    return result


def test_each_phrase_adds_what_it_asks_for() -> None:
    closed, smile = weights(eyeBlinkLeft=1.0, eyeBlinkRight=0.9), weights(mouthSmileLeft=0.8, eyeBlinkLeft=0.2)
    np.testing.assert_array_equal(
        mixed([closed, smile]), weights(eyeBlinkLeft=1.0, eyeBlinkRight=0.9, mouthSmileLeft=0.8)
    )


def test_what_a_later_phrase_decides_overrules_what_contradicts_it() -> None:
    frown, smile = weights(mouthFrownLeft=0.9, jawOpen=0.6), weights(mouthSmileLeft=0.7)
    np.testing.assert_array_equal(mixed([frown, smile]), weights(mouthSmileLeft=0.7, jawOpen=0.6))
    np.testing.assert_array_equal(mixed([smile, frown]), weights(mouthFrownLeft=0.9, jawOpen=0.6))
    hint = weights(mouthSmileLeft=0.4)
    np.testing.assert_array_equal(
        mixed([frown, hint]),
        weights(mouthFrownLeft=0.9, jawOpen=0.6, mouthSmileLeft=0.4),
    )


def test_what_is_denied_is_not_done() -> None:
    laugh, closed = weights(jawOpen=1.0, mouthSmileLeft=1.0), weights(eyeBlinkLeft=1.0)
    np.testing.assert_array_equal(mixed([laugh, closed], True, False), closed)


def test_phrases_that_are_not_clear_alone_are_read_with_the_others() -> None:
    closed = weights(eyeBlinkLeft=1.0)
    assert together(np.stack([closed, weights(jawOpen=CLEAR - 0.01)]), (False, False), ACTIONS) is None
    assert together(np.stack([closed, closed]), (True, True), ACTIONS) is None
    # Beside something that is denied a phrase that is not clear asks for nothing: "eyes open, not winking".
    np.testing.assert_array_equal(mixed([weights(), closed], False, True), weights())


def test_actions_contradict_each_other_both_ways() -> None:
    table = antagonists()
    assert all(action in table[other] for action, others in table.items() for other in others)
    assert "mouthSmileLeft" in table["mouthFrownLeft"]
    assert "mouthSmileRight" not in table["mouthFrownLeft"]
