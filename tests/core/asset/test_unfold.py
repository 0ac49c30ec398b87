"""Quads that fold are made flat by moving their own corners alone, and alike on both sides."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.asset.unfold import fold_cosine, unfolded
from clip_head.core.types import Floats, Ints


@pytest.fixture
def sheet() -> tuple[Floats, Ints]:
    """A curved sheet of 10 x 8 quads of side 1, symmetric in x."""
    x, y = np.meshgrid(np.arange(11) - 5.0, np.arange(9.0), indexing="xy")
    points = np.stack([x.ravel(), y.ravel(), 0.05 * (x.ravel() ** 2)], axis=1).astype(np.float32)
    first = (np.arange(8)[:, None] * 11 + np.arange(10)).reshape(-1, 1)
    return points, (first + np.array([0, 1, 12, 11])).astype(np.int32)


def test_a_flat_quad_has_cosine_one_and_a_folded_one_less_than_none(sheet: tuple[Floats, Ints]) -> None:
    points, quads = sheet
    assert fold_cosine(points, quads).min() > 0.9
    points[:, 2] = 0.0
    np.testing.assert_allclose(fold_cosine(points, quads), 1.0, atol=1e-6)
    points[14, :2] += [-0.9, 0.0]  # one corner beyond the diagonal of its quad
    points[14, :2] += [0.0, 0.9]
    assert fold_cosine(points, quads).min() < 0.0


@pytest.mark.parametrize("way", [(-1.4, 1.2, 0.0), (0.0, 1.6, 0.0), (0.9, 0.9, 3.0)])
def test_folds_go_and_what_is_far_stays(sheet: tuple[Floats, Ints], way: tuple[float, float, float]) -> None:
    points, quads = sheet
    broken = points.copy()
    broken[48] += np.array(way, np.float32)
    assert (fold_cosine(broken, quads) < 0).any()
    mended = unfolded(broken, quads)
    assert mended.dtype == np.float32 and (fold_cosine(mended, quads) > 0).all()
    moved = np.linalg.norm(mended - broken, axis=1)
    far = np.abs(points - points[48]).max(axis=1) > 3.5
    assert 0 < moved.max() < np.linalg.norm(way) and (moved[far] == 0).all()


def test_a_sheet_without_folds_is_kept_to_the_bit(sheet: tuple[Floats, Ints]) -> None:
    points, quads = sheet
    np.testing.assert_array_equal(unfolded(points, quads), points)


def test_both_sides_of_a_symmetric_sheet_move_alike(sheet: tuple[Floats, Ints]) -> None:
    points, quads = sheet
    mirror = np.arange(len(points)).reshape(9, 11)[:, ::-1].ravel()
    flip = np.array([-1, 1, 1], np.float32)
    broken = points.copy()
    for vertex, x in ((46, 1.3), (mirror[46], -1.3)):
        broken[vertex] += np.array([x, 1.1, 0.4], np.float32)
    np.testing.assert_array_equal(broken[mirror] * flip, broken)
    mended = unfolded(broken, quads)
    assert (fold_cosine(broken, quads) < 0).any() and (fold_cosine(mended, quads) > 0).all()
    np.testing.assert_allclose(mended[mirror] * flip, mended, atol=1e-7)
