"""The exam judges by what a word may mean."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.training.texture.evaluate import TONE_ERROR, apart, least_error


def test_a_word_for_two_tones_means_those_between() -> None:
    brown, dark = np.array([46.0, 15, 24]), np.array([34.0, 12, 17])
    between = 0.5 * (brown + dark)
    assert least_error(np.stack([between - brown, between - dark])) < 1e-6
    assert np.linalg.norm(between - brown) > TONE_ERROR
    beside = between + np.array([0, 4, 0])
    assert least_error(np.stack([beside - brown, beside - dark])) == pytest.approx(4, abs=0.4)


def test_beyond_the_last_tone_the_error_is_the_distance_to_it() -> None:
    brown, dark = np.array([46.0, 15, 24]), np.array([34.0, 12, 17])
    darker = dark + 0.5 * (dark - brown)
    assert least_error(np.stack([darker - brown, darker - dark])) == pytest.approx(np.linalg.norm(darker - dark))
    assert least_error((darker - brown)[None]) == pytest.approx(np.linalg.norm(darker - brown))


def test_shades_of_a_colour_are_not_told_apart() -> None:
    labs = {"red": np.array([40.0, 60, 40]), "crimson": np.array([38.0, 60, 35]), "blue": np.array([30.0, 20, -60])}
    assert apart(labs, 14.0) == ["red", "blue"]
