"""Surface nets give closed quads that face outwards, within half a cell of the true surface."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.asset.surface_nets import surface_nets
from clip_head.core.types import Floats, Ints


def nodes(shape: tuple[int, int, int]) -> Floats:
    """The places (X, Y, Z, 3) of a grid's nodes, in its own steps."""
    return np.stack(np.meshgrid(*(np.arange(n, dtype=np.float32) for n in shape), indexing="ij"), axis=-1)


def sphere(shape: tuple[int, int, int], centre: tuple[float, float, float], radius: float) -> Floats:
    """Signed distances of the nodes from a sphere."""
    return np.asarray(np.linalg.norm(nodes(shape) - centre, axis=-1) - radius, np.float32)


def counted_edges(quads: Ints) -> tuple[Ints, Ints]:
    """The edges (E, 2) of quads, and how many quads each has (E,); no edge is passed twice in one direction."""
    edges = np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2)
    assert len(np.unique(edges, axis=0)) == len(edges)
    once, count = np.unique(np.sort(edges, axis=1), axis=0, return_counts=True)
    return once, count


def normals(vertices: Floats, quads: Ints) -> Floats:
    """Normals (Q, 3) of quads, as long as twice their area."""
    a, b, c, d = (vertices[quads[:, k]] for k in range(4))
    return np.asarray(np.cross(c - a, d - b), np.float32)


@pytest.mark.parametrize(("radius", "centre"), [(6.3, (10.2, 9.7, 10.4)), (3.0, (10.0, 10.0, 10.0))])
def test_a_sphere_is_closed_round_and_faces_outwards(radius: float, centre: tuple[float, float, float]) -> None:
    vertices, quads = surface_nets(sphere((21, 20, 22), centre, radius))
    edges, count = counted_edges(quads)
    assert (count == 2).all()
    assert len(vertices) - len(edges) + len(quads) == 2
    np.testing.assert_array_equal(np.unique(quads), np.arange(len(vertices)))
    distance = np.linalg.norm(vertices - centre, axis=1) - radius
    assert np.abs(distance).max() < 0.5 and np.abs(distance).mean() < 0.12
    outwards = vertices[quads].mean(axis=1) - centre
    assert (np.einsum("qc,qc->q", normals(vertices, quads), outwards) > 0).all()
    area = np.linalg.norm(normals(vertices, quads), axis=1).sum() / 2
    assert area == pytest.approx(4 * np.pi * radius**2, rel=0.1)


def test_a_hollow_faces_into_it() -> None:
    centre = (8.0, 8.0, 8.0)
    vertices, quads = surface_nets(-sphere((17, 17, 17), centre, 4.4))
    outwards = vertices[quads].mean(axis=1) - centre
    assert (np.einsum("qc,qc->q", normals(vertices, quads), outwards) < 0).all()


def test_a_plane_is_met_exactly() -> None:
    vertices, quads = surface_nets(nodes((6, 7, 8)) @ np.array([0, 0, 1], np.float32) - np.float32(3.25))
    np.testing.assert_allclose(vertices[:, 2], 3.25, atol=1e-6)
    assert len(vertices) == 5 * 6 and len(quads) == 4 * 5
    assert (normals(vertices, quads)[:, 2] > 0).all(), "outside is above"


def test_the_surface_is_open_where_it_leaves_the_grid() -> None:
    centre = (0.0, 8.0, 8.0)
    vertices, quads = surface_nets(sphere((12, 17, 17), centre, 5.3))
    edges, count = counted_edges(quads)
    rim = edges[count == 1]
    assert len(rim) > 16 and count.max() == 2
    assert set(np.unique(rim, return_counts=True)[1]) == {2}
    assert vertices[rim][..., 0].max() < 1.0, "at the border"
    assert len(vertices) - len(edges) + len(quads) == 1, "half a sphere is a disc"


def test_without_a_surface_there_is_nothing() -> None:
    for value in (-1.0, 1.0):
        vertices, quads = surface_nets(np.full((4, 5, 6), value, np.float32))
        assert vertices.shape == (0, 3) and quads.shape == (0, 4)
