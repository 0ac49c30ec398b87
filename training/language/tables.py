"""Phrases in JSON files, one per subject, in the folder phrases beside this module.

An entry lists all phrases for one thing, in a list whose order draws index into: new phrases are put at the end.
"plainest" and "held_out" repeat some of them: those drawn more often, and those that no training says, so that
evaluations can ask in unseen words.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clip_head.core.errors import ModelError
from clip_head.training.engine.tables import check_keys, load_table

#: Probability that a phrase is drawn from the plainest of its entry, instead of from all: prompts use plain words most.
#: Chosen by hand.
PLAIN = 0.5
#: Folder of the phrases. training/ is run from a checkout and is no part of the built extension.
PHRASES_FOLDER = Path(__file__).parent / "phrases"


@dataclass(frozen=True)
class Phrases:
    """The ways to say one thing: all of them, and the plainest, which are drawn more often than the rest."""

    all: tuple[str, ...]
    plainest: tuple[str, ...]


def load_phrases(name: str, keys: Collection[str] | None = None) -> dict[str, Any]:
    """One file of phrases, with tuples for lists.

    name: the file's name without ".json".
    keys: the names that its object has; None where they are data, too.

    Raises ModelError when the file is missing, damaged or has other keys.
    """
    return load_table(PHRASES_FOLDER / f"{name}.json", keys)


def check_entry(where: str, entry: dict[str, Any], lists: Collection[str], others: Collection[str] = ()) -> None:
    """Make sure that an entry has all its keys, and that "plainest" and "held_out" repeat phrases of its other lists.

    where: the file and the entry, for the error.
    entry: the entry.
    lists: its keys with phrases, without "plainest" and "held_out".
    others: its other keys, these two among them where it has them.

    Raises ModelError naming what is wrong.
    """
    check_keys(where, entry, {*lists, *others})
    own = {phrase for name in lists for phrase in entry[name]}
    for name in ("plainest", "held_out"):
        strange = [phrase for phrase in entry.get(name, ()) if phrase not in own]
        if strange:
            raise ModelError(f"{where}: {name} has {strange}, which its lists lack.", "Add them there, or drop them.")


def phrases_of(where: str, entry: dict[str, Any], others: Collection[str] = ()) -> Phrases:
    """The phrases of an entry with the lists "phrases" and "plainest".

    where: the file and the entry, for the error.
    entry: the entry.
    others: its keys beside these two.

    Raises ModelError when the entry has other keys.
    """
    check_entry(where, entry, ("phrases",), ("plainest", *others))
    return Phrases(entry["phrases"], entry["plainest"])
