"""Strands of hair: drawn in the template's space, so that they run over the seam and suit any volume."""

from __future__ import annotations

import numpy as np

from ...types import Floats
from ..procedural import curls, fractal_noise, smooth_step, value_noise

#: Strands round the crown: the weight of each kind, and its cells of noise per radian. Locks, strands, single hairs.
_STRANDS = ((0.35, 9.0), (0.3, 26.0), (0.2, 70.0), (0.15, 170.0))
#: Cells of noise along a strand, per unit (250 mm): strands change every 50 mm.
_ALONG = 5
#: How far strands wander from straight, radians, in waves of so many cells per unit.
_WANDER, _WANDER_CELLS = 0.05, 7
#: Patches of lighter and darker hair: cells per unit, and their weight beside strands of 1.8.
_PATCH_CELLS, _PATCH_WEIGHT, _STRAND_WEIGHT = 9, 0.5, 1.8
#: How strong strands are, sRGB bytes: so much on black hair, and so much more per byte of its own brightness. Light
#: hair shows its strands more than dark hair does, though not in proportion to its lightness.
_CONTRAST, _CONTRAST_OF_LIGHT = 9, 0.13
#: Round the crown hair is darker by this fraction, since it parts there, up to so far from it, units (30 mm).
_PARTING, _PARTING_REACH = 0.05, 0.12
#: Brightness, bytes, below which hair counts as this bright where strands are made factors of its colour.
_DARKEST = 24


def with_strands(colours: Floats, points: Floats, crown: tuple[float, float, float], frizz: float = 0.0) -> Floats:
    """Hair of broad colours, with strands that run down from the crown, or with curls.

    colours (N, 3): sRGB, 0 to 255.
    points (N, 3): where on the template, units.
    crown (3,): where strands begin, units.
    frizz: how far the hair is curls instead of strands, 0 to 1.
    Returns (N, 3), sRGB, 0 to 255 or a little more.
    """
    x, down, z = (points - np.array(crown, np.float32)).T * np.array([[1], [-1], [1]], np.float32)
    angle = np.arctan2(x, z) + _WANDER * fractal_noise(points * _WANDER_CELLS, 0)
    along = np.hypot(np.hypot(x, z), down)
    strands = np.zeros(len(points), np.float32)
    for weight, fine in _STRANDS if frizz < 1 else ():
        at = np.stack([np.cos(angle) * fine, np.sin(angle) * fine, along * _ALONG], axis=1).astype(np.float32)
        strands += weight * value_noise(at, int(fine))
    if frizz > 0:
        strands += frizz * (curls(points) - strands)
    patches = fractal_noise(points * _PATCH_CELLS, 3)
    broad = colours.mean(axis=1)
    contrast = (_CONTRAST + _CONTRAST_OF_LIGHT * broad) * (_STRAND_WEIGHT * strands + _PATCH_WEIGHT * patches)
    light = contrast - _PARTING * broad * smooth_step((_PARTING_REACH - along) / _PARTING_REACH)
    tinted = colours * (1 + light / np.maximum(broad, _DARKEST))[:, None]
    return np.asarray(tinted, np.float32)
