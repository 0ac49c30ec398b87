"""What gives the face more of the image than of the head: a fixed map of the layout's inside onto itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .surface import Array


@dataclass(frozen=True)
class Lens:
    """Enlarges what lies round a centre and crowds the rest towards the curve, which stays.

    On every ray from (u, v), at the fraction t of the way to the curve, t becomes power t / (1 + (power - 1) t): one to
    one for any positive power, so that nothing folds that did not fold before; at the curve lengths along the ray
    shrink to 1 / power.

    u, v: the centre, uv.
    power: how many times larger things are there.
    """

    u: float
    v: float
    power: float

    def sees(self, outline: Array) -> bool:
        """Whether every point of a curve (n, 2), uv, is seen from the centre, so that the lens can work inside it: the
        curve turns about the centre all the way in one direction."""
        start = outline - np.array([self.u, self.v])
        end = np.roll(start, -1, axis=0)
        return self.power > 0 and bool((start[:, 0] * end[:, 1] - start[:, 1] * end[:, 0] > 0).all())

    def magnified(self, uv: Array, outline: Array) -> Array:
        """Points seen through the lens.

        uv (V, 2): the points.
        outline (n, 2): a curve, counter-clockwise, that the lens `sees`; points on it stay where they are.
        Returns uv (V, 2).
        """
        centre = np.array([self.u, self.v])
        offset = uv - centre
        to_curve = _distance_to_curve(np.arctan2(offset[:, 1], offset[:, 0]), outline - centre)
        fraction = np.hypot(*offset.T) / np.maximum(to_curve, 1e-12)
        factor = self.power / (1 + (self.power - 1) * np.minimum(fraction, 1.0))
        return np.asarray(np.where((fraction < 1 - 1e-9)[:, None], centre + factor[:, None] * offset, uv))


def _distance_to_curve(angles: Array, outline: Array) -> Array:
    """How far a curve (n, 2) lies from the origin in the directions of the angles (V,), radians: (V,)."""
    bearing = np.arctan2(outline[:, 1], outline[:, 0])
    order = np.roll(np.arange(len(outline)), -int(np.argmin(bearing)))
    start, end = outline[order], outline[np.roll(order, -1)]
    side = np.searchsorted(bearing[order], angles, side="right") - 1  # -1 is the side that the cut at pi runs through
    along = end[side] - start[side]
    cross = start[side, 0] * along[:, 1] - start[side, 1] * along[:, 0]
    return np.asarray(cross / (np.cos(angles) * along[:, 1] - np.sin(angles) * along[:, 0]))
