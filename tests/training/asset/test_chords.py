"""Rows of quads are taken out whole: what is left is a symmetric mesh of fewer quads on the same vertices."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.asset.template import mirror_of
from clip_head.core.types import Floats, Ints
from clip_head.training.asset.chords import chords_of, coarsened

Mesh = tuple[Floats, Ints]


def grid(columns: int, rows: int) -> Mesh:
    """A flat grid, symmetric in x."""
    x, y = np.meshgrid(np.arange(columns + 1) - columns / 2, np.arange(rows + 1), indexing="xy")
    first = (np.arange(rows)[:, None] * (columns + 1) + np.arange(columns)).reshape(-1, 1)
    quads = first + np.array([0, 1, columns + 2, columns + 1])
    return np.stack([x.ravel(), y.ravel(), 0 * y.ravel()], axis=1).astype(np.float32), quads.astype(np.int32)


def torus(around: int, across: int) -> Mesh:
    """A ring around the y axis, symmetric in x; a vertex of it lies on the plane of symmetry."""
    long, short = np.meshgrid(np.arange(around), np.arange(across), indexing="ij")
    u, v = 2 * np.pi * long / around, 2 * np.pi * short / across
    points = np.stack([(3 + np.cos(v)) * np.sin(u), np.sin(v), (3 + np.cos(v)) * np.cos(u)], axis=-1)

    def number(i: Ints, j: Ints) -> Ints:
        return (i % around) * across + j % across

    quads = np.stack(
        [number(long, short), number(long + 1, short), number(long + 1, short + 1), number(long, short + 1)], axis=-1
    )
    return points.reshape(-1, 3).astype(np.float32), quads.reshape(-1, 4).astype(np.int32)


def counted_edges(quads: Ints) -> tuple[Ints, Ints]:
    """The edges (E, 2), and how many quads each has (E,); none is passed twice in one direction."""
    edges = np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2)
    assert len(np.unique(edges, axis=0)) == len(edges)
    once, count = np.unique(np.sort(edges, axis=1), axis=0, return_counts=True)
    return once, count


def euler(quads: Ints) -> int:
    return len(np.unique(quads)) - len(counted_edges(quads)[0]) + len(quads)


def check_coarse(fine: Mesh, coarse: Ints) -> None:
    """Still a mesh of quads, manifold, symmetric, of the same kind, on a part of the vertices."""
    vertices, quads = fine
    ordered = np.sort(coarse, axis=1)
    assert (ordered[:, 1:] != ordered[:, :-1]).all(), "a quad has lost a corner"
    assert counted_edges(coarse)[1].max() <= 2
    assert euler(coarse) == euler(quads)
    assert set(coarse.ravel()) < set(quads.ravel())
    mirror = mirror_of(vertices)
    assert {tuple(sorted(quad)) for quad in mirror[coarse].tolist()} == {tuple(quad) for quad in ordered.tolist()}


def plain(mesh: Mesh, wanted: int, importance: Floats | None = None) -> Ints:
    vertices, quads = mesh
    weights = np.ones(len(vertices), np.float32) if importance is None else importance
    return coarsened(vertices, quads, mirror_of(vertices), weights, wanted)


def test_chords_of_a_grid_are_its_rows_and_columns() -> None:
    _, quads = grid(6, 4)
    chords = chords_of(quads)
    assert sorted(len(chord.quads) for chord in chords) == [4] * 6 + [6] * 4
    assert np.bincount(np.concatenate([chord.quads for chord in chords])).tolist() == [2] * 24
    for chord in chords:
        assert len(chord.left) == len(chord.right) == len(chord.quads) + 1, "it ends at the border"
        edges, _ = counted_edges(quads)
        across = np.sort(np.stack([chord.left, chord.right], axis=1), axis=1)
        assert {tuple(edge) for edge in across.tolist()} <= {tuple(edge) for edge in edges.tolist()}


def test_chords_of_a_torus_run_round() -> None:
    _, quads = torus(12, 8)
    chords = chords_of(quads)
    assert sorted(len(chord.quads) for chord in chords) == [8] * 12 + [12] * 8
    assert np.bincount(np.concatenate([chord.quads for chord in chords])).tolist() == [2] * len(quads)
    for chord in chords:
        assert chord.left[0] == chord.left[-1] and chord.right[0] == chord.right[-1]


@pytest.mark.parametrize("wanted", [60, 24])
def test_a_grid_gets_coarser_and_stays_a_grid(wanted: int) -> None:
    mesh = grid(12, 8)
    coarse = plain(mesh, wanted)
    assert 0.6 * wanted <= len(coarse) <= wanted
    check_coarse(mesh, coarse)
    lengths = sorted(len(chord.quads) for chord in chords_of(coarse))
    rows = lengths.count(lengths[-1])
    assert lengths[-1] * rows == len(coarse) or lengths[0] == lengths[-1]


@pytest.mark.parametrize("wanted", [100, 50])
def test_a_torus_gets_coarser_and_stays_one(wanted: int) -> None:
    mesh = torus(16, 12)
    coarse = plain(mesh, wanted)
    assert 0.6 * wanted <= len(coarse) <= wanted
    check_coarse(mesh, coarse)
    assert euler(coarse) == 0 and (counted_edges(coarse)[1] == 2).all()


def test_what_is_important_keeps_its_quads() -> None:
    """The upper half of a grid counts ten times."""
    vertices, quads = grid(8, 12)
    upper = vertices[:, 1] > 6
    coarse = plain((vertices, quads), 64, np.where(upper, 10.0, 1.0).astype(np.float32))
    rows = np.unique(vertices[coarse.ravel(), 1])
    assert (rows > 6).sum() == 6 and (rows <= 6).sum() < 6


def test_a_vertex_on_the_plane_of_symmetry_stays_there() -> None:
    vertices, quads = grid(8, 4)
    # The columns next to the middle are the narrowest, so they go first.
    vertices[:, 0] = np.sign(vertices[:, 0]) * np.abs(vertices[:, 0]) ** 1.5
    coarse = plain((vertices, quads), 24)
    check_coarse((vertices, quads), coarse)
    assert (vertices[coarse.ravel(), 0] == 0).any()


def test_a_mesh_that_cannot_lose_a_row_stays() -> None:
    cube = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float32)
    quads = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]], np.int32)
    np.testing.assert_array_equal(plain((cube, quads), 2), quads)


def test_what_is_small_enough_is_not_touched() -> None:
    vertices, quads = grid(6, 4)
    np.testing.assert_array_equal(plain((vertices, quads), len(quads)), quads)
