"""Sentences about people: a description of a head is drawn first, then put into words of many phrasings; a sentence is
silent about all that the description leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from clip_head.core.types import Floats
from clip_head.training.language.ages import AgeWords, draw_age_words
from clip_head.training.language.characters import CHARACTERS
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
from clip_head.training.language.long_sentences import LONG, several_sentences
from clip_head.training.language.people_phrases import (
    ANCESTRIES,
    ANDROGYNOUS,
    GENDER_ADJECTIVES,
    NOUNS,
    WEIGHT_ADJECTIVES,
    WEIGHT_TRAITS,
)
from clip_head.training.language.shapes import SHAPE_WORDS
from clip_head.training.language.tables import PLAIN, Phrases
from clip_head.training.teacher.dataset import MAJORITY, Attributes
from clip_head.training.teacher.identities import SHAPES

# All probabilities here were chosen by hand, so that every way to say a thing is common enough to be learnt.

#: First words of phrases for an ancestry that follow the noun ("a man from Korea").
_ANCESTRY_AFTER_NOUN = ("half", "of ", "from ", "with ")
#: The word hair, and not "hairline" or "long-haired".
HAIR = re.compile(r"(?<![\w-])hair(?![\w-])")
#: What a sentence begins with, before the person; the empty ones make up six in ten.
_OPENINGS = ("a face of ", "face of ", "a portrait of ", "the head of ", "", "", "", "", "", "")
#: Values of Attributes.gender below which one says man and above which one says woman; in between neither.
_MALE, _FEMALE = 0.3, 0.7

#: Probability that a sentence begins with an article: prompts often lack it.
_ARTICLE_PROBABILITY = 0.85
#: Order of a sentence by one number drawn from 0 to 1: below the first value its parts are listed with commas; below
#: the second the expression follows the person at once; above, it comes last.
_COMMA_LIST_BELOW, _EXPRESSION_FIRST_BELOW = 0.2, 0.4
#: Probability that a person of whom only traits are described is not mentioned at all ("big ears and a small nose").
_NO_PERSON_PROBABILITY = 0.5
#: Probability that hair or a beard is said by an adjective ("bearded"), where there is one.
_HAIR_ADJECTIVE_PROBABILITY = 0.2
#: Probability that the weight is said by a trait ("with a double chin") instead of by an adjective.
_WEIGHT_TRAIT_PROBABILITY = 0.12
#: Probability that the gender is said by an adjective ("a female face") instead of by the noun.
_GENDER_ADJECTIVE_PROBABILITY = 0.08
#: Probability that a long description takes several sentences.
_SEVERAL_SENTENCES_PROBABILITY = 0.35
#: Number of features from which on all are said in the plainest words: the text tower reads 48 tokens.
_PLAIN_FROM = 5

#: describe_person: probability of mentioning 0, 1, ... 4 shapes.
_SHAPE_COUNT_PROBABILITIES = (0.25, 0.3, 0.25, 0.12, 0.08)
#: describe_person: probability that it mentions the gender, the age of a grown-up (children's is always mentioned), the
#: ancestry, an unusual weight, the hair style.
_GENDER_MENTIONED, _AGE_MENTIONED, _ANCESTRY_MENTIONED, _WEIGHT_MENTIONED, _STYLE_MENTIONED = 0.92, 0.7, 0.5, 0.4, 0.5
#: Distance of Attributes.weight from 0.5, above which a weight is unusual enough to be mentioned.
_UNUSUAL_WEIGHT = 0.28
#: person_sentence, where the caller leaves it open: probability of an aside, of an expression, and of the hair's colour
#: in a sentence that mentions the hair style.
_ASIDE_PROBABILITY, _EXPRESSION_PROBABILITY, _COLOUR_PROBABILITY = 0.3, 0.4, 0.6
#: Age in years below which thinning hair is rare, and the factor of its probability then.
_THINNING_AGE, _THINNING_OF_YOUNG = 35, 0.15
#: Probability that draw_style draws from all families alike, so that every style is seen on everybody.
_ANY_STYLE_PROBABILITY = 0.33


@dataclass(frozen=True)
class HeadDescription:
    """What a sentence says of a head; None or absent where it is silent.

    gender: 0 (male) to 1 (female).
    age: in years.
    ancestry: a name of ANCESTRIES.
    weight: 0 (thin) to 1 (heavy).
    shapes: name -> value, as in Attributes.
    style: a family of hair styles (a key of HAIR_WORDS), "bald" among them.
    beard: a key of BEARD_WORDS, "none" among them.
    character: a key of CHARACTERS; what it implies is not said.
    """

    gender: float | None = None
    age: float | None = None
    ancestry: str | None = None
    weight: float | None = None
    shapes: dict[str, float] = field(default_factory=dict)
    style: str | None = None
    beard: str | None = None
    character: str | None = None

    @property
    def features(self) -> int:
        """How many features are said, those of the person aside."""
        return len(self.shapes) + sum(value is not None for value in (self.weight, self.style, self.beard))


@dataclass
class _Parts:
    """The parts of a sentence while it is put together.

    adjectives: stand before the person ("big-nosed").
    traits: noun phrases that follow "with" ("a big nose").
    clauses: follow "whose" ("nose is big").
    """

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
    phrase: what to say of the expression; "" for nothing.
    colour: what to say of the hair's colour; "" for nothing.
    asides: noun phrases of anything else.
    held_out: False: only wordings that training may use. True: shapes in those that are kept from training, where there
        are some. None: shapes, hair and beards in wordings of both kinds.
    """
    parts = _Parts(traits=[aside.removeprefix("with ") for aside in asides])
    plainly = description.features >= _PLAIN_FROM
    for name, value in description.shapes.items():
        kind, words = shape_phrase(name, value, rng, held_out, plainly)
        {"trait": parts.traits, "adjective": parts.adjectives, "clause": parts.clauses}[kind].append(words)
    if description.weight is not None:
        _add_weight(description.weight, parts, rng)
    if description.style is not None:
        adjectives = HAIR_ADJECTIVES.get(description.style, ())
        words = _hair_phrase(HAIR_WORDS[description.style], adjectives, parts, rng, held_out, plainly)
        if words:
            parts.traits.append(words if description.style == "bald" else _with_colour(words, colour))
    elif colour:
        parts.traits.append(f"{colour} hair")
    if description.beard is not None:
        adjectives = BEARD_ADJECTIVES.get(description.beard, ())
        words = _hair_phrase(BEARD_WORDS[description.beard], adjectives, parts, rng, held_out, plainly)
        if words:
            parts.traits.append(words)
    rng.shuffle(parts.adjectives)
    rng.shuffle(parts.traits)
    if description.features >= LONG and rng.random() < _SEVERAL_SENTENCES_PROBABILITY:
        states, parts.adjectives = parts.adjectives, []
        person = _person_phrase(description, parts, rng)
        gender = _gender_class(description.gender)
        return several_sentences(person, gender, parts.traits, states, parts.clauses, phrase, rng)
    person = _person_phrase(description, parts, rng)
    return _compose(person, parts, phrase, description, rng)


