"""The skin of one head, as guides feel it: how far they are outside, and its triangles."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from ..nphm.sheet import closest_barycentric
from ..types import Floats, Ints

#: How many triangles are tried for the closest one.
CANDIDATES = 12
#: Cosine of the angle to the normal within which a point lies under its closest place on the skin.
SQUARE = 0.5


class Skin:
    """The skin of one person.

    vertices (V, 3): of the head, units.
    triangles (F, 3): halves of its quads, two in a row.
    normals (V, 3): unit vectors.
    """

    def __init__(self, vertices: Floats, quads: Ints) -> None:
        """vertices: as above; quads (Q, 4): of the finest level."""
        self.vertices, self.triangles = vertices, halves(quads)
        corners = vertices[self.triangles]
        self._edges = corners[:, 1:] - corners[:, :1]
        area = np.cross(self._edges[:, 0], self._edges[:, 1])
        normals = np.zeros_like(vertices)
        for corner in range(3):
            np.add.at(normals, self.triangles[:, corner], area)
        self.normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
        self._tree = cKDTree(corners.mean(axis=1))

    def nearest(self, points: Floats) -> tuple[Floats, Floats]:
        """How far points (N, 3) lie outside the skin (N,), units, and the normals (N, 3) there."""
        near = self._tree.query(points, CANDIDATES)[1]
        first = self.vertices[self.triangles[near, 0]]
        barycentric = closest_barycentric(points[:, None] - first, self._edges[near, 0], self._edges[near, 1])
        at = np.einsum("nfk,nfkc->nfc", barycentric, self.vertices[self.triangles[near]])
        offset = points[:, None] - at
        best = (offset**2).sum(axis=2).argmin(axis=1)
        rows = np.arange(len(points))
        normal = np.einsum("nk,nkc->nc", barycentric[rows, best], self.normals[self.triangles[near[rows, best]]])
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
        height = (offset[rows, best] * normal).sum(axis=1)
        # Beside the border of the neck, where the skin ends, nothing is inside.
        aside = np.linalg.norm(offset[rows, best], axis=1)
        return np.where(-height < SQUARE * aside, np.maximum(height, SQUARE * aside), height), normal

    def find(self, corners: Ints) -> Ints:
        """Which triangles (N,) have these vertices (N, 3), in any order; for those that are none, any."""

        def key(triangles: Ints) -> Ints:
            a, b, c = np.sort(triangles.astype(np.int64), axis=1).T
            return np.asarray((a * len(self.vertices) + b) * len(self.vertices) + c)

        known = key(self.triangles)
        order = np.argsort(known)
        return np.asarray(order[np.searchsorted(known, key(corners), sorter=order).clip(0, len(known) - 1)])


def halves(quads: Ints) -> Ints:
    """The triangles (2 Q, 3) that quads (Q, 4) are made of, two in a row."""
    return np.asarray(quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3), np.int32)
