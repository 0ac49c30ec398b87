"""Triangles of quads, and which of a surface's go through each other."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from clip_head.core.types import Bools, Floats, Ints

#: The greatest distance of the middles of two triangles that cross each other, units (4 mm).
FAR = 0.016


def triangles(quads: Ints) -> Ints:
    """The triangles (2 Q, 3) of quads (Q, 4), as the painter's mesh has them."""
    return np.asarray(quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3), np.int32)


def crossing_pairs(vertices: Floats, faces: Ints) -> Ints:
    """The pairs (N, 2) of triangles without a common vertex of which an edge of one goes through the other.

    vertices (V, 3): units; faces (F, 3): with edges of up to three quarters of FAR.
    """
    corners = vertices[faces].astype(np.float64)
    pairs = cKDTree(corners.mean(axis=1)).query_pairs(FAR, output_type="ndarray")
    low, high = corners.min(axis=1), corners.max(axis=1)
    pairs = pairs[((low[pairs[:, 0]] <= high[pairs[:, 1]]) & (low[pairs[:, 1]] <= high[pairs[:, 0]])).all(axis=1)]
    pairs = pairs[~(faces[pairs[:, 0], :, None] == faces[pairs[:, 1], None, :]).any(axis=(1, 2))]
    crosses = np.zeros(len(pairs), bool)
    for one, other in (pairs.T, pairs.T[::-1]):
        for k in range(3):
            crosses |= goes_through(corners[one, k], corners[one, (k + 1) % 3], corners[other])
    return np.asarray(pairs[crosses], np.int32)


def goes_through(start: Floats, end: Floats, triangle: Floats) -> Bools:
    """Whether edges from start (N, 3) to end (N, 3) go through triangles (N, 3, 3): (N,)."""
    a, b, c = np.moveaxis(triangle, 1, 0)

    def volume(p: Floats, q: Floats, r: Floats, s: Floats) -> Floats:
        return np.asarray(np.einsum("nk,nk->n", np.cross(q - p, r - p), s - p))

    apart = volume(a, b, c, start) * volume(a, b, c, end) < 0
    around = [volume(start, end, *edge) for edge in ((a, b), (b, c), (c, a))]
    same = (np.sign(around[0]) == np.sign(around[1])) & (np.sign(around[1]) == np.sign(around[2]))
    return np.asarray(apart & same)
