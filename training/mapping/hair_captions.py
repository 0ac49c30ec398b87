"""Captions about hair, beards and brows, as core/text/hair_phrases.py takes them out of sentences, and what they ask
for: MLP_hair learns from every person beside every saying.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.random import Generator

from clip_head.core.text.hair_phrases import Spoken, spoken
from clip_head.core.text.hair_words import KINDS
from clip_head.core.text.phrases import FEATURE_LEADS
from clip_head.core.types import Floats
from clip_head.training.language.expressions import COLOURS
from clip_head.training.language.grooms import (
    ADJECTIVES,
    BALD,
    BEARD_GROOMS,
    BEARD_PHRASES,
    BROW_GROOMS,
    BROW_PHRASES,
    HAIR_GROOMS,
    HAIR_PHRASES,
    HELD_OUT,
    WEIGHTS,
    family_of,
)
from clip_head.training.language.hair_degrees import (
    COMPARED,
    COMPARED_ADVERBS,
    DEGREES,
    PARTS,
    WAYS,
    Degree,
    draw_degree,
)
from clip_head.training.language.sentences import HAIR
from clip_head.training.mapping.descriptions import draw_description, draw_sentence
from clip_head.training.mapping.people import default_person, implied
from clip_head.training.teacher.dataset import Attributes

#: Who is spoken of where nothing is said of them.
NOBODY = "a person"
#: Grooms of each of KINDS, in the order of MLP_hair's scores; the last of its probabilities is that of none.
GROOMS: dict[str, tuple[str, ...]] = dict(zip(KINDS, (HAIR_GROOMS, BEARD_GROOMS, BROW_GROOMS), strict=True))
#: Phrases of each of KINDS; those of none are named in _NONE.
_PHRASES = dict(zip(KINDS, (HAIR_PHRASES, BEARD_PHRASES, BROW_PHRASES), strict=True))
_NONE = (BALD, "none")
#: Styles with hardly any curl: what "straight hair" may be.
STRAIGHT = ("bob", "long", "short", "sidepart", "slicked", "ponytail", "fringe", "crewcut", "buzz", "hime", "bowl")
#: Strength -> the degree that is left when a style itself is said by it: "very long hair" is longer than long hair.
_LEFT = {"faint": -0.35, "plain": 0.0, "strong": 0.5, "extreme": 0.8}
#: Probability that a saying of hair names its colour alone, has degrees of no style, or makes a style by length or curl
#: alone; else it names a style.
_COLOUR_ALONE, _NO_STYLE, _BY_LENGTH = 0.06, 0.24, 0.24
#: Probability that such degrees are compared with those that the hair has: "longer hair".
_COMPARATIVE = 0.04
#: Probability of 0, 1 and 2 degrees beside a style.
_DEGREES_BESIDE = (0.4, 0.4, 0.2)
#: Probability of a colour, and of an adjective of the person ("a bearded man") instead of a phrase.
_COLOUR, _ADJECTIVE = 0.15, 0.1
#: How people are said to have it.
_FRAMES = ("a {who} with {what}", "{who} with {what}", "{what}", "a {who}, {what}", "a {who} who has {what}",
           "an old {who} with {what}", "a {who} wearing {what}", "a {who} has {what}")  # fmt: skip
_WHO = ("man", "woman", "person", "boy", "girl", "guy", "lady")
#: Age in years below which hair is rarely thin, and the factor of its probability then.
_THINNING_AGE, _THINNING_OF_YOUNG, _THIN = 35, 0.15, ("receding", "balding", "tonsure", "combover")
#: Share of any style alike in what people wear of whom nothing is said.
_ALIKE = 0.05


@dataclass(frozen=True)
class Saying:
    """What is said of one of KINDS, and what it asks for.

    text: the words; "" where only the rest of the sentence says it.
    kind: one of KINDS.
    styles: (S + 1,) probabilities of its grooms and of none; None: what suits the person.
    among: (S + 1,) 1 for grooms that may suit, where styles is None.
    degrees, known: (5,) of DEGREES, and 1 where the words settle them.
    part: Hairstyle.part, None where nothing is said.
    """

    text: str
    kind: str
    styles: Floats | None = None
    among: Floats | None = None
    degrees: Floats = field(default_factory=lambda: np.zeros(len(DEGREES), np.float32))
    known: Floats = field(default_factory=lambda: np.ones(len(DEGREES), np.float32))
    part: float | None = None


@dataclass(frozen=True)
class Wearer:
    """Who is spoken of, beside what is said.

    text: the words.
    kind: one of KINDS, of which nothing is said in it.
    styles: (S + 1,) probabilities of its grooms and of none.
    certain: whether the words settle them.
    """

    text: str
    kind: str
    styles: Floats
    certain: bool = False


def draw_captions(
    people: int, sayings: int, seed: int, held_out: bool | None = False
) -> tuple[list[Wearer], list[Saying]]:
    """Who is spoken of, and what is said.

    people: how many sentences about people without hair are drawn; each gives a wearer of every kind.
    sayings: how many of hair; of beards there are a third as many, of brows a quarter.
    seed: of all that is drawn.
    held_out: whether in words that are kept from training; None: in words of both kinds.
    """
    rng = np.random.default_rng([seed, 5 + bool(held_out)])
    wearers = [wearer for _ in range(people) for wearer in draw_wearers(rng)]
    drawn = [draw_hair(rng, held_out) for _ in range(sayings)]
    drawn += [draw_on_face("beard", rng, held_out) for _ in range(sayings // 3)]
    drawn += [draw_on_face("brows", rng, held_out) for _ in range(sayings // 4)]
    said = []
    for words, saying in drawn:
        parts = spoken(words)[saying.kind]
        if _lost(words, parts):
            continue
        if parts.said:
            said.append(replace(saying, text=parts.said))
        elif saying.styles is not None and parts.rest:  # "a head like Kojak"
            wearers.append(Wearer(parts.rest, saying.kind, saying.styles, True))
    return wearers, said


def _lost(words: str, parts: Spoken) -> bool:
    """Whether words of a sentence were taken for shapes of the face."""
    kept = set(f"{parts.said} {parts.rest}".replace(",", " ").split())
    lost = [word for word in words.lower().replace(",", " ").split() if word not in kept]
    return len([word for word in lost if word not in FEATURE_LEADS | {"a", "an", *_WHO}]) > 1


def draw_wearers(rng: Generator) -> list[Wearer]:
    """Somebody of whose hair nothing is said, as hair, beards and brows are drawn for.

    rng: draws the description and the words.
    """
    description = replace(draw_description(rng), style=None)
    parts = spoken(draw_sentence(description, rng, None))
    whole = implied(replace(description, beard=None), rng)
    bearded = replace(whole, beard=description.beard or whole.beard)
    hair = worn(default_person(bearded)) if whole.style is None else one_of("hair", whole.style)
    beard = one_of("beard", whole.beard or "none")
    rest = {kind: part.rest or NOBODY for kind, part in parts.items()}
    return [
        Wearer(rest["hair"], "hair", hair, whole.style is not None),
        Wearer(rest["beard"], "beard", beard, whole.beard is not None),
        Wearer(rest["brows"], "brows", one_of("brows", BROW_GROOMS[0])),
    ]


def draw_hair(rng: Generator, held_out: bool | None = False) -> tuple[str, Saying]:
    """A sentence about hair, and what it asks for.

    rng: draws all of it.
    held_out: whether in words that are kept from training; None: in words of both kinds.
    """
    number, beside = rng.random(), int(rng.choice(len(_DEGREES_BESIDE), p=_DEGREES_BESIDE))
    others = ["voluminous", "flat", "messy", "neat", "wet", "dry", *PARTS]
    if number < _COLOUR_ALONE:
        return framed(f"{rng.choice(COLOURS)} hair", rng), Saying("", "hair")
    if number < _COLOUR_ALONE + _COMPARATIVE:
        return _compared(rng)
    if number < _COLOUR_ALONE + _NO_STYLE:
        ways = [str(way) for way in rng.choice([*others, "straight"], 1 + (rng.random() < 0.3), replace=False)]
        degrees = _draw_all(ways, rng, held_out)
        among = None
        if "straight" in ways:
            among = np.array([family_of(name) in STRAIGHT for name in HAIR_GROOMS] + [False], np.float32)
        return _hair_with(degrees, rng), _asking(Saying("", "hair", None, among), degrees)
    if number < _COLOUR_ALONE + _NO_STYLE + _BY_LENGTH:
        return _by_length(rng, held_out, beside)
    family = str(rng.choice(list(HAIR_PHRASES)))
    if family in ADJECTIVES["hair"] and rng.random() < _ADJECTIVE:
        words = f"a {rng.choice(ADJECTIVES['hair'][family])} {rng.choice(_WHO)}"
        return words, Saying("", "hair", one_of("hair", family))
    phrase = _phrase(HAIR_PHRASES[family], rng, held_out)
    saying = _with_own(Saying("", "hair", one_of("hair", family)), phrase)
    if family == BALD:
        return framed(phrase, rng), saying
    ways = [str(way) for way in rng.choice([*others, *others, "long", "short", "wavy", "curly"], beside, replace=False)]
    degrees = _draw_all(ways, rng, held_out)
    return framed(said_of(_coloured(phrase, rng), degrees, rng), rng), _asking(saying, degrees)


def draw_on_face(kind: str, rng: Generator, held_out: bool | None = False) -> tuple[str, Saying]:
    """A sentence about a beard or brows, and what it asks for.

    kind: "beard" or "brows".
    rng: draws all of it.
    held_out: whether in words that are kept from training; None: in words of both kinds.
    """
    name = str(rng.choice(list(_PHRASES[kind])))
    saying = Saying("", kind, one_of(kind, name))
    if name in ADJECTIVES[kind] and rng.random() < _ADJECTIVE:
        return f"a {rng.choice(ADJECTIVES[kind][name])} {rng.choice(_WHO)}", saying
    phrase = _phrase(_PHRASES[kind][name], rng, held_out)
    if name not in _NONE and rng.random() < _COLOUR:
        phrase = _before(phrase, str(rng.choice(COLOURS)))
    if kind == "brows" and name not in (*_NONE, BROW_GROOMS[0]) and rng.random() < 0.2 and phrase.endswith("brows"):
        phrase = _before(phrase, str(rng.choice(["very", "slightly", "really", "extremely", "a bit"])))
    return framed(phrase, rng), saying


def one_of(kind: str, name: str) -> Floats:
    """Probabilities (S + 1,) of the grooms that a family has, all alike; those of none for what is called so.

    kind: one of KINDS.
    name: a key of its phrases.
    """
    named = [name == (family_of(groom) if kind == "hair" else groom) for groom in GROOMS[kind]]
    weights = np.array([*named, name in _NONE], np.float32)
    return np.asarray(weights / weights.sum(), np.float32)


def worn(person: Attributes) -> Floats:
    """Probabilities (S + 1,) of the hair of somebody of whose hair nothing is said.

    person: whose hair.
    """
    families = [*map(family_of, HAIR_GROOMS), BALD]
    alike = np.array([1.0 / families.count(family) for family in families])
    thin = _THINNING_OF_YOUNG if person.age < _THINNING_AGE else 1.0
    males, females = ("boys", "girls") if person.age < 13 else ("men", "women")
    by_gender = [(1 - person.gender) * WEIGHTS[f][males] + person.gender * WEIGHTS[f][females] for f in families]
    suited = alike * by_gender * [thin if family in _THIN else 1.0 for family in families]
    return np.asarray((1 - _ALIKE) * suited / suited.sum() + _ALIKE * alike / alike.sum(), np.float32)


def framed(what: str, rng: Generator) -> str:
    """A sentence about somebody who has it.

    what: a noun phrase.
    rng: draws the rest.
    """
    return str(rng.choice(_FRAMES)).format(who=rng.choice(_WHO), what=what)


def said_of(phrase: str, degrees: Sequence[Degree], rng: Generator) -> str:
    """A phrase for hair with its degrees.

    phrase: such as "a braid".
    degrees: what else is said.
    rng: draws the order.
    """
    before = [degree.words for degree in degrees if degree.before]
    after = [degree.words for degree in degrees if not degree.before]
    odd = phrase.startswith(("no ", "not ", "nothing ", "the ")) or "'s " in phrase or "like" in phrase.split()
    if before and (odd or rng.random() < 0.15):
        after += [str(rng.choice([f"that is {words}", words, f"and {words}"])) for words in before]
        before = []
    if before:
        phrase = _before(phrase, str(rng.choice([" ", ", ", " and "])).join(before))
    return ", ".join([phrase, *after]) if rng.random() < 0.3 else " ".join([phrase, *after])


def _compared(rng: Generator) -> tuple[str, Saying]:
    """A comparative, and what it asks for."""
    word, adverb = str(rng.choice(list(COMPARED))), str(rng.choice(list(COMPARED_ADVERBS)))
    name, value = COMPARED[word]
    degrees = np.zeros(len(DEGREES), np.float32)
    degrees[DEGREES.index(name)] = value * COMPARED_ADVERBS[adverb]
    words = f"{adverb}{word}"
    noun = word.split()[-1] in ("curls", "volume")
    frames = ("hair with {}", "{} in the hair") if noun else ("{} hair", "hair that is {}", "hair {}")
    return str(rng.choice(frames)).format(words), Saying("", "hair", degrees=degrees)


def _by_length(rng: Generator, held_out: bool | None, beside: int) -> tuple[str, Saying]:
    """A sentence about hair whose style is told by its length and curl alone: "slightly wavy hair"."""
    length = rng.choice(["long", "short", ""], p=[0.4, 0.35, 0.25])
    curl = rng.choice(["wavy", "curly", "straight", ""], p=[0.25, 0.25, 0.15, 0.35] if length else [0.5, 0.5, 0, 0])
    degrees = [draw_degree(str(way), rng, held_out) for way in (length, curl) if way]
    strength = {degree.way: degree.strength for degree in degrees}
    left = {way: _LEFT[how] for way, how in strength.items()}
    style, more = {"long": "long", "short": "short"}.get(str(length), "long"), {"length": 0.0, "curl": 0.0}
    if length:
        more["length"] = left[length] * (1 if length == "long" else -1)
    if curl in ("wavy", "curly"):
        style, more["curl"] = str(curl), left[curl]
        if length == "long" and curl == "curly":
            style = "longcurls"
        elif length:
            more["length"] += 0.35 if length == "long" else -0.45
    elif curl:
        more["curl"] = -STRENGTH_OF_STRAIGHT * (1 + left[curl])
    ways = [str(way) for way in rng.choice(["voluminous", "flat", "messy", "neat", "wet", "dry", *PARTS], beside)]
    others = _draw_all(list(dict.fromkeys(ways)), rng, held_out)
    saying = _asking(Saying("", "hair", one_of("hair", style)), others)
    values = saying.degrees.copy()
    for name, value in more.items():
        values[DEGREES.index(name)] = np.clip(value, -1, 1)
    return _hair_with([*degrees, *others], rng), replace(saying, degrees=values)


#: What plainly straight hair makes of the curl of a straight style.
STRENGTH_OF_STRAIGHT = 0.5


def _hair_with(degrees: Sequence[Degree], rng: Generator) -> str:
    """A sentence about hair with degrees: "a man with messy hair", "a woman whose hair is wet"."""
    order = [degrees[number] for number in rng.permutation(len(degrees))]
    if rng.random() < 0.2 and all(degree.before for degree in order):
        states = " and ".join(degree.words for degree in order)
        frame = ("a {} whose hair is {}", "a {}, his hair is {}", "a {} with hair that is {}", "a {}, hair {}")
        return str(rng.choice(frame)).format(rng.choice(_WHO), states)
    return framed(said_of(_coloured("hair", rng), order, rng), rng)


def _asking(saying: Saying, degrees: Sequence[Degree]) -> Saying:
    """The saying with what degrees ask for."""
    values, known, part = saying.degrees.copy(), saying.known.copy(), saying.part
    for degree in degrees:
        if degree.way in PARTS:
            part = degree.value
        else:
            row = DEGREES.index(WAYS[degree.way][0])
            values[row], known[row] = degree.value, 1.0
    return replace(saying, degrees=values, known=known, part=part)


def _with_own(saying: Saying, phrase: str) -> Saying:
    """The saying with the degrees that the phrase for its style has itself ("a messy bun"); its length and curl are
    the style's, and not to be learnt from such words."""
    values, known, part = saying.degrees.copy(), saying.known.copy(), saying.part
    words = set(re.findall(r"[a-z]+", phrase.lower()))
    for degree, plain in (("messiness", _MESSY), ("wetness", _WET), ("volume", _BIG)):
        if words & plain:
            values[DEGREES.index(degree)] = 0.6
    for degree, plain in (("length", _LENGTHS), ("curl", _CURLS), ("volume", _BIG)):
        if words & plain:
            known[DEGREES.index(degree)] = 0.0
    if words & {"parting", "part", "parted"}:
        sides = [value for name, value in PARTS.items() if words & {name, *_MIDDLE.get(name, ())}]
        part = sides[0] if len(sides) == 1 else None
    return replace(saying, degrees=values, known=known, part=part)


