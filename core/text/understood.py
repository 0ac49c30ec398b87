"""Which words of a prompt changed nothing, so that the artist can be told ("glasses", "earrings").

A word counts as understood where training taught it by itself (taught_words.json), or where the codes differ when its
phrase is left out. The codes of a head do not depend on any of this.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from ..types import Floats
from .split import SplitWords, things_of, words_of

#: The words that training teaches by themselves, lower case: a list in JSON, which training/language/vocabulary.py
#: writes.
TAUGHT_WORDS = Path(__file__).with_name("taught_words.json")
#: Changes of the two codes, as `code_changes` measures them, up to which leaving out a phrase changes nothing: the
#: noise of the networks. By `python -m training.evaluate understood`, which prints the best ones.
NOISE_ID, NOISE_EXP = 7.0, 0.7
#: Words that are in every prompt and mean no thing of their own.
_STOP_WORDS = frozenset(
    ("a", "an", "the", "this", "that", "these", "those", "and", "or", "but", "with", "without", "no", "not", "of",
     "in", "on", "at", "to", "from", "by", "for", "as", "like", "than", "then", "who", "whose", "which", "while",
     "he", "she", "they", "it", "his", "her", "their", "him", "them", "its", "is", "are", "was", "were", "be",
     "been", "being", "has", "have", "had", "having", "does", "do", "did", "very", "too", "also", "so", "some",
     "any", "both", "all", "one", "two", "each", "other", "more", "less", "much", "many", "most", "just", "only",
     "really", "wearing", "wears", "wear", "looks", "look", "looking", "seems", "seem", "where", "when", "what", "i",
     "we", "you", "my", "your", "our", "there", "here", "up", "down", "out", "over", "under", "through", "off", "if",
     "into", "about", "around", "his", "s")
)  # fmt: skip
#: Endings that make other forms of a taught word.
_ENDINGS = ("s", "es", "'s", "ed", "d", "ing", "y", "ly", "ish", "-looking")

#: (texts for MLP_id, texts for MLP_exp) -> what they do to the two codes, as rows that are compared by distance.
Codes = Callable[[Sequence[str], Sequence[str]], tuple[Floats, Floats]]


@dataclass(frozen=True)
class Doubt:
    """A word that training did not teach, and the prompt without the phrase that it stands in.

    word: lower case.
    without: the words for MLP_id and MLP_exp without it.
    """

    word: str
    without: SplitWords


@cache
def taught_words() -> frozenset[str]:
    """What TAUGHT_WORDS lists."""
    return frozenset(json.loads(TAUGHT_WORDS.read_text(encoding="utf-8")))


def is_taught(word: str) -> bool:
    """Whether training taught a word, or another form of it.

    word: lower case; with hyphens, its parts count.
    """
    known = taught_words()
    forms = {word, *(word.removesuffix(ending) for ending in _ENDINGS), *(word + ending for ending in ("s", "e", "ed"))}
    if forms & known or word in _STOP_WORDS or word.isdigit():
        return True
    parts = word.split("-")
    return len(parts) > 1 and all(is_taught(part) for part in parts if part)


def doubts(prompt: str, split: SplitWords) -> list[Doubt]:
    """The words of a prompt that may not have been understood.

    prompt: as it was typed.
    split: its words for the two codes.
    """
    words = words_of(prompt)
    if not words:
        return []
    things = things_of(prompt, words)
    found: list[Doubt] = []
    for word, thing in zip(words, things, strict=True):
        if is_taught(word.text) or any(doubt.word == word.text for doubt in found):
            continue
        # In the first thing each word is a thing of its own ("an old glassblower"); later ones are phrases.
        phrase = [word.text] if thing == 0 else [w.text for w, t in zip(words, things, strict=True) if t == thing]
        without = SplitWords(_without(split.appearance, phrase), _without(split.expression, phrase))
        found.append(Doubt(word.text, without))
    return found


def _without(text: str, phrase: Sequence[str]) -> str:
    """The text without a phrase; where it does not stand there as a whole, without the phrase's own words."""
    whole = re.sub(_pattern(phrase), "", text, count=1)
    if whole == text:
        for word in phrase:
            if word not in _STOP_WORDS:
                whole = re.sub(_pattern([word]), "", whole, count=1)
    return " ".join(re.sub(r"(?:\s*,)+", ",", whole).split()).strip(" ,")


def _pattern(phrase: Sequence[str]) -> str:
    """What finds a phrase in a text, as whole words."""
    return rf"(?<![\w'-]){r'[ ,]+'.join(re.escape(word) for word in phrase)}(?![\w'-])"


def is_stop_word(word: str) -> bool:
    """Whether a word means no thing of its own.

    word: lower case.
    """
    return word in _STOP_WORDS


def word_changes(prompt: str, split: SplitWords, codes: Codes) -> dict[str, tuple[float, float]]:
    """How far z_id and z_exp move where a word's phrase is left out, for the words that training did not teach by
    themselves, in their order.

    prompt: as it was typed.
    split: its words for the two codes.
    codes: what texts do to the codes; it is called once, and not at all where nothing is doubted.
    """
    found = doubts(prompt, split)
    if not found:
        return {}
    changes = code_changes(split, [doubt.without for doubt in found], codes).tolist()
    return {doubt.word: (of_id, of_exp) for doubt, (of_id, of_exp) in zip(found, changes, strict=True)}


def not_understood(changes: dict[str, tuple[float, float]]) -> tuple[str, ...]:
    """The words that changed nothing.

    changes: of `word_changes`.
    """
    return tuple(word for word, (of_id, of_exp) in changes.items() if of_id <= NOISE_ID and of_exp <= NOISE_EXP)


def code_changes(split: SplitWords, others: Sequence[SplitWords], codes: Codes) -> Floats:
    """How far the codes of other words are from those of a prompt (N, 2): of z_id, and of z_exp.

    split: the prompt's words.
    others: N times other words.
    codes: texts for MLP_id and for MLP_exp -> rows that are compared by their distance.
    """
    of_id, of_exp = codes(
        [split.appearance, *(other.appearance for other in others)],
        [split.expression, *(other.expression for other in others)],
    )
    distances = [np.linalg.norm(rows[1:] - rows[0], axis=1) for rows in (of_id, of_exp)]
    return np.stack(distances, axis=1).astype(np.float32)
