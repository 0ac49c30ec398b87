"""Words for parts of the head: for its shapes, and for hair, beard and brows with their colours."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

#: What hair words may be about.
KINDS = ("hair", "beard", "brows")
#: JSON: words by which a stretch of a sentence is about each of KINDS, lower case; those that are about hair only where
#: no part of the face is named; words after "brow" that make it a bone; parts of the face on which beards grow, and of
#: the head on which hair does; adjectives and colours of hair.
_WORDS = Path(__file__).with_name("hair_words.json")
#: Words for parts of a head that have a shape, lower case: a list in JSON.
_NOUNS = Path(__file__).with_name("feature_nouns.json")


@cache
def hair_table() -> dict[str, frozenset[str]]:
    """What the file lists: name -> words."""
    table: dict[str, list[str]] = json.loads(_WORDS.read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in table.items()}


@cache
def feature_nouns() -> frozenset[str]:
    """Words for parts of a head that have a shape, lower case."""
    return frozenset(json.loads(_NOUNS.read_text(encoding="utf-8")))


def kinds_of(words: Sequence[str]) -> set[str]:
    """Which of KINDS words speak of.

    words: of a stretch of a sentence, lower case, without punctuation.
    """
    table = hair_table()
    parts = {part for word in words for part in (word, *word.split("-"))}
    kinds = {kind for kind in KINDS if table[kind] & parts}
    if "brow" in words and not any(a == "brow" and b in table["beside_brows"] for a, b in pairwise(words)):
        kinds.add("brows")
    elsewhere = table["upper_head"] | table["reaching"]  # "hair to the chin"
    if "hair" in kinds and table["lower_face"] & parts and not elsewhere & parts:
        kinds = kinds - {"hair"} | {"beard"}  # "hair on the chin"
    if kinds & {"beard", "brows"} and not (table["hair"] - {"hair", "hairs"}) & parts:
        kinds.discard("hair")  # "facial hair"
    if not kinds and table["without_face"] & parts and feature_nouns().isdisjoint(words):
        kinds.add("hair")
    return kinds


def bears(kind: str, words: Sequence[str]) -> bool:
    """Whether words, which name no hair, tell no shape of a part of the head other than the one that bears it: "a head
    like an egg" may be about hair, "cheeks like sandpaper" about a beard.

    kind: one of KINDS.
    words: of a stretch of a sentence, lower case.
    """
    table = hair_table()
    own = {"hair": table["upper_head"], "beard": table["lower_face"]}.get(kind, frozenset())
    return (feature_nouns() - own).isdisjoint(words)


def are_adjectives(words: Sequence[str]) -> bool:
    """Whether words, lower case, are adjectives of hair alone, but for an article."""
    table = hair_table()
    return (table["adjectives"] | table["colours"] | {"a", "an", "the"}).issuperset(words)


def colour_of(words: str) -> str:
    """The colour that words for hair name; "" for none.

    words: in English.
    """
    found = [colour for colour in hair_table()["colours"] if re.search(rf"\b{colour}\b", words.casefold())]
    return max(found, key=len, default="")


def without_colour(sentence: str) -> str:
    """A sentence without the colours that it names of hair and beards: "a woman with long red hair" without "red".

    sentence: in English.
    """
    table = hair_table()
    colours = "|".join(sorted(table["colours"], key=len, reverse=True))
    nouns = "|".join(map(re.escape, table["hair"] | table["beard"]))
    return re.sub(rf"\b(?:{colours}),? (?=(?:[\w-]+ ){{0,2}}(?:{nouns})\b)", "", sentence, flags=re.IGNORECASE)
