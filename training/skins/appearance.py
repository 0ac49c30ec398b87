"""What colours a head: skin, hair, eyes, brows, beard, lips, make-up, material; drawn at random to suit a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from clip_head.training.teacher.dataset import Attributes

#: Skin tones from light to dark: CIE Lab of the face's middle.
TONES: dict[str, tuple[float, float, float]] = {
    "pale": (83, 7, 12),
    "fair": (78, 10, 16),
    "light": (72, 12, 20),
    "olive": (65, 10, 25),
    "tanned": (58, 15, 27),
    "brown": (46, 15, 24),
    "dark": (34, 12, 17),
    "very dark": (25, 9, 11),
}
#: How often each tone is drawn for an ancestry, in the order of TONES.
TONES_OF: dict[str, tuple[float, ...]] = {
    "caucasian": (3, 4, 3, 0.7, 1, 0, 0, 0),
    "asian": (1, 3, 4, 2, 1, 0.3, 0, 0),
    "african": (0, 0, 0, 0, 0, 2.5, 5, 3),
    "mixed": (0, 0.3, 1, 2.5, 3, 2.5, 0.3, 0),
}
#: Hair colours in sRGB.
HAIR: dict[str, tuple[float, float, float]] = {
    "black": (0.055, 0.05, 0.05),
    "dark brown": (0.17, 0.105, 0.07),
    "brown": (0.30, 0.19, 0.11),
    "blond": (0.80, 0.66, 0.40),
    "red": (0.60, 0.20, 0.07),
    "grey": (0.54, 0.54, 0.55),
    "white": (0.89, 0.89, 0.88),
    "green": (0.16, 0.50, 0.17),
    "blue": (0.12, 0.26, 0.70),
    "pink": (0.90, 0.42, 0.63),
    "purple": (0.42, 0.18, 0.58),
}
DYED = ("green", "blue", "pink", "purple")
NATURAL = tuple(name for name in HAIR if name not in DYED)
_NATURAL_SHARES: dict[str, tuple[float, ...]] = {
    "african": (12, 4, 1, 0.5, 0.3, 0, 0),
    "asian": (12, 4, 1, 0.3, 0.3, 0, 0),
    "caucasian": (2, 4, 4, 4, 3, 0, 0),
    "mixed": (5, 4, 3, 1, 1, 0, 0),
}
#: Iris textures, and how often each is drawn for light-eyed and dark-eyed people.
EYES: dict[str, tuple[float, float]] = {
    "blue": (5, 0.2),
    "bluegreen": (0.3, 0),
    "brown": (4, 14),
    "brownlight": (2, 1),
    "deepblue": (0.3, 0),
    "green": (3, 0.2),
    "grey": (1.5, 0.1),
    "ice": (0.3, 0),
    "lightblue": (1, 0),
}
BEARDS = ("none", "stubble", "moustache", "goatee", "full")
LIPS = ("natural", "pink", "red", "dark")
MAKE_UP = ("none", "natural", "smoky", "joker", "clown", "skull", "zombie", "football", "tribal")
#: Materials and unearthly skins: the colour, in sRGB, that all of the head takes.
MATERIALS: dict[str, tuple[float, float, float]] = {
    "none": (0, 0, 0),
    "marble": (0.82, 0.81, 0.79),
    "bronze": (0.45, 0.29, 0.15),
    "gold": (0.83, 0.62, 0.22),
    "stone": (0.50, 0.48, 0.45),
    "blue": (0.22, 0.42, 0.72),
    "green": (0.33, 0.52, 0.22),
}


@dataclass(frozen=True)
class Appearance:
    """The colours of one head, as names and numbers.

    skins: (name of a skin texture, share), shares sum to 1. tone: a key of TONES; shade: CIE Lab offset from it.
    freckles, flush, stubble_on_scalp: 0 to 1. eyes: a key of EYES. brows: number of the eyebrow card, 1 to 12;
    brow_weight 0.4 (faint) to 1.6 (heavy). hair: a key of HAIR; own_hair: that of brows and beard; curls 0 to 1.
    beard, lips, make_up: of BEARDS, LIPS, MAKE_UP; material: a key of MATERIALS. seed: of the noise in hair, freckles
    and paint, the same for everybody unless one wants another: a painter that learns from these colours can learn a
    grain that always lies the same, where of many grains it learns their grey average.
    """

    skins: tuple[tuple[str, float], ...]
    tone: str = "light"
    shade: tuple[float, float, float] = (0.0, 0.0, 0.0)
    freckles: float = 0.0
    flush: float = 0.2
    stubble_on_scalp: float = 0.0
    eyes: str = "brown"
    brows: int = 1
    brow_weight: float = 1.0
    hair: str = "brown"
    own_hair: str = "brown"
    curls: float = 0.0
    beard: str = "none"
    lips: str = "natural"
    make_up: str = "none"
    material: str = "none"
    seed: int = 0


def sample_appearance(attributes: Attributes, rng: Generator, skins: Sequence[str]) -> Appearance:
    """Draw colours that suit the person: four in five natural ones, else make-up and materials, far more often than on
    a street, so that each is seen in training.

    skins: names of the skin textures at hand (their words, as in "old_darkskinned_male", say who they suit).
    """
    people = ancestry_of(attributes)
    male, child, old = attributes.gender < 0.5, attributes.age < 13, attributes.age >= 58
    tone = _pick(tuple(TONES), TONES_OF[people], rng)
    material = _pick(tuple(MATERIALS), (92, 1.6, 1, 1.2, 1.2, 1.5, 1.5), rng)
    make_up = _make_up(male, child, rng)
    own = _own_hair(people, old, rng)
    kind = rng.random()
    hair = str(rng.choice(DYED)) if kind < 0.1 else str(rng.choice(NATURAL)) if kind < 0.35 else own
    if make_up == "joker" and rng.random() < 0.9:
        hair = "green"
    if make_up == "clown" and rng.random() < 0.5:
        hair = str(rng.choice(["red", "blue", "green", "pink"]))
    if hair not in DYED and rng.random() < 0.93:
        own = hair
    light_eyed = people == "caucasian" or (people == "mixed" and rng.random() < 0.4) or rng.random() < 0.04
    bearded = male and attributes.age > 19 and rng.random() < (0.5 if make_up == "none" else 0.1)
    earthly = make_up in ("none", "natural", "smoky") and not child
    lips = _pick(LIPS, (97, 0, 3, 0) if male else (5, 1, 3, 0.8), rng) if earthly else "natural"
    return Appearance(
        skins=_mix_skins(attributes, tone, make_up, skins, rng),
        tone=tone,
        shade=tuple((rng.normal(size=3) * (1.3, 0.8, 1.0)).tolist()),
        freckles=float(rng.uniform(0.5, 1))
        if rng.random() < (0.15 if tone in ("pale", "fair", "light") else 0.0)
        else 0,
        flush=0.25 if rng.random() > 0.08 else 1.0,
        stubble_on_scalp=0.5 * float(rng.random() < 0.2),
        eyes=_pick(tuple(EYES), [shares[0 if light_eyed else 1] for shares in EYES.values()], rng),
        brows=int(rng.choice([4, 8, 9], p=(0.7, 0.15, 0.15)) if male else rng.choice([1, 4, 7], p=(0.7, 0.15, 0.15))),
        brow_weight=float(np.clip(rng.normal(1.1 if male else 0.95, 0.12), 0.6, 1.5)),
        hair=hair,
        own_hair=own,
        curls=0.8 if people == "african" else 0.0,
        beard=_pick(BEARDS[1:], (2, 1.5, 1.5, 3), rng) if bearded else "none",
        lips=lips,
        make_up=make_up if material == "none" else "none",
        material=material,
    )


def ancestry_of(attributes: Attributes) -> str:
    """african, asian, caucasian or mixed."""
    major = max(attributes.ancestry, key=lambda name: attributes.ancestry[name])
    return major if attributes.ancestry[major] > 0.6 and major in TONES_OF else "mixed"


def is_dark(tone: str) -> bool:
    """Whether a tone takes its detail from the dark skins."""
    return list(TONES).index(tone) >= list(TONES).index("brown")


def _make_up(male: bool, child: bool, rng: Generator) -> str:
    vain = (0, 0) if male or child else (8, 8)
    return _pick(MAKE_UP, (100, *vain, 5.5, 4, 2, 2, 1.3, 1.7), rng)


def _own_hair(people: str, old: bool, rng: Generator) -> str:
    if old and rng.random() < 0.85:
        return _pick(("grey", "white"), (1, 1), rng)
    return _pick(tuple(HAIR)[:7], _NATURAL_SHARES[people], rng)


def _mix_skins(
    attributes: Attributes, tone: str, make_up: str, skins: Sequence[str], rng: Generator
) -> tuple[tuple[str, float], ...]:
    """One skin, or two mixed, that suit the person's gender, age and tone best among those at hand."""
    age = "young" if attributes.age < 35 else "middleage" if attributes.age < 58 else "old"
    gender = "female" if attributes.gender >= 0.5 else "male"
    scores = np.array([_suits(name, gender, age, is_dark(tone), make_up) for name in skins])
    shares = np.exp(5 * (scores - scores.max()))
    first = int(rng.choice(len(skins), p=shares / shares.sum()))
    second = int(rng.choice(len(skins), p=shares / shares.sum()))
    share = float(rng.uniform(0.65, 1.0))
    if first == second or share > 0.92:
        return ((skins[first], 1.0),)
    return ((skins[first], share), (skins[second], 1 - share))


def _suits(name: str, gender: str, age: str, dark: bool, make_up: str) -> float:
    words = name.split("_")
    score = 2.0 * (("darkskinned" in words) == dark)
    score += 1.0 * (gender in words)
    score += 2.0 * (age in words) + 0.4 * ("middleage" in words)
    return score - 4.0 * ("special" in words and make_up != "smoky")


def _pick(names: Sequence[str], shares: Sequence[float] | Mapping[str, float], rng: Generator) -> str:
    p = np.array(list(shares), dtype=np.float64)
    return names[int(rng.choice(len(names), p=p / p.sum()))]
