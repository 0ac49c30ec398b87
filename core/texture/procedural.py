"""Smooth random fields at points in space."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import ndimage

from ..types import Floats

#: The noise repeats after this many cells.
_PERIOD = 48


def value_noise(points: Floats, seed: int) -> Floats:
    """(N,) smooth noise of -1 to 1 with one random value per unit cell, at points (N, 3)."""
    cell = np.floor(points)
    part = (points - cell).astype(np.float32)
    places = cell.astype(np.float32) + part * part * (3 - 2 * part)
    return ndimage.map_coordinates(_table(seed), places.T, output=np.float32, order=1, mode="grid-wrap")


def fractal_noise(points: Floats, seed: int, octaves: int = 3) -> Floats:
    """(N,) sum of value noises, each twice as fine and half as strong as the one before."""
    shares = 0.5 ** np.arange(octaves)
    parts = [share * value_noise(points * 2**k, seed + k) for k, share in enumerate(shares)]
    return (np.sum(parts, axis=0) / shares.sum()).astype(np.float32)


@lru_cache(maxsize=64)
def _table(seed: int) -> Floats:
    """The random values at the cells' corners; most heads ask for those of the same few seeds."""
    return np.random.default_rng(seed).uniform(-1, 1, (_PERIOD, _PERIOD, _PERIOD)).astype(np.float32)
