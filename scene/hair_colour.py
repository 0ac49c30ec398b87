"""From the painted colour of hair to the pigments of Blender's Principled Hair BSDF.

Light passes through many strands, so a head of hair is lighter than one strand: by theory, what a strand absorbs shows
as exp(-DEPTH sqrt(absorption)), and absorptions of melanin and dye add up. What is rendered differs: strands reflect
some light without colouring it, and a renderer follows light through some strands only. So the theory's value is turned
into the rendered one by what was measured, and light hair gets a share of a surface that scatters light at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.types import Bytes, Floats

#: Absorption of red, green and blue light by eumelanin and pheomelanin, as in Cycles. Source: E. d'Eon et al., An
#: Energy-Conserving Hair Reflectance Model (2011).
EUMELANIN, PHEOMELANIN = (0.506, 0.841, 1.653), (0.343, 0.733, 1.924)
#: Azimuthal roughness of strands, Blender's own value.
ROUGHNESS = 0.3
#: How deep light goes, for that roughness. Source: M. Chiang et al., A Practical and Controllable Hair and Fur Model
#: for Production Path Tracing (2016).
DEPTH = float(np.polynomial.Polynomial([5.969, -0.215, 2.532, -10.73, 5.574, 0.245])(ROUGHNESS))
#: The theory's value, and what Cycles renders instead: measured on a ball of such hair over a skin of its own colour,
#: in light from everywhere, with as many bounces as a new scene has.
_THEORY = (0.0003, 0.0024, 0.0127, 0.0364, 0.0928, 0.2009, 0.342, 0.4992, 0.6709, 0.8368, 0.9148)
_RENDERED = (0.0192, 0.0226, 0.0366, 0.0653, 0.1247, 0.2265, 0.3348, 0.4195, 0.4732, 0.4989, 0.5067)
#: Likewise the colour of strands that scatter light on their surface, and that of the whole ball of these.
_SURFACE = (0.01, 0.03, 0.06, 0.12, 0.25, 0.4, 0.6, 0.8, 0.87, 0.91, 0.95, 0.99)
_SCATTERED = (0.02, 0.0296, 0.0439, 0.0732, 0.1391, 0.2207, 0.3441, 0.4937, 0.555, 0.5926, 0.6318, 0.6722)
#: The surface's colour is the theory's value to this power, for both to look alike in dark hair; the surface's share
#: is that of green times this, up to the largest one.
SURFACE_POWER, SCATTER, MOST_SCATTER = 0.6, 2.5, 0.9
#: The lightest channel that hair is given, for hues to stay: what is painted lighter is darkened. And the darkest one
#: that hair can have, for it reflects some light whatever it absorbs.
_LIGHTEST, _DARKEST = 0.55, 0.0226
#: Lamps light less of hair than of a surface, for strands shade each other: in the light of a few lamps, it is as light
#: as a surface that is painted so much darker. Measured on heads, from behind.
_SHADE = 1.4
#: Darkest and lightest of the theory's values that pigments are looked for: a strand is never a hole.
_RANGE = (0.002, 0.95)
#: Amounts of melanin and shares of red in it that are tried.
_MELANIN, _REDNESS = 1.0 - np.exp(-np.geomspace(0.002, 4.0, 160)), np.linspace(0.0, 1.0, 21)
#: Largest difference from the colour wanted, CIELAB, up to which melanin alone will do.
_NATURAL = 11.0
#: Neutral hair is grey by white strands among dark ones: its largest chroma and least lightness, CIELAB.
_GREY_CHROMA, _GREY_LIGHTNESS = 9.0, 32.0
#: Melanin of the dark strands in grey hair, and of the white ones.
DARK, WHITE = 0.85, 0.002
#: Shares of white strands that are tried. Dark strands between white ones count for a little more than their share: the
#: power was measured likewise.
_GREYS, _GREY_POWER = np.linspace(0.0, 1.0, 101), 1.35
#: Rounds in which a dye is found: it decides how much of the surface is seen, and that the dye.
_ROUNDS = 12


@dataclass(frozen=True)
class HairColour:
    """What strands are coloured by.

    melanin, redness: of Blender's Principled Hair BSDF, 0 to 1.
    grey: share of white strands, 0 to 1.
    dye (3,): a colour that the others are dyed in, linear; white for none.
    """

    melanin: float
    redness: float
    grey: float = 0.0
    dye: tuple[float, float, float] = (1.0, 1.0, 1.0)

    def seen(self) -> tuple[float, float, float]:
        """The linear colour of a surface that a whole head of such hair looks like."""
        absorbed = _absorption(self.melanin, self.redness) + (np.log(self.dye) / DEPTH) ** 2
        red, green, blue = (_mixed(_rendered(_theory(absorbed)), self.grey) / _SHADE).tolist()
        return red, green, blue


def hair_colour(colour: Floats) -> HairColour:
    """The pigments by which a whole head of hair has a colour: melanin where that will do, else dye on top of as much
    melanin as there may be; neutral greys are white strands among dark ones.

    colour (3,): linear red, green and blue, 0 to 1.
    """
    painted = _SHADE * np.asarray(colour, np.float64)
    wanted = np.maximum(painted * min(1.0, _LIGHTEST / max(painted.max(), _RANGE[0])), _DARKEST)
    lightness, a, b = _lab(wanted)
    if np.hypot(a, b) < _GREY_CHROMA and lightness > _GREY_LIGHTNESS:
        dark = _rendered(_theory(_absorption(DARK, 0.0)))
        tried = _lab(_mixed(dark, _GREYS[:, None]))[:, 0]
        return HairColour(DARK, 0.0, float(_GREYS[np.abs(tried - lightness).argmin()]))
    natural = _rendered(_theory(_absorption(_MELANIN[:, None], _REDNESS)))
    error = np.linalg.norm(_lab(natural) - _lab(wanted), axis=-1)
    most, reddest = np.unravel_index(error.argmin(), error.shape)
    if error[most, reddest] <= _NATURAL:
        return HairColour(float(_MELANIN[most]), float(_REDNESS[reddest]))
    absorbed = (np.log(_theory_of(wanted)) / DEPTH) ** 2
    pigments = _absorption(1 - np.exp(-1.0), _REDNESS)
    amounts = (absorbed / pigments).min(axis=1)
    rest = absorbed - amounts[:, None] * pigments
    best = rest.sum(axis=1).argmin()
    red, green, blue = np.exp(-DEPTH * np.sqrt(np.maximum(rest[best], 0.0))).tolist()
    return HairColour(float(1.0 - np.exp(-amounts[best])), float(_REDNESS[best]), 0.0, (red, green, blue))


def picture_colour(picture: Bytes, share: float = 0.5) -> Floats:
    """The linear colour (3,) of hair in a picture of it: the mean of the fifth of its texels about a lightness.

    picture (H, W, 3 or 4): sRGB bytes.
    share: of texels that are darker than that, 0.1 to 0.9.
    """
    linear = linear_of(picture[..., :3].reshape(-1, 3))
    lightness = linear.sum(axis=1)
    low, high = np.quantile(lightness, [share - 0.1, share + 0.1])
    return np.asarray(linear[(lightness >= low) & (lightness <= high)].mean(axis=0), np.float32)


def linear_of(colours: Bytes) -> Floats:
    """Linear colours (..., 3), 0 to 1, of sRGB bytes (..., 3)."""
    values = np.asarray(colours) / 255.0
    return np.asarray(np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4))


def _absorption(melanin: Floats | float, redness: Floats | float) -> Floats:
    """What a strand absorbs (..., 3), by its melanin (...), and how much of that is red (...)."""
    eumelanin, red = np.array(EUMELANIN), np.asarray(redness)[..., None]
    return -np.log(1.0 - np.asarray(melanin))[..., None] * (eumelanin + red * (np.array(PHEOMELANIN) - eumelanin))


def _theory(absorbed: Floats) -> Floats:
    """The colour (..., 3) of a head of hair by theory, whose strands absorb (..., 3)."""
    return np.asarray(np.exp(-DEPTH * np.sqrt(absorbed)))


def _rendered(theory: Floats) -> Floats:
    """The colour (..., 3) that is rendered, by theory's (..., 3)."""
    share = np.minimum(SCATTER * theory[..., 1:2], MOST_SCATTER)
    through = np.interp(theory, _THEORY, _RENDERED)
    return np.asarray((1 - share) * through + share * np.interp(theory**SURFACE_POWER, _SURFACE, _SCATTERED))


def _theory_of(wanted: Floats) -> Floats:
    """The theory's colour (3,) of hair that is rendered in a colour (3,), or as near to it as hair can be."""
    levels = np.geomspace(*_RANGE, 400)
    through = np.interp(levels, _THEORY, _RENDERED)
    scattered = np.interp(levels**SURFACE_POWER, _SURFACE, _SCATTERED)
    theory = np.full(3, 0.3)
    for _ in range(_ROUNDS):
        share = min(SCATTER * theory[1], MOST_SCATTER)
        theory = (theory + np.interp(wanted, (1 - share) * through + share * scattered, levels)) / 2
    return np.asarray(theory)


def _mixed(strands: Floats, grey: Floats | float) -> Floats:
    """The colour (..., 3) of hair with a share of white strands (...), where the others alone were of a colour (3,)."""
    white = _rendered(_theory(_absorption(WHITE, 0.0)))
    return np.asarray(strands + (white - strands) * np.asarray(grey) ** _GREY_POWER)


def _lab(linear: Floats) -> Floats:
    """Linear colours (..., 3) in CIELAB under D65."""
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    ratio = linear @ matrix.T / np.array([0.9505, 1.0, 1.089])
    x, y, z = np.moveaxis(np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
