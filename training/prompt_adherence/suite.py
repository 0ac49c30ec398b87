"""What a head must do for a prompt: pairs of opposites with the measure that tells them apart, and hair, beards and
expressions in words of their own. The prompts stand in suite.json.

Plain words are known to training; all others are unseen: a test asserts that no table that training draws from has one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clip_head.training.engine.tables import check_keys, load_table


@dataclass(frozen=True)
class Contrast:
    """Words for more of something and for less of it.

    Those that begin with "=" are whole prompts; others are said of somebody ("a man with ...").
    """

    more: str
    less: str


@dataclass(frozen=True)
class Opposites:
    """Words that must make a measure larger than their opposites do.

    measure: a key of prompt_adherence.measures.MEASURES.
    amount: by how much at least, in the measure's unit: millimetres, or degrees for slants.
    graded: whether the plain words take adverbs of degree ("a very wide head").
    plain: the plain words.
    unseen: paraphrases that no training says.
    """

    measure: str
    amount: float
    graded: bool
    plain: Contrast
    unseen: tuple[Contrast, ...]

    @property
    def contrasts(self) -> tuple[Contrast, ...]:
        """The plain words, then the unseen ones."""
        return (self.plain, *self.unseen)


def _contrast(entry: dict[str, Any]) -> Contrast:
    check_keys("the words of opposites in suite.json", entry, ("more", "less"))
    return Contrast(**entry)


def _opposites(entry: dict[str, Any]) -> Opposites:
    check_keys("opposites in suite.json", entry, ("measure", "amount", "graded", "plain", "unseen"))
    plain, unseen = _contrast(entry["plain"]), tuple(_contrast(words) for words in entry["unseen"])
    return Opposites(entry["measure"], entry["amount"], entry["graded"], plain, unseen)


#: The tables of suite.json.
_TABLE = load_table(Path(__file__).with_name("suite.json"), ("opposites", "hair", "beards", "expressions"))
#: All pairs of opposites.
OPPOSITES: tuple[Opposites, ...] = tuple(_opposites(entry) for entry in _TABLE["opposites"])
#: Family of hair styles, or "bald" -> whole prompts that ask for it in unseen words.
HAIR: dict[str, tuple[str, ...]] = _TABLE["hair"]
#: Beard, "" for none -> whole prompts that ask for it in unseen words.
BEARDS: dict[str, tuple[str, ...]] = _TABLE["beards"]
#: Each of the 23 expressions -> five unseen wordings, which are said of somebody.
EXPRESSIONS: dict[str, tuple[str, ...]] = _TABLE["expressions"]


def held_out_phrases() -> list[str]:
    """Every phrase that no training may see, lower case, without "=" and articles."""
    unseen = [contrast for opposites in OPPOSITES for contrast in opposites.unseen]
    phrases = [words.removeprefix("=") for contrast in unseen for words in (contrast.more, contrast.less)]
    phrases += [words for table in (HAIR, BEARDS, EXPRESSIONS) for ways in table.values() for words in ways]
    return [words.lower().removeprefix("a ").removeprefix("an ").removeprefix("the ") for words in phrases]
