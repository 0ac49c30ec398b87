"""Triangle surfaces as plain arrays, and the few operations on them that cutting and mending are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix, csgraph

#: Numbers, indices and masks of any shape; each docstring gives the shape beside the name.
Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Fraction of an edge, from one of its ends, within which a plane that crosses it moves that end instead of splitting
#: the edge: so no slivers arise.
_SNAP = 0.12


@dataclass(frozen=True)
class Surface:
    """A triangle mesh. All operations treat the columns of its values alike, so that offsets and template points are
    interpolated wherever a position is.

    values (V, C): everything a vertex carries, the position in the first three columns, units.
    faces (F, 3): counter-clockwise seen from outside.
    """

    values: Array
    faces: Index

    @property
    def points(self) -> Array:
        return self.values[:, :3]


@dataclass(frozen=True)
class Edges:
    """The distinct edges of a surface's faces.

    ends (E, 2): their vertices, the lower index first.
    of_face (F, 3): the edges of each face; the k-th joins its corners k and k + 1.
    uses (E,): number of faces at each edge.
    """

    ends: Index
    of_face: Index
    uses: Index


def find_edges(faces: Index) -> Edges:
    """The distinct edges of the faces."""
    start, end = faces, np.roll(faces, -1, axis=1)
    low, high = np.minimum(start, end), np.maximum(start, end)
    stride = int(faces.max(initial=0)) + 1
    keys, of_face, uses = np.unique(low * stride + high, return_inverse=True, return_counts=True)
    return Edges(np.stack([keys // stride, keys % stride], 1), of_face.reshape(-1, 3), uses)


def edges_along(edges: Edges, path: Index) -> Mask:
    """Which edges (E,) join consecutive vertices of a path (n,)."""
    stride = int(edges.ends.max()) + 1
    wanted = np.minimum(path[:-1], path[1:]) * stride + np.maximum(path[:-1], path[1:])
    return np.isin(edges.ends[:, 0] * stride + edges.ends[:, 1], wanted)


def edge_lengths(surface: Surface, edges: Edges) -> Array:
    """The edges' lengths (E,), units."""
    return np.linalg.norm(surface.points[edges.ends[:, 0]] - surface.points[edges.ends[:, 1]], axis=1)


def face_areas(surface: Surface) -> Array:
    """The faces' areas (F,), square units."""
    a, b, c = (surface.points[surface.faces[:, k]] for k in range(3))
    return 0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1)


def euler_characteristic(faces: Index) -> int:
    """Vertices in use - edges + faces: 1 for a disc, 2 for a sphere."""
    return len(np.unique(faces)) - len(find_edges(faces).ends) + len(faces)


def compact(surface: Surface) -> tuple[Surface, Index]:
    """Drop vertices without a face. Also returns, for each vertex kept, its old index."""
    used = np.zeros(len(surface.values), bool)
    used[surface.faces] = True
    kept = np.flatnonzero(used)
    return Surface(surface.values[kept], (np.cumsum(used) - 1)[surface.faces]), kept


def face_components(faces: Index) -> Index:
    """(F,): which connected piece each face belongs to."""
    count = int(faces.max(initial=0)) + 1
    links = np.concatenate([faces[:, :2], faces[:, 1:]])
    graph = coo_matrix((np.ones(len(links), np.int8), (links[:, 0], links[:, 1])), (count, count))
    return csgraph.connected_components(graph, directed=False)[1][faces[:, 0]].astype(np.int64)


def path_to_root(parent: Index, vertex: int) -> list[int]:
    """The vertices from `vertex` to the root of a tree.

    parent (V,): of each vertex in the tree; negative at the root and outside the tree, as from csgraph.dijkstra.
    """
    path = [vertex]
    while parent[path[-1]] >= 0:
        path.append(int(parent[path[-1]]))
    return path


def boundary_loops(faces: Index) -> list[Index]:
    """Closed loops of boundary vertices, each in the direction of its faces' half-edges.

    Needs a surface whose boundary does not touch itself (`separate_fans` sees to that).
    """
    edges = find_edges(faces)
    face, corner = np.nonzero(edges.uses[edges.of_face] == 1)
    start, end = faces[face, corner], faces[face, (corner + 1) % 3]
    following = dict(zip(start.tolist(), end.tolist(), strict=True))
    loops = []
    while following:
        first, vertex = following.popitem()
        loop = [first]
        while vertex != first and vertex in following:
            loop.append(vertex)
            vertex = following.pop(vertex)
        loops.append(np.array(loop, np.int64))
    return sorted(loops, key=lambda loop: int(loop.min()))


def separate_fans(surface: Surface, cut: Mask | None = None) -> tuple[Surface, Index]:
    """Give every fan of faces round a vertex a vertex of its own.

    Faces hang together across an edge only if exactly two of them meet there, in opposite directions, and the edge is
    not in `cut` ((E,), as `find_edges` numbers them). So edges of three or more faces and vertices where two sheets
    touch come apart, and cutting along a path of edges doubles the vertices along it. Vertices keep their order;
    also returns, for each new vertex, its old index.
    """
    faces = surface.faces
    edges = find_edges(faces)
    half = np.argsort(edges.of_face.ravel(), kind="stable")
    pair_start = np.cumsum(edges.uses) - edges.uses
    joined = edges.uses == 2
    if cut is not None:
        joined &= ~cut
    first, second = half[pair_start[joined]], half[pair_start[joined] + 1]
    corners = faces.ravel()
    opposite = corners[first] != corners[second]
    first, second = first[opposite], second[opposite]

    def next_corner(corner: Index) -> Index:
        return corner - corner % 3 + (corner + 1) % 3

    rows = np.concatenate([first, next_corner(first)])
    columns = np.concatenate([next_corner(second), second])
    graph = coo_matrix((np.ones(len(rows), np.int8), (rows, columns)), (len(corners), len(corners)))
    count, fan = csgraph.connected_components(graph, directed=False)
    lead = np.full(count, len(corners))
    np.minimum.at(lead, fan, np.arange(len(corners)))
    order = np.lexsort((lead, corners[lead]))
    rank = np.empty(count, np.int64)
    rank[order] = np.arange(count)
    source = corners[lead[order]]
    return Surface(surface.values[source], rank[fan].reshape(-1, 3)), source


