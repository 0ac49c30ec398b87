"""Strands of hair: drawn in the template's space, so that they run over the seam and suit any volume."""

from __future__ import annotations

from functools import partial

import numpy as np

from ...parts import by_parts
from ...remembered import remembered
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
#: Contrast of strands on black hair, sRGB bytes, and how much more it is per byte of the hair's brightness. Light hair
#: shows its strands more than dark hair does, though not in proportion to its lightness.
_CONTRAST, _CONTRAST_OF_LIGHT = 9, 0.13
#: Fraction by which hair is darker at the crown, since it parts there, and the distance from the crown at which that
#: has faded out, units (30 mm).
_PARTING, _PARTING_REACH = 0.05, 0.12
#: Least brightness, sRGB bytes, by which the contrast is divided to become a factor of the colour: on black hair the
#: factor would grow without bound.
_DARKEST = 24


def with_strands(colours: Floats, pattern: Floats, frizz: float = 0.0) -> Floats:
    """Draw strands that run down from the crown, or curls, on hair.

    colours (N, 3): the hair's, without strands, sRGB, 0 to 255.
    pattern (N, 4): as of `strand_pattern`.
    frizz: how far the hair is curls instead of strands, 0 to 1.
    Returns (N, 3), sRGB, 0 to 255 or a little more.
    """
    straight, curly, patches, along = pattern.T
    strands = straight + np.float32(frizz) * (curly - straight)
    brightness = colours.mean(axis=1)
    contrast = (_CONTRAST + _CONTRAST_OF_LIGHT * brightness) * (_STRAND_WEIGHT * strands + _PATCH_WEIGHT * patches)
    change = contrast - _PARTING * brightness * smooth_step((_PARTING_REACH - along) / _PARTING_REACH)
    return np.asarray(colours * (1 + change / np.maximum(brightness, _DARKEST))[:, None], np.float32)


def strand_pattern(points: Floats, crown: tuple[float, float, float]) -> Floats:
    """What hair is drawn from, whatever its colour: strands, curls, patches of lighter and darker hair, about -1 to 1,
    and the distance from the crown, units.

    points (N, 3): where on the template, units.
    crown (3,): where strands begin, units.
    Returns (N, 4).
    """
    return by_parts(partial(_pattern, crown=crown), points)


#: The same, kept: for points that come again with every head.
kept_strand_pattern = remembered(3)(strand_pattern)


def _pattern(points: Floats, crown: tuple[float, float, float]) -> Floats:
    """As `strand_pattern`, on one core."""
    x, down, z = (points - np.array(crown, np.float32)).T * np.array([[1], [-1], [1]], np.float32)
    angle = np.arctan2(x, z) + _WANDER * fractal_noise(points * _WANDER_CELLS, 0)
    along = np.hypot(np.hypot(x, z), down)
    strands = np.zeros(len(points), np.float32)
    for weight, frequency in _STRANDS:
        around = (np.cos(angle) * frequency, np.sin(angle) * frequency)
        cells = np.stack([*around, along * _ALONG], axis=1).astype(np.float32)
        strands += weight * value_noise(cells, int(frequency))
    return np.stack([strands, curls(points), fractal_noise(points * _PATCH_CELLS, 3), along], axis=1, dtype=np.float32)
