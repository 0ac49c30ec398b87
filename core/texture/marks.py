"""Small marks all over the skin where the words ask for them: freckles, pimples, age spots.

A painter of few steps draws the mean of what may be there, and the mean of many scattered spots is a shade. So the
spots are laid over what it painted. Whether they are asked for is read off the words as the painter reads them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.spatial import cKDTree

from ..types import Floats
from .noise import value_noise
from .seam import smooth_step


@dataclass(frozen=True)
class Mark:
    """One kind. places: ellipses (x, y, radius in x, in y, share of the marks) of the template's front, on both sides,
    units; apart: how far from each other marks lie on average where all of them are; radius: of the largest, units;
    tint (3,): what they leave of red, green and blue."""

    places: tuple[tuple[float, float, float, float, float], ...]
    apart: float
    radius: float
    tint: tuple[float, float, float]


MARKS = {
    "freckles": Mark(
        ((0.13, -0.06, 0.12, 0.09, 1.0), (0.0, -0.05, 0.07, 0.09, 1.0), (0.0, 0.16, 0.2, 0.1, 0.35)),
        0.0095, 0.0052, (0.8, 0.66, 0.54),
    ),
    "blemishes": Mark(
        ((0.17, -0.15, 0.09, 0.13, 1.0), (0.0, 0.19, 0.17, 0.08, 0.9), (0.0, -0.37, 0.1, 0.05, 0.9)),
        0.034, 0.0095, (1.0, 0.72, 0.72),
    ),
    "age_spots": Mark(
        ((0.22, -0.03, 0.1, 0.13, 1.0), (0.0, 0.22, 0.24, 0.11, 1.0), (0.12, -0.1, 0.12, 0.1, 0.5)),
        0.042, 0.0145, (0.84, 0.73, 0.62),
    ),
}  # fmt: skip
#: The part of the front, (x, y) from and to, that the places lie in.
_WINDOW = ((-0.4, -0.5), (0.4, 0.45))
#: Marks are of the front only: behind the first of these planes there are none, before the second all.
_FRONT = (0.02, 0.1)
#: The smallest mark, as a share of the largest; how far outlines are from round; how soft they are.
_SMALLEST, _UNEVEN, _SOFT = 0.35, 0.3, 0.5
#: Shares of certainty between which a kind of marks comes out.
_ASKED = (0.3, 0.7)


def read_marks(weights: Floats, states: Floats) -> Floats:
    """How far words ask for each of MARKS, (K,), 0 to 1: by the token (T, C) that speaks of it most, padding being
    zero. weights (K, C + 1): what in a token's state, and a one, speaks of each."""
    said = states[np.abs(states).sum(axis=1) > 0]
    if not len(said) or said.shape[1] != weights.shape[1] - 1:
        return np.zeros(len(weights), np.float32)
    score = (said @ weights[:, :-1].T + weights[:, -1]).max(axis=0)
    low, high = _ASKED
    return smooth_step((1 / (1 + np.exp(-score)) - low) / (high - low))


def mark_tints(points: Floats, asked: Floats, seed: int) -> Floats:
    """What marks leave of red, green and blue, (N, 3), at template points (N, 3); asked (K,): how far of each kind."""
    tints = np.ones((len(points), 3), np.float32)
    front = smooth_step((points[:, 2] - _FRONT[0]) / (_FRONT[1] - _FRONT[0]))
    here = np.flatnonzero(front)
    for number, (kind, strength) in enumerate(zip(MARKS.values(), asked, strict=True)):
        if strength > 0:
            cover = strength * front[here] * _spots(kind, points[here], np.random.default_rng((seed, number)))
            tints[here] *= 1 - cover[:, None] * (1 - np.array(kind.tint, np.float32))
    return tints


def _spots(kind: Mark, points: Floats, rng: Generator) -> Floats:
    """(N,) scattered spots of many sizes and shades, 0 to 1, seen from the front."""
    low, high = np.array(_WINDOW)
    at = rng.uniform(low, high, (round(np.prod(high - low) / kind.apart**2), 2)).astype(np.float32)
    radius = kind.radius * (_SMALLEST + (1 - _SMALLEST) * rng.random(len(at)) ** 2)
    shade = rng.uniform(0.4, 1.0, len(at))
    kept = rng.random(len(at)) < _share(kind, at)
    distance, nearest = cKDTree(at[kept]).query(points[:, :2], distance_upper_bound=1.5 * kind.radius, workers=-1)
    found = np.zeros(len(points), np.float32)
    near = np.flatnonzero(np.isfinite(distance))
    own = nearest[near]
    uneven = 1 + _UNEVEN * value_noise(points[near] / np.float32(kind.radius), int(rng.integers(1 << 31)))
    found[near] = shade[kept][own] * smooth_step((1 - distance[near] * uneven / radius[kept][own]) / _SOFT)
    return found


def _share(kind: Mark, at: Floats) -> Floats:
    """(M,) which share of the marks is at places (M, 2) of the front, 0 to 1."""
    found = np.zeros(len(at), np.float32)
    for across, up, width, height, many in kind.places:
        away = np.hypot((np.abs(at[:, 0]) - across) / width, (at[:, 1] - up) / height)
        found = np.maximum(found, many * smooth_step(1.5 - away))
    return found
