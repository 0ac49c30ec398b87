"""Wrinkles on the template, and the age that a code shows."""

import numpy as np
import pytest

from clip_head.training.skin_detail.wrinkles import GROOVES, drawn, fit_ageing, grooved


@pytest.mark.parametrize("groove", [g for g in GROOVES if g.mirrored])
def test_the_two_sides_are_alike_and_not_the_same(groove) -> None:
    (left, _), (right, _) = (drawn(groove, side) for side in (1, -1))
    apart = np.linalg.norm(left - right * [-1, 1], axis=1)
    assert 0 < apart.max() < 0.03
    assert left[:, 0].min() > 0 > right[:, 0].max()


def test_grooves_are_deep_in_the_middle_taper_off_and_spare_the_back() -> None:
    groove = GROOVES[1]
    line, taper = drawn(groove, 1)
    assert taper[0] < 0.1 and taper[-1] < 0.1 < 0.6 < taper[len(taper) // 2]
    middle = line[len(line) // 2]
    on_it, behind = grooved(np.array([[*middle, 0.2], [*middle, -0.2]], np.float32))
    assert on_it == pytest.approx(-groove.depth, rel=0.5)
    assert behind == 0
    assert grooved(np.array([[0.118, 0.038, 0.189]], np.float32)) == pytest.approx(0, abs=0.02), "a pupil"


def test_ages_are_read_off_codes() -> None:
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(400, 12)).astype(np.float32)
    ages = (40 + 9 * codes[:, 3] - 5 * codes[:, 7] + rng.normal(size=400)).astype(np.float32)
    weights = fit_ageing(codes[:300], ages[:300])
    estimated = codes[300:] @ weights[:-1] + weights[-1]
    assert np.corrcoef(estimated, ages[300:])[0, 1] > 0.97
