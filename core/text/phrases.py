"""The phrases of a sentence: about features of the face ("a big nose", "ears like a bat"), and about its expression
("eyes closed", "not smiling"). A sentence's embedding is about a mean over its words, so each is mapped alone, too."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from .hair_words import feature_nouns
from .split import Word, words_of

#: Words at which a new phrase begins, as after a comma or a full stop, and which do not belong to it: in sentences
#: about a person, and about an expression.
_LEADS = {"with", "and", "but", "who", "whose", "while", "has", "have", "having", "also", "he", "she", "they"}
FEATURE_LEADS, _EXPRESSION_LEADS = _LEADS | {"wearing", "his", "her", "their"}, _LEADS | {"is", "are"}
#: Words at which a phrase begins that says what is not so. "No earlobes" is a shape, "no smile" no expression.
_FEATURE_DENIALS = {"without", "not", "neither", "nor", "isn't", "hasn't", "doesn't"}
_EXPRESSION_DENIALS = _FEATURE_DENIALS | {"no", "never"}
#: Words that belong to the phrase before them: tears are of sorrow or of laughter.
_TEARS = {"tears", "tear", "tearful", "teary"}
#: Words beside which a noun alone says nothing: "a nose", "the face".
_DETERMINERS = frozenset(("a", "an", "the", "its", "of", "in", "on"))


@dataclass(frozen=True)
class Features:
    """Parts of a sentence: its phrases about features, and the rest of it; either may be empty."""

    phrases: tuple[str, ...]
    rest: str


@dataclass(frozen=True)
class Expressions:
    """The phrases of an expression, and whether each says what is not done."""

    phrases: tuple[str, ...]
    denied: tuple[bool, ...]


def features_of(sentence: str) -> Features:
    """Take the phrases about features out of a sentence: stretches that hold a noun for a part of the head and words
    that describe it. What is denied stays in the rest, and so do adjectives that a comma parts from their noun.

    sentence: words for MLP_id.
    """
    phrases, rest = [], []
    for stretch in stretches(sentence, FEATURE_LEADS | _FEATURE_DENIALS):
        texts = [word.text for word in stretch if word.text not in FEATURE_LEADS]
        nouns = feature_nouns().intersection(texts)
        described = bool(set(texts) - nouns - _DETERMINERS)
        if nouns and described and not _FEATURE_DENIALS.intersection(texts):
            phrases.append(" ".join(texts))
        else:
            rest.append(sentence[stretch[0].start : stretch[-1].end])
    return Features(tuple(dict.fromkeys(phrases)), ", ".join(rest))


def expressions_of(sentence: str) -> Expressions:
    """The phrases of an expression in words.

    sentence: words for MLP_exp.
    """
    phrases: list[list[str]] = []
    for stretch in stretches(sentence, _EXPRESSION_LEADS | _EXPRESSION_DENIALS):
        texts = [word.text for word in stretch]
        asked = [text for text in texts if text not in _EXPRESSION_LEADS]
        if phrases and _TEARS.intersection(asked) and not _EXPRESSION_DENIALS.intersection([asked[0], phrases[-1][0]]):
            phrases[-1] += texts
        elif asked:
            phrases.append(asked)
    return Expressions(tuple(map(" ".join, phrases)), tuple(texts[0] in _EXPRESSION_DENIALS for texts in phrases))


def stretches(sentence: str, starts: set[str]) -> list[list[Word]]:
    """The words of a sentence, parted at commas and full stops, and where words of `starts` begin."""
    words = words_of(sentence)
    parts = [words[:1]] if words else []
    for before, word in pairwise(words):
        parted = not sentence[before.end : word.start].isspace()
        if parted or (word.text in starts and before.text not in starts):
            parts.append([])
        parts[-1].append(word)
    return parts
