"""A beard that the head model grew is coloured as one also where the painter left it skin."""

from __future__ import annotations

import numpy as np
from skimage.color import lab2rgb, rgb2lab

from ...types import Bools, Bytes, Floats
from ...uv.raster import dilate
from .seam import smooth_step
from .strands import with_strands

#: Thickness at which a beard hides the skin, units (2.5 mm); how far the painter's colour of it must be from the skin's
#: to be meant for it (of 255); and what a beard without hair to match has of the skin's colour.
_DENSE, _APART, _DARK = 0.01, 45.0, 0.3
#: What stays of the differences of lightness between places of one beard.
_SHADES = 0.6
#: How far beards are curls and not strands.
_FRIZZ = 0.35


def tint_beard(picture: Bytes, mask: Bools, hair: Floats | None, beard: Floats | None, points: Floats) -> Bytes:
    """The picture (H, W, 3) with a beard that has the colour of one, where the painter left it skin.

    hair (N,), beard (N,), points (N, 3): share of hair, thickness of the beard (units) and place on the template, or
    the mesh where there is none, of the texels picture[mask]; beard None: shaven, and the picture stays. What the
    painter meant for the beard is told by its distance from the skin; a beard that was not painted takes the hair's
    colour, or a dark one. All of it has one hue: where the painter let skin show in a white beard, it would be pink.
    Strands run down it. Thin stubble lets the skin shine through.
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
    grown = share > 0
    tinted = _in_one_hue(mixed[grown].clip(0, 255), share[grown], skin)
    strands = with_strands(tinted, points[grown], _FRIZZ)
    mixed[grown] = tinted + share[grown, None] * (strands - tinted)
    bearded = picture.copy()
    bearded[mask] = np.round(mixed).clip(0, 255)
    return dilate(bearded, mask, float("inf"))


def _in_one_hue(colours: Floats, share: Floats, skin: Floats) -> Floats:
    """Colours (N, 3) that have, as far as they are the beard's, the hue of what differs most from the skin, and about
    its lightness; what is like skin has all of it."""
    lab = rgb2lab(colours / 255)
    meant = np.clip(np.linalg.norm(colours - skin, axis=1) / _APART, 0, 1)
    middle = np.average(lab, axis=0, weights=share * (meant**2 + 1e-3))
    kept = np.stack([_SHADES * meant, 0 * meant, 0 * meant], axis=1)
    lab += share[:, None] * (1 - kept) * (middle - lab)
    return np.asarray(255 * lab2rgb(lab), np.float32)
