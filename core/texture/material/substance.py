"""What a head is made of where the words say so: a bust of marble, a bronze statue. Pictures alone cannot tell.

The list is explicit and short. A word of it counts only where it is meant for the whole head ("a marble bust",
"carved from wood", "gold" and nothing else), so that silver hair and copper skin stay hair and skin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from skimage.color import lab2rgb, rgb2lab

from ...types import Bytes
from ..procedural import smooth_step


@dataclass(frozen=True)
class Substance:
    """A material all over the head.

    metallic: 0 or 1.
    roughness: 0 to 1.
    subsurface: weight of scattering, 0 to 1.
    grain: the fraction of the roughness that varies from place to place, 0 to 1.
    """

    metallic: float
    roughness: float
    subsurface: float = 0.0
    grain: float = 0.15


#: The materials that words may name. Roughness and grain are those of a common piece of it, neither new nor weathered.
SUBSTANCES = {
    "bronze": Substance(1.0, 0.36, grain=0.4),
    "brass": Substance(1.0, 0.28, grain=0.3),
    "copper": Substance(1.0, 0.3, grain=0.3),
    "gold": Substance(1.0, 0.2),
    "golden": Substance(1.0, 0.2),
    "silver": Substance(1.0, 0.2),
    "chrome": Substance(1.0, 0.06, grain=0.05),
    "steel": Substance(1.0, 0.3),
    "iron": Substance(1.0, 0.5, grain=0.4),
    "metal": Substance(1.0, 0.35),
    "metallic": Substance(1.0, 0.35),
    "marble": Substance(0.0, 0.3, subsurface=0.5),
    "alabaster": Substance(0.0, 0.35, subsurface=0.8),
    "jade": Substance(0.0, 0.2, subsurface=0.8),
    "stone": Substance(0.0, 0.85, grain=0.3),
    "granite": Substance(0.0, 0.6, grain=0.5),
    "plaster": Substance(0.0, 0.9),
    "clay": Substance(0.0, 0.8, grain=0.2),
    "terracotta": Substance(0.0, 0.8, grain=0.2),
    "porcelain": Substance(0.0, 0.12, subsurface=0.4, grain=0.05),
    "wax": Substance(0.0, 0.4, subsurface=1.0),
    "wood": Substance(0.0, 0.55, grain=0.35),
    "wooden": Substance(0.0, 0.55, grain=0.35),
    "plastic": Substance(0.0, 0.3, grain=0.05),
    "glass": Substance(0.0, 0.05, grain=0.05),
}
#: Words that change the finish -> the factor of roughness.
_FINISHES = {"polished": 0.5, "shiny": 0.6, "glazed": 0.5, "brushed": 1.4, "weathered": 1.5, "rough": 1.6, "matte": 1.7}
#: Things that are of one material all over, as a pattern.
_THINGS = "statue|statuette|bust|sculpture|figure|figurine|head|mask|idol|doll|robot|android|mannequin|monument|carving"
#: Words before "of marble" that say so, as a pattern.
_MADE = "made|carved|cast|sculpted|moulded|molded|hewn|forged|chiselled|chiseled|statue|bust|sculpture|figure|head"

#: What is of metal or plastic, whichever, as a pattern.
_MACHINES = "robot|robots|android|androids|cyborg|cyborgs"
#: Distances from a material's hue, CIE Lab, below which the painter did not mean them, and above which it did.
_WAVERING, _MEANT = 12.0, 24.0
#: What has no pores, of whatever it is made, as a pattern.
_SMOOTH = rf"{_MACHINES}|mannequin|mannequins|doll|dolls|statue|sculpture|cartoon"


def has_skin(*words: str) -> bool:
    """Whether the head that these texts describe has skin with pores, wrinkles and marks: none names a substance."""
    smooth = any(re.search(rf"\b(?:{_SMOOTH})\b", line.casefold()) for line in words)
    return not smooth and not any(map(substance_in, words))


def in_hue_of_material(picture: Bytes, words: str) -> Bytes:
    """The picture, in one hue where the words ask for one material all over.

    A picture's colours waver by a few steps, which nobody sees on skin, but at once on marble and steel. What differs
    much from the hue of most of the picture, as eyes that glow and lips that were asked for, stays.

    picture (H, W, 3): sRGB bytes.
    words: that it was painted for.
    """
    if substance_in(words) is None and not re.search(rf"\b(?:{_MACHINES})\b", words.casefold()):
        return picture
    lab = rgb2lab(picture / np.float32(255))
    deviation = lab[..., 1:] - np.median(lab[..., 1:], axis=(0, 1))
    meant = smooth_step((np.linalg.norm(deviation, axis=-1, keepdims=True) - _WAVERING) / (_MEANT - _WAVERING))
    lab[..., 1:] -= (1 - meant) * deviation
    return np.round(lab2rgb(lab).clip(0, 1) * 255).astype(np.uint8)


def first_substance(*words: str) -> Substance | None:
    """The substance that is named by the first of these texts that names one; None for flesh and blood."""
    return next(filter(None, map(substance_in, words)), None)


def substance_in(words: str) -> Substance | None:
    """The substance that the whole head is made of according to `words`, None for flesh and blood."""
    line = " ".join(re.findall(r"\w+", words.casefold()))
    names = "|".join(SUBSTANCES)
    finish = "(?:(?:{}) )*".format("|".join(_FINISHES))
    for pattern in (
        rf"\b({names}) (?:\w+ )?(?:{_THINGS})\b",
        rf"\b(?:{_MADE}) (?:out )?(?:of|from|in) (?:solid |pure |white |black |dark |grey |green )*{finish}({names})\b"
        r"(?! (?:hair|skin|eyes|lips|beard))",
        rf"^(?:solid |pure |white |black |dark |grey |green )*{finish}({names})$",
    ):
        match = re.search(pattern, line)
        if match:
            factor = next((value for word, value in _FINISHES.items() if re.search(rf"\b{word}\b", line)), 1.0)
            made = SUBSTANCES[match.group(1)]
            return Substance(made.metallic, min(made.roughness * factor, 1.0), made.subsurface, made.grain)
    return None
