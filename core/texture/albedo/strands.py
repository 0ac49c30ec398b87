"""Strands of hair: drawn in the template's space, so that they run over the seam and suit any volume."""

from __future__ import annotations

import numpy as np

from ...types import Floats
from ..procedural import fractal_noise, value_noise
from .seam import smooth_step

#: The crown of the template's head, where the strands begin, units.
_CROWN = np.array([0.0, 0.4545, -0.1447], np.float32)
#: Strands round the crown, by how much each kind counts: locks, strands, single hairs.
_STRANDS = ((0.35, 9.0), (0.3, 26.0), (0.2, 70.0), (0.15, 170.0))
#: Curls by how many there are along a unit, and how much each kind counts.
_CURLS = ((52.0, 0.4), (97.0, 0.35), (180.0, 0.25))


def with_strands(colours: Floats, points: Floats, frizz: float = 0.0) -> Floats:
    """Hair of broad colours (N, 3), 0 to 255, at template points (N, 3), with strands that run down from the crown; as
    far as it is frizz, 0 to 1, with curls."""
    x, down, z = (points - _CROWN).T * np.array([[1], [-1], [1]], np.float32)
    angle = np.arctan2(x, z) + 0.05 * fractal_noise(points * 7, 0)
    along = np.hypot(np.hypot(x, z), down)
    strands = np.zeros(len(points), np.float32)
    for share, fine in _STRANDS if frizz < 1 else ():
        at = np.stack([np.cos(angle) * fine, np.sin(angle) * fine, along * 5], axis=1).astype(np.float32)
        strands += share * value_noise(at, int(fine))
    if frizz > 0:
        strands += frizz * (curls(points) - strands)
    patches = fractal_noise(points * 9, 3)
    broad = colours.mean(axis=1)
    # Light hair shows its strands more than dark hair does, though not in proportion to its lightness.
    light = (9 + 0.13 * broad) * (1.8 * strands + 0.5 * patches) - 0.05 * broad * smooth_step((0.12 - along) / 0.12)
    tinted = colours * (1 + light / np.maximum(broad, 24))[:, None]
    return np.asarray(tinted, np.float32)


def curls(points: Floats) -> Floats:
    """(N,) bright where a curl stands out, dark between curls, about -1 to 1, at points (N, 3)."""
    ridges = [share * (0.6 - 2 * np.abs(value_noise(points * np.float32(n), 51 + k)))
              for k, (n, share) in enumerate(_CURLS)]  # fmt: skip
    return np.asarray(np.sum(ridges, axis=0), np.float32)
