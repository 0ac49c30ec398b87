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
    path_to_root,
    separate_fans,
    split_by_plane,
    split_edges,
)

#: Depth z, units, about which the seam starts, at the crown: the highest point of the surface in the bisecting plane
#: that is no further from this depth than the width (10 mm).
CROWN_Z = -0.15
_CROWN_WIDTH = 0.04
#: Height above the neck's cut, units (25 mm), within which triangles are split along the bisecting plane all round, so
#: that the seam's end and the middle of the throat have vertices on it.
_NECK_BAND = 0.1
#: Distance from the template's neck plane, units (5 mm), within which template points show where a head's own neck is.
_CUT_REACH = 0.02
#: Factor by which edges off the bisecting plane count as longer: the seam leaves the plane only where the surface has
#: no connected edges on it.
_OFF_PLANE = 20.0


@dataclass(frozen=True)
class NeckPlane:
    """The plane of the neck's cut, y = slope z + height, units. Children's is higher (see `for_head`)."""

    slope: float
    height: float

    @property
    def normal(self) -> Array:
        """(3,), upwards, of no particular length: `points @ normal` is compared with the height."""
        return np.array([0.0, 1.0, -self.slope])

    def for_head(self, surface: Surface, template_points: Array | None) -> NeckPlane:
        """The plane for one head: higher on a head that is smaller than the template or has a shorter neck, such as a
        child's, so that its shoulders stay off.

        surface: the head, V vertices.
        template_points (V, 3): units; by them the template's plane is carried over to the head, once as its face is
            scaled and moved, once as its neck is moved. The highest plane counts. None: the plane stays.
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
        by_face = float(scale * self.height + self.normal @ (mean - scale * template_mean))
        cut = np.abs(template_points @ self.normal - self.height) < _CUT_REACH
        raised = (surface.points[cut] - template_points[cut]) @ self.normal
        by_neck = self.height + float(np.median(raised)) if cut.any() else self.height
        return NeckPlane(self.slope, max(self.height, by_face, by_neck))


#: The official release's plane.
OFFICIAL_NECK = NeckPlane(-0.7, -0.55)


@dataclass(frozen=True)
class OpenHead:
    """A head cut open into a disc. Left and right are the image's: u < 0.5 is the head's right side, x < 0.

    surface: the disc, V vertices.
    seam_left, seam_right (n,): vertices from the crown to the neck along the seam's two sides, at the same positions.
    neck (m,): vertices from the left end of the seam round the front to its right end.
    front: index into `neck` of its foremost vertex on the bisecting plane.
    source (V,): the vertex of the closed surface that each vertex came from.
    """

    surface: Surface
    seam_left: Index
    neck: Index
    seam_right: Index
    front: int
    source: Index


def cut_neck(surface: Surface, plane: NeckPlane) -> Surface:
    """Keep what lies above the neck plane, with a clean loop along it. Raises MeshError when nothing lies above."""
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
    path, front = _seam_path(surface, side == 0)
    opened, source = separate_fans(surface, edges_along(find_edges(surface.faces), path))
    opened, source = _split_chords(opened, source)
    return _name_stretches(opened, source, path, front)


def _seam_path(surface: Surface, on_plane: Mask) -> tuple[Index, int]:
    """The seam's vertices from the crown to the back of the neck, and the neck's foremost vertex on the plane.

    surface: a disc that is split along the bisecting plane.
    on_plane (V,): vertices on that plane.
    """
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
    path = path_to_root(parent, int(back))
    if path[-1] != crown:
        raise MeshError(
            "No way leads over the surface from the crown to the back of the neck.", "Remesh the head as one surface."
        )
    return np.array(path[::-1], np.int64), int(front)


def drop_parts(head: OpenHead, dropped: Mask) -> tuple[OpenHead, int]:
    """Remove vertices with their faces and close the holes that they leave. The rim stays.

    head: cut open.
    dropped (V,): the vertices to remove.
    Returns the head and the number of holes closed.
    """
    faces = head.surface.faces
    rim = np.concatenate([head.seam_left, head.neck, head.seam_right])
    removed = dropped.copy()
    removed[rim] = False
    kept = faces[~removed[faces].any(axis=1)]
    component = face_components(kept)
    kept = kept[component == np.bincount(component).argmax()]
    surface, origin = separate_fans(Surface(head.surface.values, kept))
    renumbered = np.full(len(head.source), -1, np.int64)
    renumbered[origin[::-1]] = np.arange(len(origin))[::-1]  # of several new vertices the first
    seam_left, neck, seam_right = (renumbered[stretch] for stretch in (head.seam_left, head.neck, head.seam_right))
    holes = [loop for loop in boundary_loops(surface.faces) if not np.isin(loop, neck).any()]
    for loop in holes:
        surface = fill_loop(surface, loop)
    inserted = np.arange(len(holes)) + head.source.max() + 1
    source = np.concatenate([head.source[origin], inserted])
    return OpenHead(surface, seam_left, neck, seam_right, head.front, source), len(holes)


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
    """The stretches of the rim of a head that was cut open along a path.

    source (V,): the vertex before the cut that each vertex came from.
    path (n,), front: as of `_seam_path`, vertices before the cut.
    """
    (rim,) = boundary_loops(surface.faces)
    crown = int(np.flatnonzero(source[rim] == path[0])[0])
    rim = np.roll(rim, -crown)
    # The boundary loop has the faces to its left: from the crown it runs down the head's right side of the seam, the
    # image's left, then along the neck and up the other side.
    left, right = rim[: len(path)], np.append(rim[-len(path) + 1 :], rim[0])[::-1]
    neck = np.concatenate([left[-1:], rim[len(path) : -len(path) + 1], right[-1:]])
    assert (source[left] == path).all()
    assert (source[right] == path).all()
    return OpenHead(surface, left, neck, right, int(np.flatnonzero(source[neck] == front)[0]), source)
