"""Colours of hair that people would accept for an ancestry or a skin, in words that the painter knows ("black hair").

Where a prompt names none, the painter would paint any: a blond afro on an Asian man. So one of the colours of such
people is added to what it reads; the seed draws which. Of the aged, whose hair is grey or white, the painter knows.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..ages import age_in
from ..text.skin_tones import named_ancestry, skin_tones
from ..text.split import words_of
from ..types import HeadRequest
from .colour import names_colour

#: The table: "of_skin_alone" are those of skin_tones.json's words "settled_by" that say nothing of hair; "hairless" are
#: words with which nothing is added; then colours with weights, by "ancestries" of that table, of all "others" there,
#: and by "tones" of the skin where no ancestry is named.
_TABLE = Path(__file__).with_name("tones.json")
#: Age, years, from which on hair greys.
_GREYING = 48.0
#: Number that keeps these draws apart from others by the same seed.
_STREAM = 23


@cache
def hair_tones() -> dict[str, Any]:
    """The table."""
    table: dict[str, Any] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return table


def as_painted(request: HeadRequest, tone: str) -> HeadRequest:
    """The request as it is painted: with a tone of the skin, and a colour of hair where its words name none.

    request: in plain English.
    tone: words for the skin, "" for none.
    """
    added = [words for words in (tone, added_hair(request.looks, request.prompt, request.seed, tone)) if words]
    return replace(request, skin=", ".join([request.looks, *added])) if added else request


def added_hair(looks: str, prompt: str, seed: int, tone: str) -> str:
    """The words for a colour of hair that are added to what the painter reads; "" where the words leave nothing to add.

    looks: the words for the painter.
    prompt: the whole prompt, which may name an ancestry or an age.
    seed: draws the colour.
    tone: words for the skin that are added likewise; "" for none.
    """
    table, text = hair_tones(), f"{looks}, {prompt}"
    words = {word.text for word in words_of(text)}
    words |= {part for word in words for part in word.split("-")}
    settled = (skin_tones().settled_by - set(table["of_skin_alone"])) | set(table["hairless"])
    if settled & words or names_colour(text) or (age_in(prompt) or 0.0) >= _GREYING:
        return ""
    named = named_ancestry(prompt)
    if named is not None:
        weights = table["ancestries"].get(skin_tones().words[named], table["others"])
    else:
        weights = table["tones"].get(tone, {})
    if not weights:
        return ""
    odds = np.array(list(weights.values()), np.float64)
    return str(np.random.default_rng([seed, _STREAM]).choice(list(weights), p=odds / odds.sum()))
