"""The picture of an eye: white with veins, iris with fibres, ring and collarette, pupil; and what colours it has.

Everything is drawn about the gaze, in the UV of `eyes.eyeball`, so that one picture serves both eyes. A painter of
heads paints eyes small and blurred: of what it painted the colours alone are used.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.ndimage import zoom

from ..texture.albedo.canonical import Canonical
from ..texture.albedo.irises import painted_colours
from ..texture.procedural import fractal_noise, smooth_step
from ..texture.template import TemplateFacts
from ..types import Bytes, Floats
from .eyes import LIMBUS, PUPIL, eye_angles

#: Colours of an iris and of the white, sRGB, of heads whose picture does not show them.
_NO_IRIS, _NO_WHITE = np.array([96.0, 66.0, 44.0], np.float32), np.array([226.0, 218.0, 212.0], np.float32)
#: Brightness of the white, sRGB, that a shaded painted one is raised to: a picture of colours has no shadow.
_WHITE_BRIGHTNESS = 218.0
#: Colours of the pupil, of veins, and of the white far from the iris, of which the last is a part that is added.
_BLACK, _VEIN = np.array([4.0, 3.0, 3.0], np.float32), np.array([176.0, 62.0, 52.0], np.float32)
_PINK, _PINKER = np.array([214.0, 158.0, 144.0], np.float32), 0.35
#: Angles from the gaze, radians, between which the white turns pink and its veins grow.
_PINK_BEGINS, _PINK_ENDS = 0.55, 1.5
#: Strength of veins where they are full, and their width, in values of noise.
_VEINS, _VEIN_WIDTH = 0.4, 0.045
#: Radii, fractions of the iris's: where the limbal ring begins, and between which iris passes into white.
_RING_BEGINS, _FADES, _ENDS = 0.74, 0.95, 1.07
#: How much darker ring and pupil's rim are, 0 to 1.
_RING, _RIM = 0.62, 0.45
#: Where the collarette lies, a fraction of the way from pupil to limbus, how much that varies, and its brightness.
_COLLARETTE, _ZIGZAG, _COLLAR = 0.28, 0.07, 0.28
#: How much fibres vary the brightness, and their number around the iris in cells of noise per radian.
_FIBRES, _FINE_FIBRES, _CELLS, _FINE_CELLS = 0.45, 0.4, 5.0, 16.0


def eye_colours(picture: Bytes, canonical: Canonical, template: TemplateFacts, eyes: Floats) -> tuple[Floats, Floats]:
    """The colours of the iris (3,) and of the white (3,), sRGB 0 to 255, of the eyes in a picture.

    picture (S, S, 3): sRGB bytes in the canonical UV as they were painted, before `with_irises`.
    canonical: the head it was painted on.
    template: where the eyeballs are.
    eyes (V,): how far each of the canonical head's vertices is on an eye, 0 to 1.
    """
    painted = painted_colours(picture, canonical, template, eyes)
    return (_NO_IRIS, _NO_WHITE) if painted is None else (painted.iris, painted.white)


def eye_picture(iris: Floats, white: Floats, seed: int, size: int = 512) -> Bytes:
    """The colours of an eye (size, size, 3), sRGB bytes, in the UV of `eyes.eyeball`.

    iris, white (3,): sRGB, 0 to 255.
    seed: of fibres and veins.
    """
    angle, around = _angles(size)
    colours = _white(white, angle, around, seed)
    # Iris and cornea lie before the sphere: they are seen along the gaze.
    radius = np.where(angle < np.pi / 2, np.sin(angle), 2.0).astype(np.float32) / LIMBUS
    within = radius < _ENDS
    drawn = _iris(iris, radius[within], around[within], seed)
    weight = smooth_step((_ENDS - radius[within]) / (_ENDS - _FADES))[:, None]
    colours[within] += weight * (drawn - colours[within])
    return np.round(colours).clip(0, 255).astype(np.uint8)


@cache
def _angles(size: int) -> tuple[Floats, Floats]:
    """Angles (size, size) from the gaze and around it of the texels of an eye's picture, radians."""
    middle = (np.arange(size, dtype=np.float32) + 0.5) / size
    u, v = np.meshgrid(middle, 1 - middle)
    return eye_angles(np.stack([u, v], axis=-1))


