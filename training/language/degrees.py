"""How one says a shape of a face by its degree: "a slightly big nose", "big-nosed", "whose nose is very big"."""

from __future__ import annotations

import re
from typing import Literal

from numpy.random import Generator

from clip_head.training.language.shapes import HELD_OUT_SHAPES, SHAPE_WORDS

#: Kind of a phrase: a trait follows "with", an adjective stands before the person, a clause follows "whose".
Kind = Literal["trait", "adjective", "clause"]

#: Sizes of a shape's value, which reach from 0 to about 1.25: below the first one says "slightly", above the second
#: "very"; in between the words stand alone.
FAINT, STRONG = 0.55, 0.95
#: Probability that a shape in between, and a strong one, is said by its plain words and not by a figure of speech, an
#: adjective or a clause. Faint ones are mostly said by the plain words, since few of the others take an adverb.
_PLAIN_PROBABILITY, _PLAIN_PROBABILITY_OF_STRONG = 0.35, 0.7
#: Probability that a faint shape is said by its plain words, where other wordings take an adverb, too.
_PLAIN_PROBABILITY_OF_FAINT = 0.75
#: Probability that a strong shape is said without an adverb, by a figure of speech, an adjective or a clause.
_NO_ADVERB_PROBABILITY = 0.4
#: Adverbs for faint and for strong shapes; those that people use most are repeated, since one is drawn evenly.
FAINTLY = (
    "slightly", "slightly", "slightly", "a bit", "somewhat", "a little", "a touch", "mildly", "a little bit", "a tad",
    "subtly", "just slightly", "only slightly", "ever so slightly", "faintly", "barely", "just a little", "only a bit",
)  # fmt: skip
STRONGLY = (
    "very", "very", "very", "extremely", "really", "incredibly", "remarkably", "extraordinarily", "exceptionally",
    "super", "unusually", "hugely", "strikingly", "excessively", "ridiculously", "terribly", "very very", "immensely",
)  # fmt: skip
#: Plain adjective -> those that are strong by themselves and take its place.
STRONGER: dict[str, tuple[str, ...]] = {
    "big": ("huge", "enormous", "gigantic", "massive", "giant", "humongous", "colossal"),
    "large": ("huge", "enormous", "gigantic", "massive", "giant", "immense"),
    "small": ("tiny", "minuscule", "teeny", "minute", "microscopic"),
    "little": ("tiny", "minuscule", "teeny", "itty-bitty"),
    "wide": ("enormously wide", "super wide"),
    "thin": ("razor-thin", "paper-thin", "wafer-thin"),
}
#: Where a clause takes an adverb: between its verb and an adjective. What begins with one of the words in the list is
#: no adjective ("is like", "is a"), or has an adverb already.
_BEFORE_ADJECTIVE = re.compile(
    r"( is| are) (?!(?:like|as|a|an|the|in|on|at|no|not|very|way|too|all|barely|hardly|almost)\b)"
)
#: First words of plain phrases that are no adjectives ("bags under the eyes"): their degree is said of the whole.
_NO_ADJECTIVES = frozenset(
    ("bags", "eye", "eyes", "double", "underbite", "overbite", "head", "nose", "mouth", "lower", "buck", "no", "elf",
     "chin", "slit", "bug", "second", "button", "wing", "bedroom", "v-shaped", "inverted", "diamond")
)  # fmt: skip


def shape_phrase(
    name: str, value: float, rng: Generator, held_out: bool | None = False, plainly: bool = False
) -> tuple[Kind, str]:
    """Words for the value of a shape.

    name: the shape; SHAPE_WORDS has its extreme on the side of the value.
    value: its value; the sign chooses the extreme, the size the degree.
    rng: draws the words.
    held_out: whether to draw from the wordings that are kept from training; None: from all.
    plainly: whether to use the plain words alone, as long descriptions do.

    Returns what kind of a phrase it is, and the phrase.
    """
    words = SHAPE_WORDS[name, 1 if value > 0 else -1]
    ways: list[tuple[Kind, str]] = [("trait", phrase) for phrase in words.figures]
    ways += [("adjective", phrase) for phrase in words.adjectives] + [("clause", phrase) for phrase in words.clauses]
    ways = [way for way in ways if held_out is None or (way[1] in HELD_OUT_SHAPES) == held_out]
    strength = abs(value)
    if plainly and not held_out:
        return _plain_by_degree(str(rng.choice(words.plain)), strength, rng)
    takes_adverb = [way for way in ways if way[0] == "adjective" or _BEFORE_ADJECTIVE.search(way[1])]
    plain_probability = _PLAIN_PROBABILITY_OF_STRONG if strength > STRONG else _PLAIN_PROBABILITY
    if not held_out and (strength < FAINT or rng.random() < plain_probability):
        if strength >= FAINT or not takes_adverb or rng.random() < _PLAIN_PROBABILITY_OF_FAINT:
            return _plain_by_degree(str(rng.choice(words.plain)), strength, rng)
        ways = takes_adverb
    kind, phrase = ways[int(rng.integers(len(ways)))]
    if strength >= FAINT and (strength <= STRONG or rng.random() < _NO_ADVERB_PROBABILITY):
        return kind, phrase
    adverb = _adverb(strength, rng)
    if kind == "adjective":
        return kind, f"{adverb} {phrase}"
    return kind, _BEFORE_ADJECTIVE.sub(rf"\1 {adverb} ", phrase, count=1) if kind == "clause" else phrase


def degree_adverb(strength: float, rng: Generator) -> str:
    """An adverb for a faint or strong degree, "" for one in between.

    strength: as the size of a shape's value.
    rng: draws the adverb.
    """
    return "" if FAINT <= strength <= STRONG else _adverb(strength, rng)


def _adverb(strength: float, rng: Generator) -> str:
    """An adverb for a faint degree, or else for a strong one."""
    return str(rng.choice(FAINTLY if strength < FAINT else STRONGLY))


def _plain_by_degree(plain: str, strength: float, rng: Generator) -> tuple[Kind, str]:
    """A plain noun phrase ("a big nose"), where the shape is faint or strong with a word for that: an adverb before its
    adjective, a stronger adjective, or a clause ("a nose that is slightly big")."""
    if FAINT <= strength <= STRONG:
        return "trait", plain
    first, _, rest = plain.partition(" ")
    article, words = (first, rest) if first in ("a", "an") else ("", plain)
    adjective, _, noun = words.partition(" ")
    if (adjective in _NO_ADJECTIVES or not noun) and rng.random() < 0.7:
        degree = str(rng.choice(["slight", "faint", "hint of"] if strength < FAINT else ["very pronounced", "extreme"]))
        words = f"{degree} {words}"
    elif strength > STRONG and adjective in STRONGER and rng.random() < 0.5:
        words = f"{rng.choice(STRONGER[adjective])} {noun}"
    elif noun and adjective not in _NO_ADJECTIVES and rng.random() < 0.25:  # "a nose that is slightly big"
        adverb, verb = _adverb(strength, rng), "is" if article else "are"
        if rng.random() < 0.4:
            return "clause", f"{noun} {verb} {adverb} {adjective}"
        return "trait", f"{article} {noun} that {verb} {adverb} {adjective}".strip()
    else:
        words = f"{_adverb(strength, rng)} {words}"
    if article and not words.startswith("a "):
        words = f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
    return "trait", words
