"""Vertex normals of triangle meshes, weighted by area or by angle."""

from __future__ import annotations

import numpy as np

from .types import Floats, Ints


def area_weighted_normals(vertices: Floats, faces: Ints) -> Floats:
    """Vertex normals in which each face counts by its area: quick, and good where triangles are alike, as from marching
    cubes.

    vertices (V, 3); faces (F, 3), counter-clockwise seen from outside.
    Returns (V, 3), unit vectors.
    """
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    crossed = np.cross(b - a, c - a)
    normals = np.stack(
        [np.bincount(faces.ravel(), np.repeat(crossed[:, k], 3), minlength=len(vertices)) for k in range(3)], axis=1
    )
    return (normals / (np.linalg.norm(normals, axis=1, keepdims=True) + 1e-20)).astype(np.float32)


def angle_weighted_normals(vertices: Floats, faces: Ints, source: Ints | None = None) -> Floats:
    """Vertex normals in which each face counts by its angle at the vertex, as in Blender and MikkTSpace: they do not
    depend on how a surface is cut into triangles.

    vertices (V, 3); faces (F, 3), counter-clockwise seen from outside.
    source (V,): vertices of the same source (the UV seam's twins) share their normal, so that shading does not show
        the seam; None: every vertex is its own.
    Returns (V, 3), unit vectors, zero where a vertex has no face.
    """
    group = np.arange(len(vertices)) if source is None else np.asarray(source)
    sums = np.zeros((int(group.max(initial=-1)) + 1, 3))
    points = vertices.astype(np.float64)
    a, b, c = (points[faces[:, k]] for k in range(3))
    face_normals = unit(np.cross(b - a, c - a))
    for corner in range(3):
        here, there, other = (points[faces[:, (corner + k) % 3]] for k in range(3))
        cosine = np.einsum("fk,fk->f", unit(there - here), unit(other - here))
        angle = np.arccos(np.clip(cosine, -1, 1))[:, None]
        for axis in range(3):
            sums[:, axis] += np.bincount(group[faces[:, corner]], (face_normals * angle)[:, axis], len(sums))
    return unit(sums)[group].astype(np.float32)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Vectors (..., C) of length one; those of length zero stay."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(length > 0, length, 1)
