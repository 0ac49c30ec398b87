"""What the evaluation sees of lips and lids that pass each other, alone and in pairs of actions."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.slit import EDGE, INWARDS, OUTWARDS, EyeFrame, EyeGrid
from clip_head.core.pipeline import load_models
from clip_head.core.types import MILLIMETRES_PER_UNIT, Floats
from clip_head.training.asset import crossing


def test_lids_that_pass_each_other_have_a_negative_height() -> None:
    """A grid whose upper lid lies 0.2 radians above the middle and its lower one 0.1 below."""
    count = 12
    along = np.linspace(-0.04, 0.04, count)
    radius = 0.05

    def grid_of(upper: float, lower: float) -> Floats:
        columns = [
            np.stack([along, np.full(count, radius * np.sin(a)), np.full(count, radius * np.cos(a))], axis=-1)
            for a in (upper, lower)
        ]
        ring = np.concatenate(columns)
        return np.tile(ring, (INWARDS + OUTWARDS + 1, 1)).astype(np.float32)

    rings = np.arange((INWARDS + OUTWARDS + 1) * 2 * count).reshape(-1, 2 * count)
    grid = EyeGrid(rings, np.arange(count), np.arange(count, 2 * count), np.zeros(0, int))
    frame = EyeFrame(np.zeros(3, np.float32), np.eye(3, dtype=np.float32))
    heights = crossing.lid_heights(grid, frame, grid_of(0.2, -0.1))
    assert len(heights) == sum(EDGE) + 1
    np.testing.assert_allclose(heights, 0.3, atol=1e-5)
    np.testing.assert_allclose(crossing.lid_heights(grid, frame, grid_of(-0.1, 0.1)), -0.2, atol=1e-5)


@pytest.mark.slow(minutes=0.2)
def test_lips_cross_as_deep_as_they_lie_within_each_other() -> None:
    """Those of the template, moved together by 2 and by 5 mm."""
    network = load_models().nphm.network
    assert isinstance(network, EmbeddedNPHM) and network.face is not None
    lips = network.face.lips
    at = network.sheet.vertices[lips.near]
    assert crossing.lip_depths(lips, at) == (0.0, 0.0), "its mouth is open"
    depths = []
    for way in (2.0, 5.0):
        closed = at.copy()
        # Only the upper lip comes down, past what the mouth is open.
        closed[lips.upper.vertices, 1] -= (3.0 + way) / MILLIMETRES_PER_UNIT
        depths.append(crossing.lip_depths(lips, closed))
    assert 0.0 < depths[0][0] < depths[1][0]
    assert all(seen <= deepest for deepest, seen in depths)
    assert depths[1][1] > 0.5, "a lip that lies before the other is seen"


def test_pairs_count_by_what_is_more_than_alone() -> None:
    pairs = [{("a",): (0.05, 0.0, 0.0), ("b",): (0.3, 0.0, 0.0), ("a", "b"): (0.5, 0.3, 0.05)}]
    crossed = crossing.crossed(pairs)
    assert (crossed["lips_cross_alone_in"], crossed["lips_cross_alone_mm"]) == ("b", 0.3)
    assert [crossed[f"{what}_cross_in_pairs"] for what in crossing.NAMES] == [1, 1, 0]
    assert crossed["lips_cross_in_pairs_mm"] == pytest.approx(0.2)
