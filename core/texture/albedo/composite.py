"""Compose: what was painted on the canonical head, with hair, skin detail, wrinkles and marks, on a head's own UV."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.transform import resize

from ...parts import by_parts
from ...types import Bytes, Floats
from ...uv import draw_uv_maps
from ...uv.raster import dilate
from ..procedural import smooth_step
from ..template import HAIRLINE_ENDS, TemplateFacts
from .canonical import LOOKUP_SIZE, Canonical
from .correspondence import UVCorrespondence
from .skin_detail import SMALLEST, SkinDetail, shaded, with_detail
from .strands import with_strands

#: Height over the scalp plane, units, up to which the canonical picture is surely skin: 5 mm below the hairline, since
#: the painter blurs what lies around that. And over how much it fades out from there, units (5 mm).
_SKIN_ENDS, _SKIN_FADES = 0.035, 0.02
#: Height over the scalp plane, units (-25 mm), from which on skin counts as forehead, whose colours go on over a bald
#: scalp; and over how much that fades in, units (12 mm).
_FOREHEAD_BEGINS, _FOREHEAD_FADES = -0.10, 0.05
#: How far beyond the hairline the picture is surely hair, units (2.5 mm).
_HAIR_MARGIN = 0.01
#: Standard deviations of the Gaussians by which sure colours are spread over the rest, as fractions of the image's
#: side: each fills what the narrower ones left.
_SPREAD_WIDTHS = (0.02, 0.05, 0.12, 0.3)
#: Side, pixels, of the image on which colours are spread: small, since what is spread is broad.
_SPREAD_SIZE = 128
#: Mean weight under a Gaussian from which on its colour is taken wholly.
_SPREAD_TRUST = 0.3
#: Distance of both sides of the hair from their mean, sRGB bytes, below which the painter did not mean it.
_WAVERING = 24.0


@dataclass(frozen=True)
class Layers:
    """A canonical picture, separated into what it shows.

    skin (H, W, 3): skin all over the head, sRGB 0 to 255.
    hair (H, W, 3): hair's broad colour all over the head, sRGB 0 to 255.
    """

    skin: Floats
    hair: Floats


def composite_albedo(
    canonical: Canonical,
    picture: Bytes,
    correspondence: UVCorrespondence,
    template: TemplateFacts,
    hair: Floats | None,
    frizz: float = 0.0,
    detail: SkinDetail | None = None,
    wrinkles: Floats | None = None,
    marks: Floats | None = None,
) -> Bytes:
    """Compose the albedo in a head's own UV from what was painted on the canonical head.

    Hair is strands of the canonical scalp's colours, in the template's space, whatever its volume; all else shows the
    canonical skin.

    canonical: the head it was painted on.
    picture (S, S, 3): the painting, sRGB bytes.
    correspondence: of the N texels of the head's chart with the canonical UV.
    template: where the scalp and the crown are.
    hair (N,): weight of hair at each texel, 0 to 1; None for a bald head.
    frizz: how far hair is curls instead of strands, 0 to 1.
    detail: what is finer than the picture on skin and brows; None for none. Small textures show none.
    wrinkles (N,): heights of the skin, millimetres, by which grooves are darkened; None for none.
    marks (N, 3): factors of the skin's red, green and blue, by freckles and other marks; None for none.
    Returns (H, W, 3) sRGB bytes, carried past the chart's edge.
    """
    layers = split_layers(canonical, picture, template)
    values = correspondence.to_head(layers.skin)
    size = len(correspondence.mask)
    if detail is not None and size >= SMALLEST:
        values = with_detail(values, correspondence.to_head(detail.over(picture, size)[..., None], order=1)[:, 0])
    if wrinkles is not None:
        values = shaded(values, wrinkles)
    if marks is not None:
        values = values * marks
    if hair is not None and hair.any():
        is_hair = hair > 0
        under_hair = replace(correspondence, uv=correspondence.uv[is_hair], points=correspondence.points[is_hair])
        draw = partial(with_strands, crown=template.crown, frizz=frizz)
        strands = by_parts(draw, under_hair.to_head(layers.hair, order=1), under_hair.points)
        values[is_hair] += hair[is_hair, None] * (strands - values[is_hair])
    albedo = np.zeros((*correspondence.mask.shape, 3), np.float32)
    albedo[correspondence.mask] = values
    return np.round(dilate(albedo, correspondence.mask, float("inf"))).clip(0, 255).astype(np.uint8)


def split_layers(canonical: Canonical, picture: Bytes, template: TemplateFacts) -> Layers:
    """Separate a canonical picture: its skin is continued over the scalp, its hair's broad colour over everything.

    canonical: the head it was painted on.
    picture (S, S, 3): sRGB bytes.
    template: where the scalp is.
    """
    size = len(picture)
    maps = canonical.places if size == LOOKUP_SIZE else draw_uv_maps(canonical.mesh, size)
    height = template.scalp_height(maps.position)
    values = picture.astype(np.float32)
    # At the hairline the painter blurs: what it painted there is neither skin nor hair.
    not_skin = maps.mask * smooth_step((height - _SKIN_ENDS) / _SKIN_FADES)
    forehead = maps.mask * smooth_step((height - _FOREHEAD_BEGINS) / _FOREHEAD_FADES)
    forehead = forehead * (1 - smooth_step((height - _SKIN_ENDS + _SKIN_FADES) / _SKIN_FADES))
    skin = values + not_skin[..., None] * (_spread(values, forehead) - values)
    hair = _spread(values, (maps.mask & (height > HAIRLINE_ENDS + _HAIR_MARGIN)).astype(np.float32))
    return Layers(dilate(skin, maps.mask, float("inf")), symmetrised(hair))


def symmetrised(hair: Floats) -> Floats:
    """Hair's colours (H, W, 3), made equal on both sides of the head where they nearly are: the painter's colours
    waver, and grey hair that is lighter on one side looks dyed. Sides that differ much stay."""
    to_mean = (hair[:, ::-1] - hair) / 2
    weight = smooth_step(2 - np.linalg.norm(to_mean, axis=2, keepdims=True) / _WAVERING)
    return np.asarray(hair + weight * to_mean, np.float32)


def _spread(values: Floats, weight: Floats) -> Floats:
    """Values (H, W, 3) spread from where their weight (H, W) is to everywhere: weighted means over surroundings that
    are as wide as needed to hold some weight."""
    small = [
        resize(image, (_SPREAD_SIZE, _SPREAD_SIZE, image.shape[2]), order=1, anti_aliasing=True)
        for image in (values * weight[..., None], weight[..., None].astype(np.float32))
    ]
    total = np.zeros((_SPREAD_SIZE, _SPREAD_SIZE, 3), np.float32)
    remaining = np.ones((_SPREAD_SIZE, _SPREAD_SIZE, 1), np.float32)
    for width in _SPREAD_WIDTHS:
        sigma = width * _SPREAD_SIZE
        sums, weights = (gaussian_filter(image, (sigma, sigma, 0)) for image in small)
        last = width == _SPREAD_WIDTHS[-1]
        trust = np.ones_like(weights) if last else np.clip(weights / _SPREAD_TRUST, 0, 1)
        total += remaining * trust * sums / np.maximum(weights, 1e-6)
        remaining = remaining * (1 - trust)
    return np.asarray(resize(total, values.shape, order=1), np.float32)
