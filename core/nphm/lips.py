"""Lips that would pass through each other push each other apart: an expression is a sum of displacements, none of which
knows of the others.

The mouth goes from its canonical, open shape to the closed one, and from there to the expression, in a few steps each.
After a step, vertices of one lip that lie behind the other's surface are moved out, both lips giving way by half and
their surroundings along with them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.spatial import cKDTree

from ..types import Bools, Floats, Ints
from .sheet import closest_barycentric

#: Vertices this near to the lips may give way, units (20 mm).
SURROUNDINGS = 0.08
#: Width of the Gaussian by which vertices follow one that is pushed, units (2.5 mm).
WIDTH = 0.01
#: Vertices nearer than this to the mouth's corners, where the lips are joined, units (2 mm), are not pushed.
CORNER = 0.008
#: Depth behind the other lip's surface, units (3 mm), beyond which a vertex does not count as crossing: none gets that
#: deep in one step, so it lies on the far side of that lip, as much does in a mouth that is wide open.
PUSHED = 0.012
#: Least depth of a crossing vertex, as a fraction of its distance from the surface: with less it lies beside the lip.
STEEPEST = 0.25
#: Length of a step of the lips on their way, units (1 mm), fewest and most steps, and rounds of pushing in each. Chosen
#: by eye on renders.
STEP, FEWEST_STEPS, MOST_STEPS, ROUNDS = 0.004, 3, 10, 4
#: Depth, units (0.3 mm), up to which lips that still cross cannot be seen to; and depth (1 mm) beyond which they stop
#: before.
ALLOWED, LOST = 0.0012, 0.004
#: Nearest triangles of the other lip that are looked at for each vertex.
CANDIDATES = 8


@dataclass(frozen=True)
class Lip:
    """One lip among the M vertices near the mouth.

    vertices (N,): its vertices but those at the mouth's corners, where the lips are one.
    faces (F, 3): its triangles.
    rim (M,): which vertices are on its rim.
    """

    vertices: Ints
    faces: Ints
    rim: Bools


@dataclass(frozen=True)
class Lips:
    """Both lips of a template.

    near (M,): vertices of the sheet around the mouth, which the lips' indices refer to.
    upper, lower: the lips.
    follow (M, M): sparse; entry (i, j) is how far vertex i moves with a push at j, 0 to 1, on the same lip's side.
    weight (M,): 1 on the lips, falling to 0 at SURROUNDINGS.
    """

    near: Ints
    upper: Lip
    lower: Lip
    follow: csr_matrix
    weight: Floats

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
        follow = csr_matrix((following, (close.row[kept], close.col[kept])), shape=close.shape)
        follow.setdiag(1.0)
        renumber = np.full(len(vertices), -1)
        renumber[near] = np.arange(len(near))
        weight = (1.0 - (distance[near] / SURROUNDINGS) ** 2) ** 2
        joint = np.unique(faces[upper[faces].any(axis=1) & lower[faces].any(axis=1)])
        corners = cKDTree(vertices[joint]).query(vertices)[0] < CORNER if len(joint) else np.zeros(len(vertices), bool)
        one, other = (_lip(renumber, faces, lip, corners, len(near)) for lip in (upper, lower))
        return Lips(near, one, other, follow, weight)

    def separate(self, canonical: Floats, offsets: Floats) -> Floats:
        """An expression whose lips hardly cross any more: the offsets of `separated`."""
        return self.separated(canonical, offsets)[0]

    def separated(self, canonical: Floats, offsets: Floats) -> tuple[Floats, float]:
        """An expression whose lips hardly cross any more, and how deep they still do, units.

        They go their whole way where they can: a mouth that opens half is seen at once, lips that cross by a millimetre
        in a corner are not.

        canonical (V, 3): the template's vertices on a head, its lips apart or closed, units.
        offsets (V, 3): of the expression, units.
        Returns offsets (V, 3), units; the same array where the lips do not cross.
        """
        start, full = canonical[self.near].astype(np.float64), offsets[self.near].astype(np.float64)
        upper, lower = self.upper.vertices, self.lower.vertices
        opening = (start[upper].mean(axis=0) - start[lower].mean(axis=0)) @ (
            full[upper].mean(axis=0) - full[lower].mean(axis=0)
        )
        _, crossing = self._pushed_apart(start + full, rounds=0)
        if opening >= 0 and crossing <= ALLOWED:  # lips that part may touch on their way, and are not pushed for that
            return offsets, crossing
        way = float(np.linalg.norm(full[np.r_[upper, lower]], axis=1).max(initial=0.0))
        steps = int(np.clip(np.ceil(way / STEP), FEWEST_STEPS, MOST_STEPS))
        correction, kept, reached, depth = np.zeros_like(start), np.zeros_like(start), 0, 0.0
        for step in range(1, steps + 1):
            positions, depth = self._pushed_apart(start + full * (step / steps) + correction)
            correction = positions - start - full * (step / steps)
            if depth <= ALLOWED:
                kept, reached = correction, step
        if not correction.any():
            return offsets, depth
        if depth > LOST:  # pushed that hard, lips are torn: better they stop before
            correction = kept - self.weight[:, None] * full * (1.0 - reached / steps)
            depth = 0.0
        separated = offsets.copy()
        separated[self.near] += correction.astype(np.float32)
        return separated, depth

    def _pushed_apart(self, at: Floats, rounds: int = ROUNDS) -> tuple[Floats, float]:
        """The vertices (M, 3) after some rounds of pushing, and how deep the lips still cross, units."""
        for done in range(rounds + 1):
            at_upper, upper_depth = _pushes(at, self.upper, self.lower)
            at_lower, lower_depth = _pushes(at, self.lower, self.upper)
            pushes, depth = at_upper + at_lower, max(upper_depth, lower_depth)
            pushed = (pushes != 0).any(axis=1)
            if done == rounds or not pushed.any():
                break
            total = self.follow @ pushed.astype(float)
            at = at + (self.follow @ pushes) / np.maximum(total, 1.0)[:, None]
        return at, depth


def _lip(renumber: Ints, faces: Ints, lip: Bools, corners: Bools, count: int) -> Lip:
    """One lip among `count` vertices near the mouth.

    renumber (V,): each vertex of the template among those, -1 elsewhere.
    faces (F, 3): the template's.
    lip, corners (V,): which vertices are on the lip, and which at the mouth's corners.
    """
    own = renumber[faces[lip[faces].all(axis=1)]]
    edges = np.sort(own[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    unique, uses = np.unique(edges, axis=0, return_counts=True)
    rim = np.zeros(count, dtype=bool)
    rim[unique[uses == 1]] = True
    return Lip(renumber[np.flatnonzero(lip & ~corners)], own, rim)


def _pushes(at: Floats, pushed: Lip, wall: Lip) -> tuple[Floats, float]:
    """What separates two lips: half of it moves the vertices of one, half the surface of the other.

    at (M, 3): the vertices near the mouth, units.
    pushed: the lip whose vertices may lie behind the other's surface.
    wall: that other lip.
    Returns the pushes (M, 3), units, and the deepest vertex's distance from the surface, units.
    """
    corners = at[wall.faces]
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    normals = np.cross(first, second)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-20
    points = at[pushed.vertices]
    _, faces = cKDTree(corners.mean(axis=1)).query(points, CANDIDATES)
    bary = closest_barycentric(points[:, None] - corners[faces, 0], first[faces], second[faces])
    nearest = np.einsum("nkc,nkcd->nkd", bary, corners[faces])
    best = np.linalg.norm(points[:, None] - nearest, axis=2).argmin(axis=1)
    row = np.arange(len(points))
    face, bary, offset = faces[row, best], bary[row, best], points - nearest[row, best]
    depth = -(offset * normals[face]).sum(axis=1)
    on_rim = ((bary > 1e-3) <= wall.rim[wall.faces[face]]).all(axis=1)
    distance = np.linalg.norm(offset, axis=1)
    crossing = (depth > STEEPEST * distance) & (distance < PUSHED) & ~on_rim
    pushes = np.zeros_like(at)
    pushes[pushed.vertices[crossing]] = -0.5 * offset[crossing]
    corner = wall.faces[face[crossing], bary[crossing].argmax(axis=1)]
    counts = np.bincount(corner, minlength=len(at))
    for axis in range(3):
        total = np.bincount(corner, 0.5 * offset[crossing, axis], minlength=len(at))
        pushes[:, axis] += total / np.maximum(counts, 1)
    return pushes, float(distance[crossing].max(initial=0.0))
