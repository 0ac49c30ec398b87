"""A beard that was grown is coloured as one."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from clip_head.core.texture.albedo.beard import OPAQUE_BEARD, tint_beard, tint_roots
from clip_head.core.texture.albedo.strands import strand_pattern

SIZE = 256
ROW, COLUMN = np.mgrid[:SIZE, :SIZE] / SIZE
CHART = np.hypot(ROW - 0.5, COLUMN - 0.5) < 0.48
HAIR = (ROW < 0.4).astype(np.float32)
BROWN, BLOND = np.array([110, 70, 50]), np.array([225, 200, 120])
POINTS = np.stack([COLUMN - 0.5, 0.5 - ROW, 0.2 + 0 * ROW], axis=2)[CHART].astype(np.float32)
CROWN = (0.0, 0.4545, -0.1447)
PATTERN = strand_pattern(POINTS, CROWN)
BEARD = np.clip((ROW - 0.65) / 0.05, 0, 1) * 0.02


def pattern_at(texels: np.ndarray) -> np.ndarray:
    return PATTERN[texels]


def _painted(blur: float) -> np.ndarray:
    clean = np.where(HAIR[..., None] > 0, BLOND, BROWN).astype(np.float32)
    return np.round(gaussian_filter(clean, (blur, blur, 0))).astype(np.uint8)


def test_a_beard_left_skin_takes_the_colour_of_the_hair() -> None:
    painted = _painted(1)
    tinted = tint_beard(painted, CHART, HAIR[CHART], BEARD[CHART], pattern_at)
    dense = CHART & (ROW > 0.72)
    assert np.abs(tinted[dense].mean(axis=0) - BLOND).max() < 12
    assert (tinted[CHART & (ROW < 0.6)] == painted[CHART & (ROW < 0.6)]).all(), "the rest stays"


def test_a_bald_mans_beard_is_dark_and_stubble_lets_the_skin_through() -> None:
    skin = np.broadcast_to(np.array([200, 160, 140], np.uint8), (SIZE, SIZE, 3)).copy()
    full = tint_beard(skin, CHART, None, BEARD[CHART], pattern_at)
    stubble = tint_beard(skin, CHART, None, BEARD[CHART] * 0.15, pattern_at)
    chin = CHART & (ROW > 0.72)
    assert full[chin].mean() < 70
    assert 70 < stubble[chin].mean() < 160


def test_a_beard_has_one_hue_and_keeps_its_locks() -> None:
    painted = _painted(1)
    light = np.where((COLUMN * 60).astype(int) % 2, 215, 245)
    painted[ROW > 0.65] = light[ROW > 0.65][:, None]
    patch = CHART & (ROW > 0.75) & (COLUMN > 0.5) & (COLUMN < 0.6)
    painted[patch] = (225, 185, 175)
    tinted = tint_beard(painted, CHART, HAIR[CHART], BEARD[CHART], pattern_at).astype(int)
    assert np.ptp(tinted[patch], axis=1).max() <= 8 < 40 < np.ptp(painted[patch], axis=1).min()
    dense = CHART & (ROW > 0.75) & ~patch
    assert np.ptp(tinted[dense].mean(axis=1)) > 12, "locks"
    assert (tinted[CHART & (ROW < 0.6)] == painted[CHART & (ROW < 0.6)]).all()


def test_what_the_painter_left_skin_in_a_painted_beard_is_beard() -> None:
    painted = np.broadcast_to(np.array([190, 140, 115], np.uint8), (SIZE, SIZE, 3)).copy()
    black = CHART & (ROW > 0.72) & (np.abs(COLUMN - 0.5) < 0.1)
    painted[black] = (25, 22, 20)
    tinted = tint_beard(painted, CHART, HAIR[CHART], BEARD[CHART], pattern_at).astype(int)
    beside = CHART & (ROW > 0.72) & (np.abs(COLUMN - 0.5) > 0.12)
    assert tinted[beside].mean() < 70 < painted[beside].mean()
    assert tinted[black].mean() < 40


def test_a_beard_that_was_painted_keeps_its_colour_and_gets_strands() -> None:
    painted = _painted(1)
    painted[ROW > 0.65] = (150, 148, 146)
    tinted = tint_beard(painted, CHART, HAIR[CHART], BEARD[CHART], pattern_at)
    dense = CHART & (ROW > 0.72)
    assert np.abs(tinted[dense].mean(axis=0) - (150, 148, 146)).max() < 10
    assert tinted[dense].std(axis=0).min() > 3
    assert (tinted[CHART & (ROW < 0.6)] == painted[CHART & (ROW < 0.6)]).all()
    assert (tint_beard(painted, CHART, HAIR[CHART], None, pattern_at) == painted).all()


def test_skin_has_the_colours_of_the_strands_that_are_rooted_in_it() -> None:
    skin = np.broadcast_to(np.array([200, 160, 140], np.uint8), (SIZE, SIZE, 3)).copy()
    brows = ((ROW > 0.2) & (ROW < 0.3)).astype(np.float32)[CHART]
    black, white = np.full(3, 20.0, np.float32), np.full(3, 230.0, np.float32)
    tinted = tint_roots(skin, CHART, brows, np.minimum(BEARD, OPAQUE_BEARD)[CHART], black, white)
    chin, brow = CHART & (ROW > 0.72), CHART & (ROW > 0.22) & (ROW < 0.28)
    assert (tinted[chin] > 205).all() and (tinted[brow] < skin[brow]).all() and (tinted[brow] > 80).all()
    rest = ~CHART | ((ROW > 0.32) & (ROW < 0.6))
    np.testing.assert_array_equal(tinted[rest], skin[rest])
    stubble = tint_roots(skin, CHART, brows, 0.65 * np.minimum(BEARD, OPAQUE_BEARD)[CHART], black, black)
    assert 90 < stubble[chin].mean() < 140, "the skin is seen between short hairs"
