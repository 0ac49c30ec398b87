"""Displacements of the template carried to a head in its own proportions: deformation transfer.

How a head differs from the template near a point is a linear map: the template's edges there become the head's. The
same map takes the way of a point in an expression, so the smile of a small or a wide face is a small or a wide one.
The maps are averaged over neighbourhoods, as a single fold of the skin says nothing of proportions.

Source: R. Sumner, J. Popovic, Deformation transfer for triangle meshes, SIGGRAPH 2004.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack, vstack
from scipy.spatial import cKDTree

from ..types import Bools, Floats, Ints

#: Width of the Gaussian over which maps are averaged, units (12 mm), and the spacing of the nodes where they are kept.
WIDTH, SPACING = 0.048, 0.04
#: How many of the nearest nodes a point takes part in.
NEIGHBOURS = 12
#: Least and greatest stretch that a map may have: what lies beyond is an error of the surface, not a proportion.
LEAST, GREATEST = 0.5, 1.6


@dataclass(frozen=True)
class Proportions:
    """What is known of the template.

    faces (F, 3): its triangles.
    inverse (F, 3, 3): of each triangle's two edges and its normal, as columns.
    gather (N, F), spread (V, N): sparse; from triangles to nodes, and from those to vertices. Rows sum to 1.
    """

    faces: Ints
    inverse: Floats
    gather: csr_matrix
    spread: csr_matrix

    @staticmethod
    def on(vertices: Floats, faces: Ints, apart: tuple[Bools, ...]) -> Proportions:
        """The proportions of a template.

        vertices (V, 3): units; faces (F, 3): triangles.
        apart: masks (V,) of parts, such as eyeballs, that move as a whole and have a map of their own each.
        """
        rest = _frames(vertices, faces)
        size = np.abs(np.linalg.det(rest))
        whole = size > 1e-4 * np.median(size)
        faces, rest, size = faces[whole], rest[whole], size[whole]
        centres = vertices[faces].mean(axis=1)
        parts = np.array(apart, dtype=float).reshape(-1, len(vertices))
        of_part = np.array([part[faces].all(axis=1) for part in apart], dtype=float).reshape(-1, len(faces))
        skin = ~of_part.any(axis=0)
        cells = np.unique(np.round(centres[skin] / SPACING).astype(int), axis=0)
        nodes = centres[skin][np.unique(cKDTree(centres[skin]).query(cells * SPACING)[1])]
        gather = vstack([_gaussian(centres, nodes).T @ diags(size * skin), csr_matrix(of_part * size)])
        spread = hstack([diags(1.0 - parts.any(axis=0)) @ _gaussian(vertices, nodes), csr_matrix(parts.T)])
        return Proportions(faces, np.linalg.inv(rest), _normalised(gather), _normalised(spread))

    def maps(self, head: Floats) -> Floats:
        """(V, 3, 3) what the displacements of the template's vertices become on a head.

        head (V, 3): where the template's vertices lie on it, units.
        """
        maps = _frames(head, self.faces) @ self.inverse
        stretch = np.linalg.norm(maps, axis=(1, 2)) / np.sqrt(3.0)
        maps *= (stretch.clip(LEAST, GREATEST) / (stretch + 1e-12))[:, None, None]
        return np.asarray((self.spread @ (self.gather @ maps.reshape(-1, 9))).reshape(-1, 3, 3))

    def carry(self, head: Floats, offsets: Floats) -> Floats:
        """Offsets (V, 3) of the template's vertices as those (V, 3) of a head, units.

        head (V, 3): where the template's vertices lie on it, units.
        """
        return carried(self.maps(head), offsets)


def carried(maps: Floats, offsets: Floats) -> Floats:
    """Offsets (V, 3), units, by the maps (V, 3, 3) of a head."""
    # Most actions move a part of the face alone. Seen as one: `any` along an axis of three takes ten times as long.
    moved = np.flatnonzero(offsets[:, 0].astype(bool) | offsets[:, 1].astype(bool) | offsets[:, 2].astype(bool))
    on_head = np.zeros(offsets.shape, np.float32)
    on_head[moved] = np.einsum("vij,vj->vi", maps[moved], offsets[moved])
    return on_head


def _frames(vertices: Floats, faces: Ints) -> Floats:
    """(F, 3, 3) two edges of each triangle and its normal, as long as the edges are on average, as columns."""
    corners = vertices[faces].astype(np.float64)
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    normal = np.cross(first, second)
    normal /= np.sqrt(np.linalg.norm(normal, axis=1, keepdims=True)) + 1e-12
    return np.stack([first, second, normal], axis=2)


def _gaussian(points: Floats, nodes: Floats) -> csr_matrix:
    """(P, N) sparse Gaussian weights of the nodes (N, 3) nearest to points (P, 3)."""
    count = min(NEIGHBOURS, len(nodes))
    distance, near = cKDTree(nodes).query(points, count)
    weights = np.exp(-((distance.reshape(-1) / WIDTH) ** 2)) + 1e-6
    rows = np.repeat(np.arange(len(points)), count)
    return csr_matrix((weights, (rows, near.reshape(-1))), shape=(len(points), len(nodes)))


def _normalised(weights: csr_matrix) -> csr_matrix:
    """Rows that sum to 1; empty rows stay empty."""
    total = np.asarray(weights.sum(axis=1)).ravel()
    return csr_matrix(diags(1.0 / np.where(total > 0, total, 1.0)) @ weights)
