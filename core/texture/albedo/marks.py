"""Small marks on the skin where the words ask for them: freckles, pimples, age spots, scars, tattoos.

A painter of few steps draws the mean of what may be there, and the mean of many scattered spots is a shade, that of a
thin line nothing. So marks are laid over what it painted. Whether they are asked for is read off the words as the
painter reads them. Places are those of the template seen from the front, units; lines are given for the person's left
side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.spatial import cKDTree

from ...types import Floats
from ..procedural import value_noise
from .seam import smooth_step

Tint = tuple[float, float, float]


@dataclass(frozen=True)
class Spots:
    """Scattered spots. tint: what they leave of red, green and blue; places: ellipses (x, y, radius in x, in y, share
    of the spots), on both sides; apart: how far from each other they lie on average where all of them are; radius: of
    the largest."""

    tint: Tint
    places: tuple[tuple[float, float, float, float, float], ...]
    apart: float
    radius: float


@dataclass(frozen=True)
class Strokes:
    """Lines. tint: what they leave of red, green and blue; lines: (x, y) from and to, half the width at both ends."""

    tint: Tint
    lines: tuple[tuple[float, float, float, float, float, float], ...]


def _scar(*line: float) -> tuple[Strokes, ...]:
    x, y, to_x, to_y = line
    rim, middle = (Strokes(tint, ((x, y, to_x, to_y, wide, 0.6 * wide),))
                   for tint, wide in (((0.86, 0.6, 0.58), 0.012), ((1.14, 1.5, 1.5), 0.0045)))  # fmt: skip
    return rim, middle


def _flames(x: float, y: float) -> tuple[Strokes, ...]:
    """Of ink, from the side of the head forwards."""
    curls = [(x + 0.04, y - 0.07 + 0.04 * k, x - 0.07, y + 0.012 * k, 0.011, 0.002) for k in range(4)]
    return (Strokes(_INK, (*curls, (x + 0.045, y - 0.09, x + 0.03, y + 0.09, 0.009, 0.003))),)


_INK = (0.16, 0.2, 0.27)
#: Kinds of marks, and what each is made of, one over the other.
MARKS: dict[str, tuple[Spots | Strokes, ...]] = {
    "freckles": (
        Spots(
            (0.83, 0.7, 0.59),
            ((0.13, -0.06, 0.12, 0.09, 1.0), (0.0, -0.05, 0.07, 0.09, 0.9), (0.0, 0.16, 0.2, 0.1, 0.3)),
            0.0095, 0.0045,
        ),
    ),
    "blemishes": (
        Spots(
            (1.0, 0.72, 0.72),
            ((0.17, -0.15, 0.09, 0.13, 1.0), (0.0, 0.19, 0.17, 0.08, 0.9), (0.0, -0.37, 0.1, 0.05, 0.9)),
            0.034, 0.0095,
        ),
    ),
    "age_spots": (
        Spots(
            (0.84, 0.73, 0.62),
            ((0.22, -0.03, 0.1, 0.13, 1.0), (0.0, 0.22, 0.24, 0.11, 1.0), (0.12, -0.1, 0.12, 0.1, 0.5)),
            0.042, 0.0145,
        ),
    ),
    "scar on the cheek": _scar(0.12, -0.2, 0.225, -0.06),
    "scar over the eye": _scar(0.095, 0.15, 0.145, -0.11),
    "scar on the forehead": _scar(0.04, 0.23, 0.15, 0.145),
    "tattoo on the temple": _flames(0.205, 0.13),
    "tattoo on the cheek": _flames(0.195, -0.13),
    "tear": (Strokes(_INK, ((0.155, -0.055, 0.155, -0.02, 0.01, 0.0015),)),),
    "tattoo on the chin": (Strokes(_INK, tuple((x, -0.3, x, -0.405, 0.006, 0.0045) for x in (-0.03, 0.0, 0.03))),),
}  # fmt: skip
#: The part of the front, (x, y) from and to, that the places lie in.
_WINDOW = ((-0.4, -0.5), (0.4, 0.45))
#: Marks are of the front only: behind the first of these planes there are none, before the second all. Spots, which
#: would be drawn out on the sides, end sooner than lines.
_SPOTS_FROM, _LINES_FROM = (0.02, 0.1), (-0.1, -0.04)
#: The smallest spot, as a share of the largest; how far outlines are from round; how soft they are.
_SMALLEST, _UNEVEN, _SOFT = 0.35, 0.3, 0.5
#: How much a line's width varies, and over how long a way, units.
_RAGGED, _RAGGED_OVER = 0.25, 0.02
#: What says that something is not there, and that lines are on the other side.
_DENIED = re.compile(r"\b(?:no|without|not)(?: any| an?| the| many| more)* [\w-]+(?: spots)?", re.IGNORECASE)
_RIGHT = re.compile(r"\bright (?:side|cheek|eye|eyebrow|brow|temple|of)\b|\bon the right\b", re.IGNORECASE)
#: Shares of certainty between which a kind of marks comes out.
_ASKED = (0.5, 0.9)


def affirmed(words: str) -> str:
    """The words without what they deny: "a redhead, no freckles" speaks of no freckles."""
    return _DENIED.sub("", words)


def side_of(words: str) -> int:
    """The side of the person that words put a mark on: 1 left, which is usual, or -1 right."""
    return -1 if _RIGHT.search(words) else 1


def read_marks(weights: Floats, states: Floats) -> Floats:
    """How far words ask for each of MARKS, (K,), 0 to 1: by the token (T, C) that speaks of it most, padding being
    zero. weights (K, C + 1): what in a token's state, and a one, speaks of each."""
    said = states[np.abs(states).sum(axis=1) > 0]
    if not len(said) or said.shape[1] != weights.shape[1] - 1:
        return np.zeros(len(weights), np.float32)
    score = (said @ weights[:, :-1].T + weights[:, -1]).max(axis=0)
    low, high = _ASKED
    return smooth_step((1 / (1 + np.exp(-score)) - low) / (high - low))


