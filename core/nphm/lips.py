"""Lips that would cross push each other apart: expressions are sums of displacements that know nothing of each other.

On the way from the canonical, open mouth to the expression, in a few steps, what of one lip lies behind the other's
surface is moved out, both giving way by half, and their surroundings along with them; where that does not part them the
lips stop.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.spatial import cKDTree

from ..types import Bools, Floats, Ints

#: Vertices this near to the lips may give way, units (20 mm).
SURROUNDINGS = 0.08
#: Width of the Gaussian by which vertices follow one that is pushed, units (2.5 mm).
WIDTH = 0.01
#: Vertices nearer than this to where the lips are joined are one with both, units (2 mm), and are not pushed.
CORNER = 0.008
#: Depth beyond which nothing is taken for a crossing: it is the other side of the lip, units (8 mm).
DEEPEST = 0.032
#: Depth up to which lips are pushed apart, units (3 mm), since none goes deeper in one step.
PUSHED = 0.012
#: What lies beside a lip rather than behind it does not cross it: least depth, as a fraction of the distance.
STEEPEST = 0.25
#: Steps on the way to the expression, and rounds of pushing in each.
STEPS, ROUNDS = 10, 4
#: Where they still cross deeper than this, units (0.3 mm), the lips go no further on their way.
ALLOWED = 0.0012
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
    follow (M, M): sparse; how much each takes part in a push at another, within its own lip's side.
    weight (M,): 1 on the lips, falling to 0 at SURROUNDINGS.
    """

    near: Ints
    upper: Lip
    lower: Lip
    follow: csr_matrix
    weight: Floats

    @staticmethod
    def on(vertices: Floats, faces: Ints, upper: Bools, lower: Bools) -> Lips:
        """The lips of a template (V, 3), (F, 3) by their masks (V,)."""
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

    def parted(self, canonical: Floats, offsets: Floats) -> Floats:
        """Offsets (V, 3) of a head with canonical vertices (V, 3) such that the lips hardly cross any more."""
        start, way = canonical[self.near].astype(np.float64), offsets[self.near].astype(np.float64)
        moved, gone = np.zeros_like(start), 0
        for step in range(1, STEPS + 1):
            at, depth = self._pushed_apart(start + way * (step / STEPS) + moved)
            if depth > ALLOWED:
                break
            moved, gone = at - start - way * (step / STEPS), step
        if gone == STEPS and not moved.any():
            return offsets
        short = self.weight[:, None] * way * (1.0 - gone / STEPS)
        parted = offsets.copy()
        parted[self.near] += (moved - short).astype(np.float32)
        return parted

    def _pushed_apart(self, at: Floats) -> tuple[Floats, float]:
        """The vertices (M, 3) after some rounds of pushing, and how deep the lips still cross, units."""
        for rounds in range(ROUNDS + 1):
            upwards, depth = _pushes(at, self.upper, self.lower)
            downwards, other = _pushes(at, self.lower, self.upper)
            pushes, depth = upwards + downwards, max(depth, other)
            pushed = (pushes != 0).any(axis=1)
            if rounds == ROUNDS or not pushed.any():
                break
            total = self.follow @ pushed.astype(float)
            at = at + (self.follow @ pushes) / np.maximum(total, 1.0)[:, None]
        return at, depth


def _lip(renumber: Ints, faces: Ints, lip: Bools, corners: Bools, count: int) -> Lip:
    own = renumber[faces[lip[faces].all(axis=1)]]
    edges = np.sort(own[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    unique, uses = np.unique(edges, axis=0, return_counts=True)
    rim = np.zeros(count, dtype=bool)
    rim[unique[uses == 1]] = True
    return Lip(renumber[np.flatnonzero(lip & ~corners)], own, rim)


def _pushes(at: Floats, pushed: Lip, wall: Lip) -> tuple[Floats, float]:
    """What moves one lip's vertices, among all (M, 3), half the way out of the other, and that by the other half; and
    how deep they lie in it, units."""
    corners = at[wall.faces]
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    normals = np.cross(first, second)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-20
    points = at[pushed.vertices]
    _, faces = cKDTree(corners.mean(axis=1)).query(points, CANDIDATES)
    to = points[:, None] - corners[faces, 0]
    bary = _barycentric(to, first[faces], second[faces])
    nearest = np.einsum("nkc,nkcd->nkd", bary, corners[faces])
    best = np.linalg.norm(points[:, None] - nearest, axis=2).argmin(axis=1)
    row = np.arange(len(points))
    face, bary, away = faces[row, best], bary[row, best], points - nearest[row, best]
    depth = -(away * normals[face]).sum(axis=1)
    on_rim = ((bary > 1e-3) <= wall.rim[wall.faces[face]]).all(axis=1)
    distance = np.linalg.norm(away, axis=1)
    behind = (depth > STEEPEST * distance) & (distance < DEEPEST) & ~on_rim
    crossing = behind & (distance < PUSHED)
    pushes = np.zeros_like(at)
    pushes[pushed.vertices[crossing]] = -0.5 * away[crossing]
    corner = wall.faces[face[crossing], bary[crossing].argmax(axis=1)]
    counts = np.bincount(corner, minlength=len(at))
    for axis in range(3):
        total = np.bincount(corner, 0.5 * away[crossing, axis], minlength=len(at))
        pushes[:, axis] += total / np.maximum(counts, 1)
    return pushes, float(distance[behind].max(initial=0.0))


def _barycentric(to: Floats, first: Floats, second: Floats) -> Floats:
    """Barycentric coordinates (N, K, 3), kept within the triangle, of points given from a corner with two edges."""
    aa, ab, bb = (np.einsum("nkc,nkc->nk", x, y) for x, y in ((first, first), (first, second), (second, second)))
    pa, pb = np.einsum("nkc,nkc->nk", to, first), np.einsum("nkc,nkc->nk", to, second)
    area = aa * bb - ab * ab + 1e-20
    inner = np.stack([(bb * pa - ab * pb) / area, (aa * pb - ab * pa) / area], axis=2).clip(0.0, 1.0)
    inner /= np.maximum(inner.sum(axis=2, keepdims=True), 1.0)
    return np.concatenate([1.0 - inner.sum(axis=2, keepdims=True), inner], axis=2)
