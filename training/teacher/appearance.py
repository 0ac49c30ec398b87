"""What colours a head: skin, hair, eyes, brows, beard, lips, make-up, material; drawn at random to suit a person."""

from __future__ import annotations

from collections.abc import Sequence
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
#: How often tone and hair are drawn whatever the ancestry.
APART = 0.2
#: CIE Lab that an undertone adds.
UNDERTONES: dict[str, tuple[float, float, float]] = {
    "neutral": (0, 0, 0),
    "warm": (0, 0.7, 4.0),
    "cool": (0, 1.8, -3.8),
    "olive": (-1.5, -3.2, 3.0),
}
#: Hair colours in sRGB.
HAIR: dict[str, tuple[float, float, float]] = {
    "black": (0.055, 0.05, 0.05),
    "dark brown": (0.17, 0.105, 0.07),
    "brown": (0.30, 0.19, 0.11),
    "light brown": (0.45, 0.31, 0.19),
    "auburn": (0.36, 0.125, 0.065),
    "red": (0.62, 0.22, 0.07),
    "strawberry blond": (0.78, 0.50, 0.29),
    "blond": (0.80, 0.66, 0.40),
    "platinum": (0.93, 0.87, 0.72),
    "grey": (0.50, 0.50, 0.51),
    "silver": (0.70, 0.71, 0.73),
    "white": (0.89, 0.89, 0.88),
    "orange": (0.95, 0.45, 0.05),
    "green": (0.16, 0.50, 0.17),
    "turquoise": (0.10, 0.68, 0.68),
    "blue": (0.12, 0.26, 0.70),
    "pink": (0.90, 0.42, 0.63),
    "purple": (0.42, 0.18, 0.58),
}
DYED = ("orange", "green", "turquoise", "blue", "pink", "purple")
AGED = ("grey", "silver", "white")
NATURAL = tuple(name for name in HAIR if name not in DYED)
#: How often each colour grows on the young of an ancestry.
GROWN: dict[str, dict[str, float]] = {
    "african": {"black": 12, "dark brown": 4, "brown": 0.5},
    "asian": {"black": 12, "dark brown": 4, "brown": 0.7},
    "caucasian": {"black": 1.5, "dark brown": 4, "brown": 4, "light brown": 2.5, "auburn": 1.2, "red": 1.6,
                  "strawberry blond": 0.8, "blond": 4, "platinum": 0.5},
    "mixed": {"black": 6, "dark brown": 5, "brown": 2, "light brown": 0.4, "auburn": 0.2},
}  # fmt: skip
#: Irises, and how often each is drawn for light-eyed and dark-eyed people, rare ones more often than on a street; the
#: last four are of no human.
EYES: dict[str, tuple[float, float]] = {
    "blue": (5, 0.8),
    "bluegreen": (1, 0.2),
    "brown": (5, 10),
    "brownlight": (1.5, 0.8),
    "deepblue": (1, 0.2),
    "green": (3, 0.8),
    "grey": (2, 0.4),
    "ice": (0.8, 0.2),
    "lightblue": (1.3, 0.3),
    "hazel": (1.5, 0.6),
    "amber": (1, 0.6),
    "black": (0.3, 1.0),
    "red": (0.3, 0.3),
    "yellow": (0.3, 0.3),
    "white": (0.3, 0.3),
}
#: The texture that an iris is made of, and the sRGB colour that its ring takes.
IRISES: dict[str, tuple[str, tuple[float, float, float]]] = {
    "blue": ("blue", (0.20, 0.42, 0.72)),
    "bluegreen": ("bluegreen", (0.16, 0.54, 0.56)),
    "brown": ("brown", (0.29, 0.145, 0.06)),
    "brownlight": ("brownlight", (0.47, 0.27, 0.11)),
    "deepblue": ("deepblue", (0.10, 0.19, 0.56)),
    "green": ("green", (0.24, 0.47, 0.18)),
    "grey": ("grey", (0.47, 0.51, 0.55)),
    "ice": ("ice", (0.62, 0.78, 0.74)),
    "lightblue": ("lightblue", (0.42, 0.68, 0.90)),
    "hazel": ("green", (0.46, 0.36, 0.13)),
    "amber": ("brownlight", (0.74, 0.45, 0.08)),
    "black": ("brown", (0.07, 0.055, 0.05)),
    "red": ("brown", (0.74, 0.05, 0.05)),
    "yellow": ("brownlight", (0.93, 0.78, 0.10)),
    "white": ("ice", (0.90, 0.91, 0.92)),
}
TEXTURES = ("blue", "bluegreen", "brown", "brownlight", "deepblue", "green", "grey", "ice", "lightblue")
#: What the eyebrow cards look like. The twelfth differs left and right, and nobody wears it.
BROWS: dict[int, str] = {
    1: "soft", 2: "arched", 3: "arched", 4: "straight", 5: "slanted", 6: "thin", 7: "thin", 8: "thick", 9: "bushy",
    10: "soft", 11: "thin",
}  # fmt: skip
_BROWS_OF = {
    "man": {1: 1, 4: 6, 5: 0.8, 8: 3.5, 9: 2, 10: 1.5},
    "woman": {1: 4, 2: 1.2, 3: 2, 4: 2, 5: 0.7, 6: 1, 7: 1, 8: 0.6, 10: 2, 11: 0.7},
}
BEARDS = ("none", "stubble", "moustache", "goatee", "full", "long")
LIPS = ("natural", "pink", "red", "dark", "black", "purple")
#: Make-up, and how often it is drawn for a hundred people without any; the first few are worn day by day.
MAKE_UP_SHARES: dict[str, float] = {
    "none": 100,
    "natural": 7,
    "smoky": 5,
    "blue shadow": 3,
    "glitter": 2,
    "joker": 2.6,
    "clown": 2.4,
    "skull": 1.8,
    "zombie": 2.2,
    "football": 1.2,
    "tribal": 1.7,
    "goth": 2.0,
    "mime": 1.4,
    "vampire": 1.7,
    "cat": 1.3,
    "tiger": 1.2,
}
MAKE_UP = tuple(MAKE_UP_SHARES)
#: What leaves a face its own colours.
EVERYDAY = ("none", "natural", "smoky", "blue shadow", "glitter")
SCARS = ("none", "cheek", "eye", "forehead")
TATTOOS = ("none", "temple", "cheek", "teardrop", "chin")
#: Materials and unearthly skins: the colour, in sRGB, that all of the head takes, and how often of a thousand heads.
MATERIALS: dict[str, tuple[float, float, float]] = {
    "none": (0, 0, 0),
    "marble": (0.84, 0.83, 0.81),
    "bronze": (0.45, 0.29, 0.15),
    "gold": (0.83, 0.62, 0.22),
    "silver": (0.72, 0.73, 0.75),
    "clay": (0.63, 0.33, 0.21),
    "wood": (0.47, 0.29, 0.15),
    "stone": (0.46, 0.45, 0.43),
    "wax": (0.89, 0.79, 0.62),
    "porcelain": (0.95, 0.94, 0.93),
    "robot": (0.58, 0.61, 0.65),
    "blue": (0.22, 0.42, 0.72),
    "green": (0.33, 0.48, 0.20),
    "grey alien": (0.56, 0.59, 0.57),
    "green alien": (0.45, 0.72, 0.33),
    "red": (0.66, 0.09, 0.07),
    "elf": (0.93, 0.84, 0.79),
    "cartoon": (0.97, 0.78, 0.65),
}
_MATERIAL_SHARES = (915, 6, 5, 5, 4, 4, 4, 5, 4, 4, 7, 5, 7, 6, 5, 6, 6, 6)
#: Materials that hair, eyes and mouth do not take.
ALIVE = ("blue", "green", "grey alien", "green alien", "red", "elf", "cartoon")
ALIENS = ("grey alien", "green alien")


