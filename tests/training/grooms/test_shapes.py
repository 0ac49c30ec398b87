"""Shapes lie on the skin as thick as they say, end at their flat top, and are the same on both sides."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("anny")
from clip_head.training.grooms.fields import Distance
from clip_head.training.grooms.shapes import Shape, hanging, shaped, thickness

#: A ball as the skin, its radius, and the spacing of its grid, units.
RADIUS, SPACING = 0.3, 0.04


def ball(radius: float) -> Distance:
    axis = SPACING * np.arange(-15, 16)
    nodes = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1)
    values = (np.linalg.norm(nodes, axis=-1) - radius).astype(np.float32)
    return Distance(values, np.full(3, axis[0], np.float32), SPACING)


def test_a_shape_is_the_skin_offset_by_its_thickness() -> None:
    volume = shaped(Shape(0.1), ball(RADIUS), ball(0.01))
    for point in np.eye(3, dtype=np.float32):
        assert volume.at(0.37 * point) < 0 < volume.at(0.43 * point)


def test_a_bump_is_on_both_sides_and_falls_off() -> None:
    shape = Shape(0.02, (((0.2, 0.0, 0.0), (0.1, 0.1, 0.1), 0.08),))
    at = thickness(shape, np.array([[0.2, 0, 0], [-0.2, 0, 0], [0.2, 0.1, 0], [0.2, 0.9, 0]], np.float32))
    np.testing.assert_allclose(at, [0.1, 0.1, 0.02 + 0.08 * np.exp(-0.5), 0.02], atol=1e-6)
    dent = Shape(0.02, (((0.0, 0.0, 0.0), (0.1, 0.1, 0.1), -0.5),))
    assert thickness(dent, np.zeros((1, 3), np.float32)) == 0


def test_nothing_is_above_a_flat_top() -> None:
    tall = Shape(0.02, (((0.0, 0.3, 0.0), (0.2, 0.2, 0.2), 0.3),))
    place = np.array([[0.0, 0.45, 0.0]], np.float32)
    assert shaped(tall, ball(RADIUS), ball(0.01)).at(place) < 0
    flat = shaped(Shape(tall.thick, tall.bumps, 0.4), ball(RADIUS), ball(0.01))
    nodes = np.argwhere(flat.values < 0) * SPACING + flat.origin
    assert nodes[:, 1].max() <= 0.4 and flat.at(place) > 0


def test_a_volume_may_be_joined() -> None:
    alone, joined = (shaped(Shape(0.02, joined=one), ball(RADIUS), ball(0.5)) for one in (False, True))
    place = np.array([[0.45, 0.0, 0.0]], np.float32)
    assert alone.at(place) > 0 > joined.at(place)


def test_a_curtain_hangs_around_the_axis_and_is_open_in_front() -> None:
    curtain = (0.3, 0.4, -0.2, 0.0, -0.5)
    inside = np.array([[0.28, -0.3, -0.2], [0, -0.3, -0.55], [0, -0.48, -0.2]], np.float32)
    outside = np.array([[0.32, -0.3, -0.2], [0, -0.3, 0.05], [0, -0.53, -0.2], [0, 0.3, -0.2]], np.float32)
    assert hanging(curtain, inside).max() < 0 < hanging(curtain, outside).min()
