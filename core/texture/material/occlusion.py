"""Ambient occlusion of a head's surface from distances alone: no rays, no graphics card, the same everywhere."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from ...types import Floats

#: Heights above the surface at which its surroundings are measured, units (2.5 to 30 mm), and the weight of each.
_HEIGHTS = (0.01, 0.025, 0.06, 0.12)
_WEIGHTS = (0.35, 0.3, 0.2, 0.15)
#: How dark a wholly closed place becomes: more than 1, since distances alone never close a place wholly.
_STRENGTH = 1.4


def ambient_occlusion(points: Floats, normals: Floats) -> Floats:
    """How much of the surroundings' light reaches points of a surface.

    From a point at height h above a plane, none of the surface is nearer than h. Whatever is nearer takes light away.
    Source: I. Quilez, "Free penumbra shadows for raymarching distance fields" and A. Evans, SIGGRAPH 2006 courses.

    points (N, 3): of the surface, units.
    normals (N, 3): its unit normals there.
    Returns (N,), 1 on a flat or bulging place to 0 deep in a hole.
    """
    tree = cKDTree(points, leafsize=32, balanced_tree=False, compact_nodes=False)
    occluded = np.zeros(len(points), np.float32)
    for height, weight in zip(_HEIGHTS, _WEIGHTS, strict=True):
        above = points + height * normals
        _, near = tree.query(above)
        offset = above - points[near]
        # Beyond a thin wall the nearest surface is seen from its back: as closed as can be.
        outside = np.einsum("nc,nc->n", offset, normals[near]) > 0
        distance = np.where(outside, np.linalg.norm(offset, axis=1), 0.0)
        occluded += weight * (1 - distance / height).clip(0, 1)
    return np.asarray((1 - _STRENGTH * occluded).clip(0, 1), np.float32)
