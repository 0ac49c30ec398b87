"""The mouth's cavity stays behind the skin: a kiss or a pout draws it forwards more than what is in front of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from ..types import Bools, Floats, Ints
from .heights import depth_below

#: Distance from the skin within which the cavity's wall is behind it, units (8 mm).
WALL = 0.032
#: Distance from the lips within which skin may have the cavity behind it, units (30 mm).
SURROUNDINGS = 0.12
#: Least distance of wall and skin, from front to back, units (1 mm).
THICKNESS = 0.004
#: Distance within which the wall follows where it is drawn back, units (6 mm).
REACH = 0.024
#: Side of the squares, seen from the front, in which the skin's heights are kept, units (1.2 mm).
CELL = 0.005
#: The axis that points to the front.
FORWARDS = 2


@dataclass(frozen=True)
class Cavity:
    """The front of the mouth's cavity, and the skin before it, on a template.

    wall (W,): vertices of the cavity.
    skin (F, 3): triangles, without the lips, into which the cavity's wall goes over.
    followers, leaders (P,): pairs of vertices of the wall, as indices into it, that are near each other.
    follow (P,): how far each follower moves with its leader, 0 to 1; every vertex follows itself wholly.
    """

    wall: Ints
    skin: Ints
    followers: Ints
    leaders: Ints
    follow: Floats

    @staticmethod
    def on(vertices: Floats, faces: Ints, mouth: Bools, cavity: Bools, lips: Bools) -> Cavity:
        """The cavity of a template.

        vertices (V, 3): units; faces (F, 3): of the template's surface.
        mouth, cavity, lips (V,): True within the mouth, there but for the tongue, and on the lips.
        """
        near = (cKDTree(vertices[lips]).query(vertices)[0] < SURROUNDINGS) & ~mouth
        within = np.flatnonzero(cavity)
        wall = within[cKDTree(vertices[near]).query(vertices[within])[0] < WALL]
        skin = faces[(near & ~lips)[faces].all(axis=1)]
        tree = cKDTree(vertices[wall])
        pairs = tree.sparse_distance_matrix(tree, REACH, output_type="coo_matrix")
        return Cavity(wall, skin, pairs.row, pairs.col, (1.0 - (pairs.data / REACH) ** 2) ** 2)

    def behind_skin(self, posed: Floats) -> Floats:
        """Offsets (W,) along z, units, at most 0, which bring the wall behind the skin.

        posed (V, 3): the vertices of a head, units.
        """
        depth = depth_below(posed, self.wall, self.skin, FORWARDS, CELL)
        covered = np.isfinite(depth)
        drawn_back = np.maximum(THICKNESS - np.where(covered, depth, np.inf), 0.0)
        moved = np.zeros(len(self.wall))
        leads = np.flatnonzero(drawn_back[self.leaders])
        np.maximum.at(moved, self.followers[leads], self.follow[leads] * drawn_back[self.leaders[leads]])
        return np.asarray(-moved, np.float32)
