"""What colours a head: skin, hair, eyes, brows, beard, lips, make-up, material; drawn at random to suit a person.

The kinds of each, their colours and how often they are drawn stand in appearance.json. There "weight", or the number of
a kind for somebody, is how often it is drawn relative to the other kinds: far more evenly than on a street, so that
each is seen in training.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator

from clip_head.training.engine.tables import check_keys, load_table
from clip_head.training.teacher.dataset import Attributes

#: A colour: sRGB, each 0 to 1, or CIE Lab.
Colour = tuple[float, float, float]


def _entries(name: str, keys: Sequence[str], optional: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
    """The entries of one table of appearance.json, all of which have these keys."""
    entries: dict[str, dict[str, Any]] = _TABLE[name]
    for kind, entry in entries.items():
        check_keys(f"{kind} of {name} in appearance.json", entry, keys, optional)
    return entries


def _column(entries: Mapping[str, Mapping[str, Any]], key: str) -> dict[str, Any]:
    """Kind -> the value that it has for a key, of those that have it."""
    return {kind: entry[key] for kind, entry in entries.items() if key in entry}


#: The tables of appearance.json.
_TABLE = load_table(
    Path(__file__).with_name("appearance.json"),
    (
        "tones", "tone_weights", "undertones", "hair", "hair_weights", "hair_weights_of_the_aged", "eyes", "eyes_of",
        "brows", "beards", "lips", "make_up", "scars", "tattoos", "materials",
    ),
)  # fmt: skip
_UNDERTONES = _entries("undertones", ("lab", "weight"))
_HAIR = _entries("hair", ("srgb", "kind"))
_EYES = _entries("eyes", ("texture", "srgb", "light_eyed", "dark_eyed"))
_BROWS = _entries("brows", ("shape",), ("men", "women"))
_LIPS = _entries("lips", ("men", "women", "with_eye_make_up"))
_MAKE_UP = _entries("make_up", ("weight", "everyday"))
_SCARS = _entries("scars", ("men", "women"))
_TATTOOS = _entries("tattoos", ("men", "women"))
_MATERIALS = _entries("materials", ("srgb", "weight", "alive", "alien"))
check_keys("hair_weights_of_the_aged in appearance.json", _TABLE["hair_weights_of_the_aged"], ("until_66", "after_66"))

#: Skin tones from light to dark: CIE Lab of the face's middle.
TONES: dict[str, Colour] = _TABLE["tones"]
#: Ancestry -> tone -> weight.
TONE_WEIGHTS: dict[str, dict[str, float]] = _entries("tone_weights", tuple(TONES))
#: CIE Lab that an undertone adds.
UNDERTONES: dict[str, Colour] = _column(_UNDERTONES, "lab")
#: Hair colours in sRGB: those that grow, those of the aged, and dyes.
HAIR: dict[str, Colour] = _column(_HAIR, "srgb")
DYED = tuple(name for name, entry in _HAIR.items() if entry["kind"] == "dyed")
AGED = tuple(name for name, entry in _HAIR.items() if entry["kind"] == "aged")
NATURAL = tuple(name for name in HAIR if name not in DYED)
#: Ancestry -> hair colour -> weight among the young.
GROWN: dict[str, dict[str, float]] = _TABLE["hair_weights"]
#: Colours of eyes; the last four are of no human.
EYES = tuple(_EYES)
#: Colour of the eyes -> the texture that an iris is made of, and the sRGB colour that its ring takes.
IRISES: dict[str, tuple[str, Colour]] = {name: (entry["texture"], entry["srgb"]) for name, entry in _EYES.items()}
#: The textures among these.
TEXTURES = tuple(dict.fromkeys(texture for texture, _ in IRISES.values()))
#: Material or make-up -> what it does to the weights of eyes: "only" these, or these "more" (instead of their own).
_EYES_OF: dict[str, dict[str, dict[str, float]]] = _entries("eyes_of", (), ("only", "more"))
#: Number of an eyebrow card -> what it looks like. The twelfth differs left and right, and nobody wears it.
BROWS: dict[int, str] = {int(card): shape for card, shape in _column(_BROWS, "shape").items()}
#: Kinds of beards, lips, make-up, scars and tattoos.
BEARDS = ("none", *_TABLE["beards"])
LIPS = tuple(_LIPS)
MAKE_UP = tuple(_MAKE_UP)
SCARS = tuple(_SCARS)
TATTOOS = tuple(_TATTOOS)
#: Make-up that leaves a face its own colours.
EVERYDAY = tuple(name for name, entry in _MAKE_UP.items() if entry["everyday"])
#: Materials and unearthly skins: the sRGB colour that all of the head takes.
MATERIALS: dict[str, Colour] = _column(_MATERIALS, "srgb")
#: Materials that hair, eyes and mouth do not take.
ALIVE = tuple(name for name, entry in _MATERIALS.items() if entry["alive"])
ALIENS = tuple(name for name, entry in _MATERIALS.items() if entry["alien"])

#: Age in years below which a person is a child, whose lips are never painted.
_CHILD = 13
#: Ages in years above which people have scars and tattoos, and men beards.
_MARKED, _BEARDED = 18, 19
#: Ages in years from which skin textures called middle-aged and old suit a person.
_MIDDLE_AGED, _OLD = 35, 58
#: Probability that tone and hair are drawn whatever the ancestry, so that a painter does not learn to guess the one
#: from the other.
ANY_COLOUR = 0.2
#: Probability of a beard for men in their own colours, and for those in paint or of a material.
_BEARD, _BEARD_UNDER_PAINT = 0.5, 0.1
#: Make-up of the eyes with which half of the women change their lips, too.
_EYE_MAKE_UP = ("smoky", "glitter", "blue shadow")
#: Probability of dyed hair.
_DYE = 0.1
#: Probability of hair that is dyed or has any natural colour, instead of what grows.
_DYE_OR_NATURAL = 0.27
#: Probability that brows and beard have the colour of the hair, unless it is dyed.
_BROWS_AS_HAIR = 0.95
#: Age in years at which hair starts to grey, years until it greys no further, and the probability of grey then.
_GREYING, _GREYING_YEARS, _GREYED = 42, 16, 0.93
#: Age in years above which white hair is as likely as grey.
_WHITENING = 66
#: Probability of light eyes for people of mixed ancestry, and for those of any ancestry but caucasian.
_LIGHT_EYES_OF_MIXED, _LIGHT_EYES_OF_ANY = 0.4, 0.04
#: How sharply skins that suit somebody are preferred: the factor of _suits in an exponent.
_PREFERENCE = 3.0
#: The most that the second and third skin add to the first, relative to it, so that the first is recognised.
_ADDED_SKIN = 0.45
#: Weight of a skin below which it is left out: it would cost time and not be seen.
_LEAST_SKIN = 0.06


@dataclass(frozen=True)
class Appearance:
    """The colours of one head, as names and numbers.

    skins: (name of a skin texture, weight); weights sum to 1.
    tone, undertone: keys of TONES, UNDERTONES.
    shade: CIE Lab offset from them.
    freckles, moles, blemishes, age_spots, sunburn, flush, stubble_on_scalp: 0 to 1.
    eyes: one of EYES.
    brows: number of the eyebrow card, 1 to 12.
    brow_weight: 0.4 (faint) to 1.6 (heavy).
    hair: a key of HAIR.
    hair_shade: CIE Lab offset from it.
    own_hair: the colour of brows and beard, a key of HAIR.
    curls: 0 to 1.
    beard, lips, make_up, scar, tattoo: of BEARDS, LIPS, MAKE_UP, SCARS, TATTOOS.
    side: 1 where what is on one side only is on the person's left, -1 on the right.
    material: a key of MATERIALS.
    seed: of the noise in hair, freckles and paint, the same for everybody unless one wants another: a painter that
        learns from these colours can learn a grain that always lies the same, where of many grains it learns their
        grey average.
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

    attributes: the person.
    rng: draws them.
    skins: names of the skin textures at hand (their words, as in "old_darkskinned_male", say who they suit).
    rare: how many times as often as that one draws tones of another ancestry, make-up, scars and tattoos.
    make_ups: the kinds of make-up, "none" among them, that are drawn instead, one as often as the other.
    """
    people = ancestry_of(attributes)
    male, child, old = attributes.gender < 0.5, attributes.age < _CHILD, attributes.age >= _OLD
    sex = "men" if male else "women"
    any_colour = rng.random() < rare * ANY_COLOUR
    tone = _pick(dict.fromkeys(TONES, 1) if any_colour else TONE_WEIGHTS[people], rng)
    material = _pick(_column(_MATERIALS, "weight"), rng)
    make_up = "none"
    if material == "none":
        make_up = str(rng.choice(list(make_ups))) if make_ups else _make_up(attributes, rare, rng)
    plain = material == "none" and make_up in EVERYDAY
    hair, own = _hair(attributes, people, make_up, material, any_colour, rng)
    light = tone in ("pale", "fair", "light")
    skin = _blemishes(attributes, light, hair, rng) if material == "none" and make_up != "mime" else {}
    bearded = male and attributes.age > _BEARDED and rng.random() < (_BEARD if plain else _BEARD_UNDER_PAINT)
    bearded = bearded and material not in ALIENS
    lips = _lips(sex, make_up, rng) if plain and not child else "natural"
    marked = plain and attributes.age > _MARKED
    return Appearance(
        skins=_mix_skins(attributes, tone, make_up, skins, rng),
        tone=tone,
        undertone=_pick(_column(_UNDERTONES, "weight"), rng),
        shade=tuple((rng.normal(size=3) * (1.3, 0.8, 1.0)).tolist()),
        **skin,  # type: ignore[arg-type]
        stubble_on_scalp=0.5 * float(rng.random() < 0.2 and material == "none"),
        eyes=_eyes(people, make_up, material, rng),
        brows=int(_pick(_column(_BROWS, sex), rng)),
        brow_weight=float(np.clip(rng.normal(1.1 if male else 0.95, 0.12), 0.6, 1.5)),
        hair=hair,
        hair_shade=tuple((rng.normal(size=3) * (1.8, 0.8, 1.2)).tolist()),
        own_hair=own,
        curls=0.8 if people == "african" else 0.0,
        beard=_pick(_TABLE["beards"], rng) if bearded else "none",
        lips=lips,
        make_up=make_up,
        scar=_mark(_column(_SCARS, sex), rare, rng) if marked else "none",
        tattoo=_mark(_column(_TATTOOS, sex), rare, rng) if marked and not old else "none",
        side=1 if rng.random() < 0.75 else -1,
        material=material,
    )


def ancestry_of(attributes: Attributes) -> str:
    """african, asian, caucasian or mixed.

    attributes: the person.
    """
    major = max(attributes.ancestry, key=lambda name: attributes.ancestry[name])
    return major if attributes.ancestry[major] > 0.6 and major in TONE_WEIGHTS else "mixed"


def is_dark(tone: str) -> bool:
    """Whether a tone takes its detail from the dark skins.

    tone: a key of TONES.
    """
    return list(TONES).index(tone) >= list(TONES).index("brown")


def wears_make_up(attributes: Attributes) -> bool:
    """Whether this is a grown woman, who alone is painted in everyday make-up.

    attributes: the person.
    """
    return attributes.gender >= 0.5 and attributes.age >= _CHILD


def _make_up(attributes: Attributes, rare: float, rng: Generator) -> str:
    vain = rare if wears_make_up(attributes) else 0.0
    often = {"none": 1.0} | dict.fromkeys(EVERYDAY[1:], vain)
    return _pick({name: entry["weight"] * often.get(name, rare) for name, entry in _MAKE_UP.items()}, rng)


def _mark(weights: Mapping[str, float], rare: float, rng: Generator) -> str:
    """A kind of scar or tattoo, all but "none" `rare` times as often as weights say."""
    return _pick({name: weight if name == "none" else rare * weight for name, weight in weights.items()}, rng)


def _lips(sex: str, make_up: str, rng: Generator) -> str:
    lips = _pick(_column(_LIPS, sex), rng)
    if make_up in _EYE_MAKE_UP and sex == "women" and rng.random() < 0.5:
        return _pick(_column(_LIPS, "with_eye_make_up"), rng)
    return lips


def _hair(
    attributes: Attributes, people: str, make_up: str, material: str, any_colour: bool, rng: Generator
) -> tuple[str, str]:
    """Colours of the hair and of brows and beard: what grows, or another one, which captions must then name."""
    own = _own_hair(people, attributes.age, rng)
    kind = rng.random()
    hair = own
    if kind < _DYE:
        hair = str(rng.choice(DYED))
    elif kind < _DYE_OR_NATURAL or any_colour:
        hair = str(rng.choice(NATURAL))
    if make_up == "joker":
        hair = "green" if rng.random() < 0.9 else hair
    elif make_up == "clown" and rng.random() < 0.6:
        hair = str(rng.choice(["red", "red", "orange", "blue", "green", "pink"]))
    elif (make_up in ("goth", "vampire") or material in ("green", "red")) and rng.random() < 0.6:
        hair = "black"
    elif material == "elf" and rng.random() < 0.6:
        hair = str(rng.choice(["blond", "platinum", "white"]))
    if hair not in DYED and rng.random() < _BROWS_AS_HAIR:
        own = hair
    return hair, own


def _own_hair(people: str, age: float, rng: Generator) -> str:
    aged = float(np.clip((age - _GREYING) / _GREYING_YEARS, 0, 1)) ** 2 * _GREYED
    if rng.random() < aged:
        return _pick(_TABLE["hair_weights_of_the_aged"]["after_66" if age > _WHITENING else "until_66"], rng)
    return _pick(GROWN[people], rng)


def _eyes(people: str, make_up: str, material: str, rng: Generator) -> str:
    light = people == "caucasian" or (people == "mixed" and rng.random() < _LIGHT_EYES_OF_MIXED)
    light = light or rng.random() < _LIGHT_EYES_OF_ANY
    special = _EYES_OF.get(material, _EYES_OF.get(make_up, {}))
    weights = _column(_EYES, "light_eyed" if light else "dark_eyed") | special.get("more", {})
    return _pick(special.get("only", weights), rng)


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
    age = "young" if attributes.age < _MIDDLE_AGED else "middleage" if attributes.age < _OLD else "old"
    gender = "female" if attributes.gender >= 0.5 else "male"
    scores = np.array([_suits(name, gender, age, is_dark(tone), make_up) for name in skins])
    weights = np.exp(_PREFERENCE * (scores - scores.max()))
    drawn = rng.choice(len(skins), size=3, p=weights / weights.sum())
    parts = np.array([1.0, *rng.uniform(0, _ADDED_SKIN, 2)])
    mixed: dict[str, float] = {}
    for skin, part in zip(drawn, parts / parts.sum(), strict=True):
        if part > _LEAST_SKIN:
            mixed[skins[int(skin)]] = mixed.get(skins[int(skin)], 0.0) + float(part)
    total = sum(mixed.values())
    return tuple((name, part / total) for name, part in sorted(mixed.items(), key=lambda both: -both[1]))


def _suits(name: str, gender: str, age: str, dark: bool, make_up: str) -> float:
    """How well a skin texture suits somebody, by the words of its name; larger is better."""
    words = name.split("_")
    score = 2.0 * (("darkskinned" in words) == dark)
    score += 1.0 * (gender in words)
    score += 2.0 * (age in words) + 0.4 * ("middleage" in words)
    return score - 4.0 * ("special" in words and make_up != "smoky")


def _pick(weights: Mapping[str, float], rng: Generator) -> str:
    """One of the names, each as often as its weight says."""
    names = tuple(weights)
    p = np.array(list(weights.values()), dtype=np.float64)
    return names[int(rng.choice(len(names), p=p / p.sum()))]