def _compose(person: str, parts: _Parts, phrase: str, description: HeadDescription, rng: Generator) -> str:
    """Person "with" traits, "whose" clauses, and the phrase for the expression, in one of the usual orders."""
    traits, clauses = parts.traits, parts.clauses
    expression = [phrase] if phrase else []
    if not person:
        items = [_drop_article(trait, rng) for trait in traits]
        items += [f"{_possessive(description, rng)} {clause}" for clause in clauses] + expression
        return ", ".join(items) if rng.random() < 0.5 else _enumerate(items)
    article = "an" if person[0] in "aeiou" else "a"
    person = f"{article} {person}" if rng.random() < _ARTICLE_PROBABILITY else person
    text = str(rng.choice(_OPENINGS)) + person
    order = rng.random()
    if order < _COMMA_LIST_BELOW:
        items = [text, *(_drop_article(trait, rng) for trait in traits)]
        items += [f"{_possessive(description, rng)} {clause}" for clause in clauses]
        return ", ".join([*items, *expression])
    if phrase and order < _EXPRESSION_FIRST_BELOW:
        text, phrase = f"{text} {phrase}", ""
    if traits:
        link = str(rng.choice(["with", "with", "with", "with", "who has", "that has", "having"]))
        text += f" {link} {_enumerate(traits)}"
    if clauses:
        link = str(rng.choice(["whose", "whose", "and whose"] if traits else ["whose", "whose"]))
        text += f" {link} {_enumerate(clauses)}"
    return f"{text}, {phrase}" if phrase else text


