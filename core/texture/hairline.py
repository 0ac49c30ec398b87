"""Hair and beard meet skin in lines that the head model knows exactly: the colours of the painter are kept to them."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import distance_transform_edt, gaussian_filter
from skimage.transform import resize

from ..types import Bools, Bytes, Floats
from ..uv.raster import dilate
from .seam import smooth_step

#: How far from the line a colour may be the other side's, and over which the painted detail is left out, as shares of
#: the image.
_REACH, _DETAIL = 0.12, 0.02
#: Widths over which sure colours are spread, from coarse to fine, and the side of the image on which that is done.
_WIDTHS, _SMALL = (0.16, 0.08, 0.04, 0.02), 128
#: Thickness at which a beard hides the skin, units (2.5 mm); how far the painter's colour of it must be from the skin's
#: to be meant for it (of 255); and what a beard without hair to match has of the skin's colour.
_DENSE, _APART, _DARK = 0.01, 45.0, 0.3
#: The weight of sure colours at which a finer width is trusted entirely.
_ENOUGH = 0.25


def part_hair(picture: Bytes, mask: Bools, hair: Floats | None) -> Bytes:
    """The picture (H, W, 3) with hair's colours on the hair and the skin's beside it, and a clean line between.

    mask (H, W): the chart, beyond which its colours are carried; hair (N,), 0 to 1: how far each of its texels is hair,
    in the order of picture[mask]; None: nothing is known, and the picture stays. On either side the broad tint near the
    line is replaced by that of the inside; detail stays.
    """
    if hair is None:
        return picture
    share = np.zeros(mask.shape, np.float32)
    share[mask] = hair
    sides = [side for side in (share, np.where(mask, 1 - share, 0)) if (side > 0.9).any()]
    if len(sides) < 2:
        return picture
    values = picture.astype(np.float32)
    parted = sum((side[..., None] * _own_colours(values, mask, side) for side in sides), np.zeros_like(values))
    return _carried(parted, mask)


def even_hair(picture: Bytes, mask: Bools, hair: Floats | None) -> Bytes:
    """The picture (H, W, 3) with hair in the hair's colour also where the painter took it for skin, as under tall hair.

    hair (N,): share of hair at the texels picture[mask]; None, or all or none of it hair: the picture stays.
    """
    if hair is None or not (hair > 0.95).any() or not (hair < 0.05).any():
        return picture
    values = picture.astype(np.float32)
    share = np.zeros(mask.shape, np.float32)
    share[mask] = hair
    broad = _spread(values, share, _WIDTHS[-1:])[mask]
    own, skin = (np.median(picture[mask][side], axis=0) for side in (hair > 0.95, hair < 0.05))
    away, near_skin = (np.linalg.norm(broad - colour, axis=1) for colour in (own, skin))
    stray = smooth_step((away / np.maximum(away + near_skin, 1.0) - 0.35) / 0.3) * hair
    evened = picture.copy()
    evened[mask] = np.round(values[mask] + stray[:, None] * (own - broad)).clip(0, 255)
    return _carried(evened.astype(np.float32), mask)


def tint_beard(picture: Bytes, mask: Bools, hair: Floats | None, beard: Floats | None) -> Bytes:
    """The picture (H, W, 3) with a beard that has the colour of one, where the painter left it skin.

    hair (N,), beard (N,): share of hair and thickness of the beard (units) at the texels picture[mask]; beard None:
    shaven, and the picture stays. What the painter meant for the beard is told by its distance from the skin; a beard
    that was not painted takes the hair's colour, or a dark one. Thin stubble lets the skin shine through.
    """
    if beard is None or not (beard > _DENSE / 4).any():
        return picture
    texels = picture[mask].astype(np.float32)
    share = smooth_step(beard / _DENSE)
    worn = np.zeros_like(beard) if hair is None else hair
    skin = np.median(texels[(share < 0.05) & (worn < 0.05)], axis=0)
    painted = np.average(texels, axis=0, weights=share)
    meant = float(np.clip(np.linalg.norm(painted - skin) / _APART, 0, 1))
    tint = np.median(texels[worn > 0.95], axis=0) if (worn > 0.95).any() else _DARK * skin
    shade = texels.mean(axis=1, keepdims=True) / max(float(painted.mean()), 1.0)
    mixed = texels + ((1 - meant) * share)[:, None] * (tint * shade - texels)
    tinted = picture.copy()
    tinted[mask] = np.round(mixed).clip(0, 255)
    return _carried(tinted.astype(np.float32), mask)


def _carried(values: Floats, mask: Bools) -> Bytes:
    """Values (H, W, 3) as bytes, those of the chart carried beyond it."""
    return np.asarray(np.round(dilate(values, mask, float("inf"))).clip(0, 255), np.uint8)


def _own_colours(values: Floats, mask: Bools, side: Floats) -> Floats:
    """The picture as it would be if all of it were of this side (H, W), as far as that can be told near it."""
    inside = np.asarray(distance_transform_edt(~(mask & (side < 0.5)))) / len(mask)
    sure = smooth_step(inside / _REACH)
    painted = _spread(values, (mask & (side > 0.5)).astype(np.float32), _WIDTHS[-1:])
    meant = _spread(values, np.where(mask & (side > 0.9), sure**2, 0), _WIDTHS)
    detail = np.where(side > 0.5, np.clip(inside / _DETAIL, 0, 1), 0)[..., None] * (values - painted)
    return np.asarray(detail + painted + (1 - sure[..., None]) * (meant - painted), np.float32)


def _spread(values: Floats, weight: Floats, widths: tuple[float, ...]) -> Floats:
    """Weighted means of values (H, W, 3) over the first width, then refined by each next where there is weight."""
    small = (_SMALL, _SMALL)
    weighted = resize(values * weight[..., None], (*small, 3), order=1, anti_aliasing=True)
    weight = resize(weight, small, order=1, anti_aliasing=True)
    mean = np.zeros_like(weighted)
    for index, width in enumerate(widths):
        sigma = width * _SMALL
        total = gaussian_filter(weight, sigma, mode="nearest")[..., None]
        here = gaussian_filter(weighted, (sigma, sigma, 0), mode="nearest") / np.maximum(total, 1e-6)
        trust = np.clip(total / _ENOUGH, 0, 1) if index else 1.0
        mean = mean + trust * (here - mean)
    return np.asarray(resize(mean, values.shape, order=1), np.float32)
