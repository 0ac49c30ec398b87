"""What a sentence says of hair, of a beard and of brows, each apart from the rest of it.

A sentence's embedding is about a mean over its words: "very" of "very long hair" is a sixth of a sixth of it. So what
is said of each is embedded by itself, beside the words for the person, by which hair is drawn where nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .hair_words import KINDS, are_adjectives, bears, feature_nouns, kinds_of
from .movements import moving_words
from .phrases import FEATURE_LEADS, stretches
from .split import words_of

#: Words at which a stretch begins, as in phrases.py, and which say that there is none.
_STARTS = FEATURE_LEADS | {"without"}
#: Stretches of so many words at most, without a noun that is known, belong to the one beside them: "long, curly hair".
_ADJECTIVES = 3
#: First words of a stretch that no adjectives of the stretch before belong to.
_DETERMINERS = {"a", "an", "the", "his", "her", "their", "no"} | (_STARTS - {"and", "but", "also"})


@dataclass(frozen=True)
class Spoken:
    """What a sentence says of hair, of a beard, or of brows.

    said: the words; "" for none.
    rest: the words that tell who it is; never those for shapes of the face.
    """

    said: str
    rest: str


def spoken(sentence: str) -> dict[str, Spoken]:
    """What a sentence says of each of KINDS.

    sentence: about a person, in English.
    """
    parts = _parts(sentence)
    result = {}
    for kind in KINDS:
        said = [_bare(text) for text, kinds in parts if kind in kinds]
        # Who is said to have a beard is a man, and wears a man's hair.
        beside = {"beard"} if kind == "hair" else set()
        rest = [
            _bare(text)
            for text, kinds in parts
            if kinds <= beside and (kinds or bears(kind, [word.text for word in words_of(text)]))
        ]
        if parts and parts[0][1] - beside and not kinds_of([words_of(parts[0][0])[-1].text]):
            rest.insert(0, _bare(parts[0][0]))  # "a bald man"
        result[kind] = Spoken(", ".join(filter(None, said)), ", ".join(filter(None, rest)))
    return result


def _parts(sentence: str) -> list[tuple[str, set[str]]]:
    """The stretches of a sentence: their text, and what hair they speak of; adjectives between commas, and what follows
    hair without a noun of its own, are in the stretch that they belong to."""
    parts: list[tuple[str, set[str]]] = []
    for stretch in reversed(stretches(sentence, _STARTS)):
        text, words = sentence[stretch[0].start : stretch[-1].end], [word.text for word in stretch]
        kinds = kinds_of(words)
        if moving_words(words, np.zeros(len(words), np.int32)).any():
            kinds = kinds - {"brows"}  # "raised eyebrows"
        few = _are_few(words) if stretch[0].start > 0 else are_adjectives(words)
        if few and _is_open(words, kinds) and parts and parts[0][1] and not _begins_anew(parts[0][0]):
            after, kinds = parts.pop(0)
            text = f"{text}, {after}"
        parts.insert(0, (text, kinds))
    joined: list[tuple[str, set[str]]] = []
    for text, kinds in parts:
        words = [word.text for word in words_of(text)]
        if _is_open(words, kinds) and joined and joined[-1][1] - {"brows"} and not _begins_anew(text):
            before, kinds = joined.pop()
            text = f"{before}, {text}"
        joined.append((text, kinds))
    return joined


def _is_open(words: list[str], kinds: set[str]) -> bool:
    """Whether words, lower case, name neither hair nor a part of the face."""
    return not kinds and feature_nouns().isdisjoint(words)


def _begins_anew(text: str) -> bool:
    """Whether a stretch begins with a word that no adjectives belong to, nor it to what is before."""
    return words_of(text)[0].text in _DETERMINERS


def _are_few(words: list[str]) -> bool:
    """Whether words, lower case, may be mere adjectives: few, but for those that lead them."""
    return len([word for word in words if word not in _DETERMINERS | FEATURE_LEADS]) <= _ADJECTIVES


def _bare(text: str) -> str:
    """A stretch, lower case, without the words that lead it: "with", "and", "who has"."""
    words = text.lower().split()
    while words and words[0].strip(",") in FEATURE_LEADS:
        words.pop(0)
    return " ".join(words)
