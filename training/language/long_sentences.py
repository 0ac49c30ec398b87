"""Long descriptions: several sentences with pronouns ("This man has a big nose and thin lips. He wears a goatee.")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from numpy.random import Generator

#: Number of features from which on a description may take several sentences.
LONG = 4
#: Most features in one of its sentences.
_MOST_TOGETHER = 4
#: How a description begins, before the person without article.
_OPENINGS = ("This ", "This ", "The ", "A ", "this ", "the ", "a ", "A portrait of a ", "We see a ")
#: Gender (0 man, 1 woman, else neither) -> pronoun, verbs "to have" and "to be", possessive pronoun.
_GRAMMAR = {0: ("He", "has", "is", "His"), 1: ("She", "has", "is", "Her")}
_NEITHER = ("They", "have", "are", "Their")
#: What one wears as well as has.
_BEARD = re.compile(r"\b(?:beard|moustache|mustache|goatee|stubble)\b")
#: Phrases for expressions that follow "looks" or "is".
_LOOKS = re.compile(r"[a-z-]+(?<!ing)|(?:very|slightly|a bit) [a-z-]+(?<!ing)")
_IS = re.compile(r"[a-z-]+ing\b.*")


def several_sentences(
    person: str,
    gender: int | None,
    traits: Sequence[str],
    states: Sequence[str],
    clauses: Sequence[str],
    phrase: str,
    rng: Generator,
) -> str:
    """A description of the person in sentences of one to four features each.

    person: noun with its adjectives, without article; "" for a person of whom nothing is said.
    gender: 0 man, 1 woman, 2 neither, None where nothing is said.
    traits: noun phrases that follow "has".
    states: adjectives that follow "is".
    clauses: follow "his" or "her" ("nose is big").
    phrase: for the expression, as it follows a comma; "" for none.
    rng: draws the wording.
    """
    pronoun, has, is_, possessive = _GRAMMAR.get(-1 if gender is None else gender, _NEITHER)
    opening = str(rng.choice(_OPENINGS))
    person = person or "person"
    if opening.lower().endswith("a ") and person[0] in "aeiou":
        opening = opening[:-1] + "n "
    first, *rest = _groups(traits, rng) or [[]]
    link = " with " if opening.startswith(("A portrait", "We see")) else str(rng.choice([" has ", " has ", " with "]))
    sentences = [opening + person + (link + _enumerate(first) if first else "")]
    for group in rest:
        verb = str(rng.choice(["wears", "sports", has])) if _BEARD.search(group[0]) and pronoun != "They" else has
        also = "also " if rng.random() < 0.2 else ""
        sentences.append(f"{pronoun} {also}{verb} {_enumerate(group)}")
    sentences += [f"{pronoun} {is_} {_enumerate(group)}" for group in _groups(states, rng)]
    sentences += [f"{possessive} {_enumerate(group)}" for group in _groups(clauses, rng)]
    tail = ""
    if phrase and _LOOKS.fullmatch(phrase):
        sentences.append(f"{pronoun} {'look' if pronoun == 'They' else 'looks'} {phrase}")
    elif phrase and _IS.fullmatch(phrase):
        sentences.append(f"{pronoun} {is_} {phrase}")
    elif phrase:
        tail = f", {phrase}"
    return ". ".join(sentences) + tail + ("." if rng.random() < 0.7 else "")


def _groups(items: Sequence[str], rng: Generator) -> list[list[str]]:
    """The items in their order, one to _MOST_TOGETHER together."""
    groups: list[list[str]] = []
    rest = list(items)
    while rest:
        size = int(rng.integers(1, _MOST_TOGETHER + 1))
        groups.append(rest[:size])
        rest = rest[size:]
    return groups


def _enumerate(items: Sequence[str]) -> str:
    """The items, at least one, as "first, second and third"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
