"""The mouth's cavity stays behind the skin before it, and is left alone where there is none."""

import numpy as np
import pytest

from clip_head.core.nphm.cavity import THICKNESS, Cavity
from clip_head.core.nphm.heights import depth_below


def sheet(forwards, columns=25, rows=13, size=0.004):
    """An upright sheet of triangles, its vertices (V, 3), this far in front."""
    x, y = np.meshgrid(np.arange(columns) * size, np.arange(rows) * size, indexing="ij")
    first = (np.arange(columns - 1)[:, None] * rows + np.arange(rows - 1)).ravel()
    a, b, c, d = first, first + 1, first + rows, first + rows + 1
    vertices = np.stack([x.ravel(), y.ravel(), np.full(x.size, forwards)], axis=1)
    return vertices, np.concatenate([np.stack([a, b, c], 1), np.stack([c, b, d], 1)])


@pytest.fixture(scope="module")
def head():
    """A sheet of skin 4 mm before a wall that is longer on one side; vertices (V, 3), and which are the wall's."""
    (skin, skin_faces), (wall, wall_faces) = sheet(0.016, columns=13), sheet(0.0)
    vertices, faces = np.concatenate([skin, wall]), np.concatenate([skin_faces, wall_faces + len(skin)])
    inside = np.arange(len(vertices)) >= len(skin)
    lips = ~inside & (vertices[:, 1] > 0.045)
    return Cavity.on(vertices, faces, inside, inside, lips), vertices, inside


def test_a_wall_that_is_behind_stays(head):
    cavity, vertices, _ = head
    assert len(cavity.wall) > 150
    assert (cavity.behind_skin(vertices) == 0).all()


def test_a_wall_that_comes_through_is_drawn_back(head):
    cavity, vertices, inside = head
    posed = vertices.copy()
    posed[inside & (np.abs(vertices[:, 0] - 0.024) < 0.01) & (vertices[:, 1] < 0.04), 2] += 0.03
    posed[cavity.wall, 2] += cavity.behind_skin(posed)
    before = (vertices[cavity.wall, 0] < 0.047) & (vertices[cavity.wall, 1] < 0.043)
    assert posed[cavity.wall, 2][before].max() <= 0.016 - THICKNESS + 1e-6
    assert (posed[cavity.wall, 2] <= vertices[cavity.wall, 2] + 0.03).all()


def test_where_no_skin_is_in_front_nothing_is_held_back(head):
    cavity, vertices, inside = head
    posed = vertices.copy()
    posed[inside & (vertices[:, 0] > 0.08), 2] += 0.03
    assert (cavity.behind_skin(posed) == 0).all()


def test_depth_is_told_along_an_axis():
    vertices, faces = sheet(0.02)
    points = np.array([[0.05, 0.02, 0.012], [0.05, 0.02, 0.03], [0.5, 0.02, 0.0]])
    at, asked = np.concatenate([vertices, points]), len(vertices) + np.arange(3)
    np.testing.assert_allclose(depth_below(at, asked, faces, 2, 0.002), [0.008, -0.01, -np.inf])
