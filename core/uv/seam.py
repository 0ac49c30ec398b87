"""The two cuts of the aligned UV: off at the neck, and open down the back along the bisecting plane.

Both split the triangles exactly along a plane (CLIP-Head, section 2.3, cuts along existing edges, which zig-zag).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix, csgraph

from ..errors import MeshError
from .alignment import face_weight
from .surface import (
    Array,
    Index,
    Mask,
    Surface,
    boundary_loops,
    compact,
    edge_lengths,
    edges_along,
    face_components,
    fill_loop,
    find_edges,
    separate_fans,
    split_by_plane,
    split_edges,
)

#: The seam starts at the crown: the highest point of the bisecting plane's curve at about this depth z, units, give or
#: take the width (10 mm).
CROWN_Z = -0.15
_CROWN_WIDTH = 0.04
#: Height above the neck's cut, units (25 mm), within which triangles are split along the bisecting plane, so that the
#: seam and the throat's middle have vertices there.
_NECK_BAND = 0.1
#: Points of the template this near its neck plane tell where a head is cut, units (5 mm).
_CUT_REACH = 0.02
#: Leaving the bisecting plane costs this many times the length, so the path does it only where the curve is broken.
_OFF_PLANE = 20.0


@dataclass(frozen=True)
class NeckPlane:
    """The neck is cut where y = slope z + height (children's higher, see `for_head`)."""

    slope: float
    height: float

    @property
    def normal(self) -> Array:
        """(3,), upwards, of no particular length: `points @ normal` is compared with the height."""
        return np.array([0.0, 1.0, -self.slope])

    def for_head(self, surface: Surface, template_points: Array | None) -> NeckPlane:
        """The plane for one head: higher on a head that is smaller than the template or has a shorter neck, such as a
        child's, so that its shoulders stay off.

        template_points (V, 3) tell how its face lies on the template's, scaled and moved, and where that is cut.
        """
        if template_points is None:
            return self
        weight = face_weight(template_points)
        if weight.sum() == 0:
            return self
        both = surface.points, template_points
        mean, template_mean = (np.average(points, axis=0, weights=weight) for points in both)
        spread, template_spread = (
            np.sqrt(np.average(((points - middle) ** 2).sum(axis=1), weights=weight))
            for points, middle in zip(both, (mean, template_mean), strict=True)
        )
        scale = spread / max(template_spread, 1e-6)
        moved = float(scale * self.height + self.normal @ (mean - scale * template_mean))
        cut = np.abs(template_points @ self.normal - self.height) < _CUT_REACH
        along = (surface.points[cut] - template_points[cut]) @ self.normal
        raised = self.height + float(np.median(along)) if cut.any() else self.height
        return NeckPlane(self.slope, max(self.height, moved, raised))


#: The official release's plane.
OFFICIAL_NECK = NeckPlane(-0.7, -0.55)


@dataclass(frozen=True)
class OpenHead:
    """A head cut open into a disc. seam_left and seam_right run from the crown to the neck along the seam's two sides
    (same positions, same length); neck runs from the left end of the seam round the front to the right end.
    front is the place in `neck` of its foremost point on the bisecting plane. Left and right are the image's (u < 0.5
    is the head's right side, x < 0).
    source (V,): the vertex of the closed surface that each vertex came from.
    """

    surface: Surface
    seam_left: Index
    neck: Index
    seam_right: Index
    front: int
    source: Index


def cut_neck(surface: Surface, plane: NeckPlane) -> Surface:
    """Keep what lies above the neck plane; a clean loop is left along it. Raises MeshError when nothing does."""
    split, side = split_by_plane(surface, plane.normal, plane.height)
    above = side[split.faces].max(axis=1) > 0
    if not above.any():
        raise MeshError(
            "Nothing of the mesh lies above the neck plane, where the head should be.",
            "Move the head so that its chin is about 115 mm below the origin.",
        )
    kept, _ = compact(Surface(split.values, split.faces[above]))
    return separate_fans(kept)[0]


def open_seam(surface: Surface, plane: NeckPlane) -> OpenHead:
    """Cut a disc, its neck cut along `plane`, open along the bisecting plane x = 0: from the crown down the back.

    Raises MeshError when the plane misses the head's crown or the back of its neck.
    """
    # The face keeps its triangles: only what lies behind it or along the neck is split.
    above_neck = surface.points @ plane.normal
    region = (surface.points[:, 2] < CROWN_Z + 2 * _CROWN_WIDTH) | (above_neck < above_neck.min() + _NECK_BAND)
    surface, side = split_by_plane(surface, np.array([1.0, 0.0, 0.0]), 0.0, region)
    surface, path, front = _seam_path(surface, side == 0)
    opened, source = separate_fans(surface, edges_along(find_edges(surface.faces), path))
    opened, source = _split_chords(opened, source)
    return _name_stretches(opened, source, path, front)


def _seam_path(surface: Surface, on_plane: Mask) -> tuple[Surface, Index, int]:
    (rim,) = boundary_loops(surface.faces)
    neck = rim[on_plane[rim]]
    if len(neck) < 2:
        raise MeshError(
            "The bisecting plane x = 0 does not cross the neck.", "Centre the head on x = 0, facing along +z."
        )
    back, front = neck[np.argmin(surface.points[neck, 2])], neck[np.argmax(surface.points[neck, 2])]

    inner = on_plane.copy()
    inner[rim] = False
    candidates = np.flatnonzero(inner & (np.abs(surface.points[:, 2] - CROWN_Z) < _CROWN_WIDTH))
    if not len(candidates):
        raise MeshError(
            "The bisecting plane x = 0 does not cross the crown of the head.",
            "Centre the head on x = 0, with the crown about 60 mm behind the origin.",
        )
    crown = candidates[np.argmax(surface.points[candidates, 1])]

    edges = find_edges(surface.faces)
    start, end = edges.ends.T
    at_rim = np.zeros(len(surface.values), bool)
    at_rim[rim] = True
    at_rim[back] = False
    open_edges = ~at_rim[start] & ~at_rim[end]
    cost = (edge_lengths(surface, edges) + 1e-9) * np.where(on_plane[start] & on_plane[end], 1.0, _OFF_PLANE)
    graph = coo_matrix(
        (cost[open_edges], (start[open_edges], end[open_edges])), (len(surface.values), len(surface.values))
    ).tocsr()
    _, parent = csgraph.dijkstra(graph, directed=False, indices=crown, return_predecessors=True)
    path = [int(back)]
    while parent[path[-1]] >= 0:
        path.append(int(parent[path[-1]]))
    if path[-1] != crown:
        raise MeshError(
            "No way leads over the surface from the crown to the back of the neck.", "Remesh the head as one surface."
        )
    return surface, np.array(path[::-1], np.int64), int(front)


def drop_parts(head: OpenHead, dropped: Mask) -> tuple[OpenHead, int]:
    """Take away the vertices in `dropped` (V,) with their faces and close the holes they leave. The rim stays.

    Returns the head and the number of holes closed.
    """
    faces = head.surface.faces
    rim = np.concatenate([head.seam_left, head.neck, head.seam_right])
    doomed = dropped.copy()
    doomed[rim] = False
    kept = faces[~doomed[faces].any(axis=1)]
    component = face_components(kept)
    kept = kept[component == np.bincount(component).argmax()]
    parted, origin = separate_fans(Surface(head.surface.values, kept))
    place = np.full(len(head.source), -1, np.int64)
    place[origin[::-1]] = np.arange(len(origin))[::-1]
    seam_left, neck, seam_right = (place[stretch] for stretch in (head.seam_left, head.neck, head.seam_right))
    holes = [loop for loop in boundary_loops(parted.faces) if not np.isin(loop, neck).any()]
    for loop in holes:
        parted = fill_loop(parted, loop)
    inserted = np.arange(len(holes)) + head.source.max() + 1
    source = np.concatenate([head.source[origin], inserted])
    return OpenHead(parted, seam_left, neck, seam_right, head.front, source), len(holes)


def _split_chords(surface: Surface, source: Index) -> tuple[Surface, Index]:
    """Split inner edges that join two boundary vertices: on a straight or hollow stretch their faces would collapse."""
    edges = find_edges(surface.faces)
    rim = np.zeros(len(surface.values), bool)
    rim[edges.ends[edges.uses == 1]] = True
    chords = (edges.uses == 2) & rim[edges.ends].all(axis=1)
    split = split_edges(surface, edges, chords, np.full(len(chords), 0.5))
    inserted = np.arange(len(split.values) - len(surface.values)) + source.max() + 1
    return split, np.concatenate([source, inserted])


def _name_stretches(surface: Surface, source: Index, path: Index, front: int) -> OpenHead:
    (rim,) = boundary_loops(surface.faces)
    crown = int(np.flatnonzero(source[rim] == path[0])[0])
    rim = np.roll(rim, -crown)
    # From outside the boundary runs clockwise round what it leaves open, so from the crown it goes down the seam's
    # right side when the faces of that side lie to its left.
    down, up = rim[: len(path)], np.append(rim[-len(path) + 1 :], rim[0])[::-1]
    neck = np.concatenate([down[-1:], rim[len(path) : -len(path) + 1], up[-1:]])
    assert (source[down] == path).all()
    assert (source[up] == path).all()
    return OpenHead(surface, down, neck, up, int(np.flatnonzero(source[neck] == front)[0]), source)
