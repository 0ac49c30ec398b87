"""What a phrase says in a sentence is measured by what it says alone."""

import numpy as np

from clip_head.core.mapping.phrases import KEPT, Phrases, with_phrases

RANDOM = np.random.default_rng(3)
REST = RANDOM.standard_normal(64).astype(np.float32)
ALONE = RANDOM.standard_normal((3, 64)).astype(np.float32)


def amounts(code: np.ndarray) -> np.ndarray:
    """How much of each phrase a code has, by least squares."""
    return np.linalg.lstsq(ALONE.T, code - REST, rcond=None)[0]


def test_a_phrase_that_got_lost_is_given_back() -> None:
    sentence = REST + np.array([0.1, 0.3, -0.2], np.float32) @ ALONE
    code = with_phrases(sentence, REST, ALONE)
    np.testing.assert_allclose(amounts(code), KEPT, atol=0.03)


def test_a_phrase_that_is_said_as_clearly_as_alone_is_left_alone() -> None:
    sentence = REST + np.array([1.2, 1.0, 0.95], np.float32) @ ALONE
    np.testing.assert_array_equal(with_phrases(sentence, REST, ALONE), sentence)


def test_what_the_sentence_says_beside_its_phrases_stays() -> None:
    beside = RANDOM.standard_normal(64).astype(np.float32)
    beside -= np.linalg.lstsq(ALONE.T, beside, rcond=None)[0] @ ALONE
    changed = with_phrases(REST + beside, REST, ALONE) - REST - beside
    np.testing.assert_allclose(changed, np.linalg.lstsq(ALONE.T, changed, rcond=None)[0] @ ALONE, atol=1e-4)


def test_phrases_that_change_nothing_change_nothing() -> None:
    np.testing.assert_array_equal(with_phrases(REST, REST, np.zeros((2, 64), np.float32)), REST)


def test_rows_are_rest_neutral_and_phrases() -> None:
    assert Phrases(ALONE, REST, REST + 1).rows().shape == (5, 64)
