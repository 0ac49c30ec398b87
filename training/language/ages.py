"""How one says an age: in years ("a 7 year old girl", "in his mid-forties"), by a noun, an adjective, a trait."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from clip_head.training.language.people_phrases import (
    AGE_ADJECTIVES,
    AGE_NOUNS,
    AGE_TRAITS,
    DECADES,
    TENS,
    UNITS,
)
from clip_head.training.language.tables import PLAIN, Phrases

#: Probability that an age is said in years; else that it is said by a trait ("with wrinkles"), of people above 13; else
#: that it is said by the noun ("a pensioner") instead of by an adjective. Chosen by hand, as all here.
_IN_YEARS_PROBABILITY, _TRAIT_PROBABILITY, _NOUN_PROBABILITY = 0.3, 0.06, 0.45
#: Probability that years are written in figures, not in letters.
_FIGURES_PROBABILITY = 0.65
#: Probability that the years stand before the noun ("a 40-year-old man"), not after it ("a man of 40").
_BEFORE_PROBABILITY = 0.5
#: Probability that a decade is said instead of the year, of people in their twenties and older.
_DECADE_PROBABILITY = 0.3
#: First words of phrases for an age that follow the noun ("a man of advanced years").
_AFTER_NOUN = ("in ", "of ", "as ", "advanced ", "getting ", "no ", "not ", "past ", "on ", "bent ", "stricken ")
#: Ages in years below which somebody is a child, and from which on nobody is a boy or a girl.
_CHILD, _GROWN = 13, 18
#: Gender (0 man, 1 woman, else neither) -> what children are called, and the pronoun in "in his forties".
_CHILDREN = {0: ("boy", "boy", "boy", "lad", "kid"), 1: ("girl", "girl", "girl", "lass", "kid")}
_PRONOUNS = {0: "his", 1: "her"}


@dataclass(frozen=True)
class AgeWords:
    """Words for an age; those that are not used are empty.

    noun: says the age by itself ("pensioner"), or suits it ("boy").
    before: stands before the noun.
    after: stands after it.
    """

    noun: str = ""
    before: str = ""
    after: str = ""


def draw_age_words(age: float, gender: int | None, traits: list[str], rng: Generator, noun: bool = True) -> AgeWords:
    """Words for an age; what is said by a trait is added to the traits.

    age: in years.
    gender: 0 man, 1 woman, 2 neither, None where nothing is said.
    traits: noun phrases that follow "with".
    rng: draws the words.
    noun: whether a noun may say the age, since no other noun is wanted.
    """
    plain = rng.random() < PLAIN

    def candidates(words: Phrases) -> tuple[str, ...]:
        return words.plainest if plain else words.all

    nouns = [
        phrase
        for (low, high, gender_of_nouns), words in AGE_NOUNS.items()
        if noun and low <= age < high and gender_of_nouns == gender
        for phrase in candidates(words)
    ]
    adjectives = [
        adjective
        for (low, high), words in AGE_ADJECTIVES.items()
        if low <= age < high
        for adjective in candidates(words)
    ]
    if rng.random() < _IN_YEARS_PROBABILITY or not (nouns or adjectives):
        return age_in_years(round(age), gender, rng, noun)
    age_traits = [trait for (low, high), phrases in AGE_TRAITS.items() if low <= age < high for trait in phrases]
    if age_traits and age > _CHILD and rng.random() < _TRAIT_PROBABILITY:
        traits.append(str(rng.choice(age_traits)))
        return AgeWords()
    if nouns and (not adjectives or rng.random() < _NOUN_PROBABILITY):
        return AgeWords(noun=str(rng.choice(nouns)))
    adjective = str(rng.choice(adjectives))
    return AgeWords(after=adjective) if adjective.startswith(_AFTER_NOUN) else AgeWords(before=adjective)


def age_in_years(years: int, gender: int | None, rng: Generator, noun: bool = True) -> AgeWords:
    """Words that name the years, before or after the noun; that of a child is among them.

    years: the age.
    gender, rng, noun: as in draw_age_words.
    """
    own_noun = ""
    if noun and (years < _CHILD or (years < _GROWN and rng.random() < 0.5)):
        own_noun = str(rng.choice(_CHILDREN.get(-1 if gender is None else gender, ("child", "child", "kid"))))
    before = rng.random() < _BEFORE_PROBABILITY
    if years >= 20 and rng.random() < _DECADE_PROBABILITY:
        words = _decade(years, _PRONOUNS.get(-1 if gender is None else gender, "their"), before, rng)
        return AgeWords(own_noun, before=words) if before else AgeWords(own_noun, after=words)
    number = str(years) if rng.random() < _FIGURES_PROBABILITY else spelled(years)
    short = (f"{number} yo", f"{number}yo") if number.isdigit() else ()
    if before:
        return AgeWords(own_noun, before=str(rng.choice([f"{number}-year-old", f"{number} year old", *short])))
    ways = [f"{number} years old", f"aged {number}", f"of {number}", f"of {number} years", f"{number} years of age"]
    ways += [f"age {number}", f"at the age of {number}", f"who is {number}", f"who is {number} years old", *short]
    return AgeWords(own_noun, after=str(rng.choice(ways)))


def _decade(years: int, pronoun: str, before: bool, rng: Generator) -> str:
    """The decade, at times with its third: "in his late forties", "forty-something"."""
    decade, ten = DECADES[min(years, 99) // 10 - 1], TENS[min(years, 99) // 10 - 2]
    third = "early" if years % 10 < 4 else "mid" if years % 10 < 7 else "late"
    if before:
        return str(rng.choice([f"{ten}-something", f"{ten}something", f"{third}-{decade}", f"{third} {decade}"]))
    joined = f"mid-{decade}" if third == "mid" else f"{third} {decade}"
    return f"in {pronoun} {decade if rng.random() < 0.5 else joined}"


def spelled(years: int) -> str:
    """A number in letters: "forty-two".

    years: from 1 to 99.
    """
    if years <= len(UNITS):
        return UNITS[years - 1]
    ten, unit = divmod(years, 10)
    return f"{TENS[ten - 2]}-{UNITS[unit - 1]}" if unit else TENS[ten - 2]
