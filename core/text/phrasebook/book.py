"""A phrasebook: what words and phrases about faces are in English, and how a text is taken apart into them.

A book is a JSON file, written by hand: kind of phrase -> English -> the ways to say it. A word that is inflected is
found by its stem: the book lists the endings that are left off. Accents may be missing.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import ModelError

#: The folder of the books, one JSON file a language, named by its code.
FOLDER = Path(__file__).parent
#: Kinds of phrases: persons ("old man"), parts of a head ("nose"), other things ("pencil"), adjectives, moods
#: ("angry"), degrees ("very"), what stands for itself behind a comma ("laughing") or behind a noun ("that never ends"),
#: and words that join ("with").
KINDS = ("person", "part", "thing", "adjective", "mood", "degree", "expression", "clause", "word")
#: The kinds that a noun phrase ends with.
NOUNS = ("person", "part", "thing")
#: What a word counts for a language that is no part of its book.
UNKNOWN = "unknown"
#: Letters that stay when an ending is left off.
_STEM = 3
#: A word, a number, or one mark of punctuation, of a text in Latin letters. An apostrophe ends a word: "d'ambre".
_PIECE = re.compile(r"[^\W\d_]+['’]?|\d+|[^\w\s]")


@dataclass(frozen=True)
class Token:
    """A stretch of a text: its kind (one of KINDS, or UNKNOWN), its English, and the text itself."""

    kind: str
    english: str
    text: str


@dataclass(frozen=True)
class Phrasebook:
    """One language.

    code: "de" and so on.
    spaced: whether blanks part its words.
    phrases: words as they are written, without accents -> kind and English; of texts without blanks the characters.
    stems: the same for words without their endings.
    endings: longest first.
    ages: patterns for ages in figures, with one group, the number.
    adjectives_follow: whether they stand behind their noun.
    simple: characters -> those that the book writes for them.
    """

    code: str
    spaced: bool
    phrases: dict[tuple[str, ...], tuple[str, str]]
    stems: dict[tuple[str, ...], tuple[str, str]]
    endings: tuple[str, ...]
    ages: tuple[re.Pattern[str], ...]
    adjectives_follow: bool
    simple: dict[int, str]
    longest: int


def load_phrasebooks() -> dict[str, Phrasebook]:
    """All books by the code of their language. Raises ModelError when one cannot be read."""
    books = {}
    for path in sorted(FOLDER.glob("*.json")):
        try:
            books[path.stem] = _book(path.stem, json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"The phrasebook {path} cannot be read ({error!r}).", "Reinstall CLIP-Head.") from error
    return books


def _book(code: str, entries: dict[str, Any]) -> Phrasebook:
    spaced = entries["spaced"]
    endings = tuple(sorted(entries["endings"], key=len, reverse=True)) if spaced else ()
    phrases: dict[tuple[str, ...], tuple[str, str]] = {}
    stems: dict[tuple[str, ...], tuple[str, str]] = {}
    for kind in KINDS:
        for english, ways in entries[kind].items():
            for way in ways:
                for form in [way] if spaced else _forms(way, entries["endings"]):
                    accented = tuple(pieces(form.lower())) if spaced else tuple(form)
                    words = tuple(fold(word, code) for word in accented) if spaced else accented
                    phrases.setdefault(accented, (kind, english))
                    phrases.setdefault(words, (kind, english))
                    stems.setdefault(tuple(stem(word, endings) for word in words), (kind, english))
    return Phrasebook(
        code=code,
        spaced=spaced,
        phrases=phrases,
        stems=stems if spaced else {},
        endings=endings,
        ages=tuple(re.compile(pattern, re.IGNORECASE) for pattern in entries["ages"]),
        adjectives_follow=entries["adjectives_follow"],
        simple=str.maketrans(entries.get("simple", {})),
        longest=max(map(len, phrases)),
    )


def _forms(way: str, endings: dict[str, list[str]]) -> Iterator[str]:
    """A phrase of a language without blanks, and its forms with other endings."""
    yield way
    for ending, others in endings.items():
        if way.endswith(ending) and len(way) > len(ending):
            yield from (way.removesuffix(ending) + other for other in others)


def pieces(text: str) -> list[str]:
    """The words, numbers and marks of a text in Latin letters."""
    return _PIECE.findall(text)


def fold(text: str, code: str) -> str:
    """The text in lower case without accents; in German ä is ae, as it is typed where there is no such key."""
    text = text.lower().replace("’", "'").replace("ß", "ss").replace("œ", "oe")
    if code == "de":
        text = text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def stem(word: str, endings: tuple[str, ...]) -> str:
    """The word without endings, as long as they leave a stem."""
    shorter = next((word.removesuffix(e) for e in endings if word.endswith(e) and len(word) - len(e) >= _STEM), word)
    return word if shorter == word else stem(shorter, endings)


def tokens_of(book: Phrasebook, text: str) -> list[Token]:
    """The text taken apart into the longest phrases of the book, from its beginning on."""
    tokens: list[Token] = []
    begin = 0
    for start, end, age in _ages(book, text):
        tokens += _tokens(book, text[begin:start])
        tokens.append(Token("adjective", f"{age}-year-old", text[start:end]))
        begin = end
    return tokens + _tokens(book, text[begin:])


def _ages(book: Phrasebook, text: str) -> list[tuple[int, int, str]]:
    """Where ages stand in a text, (start, end, number), in order and apart from each other."""
    found = [(match.start(), match.end(), match.group(1)) for age in book.ages for match in age.finditer(text)]
    apart: list[tuple[int, int, str]] = []
    for place in sorted(found, key=lambda place: (place[0], -place[1])):
        if not apart or place[0] >= apart[-1][1]:
            apart.append(place)
    return apart


def _tokens(book: Phrasebook, text: str) -> list[Token]:
    if not book.spaced:
        return list(_joined(_matches(book, list(text), list(text.translate(book.simple).lower())), ""))
    words = pieces(text)
    found = _matches(book, words, [fold(word, book.code) for word in words])
    return [token for token in found if token.text != "-"]


def _matches(book: Phrasebook, words: list[str], folded: list[str]) -> Iterator[Token]:
    """Tokens of the longest phrases, each from where the one before ended; unknown words are tokens of their own."""
    lower = [word.lower() for word in words] if book.spaced else folded
    stems = [stem(word, book.endings) for word in folded]
    place = 0
    while place < len(words):
        for length in range(min(book.longest, len(words) - place), 0, -1):
            ends = place + length
            found = (
                book.phrases.get(tuple(lower[place:ends]))
                or book.phrases.get(tuple(folded[place:ends]))
                or book.stems.get(tuple(stems[place:ends]))
            )
            if found is not None:
                text = (" " if book.spaced else "").join(words[place:ends])
                yield Token(*found, text)
                place = ends
                break
        else:
            compound = _compound(book, folded[place]) if book.code == "de" else ()
            yield from compound or (Token(UNKNOWN, words[place], words[place]),)
            place += 1


def _compound(book: Phrasebook, word: str) -> tuple[Token, ...]:
    """A German compound of two words of the book: "Lockenhaar", "rothaarig"; nothing where it is none."""
    for cut in range(_STEM, len(word) - 2):
        last = book.phrases.get((word[cut:],)) or book.stems.get((stem(word[cut:], book.endings),))
        if last is None or last[0] not in (*NOUNS, "adjective"):
            continue
        for first in (word[:cut], word[:cut].removesuffix("s"), word[:cut].removesuffix("n")):
            found = book.phrases.get((first,)) or book.stems.get((stem(first, book.endings),))
            if found is None or found[0] not in (*NOUNS, "adjective") or len(first) < _STEM:
                continue
            if last[1].startswith("-"):
                return (Token("adjective", found[1].split("~")[-1].removesuffix("s") + last[1], word),)
            return Token("adjective", found[1].split("~")[-1], word[:cut]), Token(*last, word[cut:])
    return ()


def _joined(tokens: Iterator[Token], blank: str) -> Iterator[Token]:
    """The tokens, with neighbours that are unknown made one."""
    run: list[str] = []
    for token in tokens:
        if token.kind == UNKNOWN and not re.fullmatch(r"[^\w]", token.text):
            run.append(token.text)
            continue
        if run:
            yield Token(UNKNOWN, blank.join(run), blank.join(run))
            run = []
        yield token
    if run:
        yield Token(UNKNOWN, blank.join(run), blank.join(run))