@dataclass(frozen=True)
class Appearance:
    """The colours of one head, as names and numbers.

    skins: (name of a skin texture, share), shares sum to 1. tone, undertone: keys of TONES, UNDERTONES; shade: CIE Lab
    offset from them. freckles, moles, blemishes, age_spots, sunburn, flush, stubble_on_scalp: 0 to 1. eyes: a key of
    EYES. brows: number of the eyebrow card, 1 to 12; brow_weight 0.4 (faint) to 1.6 (heavy). hair: a key of HAIR;
    hair_shade: CIE Lab offset from it; own_hair: the colour of brows and beard; curls 0 to 1. beard, lips, make_up,
    scar, tattoo: of BEARDS, LIPS, MAKE_UP, SCARS, TATTOOS; side: 1 where what is on one side only is on the person's
    left, -1 on the right. material: a key of MATERIALS. seed: of the noise in hair, freckles and paint, the same for
    everybody unless one wants another: a painter that learns from these colours can learn a grain that always lies
    the same, where of many grains it learns their grey average.
    """

    skins: tuple[tuple[str, float], ...]
    tone: str = "light"
    undertone: str = "neutral"
    shade: tuple[float, float, float] = (0.0, 0.0, 0.0)
    freckles: float = 0.0
    moles: float = 0.0
    blemishes: float = 0.0
    age_spots: float = 0.0
    sunburn: float = 0.0
    flush: float = 0.2
    stubble_on_scalp: float = 0.0
    eyes: str = "brown"
    brows: int = 1
    brow_weight: float = 1.0
    hair: str = "brown"
    hair_shade: tuple[float, float, float] = (0.0, 0.0, 0.0)
    own_hair: str = "brown"
    curls: float = 0.0
    beard: str = "none"
    lips: str = "natural"
    make_up: str = "none"
    scar: str = "none"
    tattoo: str = "none"
    side: int = 1
    material: str = "none"
    seed: int = 0


