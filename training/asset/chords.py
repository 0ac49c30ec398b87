"""A coarser mesh of quads on a part of the vertices of a fine one: rows of quads are taken out whole.

A chord is a row of quads, each joined to the next by the edge opposite to the one before; it ends at the mesh's border
or runs round. Where the two sides of a chord are joined, all its quads vanish and all others stay quads, so edge loops
stay loops.

Source: M. Borden, S. Benzley, J. Shepherd, Hexahedral sheet extraction, IMR 2002 (in two dimensions).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np

from clip_head.core.types import Floats, Ints


@dataclass(frozen=True)
class Chord:
    """A row of quads.

    quads: in order.
    left, right: (E,) the ends of the edges that it runs across, one side each.
    """

    quads: Ints
    left: Ints
    right: Ints


def coarsened(vertices: Floats, quads: Ints, mirror: Ints, importance: Floats, wanted: int) -> Ints:
    """Quads (P, 4) on a part of the vertices, about `wanted` of them, symmetric like the mesh.

    Chords with short and unimportant edges go first; what is on the plane of symmetry stays on it.

    vertices: (V, 3) units.
    quads: (Q, 4), two at each edge at most.
    mirror: (V,) the vertex that is each one's mirror image.
    importance: (V,) by which lengths count, above 0.
    wanted: number of quads.
    """
    while len(quads) > wanted:
        chords = chords_of(quads)
        by_edge = {
            frozenset((int(a), int(b))): k
            for k, chord in enumerate(chords)
            for a, b in zip(chord.left, chord.right, strict=True)
        }
        costs = [_cost(vertices, importance, chord) for chord in chords]
        for k in np.argsort(costs):
            chord = chords[k]
            twin = chords[by_edge[frozenset((int(mirror[chord.left[0]]), int(mirror[chord.right[0]])))]]
            joined = _joined(quads, mirror, importance, chord, twin)
            if joined is not None:
                quads = joined
                break
        else:
            return quads
    return quads


def chords_of(quads: Ints) -> list[Chord]:
    """All chords of a mesh; every quad lies on two, or twice on one.

    quads: (Q, 4).
    """
    at_edge: dict[frozenset[int], list[tuple[int, int]]] = defaultdict(list)
    for q, corners in enumerate(quads.tolist()):
        for side in range(4):
            at_edge[frozenset((corners[side], corners[(side + 1) % 4]))].append((q, side))
    seen: set[tuple[int, int]] = set()
    chords = []
    for first in range(len(quads)):
        for direction in (0, 1):
            if (first, direction) not in seen:
                chords.append(_walked(quads, at_edge, first, direction, seen))
    return chords


def _walked(
    quads: Ints,
    at_edge: dict[frozenset[int], list[tuple[int, int]]],
    first: int,
    side: int,
    seen: set[tuple[int, int]],
) -> Chord:
    """The chord that enters a quad by one of its sides; what it passes is noted as (quad, side modulo 2) in `seen`."""
    # Back to the chord's beginning, or once around.
    quad, entry = first, side
    while (before := _across(quads, at_edge, quad, entry)) is not None:
        quad, entry = before[0], (before[1] + 2) % 4
        if (quad, entry) == (first, side):
            break
    row: list[int] = []
    left, right = [int(quads[quad, entry])], [int(quads[quad, (entry + 1) % 4])]
    while (quad, entry % 2) not in seen:
        seen.add((quad, entry % 2))
        row.append(quad)
        left.append(int(quads[quad, (entry + 3) % 4]))
        right.append(int(quads[quad, (entry + 2) % 4]))
        following = _across(quads, at_edge, quad, (entry + 2) % 4)
        if following is None:
            break
        quad, entry = following
    return Chord(np.array(row), np.array(left), np.array(right))


def _across(
    quads: Ints, at_edge: dict[frozenset[int], list[tuple[int, int]]], quad: int, side: int
) -> tuple[int, int] | None:
    """The quad, with its side, on the other side of a quad's side; None at the border."""
    edge = frozenset((int(quads[quad, side]), int(quads[quad, (side + 1) % 4])))
    others = [place for place in at_edge[edge] if place != (quad, side)]
    return others[0] if others else None


def _cost(vertices: Floats, importance: Floats, chord: Chord) -> float:
    """How much a mesh loses with a chord: the mean length of its edges, times their importance."""
    lengths = np.linalg.norm(vertices[chord.left] - vertices[chord.right], axis=1)
    return float((lengths * (importance[chord.left] + importance[chord.right])).mean())


def _joined(quads: Ints, mirror: Ints, importance: Floats, chord: Chord, twin: Chord) -> Ints | None:
    """The quads (P, 4) without a chord and its mirror image; None where what is left would be no mesh of quads."""
    kept, gone = chord.left, chord.right
    if importance[gone].sum() > importance[kept].sum():
        kept, gone = gone, kept
    parent = np.arange(len(mirror))

    def root(vertex: int) -> int:
        while parent[vertex] != vertex:
            vertex = parent[vertex]
        return vertex

    for a, b in zip([*kept, *mirror[kept]], [*gone, *mirror[gone]], strict=True):
        one, other = root(int(a)), root(int(b))
        # A vertex on the plane of symmetry stays: else the mesh would lean to one side.
        if mirror[other] == other and mirror[one] != one:
            one, other = other, one
        parent[other] = one
    names = np.array([root(v) for v in range(len(mirror))])
    if (names[mirror] != mirror[names]).any():
        return None
    rest = np.delete(quads, np.union1d(chord.quads, twin.quads), axis=0)
    rest = np.asarray(names[rest], np.int32)
    return rest if _is_mesh(rest) else None


def _is_mesh(quads: Ints) -> bool:
    """Whether every quad has four corners of its own, and every edge two quads at most, which share no other edge."""
    ordered = np.sort(quads, axis=1)
    if (ordered[:, 1:] == ordered[:, :-1]).any():
        return False
    directed = np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2)
    if len(np.unique(directed, axis=0)) < len(directed):
        return False
    # Two quads that share three corners fold onto each other.
    triples = Counter(tuple(sorted(np.delete(corners, k).tolist())) for corners in ordered for k in range(4))
    return max(triples.values()) == 1
