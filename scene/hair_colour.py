"""From the painted colour of hair to the pigments of Blender's Principled Hair BSDF.

Light passes through many strands, so a head of hair is lighter than one strand: what a strand absorbs shows as
exp(-DEPTH sqrt(absorption)), and absorptions of melanin, dye and white strands add up.
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
#: What that formula gives, and what Cycles renders instead: measured on a ball of such hair in light from everywhere,
#: with as many bounces as a new scene has. Strands reflect some light without colouring it, and some is lost.
_BY_FORMULA = (0.004, 0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.75, 0.9)
_RENDERED = (0.025, 0.046, 0.082, 0.134, 0.226, 0.296, 0.364, 0.41, 0.431, 0.441)
#: The lightest channel that hair is given, for hues to stay: what is painted lighter is darkened. And how much of a
#: dark channel stays at least when what is not coloured is taken off, likewise.
_LIGHTEST, _DULLEST = 0.4, 0.5
#: Darkest and lightest channel that pigments are looked for, linear: a strand is never a hole.
_RANGE = (0.002, 0.9)
#: Amounts of melanin and shares of red in it that are tried.
_MELANIN, _REDNESS = np.linspace(0.005, 0.99, 198), np.linspace(0.0, 1.0, 21)
#: Largest difference from the colour wanted, CIELAB, up to which melanin alone will do.
_NATURAL = 10.0
#: Neutral hair is grey by white strands among dark ones: its largest chroma and least lightness, CIELAB.
_GREY_CHROMA, _GREY_LIGHTNESS = 9.0, 32.0
#: Melanin of the dark strands in grey hair, and of the white ones.
DARK, WHITE = 0.6, 0.02


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
        """The linear colour of a whole head of such hair, by the formula."""
        strands = _absorption(self.melanin, self.redness) + (np.log(self.dye) / DEPTH) ** 2
        absorbed = strands + self.grey * (_absorption(WHITE, 0.0) - strands)
        red, green, blue = np.exp(-DEPTH * np.sqrt(absorbed)).tolist()
        return red, green, blue


def hair_colour(colour: Floats) -> HairColour:
    """The pigments by which a whole head of hair has a colour: melanin where that will do, else dye on top of as much
    melanin as there may be; neutral greys are white strands among dark ones.

    colour (3,): linear red, green and blue, 0 to 1.
    """
    painted = np.asarray(colour, np.float64)
    painted = painted * min(1.0, _LIGHTEST / max(painted.max(), _RANGE[0]))
    wanted = np.clip(np.maximum(np.interp(painted, _RENDERED, _BY_FORMULA), painted * _DULLEST), *_RANGE)
    absorbed = (np.log(wanted) / DEPTH) ** 2
    lightness, a, b = _lab(wanted)
    if np.hypot(a, b) < _GREY_CHROMA and lightness > _GREY_LIGHTNESS:
        dark, white = _absorption(DARK, 0.0)[1], _absorption(WHITE, 0.0)[1]
        return HairColour(DARK, 0.0, float(np.clip((dark - absorbed[1]) / (dark - white), 0.0, 1.0)))
    natural = np.exp(-DEPTH * np.sqrt(_absorption(_MELANIN[:, None], _REDNESS)))
    error = np.linalg.norm(_lab(natural) - _lab(wanted), axis=-1)
    most, reddest = np.unravel_index(error.argmin(), error.shape)
    if error[most, reddest] <= _NATURAL:
        return HairColour(float(_MELANIN[most]), float(_REDNESS[reddest]))
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
    values = picture[..., :3].reshape(-1, 3) / 255.0
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    lightness = linear.sum(axis=1)
    low, high = np.quantile(lightness, [share - 0.1, share + 0.1])
    return np.asarray(linear[(lightness >= low) & (lightness <= high)].mean(axis=0), np.float32)


def _absorption(melanin: Floats | float, redness: Floats | float) -> Floats:
    """What a strand absorbs (..., 3), by its melanin (...), and how much of that is red (...)."""
    eumelanin, red = np.array(EUMELANIN), np.asarray(redness)[..., None]
    return -np.log(1.0 - np.asarray(melanin))[..., None] * (eumelanin + red * (np.array(PHEOMELANIN) - eumelanin))


def _lab(linear: Floats) -> Floats:
    """Linear colours (..., 3) in CIELAB under D65."""
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    ratio = linear @ matrix.T / np.array([0.9505, 1.0, 1.089])
    x, y, z = np.moveaxis(np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
