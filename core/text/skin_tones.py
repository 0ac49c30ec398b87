"""Skin tones that people would accept for an ancestry, in words that the painter knows ("olive skin").

The painter learnt skin tones from their own names and from three ancestries. Where a prompt names another one and no
skin, one of the tones of such people is added to what the painter reads; the seed draws which.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from .split import words_of

#: The table: "known" are the words for ancestries that the painter knows; "settled_by" are words that say what the skin
#: is like, or whose skin is not a matter of ancestry; "ancestries" have "words", and "tones" with their weights.
_TABLE = Path(__file__).with_name("skin_tones.json")
#: Names of skins from light to dark, and how far along that list people of the three ancestries of the head model are
#: in the mean: African, Asian, European.
SCALE = tuple(f"{tone} skin" for tone in ("pale", "fair", "light", "olive", "tanned", "brown", "dark", "very dark"))
_MEANS = (6.2, 2.0, 1.2)
#: Standard deviation among people of one ancestry, and the furthest from the mean, on the same scale.
_DEVIATION, _FURTHEST = 0.6, 0.75
#: Number that keeps these draws apart from others by the same seed.
_STREAM = 17


@dataclass(frozen=True)
class SkinTones:
    """What skin_tones.json holds.

    known: words for ancestries that need no tone.
    settled_by: words that leave nothing to add.
    words: words for an ancestry, lower case -> its name.
    tones: name of an ancestry -> words for skins, with weights.
    """

    known: frozenset[str]
    settled_by: frozenset[str]
    words: dict[str, str]
    tones: dict[str, dict[str, float]]


@cache
def skin_tones() -> SkinTones:
    """The table."""
    table = json.loads(_TABLE.read_text(encoding="utf-8"))
    entries = table["ancestries"]
    words = {word.lower(): name for name, entry in entries.items() for word in entry["words"]}
    tones = {name: entry["tones"] for name, entry in entries.items()}
    return SkinTones(frozenset(table["known"]), frozenset(table["settled_by"]), words, tones)


def added_tone(looks: str, prompt: str, seed: int, otherwise: str = "") -> str:
    """The words for a skin tone that are added to what the painter reads; "" where the words leave nothing to add.

    looks: the words for the painter.
    prompt: the whole prompt, which may name an ancestry.
    seed: draws the tone.
    otherwise: what is added where the words speak neither of the skin nor of an ancestry.
    """
    table = skin_tones()
    words = {word.text for text in (looks, prompt) for word in words_of(text)}
    if table.settled_by & (words | {part for word in words for part in word.split("-")}):
        return ""
    named = named_ancestry(prompt)
    if named is None:
        return otherwise
    if named in table.known:
        return ""
    weights = table.tones[table.words[named]]
    odds = np.array(list(weights.values()), np.float64)
    return str(np.random.default_rng([seed, _STREAM]).choice(list(weights), p=odds / odds.sum()))


def drawn_tone(fractions: tuple[float, float, float], seed: int) -> str:
    """A name of SCALE for somebody whose ancestry the seed drew.

    fractions: of African, Asian and European ancestry.
    seed: draws the tone, among those of such people.
    """
    shares = np.clip(fractions, 0, 1)
    mean = float(np.dot(shares, _MEANS) / max(shares.sum(), 1e-6))
    deviation = _DEVIATION * float(np.random.default_rng([seed, _STREAM]).standard_normal())
    place = round(mean + min(max(deviation, -_FURTHEST), _FURTHEST))
    return SCALE[min(max(place, 0), len(SCALE) - 1)]


def named_ancestry(prompt: str) -> str | None:
    """The longest words for an ancestry in a prompt; None where there are none.

    prompt: as it was typed.
    """
    table = skin_tones()
    text = [word.text for word in words_of(prompt)]
    longest = max(len(words.split()) for words in table.words)
    for count in range(longest, 0, -1):
        for first in range(len(text) - count + 1):
            words = " ".join(text[first : first + count])
            if words in table.words:
                return words
    return None