def _enumerate(items: Sequence[str]) -> str:
    """The items, at least one, as "first, second and third"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _drop_article(noun_phrase: str, rng: Generator) -> str:
    """A noun phrase, half of the time without its "a" or "an"."""
    first, _, rest = noun_phrase.partition(" ")
    return rest if first in ("a", "an") and rng.random() < 0.5 else noun_phrase


def _possessive(description: HeadDescription, rng: Generator) -> str:
    """What stands before a clause ("his nose is big"): "his" or "her", or "the" in three of ten and for any gender."""
    gender = _gender_class(description.gender)
    pronoun = "his" if gender == 0 else "her" if gender == 1 else "the"
    return pronoun if rng.random() < 0.7 else "the"


def _add_weight(weight: float, parts: _Parts, rng: Generator) -> None:
    """Add an adjective for the weight, 0 to 1, to the parts, or now and then a trait."""
    sign, strength = (1 if weight > 0.5 else -1), 2 * abs(weight - 0.5)
    if rng.random() < _WEIGHT_TRAIT_PROBABILITY:
        parts.traits.append(str(rng.choice(WEIGHT_TRAITS[sign])))
        return
    parts.adjectives.append(f"{degree_adverb(strength, rng)} {_draw(WEIGHT_ADJECTIVES[sign], rng)}".strip())


def _hair_phrase(
    words: Phrases, adjectives: tuple[str, ...], parts: _Parts, rng: Generator, held_out: bool | None, plainly: bool
) -> str:
    """What follows "with" for a hair style or a beard; "" where an adjective for it was added to the parts instead."""
    if adjectives and rng.random() < _HAIR_ADJECTIVE_PROBABILITY:
        parts.adjectives.append(str(rng.choice(adjectives)))
        return ""
    phrases = words.plainest if plainly or rng.random() < PLAIN / 2 else words.all
    return str(rng.choice([phrase for phrase in phrases if held_out is None or phrase not in HELD_OUT_HAIR]))


def _with_colour(words: str, colour: str) -> str:
    """A phrase for hair with the colour in it, if any: "short red hair", "a bob of red hair"."""
    if not colour:
        return words
    coloured, count = HAIR.subn(f"{colour} hair", words, count=1)
    return coloured if count else f"{words} of {colour} hair"


def _draw(words: Phrases, rng: Generator) -> str:
    """One of the phrases; with probability PLAIN one of the plainest."""
    return str(rng.choice(words.plainest if rng.random() < PLAIN else words.all))


def _person_phrase(description: HeadDescription, parts: _Parts, rng: Generator) -> str:
    """Noun and adjectives for the person, without article; may add to the traits. At times "", where nothing is said of
    the person but traits or clauses."""
    has_traits = bool(parts.traits or parts.clauses)
    gender = _gender_class(description.gender)
    ancestry = _draw(ANCESTRIES[description.ancestry].words, rng) if description.ancestry else ""
    named = description.character is not None
    only_traits = gender is None and description.age is None and not (ancestry or parts.adjectives or named)
    if only_traits and has_traits and rng.random() < _NO_PERSON_PROBABILITY:
        return ""
    age = AgeWords()
    if description.age is not None:
        age = draw_age_words(description.age, gender, parts.traits, rng, noun=not named)
    noun = age.noun or (_noun(gender, rng) if description.character is None else _name(description, rng))
    after = ancestry if ancestry.startswith(_ANCESTRY_AFTER_NOUN) else ""
    adjectives = [*parts.adjectives, age.before] if rng.random() < 0.5 else [age.before, *parts.adjectives]
    before = [*adjectives, "" if after else ancestry]
    return " ".join(word for word in (*before, noun, age.after, after) if word)


def _name(description: HeadDescription, rng: Generator) -> str:
    """What the character of a description is called, with the gender where that is said."""
    name = str(rng.choice(CHARACTERS[str(description.character)].names))
    gender = _gender_class(description.gender)
    if gender not in (0, 1):
        return name
    return f"{rng.choice([('male', 'man'), ('female', 'woman')][gender])} {name}"


def _gender_class(gender: float | None) -> int | None:
    """0 for a man, 1 for a woman, 2 for neither, None where nothing is said."""
    return None if gender is None else 0 if gender < _MALE else 1 if gender > _FEMALE else 2


def _noun(gender: int | None, rng: Generator) -> str:
    """A noun for a grown-up; gender as _gender_class returns it."""
    if gender == 2:
        return str(rng.choice(ANDROGYNOUS))
    noun = _draw(NOUNS[gender], rng)
    if gender is not None and rng.random() < _GENDER_ADJECTIVE_PROBABILITY:
        noun = f"{rng.choice(GENDER_ADJECTIVES[gender])} {rng.choice(['person', 'face', 'head', 'adult'])}"
    return noun


def describe_person(person: Attributes, style: str, rng: Generator, most: int = 4) -> HeadDescription:
    """A few of the things that are true of a person, drawn at random.

    person: whom to describe.
    style: the hair style, as a name of the teacher dataset.
    rng: draws what is mentioned.
    most: how many shapes are mentioned at most.
    """
    shapes = person.seen or person.shapes
    candidates = [name for name, value in shapes.items() if abs(value) > FAINT and _has_words(name, value)]
    count = min(int(rng.choice(len(_SHAPE_COUNT_PROBABILITIES), p=_SHAPE_COUNT_PROBABILITIES)), most)
    mentioned = rng.permutation(np.array(candidates, dtype=object))[:count]
    major = max(person.ancestry, key=lambda race: person.ancestry[race])
    ancestry = major if person.ancestry[major] > MAJORITY else "mixed"
    unusual_weight = abs(person.weight - 0.5) > _UNUSUAL_WEIGHT
    return HeadDescription(
        gender=person.gender if rng.random() < _GENDER_MENTIONED else None,
        age=person.age if person.age < 18 or rng.random() < _AGE_MENTIONED else None,
        ancestry=ancestry if rng.random() < _ANCESTRY_MENTIONED else None,
        weight=person.weight if unusual_weight and rng.random() < _WEIGHT_MENTIONED else None,
        shapes={str(name): shapes[str(name)] for name in mentioned},
        style=style_family(style) if rng.random() < _STYLE_MENTIONED else None,
    )


def _has_words(name: str, value: float) -> bool:
    """Whether there are words for this shape, more of it (a positive value) or less."""
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

    person: whom to describe.
    style: the hair style, as a name of the teacher dataset.
    rng: draws what is mentioned, and the words.
    phrase: what to say of the expression, "" for nothing; None: one is drawn, or none.
    colour: the hair's colour, mentioned in some of the sentences that mention hair; None: one is drawn.
    asides: noun phrases of anything else; None: one is drawn, or none.
    """
    if asides is None:
        count = int(rng.random() < _ASIDE_PROBABILITY)
        asides = [str(aside) for aside in rng.choice(NEUTRAL_ASIDES, count, replace=False)]
    if phrase is None:
        phrase = draw_expression(rng)[1] if rng.random() < _EXPRESSION_PROBABILITY else ""
    description = describe_person(person, style, rng)
    mention_colour = description.style is not None and rng.random() < _COLOUR_PROBABILITY
    return sentence(description, rng, phrase, (colour or str(rng.choice(COLOURS))) if mention_colour else "", asides)


