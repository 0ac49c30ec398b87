"""The age that words tell."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import numpy as np

#: Nouns and adjectives that tell an age -> years.
_AGES = Path(__file__).with_name("ages.json")
#: An age in figures, as "85-year-old" and "7 years old".
_YEARS = re.compile(r"\b(\d{1,3})[ -]?(?:years?|yrs?)\b")


def age_in(words: str) -> float | None:
    """The years that words tell; None where they tell none.

    words: in English.
    """
    figures = _YEARS.search(words)
    if figures:
        return float(min(int(figures[1]), 120))
    told = [years for word, years in _ages().items() if re.search(rf"\b{word}\b", words.casefold())]
    return float(np.mean(told)) if told else None


@cache
def _ages() -> dict[str, float]:
    """ages.json."""
    ages: dict[str, float] = json.loads(_AGES.read_text(encoding="utf-8"))
    return ages
