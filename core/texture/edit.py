"""What an edit leaves as it was: pixels outside its mask, and fading between the two."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import distance_transform_edt
from skimage.transform import resize

from ..types import Bools, Bytes, Edit, Floats
from ..uv.raster import dilate
from .procedural import smooth_step

#: Width over which the new fades into the old, inside the mask, as a fraction of the image's side. Chosen by eye.
_FEATHER = 0.012


def keep_rest(picture: Bytes, edit: Edit, chart: Bools, size: int) -> Bytes:
    """The picture where the edit may change, the edit's own albedo elsewhere, byte for byte.

    picture (S, S, 3): the new albedo, sRGB bytes, of any size.
    edit: the albedo it was painted over, and where it may change. Its mask is carried beyond the chart as colours are.
    chart (H, W): the head's chart in the same UV, of any size.
    size: side of the result, pixels.
    Returns (size, size, 3) sRGB bytes.
    """
    albedo = resized(edit.albedo, size)
    if edit.strength == 0:
        return albedo
    if edit.mask is None:
        return resized(picture, size)
    inside = chart if len(chart) == size else resize(chart, (size, size), order=0)
    weight = faded(spread_mask(edit.mask, inside))[..., None]
    mixed = albedo + weight * (resized(picture, size) - albedo.astype(np.float32))
    return np.where(weight > 0, np.round(mixed).clip(0, 255).astype(np.uint8), albedo)


def spread_mask(mask: Floats, chart: Bools) -> Floats:
    """The mask at the chart's size (H, W), its values at the chart's edge carried beyond it."""
    values = mask.astype(np.float32)
    if values.shape != chart.shape:
        values = resize(values, chart.shape, order=1, anti_aliasing=True).astype(np.float32)
    return np.asarray(dilate(values, chart, float("inf")).clip(0, 1), np.float32)


def faded(mask: Floats) -> Floats:
    """The mask (H, W), fading towards its edge on the inside: it reaches no further than before."""
    inside = mask > 0
    if inside.all():
        return mask
    distance = np.asarray(distance_transform_edt(inside)) / (_FEATHER * len(mask))
    return mask * smooth_step(distance)


def resized(picture: Bytes, size: int) -> Bytes:
    """The picture (size, size, 3); the same bytes where it has that size already."""
    if picture.shape[:2] == (size, size):
        return picture
    values = resize(picture.astype(np.float32), (size, size, 3), order=3, anti_aliasing=True)
    return np.round(values).clip(0, 255).astype(np.uint8)
