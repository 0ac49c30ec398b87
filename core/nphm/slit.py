"""The opening between the eyelids: where it lies on the template, and how high it is on a head.

Around each eye the template's quads form closed rings of edges; the columns that cross them run from the socket over
the edge of the lid out into the face. Both are found by going straight on from edge to edge. The ring of the smallest
area, seen from the front, is the rim, between whose upper and lower half one sees the eye.

On a head the rim is looked at around the axis through the eyeball's centre that runs from corner to corner: a lid that
turns around that axis slides over the eyeball. Heights are angles around it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from ..types import Bools, Floats, Ints

#: Rings of the grid within the rim and outside it.
INWARDS, OUTWARDS = 7, 18
#: Rings within and outside the rim that may hide the eye: the lid's edge, about 2 mm thick.
EDGE = (1, 2)
#: Where along the rim the opening is measured, as parts of the way from the inner to the outer corner: close together
#: at the corners, which may be blunt.
PLACES = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, 61))
#: Vertices of the rim that lie this near to its end, as a part of its width, make up the corner.
BLUNT = 0.03
#: Distance from an eyeball's centre within which its lids lie, units (60 mm).
SURROUNDINGS = 0.24
#: Most vertices that a ring around an eye may have.
LONGEST_RING = 120


@dataclass(frozen=True)
class EyeGrid:
    """The skin around one eye as a grid of rings and columns.

    vertices (K, C): of the template; ring by ring from the socket outwards.
    upper, lower (N,), (M,): columns of either lid from the inner to the outer corner, both corners included.
    eyeball (E,): vertices.
    """

    vertices: Ints
    upper: Ints
    lower: Ints
    eyeball: Ints

    @property
    def edges(self) -> Ints:
        """The rings (EDGE[0] + 1 + EDGE[1], C) of the lids' edges, from within outwards."""
        return self.vertices[INWARDS - EDGE[0] : INWARDS + EDGE[1] + 1]

    @staticmethod
    def on(vertices: Floats, faces: Ints, eyeball: Bools) -> EyeGrid | None:
        """The grid around an eye of a template.

        vertices (V, 3): units; faces (F, 3): pairs of triangles that share the first corner and were one quad.
        eyeball (V,): True on the eyeball.
        Returns None where the template has no closed rings around that eye.
        """
        ball = np.flatnonzero(eyeball)
        centre = vertices[ball].mean(axis=0)
        pairs = faces.reshape(-1, 6) if len(faces) % 2 == 0 else faces[:0].reshape(0, 6)
        quads = pairs[(pairs[:, 0] == pairs[:, 3]) & (pairs[:, 2] == pairs[:, 4])][:, [0, 1, 2, 5]].astype(int)
        near = np.linalg.norm(vertices - centre, axis=1) < SURROUNDINGS
        flow = _Flow(quads[(near & ~eyeball)[quads].all(axis=1)])
        skin = np.array(sorted(flow.neighbours), dtype=int)
        if not len(skin):
            return None
        pupil = vertices[ball[np.argmax(vertices[ball, 2])]]
        start = int(skin[np.argmin(np.linalg.norm(vertices[skin] - pupil, axis=1))])
        ring = flow.ring(start)
        if ring is None:
            return None
        grid = flow.columns(ring)
        if grid is None:
            return None
        span = [np.ptp(vertices[one, 0]) for one in (grid[0], grid[-1])]
        grid = grid if span[0] < span[1] else grid[::-1]
        area = np.array([_area(vertices[one, :2]) for one in grid])
        # Rings far inside the socket may be small too: the rim is the smallest one near the vertex by the pupil.
        here = int(np.flatnonzero((grid == start).any(axis=1))[0])
        around = np.arange(max(here - 4, 0), min(here + 5, len(grid)))
        rim = int(around[np.argmin(area[around])])
        if rim < INWARDS or rim + OUTWARDS >= len(grid):
            return None
        grid = grid[rim - INWARDS : rim + OUTWARDS + 1]
        upper, lower = _halves(vertices[grid[INWARDS]])
        return EyeGrid(grid, upper, lower, ball)


