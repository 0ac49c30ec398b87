"""The lens: enlarges the face, keeps the curve, folds nothing."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.uv.harmonic import doubled_areas
from clip_head.core.uv.lens import Lens

SQUARE = np.array([[0.1, 0.1], [0.5, 0.02], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]])


def _disc(rings: int = 40, turns: int = 80) -> tuple[np.ndarray, np.ndarray]:
    """Triangles that fill SQUARE, from the middle of its curve outwards."""
    corners = np.vstack([SQUARE, SQUARE[:1]])
    places = np.linspace(0, 5, turns, endpoint=False)
    rim = np.stack([np.interp(places, np.arange(6), corners[:, k]) for k in range(2)], 1)
    points = np.concatenate([0.5 + r * (rim - 0.5) for r in np.linspace(0.02, 1, rings)])
    ring, turn = np.divmod(np.arange((rings - 1) * turns), turns)
    a, b = ring * turns + turn, ring * turns + (turn + 1) % turns
    return points, np.concatenate([np.stack([a, a + turns, b + turns], 1), np.stack([a, b + turns, b], 1)])


@pytest.mark.parametrize("power", [1.5, 3.0])
def test_nothing_folds_and_the_curve_stays(power) -> None:
    points, faces = _disc()
    assert (doubled_areas(points, faces) > 0).all()
    seen = Lens(0.45, 0.4, power).magnified(points, SQUARE)
    assert (doubled_areas(seen, faces) > 0).all()
    np.testing.assert_allclose(seen[-80:], points[-80:], atol=1e-12)


def test_the_middle_is_enlarged_by_the_power() -> None:
    points = np.array([0.5, 0.4]) + 1e-5 * np.random.default_rng(0).normal(size=(20, 2))
    seen = Lens(0.5, 0.4, 2.5).magnified(points, SQUARE)
    np.testing.assert_allclose(seen - [0.5, 0.4], 2.5 * (points - [0.5, 0.4]), rtol=1e-3)


def test_power_one_changes_nothing() -> None:
    points = _disc()[0]
    np.testing.assert_allclose(Lens(0.5, 0.5, 1.0).magnified(points, SQUARE), points, atol=1e-12)
