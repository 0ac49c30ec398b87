"""The people whom descriptions ask for: their ages and ancestries, and what a name such as "a pirate" implies."""

from __future__ import annotations

from dataclasses import replace

from numpy.random import Generator

from clip_head.training.language.characters import CHARACTERS, Character
from clip_head.training.language.hair import BEARDS
from clip_head.training.language.people_phrases import ANCESTRIES
from clip_head.training.language.sentences import HeadDescription
from clip_head.training.teacher.base_mesh import RACES
from clip_head.training.teacher.dataset import Attributes
from clip_head.training.teacher.identities import describe

#: Age in years of a person of whom no age is said.
ADULT = 32
#: Ages that sentences speak of, in years (from, up to below), as ranges of which each has words of its own.
#: The last is of all ages, most of which are said in years.
AGES = ((4, 7), (6, 13), (13, 19), (19, 34), (28, 45), (40, 60), (62, 84), (80, 90), (1, 100))
#: Probability of each of these ranges: the old and children more than on a street, since they look most different.
AGE_PROBABILITIES = (0.1, 0.1, 0.08, 0.15, 0.07, 0.12, 0.17, 0.07, 0.14)
#: Probability that an ancestry is one of the three that prompts name most, and these; else all are as likely.
PLAIN_ANCESTRY, PLAIN_ANCESTRIES = 0.3, ("african", "asian", "caucasian")
#: Age in years below which nobody has a beard.
BEARDED = 18
#: Ages in years, from and to, that codes are made for: the teacher's youngest heads are 4, and below 2 its codes would
#: be guessed; above 90 its heads change no more.
AGE_LIMITS = (2.0, 90.0)
#: Probability that a character with a beard is said to have none ("a pirate without a beard").
_SHAVED_PROBABILITY = 0.12
#: Range of a character's ages, in years, up to which its name settles the age.
_SETTLED_AGES = 15


def as_character(description: HeadDescription, rng: Generator) -> HeadDescription:
    """The description, said of a character: what would contradict the name is not said.

    description: of anybody.
    rng: draws the character.
    """
    name = str(rng.choice(list(CHARACTERS)))
    character = CHARACTERS[name]
    grown = character.ages[0] >= BEARDED
    settled = character.gender in (0.0, 1.0)
    age, beard = description.age, description.beard
    if not grown or (age is not None and age < BEARDED):
        age = None
    woman = character.gender == 1.0 or description.gender == 1.0
    if woman or not grown:
        beard = None
    elif character.beards and rng.random() < _SHAVED_PROBABILITY:
        beard = "none"
    return replace(
        description,
        character=name,
        gender=None if settled else description.gender,
        age=age,
        ancestry=None if character.ancestry else description.ancestry,
        beard=beard,
    )


def implied(description: HeadDescription, rng: Generator) -> HeadDescription:
    """The description with all that its character's name implies, where it does not say otherwise itself.

    description: what is said.
    rng: draws one of the styles and beards that such people wear.
    """
    if description.character is None:
        return description
    character = CHARACTERS[description.character]
    gender = character.gender if description.gender is None else description.gender
    age = sum(character.ages) / 2 if description.age is None else description.age
    style, beard = description.style, description.beard
    if abs(gender - character.gender) < 0.5:  # a female pirate wears what women wear
        if style is None and character.styles:
            style = str(rng.choice(character.styles))
        if beard is None and character.beards and gender < 0.5 and age >= BEARDED:
            beard = str(rng.choice(character.beards))
    return replace(
        description,
        gender=gender,
        age=age,
        ancestry=description.ancestry or character.ancestry,
        weight=character.weight if description.weight is None else description.weight,
        shapes=_own_shapes(character, description) | description.shapes,
        style=style,
        beard=beard,
    )


def _own_shapes(character: Character, description: HeadDescription) -> dict[str, float]:
    """The character's shapes, without those of a part of the face ("nose") that the description speaks of itself."""
    spoken_of = {name.split("_")[0] for name in description.shapes}
    return {name: value for name, value in character.shapes.items() if name.split("_")[0] not in spoken_of}


def settled(description: HeadDescription) -> tuple[bool, bool, bool, bool]:
    """Whether the words settle gender, age, ancestry and weight, so that the seed hardly changes them.

    description: what is said.
    """
    said = [v is not None for v in (description.gender, description.age, description.ancestry, description.weight)]
    if description.character is not None:
        character = CHARACTERS[description.character]
        first, last = character.ages
        own = (character.gender in (0.0, 1.0), last - first <= _SETTLED_AGES, character.ancestry, character.weight)
        said = [by_words or own_value not in (None, False) for by_words, own_value in zip(said, own, strict=True)]
    gender, age, ancestry, weight = said
    return gender, age, ancestry, weight


def draw_ancestry(rng: Generator) -> str:
    """A key of ANCESTRIES.

    rng: draws it.
    """
    return str(rng.choice(PLAIN_ANCESTRIES if rng.random() < PLAIN_ANCESTRY else list(ANCESTRIES)))


def draw_age(rng: Generator) -> float:
    """An age in whole years, from AGES.

    rng: draws it.
    """
    low, high = AGES[rng.choice(len(AGES), p=AGE_PROBABILITIES)]
    return float(rng.integers(low, high))


def default_person(description: HeadDescription) -> Attributes:
    """The person without shapes that a description asks for: in all that it leaves open, an average one. Who has a
    beard is nearly a man.

    description: what is said.
    """
    gender = description.gender
    if gender is None:
        gender = 0.1 if description.beard in BEARDS else 0.5
    fractions = (1 / 3, 1 / 3, 1 / 3) if description.ancestry is None else ANCESTRIES[description.ancestry].fractions
    age = ADULT if description.age is None else min(max(description.age, AGE_LIMITS[0]), AGE_LIMITS[1])
    weight = 0.5 if description.weight is None else description.weight
    return describe(gender, age, dict(zip(RACES, fractions, strict=True)), weight, {})