def mark_tints(points: Floats, asked: Floats, seed: int, side: int = 1) -> Floats:
    """What marks leave of red, green and blue, (N, 3), at template points (N, 3); asked (K,): how far of each kind;
    side: of the person that lines are on, 1 left or -1 right."""
    tints = np.ones((len(points), 3), np.float32)
    here = np.flatnonzero(points[:, 2] > _LINES_FROM[0])
    at = points[here]
    for number, (kind, strength) in enumerate(zip(MARKS.values(), asked, strict=True)):
        if strength > 0:
            rng = np.random.default_rng((seed, number))
            for layer in kind:
                if isinstance(layer, Spots):
                    drawn, (behind, before) = _scattered(layer, at, rng), _SPOTS_FROM
                else:
                    drawn, (behind, before) = _drawn(layer, at * np.array([side, 1, 1], np.float32), rng), _LINES_FROM
                cover = strength * smooth_step((at[:, 2] - behind) / (before - behind)) * drawn
                tints[here] *= 1 - cover[:, None] * (1 - np.array(layer.tint, np.float32))
    return tints


def _drawn(strokes: Strokes, points: Floats, rng: Generator) -> Floats:
    """(N,) lines with ragged edges, 0 to 1."""
    ragged = 1 + _RAGGED * value_noise(points / np.float32(_RAGGED_OVER), int(rng.integers(1 << 31)))
    found = np.zeros(len(points), np.float32)
    for x, y, to_x, to_y, wide, tip in strokes.lines:
        way, at = np.array([to_x - x, to_y - y], np.float32), points[:, :2] - np.array([x, y], np.float32)
        share = (at @ way / (way @ way)).clip(0, 1)
        away = np.linalg.norm(at - share[:, None] * way, axis=1)
        found = np.maximum(found, smooth_step((1 - away * ragged / (wide + share * (tip - wide))) / _SOFT))
    return found


def _scattered(kind: Spots, points: Floats, rng: Generator) -> Floats:
    """(N,) spots of many sizes and shades, 0 to 1."""
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


def _share(kind: Spots, at: Floats) -> Floats:
    """(M,) which share of the marks is at places (M, 2) of the front, 0 to 1."""
    found = np.zeros(len(at), np.float32)
    for across, up, width, height, many in kind.places:
        away = np.hypot((np.abs(at[:, 0]) - across) / width, (at[:, 1] - up) / height)
        found = np.maximum(found, many * smooth_step(1.5 - away))
    return found
