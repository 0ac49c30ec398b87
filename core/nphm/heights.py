"""How far points lie below a surface, seen along an axis: of faces, whose surfaces fold, this says more than which side
of the nearest triangle a point is on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Floats, Ints

#: Points per edge of a triangle at which its height is taken.
SAMPLES = 8
#: Barycentric coordinates (P, 3) of points so spread over a triangle, corners included.
_I, _J = np.indices((SAMPLES, SAMPLES)).reshape(2, -1) / (SAMPLES - 1)
_WEIGHTS = np.stack([1.0 - _I - _J, _I, _J], axis=1)[_I + _J < 1.0 + 1e-6]


def depth_below(at: Floats, vertices: Ints, faces: Ints, axis: int, cell: float) -> Floats:
    """How far vertices lie below the highest part of a surface at their place, units: (N,), negative above it, and -inf
    where the surface is nowhere above or below them.

    at (V, 3): positions, units.
    vertices, faces, axis, cell: as of `Columns.of`; the axis points up.
    """
    return Columns.of(at, vertices, faces, axis, cell).depth(at[:, axis])


@dataclass(frozen=True)
class Columns:
    """Squares across an axis, in which the highest part of a surface is kept: the same for all positions that differ
    along the axis alone.

    vertices (N,): that are asked about.
    asked (N,): the square of each.
    corners (3, F): vertices of the surface's triangles that have a part in those squares.
    points (S,): which of these triangles' points lie there, as indices into (P, F); squares (S,): where each lies.
    count: of the squares.
    """

    vertices: Ints
    asked: Ints
    corners: Ints
    points: Ints
    squares: Ints
    count: int

    @staticmethod
    def of(at: Floats, vertices: Ints, faces: Ints, axis: int, cell: float) -> Columns:
        """The squares of a surface.

        at (V, 3): positions, units.
        vertices (N,): that are asked about.
        faces (F, 3): of the surface.
        axis: 0, 1 or 2.
        cell: side of the squares, units; a surface has no gaps where its edges are shorter than SAMPLES - 1 of them.
        """
        across, corners, weights = [at[:, k] for k in range(3) if k != axis], faces.T, _WEIGHTS.astype(at.dtype)
        # The corners bound the triangles; of all their points it would take ten times as long.
        bounding = [np.concatenate([x[corners].ravel(), x[vertices]]) for x in across]
        low = [x.min() for x in bounding]
        # One more than the corners need: a point between them may be rounded to beyond them.
        rows, columns = (int((x.max() - least) / cell) + 2 for x, least in zip(bounding, low, strict=True))

        def squares(of: list[Floats]) -> Ints:
            row, column = (((x - least) / cell).astype(np.int32) for x, least in zip(of, low, strict=True))
            return np.asarray(row * columns + column)

        asked = squares([x[vertices] for x in across])
        wanted = np.zeros(rows * columns, bool)
        wanted[asked] = True
        every = squares([weights @ x[corners] for x in across])
        there = wanted[every]
        used = there.any(axis=0)
        # With indices of the machine's type: else `at` takes ten times as long.
        points, of_points = np.flatnonzero(there[:, used]), every[there].astype(np.intp)
        return Columns(vertices, asked, corners[:, used], points, of_points, rows * columns)

    def depth(self, heights: Floats) -> Floats:
        """How far the vertices lie below the surface (N,), units, as of `depth_below`.

        heights (V,): of all vertices along the axis, units.
        """
        points = (_WEIGHTS.astype(heights.dtype) @ heights[self.corners]).ravel()[self.points]
        top = np.full(self.count, -np.inf, points.dtype)
        np.maximum.at(top, self.squares, points)
        return np.asarray(top[self.asked].astype(np.float64) - heights[self.vertices])
