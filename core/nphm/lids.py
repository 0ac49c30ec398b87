"""Eyelids that open and close by fractions of their own opening, on every head: half shut is half of this eye, and shut
is shut, whatever its size.

What an action does to the lids of the template, as a fraction of the template's opening, it does on a head as the same
fraction of the opening that the network gives that head, before its lids were raised; of what is left, a blink closes
its own fraction. The lids turn around the eyeball, the upper
one most of the way. The skin beside them follows less and less; all further off stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from scipy.spatial import cKDTree

from ..types import Bools, Floats
from .slit import EDGE, INWARDS, PLACES, EyeFrame, EyeGrid, Slit, profile

#: The upper lid's share of the way when the eye closes: from photographs of blinks, about four fifths.
UPPER_SHARE = 0.8
#: Distance from the rim at which the skin of the upper and of the lower lid has ceased to follow, units (11 and 9 mm),
#: as a part of the width of the eye.
UPPER_REACH, LOWER_REACH = 0.44, 0.36
#: Opening, radians (0.15 mm), below which fractions of it are no longer told apart.
SMALLEST = 0.01
#: Least distance of the skin that has turned from the eyeball, units (0.6 mm).
CLEARANCE = 0.0024
#: Slope, units a radian, of the cones about the eyeball's vertices that the lids stay above, too: on heads whose
#: eyeballs are dented, means of vertices lie below single ones.
PEAK_SLOPE = 0.025
#: How much sooner than the eye is shut its lids lie on the eyeball all over.
OUT_OF_FOLD = 3.0
#: Rings within the rim that go with it all the way; the next ones follow less and less.
STIFF = 3
#: How much higher the upper lid hangs on a neutral head than the network places it (P,), as parts of the opening's
#: height at PLACES: the bodies that it learned from look sleepy, the lid at the pupil's edge; people's covers 1 to 2 mm
#: of the iris. At the corners nothing: they would become blunt.
AWAKE = 0.28 * 4.0 * PLACES * (1.0 - PLACES)
#: How far the rings next to the lids' edges follow when those are brought together.
SEAL_FADES = (0.7, 0.35, 0.1)


@dataclass(frozen=True)
class Lids:
    """The lids of one eye.

    grid: the skin around it.
    rest: the template's vertices (V, 3), units.
    """

    grid: EyeGrid
    rest: Floats

    def fraction(self, offsets: Floats) -> Floats | None:
        """How far open actions leave the template's eye (P,), 1 as at rest; None where its lids' edges do not move.

        offsets (V, 3): of the template's vertices, without any blink, units.
        """
        if not offsets[self.grid.edges].any():
            return None
        frame, before = self._at_rest
        after = Slit.of(self.grid, frame, self.rest + offsets)
        ratio: Floats = (after.height.clip(0.0) + SMALLEST) / (before.height.clip(0.0) + SMALLEST)
        return ratio

    @cached_property
    def _at_rest(self) -> tuple[EyeFrame, Slit]:
        """The frame of the template's eye, and its opening."""
        frame = EyeFrame.of(self.grid, self.rest)
        return frame, Slit.of(self.grid, frame, self.rest)

    def on_head(self, head: Floats) -> HeadLids:
        """The lids on a head with vertices (V, 3), units, its eyes open."""
        frame = EyeFrame.of(self.grid, head)
        return HeadLids(self.grid, frame, Slit.of(self.grid, frame, head).height)


