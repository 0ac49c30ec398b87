"""Lines of points: resampled by arc length, smoothed, gathered into locks."""

from __future__ import annotations

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from clip_head.core.types import Floats, Ints

from .scalp import farthest


def resampled(lines: Floats, count: int, part: Floats | float = 1.0) -> Floats:
    """Lines (N, count, 3) of points that lie evenly by arc length.

    lines: (N, T, 3) units; points may repeat.
    count: of points on each.
    part: (N,) or one number, the part of the length from the root on that is kept, 0 to 1.
    """
    length = np.linalg.norm(np.diff(lines, axis=1), axis=2).cumsum(axis=1)
    length = np.concatenate([np.zeros((len(lines), 1)), length], axis=1)
    # Strictly growing, so that repeated points do no harm.
    length += 1e-9 * np.arange(lines.shape[1])
    wanted = np.linspace(0, 1, count) * (length[:, -1] * part)[:, None]
    rows = [
        [np.interp(at, along, line[:, axis]) for axis in range(3)]
        for at, along, line in zip(wanted, length, lines, strict=True)
    ]
    return np.asarray(np.moveaxis(np.array(rows).reshape(len(lines), 3, count), 1, 2), np.float32)


def lengths(lines: Floats) -> Floats:
    """Lengths (N,) of lines (N, T, 3), units."""
    return np.asarray(np.linalg.norm(np.diff(lines, axis=1), axis=2).sum(axis=1), np.float32)


def smooth(lines: Floats, sigma: float) -> Floats:
    """Lines (N, T, 3) whose bends are rounded; their ends stay.

    lines: units, evenly sampled.
    sigma: standard deviation of the Gaussian, in points.
    """
    # About the straight line between the ends, so that these stay.
    t = np.linspace(0, 1, lines.shape[1])[None, :, None]
    straight = lines[:, :1] * (1 - t) + lines[:, -1:] * t
    mirrored = np.concatenate([-(lines - straight)[:, :0:-1], lines - straight, -(lines - straight)[:, -2::-1]], axis=1)
    bent = ndimage.gaussian_filter1d(mirrored, sigma, axis=1)[:, lines.shape[1] - 1 : 2 * lines.shape[1] - 1]
    return np.asarray(straight + bent, np.float32)


def locks_of(roots: Floats, spacing: float) -> Ints:
    """For each root (N,) the root in whose lock it is.

    roots: (N, 3) units.
    spacing: of locks, units.
    """
    area = len(roots) * np.median(cKDTree(roots).query(roots, 2)[0][:, 1]) ** 2
    centres = farthest(roots, int(np.clip(area / spacing**2, 1, len(roots))))
    return np.asarray(centres[cKDTree(roots[centres]).query(roots)[1]], np.int32)


def gathered(lines: Floats, locks: Ints, strength: float) -> Floats:
    """Lines (N, T, 3) that come together in locks towards their tips.

    lines: units.
    locks: (N,) as of locks_of.
    strength: 0 to 1.
    """
    t = np.linspace(0, 1, lines.shape[1])[None, :, None]
    return np.asarray(lines + strength * t**1.2 * (lines[locks] - lines), np.float32)
