"""Mending a surface until it is a disc: one piece, no handles, and no opening but the neck.

Marching cubes gives closed surfaces, but not always one sphere: a strand that touches a shoulder makes a handle, a
spurious zero of the field an island. Each step says in words what it did.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix, csgraph

from ..errors import MeshError
from ..types import MILLIMETRES_PER_UNIT
from .surface import (
    Array,
    Edges,
    Index,
    Surface,
    boundary_loops,
    compact,
    edge_lengths,
    edges_along,
    euler_characteristic,
    face_areas,
    face_components,
    fill_loop,
    find_edges,
    path_to_root,
    separate_fans,
)

#: Area of the second largest piece, as a fraction of the largest one's, above which it is not clear which is the head.
_RIVAL = 0.5
#: More handles than this mean that the surface is noise, not a head.
_MOST_HANDLES = 150
#: The neck's opening is at least this long, units (100 mm); a child's neck measures about 0.9.
_SHORTEST_NECK = 0.4
#: Length, units (25 mm), below which loops are cut several at a time.
_SHORT_LOOP = 0.1
#: Factor by which edges at the neck's rim count as longer, so that no loop runs along it.
_AVOID = 1e3


def clean(surface: Surface) -> tuple[Surface, list[str]]:
    """Join coincident vertices, drop collapsed and repeated faces, separate sheets that only touch, and turn a surface
    that is inside out.

    Returns the surface and what was done, in words.
    """
    done = []
    points = np.ascontiguousarray(surface.points + 0.0)
    _, first, welded = np.unique(points.view([("", points.dtype)] * 3).ravel(), return_index=True, return_inverse=True)
    faces = first[welded.ravel()][surface.faces]
    a, b, c = faces.T
    faces = faces[(a != b) & (b != c) & (c != a)]
    _, single = np.unique(np.sort(faces, axis=1), axis=0, return_index=True)
    faces = faces[np.sort(single)]
    dropped = len(surface.faces) - len(faces)
    if dropped:
        done.append(f"dropped {_count(dropped, 'collapsed or repeated triangle')}")
    before = len(np.unique(faces))
    separated, _ = separate_fans(Surface(surface.values, faces))
    doubled = len(separated.values) - before
    if doubled > 0:
        done.append(f"parted the surface where it touched itself, at {_count(doubled, 'vertex')}")
    if _signed_volume(separated) < 0:
        separated = Surface(separated.values, separated.faces[:, ::-1])
        done.append("turned the surface outside out")
    return separated, done


def keep_head(surface: Surface) -> tuple[Surface, list[str]]:
    """Keep the largest piece. Returns it, and what was done, in words.

    Raises MeshError when the second largest has more than _RIVAL of its area.
    """
    component = face_components(surface.faces)
    names, which = np.unique(component, return_inverse=True)
    areas = np.bincount(which, face_areas(surface))
    head = int(np.argmax(areas))
    rival = float(np.delete(areas, head).max(initial=0.0)) / max(float(areas[head]), 1e-12)
    if rival > _RIVAL:
        raise MeshError(
            f"The surface falls into {len(names)} pieces, and the second largest has {rival:.0%} of the largest "
            "one's area, so it is not clear which of them is the head.",
            "Join the pieces or delete those that are not the head.",
        )
    kept, _ = compact(Surface(surface.values, surface.faces[which == head]))
    islands = len(names) - 1
    return kept, [f"dropped {_count(islands, 'island')}"] if islands else []


def make_disc(surface: Surface) -> tuple[Surface, list[str]]:
    """Close every opening but the neck (the longest) and every handle.

    Returns a surface of one piece, with one boundary loop and Euler characteristic 1, and what was done. Raises
    MeshError when there is no neck opening or the surface cannot be mended.
    """
    done = []
    loops = boundary_loops(surface.faces)
    longest = max((_loop_length(surface, loop) for loop in loops), default=0.0)
    if longest < _SHORTEST_NECK:
        opening = (
            f"its longest opening measures only {longest * MILLIMETRES_PER_UNIT:.0f} mm" if loops else "it is closed"
        )
        raise MeshError(
            f"The head has no neck opening: after the cut below the chin {opening}.",
            "Use a head whose neck reaches below the chin, placed with the chin about 115 mm below the origin.",
        )
    surface = _fill_all_but_longest(surface)
    if len(loops) > 1:
        done.append(f"closed {_count(len(loops) - 1, 'hole')}")

    handles = (1 - euler_characteristic(surface.faces)) // 2
    if handles > _MOST_HANDLES:
        raise MeshError(
            f"The surface has {handles} handles where a head has none: it is too tangled to be a head.",
            "Try another seed or another wording, or smooth the surface.",
        )
    left = handles
    while left > 0:
        surface = _close_handles(surface)
        left = (1 - euler_characteristic(surface.faces)) // 2
    if handles > 0:
        done.append(f"closed {_count(handles, 'handle')}")
    if not is_disc(surface.faces):
        raise MeshError(
            "The surface cannot be mended into one sheet with one opening at the neck.",
            "Try another seed or another wording, or remesh the head.",
        )
    return surface, done


def is_disc(faces: Index) -> bool:
    """Whether faces (F, 3) are one piece with one boundary loop and no handles."""
    return (
        len(np.unique(face_components(faces))) == 1
        and len(boundary_loops(faces)) == 1
        and euler_characteristic(faces) == 1
        and int(find_edges(faces).uses.max()) == 2
    )


def _close_handles(surface: Surface) -> Surface:
    """Cut the surface along short loops that do not divide it, and close their rims: each cut removes a handle."""
    loops = _handle_loops(surface)
    edges = find_edges(surface.faces)
    # Loops of which none divides the surface alone may do so together: then only the shortest is cut.
    for chosen in (loops, loops[:1]):
        cut = np.zeros(len(edges.ends), bool)
        for loop in chosen:
            cut |= edges_along(edges, np.append(loop, loop[0]))
        opened, _ = separate_fans(surface, cut)
        if not (face_components(opened.faces) != 0).any():
            break
    return _fill_all_but_longest(opened)


def _handle_loops(surface: Surface) -> list[Index]:
    """Short closed paths, the shortest first, that share no vertex; none divides the surface.

    Tree and cotree (Eppstein 2003; shortest loops through a root by Erickson and Whittlesey 2005): first the loops
    through any root; then those through a vertex of the shortest one, and so on while that gets shorter.
    """
    neck = max(boundary_loops(surface.faces), key=lambda loop: _loop_length(surface, loop))
    closed = fill_loop(surface, neck)
    edges = find_edges(closed.faces)
    rim = np.zeros(len(closed.values), bool)
    rim[neck] = rim[-1] = True
    lengths = edge_lengths(closed, edges) + 1e-9
    lengths = np.where(rim[edges.ends].any(axis=1), lengths * _AVOID, lengths)

    candidates = _loops_through(closed.faces, edges, lengths, int(np.argmin(rim)))
    for _ in range(3):
        shortest, loop = candidates[0]
        nearer = _loops_through(closed.faces, edges, lengths, int(loop[len(loop) // 2]))
        candidates = sorted(candidates + nearer, key=lambda candidate: candidate[0])
        if candidates[0][0] >= shortest * 0.999:
            break
    taken = np.zeros(len(closed.values), bool)
    chosen: list[Index] = []
    for length, loop in candidates:
        if (not chosen or length < _SHORT_LOOP) and not taken[loop].any():
            chosen.append(loop)
            taken[loop] = True
    return chosen


def _loops_through(faces: Index, edges: Edges, lengths: Array, root: int) -> list[tuple[float, Index]]:
    """Lengths, units, and vertices of the loops that consist of one edge and the shortest paths from its ends to a
    root, the shortest first: one for each edge that is neither in the tree of shortest paths nor crossed by the cotree.

    faces (F, 3): of a closed surface.
    edges: of these faces.
    lengths (E,): of the edges, units.
    root: a vertex.
    """
    start, end = edges.ends.T
    count = int(edges.ends.max()) + 1
    graph = coo_matrix((lengths, (start, end)), (count, count)).tocsr()
    distance, parent = csgraph.dijkstra(graph, directed=False, indices=root, return_predecessors=True)
    in_tree = (parent[start] == end) | (parent[end] == start)

    through = distance[start] + distance[end] + lengths
    order = np.argsort(edges.of_face.ravel(), kind="stable") // 3
    left, right = order[0::2], order[1::2]
    free = np.flatnonzero(~in_tree)
    # The cotree, a spanning tree of the faces, crosses the edges of the longest loops, so that short ones are left.
    cost = through[free].max() - through[free] + 1.0
    dual = coo_matrix((cost, (left[free], right[free])), (len(faces), len(faces))).tocsr()
    cotree = csgraph.minimum_spanning_tree(dual).tocoo()
    taken = _pair_keys(cotree.row, cotree.col, len(faces))
    left_over = free[~np.isin(_pair_keys(left[free], right[free], len(faces)), taken)]

    loops = []
    for edge in left_over:
        first, second = (path_to_root(parent, int(vertex)) for vertex in edges.ends[edge])
        while len(first) > 1 and len(second) > 1 and first[-2] == second[-2]:  # the way that both share
            first.pop()
            second.pop()
        loops.append((float(through[edge] - 2 * distance[first[-1]]), np.array(first + second[-2::-1], np.int64)))
    return sorted(loops, key=lambda candidate: candidate[0])


def _pair_keys(first: Index, second: Index, count: int) -> Index:
    """One number for each unordered pair of indices below `count`."""
    low, high = np.minimum(first, second), np.maximum(first, second)
    return low.astype(np.int64) * count + high


def _fill_all_but_longest(surface: Surface) -> Surface:
    loops = boundary_loops(surface.faces)
    neck = int(np.argmax([_loop_length(surface, loop) for loop in loops]))
    for loop in loops[:neck] + loops[neck + 1 :]:
        surface = fill_loop(surface, loop)
    return surface


def _loop_length(surface: Surface, loop: Index) -> float:
    points = surface.points[loop]
    return float(np.linalg.norm(points - np.roll(points, 1, axis=0), axis=1).sum())


def _signed_volume(surface: Surface) -> float:
    """Positive when the faces are counter-clockwise seen from outside; an opening counts as closed from the mean."""
    a, b, c = (surface.points[surface.faces[:, k]] - surface.points.mean(axis=0) for k in range(3))
    return float(np.einsum("fk,fk->", a, np.cross(b, c)))


def _count(number: int, noun: str) -> str:
    plural = {"vertex": "vertices"}.get(noun, noun + "s")
    return f"{number} {noun if number == 1 else plural}"
