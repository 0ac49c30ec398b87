"""The phrases of a sentence that are about a feature of the face: "a big nose", "ears like a bat"."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from .split import Word, words_of

#: Words for parts of a head that have a shape, lower case: a list in JSON.
_NOUNS = Path(__file__).with_name("feature_nouns.json")
#: Words at which a new phrase begins, as after a comma or a full stop; most do not belong to it.
_LEADS = frozenset(("with", "and", "but", "who", "whose", "while", "wearing", "has", "have", "having", "also",
                    "he", "she", "they", "his", "her", "their"))  # fmt: skip
#: The same, of which what follows is denied.
_DENIALS = frozenset(("without", "not", "neither", "nor", "isn't", "hasn't", "doesn't"))
#: Words beside which a noun alone says nothing: "a nose", "the face".
_DETERMINERS = frozenset(("a", "an", "the", "its", "of", "in", "on"))


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
    """Take the phrases about features out of a sentence: stretches that hold a noun for a part of the head and words
    that describe it. What is denied stays in the rest, and so do adjectives that a comma parts from their noun.

    sentence: words for MLP_id.
    """
    phrases, rest = [], []
    for stretch in _stretches(sentence):
        texts = [word.text for word in stretch if word.text not in _LEADS]
        nouns = feature_nouns().intersection(texts)
        described = bool(set(texts) - nouns - _DETERMINERS)
        if nouns and described and not _DENIALS.intersection(texts):
            phrases.append(" ".join(texts))
        else:
            rest.append(sentence[stretch[0].start : stretch[-1].end])
    return Features(tuple(dict.fromkeys(phrases)), ", ".join(rest))


def _stretches(sentence: str) -> list[list[Word]]:
    """The words of a sentence, parted at commas, full stops, and where _LEADS and _DENIALS begin."""
    words = words_of(sentence)
    stretches = [words[:1]] if words else []
    for before, word in pairwise(words):
        parted = not sentence[before.end : word.start].isspace()
        begins = word.text in _LEADS | _DENIALS and before.text not in _LEADS | _DENIALS
        if parted or begins:
            stretches.append([])
        stretches[-1].append(word)
    return stretches
