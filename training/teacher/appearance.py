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
from clip_head.training.teacher.dataset import MAJORITY, Attributes

#: A colour: sRGB, each 0 to 1, or CIE Lab.
Colour = tuple[float, float, float]


def _entries(name: str, keys: Sequence[str], optional: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
    """The entries of one table of appearance.json, all of which have these keys."""
    entries: dict[str, dict[str, Any]] = _TABLE[name]
    for kind, entry in entries.items():
        check_keys(f"{kind} of {name} in appearance.json", entry, keys, optional)
    return entries


def _column(entries: Mapping[str, Mapping[str, Any]], key: str) -> dict[str, Any]:
    """Kind -> value of one key, of those kinds that have the key."""
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
#: Undertone -> CIE Lab that it adds to the tone.
UNDERTONES: dict[str, Colour] = _column(_UNDERTONES, "lab")
#: Hair colour -> sRGB: those that grow, those of the aged, and dyes.
HAIR: dict[str, Colour] = _column(_HAIR, "srgb")
#: Hair colours that are dyes, those of the aged (grey, white), and all but dyes.
DYED = tuple(name for name, entry in _HAIR.items() if entry["kind"] == "dyed")
AGED = tuple(name for name, entry in _HAIR.items() if entry["kind"] == "aged")
NATURAL = tuple(name for name in HAIR if name not in DYED)
#: Ancestry -> hair colour -> weight among the young.
GROWN: dict[str, dict[str, float]] = _TABLE["hair_weights"]
#: Colours of eyes; the last four are of no human.
EYES = tuple(_EYES)
#: Colour of the eyes -> the MakeHuman texture that gives the iris its grain, and the sRGB colour that it is tinted in.
IRISES: dict[str, tuple[str, Colour]] = {name: (entry["texture"], entry["srgb"]) for name, entry in _EYES.items()}
#: The MakeHuman iris textures in use.
TEXTURES = tuple(dict.fromkeys(texture for texture, _ in IRISES.values()))
#: Material or make-up -> eye colour -> weight, under "only": no other colours are drawn; or under "more": these weights
#: replace those of the same colours.
_EYES_OF: dict[str, dict[str, dict[str, float]]] = _entries("eyes_of", (), ("only", "more"))
#: Number of an eyebrow card -> what it looks like. The twelfth differs left and right, and nobody wears it.
BROWS: dict[int, str] = {int(card): shape for card, shape in _column(_BROWS, "shape").items()}
#: Names of the kinds of beards, lips, make-up, scars and tattoos, the one for nothing ("none", "natural") among them.
BEARDS = ("none", *_TABLE["beards"])
LIPS = tuple(_LIPS)
MAKE_UP = tuple(_MAKE_UP)
SCARS = tuple(_SCARS)
TATTOOS = tuple(_TATTOOS)
#: Make-up that leaves a face its own colours.
EVERYDAY = tuple(name for name, entry in _MAKE_UP.items() if entry["everyday"])
#: Materials and unearthly skins: the sRGB colour that all of the head takes.
MATERIALS: dict[str, Colour] = _column(_MATERIALS, "srgb")
#: Materials whose hair, eyes and mouth keep their own colours (as an elf's do, and a statue's do not).
ALIVE = tuple(name for name, entry in _MATERIALS.items() if entry["alive"])
#: Materials of aliens, who have black eyeballs and neither brows nor beard.
ALIENS = tuple(name for name, entry in _MATERIALS.items() if entry["alien"])

# All values below were chosen by hand, the probabilities so that the rarer kinds are seen often enough in training.

#: Age in years below which a person is a child, whose lips are never painted.
_CHILD = 13
#: Ages in years above which people may have scars and tattoos, and men beards.
_MARKED, _BEARDED = 18, 19
#: Ages in years from which skin textures called middle-aged and old suit a person.
_MIDDLE_AGED, _OLD = 35, 58
#: Probability that tone and hair are drawn whatever the ancestry, so that a painter does not learn to guess the one
#: from the other.
ANY_COLOUR = 0.2
#: Standard deviations in CIE Lab (L, a, b) of a person's shade of skin around tone and undertone, and of hair.
_SHADE_DEVIATION, _HAIR_SHADE_DEVIATION = (1.3, 0.8, 1.0), (1.8, 0.8, 1.2)
#: Probability of a beard for men in their own colours, and for those in paint or of a material.
_BEARD, _BEARD_UNDER_PAINT = 0.5, 0.1
#: Probability of stubble on the scalp, which shows on bald heads only, and its strength, 0 to 1.
_SCALP_STUBBLE, _SCALP_STUBBLE_STRENGTH = 0.2, 0.5
#: Mean weight of the eyebrows of men and of women, the standard deviation of either, and the limits.
_BROW_WEIGHT_OF_MEN, _BROW_WEIGHT_OF_WOMEN, _BROW_WEIGHT_DEVIATION, _BROW_WEIGHT_LIMITS = 1.1, 0.95, 0.12, (0.6, 1.5)
#: Appearance.curls of people of african ancestry; all others have none.
_AFRICAN_CURLS = 0.8
#: Probability that what lies on one side of the face lies on the person's left.
_LEFT_SIDE = 0.75
#: Make-up of the eyes, and the probability that a woman who wears it has lipstick to go with it.
_EYE_MAKE_UP, _LIPS_WITH_EYE_MAKE_UP = ("smoky", "glitter", "blue shadow"), 0.5
#: One number from 0 to 1 is drawn for the hair's colour: below the first it is dyed, below the second it is any natural
#: one; else it is what grows.
_DYED_BELOW, _ANY_NATURAL_BELOW = 0.1, 0.27
#: Probability that a joker's hair is green, and that clowns, goths, vampires, elves, ... have the hair of their kind.
_JOKER_HAIR, _COSTUME_HAIR = 0.9, 0.6
#: Probability that brows and beard have the colour of the hair, unless it is dyed.
_BROWS_AS_HAIR = 0.95
#: Age in years at which hair starts to grey, years until it greys no further, and the probability of grey then.
_GREYING, _GREYING_YEARS, _GREYED = 42, 16, 0.93
#: Age in years above which white hair is as likely as grey.
_WHITENING = 66
#: Probability of light eyes for people of mixed ancestry, and for those of any ancestry but caucasian.
_LIGHT_EYES_OF_MIXED, _LIGHT_EYES_OF_ANY = 0.4, 0.04
#: Probability of freckles on light skin, and the same with red or strawberry blond hair.
_FRECKLES, _FRECKLES_WITH_RED_HAIR = 0.13, 0.4
#: Probability of moles, of a sunburn of light skin, and of flushed cheeks.
_MOLES, _SUNBURN, _FLUSHED = 0.07, 0.05, 0.07
#: Probability of pimples within the ages of acne, in years, and at any other.
_PIMPLES_OF_YOUNG, _PIMPLES, _ACNE_AGES = 0.12, 0.025, (12, 24)
#: Age in years from which age spots grow, and years until they have grown.
_AGE_SPOTS_FROM, _AGE_SPOTS_YEARS = 60, 20
#: How sharply skins that suit somebody are preferred: the factor of _suitability in an exponent.
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
    shade: CIE Lab offset from these two.
    freckles, moles, blemishes, age_spots, sunburn, flush, stubble_on_scalp: strength of each, 0 to 1.
    eyes: one of EYES.
    brows: number of the eyebrow card, 1 to 12.
    brow_weight: 0.4 (faint) to 1.6 (heavy).
    hair: a key of HAIR.
    hair_shade: CIE Lab offset from it.
    own_hair: the colour of brows and beard, a key of HAIR.
    curls: 0 straight strands to 1 curls in the colour's grain.
    beard, lips, make_up, scar, tattoo: of BEARDS, LIPS, MAKE_UP, SCARS, TATTOOS.
    side: 1 where what is on one side only is on the person's left, -1 on the right.
    material: a key of MATERIALS.
    seed: of the noise in hair, freckles and paint. It is the same for everybody unless set: a painter that trains on
        these colours can learn one pattern of noise that never changes, but of many it would learn the blurred mean.
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
    rng: draws the colours.
    skins: names of the skin textures at hand (their words, as in "old_darkskinned_male", say whom they suit).
    rare: factor of the probabilities of tones of another ancestry, of make-up, scars and tattoos.
    make_ups: kinds of make-up ("none" may be among them), one of which is drawn evenly; None: drawn from all, by their
        weights.
    """
    ancestry = ancestry_of(attributes)
    male, child, old = attributes.gender < 0.5, attributes.age < _CHILD, attributes.age >= _OLD
    sex = "men" if male else "women"
    any_colour = rng.random() < rare * ANY_COLOUR
    tone = _pick(dict.fromkeys(TONES, 1) if any_colour else TONE_WEIGHTS[ancestry], rng)
    material = _pick(_column(_MATERIALS, "weight"), rng)
    make_up = "none"
    if material == "none":
        make_up = str(rng.choice(list(make_ups))) if make_ups else _make_up(attributes, rare, rng)
    own_colours = material == "none" and make_up in EVERYDAY
    hair, own_hair = _hair(attributes, ancestry, make_up, material, any_colour, rng)
    light = tone in ("pale", "fair", "light")
    skin = _skin_marks(attributes, light, hair, rng) if material == "none" and make_up != "mime" else {}
    bearded = male and attributes.age > _BEARDED and rng.random() < (_BEARD if own_colours else _BEARD_UNDER_PAINT)
    bearded = bearded and material not in ALIENS
    lips = _lips(sex, make_up, rng) if own_colours and not child else "natural"
    may_be_marked = own_colours and attributes.age > _MARKED
    brow_weight = _BROW_WEIGHT_OF_MEN if male else _BROW_WEIGHT_OF_WOMEN
    return Appearance(
        skins=_mix_skins(attributes, tone, make_up, skins, rng),
        tone=tone,
        undertone=_pick(_column(_UNDERTONES, "weight"), rng),
        shade=tuple((rng.normal(size=3) * _SHADE_DEVIATION).tolist()),
        **skin,  # type: ignore[arg-type]
        stubble_on_scalp=_SCALP_STUBBLE_STRENGTH * float(rng.random() < _SCALP_STUBBLE and material == "none"),
        eyes=_eyes(ancestry, make_up, material, rng),
        brows=int(_pick(_column(_BROWS, sex), rng)),
        brow_weight=float(np.clip(rng.normal(brow_weight, _BROW_WEIGHT_DEVIATION), *_BROW_WEIGHT_LIMITS)),
        hair=hair,
        hair_shade=tuple((rng.normal(size=3) * _HAIR_SHADE_DEVIATION).tolist()),
        own_hair=own_hair,
        curls=_AFRICAN_CURLS if ancestry == "african" else 0.0,
        beard=_pick(_TABLE["beards"], rng) if bearded else "none",
        lips=lips,
        make_up=make_up,
        scar=_mark(_column(_SCARS, sex), rare, rng) if may_be_marked else "none",
        tattoo=_mark(_column(_TATTOOS, sex), rare, rng) if may_be_marked and not old else "none",
        side=1 if rng.random() < _LEFT_SIDE else -1,
        material=material,
    )


def ancestry_of(attributes: Attributes) -> str:
    """The key of TONE_WEIGHTS for a person: african, asian, caucasian or mixed.

    attributes: the person.
    """
    major = max(attributes.ancestry, key=lambda name: attributes.ancestry[name])
    return major if attributes.ancestry[major] > MAJORITY and major in TONE_WEIGHTS else "mixed"


def is_dark(tone: str) -> bool:
    """Whether a tone is drawn with the skin textures of dark-skinned people: brown and all darker ones.

    tone: a key of TONES.
    """
    return list(TONES).index(tone) >= list(TONES).index("brown")


def wears_make_up(attributes: Attributes) -> bool:
    """Whether everyday make-up may be drawn for a person: for women who are no children.

    attributes: the person.
    """
    return attributes.gender >= 0.5 and attributes.age >= _CHILD


def _make_up(attributes: Attributes, rare: float, rng: Generator) -> str:
    """A kind of make-up, by the weights of the table; all but "none" `rare` times as often, everyday make-up on those
    alone who wear it. EVERYDAY begins with "none"."""
    everyday = rare if wears_make_up(attributes) else 0.0
    factors = {"none": 1.0} | dict.fromkeys(EVERYDAY[1:], everyday)
    return _pick({name: entry["weight"] * factors.get(name, rare) for name, entry in _MAKE_UP.items()}, rng)


def _mark(weights: Mapping[str, float], rare: float, rng: Generator) -> str:
    """A kind of scar or tattoo, all but "none" `rare` times as often as weights say."""
    return _pick({name: weight if name == "none" else rare * weight for name, weight in weights.items()}, rng)


def _lips(sex: str, make_up: str, rng: Generator) -> str:
    """A kind of lips. sex: "men" or "women"."""
    lips = _pick(_column(_LIPS, sex), rng)
    if make_up in _EYE_MAKE_UP and sex == "women" and rng.random() < _LIPS_WITH_EYE_MAKE_UP:
        return _pick(_column(_LIPS, "with_eye_make_up"), rng)
    return lips


def _hair(
    attributes: Attributes, ancestry: str, make_up: str, material: str, any_colour: bool, rng: Generator
) -> tuple[str, str]:
    """Colour of the hair, and of brows and beard: what grows, or another one, which captions must then name."""
    own_hair = _own_hair(ancestry, attributes.age, rng)
    number = rng.random()
    hair = own_hair
    if number < _DYED_BELOW:
        hair = str(rng.choice(DYED))
    elif number < _ANY_NATURAL_BELOW or any_colour:
        hair = str(rng.choice(NATURAL))
    if make_up == "joker":
        hair = "green" if rng.random() < _JOKER_HAIR else hair
    elif make_up == "clown" and rng.random() < _COSTUME_HAIR:
        hair = str(rng.choice(["red", "red", "orange", "blue", "green", "pink"]))
    elif (make_up in ("goth", "vampire") or material in ("green", "red")) and rng.random() < _COSTUME_HAIR:
        hair = "black"
    elif material == "elf" and rng.random() < _COSTUME_HAIR:
        hair = str(rng.choice(["blond", "platinum", "white"]))
    if hair not in DYED and rng.random() < _BROWS_AS_HAIR:
        own_hair = hair
    return hair, own_hair


def _own_hair(ancestry: str, age: float, rng: Generator) -> str:
    """The colour that grows on somebody: grey or white the likelier, the older, or else by the ancestry."""
    grey_probability = float(np.clip((age - _GREYING) / _GREYING_YEARS, 0, 1)) ** 2 * _GREYED
    if rng.random() < grey_probability:
        return _pick(_TABLE["hair_weights_of_the_aged"]["after_66" if age > _WHITENING else "until_66"], rng)
    return _pick(GROWN[ancestry], rng)


def _eyes(ancestry: str, make_up: str, material: str, rng: Generator) -> str:
    """A colour of the eyes."""
    light = ancestry == "caucasian" or (ancestry == "mixed" and rng.random() < _LIGHT_EYES_OF_MIXED)
    light = light or rng.random() < _LIGHT_EYES_OF_ANY
    exceptions = _EYES_OF.get(material, _EYES_OF.get(make_up, {}))
    weights = _column(_EYES, "light_eyed" if light else "dark_eyed") | exceptions.get("more", {})
    return _pick(exceptions.get("only", weights), rng)


def _skin_marks(attributes: Attributes, light: bool, hair: str, rng: Generator) -> dict[str, float]:
    """Field of Appearance -> strength of what is on the skin beside its tone. Age spots come with age; of all else one
    learns from captions alone. light: whether the tone is light."""
    age = attributes.age
    freckled = rng.random() < (_FRECKLES_WITH_RED_HAIR if hair in ("red", "strawberry blond") else _FRECKLES) * light
    youngest, oldest = _ACNE_AGES
    has_moles = rng.random() < _MOLES
    has_pimples = rng.random() < (_PIMPLES_OF_YOUNG if youngest <= age < oldest else _PIMPLES)
    burnt = light and rng.random() < _SUNBURN
    flushed = rng.random() < _FLUSHED
    age_spots = float(np.clip((age - _AGE_SPOTS_FROM) / _AGE_SPOTS_YEARS, 0, 1)) * float(rng.uniform(0.3, 1.0))
    return {
        "freckles": float(rng.uniform(0.6, 1)) if freckled else 0.0,
        "moles": 1.0 if has_moles else 0.0,
        "blemishes": float(rng.uniform(0.7, 1)) if has_pimples else 0.0,
        "age_spots": age_spots if age > _AGE_SPOTS_FROM else 0.0,
        "sunburn": 1.0 if burnt else 0.0,
        "flush": 1.0 if flushed and not burnt else 0.25,
    }


def _mix_skins(
    attributes: Attributes, tone: str, make_up: str, skins: Sequence[str], rng: Generator
) -> tuple[tuple[str, float], ...]:
    """Up to three skins that suit the person's gender, age and tone, with their weights, the largest first."""
    age = "young" if attributes.age < _MIDDLE_AGED else "middleage" if attributes.age < _OLD else "old"
    gender = "female" if attributes.gender >= 0.5 else "male"
    scores = np.array([_suitability(name, gender, age, is_dark(tone), make_up) for name in skins])
    odds = np.exp(_PREFERENCE * (scores - scores.max()))
    drawn = rng.choice(len(skins), size=3, p=odds / odds.sum())
    amounts = np.array([1.0, *rng.uniform(0, _ADDED_SKIN, 2)])
    weights: dict[str, float] = {}
    for skin, weight in zip(drawn, amounts / amounts.sum(), strict=True):
        if weight > _LEAST_SKIN:
            weights[skins[int(skin)]] = weights.get(skins[int(skin)], 0.0) + float(weight)
    total = sum(weights.values())
    return tuple((name, weight / total) for name, weight in sorted(weights.items(), key=lambda item: -item[1]))


def _suitability(name: str, gender: str, age: str, dark: bool, make_up: str) -> float:
    """How well a skin texture suits somebody, by the words of its name; larger is better. Tone and age count most;
    middle-aged skins suit all ages a little; those called "special" are kept for smoky make-up."""
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
