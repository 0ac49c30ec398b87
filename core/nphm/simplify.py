"""Fewer triangles where the surface is smooth, all of them where eyes, ears and lips need them."""

from __future__ import annotations

import fast_simplification
import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ..types import Floats, Ints

#: Triangles that a head is simplified to: fine extraction keeps the features crisp, quadrics keep them when the rest
#: goes, and Blender shows so many with ease.
TRIANGLES = 80_000
#: How greedily edges are collapsed, from 0 (slow, best) to 10 (fast): fast_simplification's `agg`.
_EAGERNESS = 3.0


def simplify(vertices: Floats, faces: Ints, triangles: int = TRIANGLES) -> tuple[Floats, Ints]:
    """A closed surface with fewer triangles (quadric edge collapse, Garland and Heckbert 1997).

    vertices (V, 3), faces (F, 3): of the surface.
    triangles: about how many it may have at most.
    Returns the same of the simplified surface, in which every edge has exactly two triangles.
    """
    if len(faces) <= triangles:
        return vertices, faces
    points, corners = fast_simplification.simplify(vertices, faces, target_count=triangles, agg=_EAGERNESS)
    return split_shared_edges(points.astype(np.float32), corners.astype(np.int32))


def split_shared_edges(vertices: Floats, faces: Ints) -> tuple[Floats, Ints]:
    """The surface with every edge that four triangles share, where two sheets touch, made two edges of two triangles.

    Two triangles belong to one sheet where the solid lies between them; the vertices where sheets touch are doubled. A
    surface where an edge has another number of triangles than two or four stays as it is.

    vertices (V, 3), faces (F, 3): of the surface.
    Returns the same of the new surface.
    """
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    order = np.lexsort((np.maximum(start, end), np.minimum(start, end)))
    low, high = np.minimum(start, end)[order], np.maximum(start, end)[order]
    first = np.flatnonzero(np.r_[True, (low[1:] != low[:-1]) | (high[1:] != high[:-1])])
    count = np.diff(np.r_[first, len(order)])
    if (count == 2).all() or not np.isin(count, (2, 4)).all():
        return vertices, faces
    pairs = [np.stack([order[first[count == 2]], order[first[count == 2] + 1]], axis=1)]
    for at in first[count == 4]:
        pairs.append(_touching_sheets(vertices, faces, order[at : at + 4], start))
    one, other = np.concatenate(pairs).T
    # Half-edge h starts at corner h; its pair runs the other way, so each one's start is the other's end.
    following = np.arange(len(start)).reshape(-1, 3)[:, [1, 2, 0]].ravel()
    links = (np.r_[one, following[one]], np.r_[following[other], other])
    joined = coo_matrix((np.ones(len(links[0]), np.int8), links), shape=(len(start),) * 2)
    total, corner_vertex = connected_components(joined, directed=False)
    source = np.zeros(total, dtype=np.int64)
    source[corner_vertex] = start
    return vertices[source], corner_vertex.reshape(-1, 3).astype(np.int32)


def _touching_sheets(vertices: Floats, faces: Ints, half_edges: Ints, start: Ints) -> Ints:
    """The four half-edges (4,) of an edge as two pairs (2, 2), each the two sides of one wedge of the solid.

    start (3 F,): the vertex at which each half-edge starts.
    """
    face, corner = half_edges // 3, half_edges % 3
    origin, tip = vertices[start[half_edges[0]]], vertices[faces[face[0], (corner[0] + 1) % 3]]
    axis = (tip - origin) / (np.linalg.norm(tip - origin) + 1e-20)
    across = vertices[faces[face, (corner + 2) % 3]] - origin
    across = across - np.outer(across @ axis, axis)
    side = np.cross(axis, across[0])
    angle = np.arctan2(across @ side / (np.linalg.norm(side) + 1e-20), across @ across[0] / np.linalg.norm(across[0]))
    along = start[half_edges] == start[half_edges[0]]
    # Around an edge that runs along the axis, the outside of its triangle lies towards growing angles.
    forward, backward = half_edges[along], half_edges[~along]
    gaps = (angle[along][:, None] - angle[~along][None]) % (2 * np.pi)
    chosen = gaps[0].argmin()
    return np.array([[forward[0], backward[chosen]], [forward[1], backward[1 - chosen]]])
