"""Bundles stand on patches of their own with bare partings between, and do not run through each other."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from clip_head.training.grooms.bundles import apart, patches
from clip_head.training.grooms.fields import Distance

#: The space over a floor at y = 0.
AXIS = np.arange(-1.0, 1.01, 0.05, np.float32)
FLOOR = Distance(np.broadcast_to(AXIS[None, :, None], (len(AXIS),) * 3).copy(), np.full(3, -1.0, np.float32), 0.05)


def test_skin_is_bare_half_way_between_two_patches() -> None:
    centres = np.array([[0, 0, 0], [0.2, 0, 0], [0, 0, 0.3]], np.float32)
    points = np.array([[0.1, 0, 0], [0.103, 0, 0.05], [0.06, 0, 0.0], [0, 0, 0.15], [0, 0, 0], [0.2, 0, 0]], np.float32)
    density = patches(points, centres, 0.02)
    np.testing.assert_allclose(density, [0, 0.3, 1, 0, 1, 1], atol=0.02)


def test_the_parting_is_as_wide_as_it_is_said_to_be() -> None:
    centres = np.array([[0, 0, 0], [1, 0, 0.1]], np.float32)
    x = np.linspace(0, 1, 2001, dtype=np.float32)
    line = np.stack([x, 0 * x, 0.1 * x], axis=1)
    bare = patches(line, centres, 0.04) < 0.999
    assert np.isclose(np.linalg.norm(line[bare][-1] - line[bare][0]), 0.04, atol=0.003)


def test_bundles_that_lie_in_each_other_move_apart_and_stay_rooted() -> None:
    rng = np.random.default_rng(0)
    roots = np.stack([rng.uniform(-0.1, 0.1, 12), np.full(12, 0.0), rng.uniform(-0.02, 0.02, 12)], axis=1)
    along = np.linspace(0, 1, 40)[None, :, None]
    axes = (roots[:, None] + along * (np.array([0, 0.7, 0]) - 0.6 * roots[:, None])).astype(np.float32)
    moved = apart(axes, 0.02, FLOOR)

    def closest(lines: np.ndarray) -> float:
        ends = lines[:, 20:]
        return min(cKDTree(ends[a]).query(ends[b])[0].min() for a in range(len(ends)) for b in range(a))

    assert closest(axes) < 0.01 < 0.02 < closest(moved)
    np.testing.assert_allclose(moved[:, 0], axes[:, 0], atol=1e-5)
    # None comes into the floor.
    assert (moved[:, 1:, 1] > 0).all()
