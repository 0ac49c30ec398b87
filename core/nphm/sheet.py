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
    """A triangle mesh with search trees over its triangles.

    vertices (V, 3): units.
    faces (F, 3): counter-clockwise seen from outside.
    """

    def __init__(self, vertices: Floats, faces: Ints) -> None:
        self.vertices = vertices
        self.faces = faces
        corners = vertices[faces]
        self._edges = corners[:, 1:] - corners[:, :1]
        normals = np.cross(self._edges[:, 0], self._edges[:, 1])
        normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-20
        centres = corners.mean(axis=1)
        self._by_position = cKDTree(centres)
        self._by_position_and_normal = cKDTree(np.hstack([centres, DIRECTION_WEIGHT * normals]))

    def interpolate(self, values: Floats, points: Floats, normals: Floats | None = None) -> Floats:
        """The mean of the nearest triangles' linear interpolations.

        values (V, C): at the vertices.
        points (N, 3): near the surface, units.
        normals (N, 3): unit normals there, by which sheets that lie close together are kept apart; None: positions
            alone count.
        Returns (N, C).
        """
        if normals is None:
            near = self._by_position.query(points, NEIGHBOURS)[1]
        else:
            near = self._by_position_and_normal.query(np.hstack([points, DIRECTION_WEIGHT * normals]), NEIGHBOURS)[1]
        total = np.zeros((len(points), values.shape[1]), dtype=np.float32)
        weight = np.zeros((len(points), 1), dtype=np.float32)
        for k in range(NEIGHBOURS):
            face = near[:, k]
            corners = self.faces[face]
            from_corner = points - self.vertices[corners[:, 0]]
            bary = closest_barycentric(from_corner, self._edges[face, 0], self._edges[face, 1]).astype(np.float32)
            nearest = np.einsum("nk,nkc->nc", bary, self.vertices[corners])
            squared = ((points - nearest) ** 2).sum(axis=1, keepdims=True)
            near_weight = 1.0 / (squared + 1e-6)
            total += near_weight * np.einsum("nk,nkc->nc", bary, values[corners])
            weight += near_weight
        mean: Floats = total / weight
        return mean


def closest_barycentric(points: Floats, first: Floats, second: Floats) -> Floats:
    """Barycentric coordinates of points projected onto triangles, kept within the triangle: about the closest place.

    points (..., 3): relative to a corner of the triangle.
    first, second (..., 3): the two edges from that corner.
    Returns (..., 3): the weight of that corner, and of the ends of the two edges.
    """
    aa, ab, bb = (np.einsum("...c,...c->...", x, y) for x, y in ((first, first), (first, second), (second, second)))
    pa, pb = np.einsum("...c,...c->...", points, first), np.einsum("...c,...c->...", points, second)
    squared_area = aa * bb - ab * ab + 1e-20
    inner = np.stack([(bb * pa - ab * pb) / squared_area, (aa * pb - ab * pa) / squared_area], axis=-1).clip(0.0, 1.0)
    inner /= np.maximum(inner.sum(axis=-1, keepdims=True), 1.0)
    barycentric: Floats = np.concatenate([1.0 - inner.sum(axis=-1, keepdims=True), inner], axis=-1)
    return barycentric
