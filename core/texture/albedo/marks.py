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

#: Factors of red, green and blue by which a mark changes the skin's colour.
Tint = tuple[float, float, float]


@dataclass(frozen=True)
class Spots:
    """Scattered spots.

    tint: factors of the skin's red, green and blue.
    places: ellipses (x, y, radius in x, radius in y, density) that they lie in, on both sides of the face, units; the
        density, 0 to 1, says which fraction of the spots is there.
    apart: mean distance between neighbouring spots where the density is 1, units.
    radius: of the largest, units.
    """

    tint: Tint
    places: tuple[tuple[float, ...], ...]
    apart: float
    radius: float


@dataclass(frozen=True)
class Strokes:
    """Lines.

    tint: factors of the skin's red, green and blue.
    lines: (x, y) from and (x, y) to, units.
    half_widths: for each line, half its width at both ends, units.
    """

    tint: Tint
    lines: tuple[tuple[float, ...], ...]
    half_widths: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Mark:
    """One kind of mark.

    draws: number that, with the seed, starts its random numbers: they stay the same whatever other kinds there are.
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
#: Words that say that something is not there, and words that put lines on the person's right side.
_DENIED = re.compile(r"\b(?:no|without|not)(?: any| an?| the| many| more)* [\w-]+(?: spots)?", re.IGNORECASE)
_RIGHT = re.compile(r"\bright (?:side|cheek|eye|eyebrow|brow|temple|of)\b|\bon the right\b", re.IGNORECASE)
#: Probabilities that the words ask for a kind of mark, below which it is not drawn and above which it is drawn wholly.
_PROBABLE = (0.5, 0.9)


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
    """How far words ask for each kind of mark: the logistic regression of the token that scores highest.

    weights (K, C + 1): of the C numbers of a token's state and the bias, for each of K kinds.
    states (T, C): the tokens' states, zero for padding.
    Returns (K,), 0 to 1; zeros where the states are another text model's.
    """
    tokens = states[np.abs(states).sum(axis=1) > 0]
    if not len(tokens) or tokens.shape[1] != weights.shape[1] - 1:
        return np.zeros(len(weights), np.float32)
    score = (tokens @ weights[:, :-1].T + weights[:, -1]).max(axis=0)
    low, high = _PROBABLE
    return smooth_step((1 / (1 + np.exp(-score)) - low) / (high - low))


def mark_tints(points: Floats, marks: dict[str, Mark], strengths: Floats, seed: int, side: int = 1) -> Floats:
    """The factors by which marks change the skin's red, green and blue.

    points (N, 3): template points, units.
    marks: K kinds.
    strengths (K,): how far the words ask for each, 0 to 1.
    seed: of where they lie.
    side: of the person that lines are on, 1 left or -1 right.
    Returns (N, 3), factors.
    """
    tints = np.ones((len(points), 3), np.float32)
    here = np.flatnonzero(points[:, 2] > _LINES_FROM[0])
    front = points[here]
    for mark, strength in zip(marks.values(), strengths, strict=True):
        if strength > 0:
            rng = np.random.default_rng((seed, mark.draws))
            for layer in mark.layers:
                if isinstance(layer, Spots):
                    opacity, (behind, before) = _draw_spots(layer, front, rng), _SPOTS_FROM
                else:
                    mirrored = front * np.array([side, 1, 1], np.float32)
                    opacity, (behind, before) = _draw_strokes(layer, mirrored, rng), _LINES_FROM
                cover = strength * smooth_step((front[:, 2] - behind) / (before - behind)) * opacity
                tints[here] *= 1 - cover[:, None] * (1 - np.array(layer.tint, np.float32))
    return tints


def _draw_strokes(strokes: Strokes, points: Floats, rng: Generator) -> Floats:
    """The opacity (N,), 0 to 1, of lines with ragged edges at template points (N, 3)."""
    ragged = 1 + _RAGGED * value_noise(points / np.float32(_RAGGED_OVER), int(rng.integers(1 << 31)))
    drawn = np.zeros(len(points), np.float32)
    for (x, y, to_x, to_y), (start, end) in zip(strokes.lines, strokes.half_widths, strict=True):
        line, offset = np.array([to_x - x, to_y - y], np.float32), points[:, :2] - np.array([x, y], np.float32)
        along = (offset @ line / (line @ line)).clip(0, 1)
        distance = np.linalg.norm(offset - along[:, None] * line, axis=1)
        drawn = np.maximum(drawn, smooth_step((1 - distance * ragged / (start + along * (end - start))) / _SOFT))
    return drawn


def _draw_spots(kind: Spots, points: Floats, rng: Generator) -> Floats:
    """The opacity (N,), 0 to 1, of spots of many sizes and shades at template points (N, 3)."""
    low, high = np.array(_WINDOW)
    centres = rng.uniform(low, high, (round(np.prod(high - low) / kind.apart**2), 2)).astype(np.float32)
    radius = kind.radius * (_SMALLEST + (1 - _SMALLEST) * rng.random(len(centres)) ** 2)
    shade = rng.uniform(0.4, 1.0, len(centres))
    kept = rng.random(len(centres)) < _density(kind, centres)
    distance, nearest = cKDTree(centres[kept]).query(points[:, :2], distance_upper_bound=1.5 * kind.radius, workers=-1)
    drawn = np.zeros(len(points), np.float32)
    near = np.flatnonzero(np.isfinite(distance))
    spot = nearest[near]
    uneven = 1 + _UNEVEN * value_noise(points[near] / np.float32(kind.radius), int(rng.integers(1 << 31)))
    drawn[near] = shade[kept][spot] * smooth_step((1 - distance[near] * uneven / radius[kept][spot]) / _SOFT)
    return drawn


def _density(kind: Spots, centres: Floats) -> Floats:
    """The fraction of spots (M,), 0 to 1, that is drawn at places (M, 2) of the front, units."""
    density = np.zeros(len(centres), np.float32)
    for x, y, width, height, most in kind.places:
        distance = np.hypot((np.abs(centres[:, 0]) - x) / width, (centres[:, 1] - y) / height)
        density = np.maximum(density, most * smooth_step(1.5 - distance))
    return density
