"""How space moves with a surface: close to it as the nearest point does, farther away as the mean of a part of the
surface that is the wider, the greater the distance."""

from __future__ import annotations

import igl
import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from clip_head.core.types import Floats, Ints

from .distance import sample_surface

#: Up to this distance from the surface a point moves as the nearest surface point does, units (3 mm): so near that
#: other parts of the surface hardly matter.
CLOSE_BY = 0.012
#: Samples of the surface that a point farther away follows: enough that neighbouring points follow almost the same.
NEIGHBOURS = 48
#: Number of samples of the whole surface, and the distance in units up to which they are used: the farther a point, the
#: sparser the samples, so that NEIGHBOURS of them span the wider a part of the surface.
SAMPLINGS = ((40_000, 0.025), (2500, 0.07), (500, np.inf))


def surrounding_weights(vertices: Floats, faces: Ints, points: Floats, rng: np.random.Generator) -> sp.csr_matrix:
    """Weights by which points around a mesh follow the displacements of its vertices.

    Up to CLOSE_BY these are the barycentric coordinates of the nearest surface point. Farther away the weights are the
    inverse fourth powers of the distances to samples of the surface (Shepard's interpolation), cut off smoothly at the
    farthest of NEIGHBOURS.

    vertices: (V, 3) of the mesh, units.
    faces: (F, 3) vertex indices.
    points: (P, 3) in the same frame.
    rng: source of the surface samples.
    Returns: (P, V) sparse weights; every row sums to 1.
    Source: D. Shepard, A two-dimensional interpolation function for irregularly-spaced data, ACM 1968.
    """
    squared, face, nearest = igl.point_mesh_squared_distance(
        points.astype(np.float64), vertices.astype(np.float64), faces
    )
    distance = np.sqrt(squared)
    lower = CLOSE_BY
    rows = [np.flatnonzero(distance < lower)]
    corners = [np.ascontiguousarray(vertices[faces[face[rows[0]], k]], np.float64) for k in range(3)]
    bary = igl.barycentric_coordinates(np.ascontiguousarray(nearest[rows[0]]), *corners)
    blocks = [sparse_rows(faces[face[rows[0]]], bary, len(vertices))]
    for count, upper in SAMPLINGS:
        sample = sample_surface(vertices, faces, count, rng, by_area=1.0)
        rows.append(np.flatnonzero((distance >= lower) & (distance < upper)))
        radius, near = cKDTree(sample.points).query(points[rows[-1]], NEIGHBOURS)
        weight = (1.0 - (radius / radius[:, -1:]) ** 2) ** 2 / (radius**2 + 1e-6) ** 2
        weight /= weight.sum(axis=1, keepdims=True)
        blocks.append(sparse_rows(near, weight, count) @ sparse_rows(faces[sample.face], sample.bary, len(vertices)))
        lower = upper
    order = np.argsort(np.concatenate(rows))
    return sp.vstack(blocks).tocsr()[order]


def sparse_rows(columns: Ints, values: Floats, width: int) -> sp.csr_matrix:
    """A sparse matrix with K entries in every row.

    columns: (N, K) column of each entry.
    values: (N, K) the entries.
    width: number of columns.
    Returns: (N, width) matrix.
    """
    starts = np.arange(0, columns.size + 1, columns.shape[1])
    return sp.csr_matrix((values.ravel().astype(np.float32), columns.ravel(), starts), shape=(len(columns), width))
