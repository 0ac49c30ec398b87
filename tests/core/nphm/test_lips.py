"""Lips that would cross push each other apart; lips that do not are left alone."""

import numpy as np
import pytest

from clip_head.core.nphm.lips import ALLOWED, Lips


def sheet(height, outwards, rows=9, columns=13, size=0.008):
    """A level sheet of triangles at a height, facing up (+1) or down (-1)."""
    x, z = np.meshgrid(np.arange(columns) * size, np.arange(rows) * size, indexing="ij")
    vertices = np.stack([x.ravel(), np.full(x.size, height), z.ravel()], axis=1)
    first = (np.arange(columns - 1)[:, None] * rows + np.arange(rows - 1)).ravel()
    a, b, c, d = first, first + 1, first + rows, first + rows + 1
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([c, b, d], 1)])
    return vertices, faces if outwards > 0 else faces[:, ::-1]


@pytest.fixture(scope="module")
def mouth():
    """Two sheets 2 mm apart that face each other."""
    (lower, lower_faces), (upper, upper_faces) = sheet(0.0, 1), sheet(0.008, -1)
    vertices = np.concatenate([lower, upper]).astype(np.float32)
    faces = np.concatenate([lower_faces, upper_faces + len(lower)]).astype(np.int32)
    is_upper = np.arange(len(vertices)) >= len(lower)
    return Lips.on(vertices, faces, is_upper, ~is_upper), vertices, is_upper


def closing(vertices, is_upper, by):
    offsets = np.zeros_like(vertices)
    offsets[~is_upper, 1] = by
    return offsets


def test_lips_that_stay_apart_are_left_alone(mouth):
    lips, vertices, is_upper = mouth
    offsets = closing(vertices, is_upper, 0.007)
    assert lips.separate(vertices, offsets) is offsets


@pytest.mark.parametrize("by", [0.012, 0.024])
def test_lips_that_would_cross_meet_half_way(mouth, by):
    lips, vertices, is_upper = mouth
    moved = vertices + lips.separate(vertices, closing(vertices, is_upper, by))
    inner = (np.abs(vertices[:, 0] - 0.048) < 0.03) & (np.abs(vertices[:, 2] - 0.032) < 0.02)
    gap = moved[inner & is_upper, 1] - moved[inner & ~is_upper, 1]
    assert gap.min() > -0.0015
    assert gap.max() < 0.006
    assert (moved[inner & is_upper, 1] > 0.0081).all()


def test_the_surroundings_follow_smoothly(mouth):
    lips, vertices, is_upper = mouth
    offsets = closing(vertices, is_upper, 0.014)
    moved = lips.separate(vertices, offsets) - offsets
    grid = moved[is_upper].reshape(13, 9, 3)
    assert np.abs(np.diff(grid, axis=0)).max() < 0.004
    assert np.isfinite(moved).all()


@pytest.mark.parametrize("by", [0.016, 0.032])
def test_lips_that_cross_from_the_start_come_apart(mouth, by):
    lips, vertices, is_upper = mouth
    crossing = vertices + closing(vertices, is_upper, by)
    moved = crossing + lips.separate(crossing, np.zeros_like(vertices))
    assert np.abs(lips.crossing(moved[lips.near].astype(float))).max() < 2 * ALLOWED
    assert np.abs(moved - crossing)[:, 1].max() < by, "each gives way by half, and no further"


def test_a_fold_inside_a_lip_is_no_crossing(mouth):
    """The lower lip's hind part is turned over, so that its triangles face down; its top is still below the other."""
    lips, vertices, is_upper = mouth
    folded = vertices.copy()
    behind = ~is_upper & (vertices[:, 2] < 0.02)
    folded[behind, 2] = 0.04 - vertices[behind, 2]
    folded[behind, 1] -= 0.002
    offsets = np.zeros_like(vertices)
    assert lips.separate(folded, offsets) is offsets
