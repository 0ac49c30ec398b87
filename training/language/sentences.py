"""Sentences about people: a description of a head is drawn first, then put into words of many phrasings; a sentence is
silent about all that the description leaves open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from clip_head.core.types import Floats
from clip_head.training.language.degrees import FAINT, degree_adverb, shape_phrase
from clip_head.training.language.expressions import COLOURS, NEUTRAL_ASIDES, draw_expression
from clip_head.training.language.hair import (
    BEARD_ADJECTIVES,
    BEARD_WORDS,
    HAIR_ADJECTIVES,
    HAIR_WORDS,
    HELD_OUT_HAIR,
    STYLE_WEIGHTS,
    style_family,
)
from clip_head.training.language.people_phrases import (
    AGE_ADJECTIVES,
    AGE_NOUNS,
    AGE_TRAITS,
    ANCESTRIES,
    ANDROGYNOUS,
    DECADES,
    GENDER_ADJECTIVES,
    NOUNS,
    NUMBERS,
    WEIGHT_ADJECTIVES,
    WEIGHT_TRAITS,
)
from clip_head.training.language.shapes import SHAPE_WORDS
from clip_head.training.language.tables import Phrases
from clip_head.training.teacher.dataset import Attributes
from clip_head.training.teacher.identities import SHAPES

#: How often only the plainest phrases of an entry are drawn from: prompts use plain words most.
PLAIN = 0.5
#: First words of phrases for an age that stand behind the noun ("a man of advanced years").
_BEHIND = ("in ", "of ", "as ", "advanced ", "getting ", "no ", "not ", "past ", "on ", "bent ", "stricken ")
#: First words of phrases for an ancestry that stand behind the noun.
_ANCESTRY_BEHIND = ("half", "of ", "from ", "with ")
#: What a sentence begins with, before the person; the empty ones make up six in ten.
_OPENINGS = ("a face of ", "face of ", "a portrait of ", "the head of ", "", "", "", "", "", "")
#: Below and above these values of Attributes.gender one says man and woman; in between neither.
_MALE, _FEMALE = 0.3, 0.7


@dataclass(frozen=True)
class HeadDescription:
    """What a sentence says of a head; None or absent where it is silent.

    gender: 0 (male) to 1 (female).
    age: in years.
    ancestry: a name of ANCESTRIES.
    weight: 0 (thin) to 1 (heavy).
    shapes: name -> value, as in Attributes.
    style: a family of hair styles, or "bald".
    beard: a beard, or "none".
    """

    gender: float | None = None
    age: float | None = None
    ancestry: str | None = None
    weight: float | None = None
    shapes: dict[str, float] = field(default_factory=dict)
    style: str | None = None
    beard: str | None = None


@dataclass
class _Parts:
    """The parts of a sentence while it is put together: adjectives before the person, traits that follow "with",
    clauses that follow "whose"."""

    adjectives: list[str] = field(default_factory=list)
    traits: list[str] = field(default_factory=list)
    clauses: list[str] = field(default_factory=list)


def sentence(
    description: HeadDescription,
    rng: Generator,
    phrase: str = "",
    colour: str = "",
    asides: Sequence[str] = (),
    held_out: bool | None = False,
) -> str:
    """A sentence that says all of a description and nothing else of a head.

    description: what to say.
    rng: draws the words.
    phrase: what to say of the expression.
    colour: what to say of the hair's colour.
    asides: noun phrases of anything else.
    held_out: whether shapes are said in the wordings that are kept from training, where there are some; None: shapes,
        hair and beards in those and all others.
    """
    parts = _Parts(traits=[aside.removeprefix("with ") for aside in asides])
    for name, value in description.shapes.items():
        kind, words = shape_phrase(name, value, rng, held_out)
        {"trait": parts.traits, "adjective": parts.adjectives, "clause": parts.clauses}[kind].append(words)
    if description.weight is not None:
        _say_weight(description.weight, parts, rng)
    if description.style is not None:
        adjectives = HAIR_ADJECTIVES.get(description.style, ())
        words = _say_worn(HAIR_WORDS[description.style], adjectives, parts, rng, held_out)
        if words:
            parts.traits.append(words if description.style == "bald" else _coloured(words, colour))
    elif colour:
        parts.traits.append(f"{colour} hair")
    if description.beard is not None:
        adjectives = BEARD_ADJECTIVES.get(description.beard, ())
        words = _say_worn(BEARD_WORDS[description.beard], adjectives, parts, rng, held_out)
        if words:
            parts.traits.append(words)
    rng.shuffle(parts.adjectives)
    rng.shuffle(parts.traits)
    person = _person(description, parts, rng)
    return _composed(person, parts, phrase, description, rng)


def _composed(person: str, parts: _Parts, phrase: str, description: HeadDescription, rng: Generator) -> str:
    """person "with" traits, "whose" clauses, and the phrase for the expression, in one of the usual orders."""
    traits, clauses = parts.traits, parts.clauses
    ending = [phrase] if phrase else []
    if not person:
        loose = [*(_bare(t, rng) for t in traits), *(f"{_possessive(description, rng)} {c}" for c in clauses), *ending]
        return ", ".join(loose) if rng.random() < 0.5 else _joined(loose)
    article = "an" if person[0] in "aeiou" else "a"
    person = f"{article} {person}" if rng.random() < 0.85 else person
    text = str(rng.choice(_OPENINGS)) + person
    kind = rng.random()
    if kind < 0.2:
        listed = [text, *(_bare(t, rng) for t in traits)]
        listed += [f"{_possessive(description, rng)} {c}" for c in clauses]
        return ", ".join([*listed, *ending])
    if phrase and kind < 0.4:
        text, phrase = f"{text} {phrase}", ""
    if traits:
        joint = str(rng.choice(["with", "with", "with", "with", "who has", "that has", "having"]))
        text += f" {joint} {_joined(traits)}"
    if clauses:
        link = str(rng.choice(["whose", "whose", "and whose"] if traits else ["whose", "whose"]))
        text += f" {link} {_joined(clauses)}"
    return f"{text}, {phrase}" if phrase else text


def _joined(things: Sequence[str]) -> str:
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"


def _bare(thing: str, rng: Generator) -> str:
    """A noun phrase, half of the time without its article."""
    first, _, rest = thing.partition(" ")
    return rest if first in ("a", "an") and rng.random() < 0.5 else thing


def _possessive(description: HeadDescription, rng: Generator) -> str:
    own = {None: "the", 0: "his", 1: "her"}[None if description.gender is None else round(description.gender)]
    return own if rng.random() < 0.7 else "the"


def _say_weight(weight: float, parts: _Parts, rng: Generator) -> None:
    """Add an adjective for the weight to the parts, or now and then a trait."""
    end, strength = (1 if weight > 0.5 else -1), 2 * abs(weight - 0.5)
    if rng.random() < 0.12:
        parts.traits.append(str(rng.choice(WEIGHT_TRAITS[end])))
        return
    parts.adjectives.append(f"{degree_adverb(strength, rng)} {_word(WEIGHT_ADJECTIVES[end], rng)}".strip())


def _say_worn(words: Phrases, adjectives: tuple[str, ...], parts: _Parts, rng: Generator, held_out: bool | None) -> str:
    """What follows "with" for a hair style or a beard; "" where an adjective for it was added to the parts instead."""
    if adjectives and rng.random() < 0.2:
        parts.adjectives.append(str(rng.choice(adjectives)))
        return ""
    usual = words.plainest if rng.random() < PLAIN / 2 else words.all
    return str(rng.choice([phrase for phrase in usual if held_out is None or phrase not in HELD_OUT_HAIR]))


def _coloured(words: str, colour: str) -> str:
    """A phrase for hair with the colour in it, if any: "short red hair", "a bob of red hair"."""
    if not colour:
        return words
    return words.replace("hair", f"{colour} hair", 1) if " hair" in words else f"{words} of {colour} hair"


def _word(words: Phrases, rng: Generator) -> str:
    """One of the words, PLAIN of the time one of the plainest."""
    return str(rng.choice(words.plainest if rng.random() < PLAIN else words.all))


def _person(description: HeadDescription, parts: _Parts, rng: Generator) -> str:
    """Noun and adjectives for the person; may add to the traits. "" at times where something else is said and nothing
    of the person."""
    something = bool(parts.traits or parts.clauses)
    gender = _spoken_gender(description.gender)
    ancestry = _word(ANCESTRIES[description.ancestry].words, rng) if description.ancestry else ""
    only_shapes = gender is None and description.age is None and not ancestry and not parts.adjectives
    if only_shapes and something and rng.random() < 0.5:
        return ""
    noun, age = "", ""
    if description.age is not None:
        noun, age = _age(description.age, gender, parts.traits, rng)
    if not noun:
        noun = _noun(gender, rng)
    if age.startswith(_BEHIND):
        noun, age = f"{noun} {age}", ""
    if ancestry.startswith(_ANCESTRY_BEHIND):
        return " ".join([*parts.adjectives, age, noun, ancestry]).replace("  ", " ").strip()
    front = [*parts.adjectives, age] if rng.random() < 0.5 else [age, *parts.adjectives]
    return " ".join(word for word in (*front, ancestry, noun) if word)


def _spoken_gender(gender: float | None) -> int | None:
    """0 for a man, 1 for a woman, 2 for neither, None where nothing is said."""
    return None if gender is None else 0 if gender < _MALE else 1 if gender > _FEMALE else 2


def _noun(gender: int | None, rng: Generator) -> str:
    """A noun for a grown-up; gender as _spoken_gender has it."""
    if gender == 2:
        return str(rng.choice(ANDROGYNOUS))
    noun = _word(NOUNS[gender], rng)
    if gender is not None and rng.random() < 0.08:
        noun = f"{rng.choice(GENDER_ADJECTIVES[gender])} {rng.choice(['person', 'face', 'head', 'adult'])}"
    return noun


def _age(age: float, gender: int | None, traits: list[str], rng: Generator) -> tuple[str, str]:
    """(noun, adjective) for an age, one of them or both empty; may add to the traits."""
    if rng.random() < 0.18:
        return _age_in_years(round(age), gender, rng)
    plain = rng.random() < PLAIN

    def usual(words: Phrases) -> tuple[str, ...]:
        return words.plainest if plain else words.all

    nouns = [
        noun
        for (low, high, of), words in AGE_NOUNS.items()
        if low <= age < high and of == gender
        for noun in usual(words)
    ]
    adjectives = [word for (low, high), words in AGE_ADJECTIVES.items() if low <= age < high for word in usual(words)]
    features = [trait for (low, high), ways in AGE_TRAITS.items() if low <= age < high for trait in ways]
    if features and age > 13 and rng.random() < 0.06:
        traits.append(str(rng.choice(features)))
        return "", ""
    if nouns and (not adjectives or rng.random() < 0.45):
        return str(rng.choice(nouns)), ""
    return "", str(rng.choice(adjectives)) if adjectives else ""


def _age_in_years(years: int, gender: int | None, rng: Generator) -> tuple[str, str]:
    """(noun, adjective) that name the years, the noun empty where the adjective stands before any."""
    words = [f"{years}-year-old", f"{years} years old", f"aged {years}", f"{years}-years-old"]
    if years >= 20:
        own = {None: "their", 0: "his", 1: "her", 2: "their"}[gender]
        words += [f"in {own} {DECADES[min(years // 10, 8) - 1]}"]
    if years in NUMBERS:
        words += [f"{NUMBERS[years]}-year-old", f"{NUMBERS[years]} years old"]
    chosen = str(rng.choice(words))
    if chosen.endswith("-old"):
        return ("boy" if gender == 0 else "girl" if gender == 1 else "child") if years < 13 else "", chosen
    noun = _word(NOUNS[gender], rng) if gender in (None, 0, 1) else "person"
    return f"{noun} {chosen}", ""


def describe_person(person: Attributes, style: str, rng: Generator, most: int = 4) -> HeadDescription:
    """A few of the things that are true of a person, drawn at random.

    person: of whom they are true.
    style: the hair style, as a name of the teacher dataset.
    rng: draws what is said.
    most: of how many shapes the description speaks at most.
    """
    spoken = [name for name, value in person.shapes.items() if abs(value) > FAINT and _has_words(name, value)]
    count = min(int(rng.choice(5, p=[0.25, 0.3, 0.25, 0.12, 0.08])), most)
    shapes = {str(name): person.shapes[str(name)] for name in rng.permutation(np.array(spoken, dtype=object))[:count]}
    major = max(person.ancestry, key=lambda race: person.ancestry[race])
    ancestry = major if person.ancestry[major] > 0.6 else "mixed"
    heavy = abs(person.weight - 0.5) > 0.28
    return HeadDescription(
        gender=person.gender if rng.random() < 0.92 else None,
        age=person.age if person.age < 18 or rng.random() < 0.7 else None,
        ancestry=ancestry if rng.random() < 0.5 else None,
        weight=person.weight if heavy and rng.random() < 0.4 else None,
        shapes=shapes,
        style=style_family(style) if rng.random() < 0.5 else None,
    )


def _has_words(name: str, value: float) -> bool:
    return (name, 1 if value > 0 else -1) in SHAPE_WORDS


def person_sentence(
    person: Attributes,
    style: str,
    rng: Generator,
    phrase: str | None = None,
    colour: str | None = None,
    asides: Sequence[str] | None = None,
) -> str:
    """A sentence that is true of the person and the hair style.

    person: of whom it is true.
    style: the hair style, as a name of the teacher dataset.
    rng: draws what is said and the words.
    phrase: what to say of the expression; None: anything.
    colour: what to say of the hair's colour, where hair is spoken of; None: any.
    asides: noun phrases of anything else; None: any.
    """
    if asides is None:
        asides = [str(a) for a in rng.choice(NEUTRAL_ASIDES, int(rng.random() < 0.3), replace=False)]
    if phrase is None:
        phrase = draw_expression(rng)[1] if rng.random() < 0.4 else ""
    description = describe_person(person, style, rng)
    coloured = description.style is not None and rng.random() < 0.6
    return sentence(description, rng, phrase, (colour or str(rng.choice(COLOURS))) if coloured else "", asides)


def style_probabilities(person: Attributes, styles: Sequence[str], typical: float = 1.0) -> npt.NDArray[np.float64]:
    """How likely the person wears each of some styles (S,).

    person: who wears them.
    styles: S names of the teacher dataset.
    typical: 1 for how people like this one wear their hair, 0 for all families of styles alike, or in between.
    """
    families = [style_family(style) for style in styles]
    even = np.array([1.0 / families.count(family) for family in families])
    thin = 0.15 if person.age < 35 else 1.0
    woman = person.gender
    male, female = ("boys", "girls") if person.age < 13 else ("men", "women")
    weights = [(1 - woman) * STYLE_WEIGHTS[family][male] + woman * STYLE_WEIGHTS[family][female] for family in families]
    worn = even * weights * [thin if family in ("receding", "balding") else 1.0 for family in families]
    return np.asarray(typical * worn / worn.sum() + (1 - typical) * even / even.sum())


def draw_style(person: Attributes, styles: Sequence[str], rng: Generator) -> str:
    """A style such as the person might wear; one in three is drawn from all families alike.

    person: who wears it.
    styles: names of the teacher dataset to draw from.
    rng: draws it.
    """
    probabilities = style_probabilities(person, styles, 0.0 if rng.random() < 0.33 else 1.0)
    return styles[int(rng.choice(len(styles), p=probabilities))]


#: Features that one reads off heads to see what words did.
FEATURES = ("female", "child", "young", "old", "african", "asian", "weight", *SHAPES)


def features(person: Attributes) -> Floats:
    """A person as numbers (K,), one per entry of FEATURES, each within about -1 to 1.

    person: whose features.
    """
    age = person.age
    ages = (max(0.0, (14 - age) / 10), max(0.0, (25 - abs(age - 25)) / 25), max(0.0, (age - 40) / 50))
    phenotype = (2 * person.gender - 1, *ages, person.ancestry["african"], person.ancestry["asian"], person.weight)
    return np.array([*phenotype, *(person.shapes.get(name, 0.0) for name in SHAPES)], dtype=np.float32)
