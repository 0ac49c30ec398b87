"""Lips that would pass through each other push each other apart: an expression is a sum of displacements, none of which
knows of the others.

Whatever the expression, the slit of the mouth runs across and its lips face each other upwards and downwards, so they
cross where the lower lip's top is higher than the upper lip's underside. Both then give way by half, and their
surroundings follow. Heights tell this of lips that start on the wrong side of each other, too, and of the folds that
full lips have inside, on which the direction of a triangle's normal means nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_matrix
from scipy.spatial import cKDTree

from ..types import Bools, Floats, Ints
from .heights import Columns

#: Vertices this near to the lips may give way, units (20 mm).
SURROUNDINGS = 0.08
#: Width of the Gaussian by which vertices follow one that is pushed, units (2.5 mm).
WIDTH = 0.01
#: Vertices nearer than this to the mouth's corners, where the lips are joined, units (2 mm), are not pushed.
CORNER = 0.008
#: Depth, units (0.1 mm), up to which lips that still cross cannot be seen to, and most rounds of pushing.
ALLOWED, ROUNDS = 0.0004, 12
#: Side of the squares, seen from above, in which the lips' heights are kept, units (0.4 mm).
CELL = 0.0016
#: The axis that points upwards.
UPWARDS = 1


@dataclass(frozen=True)
class Lip:
    """One lip among the M vertices near the mouth.

    vertices (N,): its vertices but those at the mouth's corners, where the lips are one.
    faces (F, 3): its triangles.
    """

    vertices: Ints
    faces: Ints


@dataclass(frozen=True)
class Lips:
    """Both lips of a template.

    near (M,): vertices of the sheet around the mouth, which the lips' indices refer to.
    upper, lower: the lips.
    follow (M, M): sparse; entry (i, j) is how far vertex i moves with a push at j, 0 to 1, on the same lip's side.
    """

    near: Ints
    upper: Lip
    lower: Lip
    follow: csc_matrix

    @staticmethod
    def on(vertices: Floats, faces: Ints, upper: Bools, lower: Bools) -> Lips:
        """The lips of a template.

        vertices (V, 3): units; faces (F, 3): of the template's surface.
        upper, lower (V,): True on that lip.
        """
        both = np.flatnonzero(upper | lower)
        distance, nearest = cKDTree(vertices[both]).query(vertices)
        near = np.flatnonzero(distance < SURROUNDINGS)
        side = upper[both[nearest[near]]]
        tree = cKDTree(vertices[near])
        close = tree.sparse_distance_matrix(tree, 3 * WIDTH, output_type="coo_matrix")
        kept = side[close.row] == side[close.col]
        following = np.exp(-((close.data[kept] / WIDTH) ** 2))
        follow = csc_matrix((following, (close.row[kept], close.col[kept])), shape=close.shape)
        follow.setdiag(1.0)
        renumber = np.full(len(vertices), -1)
        renumber[near] = np.arange(len(near))
        joint = np.unique(faces[upper[faces].any(axis=1) & lower[faces].any(axis=1)])
        corners = cKDTree(vertices[joint]).query(vertices)[0] < CORNER if len(joint) else np.zeros(len(vertices), bool)
        one, other = (_lip(renumber, faces, lip, corners) for lip in (upper, lower))
        return Lips(near, one, other, follow)

    def separate(self, canonical: Floats, offsets: Floats) -> Floats:
        """An expression whose lips do not cross any more, but for ALLOWED.

        canonical (V, 3): the template's vertices on a head, units.
        offsets (V, 3): of the expression, units.
        Returns offsets (V, 3), units; the same array where the lips do not cross.
        """
        start = canonical[self.near] + offsets[self.near]
        between, height = self._between(start), start[:, UPWARDS].copy()
        for _ in range(ROUNDS):
            pushes = 0.5 * self._crossing(between, height)
            if np.abs(pushes).max(initial=0.0) <= 0.5 * ALLOWED:
                break
            pushing = np.flatnonzero(pushes)
            follow = self.follow[:, pushing]
            height += (follow @ pushes[pushing]) / np.maximum(follow @ np.ones(len(pushing)), 1.0)
        else:
            height += 0.5 * self._crossing(between, height)
        if (height == start[:, UPWARDS]).all():
            return offsets
        separated = offsets.copy()
        separated[self.near, UPWARDS] += height - start[:, UPWARDS]
        return separated

    def crossing(self, at: Floats) -> Floats:
        """How far the vertices (M,) of each lip lie beyond the other lip, units: positive for those of the upper lip,
        which have to go up, negative for those of the lower lip.

        at (M, 3): the vertices near the mouth, units.
        """
        return self._crossing(self._between(at), at[:, UPWARDS])

    def _between(self, at: Floats) -> tuple[Columns, Columns]:
        """Where the upper lip's vertices are over the lower lip, and the lower lip's under the upper one: the same
        however far these move up or down. at (M, 3): as of `crossing`."""
        upper, lower = self.upper, self.lower
        return (
            Columns.of(at, upper.vertices, lower.faces, UPWARDS, CELL),
            Columns.of(at, lower.vertices, upper.faces, UPWARDS, CELL),
        )

    def _crossing(self, between: tuple[Columns, Columns], height: Floats) -> Floats:
        """As `crossing`. between: as of `_between`; height (M,): of the vertices, units."""
        crossing = np.zeros(len(height), np.float32)
        crossing[self.upper.vertices] = np.maximum(between[0].depth(height), 0.0)
        crossing[self.lower.vertices] = -np.maximum(between[1].depth(-height), 0.0)
        return crossing


def _lip(renumber: Ints, faces: Ints, lip: Bools, corners: Bools) -> Lip:
    """One lip among the vertices near the mouth.

    renumber (V,): each vertex of the template among those, -1 elsewhere.
    faces (F, 3): the template's.
    lip, corners (V,): which vertices are on the lip, and which at the mouth's corners.
    """
    return Lip(renumber[np.flatnonzero(lip & ~corners)], renumber[faces[lip[faces].all(axis=1)]])
