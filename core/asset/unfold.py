"""Quads that are folded over, made flat again: a head that closes its mouth, or has narrow grooves, turns some.

A quad is a parallelogram and its hourglass mode: the way its two diagonals' middles lie apart. A parallelogram is never
folded, whichever of its diagonals it is cut along. So a quad that folds loses some of that mode, its four corners by
the same way in turn, and this until none folds: its shape, place and neighbours change as little as can be.
"""

from __future__ import annotations

import numpy as np

from ..types import Floats, Ints

#: Cosine of the angle between the two triangles of a quad, cut along either diagonal, below which it counts as folded:
#: 84 degrees, so that what is left is safely below 90.
FOLDED = 0.1
#: How much of its hourglass mode a folded quad loses in a round, and most rounds; heads take about 40.
PART, ROUNDS = 0.5, 200
#: Direction in which the corners of a quad go in its hourglass mode.
_HOURGLASS = np.array([1.0, -1.0, 1.0, -1.0])


def unfolded(points: Floats, quads: Ints) -> Floats:
    """The vertices (V, 3) of a mesh, units, of which those of folded quads have moved so far that none folds.

    points: (V, 3) units.
    quads: (Q, 4) of them.
    Where quads fold that no small motion mends, some are left after ROUNDS.
    """
    moved = np.array(points, float)
    asked = np.arange(len(quads))
    for _ in range(ROUNDS):
        folded = quads[asked[fold_cosine(moved, quads[asked]) < FOLDED]]
        if not len(folded):
            break
        mode = np.einsum("k,qkc->qc", _HOURGLASS / 4, moved[folded])
        used, corner = np.unique(folded, return_inverse=True)
        corner = corner.reshape(-1, 4)
        way = np.zeros((len(used), 3))
        np.add.at(way, corner, _HOURGLASS[:, None] * mode[:, None])
        moved[used] -= PART * way / np.bincount(corner.ravel())[:, None]
        # Only what has moved can have changed.
        touched = np.zeros(len(points), bool)
        touched[used] = True
        asked = np.flatnonzero(touched[quads].any(axis=1))
    return moved.astype(np.float32)


def fold_cosine(points: Floats, quads: Ints) -> Floats:
    """The cosine of the angle between the triangles of each quad (Q,), cut along that of its diagonals by which it is
    folded more: 1 for a flat one.

    points: (V, 3); quads: (Q, 4).
    """
    sides = np.roll(points[quads], -1, axis=1) - points[quads]
    normals = np.cross(np.roll(sides, 1, axis=1), sides)
    normals /= np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-20)
    cosine: Floats = np.einsum("qkc,qkc->qk", normals[:, :2], normals[:, 2:]).min(axis=1)
    return cosine