def style_probabilities(person: Attributes, styles: Sequence[str], typical: float = 1.0) -> npt.NDArray[np.float64]:
    """Probability (S,) that the person wears each of some styles; they sum to 1.

    person: whose hair.
    styles: S names of the teacher dataset.
    typical: 1 for how people like this one wear their hair, 0 for all families of styles alike, or in between.
    """
    families = [style_family(style) for style in styles]
    alike = np.array([1.0 / families.count(family) for family in families])
    thinning = _THINNING_OF_YOUNG if person.age < _THINNING_AGE else 1.0
    female = person.gender
    males, females = ("boys", "girls") if person.age < 13 else ("men", "women")
    by_gender = [
        (1 - female) * STYLE_WEIGHTS[family][males] + female * STYLE_WEIGHTS[family][females] for family in families
    ]
    suited = alike * by_gender * [thinning if family in ("receding", "balding") else 1.0 for family in families]
    return np.asarray(typical * suited / suited.sum() + (1 - typical) * alike / alike.sum())


def draw_style(person: Attributes, styles: Sequence[str], rng: Generator) -> str:
    """A style such as the person might wear; one in three is drawn from all families alike.

    person: whose hair.
    styles: names of the teacher dataset to draw from.
    rng: draws the style.
    """
    probabilities = style_probabilities(person, styles, 0.0 if rng.random() < _ANY_STYLE_PROBABILITY else 1.0)
    return styles[int(rng.choice(len(styles), p=probabilities))]


#: Names of the numbers of features(): evaluations read them back from heads to see what the words did.
FEATURES = ("female", "child", "young", "old", "african", "asian", "weight", *SHAPES)


def features(person: Attributes) -> Floats:
    """A person as numbers (K,), one per entry of FEATURES, each within about -1 to 1.

    person: whose features.
    """
    age = person.age
    # Piecewise linear: child is 1 at 4 years and 0 from 14 on; young is 1 at 25, 0 at birth and from 50 on; old is 0 up
    # to 40 and 1 at 90.
    ages = (max(0.0, (14 - age) / 10), max(0.0, (25 - abs(age - 25)) / 25), max(0.0, (age - 40) / 50))
    phenotype = (2 * person.gender - 1, *ages, person.ancestry["african"], person.ancestry["asian"], person.weight)
    return np.array([*phenotype, *((person.seen or person.shapes).get(name, 0.0) for name in SHAPES)], dtype=np.float32)
