"""What of a surface moves the points around it: close by the nearest point, farther away ever more of it."""

from __future__ import annotations

import igl
import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from clip_head.core.types import Floats, Ints

from .distance import sample_surface

#: Up to this distance space moves with the nearest surface point, units (3 mm).
CLOSE_BY = 0.012
#: Samples of the surface that a point away from it follows.
NEIGHBOURS = 48


def surrounding_weights(vertices: Floats, faces: Ints, points: Floats, rng: np.random.Generator) -> sp.csr_matrix:
    """Weights (P, V) of the vertices of a mesh at points (P, 3) off it: those of the nearest surface point close by;
    farther away the inverse fourth powers of the distance to samples of the surface, cut off smoothly at the farthest
    of NEIGHBOURS, and the sparser samples the farther."""
    squared, face, nearest = igl.point_mesh_squared_distance(
        points.astype(np.float64), vertices.astype(np.float64), faces
    )
    away = np.sqrt(squared)
    least = CLOSE_BY
    rows = [np.flatnonzero(away < least)]
    corners = [np.ascontiguousarray(vertices[faces[face[rows[0]], k]], np.float64) for k in range(3)]
    bary = igl.barycentric_coordinates(np.ascontiguousarray(nearest[rows[0]]), *corners)
    found = [sparse_rows(faces[face[rows[0]]], bary, len(vertices))]
    for count, limit in ((40_000, 0.025), (2500, 0.07), (500, np.inf)):
        sample = sample_surface(vertices, faces, count, rng, by_area=1.0)
        rows.append(np.flatnonzero((away >= least) & (away < limit)))
        distance, near = cKDTree(sample.points).query(points[rows[-1]], NEIGHBOURS)
        weight = (1.0 - (distance / distance[:, -1:]) ** 2) ** 2 / (distance**2 + 1e-6) ** 2
        weight /= weight.sum(axis=1, keepdims=True)
        found.append(sparse_rows(near, weight, count) @ sparse_rows(faces[sample.face], sample.bary, len(vertices)))
        least = limit
    order = np.argsort(np.concatenate(rows))
    return sp.vstack(found).tocsr()[order]


def sparse_rows(columns: Ints, values: Floats, width: int) -> sp.csr_matrix:
    """A sparse matrix (N, width) with values (N, K) in columns (N, K)."""
    starts = np.arange(0, columns.size + 1, columns.shape[1])
    return sp.csr_matrix((values.ravel().astype(np.float32), columns.ravel(), starts), shape=(len(columns), width))