def fill_loop(surface: Surface, loop: Index) -> Surface:
    """Close a boundary loop (n,) by a fan of faces round its mean, which becomes the last vertex."""
    centre = len(surface.values)
    fan = np.stack([np.roll(loop, -1), loop, np.full(len(loop), centre)], 1)
    values = np.vstack([surface.values, surface.values[loop].mean(axis=0)])
    return Surface(values, np.vstack([surface.faces, fan]))


def split_edges(surface: Surface, edges: Edges, chosen: Mask, fraction: Array) -> Surface:
    """Insert a vertex on every chosen edge: faces with one, two or three such edges become two, three or four.

    edges: of the surface.
    chosen (E,): which of them are split.
    fraction (E,): where the new vertex lies, from the edge's first end (0) to its second (1).
    Returns the surface; the new vertices are the last, in the order of the edges.
    """
    ends, part = edges.ends[chosen], fraction[chosen][:, None]
    values = np.vstack([surface.values, surface.values[ends[:, 0]] * (1 - part) + surface.values[ends[:, 1]] * part])
    inserted = np.full(len(edges.ends), -1, np.int64)
    inserted[chosen] = len(surface.values) + np.arange(len(ends))

    middle = inserted[edges.of_face]
    number = (middle >= 0).sum(axis=1)
    pieces = [surface.faces[number == 0]]

    # One split edge: turn the face so that it is edge 0.
    a, b, c, m, _, _ = _turned(surface.faces, middle, number == 1, (middle >= 0).argmax(axis=1))
    pieces += [np.stack([a, m, c], 1), np.stack([m, b, c], 1)]
    # Two: turn it so that edge 1 is the whole one; the quadrangle is cut along its diagonal a-n.
    whole = (middle < 0).argmax(axis=1)
    a, b, c, m, _, n = _turned(surface.faces, middle, number == 2, (whole + 2) % 3)
    pieces += [np.stack([a, m, n], 1), np.stack([m, b, c], 1), np.stack([m, c, n], 1)]
    # Three.
    a, b, c, m, k, n = _turned(surface.faces, middle, number == 3, np.zeros(len(middle), np.int64))
    pieces += [np.stack([a, m, n], 1), np.stack([m, b, k], 1), np.stack([n, k, c], 1), np.stack([m, k, n], 1)]
    return Surface(values, np.vstack(pieces))


def _turned(faces: Index, middle: Index, chosen: Mask, first: Index) -> tuple[Index, ...]:
    """The three corners of the chosen faces, and the vertices inserted on their three edges (-1: none), counted from
    the corner `first` (F,): six arrays (n,)."""
    order = (first[chosen][:, None] + np.arange(3)) % 3
    corners = np.take_along_axis(faces[chosen], order, 1)
    inserted = np.take_along_axis(middle[chosen], order, 1)
    return (*corners.T, *inserted.T)


def split_by_plane(surface: Surface, normal: Array, offset: float, region: Mask | None = None) -> tuple[Surface, Index]:
    """Split the faces along a plane: afterwards no edge crosses it.

    Where an edge is crossed very near to one of its ends, that end slides along the edge onto the plane, so that the
    surface keeps its shape and gains no slivers.

    normal (3,), offset: the plane normal . x = offset, units.
    region (V,): vertices; only edges between two of them are split. None: all.
    Returns the surface and the side of each vertex: -1, 0 (exactly on the plane) or 1.
    """
    edges = find_edges(surface.faces)
    distance = surface.points @ normal - offset
    side = np.sign(distance).astype(np.int64)

    start, end = edges.ends.T
    within = np.ones(len(start), bool) if region is None else region[start] & region[end]
    crossed = within & (side[start] * side[end] < 0)
    near, far = np.concatenate([edges.ends[crossed], edges.ends[crossed, ::-1]]).T
    fraction = distance[near] / (distance[near] - distance[far])
    order = np.argsort(fraction, kind="stable")
    order = order[fraction[order] < _SNAP]
    snapped, first = np.unique(near[order], return_index=True)
    part = fraction[order[first]][:, None]
    values = surface.values.copy()
    values[snapped] = surface.values[snapped] * (1 - part) + surface.values[far[order[first]]] * part
    side[snapped] = 0
    distance[snapped] = 0

    crossing = within & (side[start] * side[end] < 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        fraction = distance[start] / (distance[start] - distance[end])
    before = len(values)
    split = split_edges(Surface(values, surface.faces), edges, crossing, fraction)
    side = np.concatenate([side, np.zeros(len(split.values) - before, np.int64)])
    on_plane = side == 0
    # Interpolation rounds: put the vertices on the plane exactly, along the normal's largest component.
    axis = int(np.argmax(np.abs(normal)))
    others = [k for k in range(3) if k != axis]
    rest = split.values[on_plane][:, others] @ normal[others]
    split.values[on_plane, axis] = (offset - rest) / normal[axis]
    return split, side
