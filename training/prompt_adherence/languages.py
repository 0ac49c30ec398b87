"""The suite in other languages, and sentences with typing errors: languages.json and typing_errors.json.

The translations were written sentence by sentence, not made from the phrasebooks. Their authors were the same, though:
idioms of the suite stand in the phrasebooks, which everyday sentences of others will not always find there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clip_head.training.engine.tables import load_table
from clip_head.training.prompt_adherence.suite import BEARDS, EXPRESSIONS, HAIR, OPPOSITES

#: The tables of languages.json: code -> sentences that words are put into; English -> code -> translation.
_TABLE = load_table(Path(__file__).with_name("languages.json"), ("carriers", "sentences"))
#: For each language, sentences that words for a part, and for an expression, are put into.
CARRIERS: dict[str, dict[str, tuple[str, ...]]] = _TABLE["carriers"]
#: Every entry of the suite in all languages.
SENTENCES: dict[str, dict[str, str]] = _TABLE["sentences"]
#: Sentences as they were typed, and as they were meant.
TYPING_ERRORS: dict[str, str] = load_table(Path(__file__).with_name("typing_errors.json"))


def suite_words() -> dict[str, tuple[str, ...]]:
    """Every entry of the suite, each once: those about the person, and those about the expression."""
    contrasts = [contrast for opposites in OPPOSITES for contrast in opposites.contrasts]
    parts = [words for contrast in contrasts for words in (contrast.more, contrast.less)]
    wholes = [words for table in (HAIR, BEARDS) for ways in table.values() for words in ways]
    expressions = [words for ways in EXPRESSIONS.values() for words in ways]
    return {"person": tuple(dict.fromkeys([*parts, *wholes])), "expression": tuple(expressions)}


def prompt_in(language: str, words: str, carriers: dict[str, Any]) -> str:
    """A whole prompt that asks for an entry of the suite.

    language: a code of CARRIERS, or "en".
    words: the entry, in English.
    carriers: of the language, as in CARRIERS.
    """
    said = words if language == "en" else SENTENCES[words][language]
    if words.startswith("=") or words in _WHOLE:
        return said.removeprefix("=")
    kind = "expressions" if words in _EXPRESSIONS else "parts"
    return str(carriers[kind][0].format(said))


_WHOLE = frozenset(words for table in (HAIR, BEARDS) for ways in table.values() for words in ways)
_EXPRESSIONS = frozenset(words for ways in EXPRESSIONS.values() for words in ways)
