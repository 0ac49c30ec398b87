"""Hair that stands off the head is filled in, so that the union with the head has no handles."""

import numpy as np
import pytest
from skimage.measure import euler_number

from clip_head.training.teacher.hair_field import HEAD_AXIS_Z, SPACING, fill_towards_axis

ORIGIN = np.array([-0.55, -0.3, -0.85], np.float32)


@pytest.fixture(scope="module")
def points():
    axes = [ORIGIN[k] + SPACING * np.arange(n) for k, n in enumerate((62, 34, 62))]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)


@pytest.fixture(scope="module")
def column(points):
    """A neck around the axis."""
    return np.hypot(points[..., 0], points[..., 2] - HEAD_AXIS_Z) - 0.15


def lock(points, side):
    """A strand that stands off the neck and touches it at both ends: half a ring in a vertical plane."""
    x, y, z = side * points[..., 0] - 0.12, points[..., 1], points[..., 2] - HEAD_AXIS_Z
    return np.hypot(np.hypot(x, y) - 0.18, z) - 0.035


def handles(solid):
    return 1 - euler_number(np.pad(solid, 1), connectivity=3)


def test_locks_that_make_handles_make_none_when_filled(points, column):
    hair = np.minimum(lock(points, 1), lock(points, -1)).astype(np.float32)
    assert handles(np.minimum(column, hair) < 0) == 2
    filled = fill_towards_axis(hair, ORIGIN)
    assert handles(np.minimum(column, filled) < 0) == 0


def test_filling_keeps_the_outer_surface_and_is_level_with_the_hair(points):
    radius = np.hypot(points[..., 0], points[..., 2] - HEAD_AXIS_Z)
    shell = (np.abs(radius - 0.35) - 0.03).astype(np.float32)
    filled = fill_towards_axis(shell, ORIGIN)
    assert (filled <= shell).all()
    assert filled[radius < 0.35].max() < 0
    surface = (radius > 0.35) & (np.abs(shell) < SPACING)
    assert np.abs(filled[surface] - shell[surface]).max() < 0.1 * SPACING


def test_where_there_is_no_hair_nothing_is_filled(points):
    behind = points[..., 2] < HEAD_AXIS_Z - 0.05
    filled = fill_towards_axis(np.where(behind, lock(points, 1), 0.3).astype(np.float32), ORIGIN)
    front = points[..., 2] > HEAD_AXIS_Z + 0.1
    assert filled[front].min() > 0
