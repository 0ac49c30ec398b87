"""Colours keep to their side of the hairline."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from clip_head.core.texture import even_hair, part_hair, tint_beard

SIZE = 256
ROW, COLUMN = np.mgrid[:SIZE, :SIZE] / SIZE
CHART = np.hypot(ROW - 0.5, COLUMN - 0.5) < 0.48
HAIR = (ROW < 0.4).astype(np.float32)
BROWN, BLOND = np.array([110, 70, 50]), np.array([225, 200, 120])


def _painted(blur: float) -> np.ndarray:
    clean = np.where(HAIR[..., None] > 0, BLOND, BROWN).astype(np.float32)
    return np.round(gaussian_filter(clean, (blur, blur, 0))).astype(np.uint8)


def test_hair_that_bled_over_the_forehead_is_taken_back() -> None:
    painted = _painted(8)
    parted = part_hair(painted, CHART, HAIR[CHART])
    for side, colour in ((HAIR > 0, BLOND), (HAIR == 0, BROWN)):
        near = CHART & side & (np.abs(ROW - 0.4) < 0.05)
        before = np.abs(painted[near].astype(float) - colour).mean()
        after = np.abs(parted[near].astype(float) - colour).mean()
        assert before > 15
        assert after < before / 3


def test_what_lies_far_from_the_line_stays_and_is_carried_beyond_the_chart() -> None:
    painted = _painted(4)
    parted = part_hair(painted, CHART, HAIR[CHART])
    far = (np.abs(ROW - 0.4) > 0.16) & CHART
    assert np.abs(parted[far].astype(int) - painted[far]).max() <= 1
    outside = ~CHART & (np.abs(ROW - 0.5) > 0.3)
    assert np.abs(parted[outside].astype(int) - np.where(ROW[outside, None] < 0.4, BLOND, BROWN)).max() <= 1


def test_detail_near_the_line_stays() -> None:
    painted = _painted(4)
    spot = (slice(int(0.47 * SIZE), int(0.49 * SIZE)), slice(120, 124))
    painted[spot] = 20
    parted = part_hair(painted, CHART, HAIR[CHART])
    assert parted[spot].mean() < 45


def test_a_head_of_one_kind_is_left_alone() -> None:
    painted = _painted(8)
    assert (part_hair(painted, CHART, np.ones(CHART.sum(), np.float32)) == painted).all()


BEARD = np.clip((ROW - 0.65) / 0.05, 0, 1) * 0.02


def test_a_beard_left_skin_takes_the_colour_of_the_hair() -> None:
    painted = _painted(1)
    tinted = tint_beard(painted, CHART, HAIR[CHART], BEARD[CHART])
    dense = CHART & (ROW > 0.72)
    assert np.abs(tinted[dense].mean(axis=0) - BLOND).max() < 12
    assert (tinted[CHART & (ROW < 0.6)] == painted[CHART & (ROW < 0.6)]).all(), "the rest stays"


def test_a_bald_mans_beard_is_dark_and_stubble_lets_the_skin_through() -> None:
    skin = np.broadcast_to(np.array([200, 160, 140], np.uint8), (SIZE, SIZE, 3)).copy()
    full = tint_beard(skin, CHART, None, BEARD[CHART])
    stubble = tint_beard(skin, CHART, None, BEARD[CHART] * 0.15)
    chin = CHART & (ROW > 0.72)
    assert full[chin].mean() < 70
    assert 70 < stubble[chin].mean() < 160


def test_a_beard_that_was_painted_stays_as_it_was() -> None:
    painted = _painted(1)
    painted[ROW > 0.65] = (240, 240, 240)
    tinted = tint_beard(painted, CHART, HAIR[CHART], BEARD[CHART])
    assert (tinted[CHART] == painted[CHART]).all()
    assert (tint_beard(painted, CHART, HAIR[CHART], None) == painted).all()


def test_hair_taken_for_skin_gets_the_colour_of_the_rest() -> None:
    painted = _painted(1)
    patch = CHART & (HAIR > 0) & (np.abs(COLUMN - 0.5) < 0.1)
    painted[patch] = BROWN
    evened = even_hair(painted, CHART, HAIR[CHART])
    inner = patch & (np.abs(COLUMN - 0.5) < 0.06) & (ROW < 0.36)
    assert np.abs(evened[inner].mean(axis=0) - BLOND).max() < 15
    assert (evened[CHART & (ROW > 0.45)] == painted[CHART & (ROW > 0.45)]).all(), "skin stays"
    far = CHART & (HAIR > 0) & (np.abs(COLUMN - 0.5) > 0.2)
    assert np.abs(evened[far].astype(int) - painted[far]).max() <= 2, "hair that is right stays"
    assert (even_hair(painted, CHART, None) == painted).all()
