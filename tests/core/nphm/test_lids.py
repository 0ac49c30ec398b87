"""Lids of eyes of any width and height close by the fraction that they are told, meet, and leave the rest alone."""

import numpy as np
import pytest

from clip_head.core.nphm.lids import Lids
from clip_head.core.nphm.slit import EDGE, INWARDS, EyeFrame, EyeGrid, Slit, profile
from clip_head.core.types import MILLIMETRES_PER_UNIT

RADIUS = 0.055
CENTRE = np.array([0.12, 0.03, 0.15])


def eye(width=0.042, height=0.016):
    """An eyeball, and around it skin of 32 rings of 96 columns with an almond-shaped hole, half its width and height
    given: outside the hole in front of the eyeball, inside it back into the socket."""
    ring, column = np.meshgrid(np.arange(32) - 10, np.arange(96), indexing="ij")
    angle = 2 * np.pi * column / 96
    grow = 1.0 + 0.02 * ring**2 * (ring < 0) + 0.15 * np.maximum(ring, 0)
    x = width * grow * np.cos(angle)
    y = height * np.sin(angle) + (grow - 1.0) * 0.03 * np.sin(angle)
    size = RADIUS * (1.04 + 0.004 * ring)
    z = np.sqrt((size**2 - x**2 - y**2).clip(0.0)) - 0.02 * np.maximum(np.hypot(x, y) / RADIUS - 0.95, 0.0)
    skin = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    first = (np.arange(31)[:, None] * 96 + np.arange(96)).ravel()
    second = (np.arange(31)[:, None] * 96 + (np.arange(96) + 1) % 96).ravel()
    corners = np.stack([first, first + 96, second + 96, second], axis=1)
    faces = corners[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)
    polar, around = np.meshgrid(np.linspace(0.05, np.pi - 0.05, 16), np.arange(24) * np.pi / 12, indexing="ij")
    ball = RADIUS * np.stack([np.sin(polar) * np.sin(around), np.cos(polar), np.sin(polar) * np.cos(around)], axis=-1)
    vertices = np.concatenate([skin, ball.reshape(-1, 3)]) + CENTRE
    return vertices.astype(np.float32), faces.astype(np.int32), np.arange(len(vertices)) >= len(skin)


@pytest.fixture(scope="module")
def lids():
    vertices, faces, eyeball = eye()
    grid = EyeGrid.on(vertices, faces, eyeball)
    assert grid is not None
    return Lids(grid, vertices)


def opening(lids, head, posed):
    """Height of the opening (P,), millimetres."""
    frame = EyeFrame.of(lids.grid, head)
    return Slit.of(lids.grid, frame, posed).height * RADIUS * MILLIMETRES_PER_UNIT


def lowest_overlap(lids, head, posed):
    """How far the upper lid's edge lies below the lower one's, ring by ring, millimetres; negative."""
    frame = EyeFrame.of(lids.grid, head)
    edge = lids.grid.vertices[INWARDS - EDGE[0] : INWARDS + EDGE[1] + 1]
    along, height, _ = frame.turned(posed[edge].astype(float))
    places = np.linspace(along[1].min(), along[1].max(), 50)
    upper, lower = (
        np.stack([profile(a, h, places) for a, h in zip(along[:, lid], height[:, lid], strict=True)])
        for lid in (lids.grid.upper, lids.grid.lower)
    )
    return (upper - lower).min() * RADIUS * MILLIMETRES_PER_UNIT


def closed(lids, head, blink, fraction=None):
    posed = head.copy()
    posed[lids.grid.vertices] = lids.on_head(head).close(head, fraction, blink)
    return posed


def test_the_rim_is_the_smallest_ring_and_has_two_halves(lids):
    vertices = lids.rest
    width = np.ptp(vertices[lids.grid.vertices[INWARDS], 0])
    assert width == pytest.approx(2 * 0.042, rel=0.02)
    assert vertices[lids.grid.vertices[INWARDS, lids.grid.upper[10:-10]], 1].min() > 0.03
    assert vertices[lids.grid.vertices[INWARDS, lids.grid.lower[10:-10]], 1].max() < 0.03
    assert lids.grid.upper[0] == lids.grid.lower[0]
    assert lids.grid.upper[-1] == lids.grid.lower[-1]


def test_the_frame_finds_the_eyeball_and_turns_back(lids):
    frame = EyeFrame.of(lids.grid, lids.rest)
    np.testing.assert_allclose(frame.centre, CENTRE, atol=1e-4)
    points = np.random.default_rng(0).normal(size=(5, 3))
    np.testing.assert_allclose(frame.points(*frame.turned(points)), points, atol=1e-9)


@pytest.mark.parametrize(("width", "height"), [(0.042, 0.016), (0.042, 0.006), (0.035, 0.02)])
def test_half_is_half_and_shut_is_shut_on_narrow_and_wide_eyes(lids, width, height):
    head = eye(width, height)[0]
    at_rest = opening(lids, head, head)
    assert at_rest.max() > 1.9 * height * MILLIMETRES_PER_UNIT
    half = opening(lids, head, closed(lids, head, 0.5))
    middle = at_rest > 0.3 * at_rest.max()
    np.testing.assert_allclose(half[middle] / at_rest[middle], 0.5, atol=0.06)
    shut = closed(lids, head, 1.0)
    assert opening(lids, head, shut).max() < 0.3
    assert lowest_overlap(lids, head, shut) > -0.3


def test_a_blink_moves_no_skin_far_from_the_lids_nor_into_the_eyeball(lids):
    head = lids.rest
    moved = closed(lids, head, 1.0)
    outside = lids.grid.vertices[-4:]
    np.testing.assert_allclose(moved[outside], head[outside], atol=0.05 / MILLIMETRES_PER_UNIT)
    front = moved[lids.grid.vertices[INWARDS:]] - CENTRE
    assert np.linalg.norm(front, axis=-1).min() > RADIUS
    assert np.abs(moved - head).max() > 0.01


def test_the_upper_lid_goes_most_of_the_way(lids):
    moved = (closed(lids, lids.rest, 1.0) - lids.rest)[lids.grid.vertices[INWARDS], 1]
    assert -moved[lids.grid.upper].min() > 3 * moved[lids.grid.lower].max() > 0


def test_an_action_opens_every_eye_by_the_same_fraction(lids):
    offsets = np.zeros_like(lids.rest)
    assert lids.fraction(offsets) is None
    edge = lids.grid.vertices[INWARDS - 3 : INWARDS + 6][:, lids.grid.upper[8:-8]]
    offsets[edge, 1] = -0.008
    fraction = lids.fraction(offsets)
    assert 0.6 < fraction[30] < 0.8
    narrow = eye(0.042, 0.006)[0]
    posed = closed(lids, narrow, 0.0, fraction)
    at_rest = opening(lids, narrow, narrow)
    middle = at_rest > 0.6 * at_rest.max()
    np.testing.assert_allclose(opening(lids, narrow, posed)[middle] / at_rest[middle], fraction[middle], atol=0.08)


def test_a_surface_without_rings_has_no_grid():
    vertices, faces, eyeball = eye()
    assert EyeGrid.on(vertices, faces[::-1], eyeball) is None
    assert EyeGrid.on(vertices, faces[:600], eyeball) is None
