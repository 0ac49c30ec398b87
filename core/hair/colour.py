"""What words say of hair's colour beyond its one main colour: white strands, highlights, dark roots.

No other module of this package is imported here: Blender's side, which knows no torch, reads the words, too.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

#: Phrases with their values; see `colour_words`.
_TABLE = Path(__file__).with_name("colour_words.json")
#: Ages, years, and the share of white strands that people have at them in hair whose colour no words name.
_AGES, _WHITE = (35.0, 50.0, 65.0, 85.0), (0.0, 0.08, 0.25, 0.5)
#: Words that deny what follows.
_DENIALS = ("no", "without", "without any")
#: Words that say nothing alone: "salt and pepper hair" without what is said of its colour.
_EMPTY = frozenset({"a", "the", "her", "his", "their", "hair"})
#: What joins a phrase to the words before it, and goes with it.
_JOINTS = r"(?:\b(?:and|with|in|having|has|who has)\s+)?(?:\b(?:a|an|the|her|his|their|some)\s+)?"


@dataclass(frozen=True)
class Colouring:
    """What words say of hair's colour; None where they say nothing of it.

    grey: share of white strands, 0 to 1.
    highlights: share of the locks that have a colour of their own, 0 to 1.
    highlight_colour: of these, sRGB, 0 to 255; None: lighter than the other hair, or, where `darker`, darker.
    darker: whether they are.
    roots: how dark the roots are, 0 to 1.
    """

    grey: float | None = None
    highlights: float | None = None
    highlight_colour: tuple[int, int, int] | None = None
    darker: bool = False
    roots: float | None = None


@cache
def colour_words() -> dict[str, Any]:
    """The table: "grey" and "roots" are phrases with shares; "highlights" nouns and adjectives with the share of locks,
    those of "darker" are darker than the other hair, "amounts" words that change the share; "colours" are sRGB; "hair"
    words that a colour of hair stands before."""
    table: dict[str, Any] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return table


def colouring(words: str, age: float | None = None) -> Colouring:
    """What words say of hair's colour.

    words: in English.
    age: of the person, years; None where nobody knows, which makes nobody grey.
    """
    table, text = colour_words(), _plain(words)
    greys, roots = (_found(text, table[kind]) for kind in ("grey", "roots"))
    grey = greys[0] if greys else None
    if grey is None and age is not None and not names_colour(words):
        grey = float(np.interp(age, _AGES, _WHITE))
    match = _highlights().search(text)
    if match is None:
        return Colouring(grey, roots=roots[0] if roots else None)
    noun = match["noun"]
    share = 0.0 if match["denial"] else table["highlights"][noun] * table["amounts"].get(match["amount"], 1.0)
    colour = table["colours"].get(match["colour"] or match["colour2"])
    return Colouring(
        grey, min(share, 1.0), tuple(colour) if colour else None, noun in table["darker"], roots[0] if roots else None
    )


def without_colouring(words: str) -> str:
    """Words without what `colouring` reads in them, so that whoever reads the rest takes a streak's colour for no
    hair's: "" where nothing is left.

    words: in English.
    """
    table, text = colour_words(), _plain(words)
    text = _highlights().sub(" ", text)
    phrases = sorted(chain(table["grey"], table["roots"]), key=len, reverse=True)
    text = re.sub(rf"{_JOINTS}\b(?:{'|'.join(map(re.escape, phrases))})\b", " ", text)
    text = re.sub(r"\s+", " ", re.sub(r"\s+(?=[,.])", "", text)).strip(" ,.;")
    text = re.sub(r"^(?:and|with|but)\b\s*|\s*\b(?:and|with|but|in)$", "", text)
    return "" if set(text.split()) <= _EMPTY else text


def _plain(words: str) -> str:
    """Words as the table spells them."""
    return re.sub(r"\bgray", "grey", words.casefold())


def _found(text: str, phrases: dict[str, float]) -> list[float]:
    """The values of the phrases in a text, the longest phrase first."""
    ordered = sorted(phrases, key=len, reverse=True)
    return [phrases[phrase] for phrase in ordered if re.search(rf"\b{re.escape(phrase)}\b", text)]


def names_colour(text: str) -> bool:
    """Whether words say which colour hair has, as "brown hair" and "dyed pink" do.

    text: in English.
    """
    text = _plain(text)
    colours, hair = (_any(colour_words()[kind]) for kind in ("colours", "hair"))
    near = rf"\b{colours}\b,?(?:[ -][\w-]+){{0,2}}[ -]{hair}\b"
    return re.search(rf"{near}|\bdyed\b|\b(?:blonde?|brunette|redhead|ginger)\b", text) is not None


@cache
def _highlights() -> re.Pattern[str]:
    """Highlights in a text: "a few pink streaks", "streaks of pink", "streaked with grey", "no highlights"."""
    table = colour_words()
    colours, nouns, amounts = _any(table["colours"]), _any(table["highlights"]), _any(table["amounts"])
    before = rf"(?:(?P<amount>{amounts})\s+)?(?:(?P<colour>{colours})\s+)?(?P<noun>{nouns})"
    after = rf"(?:\s+(?:of|in|with)\s+(?P<colour2>{colours}))?"
    return re.compile(rf"{_JOINTS}\b(?:(?P<denial>{_any(_DENIALS)})\s+)?{before}{after}\b")


def _any(words: Any) -> str:
    """A pattern for any of some words, the longest first."""
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})"
