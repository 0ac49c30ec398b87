"""The atlas of hair cards: which slots its pictures have, and where they are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..models import open_model_folder

#: The pictures, files NAME.png: how far strands cover; a grey by which the hair's colour is multiplied; where between
#: root, black, and tip; a random number of each strand.
PICTURES = ("alpha", "shade", "root_tip", "id")


@dataclass(frozen=True)
class Slot:
    """A lock of strands in the atlas, root on top.

    kind: of lock, such as "dense" or "brow".
    left, low, right, high: its box in UV, 0 to 1.
    """

    kind: str
    left: float
    low: float
    right: float
    high: float


@dataclass(frozen=True)
class Atlas:
    """The atlas.

    folder: with its pictures.
    slots: in all of them.
    neutral: grey of "shade", 0 to 255, that leaves the hair's colour as it is.
    """

    folder: Path
    slots: tuple[Slot, ...]
    neutral: int


def open_atlas(folder: Path) -> Atlas:
    """The atlas in a folder. Raises ModelError when it is damaged."""
    opened = open_model_folder(folder, "cards")
    slots = tuple(Slot(**entry) for entry in opened.config["slots"])
    return Atlas(folder, slots, opened.config["neutral"])


def as_config(slots: tuple[Slot, ...], neutral: int) -> dict[str, Any]:
    """The config of an atlas, for its model.json."""
    return {"slots": [asdict(slot) for slot in slots], "neutral": neutral}
