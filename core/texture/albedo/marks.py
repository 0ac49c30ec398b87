"""Small marks on the skin where the words ask for them: freckles, pimples, age spots, scars, tattoos.

A painter of few steps draws the mean of what may be there, and the mean of many scattered spots is a shade, that of a
thin line nothing. So marks are laid over what it painted. Whether they are asked for is read off the words as the
painter reads them. What marks there are, and where, is said in marks.json of a texture model: places are those of the
template seen from the front, units; lines are given for the person's left side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from scipy.spatial import cKDTree

from ...errors import ModelError
from ...foreign_files import read_json
from ...models import EMBEDDED
from ...types import Floats
from ..procedural import smooth_step, value_noise

#: File of a texture model's folder that lists its marks.
FILE = "marks.json"

Tint = tuple[float, float, float]


@dataclass(frozen=True)
class Spots:
    """Scattered spots.

    tint: what they leave of red, green and blue, as factors.
    places: ellipses (x, y, radius in x, radius in y, density) that they lie in, on both sides of the face, units; the
        density, 0 to 1, says which fraction of the spots is there.
    apart: how far from each other they lie on average where all of them are, units.
    radius: of the largest, units.
    """

    tint: Tint
    places: tuple[tuple[float, ...], ...]
    apart: float
    radius: float


@dataclass(frozen=True)
class Strokes:
    """Lines.

    tint: what they leave of red, green and blue, as factors.
    lines: (x, y) from and (x, y) to, units.
    half_widths: for each line, half its width at both ends, units.
    """

    tint: Tint
    lines: tuple[tuple[float, ...], ...]
    half_widths: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Mark:
    """One kind of mark.

    draws: number of its random draws, the same whatever other kinds there are.
    layers: what it is made of, one over the other.
    """

    draws: int
    layers: tuple[Spots | Strokes, ...]


#: The part of the front, (x, y) from and to, units, over which spots are scattered: a little more than the face.
_WINDOW = ((-0.4, -0.5), (0.4, 0.45))
#: Marks are of the front only: behind the first of these depths z there are none, before the second all, units. Spots,
#: which would be drawn out on the sides, end sooner than lines.
_SPOTS_FROM, _LINES_FROM = (0.02, 0.1), (-0.1, -0.04)
#: Radius of the smallest spot, as a fraction of the largest's; how much an outline's radius varies, likewise; and the
#: outer fraction of a spot or line over which it fades.
_SMALLEST, _UNEVEN, _SOFT = 0.35, 0.3, 0.5
#: How much a line's width varies, as a fraction, and over how long a way, units (5 mm).
_RAGGED, _RAGGED_OVER = 0.25, 0.02
#: What says that something is not there, and that lines are on the other side.
_DENIED = re.compile(r"\b(?:no|without|not)(?: any| an?| the| many| more)* [\w-]+(?: spots)?", re.IGNORECASE)
_RIGHT = re.compile(r"\bright (?:side|cheek|eye|eyebrow|brow|temple|of)\b|\bon the right\b", re.IGNORECASE)
#: Probabilities that the words ask for a kind of mark between which it comes out, from not at all to wholly.
_ASKED = (0.5, 0.9)


def affirmed(words: str) -> str:
    """The words without what they deny: "a redhead, no freckles" speaks of no freckles."""
    return _DENIED.sub("", words)


def side_of(words: str) -> int:
    """The side of the person that words put a mark on: 1 left, which is usual, or -1 right."""
    return -1 if _RIGHT.search(words) else 1


def load_marks(folder: Path) -> dict[str, Mark]:
    """The marks that a texture model knows, by name, or the embedded one's where the folder lists none.

    Raises ModelError when the file is damaged.
    """
    path = folder / FILE if (folder / FILE).is_file() else EMBEDDED / "texture" / FILE
    try:
        entries = read_json(path)
        return {name: Mark(int(entry["draws"]), _layers(entry)) for name, entry in entries.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(
            f"The list of marks {path} cannot be read ({error!r}).",
            "Restore the folder from the release it came from.",
        ) from error


def _layers(entry: dict[str, Any]) -> tuple[Spots | Strokes, ...]:
    """What a kind of mark is made of: its spots, or its lines, stroked several times in other tints and widths."""
    if "spots" in entry:
        return tuple(
            Spots(_tint(each), _rows(each["places"], 5), float(each["apart"]), float(each["radius"]))
            for each in entry["spots"]
        )
    lines = _rows(entry["lines"], 4)
    strokes = tuple(Strokes(_tint(each), lines, _rows(each["half_widths"], 2)) for each in entry["strokes"])
    if any(len(each.half_widths) != len(lines) for each in strokes):
        raise ValueError("there are other widths than lines")
    return strokes


def _tint(entry: dict[str, Any]) -> Tint:
    red, green, blue = (float(value) for value in entry["tint"])
    return red, green, blue


def _rows(table: list[list[float]], width: int) -> tuple[tuple[float, ...], ...]:
    rows = tuple(tuple(float(value) for value in row) for row in table)
    if any(len(row) != width for row in rows):
        raise ValueError(f"a row of {table} has not {width} numbers")
    return rows


def read_marks(weights: Floats, states: Floats) -> Floats:
    """How far words ask for each kind of mark: by the token that speaks of it most.

    weights (K, C + 1): what in a token's state, and a one, speaks of each of K kinds.
    states (T, C): the tokens' states, zero for padding.
    Returns (K,), 0 to 1; zeros where the states are another text model's.
    """
    spoken = states[np.abs(states).sum(axis=1) > 0]
    if not len(spoken) or spoken.shape[1] != weights.shape[1] - 1:
        return np.zeros(len(weights), np.float32)
    score = (spoken @ weights[:, :-1].T + weights[:, -1]).max(axis=0)
    low, high = _ASKED
    return smooth_step((1 / (1 + np.exp(-score)) - low) / (high - low))


def mark_tints(points: Floats, marks: dict[str, Mark], asked: Floats, seed: int, side: int = 1) -> Floats:
    """What marks leave of the skin's red, green and blue.

    points (N, 3): template points, units.
    marks: K kinds.
    asked (K,): how far the words ask for each, 0 to 1.
    seed: of where they lie.
    side: of the person that lines are on, 1 left or -1 right.
    Returns (N, 3), factors.
    """
    tints = np.ones((len(points), 3), np.float32)
    here = np.flatnonzero(points[:, 2] > _LINES_FROM[0])
    at = points[here]
    for mark, strength in zip(marks.values(), asked, strict=True):
        if strength > 0:
            rng = np.random.default_rng((seed, mark.draws))
            for layer in mark.layers:
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
    drawn = np.zeros(len(points), np.float32)
    for (x, y, to_x, to_y), (start, end) in zip(strokes.lines, strokes.half_widths, strict=True):
        way, at = np.array([to_x - x, to_y - y], np.float32), points[:, :2] - np.array([x, y], np.float32)
        along = (at @ way / (way @ way)).clip(0, 1)
        away = np.linalg.norm(at - along[:, None] * way, axis=1)
        drawn = np.maximum(drawn, smooth_step((1 - away * ragged / (start + along * (end - start))) / _SOFT))
    return drawn


def _scattered(kind: Spots, points: Floats, rng: Generator) -> Floats:
    """(N,) spots of many sizes and shades, 0 to 1."""
    low, high = np.array(_WINDOW)
    at = rng.uniform(low, high, (round(np.prod(high - low) / kind.apart**2), 2)).astype(np.float32)
    radius = kind.radius * (_SMALLEST + (1 - _SMALLEST) * rng.random(len(at)) ** 2)
    shade = rng.uniform(0.4, 1.0, len(at))
    kept = rng.random(len(at)) < _density(kind, at)
    distance, nearest = cKDTree(at[kept]).query(points[:, :2], distance_upper_bound=1.5 * kind.radius, workers=-1)
    drawn = np.zeros(len(points), np.float32)
    near = np.flatnonzero(np.isfinite(distance))
    own = nearest[near]
    uneven = 1 + _UNEVEN * value_noise(points[near] / np.float32(kind.radius), int(rng.integers(1 << 31)))
    drawn[near] = shade[kept][own] * smooth_step((1 - distance[near] * uneven / radius[kept][own]) / _SOFT)
    return drawn


def _density(kind: Spots, at: Floats) -> Floats:
    """(M,) which fraction of the spots is at places (M, 2) of the front, 0 to 1."""
    density = np.zeros(len(at), np.float32)
    for across, up, width, height, most in kind.places:
        away = np.hypot((np.abs(at[:, 0]) - across) / width, (at[:, 1] - up) / height)
        density = np.maximum(density, most * smooth_step(1.5 - away))
    return density
