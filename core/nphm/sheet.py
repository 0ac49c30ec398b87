"""Values given on the vertices of the template's surface, looked up at points near it.

Upper and lower lip, lid and eyeball lie close together but face different ways: a nearest triangle is sought among
positions and directions at once, which keeps the sheets apart.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from ..types import Floats, Ints

#: Length, units (5 mm), that a unit normal has in the search: sheets that face opposite ways count as 10 mm apart.
DIRECTION_WEIGHT = 0.02
#: How many nearest triangles a value is the mean of, so that it does not jump where the nearest one changes.
NEIGHBOURS = 6


class TemplateSheet:
    """A triangle mesh with a search tree over its triangles. vertices (V, 3), faces (F, 3)."""

    def __init__(self, vertices: Floats, faces: Ints) -> None:
        self.vertices = vertices
        self.faces = faces
        corners = vertices[faces]
        self._edges = corners[:, 1:] - corners[:, :1]
        normals = np.cross(self._edges[:, 0], self._edges[:, 1])
        normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-20
        centres = corners.mean(axis=1)
        self._by_place = cKDTree(centres)
        self._by_place_and_direction = cKDTree(np.hstack([centres, DIRECTION_WEIGHT * normals]))

    def interpolate(self, values: Floats, points: Floats, normals: Floats | None = None) -> Floats:
        """The mean of the nearest triangles' linear interpolations.

        values (V, C): at the vertices.
        points (N, 3): near the surface, units.
        normals (N, 3): unit normals there, which tell sheets apart that lie close together; None: places alone count.
        Returns (N, C).
        """
        if normals is None:
            near = self._by_place.query(points, NEIGHBOURS)[1]
        else:
            near = self._by_place_and_direction.query(np.hstack([points, DIRECTION_WEIGHT * normals]), NEIGHBOURS)[1]
        total = np.zeros((len(points), values.shape[1]), dtype=np.float32)
        weight = np.zeros((len(points), 1), dtype=np.float32)
        for k in range(NEIGHBOURS):
            face = near[:, k]
            bary = self._barycentric(face, points)
            corners = self.faces[face]
            nearest = np.einsum("nk,nkc->nc", bary, self.vertices[corners])
            squared = ((points - nearest) ** 2).sum(axis=1, keepdims=True)
            near_weight = 1.0 / (squared + 1e-6)
            total += near_weight * np.einsum("nk,nkc->nc", bary, values[corners])
            weight += near_weight
        mean: Floats = total / weight
        return mean

    def _barycentric(self, face: Ints, points: Floats) -> Floats:
        """Barycentric coordinates (N, 3) of points projected onto faces (N,), kept within the triangle."""
        first, second = self._edges[face, 0], self._edges[face, 1]
        to = points - self.vertices[self.faces[face, 0]]
        aa, ab, bb = (np.einsum("nk,nk->n", x, y) for x, y in ((first, first), (first, second), (second, second)))
        pa, pb = np.einsum("nk,nk->n", to, first), np.einsum("nk,nk->n", to, second)
        area = aa * bb - ab * ab + 1e-20
        inner = np.stack([(bb * pa - ab * pb) / area, (aa * pb - ab * pa) / area], axis=1).clip(0.0, 1.0)
        inner /= np.maximum(inner.sum(axis=1, keepdims=True), 1.0)
        bary: Floats = np.hstack([1.0 - inner.sum(axis=1, keepdims=True), inner]).astype(np.float32)
        return bary
