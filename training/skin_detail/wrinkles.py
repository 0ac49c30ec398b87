"""The wrinkles of the very old, as grooves on the template, and how old a head's identity code looks.

Where they run is drawn by hand over the template seen from the front: across the forehead, between the brows, from the
eyes' outer corners, under the eyes, from the nose past the mouth. The CC0 skins have none to take them from.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.spatial import cKDTree

from clip_head.core.texture.procedural import smooth_step, value_noise
from clip_head.core.types import MILLIMETRES_PER_UNIT, Floats
from clip_head.training.engine.tables import check_keys, load_table
from clip_head.training.mapping.evaluate import fit_probe

#: Distance of the points that a groove's line is drawn by, units: 0.4 mm, finer than a pixel of skin detail.
_STEP = 0.0015
#: How far from a groove's line points are still moved by it, units: 7.5 mm, several times its width.
_REACH = 0.03
#: Amplitude of the noise that displaces a groove, differently on either side of the face, and of the finer noise that
#: makes it wind, units: 2.3 and 0.8 mm at most.
_ASYMMETRY, _WINDING = 0.009, 0.003
#: Wrinkles are on the front only: z on the template up to which there are none, and from which they are whole; units.
_FRONT = (0.0, 0.07)
#: Height of the swelling on either side of a groove, relative to its depth, and its distance from the line, relative to
#: the groove's half width.
_SWELLING, _SWELLING_AT = 0.3, 2.2


@dataclass(frozen=True)
class Groove:
    """A groove of the skin, which tapers off to its ends.

    places: (x, y) that it runs through on the person's left side, units.
    depth: in its middle, millimetres.
    width: half of it, millimetres.
    mirrored: whether the other side has it, too.
    """

    places: tuple[tuple[float, float], ...]
    depth: float
    width: float
    mirrored: bool


def _load_grooves() -> tuple[Groove, ...]:
    """GROOVES, from wrinkles.json."""
    entries = load_table(Path(__file__).with_name("wrinkles.json"), ("grooves",))["grooves"]
    for entry in entries:
        check_keys("grooves in wrinkles.json", entry, ("where", "places", "depth", "width", "mirrored"))
    return tuple(Groove(entry["places"], entry["depth"], entry["width"], entry["mirrored"]) for entry in entries)


#: Every groove; wrinkles.json says where each runs.
GROOVES = _load_grooves()


def grooved(points: Floats) -> Floats:
    """Heights (N,), millimetres, that wrinkles add to points of the template: grooves and low swellings beside them.

    points: (N, 3), units.
    """
    heights = np.zeros(len(points), np.float32)
    front = np.flatnonzero(points[:, 2] > _FRONT[0])
    front_points = points[front]
    for groove in GROOVES:
        for side in (1, -1) if groove.mirrored else (1,):
            line, taper = drawn(groove, side)
            distance, nearest = cKDTree(line).query(front_points[:, :2], distance_upper_bound=_REACH)
            near = np.isfinite(distance)
            x = distance[near] * MILLIMETRES_PER_UNIT / groove.width
            profile = np.exp(-(x**2)) - _SWELLING * np.exp(-((x - _SWELLING_AT) ** 2))
            heights[front[near]] -= groove.depth * taper[nearest[near]] * profile
    return heights * smooth_step((points[:, 2] - _FRONT[0]) / (_FRONT[1] - _FRONT[0]))


def drawn(groove: Groove, side: int) -> tuple[Floats, Floats]:
    """A groove's line (L, 2), units, which winds a little, and differently on either side; and the fraction (L,) of its
    depth at each point, 0 at the ends.

    groove: the groove.
    side: 1 for the person's left, -1 for the right.
    """
    places = np.array(groove.places)
    along = np.concatenate([[0], np.linalg.norm(np.diff(places, axis=0), axis=1).cumsum()])
    length = np.linspace(0, along[-1], max(int(along[-1] / _STEP), 4))
    line = CubicSpline(along, places)(length)
    line[:, 0] *= side
    coarse = np.column_stack([line * 6, np.full(len(line), 0.37 * side)]).astype(np.float32)
    fine = coarse * np.float32(5)
    for axis in (0, 1):
        line[:, axis] += _ASYMMETRY * value_noise(coarse, 61 + axis) + _WINDING * value_noise(fine, 63 + axis)
    fraction = length / along[-1]
    taper = np.sin(np.pi * fraction) ** 0.6 * (0.8 + 0.35 * value_noise(fine, 65))
    return line.astype(np.float32), taper.astype(np.float32)


def fit_ageing(codes: Floats, ages: Floats) -> Floats:
    """Linear map (D + 1,) from [identity code, 1] to the age in years.

    codes: (N, D) identity codes without hair.
    ages: (N,) of the same people, years.
    """
    middle = ages.mean()  # the probe's ridge would draw it to zero
    weights = fit_probe(codes, ages - middle)
    weights[-1] += middle
    return weights
