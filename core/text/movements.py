"""Words that plainly say what a face does: "raised eyebrows", "eyes half closed", "looking to the left".

A trained classifier of words, which has seen faces described far more often than moved, takes some of them for shapes;
a part of the face beside a verb of what it does leaves no doubt.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from ..types import Bools, Ints

#: Parts of the face and verbs of what each does, lower case; and likewise directions with verbs of looking, and
#: articles with nouns that are expressions ("a grin"). A list in JSON.
_MOVEMENTS = Path(__file__).with_name("movements.json")
#: Greatest number of words from a verb to its part: "pushing his very big jaw".
NEAR = 4
#: Words beside which it is a shape after all: likenesses, and what is always so.
_OF_SHAPES = frozenset(("are", "as", "by", "is", "like", "naturally", "permanently", "rests"))


@dataclass(frozen=True)
class Movement:
    """Some parts of the face, and what they do.

    parts: names of the parts, directions in which somebody looks, or articles.
    verbs: forms of verbs that say what they do, or nouns of expressions.
    between: words that may stand between a verb and a part after it; None: any few, and either may come first.
    """

    parts: frozenset[str]
    verbs: frozenset[str]
    between: frozenset[str] | None

    def matches(self, words: list[str]) -> bool:
        """Whether a part stands beside a verb in a thing (see split.py) of these words."""
        parts = [number for number, word in enumerate(words) if word in self.parts]
        verbs = [number for number, word in enumerate(words) if word in self.verbs]
        if self.between is None:
            return any(abs(verb - part) <= NEAR for verb in verbs for part in parts)
        return any(verb < part and self.between.issuperset(words[verb + 1 : part]) for verb in verbs for part in parts)


@cache
def movements() -> tuple[Movement, ...]:
    """What the file lists."""
    entries = json.loads(_MOVEMENTS.read_text(encoding="utf-8"))
    return tuple(
        Movement(frozenset(e["of"]), frozenset(e["moves"]), frozenset(e["between"]) if "between" in e else None)
        for e in entries
    )


def moving_words(words: list[str], things: Ints) -> Bools:
    """Which words (W,) say a movement: from the first of a part and its verb in one thing to the thing's end.

    words: W words of a prompt, lower case.
    things: (W,) the number of the thing that each belongs to.
    """
    moving = np.zeros(len(words), bool)
    for thing in np.unique(things):
        numbers = np.flatnonzero(things == thing)
        thing_words = [words[number] for number in numbers]
        if _OF_SHAPES.intersection(thing_words):
            continue
        for movement in movements():
            if movement.matches(thing_words):
                first = next(n for n in numbers if words[n] in movement.parts | movement.verbs)
                moving[first : numbers[-1] + 1] = True
    return moving
