"""The UV of an unwrapped head, carried to the corners of the polygons that it was made from."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix, csgraph
from scipy.spatial import cKDTree

from ..types import Bools, Floats, ForeignMesh, UnwrappedMesh

Index = np.ndarray

#: Vertices nearer to each other than this are the same, units (0.0025 mm).
_SAME = 1e-5
#: A crossing of the bisecting plane nearer than this to a vertex of the seam lies on the seam, units (0.025 mm): it was
#: computed there by other arithmetic.
_ON_SEAM = 1e-4
#: What lies further from the chart than this, units (25 mm), is not on it, such as what lies below the neck.
_REACH = 0.1


def corner_uv(foreign: ForeignMesh, placed: Floats, mesh: UnwrappedMesh) -> Floats:
    """The UV (L, 2) at each corner of the foreign mesh's polygons; NaN at those of polygons that are not on the chart.

    placed (V, 3): its vertices in the frame of `mesh`, which was unwrapped from them. No vertex is moved or split: a
    polygon that the seam cuts is laid on the side that has more of it, and one at the neck's cut ends at the rim.
    """
    corners, polygon = foreign.corners, foreign.polygons
    count = int(polygon.max(initial=-1)) + 1
    distance, nearest = cKDTree(mesh.vertices).query(placed)
    left, right = _twins(mesh)
    seam = np.flatnonzero(left != right)
    at_seam = (left != right)[nearest]

    # Polygons are of the side on which most of their corners lie; where the seam does not cut them, of that of which
    # their corners' UV is.
    side = np.where(at_seam, 0.0, np.sign(placed[:, 0]))[corners]
    cut = _cut_by_seam(foreign, placed, side, at_seam, mesh.vertices[seam])[polygon]
    own = nearest[corners]
    beside = np.where(at_seam[corners], 0.0, mesh.uv[own, 0] - 0.5)
    lean = np.where(cut, np.bincount(polygon, side, count)[polygon], np.bincount(polygon, beside, count)[polygon])
    to_right = lean > 0
    own = np.where(to_right, right[own], left[own])
    across = cut & (side * np.where(to_right, 1, -1) < 0)
    if across.any():
        rim = seam[cKDTree(mesh.vertices[seam]).query(placed[corners[across]])[1]]
        own[across] = np.where(to_right[across], right[rim], left[rim])

    uv = mesh.uv[own].astype(np.float32)
    on_chart = _skin(foreign, placed, distance < _SAME) & (distance < _REACH)
    uv[(np.bincount(polygon, ~on_chart[corners], count) > 0)[polygon]] = np.nan
    return uv


def _twins(mesh: UnwrappedMesh) -> tuple[Index, Index]:
    """For each vertex (V,) the one of its source with the least u, and the one with the greatest: itself but at the
    seam."""
    order = np.lexsort((mesh.uv[:, 0], mesh.source))
    _, first, group, uses = np.unique(mesh.source[order], return_index=True, return_inverse=True, return_counts=True)
    group_of = np.empty(len(order), np.int64)
    group_of[order] = group
    return order[first][group_of], order[first + uses - 1][group_of]


def _cut_by_seam(foreign: ForeignMesh, placed: Floats, side: Floats, at_seam: Bools, seam: Floats) -> Bools:
    """Which polygons (P,) the seam runs through: they have corners on both sides, and an edge crosses the bisecting
    plane at one of the seam's places (S, 3), or two corners lie on it. side (L,): -1, 0 on the seam, 1."""
    corners, polygon = foreign.corners, foreign.polygons
    count = int(polygon.max(initial=-1)) + 1
    last = np.append(polygon[1:] != polygon[:-1], True)
    start = np.searchsorted(polygon, polygon)
    following = np.where(last, start, np.arange(len(corners)) + 1)
    crossing = np.flatnonzero(side * side[following] < 0)
    here, there = (placed[corners[ends]].astype(np.float64) for ends in (crossing, following[crossing]))
    fraction = here[:, :1] / (here[:, :1] - there[:, :1])
    through = np.zeros(len(corners), bool)
    if len(crossing) and len(seam):
        through[crossing] = cKDTree(seam).query(here + fraction * (there - here))[0] < _ON_SEAM
    both = (np.bincount(polygon, side > 0, count) > 0) & (np.bincount(polygon, side < 0, count) > 0)
    met = (np.bincount(polygon, through, count) > 0) | (np.bincount(polygon, at_seam[corners], count) > 1)
    return np.asarray(both & met)


def _skin(foreign: ForeignMesh, placed: Floats, charted: Bools) -> Bools:
    """Which vertices (V,) belong to the part of the mesh that most of the charted ones (V,) belong to; parts are joined
    where their vertices coincide."""
    _, welded = np.unique(placed, axis=0, return_inverse=True)
    faces = welded.ravel()[foreign.faces]
    ends = faces[:, [[0, 1], [1, 2]]].reshape(-1, 2)
    count = int(welded.max(initial=-1)) + 1
    graph = coo_matrix((np.ones(len(ends), np.int8), (ends[:, 0], ends[:, 1])), (count, count))
    part = csgraph.connected_components(graph, directed=False)[1][welded.ravel()]
    return np.asarray(part == np.bincount(part[charted], minlength=1).argmax())
