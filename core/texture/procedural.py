"""Smooth fields and steps that textures are drawn with: noise at points in space, curls, easing, brightness.

Everything here is a pure function of its arguments: the same points and seed give the same values.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import ndimage

from ..types import Bytes, Floats

#: Cells along each axis after which value noise repeats: more than are ever seen side by side; the table has 0.4 MB.
_PERIOD = 48
#: The octaves of curls: cells of noise per unit (250 mm), and the weight of each. They are 5, 2.6 and 1.4 mm wide.
_CURLS = ((52.0, 0.4), (97.0, 0.35), (180.0, 0.25))
#: Weights of red, green and blue in the brightness that the eye sees; rounded from ITU-R BT.601.
_LUMINANCE = (0.3, 0.59, 0.11)


def value_noise(points: Floats, seed: int) -> Floats:
    """Smooth noise with one random value per unit cell.

    points (N, 3): any frame; one cell is one unit of it.
    seed: which table of random values.
    Returns (N,) from -1 to 1.
    """
    cell = np.floor(points)
    fraction = (points - cell).astype(np.float32)
    places = cell.astype(np.float32) + fraction * fraction * (3 - 2 * fraction)
    return ndimage.map_coordinates(_table(seed), places.T, output=np.float32, order=1, mode="grid-wrap")


def fractal_noise(points: Floats, seed: int, octaves: int = 3) -> Floats:
    """A sum of value noises, each twice as fine and half as strong as the one before.

    points (N, 3): any frame; the coarsest noise has one cell per unit.
    seed: of the coarsest noise; the finer ones count on from it.
    octaves: how many noises.
    Returns (N,) from -1 to 1.
    """
    weights = 0.5 ** np.arange(octaves)
    parts = [weight * value_noise(points * 2**k, seed + k) for k, weight in enumerate(weights)]
    return (np.sum(parts, axis=0) / weights.sum()).astype(np.float32)


def curls(points: Floats) -> Floats:
    """Curly hair seen from outside: ridges of noise.

    points (N, 3): units, on the template or the head.
    Returns (N,), bright where a curl stands out, dark between curls, about -1 to 1.
    """
    ridges = [
        weight * (0.6 - 2 * np.abs(value_noise(points * np.float32(frequency), 51 + k)))
        for k, (frequency, weight) in enumerate(_CURLS)
    ]
    return np.asarray(np.sum(ridges, axis=0), np.float32)


def smooth_step(values: np.ndarray) -> Floats:
    """Ease from 0 to 1 without a kink at either end: 0 where `values` (...) are at most 0, 1 from 1 on."""
    t = np.clip(values, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def along_both(matrix: Floats, image: Floats) -> Floats:
    """A square image (n, n, C) with a linear filter applied to its columns and to its rows: (m, m, C).

    matrix (m, n): what the filter makes of a line of n pixels.
    """
    count, channels = len(image), image.shape[2]
    columns = (matrix @ image.reshape(count, -1)).reshape(len(matrix), count, channels)
    return np.asarray(matrix @ columns, np.float32)


def luminance_of(colours: Bytes | Floats) -> Floats:
    """How bright sRGB colours (..., 3), 0 to 255, look: (...,), 0 to 1."""
    return np.asarray(colours @ np.array(_LUMINANCE, np.float32) / 255, np.float32)


@lru_cache(maxsize=64)
def _table(seed: int) -> Floats:
    """The random values (P, P, P) at the cells' corners; most heads ask for those of the same few seeds."""
    return np.random.default_rng(seed).uniform(-1, 1, (_PERIOD, _PERIOD, _PERIOD)).astype(np.float32)
