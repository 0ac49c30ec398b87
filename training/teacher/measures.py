"""What is seen of a head: how far each local shape is there, measured, whatever put it there.

A nose is big because it is large for its face, not because a slider was pulled: scans bring big noses without any. The
value of a shape is read off the displacements of the vertices around it, by least squares against the shape's own
displacements in which, beside it, its surroundings may move, turn and grow. So a value of 1 is as many millimetres as
the slider at 1 makes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.spatial import cKDTree

from clip_head.core.types import Floats, Ints

#: Vertices belong to a shape where it moves them by more than this fraction of its largest displacement.
SUPPORT = 0.1
#: Surroundings reach as far from the shape as this fraction of its extent, and at least so far, units (15 mm).
REACH, LEAST_REACH = 0.5, 0.06


def reading_matrix(vertices: Floats, fields: Floats, used: Ints) -> Floats:
    """The linear map that reads shapes off displacements.

    vertices: (B, 3) the mean head, units.
    fields: (S, B, 3) what each shape at 1 displaces, units.
    used: indices of the vertices that count: skin.
    Returns: (S, U, 3); its product with displacements (U, 3) of the used vertices is the shapes' values.
    """
    points, rows = vertices[used], []
    for field in fields[:, used]:
        size = np.linalg.norm(field, axis=1)
        support = size > SUPPORT * size.max()
        extent = float(np.linalg.norm(np.ptp(points[support], axis=0)))
        near = cKDTree(points[support]).query(points)[0] < max(LEAST_REACH, REACH * extent)
        rows.append(_row(points, field, near))
    return np.stack(rows).astype(np.float32)


def _row(points: Floats, field: Floats, near: np.ndarray) -> Floats:
    """(U, 3) the row of reading_matrix for one shape: points (U, 3), field (U, 3), near (U,) shape and surroundings."""
    chosen = np.flatnonzero(near)
    centred = points[chosen].astype(np.float64) - points[chosen].mean(axis=0)
    centred /= np.abs(centred).max()
    moves = [np.broadcast_to(axis, centred.shape) for axis in np.eye(3)]
    turns = [np.cross(axis, centred) for axis in np.eye(3)]
    size = float(np.linalg.norm(field[chosen], axis=1).max())
    design = np.stack([field[chosen] / size, *moves, *turns, centred]).reshape(8, -1).T
    row = np.zeros_like(points)
    row[chosen] = np.linalg.pinv(design)[0].reshape(-1, 3) / size
    return row


def read_shapes_of(matrix: Floats, displacement: Floats, names: Sequence[str]) -> dict[str, float]:
    """Name -> value of each shape on a head.

    matrix: (S, U, 3) of reading_matrix.
    displacement: (U, 3) of the used vertices from the head it is compared with, units.
    names: S names.
    """
    values = np.einsum("suc,uc->s", matrix, displacement)
    return dict(zip(names, values.round(4).tolist(), strict=True))