@dataclass(frozen=True)
class EyeFrame:
    """An eyeball's centre (3,), units, and axes (3, 3): along the eye, from corner to corner, upwards, forwards."""

    centre: Floats
    axes: Floats

    @staticmethod
    def of(grid: EyeGrid, vertices: Floats) -> EyeFrame:
        """The frame of an eye of a head with vertices (V, 3), units."""
        ball = vertices[grid.eyeball].astype(np.float64)
        middle = ball.mean(axis=0)
        away = ball - middle
        # |x - c|^2 = r^2 is linear in c and r^2 - c^2: the best sphere by least squares.
        design = np.hstack([2 * away, np.ones((len(ball), 1))])
        centre = middle + np.linalg.lstsq(design, (away**2).sum(axis=1), rcond=None)[0][:3]
        rim = vertices[grid.vertices[INWARDS]].astype(np.float64)
        along = rim[grid.upper[-1]] - rim[grid.upper[0]]
        along /= np.linalg.norm(along)
        forwards = rim.mean(axis=0) - centre
        forwards -= (forwards @ along) * along
        forwards /= np.linalg.norm(forwards)
        upwards = np.cross(forwards, along)
        return EyeFrame(centre, np.stack([along, upwards if upwards[1] > 0 else -upwards, forwards]))

    def turned(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Place along the axis (...,), units, height (...,), radians, and distance from the axis (...,), units, of
        points (..., 3)."""
        along, up, forward = np.moveaxis((points - self.centre) @ self.axes.T, -1, 0)
        return along, np.arctan2(up, forward), np.hypot(up, forward)

    def points(self, along: Floats, height: Floats, distance: Floats) -> Floats:
        """The points (..., 3), units, that `turned` says this of."""
        local = np.stack([along, distance * np.sin(height), distance * np.cos(height)], axis=-1)
        points: Floats = local @ self.axes + self.centre
        return points


@dataclass(frozen=True)
class Slit:
    """The opening between the lids at PLACES: their upper and lower edge (P,), radians, and where those are
    along the axis (P,), units."""

    along: Floats
    upper: Floats
    lower: Floats

    @staticmethod
    def of(grid: EyeGrid, frame: EyeFrame, vertices: Floats) -> Slit:
        """The slit of a posed head with vertices (V, 3), units, in the frame of the same head with its eyes open."""
        along, height, _ = frame.turned(vertices[grid.edges].astype(np.float64))
        rim = along[EDGE[0]]
        first, last = rim[grid.upper[0]], rim[grid.upper[-1]]
        places = first + (last - first) * PLACES
        rings = range(len(along))
        upper = np.min([profile(along[k, grid.upper], height[k, grid.upper], places) for k in rings], axis=0)
        lower = np.max([profile(along[k, grid.lower], height[k, grid.lower], places) for k in rings], axis=0)
        return Slit(places, upper, lower)

    @property
    def height(self) -> Floats:
        """Of the opening (P,), radians; negative where the upper lid's edge lies below the lower one's."""
        return self.upper - self.lower


def profile(along: Floats, height: Floats, places: Floats) -> Floats:
    """Heights (P,) at places (P,) along the eye, of a line through points at `along` (N,) and `height` (N,)."""
    order = np.argsort(along, kind="stable")
    heights: Floats = np.interp(places, along[order], height[order])
    return heights


class _Flow:
    """Going straight on from edge to edge on quads (Q, 4)."""

    def __init__(self, quads: Ints) -> None:
        self.neighbours: dict[int, set[int]] = defaultdict(set)
        self.around: dict[int, list[set[int]]] = defaultdict(list)
        for quad in quads.tolist():
            corners = set(quad)
            for k, corner in enumerate(quad):
                self.neighbours[corner] |= {quad[k - 1], quad[(k + 1) % 4]}
                self.around[corner].append(corners)

    def onwards(self, before: int, at: int) -> int | None:
        """The vertex after the edge from `before` to `at`; None where edges do not cross regularly."""
        if len(self.neighbours[at]) != 4 or len(self.around[at]) != 4:
            return None
        beside = set().union(*(corners for corners in self.around[at] if before in corners))
        ahead = self.neighbours[at] - beside
        return ahead.pop() if len(ahead) == 1 else None

    def ring(self, start: int) -> list[int] | None:
        """The closed ring of edges through a vertex; None where there is none."""
        for first in sorted(self.neighbours[start]):
            ring = [start, first]
            while len(ring) <= LONGEST_RING:
                following = self.onwards(ring[-2], ring[-1])
                if following is None:
                    break
                if following == start:
                    return ring
                ring.append(following)
        return None

    def columns(self, ring: list[int]) -> Ints | None:
        """The rings (K, C) next to one another on both sides of a ring; None where it has no neighbours."""
        sides = []
        for side in (0, 1):
            beside = sorted(self.neighbours[ring[0]] - {ring[1], ring[-1]})
            if len(beside) != 2:
                return None
            rings, following = [ring], self._beside(ring, beside[side])
            while following is not None and len(rings) < INWARDS + OUTWARDS + 5:
                rings.append(following)
                ahead = self.onwards(rings[-2][0], rings[-1][0])
                following = None if ahead is None else self._beside(rings[-1], ahead)
            sides.append(rings)
        return np.array(sides[0][:0:-1] + sides[1])

    def _beside(self, ring: list[int], first: int) -> list[int] | None:
        """The ring beside a ring that starts at a neighbour of its first vertex."""
        beside = [first]
        for at in ring[1:]:
            both = [
                corners for corners in self.around[at] if beside[-1] in corners and ring[len(beside) - 1] in corners
            ]
            shared = [v for corners in both for v in corners & self.neighbours[at] if v not in ring]
            if len(shared) != 1:
                return None
            beside.append(shared[0])
        return beside if first in self.neighbours[beside[-1]] else None


def _area(outline: Floats) -> float:
    """Area of a polygon (N, 2)."""
    x, y = outline.T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def _halves(rim: Floats) -> tuple[Ints, Ints]:
    """The columns of the upper and of the lower half of a rim (C, 3), each from its inner to its outer corner."""
    inner, outer, count = _corner(rim, -1.0), _corner(rim, 1.0), len(rim)
    one = (inner + np.arange((outer - inner) % count + 1)) % count
    other = (inner - np.arange((inner - outer) % count + 1)) % count
    return (one, other) if rim[one, 1].mean() > rim[other, 1].mean() else (other, one)


def _corner(rim: Floats, side: float) -> int:
    """The corner of a rim (C, 3) away from the nose (side 1) or beside it (side -1): where its end is blunt, the middle
    of that, so that lids which close draw both halves of the end together."""
    outwards = side * np.abs(rim[:, 0])
    end = np.flatnonzero(outwards > outwards.max() - BLUNT * np.ptp(outwards))
    middle = (rim[end, 1].min() + rim[end, 1].max()) / 2
    return int(end[np.argmin(np.abs(rim[end, 1] - middle))])