def sample_appearance(
    attributes: Attributes,
    rng: Generator,
    skins: Sequence[str],
    rare: float = 1.0,
    make_ups: Sequence[str] | None = None,
) -> Appearance:
    """Draw colours that suit the person: four in five natural ones, else make-up and materials, far more often than on
    a street, so that each is seen in training.

    skins: names of the skin textures at hand (their words, as in "old_darkskinned_male", say who they suit).
    rare: how many times as often as that one draws tones of another ancestry, make-up, scars and tattoos.
    make_ups: the kinds of make-up, "none" among them, that are drawn instead, one as often as the other.
    """
    people = ancestry_of(attributes)
    male, child, old = attributes.gender < 0.5, attributes.age < 13, attributes.age >= 58
    adult = attributes.age > 18
    # Now and then any tone with any hair, so that a painter does not learn to guess the one from the other.
    apart = rng.random() < rare * APART
    tone = _pick(tuple(TONES), (1,) * len(TONES) if apart else TONES_OF[people], rng)
    material = _pick(tuple(MATERIALS), _MATERIAL_SHARES, rng)
    make_up = "none"
    if material == "none":
        make_up = str(rng.choice(list(make_ups))) if make_ups else _make_up(attributes, rare, rng)
    plain = material == "none" and make_up in EVERYDAY
    hair, own = _hair(attributes, people, make_up, material, apart, rng)
    light = tone in ("pale", "fair", "light")
    skin = _blemishes(attributes, light, hair, rng) if material == "none" and make_up != "mime" else {}
    bearded = male and attributes.age > 19 and rng.random() < (0.5 if plain else 0.1) and material not in ALIENS
    earthly = plain and not child
    lips = _pick(LIPS, (85, 2, 4, 3, 3, 3) if male else (5, 1.3, 2.2, 1.3, 1.3, 1.3), rng) if earthly else "natural"
    dusk = (0.4, 0.6, 0.4, 1.4, 0.5, 0.7) if earthly and not male else None
    if make_up in ("smoky", "glitter", "blue shadow") and dusk and rng.random() < 0.5:
        lips = _pick(LIPS, dusk, rng)
    marked = plain and adult
    return Appearance(
        skins=_mix_skins(attributes, tone, make_up, skins, rng),
        tone=tone,
        undertone=_pick(tuple(UNDERTONES), (6, 1.5, 1.2, 1.2), rng),
        shade=tuple((rng.normal(size=3) * (1.3, 0.8, 1.0)).tolist()),
        **skin,  # type: ignore[arg-type]
        stubble_on_scalp=0.5 * float(rng.random() < 0.2 and material == "none"),
        eyes=_eyes(people, make_up, material, rng),
        brows=_brows(male, rng),
        brow_weight=float(np.clip(rng.normal(1.1 if male else 0.95, 0.12), 0.6, 1.5)),
        hair=hair,
        hair_shade=tuple((rng.normal(size=3) * (1.8, 0.8, 1.2)).tolist()),
        own_hair=own,
        curls=0.8 if people == "african" else 0.0,
        beard=_pick(BEARDS[1:], (2.8, 1.3, 1.3, 2.2, 1.3), rng) if bearded else "none",
        lips=lips,
        make_up=make_up,
        scar=_mark(SCARS, (93, 3, 2.5, 1.5) if male else (97, 1.3, 1.2, 0.5), rare, rng) if marked else "none",
        tattoo=_mark(TATTOOS, (93, 2.2, 1.8, 1.5, 1.5) if male else (96, 1, 1, 1, 1), rare, rng)
        if marked and not old
        else "none",
        side=1 if rng.random() < 0.75 else -1,
        material=material,
    )  # fmt: skip


