"""Characters and occupations ("a pirate", "a ballerina"), and what one expects of the head of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from clip_head.training.engine.tables import check_keys
from clip_head.training.language.tables import load_phrases


@dataclass(frozen=True)
class Character:
    """What a name implies of a head where the rest of a sentence does not say otherwise.

    names: what they are called.
    gender: 0 (a man, always) to 1 (a woman, always); in between, how much like a woman where nothing is said.
    ages: in years, from and to.
    shapes: name of a shape -> value.
    styles: families of hair styles, each as likely; () for what such people wear.
    beards: beards of grown men, each as likely; () for none in particular.
    weight: 0 (thin) to 1 (heavy); None for any.
    ancestry: a key of ANCESTRIES; None for any.
    """

    names: tuple[str, ...]
    gender: float
    ages: tuple[int, int]
    shapes: dict[str, float] = field(default_factory=dict)
    styles: tuple[str, ...] = ()
    beards: tuple[str, ...] = ()
    weight: float | None = None
    ancestry: str | None = None


def _character(name: str, entry: dict[str, Any]) -> Character:
    """One entry of characters.json."""
    keys = ("names", "gender", "from", "to", "shapes", "styles", "beards")
    check_keys(f"{name} in characters.json", entry, keys, ("weight", "ancestry"))
    return Character(
        entry["names"],
        entry["gender"],
        (entry["from"], entry["to"]),
        entry["shapes"],
        entry["styles"],
        entry["beards"],
        entry.get("weight"),
        entry.get("ancestry"),
    )


#: Character -> what the name implies. The clothes, hats and paint of a character are no part of a head.
CHARACTERS: dict[str, Character] = {name: _character(name, entry) for name, entry in load_phrases("characters").items()}
