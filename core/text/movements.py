"""Words that plainly say what a face does: "raised eyebrows", "eyes half closed", "looking to the left".

A trained classifier of words, which has seen faces described far more often than moved, takes some of them for shapes;
a part of the face beside a verb of what it does leaves no doubt.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np

from ..types import Bools, Ints

#: Parts of the face (or directions), and what each does (or verbs of looking), lower case: a list in JSON.
_MOVEMENTS = Path(__file__).with_name("movements.json")
#: Words beside which it is a shape after all: likenesses, and what is always so.
_OF_SHAPES = frozenset(("are", "as", "by", "is", "like", "naturally", "permanently", "that"))


@cache
def movements() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """What the file lists: sets of parts, each with the set of its verbs."""
    entries = json.loads(_MOVEMENTS.read_text(encoding="utf-8"))
    return tuple((frozenset(entry["of"]), frozenset(entry["moves"])) for entry in entries)


def moving_words(words: list[str], things: Ints) -> Bools:
    """Which words (W,) say a movement: from the first of a part and its verb in one thing to the thing's end.

    words: W words of a prompt, lower case.
    things: (W,) the number of the thing that each belongs to.
    """
    moving = np.zeros(len(words), bool)
    for thing in np.unique(things):
        numbers = np.flatnonzero(things == thing)
        said = [words[number] for number in numbers]
        if _OF_SHAPES.intersection(said):
            continue
        for parts, moves in movements():
            if parts.intersection(said) and moves.intersection(said):
                first = next(number for number in numbers if words[number] in parts | moves)
                moving[first : numbers[-1] + 1] = True
    return moving
