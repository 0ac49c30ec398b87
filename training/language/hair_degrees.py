"""How one says degrees of hair: "very long", "slightly wavy", "messy", "with a wet look", "parted on the left"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from clip_head.training.language.tables import load_phrases

#: Degrees, as fields of Hairstyle.
DEGREES = ("length", "volume", "curl", "messiness", "wetness")
#: How far a word says a thing, by its adverb.
STRENGTHS = {"faint": 0.3, "plain": 0.6, "strong": 0.85, "extreme": 1.0}
#: Probability of each of these.
_PROBABILITIES = (0.2, 0.45, 0.25, 0.1)
#: Way of hair.json's degrees -> the degree, and what a strength of 1 makes of it. What is said to be neat or dry is
#: less than nothing, so that it is told from what nothing is said of.
WAYS: dict[str, tuple[str, float]] = {
    "long": ("length", 1.0), "short": ("length", -1.0), "wavy": ("curl", 0.75), "curly": ("curl", 1.0),
    "straight": ("curl", -1.0), "voluminous": ("volume", 1.0), "flat": ("volume", -1.0), "messy": ("messiness", 1.0),
    "neat": ("messiness", -0.8), "wet": ("wetness", 1.0), "dry": ("wetness", -0.8),
}  # fmt: skip
#: Where hair is parted -> Hairstyle.part.
PARTS = {"left": 0.6, "right": -0.6, "middle": 0.0}
#: Probability that a way is said by an adjective before the noun, and not by what follows it.
_ADJECTIVE = 0.7

_TABLE = load_phrases("hair_degrees", ("adverbs", "ways", "parts", "compared"))


#: Comparatives -> the degree, and what they make of it: "longer" says nothing of the style.
COMPARED: dict[str, tuple[str, float]] = _TABLE["compared"]
#: Adverbs of comparatives -> factor.
COMPARED_ADVERBS = {
    "": 1.0,
    "a bit ": 0.6,
    "slightly ": 0.6,
    "a little ": 0.6,
    "much ": 1.6,
    "a lot ": 1.6,
    "far ": 1.6,
}


@dataclass(frozen=True)
class Degree:
    """One thing said of hair.

    way: a key of WAYS, or of PARTS.
    strength: a key of STRENGTHS.
    words: as they are said.
    before: whether they stand before the noun.
    """

    way: str
    strength: str
    words: str
    before: bool

    @property
    def value(self) -> float:
        """What it makes of its degree, or of the part."""
        return PARTS[self.way] if self.way in PARTS else WAYS[self.way][1] * STRENGTHS[self.strength]


def draw_degree(way: str, rng: Generator, held_out: bool | None = False, strength: str | None = None) -> Degree:
    """Words for a way.

    way: a key of WAYS, or of PARTS.
    rng: draws the words.
    held_out: whether in words that are kept from training; None: in words of both kinds.
    strength: a key of STRENGTHS; None: drawn. What follows the noun is said plainly.
    """
    if way in PARTS:
        return Degree(way, "plain", _draw(_TABLE["parts"][way], "traits", rng, held_out), False)
    strength = strength or str(rng.choice(list(STRENGTHS), p=_PROBABILITIES))
    entry = _TABLE["ways"][way]
    if strength == "plain" and rng.random() > _ADJECTIVE:
        return Degree(way, strength, _draw(entry, "traits", rng, held_out), False)
    adverb = _draw(_TABLE["adverbs"][strength], "phrases", rng, held_out if rng.random() < 0.5 else False)
    return Degree(way, strength, f"{adverb} {_draw(entry, 'adjectives', rng, held_out)}".strip(), True)


def said_plainly() -> list[str]:
    """Every adverb and adjective for a degree."""
    adverbs = [word for entry in _TABLE["adverbs"].values() for word in entry["phrases"]]
    return adverbs + [word for entry in _TABLE["ways"].values() for word in entry["adjectives"]]


def _draw(entry: dict[str, Any], name: str, rng: Generator, held_out: bool | None) -> str:
    """One of the phrases of a list that are held out, or that are not; of those that are not where none is."""
    phrases = [p for p in entry[name] if held_out is None or (p in entry["held_out"]) == held_out]
    return str(rng.choice(phrases or [p for p in entry[name] if p not in entry["held_out"]]))
