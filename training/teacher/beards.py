"""Beards on the template: how thick the hair stands on the skin, as a grid of thickness in the template's frame.

The bearded head is where the template's signed distance equals the thickness. Thickness blends: half of it is half a
beard. A volume that hangs off the chin is the thickness that makes up for the skin's distance to it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import ndimage

from clip_head.core.types import Floats

from .dataset import BEARDS, Beard, Template, save_beard
from .distance import signed_distance
from .hair import below_end, polygon_distance, smooth_maximum
from .hair_volumes import ellipsoid, smooth_minimum, smooth_step, tube

#: Box of the grids and their spacing (2.5 mm), units.
LOW = np.array([-0.33, -0.68, -0.17], np.float32)
SHAPE = (67, 73, 55)
SPACING = 0.01
#: A volume's thickness counts up to this distance from it, and fades out over as much again.
AROUND = 0.05
#: The bearded skin in profile, a polygon of (z, y): sideburn, cheek, upper lip, below the chin, along the jaw.
_FULL = [
    (-0.1, 0.03), (-0.06, 0.03), (-0.045, -0.1), (0.03, -0.19), (0.12, -0.215), (0.19, -0.205), (0.235, -0.164),
    (0.33, -0.164), (0.33, -0.5), (0.06, -0.46), (-0.02, -0.42), (-0.1, -0.3), (-0.125, -0.2), (-0.115, 0.03),
]  # fmt: skip

#: What one calls each beard.
WORDS: dict[str, tuple[str, ...]] = {
    "stubble": ("stubble", "a stubbly chin", "a three-day beard"),
    "moustache": ("moustache", "a big moustache", "a moustache and no beard"),
    "goatee": ("goatee", "a chin beard", "a tuft on the chin"),
    "full": ("full beard", "a beard", "a thick beard"),
    "long": ("long beard", "a long flowing beard", "a wizard's beard"),
}


def stubble(points: Floats, skin: Floats, rough: Floats) -> Floats:
    """A rough layer under a millimetre thick on everything that grows a beard."""
    return 0.0036 * _grown(points, 0.03) * _beside_lips(points, 0.006) * (1 + 0.4 * rough)


def moustache(points: Floats, skin: Floats, rough: Floats) -> Floats:
    """On the upper lip, drooping a little past its corners."""
    path = [(0.0, -0.185, 0.262), (0.05, -0.192, 0.248), (0.1, -0.222, 0.208), (0.13, -0.265, 0.175)]
    mirrored = np.abs(points * np.array([1, 0, 0], np.float32)) + points * np.array([0, 1, 1], np.float32)
    volume = tube(mirrored, path, [0.028, 0.037, 0.034, 0.012]) - 0.0035 * rough
    volume = volume + 0.008 * np.exp(-((points[:, 0] / 0.008) ** 2))
    return _over_skin(volume, skin) * _beside_lips(points, 0.016)


def goatee(points: Floats, skin: Floats, rough: Floats) -> Floats:
    """A tuft on the chin and a strip up to the lower lip."""
    tuft = ellipsoid(points, (0.0, -0.408, 0.176), (0.07, 0.1, 0.056))
    strip = tube(points, [(0, -0.32, 0.212), (0, -0.37, 0.2)], [0.028, 0.05])
    volume = smooth_minimum(tuft, strip, 0.03) - 0.006 * rough
    return _over_skin(volume, skin) * _beside_lips(points, 0.016)


def full(points: Floats, skin: Floats, rough: Floats) -> Floats:
    """Everything that grows a beard, thickest at jaw and chin, with a moustache."""
    thick = 0.012 + 0.05 * smooth_step((-0.17 - points[:, 1]) / 0.2)
    grown = thick * _grown(points, 0.06) * _beside_lips(points, 0.03) * (1 + 0.16 * rough)
    return np.maximum(grown, moustache(points, skin, rough))


def long(points: Floats, skin: Floats, rough: Floats) -> Floats:
    """A full beard that hangs down from jaw and chin and ends in a point."""
    squeezed = points * np.array([0.8, 1, 1.3], np.float32)
    path = [(0.0, -0.34, 0.14 * 1.3), (0.0, -0.46, 0.165 * 1.3), (0.0, -0.575, 0.185 * 1.3)]
    volume = tube(squeezed, path, [0.13, 0.11, 0.035]) - 0.007 * rough
    volume = smooth_maximum(volume, below_end(points), 0.03)
    hanging = _over_skin(volume, skin) * _beside_lips(points, 0.03)
    return np.maximum(full(points, skin, rough), hanging)


_THICKNESS: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "stubble": stubble,
    "moustache": moustache,
    "goatee": goatee,
    "full": full,
    "long": long,
}


def build_beards(template: Template, out: Path, fresh: bool) -> None:
    """Write one file per beard into `out`; files that exist are kept unless `fresh`."""
    if not fresh and all((out / f"{name}.npz").is_file() for name in BEARDS):
        return
    axes = [LOW[k] + SPACING * np.arange(SHAPE[k], dtype=np.float32) for k in range(3)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3).astype(np.float32)
    skin = signed_distance(template.vertices, template.faces, points)
    for name in BEARDS:
        width = (0.6, 0.6, 0.6) if name == "stubble" else (0.9, 3.0, 0.9)
        grid = np.maximum(_THICKNESS[name](points, skin, _noise(width).ravel()), 0).reshape(SHAPE)
        save_beard(out / f"{name}.npz", Beard(name, WORDS[name], ndimage.gaussian_filter(grid, 0.5), LOW, SPACING))


def _grown(points: Floats, rise: float) -> Floats:
    """0 outside the bearded skin, 1 where it lies `rise` inside."""
    profile = polygon_distance(points[:, [2, 1]], np.array(_FULL, np.float32))
    return smooth_step(-profile / rise)


def _beside_lips(points: Floats, rise: float) -> Floats:
    """0 on the lips and between them, 1 `rise` beyond their border, so that the mouth stays free."""
    x, y, z = points.T
    outside = (np.sqrt((x / 0.1) ** 2 + ((y + 0.262) / 0.052) ** 2) - 1) * 0.055
    return np.where(z > 0.1, smooth_step(outside / rise), 1.0).astype(np.float32)


def _over_skin(volume: Floats, skin: Floats) -> Floats:
    """The thickness with which the skin reaches the volume, both given by their signed distances."""
    return np.maximum(skin - volume, 0) * (1 - smooth_step((volume - AROUND) / AROUND))


def _noise(width: tuple[float, float, float]) -> Floats:
    """Smooth noise of unit variance on the grid, about as coarse as `width` voxels per axis."""
    white = np.random.default_rng(5).normal(size=SHAPE)
    smooth = ndimage.gaussian_filter(white, width)
    return (smooth / smooth.std()).astype(np.float32)
