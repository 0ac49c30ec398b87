"""The nearest places of a surface, told apart by where they face."""

import numpy as np

from clip_head.core.fit.target import ALIKE, Target
from clip_head.core.types import Floats, Ints


def sheet(height: float, up: bool) -> tuple[Floats, Ints]:
    """A square of 20 x 20 quads, 0.4 units wide, at a height."""
    x, y = np.meshgrid(np.linspace(-0.2, 0.2, 21), np.linspace(-0.2, 0.2, 21), indexing="ij")
    first = (np.arange(20)[:, None] * 21 + np.arange(20)).ravel()
    faces = np.concatenate(
        [np.column_stack([first, first + 21, first + 22]), np.column_stack([first, first + 22, first + 1])]
    )
    vertices = np.column_stack([x.ravel(), y.ravel(), np.full(x.size, height)]).astype(np.float32)
    return vertices, np.asarray(faces if up else faces[:, ::-1], np.int32)


def test_the_nearest_place_lies_straight_below() -> None:
    target = Target(*sheet(0.0, True))
    points = np.random.default_rng(0).uniform(-0.15, 0.15, (50, 3)).astype(np.float32)
    points[:, 2] = 0.01
    up = np.tile(np.array([0, 0, 1], np.float32), (50, 1))
    places, normals = target.closest(points, up)
    np.testing.assert_allclose(places[:, :2], points[:, :2], atol=1e-6)
    np.testing.assert_allclose(places[:, 2], 0, atol=1e-6)
    np.testing.assert_allclose(normals, up, atol=1e-6)
    corners, barycentric = target.locate(points, up)
    np.testing.assert_allclose(np.einsum("nk,nkc->nc", barycentric, target.vertices[corners]), places, atol=1e-6)


def test_of_two_sheets_the_one_that_faces_the_same_way_counts() -> None:
    """Two sheets 2 mm apart, as two lips: the nearer one faces the other way."""
    (above, one), (below, other) = sheet(0.008, False), sheet(0.0, True)
    for direction in (0.02, ALIKE):
        target = Target(np.concatenate([above, below]), np.concatenate([one, other + len(above)]), direction)
        places, normals = target.closest(
            np.array([[0.013, 0.021, 0.007]], np.float32), np.array([[0, 0, 1]], np.float32)
        )
        np.testing.assert_allclose(places[0, 2], 0, atol=1e-6)
        np.testing.assert_allclose(normals[0], [0, 0, 1], atol=1e-6)