def ancestry_of(attributes: Attributes) -> str:
    """african, asian, caucasian or mixed."""
    major = max(attributes.ancestry, key=lambda name: attributes.ancestry[name])
    return major if attributes.ancestry[major] > 0.6 and major in TONES_OF else "mixed"


def is_dark(tone: str) -> bool:
    """Whether a tone takes its detail from the dark skins."""
    return list(TONES).index(tone) >= list(TONES).index("brown")


def wears_make_up(attributes: Attributes) -> bool:
    """Whether this is a grown woman, who alone is painted in everyday make-up."""
    return attributes.gender >= 0.5 and attributes.age >= 13


def _make_up(attributes: Attributes, rare: float, rng: Generator) -> str:
    vain = rare if wears_make_up(attributes) else 0.0
    often = {"none": 1.0} | dict.fromkeys(EVERYDAY[1:], vain)
    shares = [share * often.get(name, rare) for name, share in MAKE_UP_SHARES.items()]
    return _pick(MAKE_UP, shares, rng)


def _mark(names: Sequence[str], shares: Sequence[float], rare: float, rng: Generator) -> str:
    return _pick(names, [shares[0], *(rare * share for share in shares[1:])], rng)


def _hair(
    attributes: Attributes, people: str, make_up: str, material: str, apart: bool, rng: Generator
) -> tuple[str, str]:
    """Colours of the hair and of brows and beard: what grows, or another one, which captions must then name. apart: any
    one."""
    own = _own_hair(people, attributes.age, rng)
    kind = rng.random()
    hair = str(rng.choice(DYED)) if kind < 0.1 else str(rng.choice(NATURAL)) if kind < 0.27 or apart else own
    if make_up == "joker":
        hair = "green" if rng.random() < 0.9 else hair
    elif make_up == "clown" and rng.random() < 0.6:
        hair = str(rng.choice(["red", "red", "orange", "blue", "green", "pink"]))
    elif (make_up in ("goth", "vampire") or material in ("green", "red")) and rng.random() < 0.6:
        hair = "black"
    elif material == "elf" and rng.random() < 0.6:
        hair = str(rng.choice(["blond", "platinum", "white"]))
    if hair not in DYED and rng.random() < 0.95:
        own = hair
    return hair, own


def _own_hair(people: str, age: float, rng: Generator) -> str:
    aged = float(np.clip((age - 42) / 16, 0, 1)) ** 2 * 0.93
    if rng.random() < aged:
        return _pick(AGED, (4, 2, 4 if age > 66 else 1), rng)
    return _pick(tuple(GROWN[people]), tuple(GROWN[people].values()), rng)