#: Words within phrases for styles that tell degrees.
_MESSY = {"messy", "tousled", "dishevelled", "unkempt", "uncombed", "wild", "scruffy", "bedhead", "unruly"}
_WET = {"wet", "damp", "soaked"}
_BIG = {"big", "huge", "thick", "voluminous", "teased", "thin", "thinning", "sleek", "flat"}
_LENGTHS = {"long", "short", "shoulder", "shoulders", "waist", "chin", "back", "cropped", "very", "hips", "length"}
_CURLS = {"straight", "wavy", "curly", "curls", "waves", "smooth", "sleek"}
_MIDDLE = {"middle": ("centre", "center")}


def _draw_all(ways: Sequence[str], rng: Generator, held_out: bool | None) -> list[Degree]:
    """Words for ways that do not contradict each other: of one degree, or of the part, the first counts."""
    found: dict[str, Degree] = {}
    for way in ways:
        found.setdefault("part" if way in PARTS else WAYS[way][0], draw_degree(way, rng, held_out))
    return list(found.values())


def _phrase(phrases: tuple[str, ...], rng: Generator, held_out: bool | None) -> str:
    """One of the phrases that are held out, or that are not; of those that are not where none is. The first ones, which
    are the plainest, are drawn more often."""
    chosen = [p for p in phrases if held_out is None or (p in HELD_OUT) == held_out]
    chosen = chosen or [p for p in phrases if p not in HELD_OUT]
    return str(rng.choice(chosen[:6] if not held_out and rng.random() < 0.25 else chosen))


def _coloured(phrase: str, rng: Generator) -> str:
    """A phrase for hair, at times with a colour in it."""
    if rng.random() > _COLOUR:
        return phrase
    coloured, count = HAIR.subn(f"{rng.choice(COLOURS)} hair", phrase, count=1)
    return coloured if count else _before(phrase, str(rng.choice(COLOURS)))


def _before(phrase: str, words: str) -> str:
    """A noun phrase with adjectives before it, its article in front."""
    first, _, rest = phrase.partition(" ")
    if first not in ("a", "an") or words.startswith("a "):
        return f"{words} {phrase if first not in ('a', 'an') else rest}"
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words} {rest}"
