"""List the words by which typing errors are mended: those of phrases about faces, counted, and the rest of English.

    python -m training spelling

The rest of English are the whole words of the text tower's vocabulary: what it knows is no error.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.text.spelling import WORDS, packed
from clip_head.core.types import ModelCard
from clip_head.training.language.tables import PHRASES_FOLDER, load_phrases
from clip_head.training.prompt_adherence.suite import held_out_phrases

#: A word of a phrase.
_WORD = re.compile(r"[a-z]+")
#: Words that every sentence is put together with, and so hardly stand in the tables.
JOINTS = ("a", "an", "and", "but", "face", "has", "head", "is", "portrait", "the", "who", "with", "without", "wearing")
#: How often they are counted.
JOINT_COUNT = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text", help="folder of the embedded text model")
    parser.add_argument("--out", type=Path, default=EMBEDDED / "spelling")


def run(args: argparse.Namespace) -> None:
    """Write the words and their model.json."""
    said = Counter(word for phrase in phrases() for word in _WORD.findall(phrase.lower()))
    said.update(dict.fromkeys(JOINTS, JOINT_COUNT))
    counts = dict.fromkeys(vocabulary(args.text), 0) | dict(said)
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / WORDS).write_text(packed(counts), encoding="ascii", newline="\n")
    card = ModelCard("spelling", "CLIP-Head spelling", "CC0-1.0", "python -m training spelling")
    figures = {"words": len(counts), "of these in phrases about faces": len(said)}
    write_model_json(args.out, card, {}, figures, [WORDS])
    print(figures)


def phrases() -> Iterator[str]:
    """Every phrase about faces: those that training draws from, and those of the exam, in which nothing is mended."""
    for path in sorted(PHRASES_FOLDER.glob("*.json")):
        yield from strings(load_phrases(path.stem))
    yield from held_out_phrases()


def strings(value: Any) -> Iterator[str]:
    """Every string inside a table, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from strings(value.values())
    elif isinstance(value, Iterable):
        for entry in value:
            yield from strings(entry)


def vocabulary(folder: Path) -> list[str]:
    """The whole words of a text tower's vocabulary, in Latin letters, lower case.

    folder: of the embedded text model, which has a tokenizer.json of the WordPiece kind.
    """
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    return [word for word in tokenizer["model"]["vocab"] if _WORD.fullmatch(word)]
