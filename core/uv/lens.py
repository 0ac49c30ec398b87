"""What gives the face more of the image than of the head: a fixed map of the layout's inside onto itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .surface import Array


@dataclass(frozen=True)
class Lens:
    """Enlarges what lies round (u, v) by `power` and draws the rest together towards the curve, which stays.

    On every ray from (u, v), at the fraction t of the way to the curve, t becomes power t / (1 + (power - 1) t): one to
    one for any positive power, so that nothing folds that did not fold before; at the curve lengths along the ray
    shrink to 1 / power.
    """

    u: float
    v: float
    power: float

    def sees(self, outline: Array) -> bool:
        """Whether the lens can work inside a curve (n, 2): it turns about (u, v) all the way in one direction."""
        away = outline - np.array([self.u, self.v])
        ahead = np.roll(away, -1, axis=0)
        return self.power > 0 and bool((away[:, 0] * ahead[:, 1] - away[:, 1] * ahead[:, 0] > 0).all())

    def magnified(self, uv: Array, outline: Array) -> Array:
        """uv (V, 2) seen through the lens. outline (n, 2): a curve, counter-clockwise, whose every point is seen from
        (u, v); points on it stay where they are."""
        centre = np.array([self.u, self.v])
        away = uv - centre
        fraction = np.hypot(*away.T) / np.maximum(_reach(np.arctan2(away[:, 1], away[:, 0]), outline - centre), 1e-12)
        factor = self.power / (1 + (self.power - 1) * np.minimum(fraction, 1.0))
        return np.asarray(np.where((fraction < 1 - 1e-9)[:, None], centre + factor[:, None] * away, uv))


def _reach(angles: Array, outline: Array) -> Array:
    """(V,): how far the curve (n, 2) lies from the origin in the directions of the angles (V,)."""
    bearing = np.arctan2(outline[:, 1], outline[:, 0])
    order = np.roll(np.arange(len(outline)), -int(np.argmin(bearing)))
    start, end = outline[order], outline[np.roll(order, -1)]
    side = np.searchsorted(bearing[order], angles, side="right") - 1  # -1 is the side that the cut at pi runs through
    along = end[side] - start[side]
    cross = start[side, 0] * along[:, 1] - start[side, 1] * along[:, 0]
    return np.asarray(cross / (np.cos(angles) * along[:, 1] - np.sin(angles) * along[:, 0]))
