"""Typing errors: a word that English lacks becomes the likeliest word of faces that is nearly spelt like it.

A word that is known is never touched, be it meant or not; nor are names, numbers and words of other scripts.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ..errors import ModelError
from ..models import open_model_folder
from ..types import ModelCard

#: File of a spelling's folder that holds its words (see `packed`).
WORDS = "words.txt"
#: Letters from which a word may have one letter too few or too many, one exchanged, and two errors. Any word may have
#: two neighbouring letters the wrong way round; other changes of a short word give another word.
FEWER_OR_MORE, EXCHANGED, TWO_ERRORS = 4, 5, 8
#: How often a word must be said of faces to be what two errors were made in, and what three letters are short of.
COMMON, JOINING = 3, 100
#: How often one must be said that is meant by a word of another language.
OFTEN = 10
#: Letters from which a word may be meant that is not said of faces.
OTHER_WORDS = 6
#: Share of a text's words that must be said of faces, errors mended, for it to be taken for English with errors.
ENGLISH_SHARE = 0.6
#: Digits of the lengths in a packed list.
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
#: A word of Latin letters, with the apostrophe of "don't"; hyphens part words.
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True)
class Spelling:
    """The words that are known.

    counts: word, lower case -> how often phrases about faces say it; 0 for the rest of English.
    """

    card: ModelCard
    counts: dict[str, int]


def load_spelling(folder: Path) -> Spelling:
    """The words in `folder` (kind "spelling"). Raises ModelError when they are damaged."""
    opened = open_model_folder(folder, "spelling")
    try:
        counts = unpacked((folder / WORDS).read_text(encoding="ascii"))
    except (OSError, ValueError, IndexError) as error:
        raise ModelError(
            f"The list of words {folder / WORDS} cannot be read ({error}).",
            "Restore the folder from the release it came from.",
        ) from error
    return Spelling(opened.card, counts)


def packed(counts: dict[str, int]) -> str:
    """The words in order, a line each: how many letters it shares with the word before, the others, and its count where
    that is not zero."""
    lines, before = [], ""
    for word in sorted(counts):
        shared = next((k for k, (a, b) in enumerate(zip(before, word, strict=False)) if a != b), len(before))
        shared = min(shared, len(_DIGITS) - 1)
        lines.append(f"{_DIGITS[shared]}{word[shared:]}{f' {counts[word]}' if counts[word] else ''}\n")
        before = word
    return "".join(lines)


def unpacked(text: str) -> dict[str, int]:
    """The words that `packed` wrote. Raises ValueError or IndexError for any other text."""
    counts, before = {}, ""
    for line in text.splitlines():
        rest, _, count = line[1:].partition(" ")
        before = before[: _DIGITS.index(line[0])] + rest
        counts[before] = int(count or 0)
    return counts


def mended(spelling: Spelling, text: str, others: Collection[str] = ()) -> str:
    """The text with its typing errors mended; as it was where it is not English.

    text: of any language. Words that begin with a capital within a sentence are names, which stay.
    others: further words, lower case, that are no errors.
    """
    shouted = text.isupper()
    replaced: dict[int, tuple[int, str]] = {}
    known = words = 0
    for match in _WORD.finditer(text):
        word = match.group()
        words += 1
        lower = word.lower().replace("’", "'")
        if is_known(spelling, lower):
            known += spelling.counts.get(lower, 0) > 0
            continue
        begins = not re.search(r"[^\s.!?]\s*$", text[: match.start()])
        if (word != lower and not (shouted or begins)) or not lower.isascii():
            words -= not lower.isascii() or word != lower
            continue
        guess = likeliest_word(spelling, lower)
        if guess is not None and lower in others and spelling.counts.get(guess, 0) < OFTEN:
            words -= 1
        elif guess is not None:
            known += 1
            replaced[match.start()] = (match.end(), guess)
    if not replaced or known < ENGLISH_SHARE * words:
        return text
    for start, (end, guess) in sorted(replaced.items(), reverse=True):
        text = text[:start] + guess + text[end:]
    return text


def is_known(spelling: Spelling, word: str) -> bool:
    """Whether a word, lower case, is English: one of the list, or a form of one with an apostrophe."""
    return word in spelling.counts or word.split("'")[0] in spelling.counts


def likeliest_word(spelling: Spelling, word: str) -> str | None:
    """The word, or two words without the blank between them, that an unknown word was meant to be; None where there is
    none near.

    word: lower case, ASCII.
    """
    most = 2 if len(word) >= TWO_ERRORS else 1
    best: tuple[int, int, int, str] | None = None
    for other, count in spelling.counts.items():
        if abs(len(other) - len(word)) > most or len(other) < 2 or (not count and len(word) < OTHER_WORDS):
            continue
        if other[0] != word[0] and other[:2] != word[1::-1]:
            continue
        swapped = sorted(other) == sorted(word)
        joins = count >= JOINING and len(other) > len(word) > 2
        shortest = EXCHANGED if len(other) == len(word) else FEWER_OR_MORE
        if len(word) < shortest and not swapped and not joins:
            continue
        errors = distance(word, other)
        errors = 1 if swapped and errors == most + 1 == 2 and len(word) >= OTHER_WORDS else errors
        found = (errors, _oddity(word, other), -count, other)
        if errors <= (most if count >= COMMON else 1) and (best is None or found < best):
            best = found
    if best is not None and best[0] == 1:
        return best[3]
    halves = [(word[:k], word[k:]) for k in range(3, len(word) - 2)]
    both = [pair for pair in halves if all(spelling.counts.get(half) for half in pair)]
    if both:
        return " ".join(max(both, key=lambda pair: min(spelling.counts[half] for half in pair)))
    return None if best is None else best[3]


def _oddity(word: str, other: str) -> int:
    """How odd it is to type `word` for `other`: least so are letters swapped, doubled or not, then letters left out."""
    if sorted(word) == sorted(other) or re.sub(r"(.)\1", r"\1", word) == re.sub(r"(.)\1", r"\1", other):
        return 0
    return 1 if len(other) > len(word) else 2


def distance(word: str, other: str) -> int:
    """The least number of letters dropped, added, exchanged, or swapped with their neighbours, that makes one word of
    the other (the optimal string alignment form of Damerau's and Levenshtein's distance)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == wanted:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
