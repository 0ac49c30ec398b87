"""The measure of the hairline sees how far paint and hair lie apart, and nothing else that words for hair change."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.types import UVMaps
from clip_head.training.texture.evaluate_placement import hairlines

SIZE = 64
ROW = np.repeat(np.arange(SIZE)[:, None], SIZE, axis=1)
FRONT = np.dstack([np.zeros((SIZE, SIZE, 2)), np.ones((SIZE, SIZE))]).astype(np.float32)
MAPS = UVMaps(mask=np.ones((SIZE, SIZE), bool), normal=FRONT, position=FRONT)
HAIR = (ROW < 20).astype(np.float32).ravel()


@pytest.mark.parametrize("below", [0, 5])
def test_lines_lie_as_far_apart_as_paint_and_hair(below: int) -> None:
    lines = hairlines(50.0 * (ROW - below < 20).ravel().astype(np.float32), HAIR, MAPS)
    assert lines is not None
    painted, grown = (np.unique(ROW.ravel()[line]) for line in lines)
    assert painted.tolist() == [19 + below]
    assert grown.tolist() == [19]


def test_brows_that_change_with_the_hair_are_no_hairline() -> None:
    change = 50.0 * (ROW < 20).astype(np.float32)
    change[30:34, 10:25] = 60
    lines = hairlines(change.ravel(), HAIR, MAPS)
    assert lines is not None
    assert np.unique(ROW.ravel()[lines[0]]).tolist() == [19]


def test_without_hair_or_paint_there_is_no_line() -> None:
    assert hairlines(np.ones(SIZE * SIZE, np.float32), 0 * HAIR, MAPS) is None
    assert hairlines(0 * HAIR, HAIR, MAPS) is None