def _eyes(people: str, make_up: str, material: str, rng: Generator) -> str:
    light = people == "caucasian" or (people == "mixed" and rng.random() < 0.4) or rng.random() < 0.04
    shares = {name: both[0 if light else 1] for name, both in EYES.items()}
    if material in ALIENS:
        shares = {"black": 1.0}
    elif material == "red":
        shares = {"yellow": 2.0, "red": 1.0, "black": 0.5}
    elif material == "green":
        shares |= {"yellow": 5.0, "red": 1.0}
    elif material == "robot":
        shares = {"lightblue": 2.0, "red": 1.0}
    elif material == "blue":
        shares |= {"yellow": 4.0, "amber": 3.0}
    elif make_up == "vampire":
        shares |= {"red": 12.0}
    elif make_up == "zombie":
        shares |= {"white": 12.0}
    elif make_up in ("cat", "tiger"):
        shares |= {"yellow": 2.0, "green": 4.0}
    return _pick(tuple(shares), tuple(shares.values()), rng)


def _brows(male: bool, rng: Generator) -> int:
    shares = _BROWS_OF["man" if male else "woman"]
    return int(_pick([str(card) for card in shares], tuple(shares.values()), rng))


def _blemishes(attributes: Attributes, light: bool, hair: str, rng: Generator) -> dict[str, float]:
    """What is on the skin beside its tone. Age spots belong to the old; the rest is for captions to name."""
    age = attributes.age
    freckled = rng.random() < (0.4 if hair in ("red", "strawberry blond") else 0.13) * light
    moles, acne = rng.random() < 0.07, rng.random() < (0.12 if 12 <= age < 24 else 0.025)
    burnt, flushed = light and rng.random() < 0.05, rng.random() < 0.07
    spots = float(np.clip((age - 60) / 20, 0, 1)) * float(rng.uniform(0.3, 1.0))
    return {
        "freckles": float(rng.uniform(0.6, 1)) if freckled else 0.0,
        "moles": 1.0 if moles else 0.0,
        "blemishes": float(rng.uniform(0.7, 1)) if acne else 0.0,
        "age_spots": spots if age > 60 else 0.0,
        "sunburn": 1.0 if burnt else 0.0,
        "flush": 1.0 if flushed and not burnt else 0.25,
    }


def _mix_skins(
    attributes: Attributes, tone: str, make_up: str, skins: Sequence[str], rng: Generator
) -> tuple[tuple[str, float], ...]:
    """Up to three skins mixed that suit the person's gender, age and tone among those at hand."""
    age = "young" if attributes.age < 35 else "middleage" if attributes.age < 58 else "old"
    gender = "female" if attributes.gender >= 0.5 else "male"
    scores = np.array([_suits(name, gender, age, is_dark(tone), make_up) for name in skins])
    shares = np.exp(3 * (scores - scores.max()))
    drawn = rng.choice(len(skins), size=3, p=shares / shares.sum())
    parts = np.array([1.0, *rng.uniform(0, 0.45, 2)])
    mixed: dict[str, float] = {}
    for skin, part in zip(drawn, parts / parts.sum(), strict=True):
        if part > 0.06:
            mixed[skins[int(skin)]] = mixed.get(skins[int(skin)], 0.0) + float(part)
    total = sum(mixed.values())
    return tuple((name, part / total) for name, part in sorted(mixed.items(), key=lambda both: -both[1]))


def _suits(name: str, gender: str, age: str, dark: bool, make_up: str) -> float:
    words = name.split("_")
    score = 2.0 * (("darkskinned" in words) == dark)
    score += 1.0 * (gender in words)
    score += 2.0 * (age in words) + 0.4 * ("middleage" in words)
    return score - 4.0 * ("special" in words and make_up != "smoky")


def _pick(names: Sequence[str], shares: Sequence[float], rng: Generator) -> str:
    p = np.array(list(shares), dtype=np.float64)
    return names[int(rng.choice(len(names), p=p / p.sum()))]
