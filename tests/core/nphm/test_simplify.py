"""Simplification keeps a closed surface closed, and near to where it was."""

from __future__ import annotations

import numpy as np
from skimage.measure import marching_cubes

from clip_head.core.nphm.simplify import simplify


def sphere(cells: int) -> tuple[np.ndarray, np.ndarray]:
    axis = np.linspace(-1, 1, cells)
    x, y, z = np.meshgrid(axis, axis, axis, indexing="ij")
    vertices, faces, _, _ = marching_cubes(np.sqrt(x**2 + y**2 + z**2) - 0.7, 0, spacing=(axis[1] - axis[0],) * 3)
    return (vertices - 1).astype(np.float32), faces.astype(np.int32)


def test_fewer_triangles_on_the_same_closed_surface() -> None:
    vertices, faces = sphere(60)
    fewer, corners = simplify(vertices, faces, 2000)
    assert len(corners) <= 2000 < len(faces)
    edges, counts = np.unique(
        np.sort(corners[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1), axis=0, return_counts=True
    )
    assert (counts == 2).all()
    assert len(fewer) - len(edges) + len(corners) == 2
    assert np.abs(np.linalg.norm(fewer, axis=1) - 0.7).max() < 0.005
    a, b, c = (fewer[corners[:, k]] for k in range(3))
    assert np.einsum("fk,fk->", a, np.cross(b, c)) > 0


def test_a_small_mesh_is_left_alone() -> None:
    vertices, faces = sphere(12)
    assert simplify(vertices, faces, 100_000) == (vertices, faces)
