"""Smooth random fields at points in space."""

from __future__ import annotations

import numpy as np

from clip_head.core.types import Floats

_PRIMES = np.array([73856093, 19349663, 83492791], dtype=np.uint32)


def value_noise(points: Floats, seed: int) -> Floats:
    """(N,) smooth noise of about -1 to 1 with one random value per unit cell, at points (N, 3)."""
    cell = np.floor(points)
    part = (points - cell).astype(np.float32)
    part = part * part * (3 - 2 * part)
    base = cell.astype(np.int64).astype(np.uint32)
    total = np.zeros(len(points), dtype=np.float32)
    for corner in np.ndindex(2, 2, 2):
        step = np.array(corner, dtype=np.uint32)
        weight = np.prod(np.where(step == 1, part, 1 - part), axis=1)
        total += weight * _lattice(base + step, seed)
    return total


def fractal_noise(points: Floats, seed: int, octaves: int = 3) -> Floats:
    """(N,) sum of value noises, each twice as fine and half as strong as the one before."""
    shares = 0.5 ** np.arange(octaves)
    parts = [share * value_noise(points * 2**k, seed + k) for k, share in enumerate(shares)]
    return (np.sum(parts, axis=0) / shares.sum()).astype(np.float32)


def _lattice(cell: np.ndarray, seed: int) -> Floats:
    """One random number of -1 to 1 per integer cell (N, 3) uint32."""
    with np.errstate(over="ignore"):
        mixed = (cell * _PRIMES).sum(axis=1, dtype=np.uint32) ^ np.uint32(seed % (1 << 32))
        for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
            mixed = (mixed ^ (mixed >> np.uint32(shift))) * np.uint32(factor)
        mixed = mixed ^ (mixed >> np.uint32(16))
    return (mixed.astype(np.float32) / np.float32(2**31) - 1).astype(np.float32)
