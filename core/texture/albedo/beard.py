"""The geometry's beard is given the colour of a beard also where the painter painted skin; so is skin below strands."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from skimage.color import lab2rgb, rgb2lab

from ...types import Bools, Bytes, Floats
from ...uv.raster import dilate
from ..procedural import smooth_step
from .strands import with_strands

#: Thickness at which a beard hides the skin, units (2.5 mm).
OPAQUE_BEARD = 0.01
#: Distance of the painter's colour from the skin's, sRGB bytes, from which on it surely painted a beard.
_DISTINCT = 45.0
#: Factor of the skin's colour that gives a beard's where none was painted and there is no hair to match: a dark brown.
_UNPAINTED = 0.3
#: Fraction of the differences of lightness between places of one beard that stays. Chosen by eye on renders.
_SHADES = 0.6
#: How far beards are curls and not strands, 0 to 1. Chosen by eye on renders.
FRIZZ = 0.35
#: How far skin has the colour of the strands that grow on it densest: brows are thin, and skin is seen between all.
_BROW_ROOTS, _BEARD_ROOTS = 0.35, 0.75


def tint_beard(
    picture: Bytes,
    mask: Bools,
    hair: Floats | None,
    beard: Floats | None,
    pattern_at: Callable[[Bools], Floats],
) -> Bytes:
    """The picture with the colour of a beard wherever the mesh has one.

    How far the painter painted a beard is measured by the distance of its colour from the skin's; one that it did not
    paint takes the hair's colour, or a dark one. All of it gets one hue: where skin showed in a white beard, that would
    be pink. Strands run down it. Thin stubble lets the skin shine through.

    picture (H, W, 3): the albedo in the head's own UV, sRGB bytes.
    mask (H, W): its chart, of N texels in reading order.
    hair (N,): weight of hair, 0 to 1; None for a bald head.
    beard (N,): thickness of the beard, units; None for a shaven head, whose picture stays.
    pattern_at: gives the pattern of strands (n, 4) at those n of the N texels that it is asked for.
    """
    if beard is None or not (beard > OPAQUE_BEARD / 4).any():
        return picture
    texels = picture[mask].astype(np.float32)
    weight = smooth_step(beard / OPAQUE_BEARD)
    covered = np.zeros_like(beard) if hair is None else hair
    skin = np.median(texels[(weight < 0.05) & (covered < 0.05)], axis=0)
    painted = np.average(texels, axis=0, weights=weight)
    confidence = float(np.clip(np.linalg.norm(painted - skin) / _DISTINCT, 0, 1))  # that a beard was painted
    tint = np.median(texels[covered > 0.95], axis=0) if (covered > 0.95).any() else _UNPAINTED * skin
    shade = texels.mean(axis=1, keepdims=True) / max(float(painted.mean()), 1.0)
    mixed = texels + ((1 - confidence) * weight)[:, None] * (tint * shade - texels)
    grown = weight > 0
    tinted = _in_one_hue(mixed[grown].clip(0, 255), weight[grown], skin)
    strands = with_strands(tinted, pattern_at(grown), FRIZZ)
    mixed[grown] = tinted + weight[grown, None] * (strands - tinted)
    bearded = picture.copy()
    bearded[mask] = np.round(mixed).clip(0, 255)
    return dilate(bearded, mask, float("inf"))


def tint_roots(
    picture: Bytes, mask: Bools, brows: Floats, beard: Floats | None, brow_colour: Floats, beard_colour: Floats
) -> Bytes:
    """The picture of bare skin with the colours of the strands of brows and beard that are rooted in it.

    picture (H, W, 3): the albedo in the head's own UV, sRGB bytes.
    mask (H, W): its chart, of N texels in reading order.
    brows (N,): how densely they grow, 0 to 1.
    beard (N,): its thickness, units; None for a shaven head.
    brow_colour, beard_colour (3,): of strands, sRGB 0 to 255.
    """
    tinted, texels = picture.copy(), np.nonzero(mask)
    roots = [(brows, _BROW_ROOTS, brow_colour)]
    if beard is not None:
        # Squared: skin shows between the roots of short beards.
        thickness = np.clip(beard / OPAQUE_BEARD, 0, 1).astype(np.float32)
        roots.append((thickness**2, _BEARD_ROOTS, beard_colour))
    for density, strength, colour in roots:
        grown = np.flatnonzero(density > 0)
        here = tuple(index[grown] for index in texels)
        skin = tinted[here].astype(np.float32)
        mixed = skin + strength * density[grown, None] * (colour - skin)
        tinted[here] = np.round(mixed).clip(0, 255)
    return tinted


def _in_one_hue(colours: Floats, weight: Floats, skin: Floats) -> Floats:
    """Colours drawn together to one hue, and towards one lightness: those of the places that differ most from skin.

    colours (N, 3): sRGB, 0 to 255.
    weight (N,): how far each is beard, 0 to 1; the others stay.
    skin (3,): the skin's colour. What is like it takes the beard's hue and lightness wholly.
    Returns (N, 3), sRGB, 0 to 255.
    """
    lab = rgb2lab(colours / 255)
    confidence = np.clip(np.linalg.norm(colours - skin, axis=1) / _DISTINCT, 0, 1)
    middle = np.average(lab, axis=0, weights=weight * (confidence**2 + 1e-3))
    kept = np.stack([_SHADES * confidence, 0 * confidence, 0 * confidence], axis=1)
    lab += weight[:, None] * (1 - kept) * (middle - lab)
    return np.asarray(255 * lab2rgb(lab), np.float32)
