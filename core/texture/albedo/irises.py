"""Irises, round and with a pupil: a painter of few steps blurs them, and they are what one looks at first.

Where they lie is known, for every point of the canonical head is one of the template, whose eyes look forward. So what
was painted there decides their colour alone, one for both eyes; ring, fibres and pupil are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.color import lab2rgb, rgb2lab

from ...remembered import remembered
from ...types import Bytes, Floats
from ...uv.maps import texels_on_mesh
from ...uv.raster import interpolate
from ..procedural import fractal_noise, smooth_step
from ..template import TemplateFacts
from .canonical import Canonical
from .skin_detail import enlarged

#: Direction in which the painted left eye looks, a unit vector, and the sine of the angle between that and the edge of
#: its iris, seen from the middle of the eyeball: high up under the lid, as in the pictures that the painter was trained
#: on. Radii below are fractions of that sine.
_PAINTED = np.array([0.04469, 0.07493, 0.99619], np.float32), 0.49
#: The same of the iris that is drawn: a little lower, with all of its pupil in the opening.
_DRAWN = np.array([0.01, -0.05, 0.9987], np.float32), 0.30
#: Radii, fractions of the painted iris's, between which the colours of iris, pupil and white are read.
_IRIS, _PUPIL, _WHITE = (0.5, 0.85), (0.0, 0.3), (1.2, 2.2)
#: Factors of the white's painted colour, CIE Lab: half of its hue is the iris's, which the painter blurs over it.
_PALER = np.array([1.0, 0.5, 0.5])
#: Distances of the iris's or the pupil's colour from the white, CIE Lab, from which on an iris may be painted, and from
#: which on it surely is: the eyes of statues have none.
_FAINT, _SURE = 10.0, 22.0
#: Width of the lids' rims that the painter's blur reaches, as a fraction of the picture's side.
_RIM = 0.005
#: Colour of the pupil, sRGB bytes: not quite black.
_PUPIL_COLOUR = np.array([4.0, 3.0, 3.0], np.float32)
#: How much darker the ring round the iris is, 0 to 1; how much its fibres vary, and cells of noise per radian of them.
_RING, _FIBRES, _FIBRE_CELLS = 0.45, 0.35, 6.0
#: Radii, fractions of the drawn iris's: where the pupil ends and over how much it fades, where the ring begins, and
#: where the iris ends and over how much it fades into the white.
_PUPIL_ENDS, _PUPIL_FADES, _RING_BEGINS, _IRIS_ENDS, _IRIS_FADES = 0.41, 0.08, 0.75, 1.03, 0.1
#: Radius, a fraction of the painted iris's, up to which the white is drawn over it, and over how much that fades.
_COVER_ENDS, _COVER_FADES = 1.5, 0.35


@dataclass(frozen=True)
class PaintedColours:
    """The colours of painted eyes.

    iris, white (3,): sRGB, 0 to 255; the white without what the painter blurred over it from the iris.
    clear: how surely an iris was painted, 0 to 1: the eyes of statues have none.
    """

    iris: Floats
    white: Floats
    clear: float


@dataclass(frozen=True)
class _Eye:
    """An eye in the picture.

    part: the rows and columns that it lies in.
    weight (h, w): how far the picture shows the eye there, 0 to 1.
    painted (h, w): the radius about the painted iris, 1 where that ends.
    ray (h, w, 3): directions from the eyeball's middle, mirrored on the right.
    """

    part: tuple[slice, slice]
    weight: Floats
    painted: Floats
    ray: Floats


def with_irises(picture: Bytes, canonical: Canonical, template: TemplateFacts, eyes: Floats) -> Bytes:
    """The canonical picture with irises as clear as eyes have them, where it has irises at all.

    picture (S, S, 3): sRGB bytes in the canonical UV.
    canonical: the head it was painted on.
    template: where the eyeballs are.
    eyes (V,): how far each of the canonical head's vertices is on an eye, 0 to 1.
    """
    both = _find_both(len(picture), canonical, template, eyes)
    colours = _colours_of(picture, both)
    if colours is None:
        return picture
    values = picture.astype(np.float32)
    for eye in both:
        values[eye.part] = _drawn(eye, values[eye.part], colours, len(picture))
    return np.round(values).clip(0, 255).astype(np.uint8)


def painted_colours(
    picture: Bytes, canonical: Canonical, template: TemplateFacts, eyes: Floats
) -> PaintedColours | None:
    """The colours of the eyes in a picture as it was painted, before `with_irises`; None where it is too small to show
    them. Its arguments are those of `with_irises`."""
    return _colours_of(picture, _find_both(len(picture), canonical, template, eyes))


def _colours_of(picture: Bytes, both: tuple[_Eye, _Eye]) -> PaintedColours | None:
    """The colours of both eyes of a picture (S, S, 3); None where it is too small to show them."""
    values = picture.astype(np.float32)
    samples = [
        np.concatenate([_colours_between(values, eye, *radii) for eye in both]) for radii in (_IRIS, _PUPIL, _WHITE)
    ]
    if not all(map(len, samples)):
        return None
    iris, pupil, white = (colours.mean(axis=0) for colours in samples)
    lab = rgb2lab(np.stack([iris, pupil, white]) / 255)
    white = 255 * lab2rgb(lab[2] * _PALER).astype(np.float32)
    clear = float(smooth_step((np.linalg.norm(lab[:2] - lab[2], axis=1).max() - _FAINT) / (_SURE - _FAINT)))
    return PaintedColours(iris, white, clear)


@remembered(2)
def _find_both(size: int, canonical: Canonical, template: TemplateFacts, eyes: Floats) -> tuple[_Eye, _Eye]:
    """The left and the right eye in a picture of `size` pixels; the other arguments are those of `with_irises`."""
    places, mesh = canonical.places, canonical.mesh
    shown = interpolate(eyes[:, None], mesh.faces, *texels_on_mesh(mesh, places))[..., 0]
    left, right = (_find(places.position, shown, template.left_eyeball, side, size) for side in (1, -1))
    return left, right


def _find(points: Floats, eyes: Floats, middle: tuple[float, float, float], side: int, size: int) -> _Eye:
    """The eye on the template's left (side 1) or right (-1) in a picture of `size` pixels.

    points (S, S, 3), eyes (S, S): template points and weights of eyes by texel; middle (3,): of the left eyeball.
    """
    here = eyes * (side * points[..., 0] > 0)
    rim = max(1, round(4 * _RIM * len(points)))
    occupied = [np.flatnonzero(here.any(axis=axis)) for axis in (1, 0)]
    rows, columns = (
        slice(*(np.array([i.min(initial=len(points)) - rim, i.max(initial=-1) + 1 + rim]) * size // len(points)))
        for i in occupied
    )
    place = np.stack([enlarged(points[..., k], size, rows, columns) for k in range(3)], axis=-1)
    ray = place * np.array([side, 1, 1], np.float32) - np.array(middle, np.float32)
    ray /= np.maximum(np.linalg.norm(ray, axis=-1, keepdims=True), 1e-6)
    return _Eye((rows, columns), enlarged(here, size, rows, columns), _polar(ray, *_PAINTED)[0], ray)


def _polar(ray: Floats, axis: Floats, sine: float) -> tuple[Floats, Floats]:
    """Radius (h, w), 1 where the iris ends, and angle about an axis, of directions (h, w, 3)."""
    right = np.cross(np.array([0, 1, 0], np.float32), axis)
    right /= np.linalg.norm(right)
    x, y = (ray @ direction / sine for direction in (right, np.cross(axis, right)))
    return np.hypot(x, y), np.arctan2(y, x)


def _colours_between(values: Floats, eye: _Eye, low: float, high: float) -> Floats:
    """Colours (N, 3) of a picture (S, S, 3) between two radii of the painted iris, surely on the eye."""
    return np.asarray(values[eye.part][(eye.weight > 0.95) & (eye.painted >= low) & (eye.painted < high)])


def _without_rims(colours: Floats, eye: Floats, width: float) -> Floats:
    """Colours (h, w, 3) where a rim of `width` pixels around the eye (h, w; 0 to 1) has the hue of what lies beyond."""
    lab = rgb2lab(colours / 255)
    near = smooth_step(gaussian_filter(eye, width) / 0.1)
    weight = np.maximum(1 - near, 1e-4)
    total = gaussian_filter(weight, 2 * width)
    light, *hue = (gaussian_filter(lab[..., k] * weight, 2 * width) / total for k in range(3))
    # What is darker than the skin, as lashes are, has less of its hue.
    hue = np.stack(hue, axis=-1) * np.clip(lab[..., 0] / np.maximum(light, 1), 0, 1)[..., None]
    lab[..., 1:] += (near * (1 - eye))[..., None] * (hue - lab[..., 1:])
    return np.asarray(255 * lab2rgb(lab), np.float32)


def _drawn(eye: _Eye, colours: Floats, painted: PaintedColours, size: int) -> Floats:
    """An eye with its iris drawn on white, where one was painted; on the lids' rims, over which the painter blurred the
    old one, the hue of the skin beyond.

    eye: where it is.
    colours (h, w, 3): of its part of the picture, sRGB, 0 to 255.
    painted: the colours to draw with; where no iris was painted, none is drawn.
    size: side of the whole picture, pixels.
    Returns (h, w, 3).
    """
    colours = colours + painted.clear * (_without_rims(colours, eye.weight, _RIM * size) - colours)
    radius, angle = _polar(eye.ray, *_DRAWN)
    around = np.stack([_FIBRE_CELLS * np.cos(angle), _FIBRE_CELLS * np.sin(angle), 1.5 * radius], axis=-1)
    fibres = fractal_noise(around.reshape(-1, 3), 51).reshape(radius.shape)
    light = (1 + _FIBRES * fibres) * (1 - _RING * smooth_step((radius - _RING_BEGINS) / (1 - _RING_BEGINS)))
    inner = painted.iris * light[..., None]
    inner += smooth_step((_PUPIL_ENDS - radius) / _PUPIL_FADES)[..., None] * (_PUPIL_COLOUR - inner)
    shown = (painted.clear * eye.weight)[..., None]
    covered = smooth_step((_COVER_ENDS - eye.painted) / _COVER_FADES)[..., None]
    colours = colours + shown * covered * (painted.white - colours)
    drawn = smooth_step((_IRIS_ENDS - radius) / _IRIS_FADES)[..., None]
    return np.asarray(colours + shown * drawn * (inner - colours))
