"""A painted face without what strands and geometry show instead: brows, beard, dark lines of lids, lips too wide.

A painter of heads paints all of these, and not where the head has them: painted brows show below thin ones, a painted
full beard round a goatee, and the line of the upper lid becomes a smear when the eye shuts. Where they lie is known on
the template. There the skin round them goes on, and lips end where the lips of the geometry do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import distance_transform_edt, gaussian_filter
from skimage.color import lab2rgb, rgb2lab

from ...remembered import remembered
from ...types import Bytes, Floats
from ...uv import draw_uv_maps
from ...uv.maps import texels_on_mesh
from ...uv.raster import interpolate
from ..procedural import smooth_step
from ..regions import Regions
from ..template import HAIRLINE_BEGINS, TemplateFacts
from .canonical import LOOKUP_SIZE, Canonical
from .composite import spread

#: The line along which brows are painted: distance from the middle plane and height on the template, units; half of the
#: width of what is filled about it, and over how much that fades, units.
_BROW = ((0.03, 0.05, 0.08, 0.11, 0.14, 0.17, 0.21), (0.060, 0.067, 0.074, 0.080, 0.085, 0.087, 0.078))
_BROW_HALF, _BROW_FADES = 0.030, 0.010
#: Where brows begin and end: distances from the middle plane, units.
_BROW_BEGINS, _BROW_ENDS = 0.018, 0.235
#: Height on the template below which a beard may be painted, by the distance from the middle plane, units; and over
#: how much that fades.
_BEARD = ((0.0, 0.06, 0.13, 0.18, 0.23, 0.27, 0.40), (-0.135, -0.135, -0.155, -0.155, -0.10, 0.05, 0.05))
_BEARD_FADES = 0.02
#: Depth on the template behind which nobody has a beard, units; height over the scalp plane (see
#: `TemplateFacts.scalp_height`) up to which a picture shows no hair.
_BEARD_BEHIND, _BELOW_HAIR = -0.15, HAIRLINE_BEGINS - 0.02
#: The border of the lips on the template, whose mouth is open: distances from the middle plane, heights of the upper
#: and of the lower lip's border, units, where the profile of the closed mouth turns most; and half of its blur.
_LIP_X = (0.0, 0.015, 0.03, 0.045, 0.06, 0.075, 0.088, 0.096)
_UPPER_LIP = (-0.201, -0.197, -0.197, -0.202, -0.211, -0.222, -0.235, -0.246)
_LOWER_LIP = (-0.286, -0.2855, -0.284, -0.281, -0.276, -0.267, -0.256, -0.246)
_LIP_BLUR = 0.004
#: How far within that border no beard is painted, units (3 mm).
_LIP_SURE = 0.012
#: How far from eyes and lips their lines and their colour are painted, fractions of the picture's side, and over how
#: much that fades.
_LID_REACH, _LID_FADES = 0.022, 0.010
_LIP_REACH, _LIP_FADES = 0.030, 0.012
#: Factors of the skin's colour on lids, and on their rims, which are moist, up to that distance from the eye.
_LID, _RIM, _RIM_REACH = (0.95, 0.87, 0.86), (0.95, 0.72, 0.70), 0.006
#: Distances of a colour from the skin's, sRGB bytes, from which on it may be beard, and surely is.
_FAINT, _SURE = 16.0, 40.0
#: Standard deviation of the Gaussian that joins places of a beard, a fraction of the picture's side.
_JOINED = 0.008
#: Differences of colour, CIE Lab, up to which a beard has that of the hair, and from which on its own.
_ALIKE, _OWN = 18.0, 34.0
#: Words for paint on a face.
_MAKE_UP = re.compile(
    r"\b(?:make-?up|joker|clown|mime|pierrot|goth|gothic|eye-?liner|eye ?shadow|mascara|kohl|smoky eyes|painted|"
    r"(?:face|war) ?paint|tribal|kabuki|geisha|drag queen|skull|zombie|vampire)\b"
)
#: Share of the lower face from which on a beard is surely painted.
_BEARDED = 0.04


@dataclass(frozen=True)
class BareFace:
    """A face without hair.

    picture (S, S, 3): sRGB bytes, in the canonical UV.
    beard (3,): mean colour of the beard that was painted, sRGB 0 to 255.
    bearded: how surely one was, 0 to 1.
    """

    picture: Bytes
    beard: Floats
    bearded: float


@dataclass(frozen=True)
class _Zones:
    """What is painted where on a canonical picture, (S, S) each, 0 to 1.

    skin: surely nothing but skin, or beard.
    brows: they are filled with skin.
    filled: these, lids, and what is painted like lips and is none.
    beard: where a beard may be.
    lips, borders: lips by their geometry; surely, and where a beard may be painted over them.
    tint (S, S, 3): factors of the skin's colour where it is filled: lids are darker and redder.
    """

    skin: Floats
    brows: Floats
    filled: Floats
    beard: Floats
    lips: Floats
    borders: Floats
    tint: Floats


def wears_make_up(words: str) -> bool:
    """Whether words ask for paint round eyes and lips; words: for the painter, in English."""
    return _MAKE_UP.search(words.casefold()) is not None


def bare_face(
    picture: Bytes, canonical: Canonical, template: TemplateFacts, regions: Regions, make_up: bool = False
) -> BareFace:
    """A painted face without brows, beard and the lines of lids, whose lips are those of the template.

    picture (S, S, 3): as it was painted in the canonical UV, sRGB bytes.
    canonical: the head that it was painted on.
    template: where its scalp is.
    regions: of the canonical head's vertices.
    make_up: whether what is painted on the face is meant: all but the brows stays.
    """
    size = len(picture)
    zones = _zones(size, canonical, template, regions.stacked())
    values = picture.astype(np.float32)
    # Colours that are spread are broad: every other texel tells them.
    coarse, skin, where = values[::2, ::2], zones.skin[::2, ::2], zones.beard[::2, ::2]
    away = _distance(coarse, spread(coarse, skin * (1 - where)))
    beard = where * smooth_step((away - _FAINT) / (_SURE - _FAINT))
    beard = where * smooth_step(2 * gaussian_filter(beard, _JOINED * len(beard), truncate=2.5))
    sure = (beard * skin * away).ravel()
    total = max(float(sure.sum()), 1e-6)
    colour, distance = sure @ coarse.reshape(-1, 3) / total, sure @ away.ravel() / total
    painted = (beard * skin).sum() / max(float((where * skin).sum()), 1.0) / _BEARDED
    bearded = float(smooth_step(painted) * smooth_step((distance - _SURE) / _SURE))

    around = spread(coarse, skin * (1 - beard), size) * zones.tint
    beard = np.minimum(beard.repeat(2, axis=0).repeat(2, axis=1)[:size, :size], zones.beard)
    filled = zones.brows if make_up else np.maximum(zones.filled, beard)
    values += filled[..., None] * (around - values)
    if bearded > 0 and not make_up:
        lips = spread(coarse, zones.lips[::2, ::2], size)
        over = bearded * zones.borders * smooth_step((_distance(values, lips) - _FAINT) / (_SURE - _FAINT))
        values += over[..., None] * (lips - values)
    return BareFace(np.round(values).clip(0, 255).astype(np.uint8), colour, bearded)


def beard_colour(hair: Floats, face: BareFace) -> Floats:
    """The colour (3,) of a beard, sRGB 0 to 255: the hair's, unless another one was clearly painted.

    hair (3,): of the hair, sRGB 0 to 255.
    face: with what was painted.
    """
    own, lab = rgb2lab(np.stack([face.beard, hair]) / 255.0)
    differs = float(smooth_step(np.asarray((np.linalg.norm(own - lab) - _ALIKE) / (_OWN - _ALIKE))))
    return np.asarray(255 * lab2rgb(lab + face.bearded * differs * (own - lab)), np.float32)


def lip_weight(points: Floats, within: float = 0.0) -> Floats:
    """How far template points (..., 3) lie within the border of the lips, or `within` units of it: (...,), 0 to 1."""
    x, y = np.abs(points[..., 0]), points[..., 1]
    upper, lower = (np.interp(x, _LIP_X, line) for line in (_UPPER_LIP, _LOWER_LIP))
    inside = np.minimum.reduce([upper - y, y - lower, _LIP_X[-1] - _LIP_BLUR - x])
    return smooth_step((inside - within) / (2 * _LIP_BLUR) + 0.5)


@remembered(2)
def _zones(size: int, canonical: Canonical, template: TemplateFacts, regions: Floats) -> _Zones:
    """The zones of a picture of `size` pixels; regions (V, 7): stacked; the other arguments are those of
    `bare_face`."""
    maps = canonical.places if size == LOOKUP_SIZE else draw_uv_maps(canonical.mesh, size)
    shown = interpolate(regions, canonical.mesh.faces, *texels_on_mesh(canonical.mesh, maps))
    here = Regions.unstacked(shown.reshape(-1, shown.shape[-1]))
    lips, eyes, mouth, nostrils, ears = (
        getattr(here, name).reshape(size, size) for name in ("lips", "eyes", "mouth", "nostrils", "ears")
    )
    x, y = np.abs(maps.position[..., 0]), maps.position[..., 1]
    front = maps.mask & (maps.position[..., 2] > 0)
    from_brow = _BROW_HALF - np.abs(y - np.interp(x, *_BROW))
    along = np.minimum(x - _BROW_BEGINS, _BROW_ENDS - x)
    brows = front * smooth_step(np.minimum(from_brow, along) / _BROW_FADES)
    height = template.scalp_height(maps.position)
    # Ears and nostrils have shades of their own, which are no beard.
    beard = maps.mask * smooth_step((np.interp(x, *_BEARD) - y) / _BEARD_FADES) * (1 - ears) * (1 - nostrils)
    beard *= smooth_step((maps.position[..., 2] - _BEARD_BEHIND) / _BEARD_FADES) * (height < _BELOW_HAIR)
    from_eye, from_lips = (distance_transform_edt(part <= 0.5) / size for part in (eyes, lips))
    lids = front * smooth_step((_LID_REACH - from_eye) / _LID_FADES) * (eyes <= 0.5)
    rims = front * smooth_step((_RIM_REACH - from_eye) / _RIM_REACH)
    tint = 1 + lids[..., None] * (np.array(_LID, np.float32) - 1)
    tint *= 1 + rims[..., None] * (np.array(_RIM, np.float32) / _LID - 1)
    around = front * smooth_step((_LIP_REACH - from_lips) / _LIP_FADES)
    true_lips, within = lip_weight(maps.position) * (around > 0), smooth_step(2 * mouth)
    skin = maps.mask * (1 - brows) * (from_eye > _LID_REACH) * (1 - around) * (1 - nostrils) * (1 - mouth)
    skin *= height < _BELOW_HAIR
    outside = (1 - true_lips) * (1 - within)
    filled = np.maximum.reduce([brows, lids, around * outside])
    sure = true_lips * (1 - within) * (lip_weight(maps.position, _LIP_SURE) > 0.5)
    parts = (skin, brows, filled, beard * outside, sure, true_lips * (1 - within), tint)
    return _Zones(*(np.asarray(part, np.float32) for part in parts))


def _distance(colours: Floats, others: Floats) -> Floats:
    """How far colours (..., 3) are from others."""
    difference = colours - others
    return np.asarray(np.sqrt(np.einsum("...c,...c->...", difference, difference)), np.float32)
