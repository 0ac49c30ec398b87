"""The phrases of a sentence that are about a feature of the face: "a big nose", "ears like a bat"."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .split import Word, things_of, words_of

#: Words for parts of a head that have a shape, lower case: a list in JSON.
_NOUNS = Path(__file__).with_name("feature_nouns.json")
#: Words that a phrase does not begin with, and words that deny what follows.
_LEADS = frozenset(("and", "but", "with", "who", "whose", "has", "have", "having", "while", "also"))
_DENIALS = frozenset(("without", "not", "neither", "nor", "isn't", "hasn't", "doesn't"))
#: Words beside which a noun alone says nothing: "a nose", "his face".
_DETERMINERS = frozenset(("a", "an", "the", "his", "her", "their", "its", "of", "in", "on"))


@dataclass(frozen=True)
class Features:
    """Parts of a sentence: its phrases about features, and the rest of it; either may be empty."""

    phrases: tuple[str, ...]
    rest: str


@cache
def feature_nouns() -> frozenset[str]:
    """What the file lists."""
    return frozenset(json.loads(_NOUNS.read_text(encoding="utf-8")))


def features_of(sentence: str) -> Features:
    """Take the phrases about features out of a sentence. A phrase is a thing of it (things_of) that holds a noun for a
    part of the head and words that describe it; what is denied is left in the rest, and so are adjectives that a comma
    parts from their noun.

    sentence: words for MLP_id.
    """
    words = words_of(sentence)
    things: list[list[Word]] = []
    for word, number in zip(words, things_of(sentence, words) if words else (), strict=True):
        if number == len(things):
            things.append([])
        things[-1].append(word)
    phrases, rest = [], []
    for thing in things:
        start = next((index for index, word in enumerate(thing) if word.text not in _LEADS), len(thing))
        texts = [word.text for word in thing[start:]]
        nouns = feature_nouns().intersection(texts)
        described = len(set(texts) - nouns - _DETERMINERS) > 0
        if nouns and described and not _DENIALS.intersection(texts):
            phrases.append(" ".join(texts))
        else:
            rest.append(sentence[thing[0].start : thing[-1].end])
    return Features(tuple(dict.fromkeys(phrases)), ", ".join(rest))
