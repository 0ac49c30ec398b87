"""Prompts as people type them, as the English sentences that the text tower reads.

The tower learned English alone. A prompt of a language that has a phrasebook is translated by it; in an English one
typing errors are mended. All else stays to the letter: correct English, names, other languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..types import HeadRequest
from .phrasebook import Phrasebook, is_all_known, language_of, load_phrasebooks, translate
from .spelling import Spelling, load_spelling, mended

#: The fields of a request that hold words.
FIELDS = ("prompt", "expression", "skin", "negative")


@dataclass(frozen=True)
class Reader:
    """What prompts are read with.

    spelling: the words of English.
    books: a phrasebook for each other language, by its code.
    said_of_faces: the words, lower case, that show that a prompt is English.
    foreign: the words of the books, lower case, which are no typing errors in an English prompt.
    """

    spelling: Spelling
    books: Mapping[str, Phrasebook]
    said_of_faces: frozenset[str]
    foreign: frozenset[str]


def load_reader(folder: Path) -> Reader:
    """The reader with the spelling in `folder`. Raises ModelError when it, or a phrasebook, is damaged."""
    spelling = load_spelling(folder)
    said = frozenset(word for word, count in spelling.counts.items() if count)
    books = load_phrasebooks()
    foreign = frozenset(word for book in books.values() if book.spaced for phrase in book.phrases for word in phrase)
    return Reader(spelling, books, said, foreign)


def plain_words(reader: Reader, text: str, beside: str = "") -> str:
    """The English that is read for a text: the text itself where nothing is to be mended or translated.

    reader: loaded.
    text: one field of a request, in any language.
    beside: all fields together: a short field is in their language, if its words are ("Bart" is also a name).
    """
    code = language_of(reader.books, text, reader.said_of_faces)
    if code is None:
        code = language_of(reader.books, beside, reader.said_of_faces)
        code = code if code and is_all_known(reader.books[code], text) else None
    return mended(reader.spelling, text, reader.foreign) if code is None else translate(reader.books, code, text)


def plain_request(reader: Reader, request: HeadRequest) -> HeadRequest:
    """The request with all its words in plain English.

    reader: loaded.
    request: as the artist typed it.
    """
    words = {name: getattr(request, name) for name in FIELDS}
    beside = ", ".join(words.values())
    plain: dict[str, Any] = {name: plain_words(reader, text, beside) for name, text in words.items()}
    return replace(request, **plain)


def read_as(request: HeadRequest, plain: HeadRequest) -> dict[str, str]:
    """How the fields were read that were read in other words than the artist's.

    request: as the artist typed it.
    plain: what `plain_request` made of it.
    """
    return {name: getattr(plain, name) for name in FIELDS if getattr(plain, name) != getattr(request, name)}
