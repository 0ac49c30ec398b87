"""Irises, round and with a pupil: a painter of few steps blurs them, and they are what one looks at first.

Where they lie is known, for every point of the canonical head is one of the template, whose eyes look forward. So what
was painted there decides their colour alone, one for both eyes; ring, fibres and pupil are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.color import lab2rgb, rgb2lab

from ...types import Bytes, Floats
from ...uv.maps import texels_on_mesh
from ...uv.raster import interpolate
from ..procedural import fractal_noise
from .canonical import Canonical
from .seam import smooth_step
from .skin_detail import enlarged

#: Middle of the template's left eyeball, units; the right one is its mirror image.
_MIDDLE = np.array([0.11556, 0.03340, 0.12803], np.float32)
#: The way it looks, and the sine of the angle at which its iris ends, seen from the middle: as painted, high up under
#: the lid, and as drawn, with all of the pupil in the opening. Radii below are shares of that sine.
_PAINTED = np.array([0.04469, 0.07493, 0.99619], np.float32), 0.49
_DRAWN = np.array([0.01, -0.05, 0.9987], np.float32), 0.30
#: Radii between which the painted iris, pupil and white are read.
_IRIS, _PUPIL, _WHITE = (0.5, 0.85), (0.0, 0.3), (1.2, 2.2)
#: What of the white's colour is its own, and not the blurred iris's.
_PALER = np.array([1.0, 0.5, 0.5])
#: Distances of iris or pupil from the white, CIE Lab, at which eyes begin to have an iris, and to have it surely: those
#: of statues have none.
_FAINT, _SURE = 10.0, 22.0
#: Width of the lids' rims that the painter's blur reaches, as a share of the picture.
_RIM = 0.005
#: The pupil's colour, bytes; the ring's darkness; how much fibres vary, and how many there are.
_BLACK, _RING, _FIBRES, _COUNT = np.array([4.0, 3.0, 3.0], np.float32), 0.45, 0.35, 6.0


@dataclass(frozen=True)
class _Eye:
    """An eye in the picture: the part of it (rows, columns) that it lies in, and there how far it shows the eye (h, w),
    the radius (h, w) about the painted iris, and the directions (h, w, 3) from the eyeball's middle, mirrored on the
    right."""

    part: tuple[slice, slice]
    share: Floats
    painted: Floats
    ray: Floats


def with_irises(picture: Bytes, canonical: Canonical, eyes: Floats) -> Bytes:
    """The canonical picture (S, S, 3) with irises as clear as eyes have them, where it has irises at all.

    eyes (V,): how far each of the canonical head's vertices is on an eye.
    """
    values, places, mesh = picture.astype(np.float32), canonical.places, canonical.mesh
    shown = interpolate(eyes[:, None], mesh.faces, *texels_on_mesh(mesh, places))[..., 0]
    both = [_find(places.position, shown, side, len(picture)) for side in (1, -1)]
    read = [np.concatenate([_seen(values, eye, *radii) for eye in both]) for radii in (_IRIS, _PUPIL, _WHITE)]
    if not all(map(len, read)):  # the picture is too small to show them
        return picture
    iris, pupil, white = (colours.mean(axis=0) for colours in read)
    lab = rgb2lab(np.stack([iris, pupil, white]) / 255)
    white = 255 * lab2rgb(lab[2] * _PALER).astype(np.float32)
    clear = float(smooth_step((np.linalg.norm(lab[:2] - lab[2], axis=1).max() - _FAINT) / (_SURE - _FAINT)))
    for eye in both:
        values[eye.part] = _drawn(eye, values[eye.part], iris, white, clear, len(picture))
    return np.round(values).clip(0, 255).astype(np.uint8)


def _find(points: Floats, eyes: Floats, side: int, size: int) -> _Eye:
    """The eye on the template's left (side 1) or right (-1) in a picture of `size`."""
    here = eyes * (side * points[..., 0] > 0)
    rim = max(1, round(4 * _RIM * len(points)))
    few = [np.flatnonzero(here.any(axis=axis)) for axis in (1, 0)]
    rows, columns = (
        slice(*(np.array([at.min(initial=len(points)) - rim, at.max(initial=-1) + 1 + rim]) * size // len(points)))
        for at in few
    )
    place = np.stack([enlarged(points[..., k], size, rows, columns) for k in range(3)], axis=-1)
    ray = place * np.array([side, 1, 1], np.float32) - _MIDDLE
    ray /= np.maximum(np.linalg.norm(ray, axis=-1, keepdims=True), 1e-6)
    return _Eye((rows, columns), enlarged(here, size, rows, columns), _polar(ray, *_PAINTED)[0], ray)


def _polar(ray: Floats, axis: Floats, sine: float) -> tuple[Floats, Floats]:
    """Radius (h, w), 1 where the iris ends, and angle about an axis, of directions (h, w, 3)."""
    right = np.cross(np.array([0, 1, 0], np.float32), axis)
    right /= np.linalg.norm(right)
    x, y = (ray @ way / sine for way in (right, np.cross(axis, right)))
    return np.hypot(x, y), np.arctan2(y, x)


def _seen(values: Floats, eye: _Eye, low: float, high: float) -> Floats:
    """Colours (N, 3) that were painted between two radii, surely on the eye."""
    return np.asarray(values[eye.part][(eye.share > 0.95) & (eye.painted >= low) & (eye.painted < high)])


def _without_rims(colours: Floats, share: Floats, wide: float) -> Floats:
    """Colours (h, w, 3) where a rim, `wide` pixels, around the eye has the hue of what lies beyond it."""
    lab = rgb2lab(colours / 255)
    near = smooth_step(gaussian_filter(share, wide) / 0.1)
    weight = np.maximum(1 - near, 1e-4)
    total = gaussian_filter(weight, 2 * wide)
    light, *hue = (gaussian_filter(lab[..., k] * weight, 2 * wide) / total for k in range(3))
    # What is darker than the skin, as lashes are, has less of its hue.
    hue = np.stack(hue, axis=-1) * np.clip(lab[..., 0] / np.maximum(light, 1), 0, 1)[..., None]
    lab[..., 1:] += (near * (1 - share))[..., None] * (hue - lab[..., 1:])
    return np.asarray(255 * lab2rgb(lab), np.float32)


def _drawn(eye: _Eye, colours: Floats, iris: Floats, white: Floats, clear: float, size: int) -> Floats:
    """Colours (h, w, 3) with the iris drawn, as far as it is `clear`, on white where one was painted; what of it the
    painter blurred over the lids' rims takes the hue of the skin beyond."""
    colours = colours + clear * (_without_rims(colours, eye.share, _RIM * size) - colours)
    radius, angle = _polar(eye.ray, *_DRAWN)
    around = np.stack([_COUNT * np.cos(angle), _COUNT * np.sin(angle), 1.5 * radius], axis=-1)
    fibres = fractal_noise(around.reshape(-1, 3), 51).reshape(radius.shape)
    light = (1 + _FIBRES * fibres) * (1 - _RING * smooth_step((radius - 0.75) / 0.25))
    inner = iris * light[..., None]
    inner += smooth_step((0.41 - radius) / 0.08)[..., None] * (_BLACK - inner)
    shown = (clear * eye.share)[..., None]
    colours = colours + shown * smooth_step((1.5 - eye.painted) / 0.35)[..., None] * (white - colours)
    return np.asarray(colours + shown * smooth_step((1.03 - radius) / 0.1)[..., None] * (inner - colours))
