"""The UV of an unwrapped head, carried back to the corners of the artist's polygons that it was made from."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix, csgraph
from scipy.spatial import cKDTree

from ..types import Bools, Floats, ForeignMesh, UnwrappedMesh

#: Indices of vertices, (N,).
Index = np.ndarray

#: Vertices nearer to each other than this are the same, units (0.0025 mm).
_SAME = 1e-5
#: Distance from a vertex of the seam, units (0.025 mm), within which an edge that crosses the bisecting plane crosses
#: the seam: the two places were computed by different arithmetic.
_ON_SEAM = 1e-4
#: Distance from the unwrapped surface, units (25 mm), beyond which a vertex is not on the chart: it may lie below the
#: neck.
_REACH = 0.1


def corner_uv(foreign: ForeignMesh, placed: Floats, mesh: UnwrappedMesh) -> Floats:
    """The UV at each corner of the foreign mesh's polygons.

    No vertex is moved or split: a polygon that the seam cuts lies wholly on the side of the image that has more of its
    corners, and one at the neck's cut ends at the rim.

    foreign: the artist's mesh, V vertices, L corners.
    placed (V, 3): its vertices in NPHM's frame, units.
    mesh: what was unwrapped of it.
    Returns (L, 2), NaN at the corners of polygons that are not on the chart.
    """
    corners, polygon = foreign.corners, foreign.polygons
    count = int(polygon.max(initial=-1)) + 1
    distance, nearest = cKDTree(mesh.vertices).query(placed)
    left, right = _twins(mesh)
    seam = np.flatnonzero(left != right)
    at_seam = (left != right)[nearest]

    # A polygon that the seam cuts goes to the side of the head on which most of its corners lie, any other to the side
    # of the image on which its corners' UV lies.
    side = np.where(at_seam, 0.0, np.sign(placed[:, 0]))[corners]
    cut = _cut_by_seam(foreign, placed, side, at_seam, mesh.vertices[seam])[polygon]
    vertex = nearest[corners]
    image_side = np.where(at_seam[corners], 0.0, mesh.uv[vertex, 0] - 0.5)
    balance = np.where(
        cut, np.bincount(polygon, side, count)[polygon], np.bincount(polygon, image_side, count)[polygon]
    )
    to_right = balance > 0
    vertex = np.where(to_right, right[vertex], left[vertex])
    # Corners of a cut polygon beyond the seam end at the seam.
    beyond = cut & (side * np.where(to_right, 1, -1) < 0)
    if beyond.any():
        rim = seam[cKDTree(mesh.vertices[seam]).query(placed[corners[beyond]])[1]]
        vertex[beyond] = np.where(to_right[beyond], right[rim], left[rim])

    uv = mesh.uv[vertex].astype(np.float32)
    on_chart = _part_on_chart(foreign, placed, distance < _SAME) & (distance < _REACH)
    uv[(np.bincount(polygon, ~on_chart[corners], count) > 0)[polygon]] = np.nan
    return uv


def _twins(mesh: UnwrappedMesh) -> tuple[Index, Index]:
    """For each vertex (V,) its twin on the left of the image and its twin on the right: at the seam two vertices of the
    same source, elsewhere the vertex itself."""
    order = np.lexsort((mesh.uv[:, 0], mesh.source))
    _, first, group, uses = np.unique(mesh.source[order], return_index=True, return_inverse=True, return_counts=True)
    group_of = np.empty(len(order), np.int64)
    group_of[order] = group
    return order[first][group_of], order[first + uses - 1][group_of]


def _cut_by_seam(foreign: ForeignMesh, placed: Floats, side: Floats, at_seam: Bools, seam: Floats) -> Bools:
    """Which polygons (P,) the seam runs through: they have corners on both sides of it, and either an edge that crosses
    the bisecting plane at the seam or two corners on the seam.

    side (L,): of each corner, -1, 0 on the seam, 1.
    at_seam (V,): which vertices lie on the seam.
    seam (S, 3): the seam's vertices, units.
    """
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
    touched = (np.bincount(polygon, through, count) > 0) | (np.bincount(polygon, at_seam[corners], count) > 1)
    return np.asarray(both & touched)


def _part_on_chart(foreign: ForeignMesh, placed: Floats, charted: Bools) -> Bools:
    """Which vertices (V,) belong to the connected part of the mesh that was unwrapped: the one with most of the charted
    vertices (V,). Parts whose vertices coincide are connected."""
    _, welded = np.unique(placed, axis=0, return_inverse=True)
    faces = welded.ravel()[foreign.faces]
    ends = faces[:, [[0, 1], [1, 2]]].reshape(-1, 2)
    count = int(welded.max(initial=-1)) + 1
    graph = coo_matrix((np.ones(len(ends), np.int8), (ends[:, 0], ends[:, 1])), (count, count))
    part = csgraph.connected_components(graph, directed=False)[1][welded.ravel()]
    return np.asarray(part == np.bincount(part[charted], minlength=1).argmax())
