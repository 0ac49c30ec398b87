"""How far points lie below a surface, seen along an axis: of faces, whose surfaces fold, this says more than which side
of the nearest triangle a point is on."""

from __future__ import annotations

import numpy as np

from ..types import Floats, Ints

#: Points per edge of a triangle at which its height is taken.
SAMPLES = 8


def depth_below(at: Floats, vertices: Ints, faces: Ints, axis: int, cell: float) -> Floats:
    """How far vertices lie below the highest part of a surface at their place, units: (N,), negative above it, and -inf
    where the surface is nowhere above or below them.

    at (V, 3): positions, units.
    vertices (N,): that are asked about.
    faces (F, 3): of the surface.
    axis: 0, 1 or 2, which points up.
    cell: side of the squares in which heights are kept, units; a surface has no gaps where its edges are shorter than
        SAMPLES - 1 of them.
    """
    across = [k for k in range(3) if k != axis]
    points, asked = _on_triangles(at, faces), at[vertices]
    # The corners bound the triangles; of all their points it would take ten times as long.
    bounding = np.concatenate([at[faces.ravel()], asked])[:, across]
    low, high = bounding.min(axis=0), bounding.max(axis=0)
    rows, columns = ((high - low) / cell).astype(int) + 1

    def cells(of: Floats) -> Ints:
        row, column = ((of[:, across] - low) / cell).astype(np.int32).T
        return np.asarray(row * columns + column)

    # Of the points' own type and with indices of the machine's: else `at` takes ten times as long.
    top = np.full(rows * columns, -np.inf, points.dtype)
    np.maximum.at(top, cells(points).astype(np.intp), np.ascontiguousarray(points[:, axis]))
    return np.asarray(top[cells(asked)].astype(np.float64) - asked[:, axis])


def _on_triangles(at: Floats, faces: Ints) -> Floats:
    """Points (N, 3) spread over triangles (F, 3), corners included. at (V, 3): their vertices."""
    i, j = np.meshgrid(*[np.arange(SAMPLES)] * 2, indexing="ij")
    first, second = i[i + j < SAMPLES] / (SAMPLES - 1), j[i + j < SAMPLES] / (SAMPLES - 1)
    weights = np.stack([1.0 - first - second, first, second], axis=1).astype(at.dtype)
    return np.asarray((weights @ at[faces]).reshape(-1, 3))  # a product of matrices: einsum takes thirty times as long
