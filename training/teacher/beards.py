"""Beards on the template: how thick the hair stands on the skin, as a grid of thickness in the frame of the heads.

The bearded head is where the template's signed distance equals the thickness. Thickness blends: half of it is half a
beard. A volume below the chin becomes the thickness that makes up for the skin's distance to it.

Every beard is a function of
    points: (P, 3) units, in the frame of the heads,
    skin: (P,) the template's signed distance there, units,
    noise: (P,) smooth noise of mean 0 and variance 1,
that returns the thickness (P,) in units. The numbers in them are lengths in units, chosen by eye on renders.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import ndimage

from clip_head.core.types import Floats
from clip_head.training.engine.tables import check_keys, load_table

from .dataset import BEARDS, Beard, Template, save_beard
from .distance import signed_distance
from .hair_field import end_plane_distance
from .primitives import (
    cubic_step,
    ellipsoid,
    mirror_to_left,
    polygon_distance,
    smooth_maximum,
    smooth_minimum,
    tube,
)

#: First point of the grids, units, in the frame of the heads, and their number of points: around jaw, mouth and throat.
GRID_ORIGIN = np.array([-0.33, -0.68, -0.17], np.float32)
GRID_SHAPE = (67, 73, 55)
#: Spacing of the grids, units (2.5 mm): fine enough for the edge of a moustache.
SPACING = 0.01
#: Up to this distance outside a volume the hair reaches from the skin to it; over as much again it fades out, units
#: (12.5 mm): skin farther away grows no hair towards the volume.
REACH = 0.05
#: Width over which the lower end of the long beard is rounded, units (7.5 mm).
END_ROUNDING = 0.03
#: Standard deviation of the noise in the hair's thickness along x, y and z, in grid points: fine for stubble, drawn out
#: downwards for longer hair. Chosen by eye on renders.
STUBBLE_NOISE = (0.6, 0.6, 0.6)
HAIR_NOISE = (0.9, 3.0, 0.9)


def read_beards(path: Path) -> tuple[dict[str, tuple[str, ...]], Floats]:
    """Read the table of beards.

    path: JSON file with the sections "beards" (each of dataset.BEARDS -> phrases) and "area" (corners (z, y), units).
    Returns: PHRASES and AREA.
    Raises: ClipHeadError when a key is missing or unknown.
    """
    table = load_table(path, ("beards", "area"))
    check_keys(f"{path.name}: beards", table["beards"], BEARDS)
    return {name: tuple(phrases) for name, phrases in table["beards"].items()}, np.array(table["area"], np.float32)


#: Name of a beard -> what one calls it.
PHRASES: dict[str, tuple[str, ...]]
#: (N, 2) corners (z, y) of the skin that grows a beard, seen from the side, units: sideburn, cheek, upper lip, below
#: the chin, along the jaw. Drawn by eye over the template's profile.
AREA: Floats
PHRASES, AREA = read_beards(Path(__file__).with_name("beards.json"))


def stubble(points: Floats, skin: Floats, noise: Floats) -> Floats:
    """A rough layer under a millimetre thick on everything that grows a beard."""
    return 0.0036 * _inside_area(points, 0.03) * _outside_lips(points, 0.006) * (1 + 0.4 * noise)


def moustache(points: Floats, skin: Floats, noise: Floats) -> Floats:
    """On the upper lip, drooping a little past its corners."""
    path = [(0.0, -0.185, 0.262), (0.05, -0.192, 0.248), (0.1, -0.222, 0.208), (0.13, -0.265, 0.175)]
    volume = tube(mirror_to_left(points), path, [0.028, 0.037, 0.034, 0.012]) - 0.0035 * noise
    volume = volume + 0.008 * np.exp(-((points[:, 0] / 0.008) ** 2))
    return _thickness_up_to(volume, skin) * _outside_lips(points, 0.016)


def goatee(points: Floats, skin: Floats, noise: Floats) -> Floats:
    """A tuft on the chin and a strip up to the lower lip."""
    tuft = ellipsoid(points, (0.0, -0.408, 0.176), (0.07, 0.1, 0.056))
    strip = tube(points, [(0, -0.32, 0.212), (0, -0.37, 0.2)], [0.028, 0.05])
    volume = smooth_minimum(tuft, strip, 0.03) - 0.006 * noise
    return _thickness_up_to(volume, skin) * _outside_lips(points, 0.016)


def full(points: Floats, skin: Floats, noise: Floats) -> Floats:
    """Everything that grows a beard, thickest at jaw and chin, with a moustache."""
    thickness = 0.012 + 0.05 * cubic_step((-0.17 - points[:, 1]) / 0.2)
    grown = thickness * _inside_area(points, 0.06) * _outside_lips(points, 0.03) * (1 + 0.16 * noise)
    return np.maximum(grown, moustache(points, skin, noise))


def long(points: Floats, skin: Floats, noise: Floats) -> Floats:
    """A full beard, long below jaw and chin, that ends in a point."""
    squeezed = points * np.array([0.8, 1, 1.3], np.float32)
    path = [(0.0, -0.34, 0.14 * 1.3), (0.0, -0.46, 0.165 * 1.3), (0.0, -0.575, 0.185 * 1.3)]
    volume = tube(squeezed, path, [0.13, 0.11, 0.035]) - 0.007 * noise
    volume = smooth_maximum(volume, end_plane_distance(points), END_ROUNDING)
    below_chin = _thickness_up_to(volume, skin) * _outside_lips(points, 0.03)
    return np.maximum(full(points, skin, noise), below_chin)


def mutton_chops(points: Floats, skin: Floats, noise: Floats) -> Floats:
    """Sideburns that grow broad and thick down to the corners of the mouth; lip and chin are shaved."""
    thickness = 0.02 + 0.035 * cubic_step(-points[:, 1] / 0.25)
    beside_the_chin = cubic_step((np.abs(points[:, 0]) - 0.1) / 0.035)
    above_the_throat = cubic_step((points[:, 1] + 0.4) / 0.06)
    grown = thickness * _inside_area(points, 0.05) * _outside_lips(points, 0.02) * (1 + 0.16 * noise)
    return grown * beside_the_chin * above_the_throat


#: Name of a beard -> the function of points, skin and noise, as above, that returns its thickness.
THICKNESS: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "stubble": stubble,
    "moustache": moustache,
    "goatee": goatee,
    "full": full,
    "long": long,
    "mutton chops": mutton_chops,
}


def build_beards(template: Template, out: Path, fresh: bool) -> None:
    """Write one file per beard; if all exist they are kept.

    template: the mean head.
    out: folder to write to.
    fresh: whether files that exist are made again.
    """
    if not fresh and all((out / f"{name}.npz").is_file() for name in BEARDS):
        return
    axes = [GRID_ORIGIN[k] + SPACING * np.arange(GRID_SHAPE[k], dtype=np.float32) for k in range(3)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3).astype(np.float32)
    skin = signed_distance(template.vertices, template.faces, points)
    for name in BEARDS:
        noise = _noise(STUBBLE_NOISE if name == "stubble" else HAIR_NOISE).ravel()
        thickness = np.maximum(THICKNESS[name](points, skin, noise), 0).reshape(GRID_SHAPE)
        thickness = ndimage.gaussian_filter(thickness, 0.5)
        save_beard(out / f"{name}.npz", Beard(name, PHRASES[name], thickness, GRID_ORIGIN, SPACING))


def _inside_area(points: Floats, ramp: float) -> Floats:
    """(P,) 0 outside AREA, growing to 1 at a depth of `ramp` units inside it, seen from the side."""
    return cubic_step(-polygon_distance(points[:, [2, 1]], AREA) / ramp)


def _outside_lips(points: Floats, ramp: float) -> Floats:
    """(P,) 0 on the lips and between them, growing to 1 at `ramp` units beyond their border: the mouth stays free."""
    x, y, z = points.T
    outside = (np.sqrt((x / 0.1) ** 2 + ((y + 0.262) / 0.052) ** 2) - 1) * 0.055
    return np.where(z > 0.1, cubic_step(outside / ramp), 1.0).astype(np.float32)


def _thickness_up_to(volume: Floats, skin: Floats) -> Floats:
    """(P,) thickness of hair that fills the space between the skin and the surface of a volume, both given by their
    signed distances (P,), units; none farther than REACH from the volume."""
    return np.maximum(skin - volume, 0) * (1 - cubic_step((volume - REACH) / REACH))


def _noise(sigma: tuple[float, float, float]) -> Floats:
    """Noise of unit variance on the grid: white noise smoothed by a Gaussian of `sigma` grid points along each axis."""
    white = np.random.default_rng(5).normal(size=GRID_SHAPE)
    smooth = ndimage.gaussian_filter(white, sigma)
    return (smooth / smooth.std()).astype(np.float32)
