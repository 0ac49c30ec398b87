"""Fewer triangles where the surface is smooth, all of them where eyes, ears and lips need them."""

from __future__ import annotations

import fast_simplification
import numpy as np

from ..types import Floats, Ints

#: What a head is simplified to: fine extraction keeps the features crisp, quadrics keep them when the rest goes.
TRIANGLES = 80_000
#: How greedily edges are collapsed; tried in turn until the surface is as closed as it was.
_EAGERNESS = (3.0, 2.0, 1.0)


def simplify(vertices: Floats, faces: Ints, triangles: int = TRIANGLES) -> tuple[Floats, Ints]:
    """A closed surface (V, 3), (F, 3) with at most about `triangles` triangles (quadric edge collapse, Garland and
    Heckbert 1997). Where no simplification leaves every edge with exactly two triangles, the surface stays as it is.
    """
    if len(faces) <= triangles:
        return vertices, faces
    for eagerness in _EAGERNESS:
        points, corners = fast_simplification.simplify(vertices, faces, target_count=triangles, agg=eagerness)
        if _closed(corners):
            return points.astype(np.float32), corners.astype(np.int32)
    return vertices, faces


def _closed(faces: Ints) -> bool:
    directed = faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2).astype(np.int64)
    edges = np.sort(directed, axis=1)
    _, counts = np.unique(edges[:, 0] * (int(faces.max()) + 1) + edges[:, 1], return_counts=True)
    return bool((counts == 2).all())
