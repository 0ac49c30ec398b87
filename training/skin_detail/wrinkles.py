"""The wrinkles of the very old, as grooves on the template, and how old a head's identity code looks.

Where they run is drawn by hand over the template seen from the front: across the forehead, between the brows, from the
eyes' outer corners, under the eyes, from the nose past the mouth. The CC0 skins have none to take them from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.spatial import cKDTree

from clip_head.core.texture.procedural import smooth_step, value_noise
from clip_head.core.types import MILLIMETRES_PER_UNIT, Floats
from clip_head.training.mapping.evaluate import fit_probe

#: How densely grooves are drawn, units, and how far they are looked for.
_STEP, _REACH = 0.0015, 0.03
#: How far the two sides of a face differ, and how much a groove winds, units.
_UNLIKE, _WINDING = 0.009, 0.003
#: Wrinkles are of the front only: behind the first of these planes there are none, before the second all.
_FRONT = (0.0, 0.07)
#: Height of the swelling on either side of a groove, as a share of its depth.
_SWELLING = 0.3


@dataclass(frozen=True)
class Groove:
    """Places (x, y) that a groove runs through on the person's left side, units; its depth in the middle and half its
    width, millimetres. Both taper off to its ends. mirrored: whether the other side has it, too."""

    places: tuple[tuple[float, float], ...]
    depth: float
    width: float
    mirrored: bool = True


GROOVES = (
    # Across the forehead, each dipping at the middle.
    *(
        Groove(((-x, y - 0.012), (-0.07, y + 0.006), (0, y), (0.07, y + 0.007), (x, y - 0.01)), depth, 1.3, False)
        for y, x, depth in ((0.152, 0.15, 0.42), (0.186, 0.165, 0.56), (0.221, 0.15, 0.5), (0.255, 0.12, 0.35))
    ),
    # Between the brows.
    Groove(((0.029, 0.066), (0.023, 0.087), (0.031, 0.113)), 0.36, 1.3),
    # Over the bridge of the nose.
    Groove(((-0.03, 0.036), (0, 0.03), (0.03, 0.036)), 0.25, 1.1, False),
    # Crow's feet.
    Groove(((0.186, 0.047), (0.212, 0.066), (0.238, 0.092)), 0.36, 1.0),
    Groove(((0.19, 0.033), (0.22, 0.038), (0.25, 0.046)), 0.42, 1.0),
    Groove(((0.189, 0.018), (0.218, 0.008), (0.246, 0.002)), 0.39, 1.0),
    Groove(((0.183, 0.003), (0.208, -0.018), (0.232, -0.04)), 0.31, 1.0),
    # Under the eyes.
    Groove(((0.064, -0.018), (0.09, -0.037), (0.122, -0.042), (0.16, -0.022)), 0.36, 1.0),
    Groove(((0.072, -0.035), (0.1, -0.056), (0.14, -0.06), (0.182, -0.038)), 0.42, 1.3),
    # From the wings of the nose past the mouth, and down from its corners.
    Groove(((0.068, -0.112), (0.092, -0.15), (0.113, -0.2), (0.124, -0.255), (0.118, -0.3)), 0.77, 1.9),
    Groove(((0.138, -0.19), (0.152, -0.235), (0.15, -0.285)), 0.34, 1.5),
    Groove(((0.099, -0.262), (0.11, -0.295), (0.103, -0.335)), 0.56, 1.4),
    # Over the cheeks.
    Groove(((0.2, -0.06), (0.214, -0.12), (0.207, -0.185)), 0.28, 1.3),
    # Above the upper lip.
    *(
        Groove(((x, top), (x * 1.06, (top - 0.206) / 2), (x * 1.12, -0.206)), depth, 0.8)
        for x, top, depth in ((0.013, -0.185, 0.14), (0.033, -0.172, 0.21), (0.05, -0.178, 0.17), (0.068, -0.188, 0.22))
    ),
    # Over the chin.
    Groove(((-0.052, -0.337), (0, -0.324), (0.052, -0.337)), 0.39, 1.7, False),
)


def grooved(points: Floats) -> Floats:
    """Heights (N,), millimetres, that wrinkles add at template points (N, 3): grooves and low swellings beside them."""
    heights = np.zeros(len(points), np.float32)
    front = np.flatnonzero(points[:, 2] > _FRONT[0])
    seen = points[front]
    for groove in GROOVES:
        for side in (1, -1) if groove.mirrored else (1,):
            line, taper = drawn(groove, side)
            away, nearest = cKDTree(line).query(seen[:, :2], distance_upper_bound=_REACH)
            near = np.isfinite(away)
            x = away[near] * MILLIMETRES_PER_UNIT / groove.width
            profile = np.exp(-(x**2)) - _SWELLING * np.exp(-((x - 2.2) ** 2))
            heights[front[near]] -= groove.depth * taper[nearest[near]] * profile
    return heights * smooth_step((points[:, 2] - _FRONT[0]) / (_FRONT[1] - _FRONT[0]))


def drawn(groove: Groove, side: int) -> tuple[Floats, Floats]:
    """A groove's line (L, 2), winding a little and otherwise than on the other side, and its depth (L,) of 0 to 1."""
    places = np.array(groove.places)
    along = np.concatenate([[0], np.linalg.norm(np.diff(places, axis=0), axis=1).cumsum()])
    at = np.linspace(0, along[-1], max(int(along[-1] / _STEP), 4))
    line = CubicSpline(along, places)(at)
    line[:, 0] *= side
    where = np.column_stack([line * 6, np.full(len(line), 0.37 * side)]).astype(np.float32)
    finer = where * np.float32(5)
    for axis in (0, 1):
        line[:, axis] += _UNLIKE * value_noise(where, 61 + axis) + _WINDING * value_noise(finer, 63 + axis)
    share = at / along[-1]
    taper = np.sin(np.pi * share) ** 0.6 * (0.8 + 0.35 * value_noise(finer, 65))
    return line.astype(np.float32), taper.astype(np.float32)


def fit_ageing(codes: Floats, ages: Floats) -> Floats:
    """(D + 1,) weights that read the age in years off identity codes (N, D) without hair and a one."""
    middle = ages.mean()  # the probe's ridge would draw it to zero
    weights = fit_probe(codes, ages - middle)
    weights[-1] += middle
    return weights