@dataclass(frozen=True)
class HeadLids:
    """The lids of one eye of a head.

    grid: the skin around it.
    frame: of the eye.
    height (P,): of its opening, neutral, radians; where its lids lie a little beyond each other then, as at blunt
        corners, below 0, and so they stay.
    """

    grid: EyeGrid
    frame: EyeFrame
    height: Floats

    def close(self, posed: Floats, fraction: Floats | None, blink: float) -> Floats:
        """The vertices (K, C, 3), units, of the grid as the lids leave them.

        posed (V, 3): the head's vertices with all actions but the blinks, units.
        fraction (P,): of the opening that those leave, as of `Lids.fraction`; None for all.
        blink: fraction of it that closes, 0 to 1.
        """
        now = Slit.of(self.grid, self.frame, posed)
        wanted = now.height
        if fraction is not None:
            placed = self.height.clip(0.0) / (1.0 + AWAKE)
            wanted = self.height + (placed + SMALLEST) * (fraction - 1.0)
        return self._closed(posed, now, wanted, blink)

    def opened(self, head: Floats) -> Floats:
        """The vertices (K, C, 3), units, of the grid with the upper lid raised by AWAKE.

        head (V, 3): the head's vertices as the network places them, units.
        """
        now = Slit.of(self.grid, self.frame, head)
        along, before, distance = self.frame.turned(head[self.grid.vertices].astype(np.float64))
        turn = np.zeros_like(before)
        turn[:, self.grid.upper] = np.interp(along[:, self.grid.upper], now.along, AWAKE * now.height.clip(0.0))
        height = before + self._with_rim(turn, head, along)
        lifted = self._above_the_eyeball(head, along, height, distance, height != before, 0.0)
        return self.frame.points(along, height, lifted)

    def meet(self, posed: Floats, blink: float) -> Floats:
        """The same where the actions leave what they do; but lids that have passed each other meet.

        posed, blink: as of `close`.
        """
        now = Slit.of(self.grid, self.frame, posed)
        return self._closed(posed, now, np.maximum(now.height, self.height.clip(max=0.0)), blink)

    def _closed(self, posed: Floats, now: Slit, wanted: Floats, blink: float) -> Floats:
        """As `close`. now: the opening of the posed head; wanted (P,): its height before the blink, radians."""
        grid, frame = self.grid, self.frame
        corrected = now.height - wanted
        shut = wanted.clip(0.0) * blink
        along, before, distance = frame.turned(posed[grid.vertices].astype(np.float64))
        turn = np.zeros_like(before)
        for columns, share, sign in ((grid.upper, UPPER_SHARE, -1.0), (grid.lower, 1.0 - UPPER_SHARE, 1.0)):
            turn[:, columns] = sign * np.interp(along[:, columns], now.along, 0.5 * corrected + share * shut)
        height = before + self._with_rim(turn, posed, along)
        if blink:
            height = height + blink**6 * self._seal(along, height)
        lifted = self._above_the_eyeball(posed, along, height, distance, height != before, blink)
        return frame.points(along, height, lifted)

    def _seal(self, along: Floats, height: Floats) -> Floats:
        """What brings each ring of the lids' edges together (K, C), radians, that a shut rim leaves apart: so they
        touch along their whole thickness, and no slit is seen from wherever one looks.

        along, height (K, C): of the grid's vertices, units and radians.
        """
        grid = self.grid
        rim = along[INWARDS]
        first, last = rim[grid.upper[0]], rim[grid.upper[-1]]
        places = first + (last - first) * PLACES
        seal = np.zeros_like(height)
        for ring in range(INWARDS - EDGE[0], INWARDS + EDGE[1] + 1):
            upper, lower = (
                profile(along[ring, columns], height[ring, columns], places) for columns in (grid.upper, grid.lower)
            )
            for columns, sign in ((grid.upper, -0.5), (grid.lower, 0.5)):
                seal[ring, columns] = sign * np.interp(along[ring, columns], places, upper - lower, 0.0, 0.0)
        inside, outside = INWARDS - EDGE[0], INWARDS + EDGE[1]
        for k, weight in enumerate(SEAL_FADES, 1):
            seal[inside - k], seal[outside + k] = weight * seal[inside], weight * seal[outside]
        return seal

    def _with_rim(self, turn: Floats, posed: Floats, along: Floats) -> Floats:
        """How far each vertex of the grid (K, C) turns, radians, with the lids' edges.

        turn (K, C): of the rings of those, radians; other rings do not count.
        posed (V, 3): the head before, units.
        along (K, C): of the grid's vertices, as of EyeFrame.turned.
        """
        inside, outside = INWARDS - EDGE[0], INWARDS + EDGE[1]
        beside = _evened(turn.shape[1], len(turn) - outside) @ turn[outside]
        turn = np.vstack([turn[[inside] * inside], turn[inside:outside], beside])
        return np.asarray(turn * self._follow(posed, along[INWARDS]))

    def _follow(self, posed: Floats, rim: Floats) -> Floats:
        """How far each vertex of the grid (K, C) goes with the rim of its column, 0 to 1."""
        grid = self.grid
        outer = posed[grid.vertices[INWARDS:]].astype(np.float64)
        length = np.linalg.norm(np.diff(outer, axis=0), axis=2).cumsum(axis=0)
        length = np.vstack([np.zeros((1, length.shape[1])), length])
        width = np.ptp(rim)
        reach = np.full(length.shape[1], UPPER_REACH * width)
        reach[grid.lower] = LOWER_REACH * width
        reach = np.minimum(reach, length[-1])
        outwards = _smooth(1.0 - length / reach)
        inwards = _smooth(np.arange(INWARDS) / (INWARDS - STIFF))[:, None] * np.ones((1, length.shape[1]))
        follow: Floats = np.vstack([inwards, outwards])
        return follow

    def _above_the_eyeball(
        self, posed: Floats, along: Floats, height: Floats, distance: Floats, turned: Bools, blink: float
    ) -> Floats:
        """Distances from the axis (K, C), units, of skin that has turned onto places where the eyeball bulges more.

        posed (V, 3): the head before the lids turned, units.
        along, height, distance (K, C): of the grid's vertices after that, as of EyeFrame.turned.
        turned (K, C): which of them have.
        blink: how far the eye is shut, 0 to 1: soon no eyeball shows through the corners and folds either.
        """
        ball = posed[self.grid.eyeball] - self.frame.centre
        radius = np.linalg.norm(ball, axis=1)
        tree = cKDTree(ball / radius[:, None])

        def missing(points: Floats, asked: Bools) -> Floats:
            """How much farther from the axis points (K, C, 3) would have to be, of those that are asked about (K, C)
            and near enough."""
            size = np.linalg.norm(points, axis=-1)
            asked = asked & (size < radius.max() + CLEARANCE)
            points, size = points[asked], size[asked]
            off, near = tree.query(points / size[:, None], 4)
            weight = 1.0 / (off**2 + 1e-5)
            smooth = (radius[near] * weight).sum(axis=-1) / weight.sum(axis=-1)
            peak = (radius[near] - PEAK_SLOPE * off).max(axis=-1)
            bulge = np.maximum(smooth, peak) + CLEARANCE
            sideways = points @ self.frame.axes[0]
            least = np.sqrt((bulge**2 - sideways**2).clip(0.0))
            lacking = np.zeros(asked.shape)
            lacking[asked] = (least - np.sqrt((size**2 - sideways**2).clip(0.0))).clip(0.0)
            return np.asarray(lacking)

        # What a hooded lid hides under its fold lies deeper than the eyeball bulges, until it is turned onto it.
        out_of_its_fold = min(1.0, OUT_OF_FOLD * blink)
        shut = (out_of_its_fold > 0.0) & (np.arange(len(along)) >= INWARDS - EDGE[0])[:, None]
        after = missing(self.frame.points(along, height, distance) - self.frame.centre, turned | shut)
        before = missing(posed[self.grid.vertices] - self.frame.centre, turned & (after > 0.0))
        more = np.where(turned, (after - before).clip(0.0), 0.0)
        lifted: Floats = distance + np.maximum(more, out_of_its_fold * shut * after)
        return lifted


@cache
def _evened(columns: int, rings: int) -> Floats:
    """What each of some rings makes of the turns of the lids' edge (rings, columns, columns): further from it the skin
    goes more and more evenly, without folds from the corners upwards."""
    still = np.eye(columns)
    step = 0.5 * still + 0.25 * (np.roll(still, 1, axis=0) + np.roll(still, -1, axis=0))
    return np.stack([np.linalg.matrix_power(step, ring) for ring in range(rings)])


def _smooth(x: Floats) -> Floats:
    """From 0 to 1 as x goes from 0 to 1, level at both ends."""
    x = np.clip(x, 0.0, 1.0)
    smooth: Floats = x * x * (3.0 - 2.0 * x)
    return smooth
