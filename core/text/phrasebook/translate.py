"""Which language a prompt is in, and the prompt in English."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from .asian import asian_to_english
from .book import KINDS, UNKNOWN, Phrasebook, fold, pieces, tokens_of
from .english import tidied
from .european import european_to_english

#: Kana, and Chinese characters with kana or without.
_KANA, _HAN = re.compile(r"[\u3041-\u30fa]"), re.compile(r"[\u4e00-\u9fff]")
#: Kinds of phrases that show what a text is about.
_CONTENT = frozenset(KINDS) - {"word", "degree"}


def translate(books: Mapping[str, Phrasebook], code: str, text: str) -> str:
    """A text in English; what the book does not know stays as it is.

    books: by language.
    code: the text's language.
    """
    tokens = tokens_of(books[code], text)
    if not books[code].spaced:
        return tidied(asian_to_english(tokens, code))
    return tidied(european_to_english(tokens, code, books[code].adjectives_follow))


def language_of(books: Mapping[str, Phrasebook], text: str, english: Collection[str]) -> str | None:
    """The code of the language that a text is in; None for English, and for what no book knows.

    books: by language.
    english: the English words that are said of faces, lower case.
    A text is in another language where more of its words are that language's alone than English alone.
    """
    if not _HAN.search(text) and not _KANA.search(text):
        return _latin_language_of(books, text, english)
    unknown = {}
    for code in ("ja",) if _KANA.search(text) else ("zh", "ja"):
        tokens = tokens_of(books[code], text)
        if any(token.kind in _CONTENT for token in tokens):
            unknown[code] = sum(len(token.text) for token in tokens if token.kind == UNKNOWN)
    return min(unknown, key=lambda code: unknown[code], default=None)


def is_all_known(book: Phrasebook, text: str) -> bool:
    """Whether the book knows every word of a text, which has some."""
    tokens = tokens_of(book, text)
    return any(token.kind in _CONTENT for token in tokens) and not any(
        token.kind == UNKNOWN and token.text[0].isalnum() for token in tokens
    )


def _latin_language_of(books: Mapping[str, Phrasebook], text: str, english: Collection[str]) -> str | None:
    best, most = None, 0
    for code, book in books.items():
        if not book.spaced:
            continue
        own = foreign = content = 0
        for token in tokens_of(book, text):
            known = token.kind != UNKNOWN
            for word in pieces(token.text):
                if not word[0].isalpha():
                    continue
                is_english = fold(word, "").rstrip("'") in english
                own += known and not is_english
                content += known and token.kind in _CONTENT
                foreign += is_english and not known
        if content and own > foreign and own > most:
            best, most = code, own
    return best
