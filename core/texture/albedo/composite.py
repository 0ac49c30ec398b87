"""Compose: what was painted on the canonical head, with hair, skin detail, wrinkles and marks, on a head's own UV."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.ndimage import gaussian_filter1d
from skimage.transform import resize

from ...remembered import remembered
from ...types import Bools, Bytes, Floats
from ...uv import draw_uv_maps
from ...uv.raster import dilate
from ..procedural import along_both, smooth_step
from ..template import HAIRLINE_ENDS, TemplateFacts
from .canonical import LOOKUP_SIZE, Canonical
from .correspondence import UVCorrespondence
from .skin_detail import SMALLEST, SkinDetail, shaded, with_detail
from .strands import kept_strand_pattern, strand_pattern, with_strands

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
        colours = correspondence.to_head(layers.hair, order=1, texels=is_hair)
        strands = with_strands(colours, pattern_at(correspondence, is_hair, template.crown), frizz)
        values[is_hair] += hair[is_hair, None] * (strands - values[is_hair])
    albedo = np.zeros((*correspondence.mask.shape, 3), np.float32)
    albedo[correspondence.mask] = values
    return np.round(dilate(albedo, correspondence.mask, float("inf"))).clip(0, 255).astype(np.uint8)


def pattern_at(correspondence: UVCorrespondence, texels: Bools, crown: tuple[float, float, float]) -> Floats:
    """The pattern of strands (n, 4) at n of a chart's texels (see `strand_pattern`).

    correspondence: of the chart.
    texels (N,): which of its N.
    crown (3,): where strands begin, units.
    """
    if correspondence.same:
        return kept_strand_pattern(correspondence.points, crown)[texels]
    return strand_pattern(correspondence.points[texels], crown)


@remembered(1)
def split_layers(canonical: Canonical, picture: Bytes, template: TemplateFacts) -> Layers:
    """Separate a canonical picture: its skin is continued over the scalp, its hair's broad colour over everything.

    canonical: the head it was painted on.
    picture (S, S, 3): sRGB bytes.
    template: where the scalp is.
    """
    values = picture.astype(np.float32)
    mask, not_skin, forehead, scalp = _zones(canonical, template, len(picture))
    skin = values + not_skin[..., None] * (spread(values, forehead) - values)
    return Layers(dilate(skin, mask, float("inf")), symmetrised(spread(values, scalp)))


def hair_tone(hair: Floats, canonical: Canonical, template: TemplateFacts) -> Floats:
    """The colour (3,), sRGB 0 to 255, of hair all in all.

    hair (S, S, 3): its broad colours in the canonical UV, sRGB 0 to 255.
    canonical: the head it was painted on.
    template: where its scalp is.
    """
    scalp = canonical.mesh.uv[template.scalp_height(canonical.points) > HAIRLINE_ENDS]
    column, row = (np.clip(place * len(hair), 0, len(hair) - 1).astype(int) for place in (scalp[:, 0], 1 - scalp[:, 1]))
    return np.asarray(np.median(hair[row, column], axis=0), np.float32)


@remembered(2)
def _zones(canonical: Canonical, template: TemplateFacts, size: int) -> tuple[Bools, Floats, Floats, Floats]:
    """The chart of a canonical picture of `size` pixels, and how far it shows no skin, the forehead, and surely hair:
    (H, W) each, 0 to 1."""
    maps = canonical.places if size == LOOKUP_SIZE else draw_uv_maps(canonical.mesh, size)
    height = template.scalp_height(maps.position)
    # At the hairline the painter blurs: what it painted there is neither skin nor hair.
    not_skin = maps.mask * smooth_step((height - _SKIN_ENDS) / _SKIN_FADES)
    forehead = maps.mask * smooth_step((height - _FOREHEAD_BEGINS) / _FOREHEAD_FADES)
    forehead = forehead * (1 - smooth_step((height - _SKIN_ENDS + _SKIN_FADES) / _SKIN_FADES))
    return maps.mask, not_skin, forehead, (maps.mask & (height > HAIRLINE_ENDS + _HAIR_MARGIN)).astype(np.float32)


def symmetrised(hair: Floats) -> Floats:
    """Hair's colours (H, W, 3), made equal on both sides of the head where they nearly are: the painter's colours
    waver, and grey hair that is lighter on one side looks dyed. Sides that differ much stay."""
    to_mean = (hair[:, ::-1] - hair) / 2
    weight = smooth_step(2 - np.linalg.norm(to_mean, axis=2, keepdims=True) / _WAVERING)
    return np.asarray(hair + weight * to_mean, np.float32)


def spread(values: Floats, weight: Floats, size: int | None = None) -> Floats:
    """Values spread from where their weight is to everywhere: weighted means over surroundings that are as wide as
    needed to hold some weight.

    values (S, S, 3), weight (S, S): an image, and how far each of its pixels counts.
    size: side of what is returned, pixels; None: S.
    Returns (size, size, 3).
    """
    smaller, blurs, larger = _filters(len(values))
    small = along_both(smaller, np.concatenate([values * weight[..., None], weight[..., None]], axis=2))
    total = np.zeros((_SPREAD_SIZE, _SPREAD_SIZE, 3), np.float32)
    remaining = np.ones((_SPREAD_SIZE, _SPREAD_SIZE, 1), np.float32)
    for k, blur in enumerate(blurs):
        blurred = along_both(blur, small)
        sums, weights = blurred[..., :3], blurred[..., 3:]
        trust = np.ones_like(weights) if k == len(blurs) - 1 else np.clip(weights / _SPREAD_TRUST, 0, 1)
        total += remaining * trust * sums / np.maximum(weights, 1e-6)
        remaining = remaining * (1 - trust)
    return along_both(larger if size is None else _filters(size)[2], total)


@cache
def _filters(size: int) -> tuple[Floats, tuple[Floats, ...], Floats]:
    """The matrices that shrink a line of `size` pixels to _SPREAD_SIZE, blur that by each of _SPREAD_WIDTHS, and
    enlarge it again: all these filters work on rows and on columns alike, so one line tells them."""
    line, small = np.eye(size, dtype=np.float32), np.eye(_SPREAD_SIZE, dtype=np.float32)
    smaller = resize(line, (_SPREAD_SIZE, size), order=1, anti_aliasing=True)
    blurs = tuple(gaussian_filter1d(small, width * _SPREAD_SIZE, axis=0) for width in _SPREAD_WIDTHS)
    return smaller, blurs, resize(small, (size, _SPREAD_SIZE), order=1)