def _iris(colour: Floats, radius: Floats, around: Floats, seed: int) -> Floats:
    """An iris with its pupil (N, 3) at radii (N,), 1 at the limbus, and angles around the gaze (N,)."""
    depth = (radius - PUPIL) / (1 - PUPIL)
    coarse = _noise(around, _CELLS, 1.2 * depth, 11 * seed + 101)
    fine = _noise(around, _FINE_CELLS, 1.5 * depth, 11 * seed + 202)
    zigzag = _COLLARETTE + _ZIGZAG * _noise(around, 4.0, np.zeros_like(radius), 11 * seed + 303)
    inside = smooth_step((zigzag - depth) / 0.08 + 0.5)
    crest = np.exp(-(((depth - zigzag) / 0.07) ** 2))
    light = 1.12 + _FIBRES * coarse + _FINE_FIBRES * fine + _COLLAR * crest
    light *= 1 - _RING * smooth_step((radius - _RING_BEGINS) / (1 - _RING_BEGINS))
    light *= 1 - _RIM * smooth_step(1 - depth / 0.12)
    # Within the collarette lies the pigment: browner than the rest, most of all in light irises.
    brown = colour * np.array([1.0, 0.86, 0.66], np.float32)
    base = colour + 0.6 * inside[..., None] * (brown - colour)
    shaded = base * np.clip(light, 0.12, 1.9)[..., None]
    pupil = smooth_step((PUPIL * 1.02 - radius) / 0.04 + 0.5)[..., None]
    return np.asarray(shaded + pupil * (_BLACK - shaded), np.float32)


def _white(colour: Floats, angle: Floats, around: Floats, seed: int) -> Floats:
    """The white (h, w, 3) at angles from the gaze and around it (h, w): pinker and with more veins further off."""
    bright = colour * max(1.0, _WHITE_BRIGHTNESS / max(float(colour.mean()), 1.0))
    far = smooth_step((angle - _PINK_BEGINS) / (_PINK_ENDS - _PINK_BEGINS))
    colours = np.asarray(bright + (_PINKER * far)[..., None] * (_PINK - bright), np.float32)
    strength = _smooth_veins(angle[::2, ::2].shape, seed)
    return colours + strength[..., None] * (_VEIN - colours)


def _smooth_veins(shape: tuple[int, ...], seed: int) -> Floats:
    """How strong the veins of a picture of twice this shape are (2 h, 2 w), 0 to 1: soft, so that half as many texels
    will do."""
    angle, around = _angles(shape[0])
    # Behind what is ever seen the picture is squeezed and has none.
    seen = smooth_step((angle - 0.5) / 0.7) * smooth_step((1.6 - angle) / 0.4)
    here = seen > 0
    strength = np.zeros(shape, np.float32)
    strength[here] = seen[here] * _veins(angle[here], around[here], seed)
    return np.asarray(zoom(strength, 2, order=1, mode="nearest", grid_mode=True))


def _veins(angle: Floats, around: Floats, seed: int) -> Floats:
    """How far veins show (N,), 0 to 1, at angles from the gaze and around it (N,)."""
    # Veins run towards the iris from both corners of the eye, where noise crosses zero, and wander.
    bent = around + 0.25 * _noise(around, 2.0, 2.5 * angle, 11 * seed + 404)
    veins = np.zeros_like(angle)
    for k, (cells, along) in enumerate(((3.0, 1.6), (6.5, 2.6))):
        noise = _noise(bent, cells, along * angle, 11 * seed + 505 + k)
        veins = np.maximum(veins, smooth_step(1 - np.abs(noise) / (_VEIN_WIDTH * (1 + k))) / (1 + k))
    sideways = 0.35 + 0.65 * np.cos(around) ** 2
    strength = _VEINS * sideways * veins
    there = veins > 0
    strength[there] *= smooth_step(0.6 + _noise(around[there], 1.5, 2.0 * angle[there], 11 * seed + 606))
    return strength


def _noise(around: Floats, cells: float, outwards: Floats, seed: int) -> Floats:
    """Noise (N,), -1 to 1, of `cells` cells per radian around the gaze (N,) and one per unit of `outwards` (N,)."""
    points = np.stack([cells * np.cos(around), cells * np.sin(around), outwards], axis=-1)
    # Far from the origin, where the noise of one seed does not resemble that of the next.
    return fractal_noise(points.astype(np.float32) + 17.0, seed)
