"""The surface that a head is fitted to, and the places on it that the fit is drawn to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial import cKDTree

from ..normals import area_weighted_normals, unit
from ..nphm.sheet import closest_barycentric
from ..types import Floats, Ints

#: Length, units, that a unit normal has where the nearest place is sought: 5 mm keep lips and lids apart, 30 mm bring
#: the bridge of a nose to a bridge and lids to lids also where they lie elsewhere.
NEAR, ALIKE = 0.02, 0.12
#: How many triangles are tried for the nearest place: the nearest middle may be a neighbour's.
CANDIDATES = 12


@dataclass(frozen=True)
class Target:
    """A surface, such as a scan's.

    vertices (V, 3): units.
    faces (F, 3): counter-clockwise seen from outside.
    direction: length that a unit normal has, units (see NEAR).
    """

    vertices: Floats
    faces: Ints
    direction: float = NEAR

    @cached_property
    def normals(self) -> Floats:
        """At the vertices (V, 3), unit vectors."""
        return area_weighted_normals(self.vertices, self.faces)

    @cached_property
    def _facing(self) -> Floats:
        """Of the triangles (F, 3), unit vectors."""
        a, b, c = np.moveaxis(self.vertices[self.faces], 1, 0)
        return np.asarray(unit(np.cross(b - a, c - a)), np.float32)

    @cached_property
    def _tree(self) -> cKDTree:
        """Of the triangles, by place and direction."""
        return cKDTree(np.hstack([self.vertices[self.faces].mean(axis=1), self.direction * self._facing]))

    def locate(self, points: Floats, normals: Floats) -> tuple[Ints, Floats]:
        """The place nearest to each point, of those that face about the same way.

        points (N, 3): units.
        normals (N, 3): unit normals there.
        Returns the corners (N, 3) of its triangle, and barycentric coordinates (N, 3).
        """
        near = self._tree.query(np.hstack([points, self.direction * normals]), CANDIDATES)[1]
        corners = self.vertices[self.faces[near]]
        first, edges = corners[:, :, 0], corners[:, :, 1:] - corners[:, :, :1]
        barycentric = closest_barycentric(points[:, None] - first, edges[:, :, 0], edges[:, :, 1])
        away = np.einsum("nfk,nfkc->nfc", barycentric, corners) - points[:, None]
        # Of the candidates the nearest: directions of small triangles are too uneven to choose by.
        rows, best = np.arange(len(points)), (away**2).sum(axis=2).argmin(axis=1)
        return self.faces[near[rows, best]], np.asarray(barycentric[rows, best], np.float32)

    def closest(self, points: Floats, normals: Floats) -> tuple[Floats, Floats]:
        """The same places (N, 3), units, and the unit normals (N, 3) there."""
        corners, barycentric = self.locate(points, normals)
        places = np.einsum("nk,nkc->nc", barycentric, self.vertices[corners])
        there = unit(np.einsum("nk,nkc->nc", barycentric, self.normals[corners]))
        return places.astype(np.float32), there.astype(np.float32)
