"""Whether hair, beards and brows are those of the words, in wordings that training never saw, and degrees in order.

    python -m training.evaluate hair

Lengths and curls are measured on the guides that words give a head; all else is read from the hairstyle.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from clip_head.core.hair.library import GroomLibrary, Stored, load_grooms
from clip_head.core.hair.place import blended
from clip_head.core.hair.read import parts_of, regions_shown, rows_of, texts_of
from clip_head.core.hair.shaping import shaped
from clip_head.core.mapping import Mapping, load_mapping, style_scores
from clip_head.core.mapping.hair import (
    KINDS,
    HairMapping,
    HairReading,
    draw_hairstyle,
    load_hair_mapping,
    read_scores,
    with_known_styles,
)
from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import load_nphm
from clip_head.core.text import TextModel, encode_text, load_text_model
from clip_head.core.types import MILLIMETRES_PER_UNIT, Hairstyle
from clip_head.training.engine.tables import load_table
from clip_head.training.language.grooms import BEARD_PHRASES, BROW_PHRASES, HAIR_PHRASES, HELD_OUT, family_of
from clip_head.training.language.hair import BEARDS, STYLES
from clip_head.training.text.embeddings import embed

#: What is asked for: the exam's own wordings.
_SUITE = load_table(
    Path(__file__).parent.parent / "prompt_adherence" / "hair.json",
    ("length", "curl", "messiness", "wetness", "volume", "part", "styles"),
)
#: Seeds of the people of whom every style is asked.
SEEDS = range(4)
#: Smallest difference that counts as an order: of lengths, mm, and of everything else.
LEAST_LENGTH, LEAST = 1.0, 0.02
#: How far a part may be from the middle, and still be one.
MIDDLE = 0.25
#: Turns of a strand, per unit, are so much more curl than turns of its guides.
STRAND_TURNS = 1.0

#: Words and a seed -> what they ask for.
Ask = Callable[[str, int], Hairstyle]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the evaluation."""
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text")
    parser.add_argument("--hair", type=Path, default=EMBEDDED / "hair")
    parser.add_argument("--mapping", type=Path, default=EMBEDDED / "mapping")
    parser.add_argument("--grooms", type=Path, default=EMBEDDED / "grooms")
    parser.add_argument("--nphm", type=Path, default=EMBEDDED / "nphm")


def run(args: argparse.Namespace) -> None:
    """Print the figures.

    args: of add_arguments.
    """
    text = load_text_model(args.text)
    mapping = load_hair_mapping(args.hair, text_width(text))
    sheet = load_nphm(args.nphm).network.sheet
    assert sheet is not None
    library = load_grooms(args.grooms, sheet.vertices)
    for name, figure in figures(text, mapping, load_mapping(args.mapping), library).items():
        print(f"{name}: {figure:.3f}")


def text_width(text: TextModel) -> int:
    """Numbers of an embedding of a text model."""
    return int(encode_text(text, [""]).shape[1])


def figures(text: TextModel, mapping: HairMapping, identity: Mapping, library: GroomLibrary) -> dict[str, float]:
    """Name -> fraction that is right.

    text, mapping, identity: the text model, MLP_hair, and MLP_id with its styles.
    library: the grooms on which lengths and curls are measured; styles are asked for of all that MLP_hair knows.
    """
    every = frozenset(name for names in mapping.names.values() for name in names)
    there = frozenset(library.grooms)
    readings = read_all(text, mapping, identity, [*_asked_for(), *(words for _, _, words in _held_out())])

    def ask(words: str, seed: int, known: frozenset[str] = every, variation: float = 1.0) -> Hairstyle:
        return draw_hairstyle(mapping, readings[words], known, seed, variation, regions_shown(words))

    def measured(words: str) -> Hairstyle:
        return ask(words, 0, there, 0.0)

    result: dict[str, float] = {}
    for kind in KINDS:
        held = [(name, words) for kind_, name, words in _held_out() if kind_ == kind]
        result[f"{kind}: unseen phrases"] = style_right(kind, held, ask)
        asked = [(name, words) for name, every_ in _SUITE["styles"][kind].items() for words in every_]
        result[f"{kind}: the exam's prompts"] = style_right(kind, asked, ask)
    result["length in order"] = in_order(
        _SUITE["length"], lambda words: length_mm(library, measured(words)), LEAST_LENGTH
    )
    result["curl in order"] = in_order(_SUITE["curl"], lambda words: curliness(library, measured(words)), LEAST)
    for name in ("messiness", "wetness", "volume"):
        result[f"{name} in order"] = in_order(_SUITE[name], lambda w, n=name: getattr(measured(w), n), LEAST)  # type: ignore[misc]
    result["parted where it is said"] = float(np.mean([*parts_right(ask)]))
    return result


def read_all(text: TextModel, mapping: HairMapping, identity: Mapping, prompts: list[str]) -> dict[str, HairReading]:
    """What MLP_hair, with MLP_id, answers to prompts, by their words; all are embedded together.

    text, mapping, identity: the text model, MLP_hair, and MLP_id with its styles.
    prompts: without words for an expression.
    """
    parts = {words: parts_of(words, words) for words in prompts}
    texts = sorted({words for part in parts.values() for words in texts_of(part)})
    texts = sorted({*texts, *prompts})
    embeddings = dict(zip(texts, embed(text, texts), strict=True))
    result = {}
    for words, part in parts.items():
        hair, beard = style_scores(identity, embeddings[words])
        known = {"hair": dict(zip(STYLES, hair.tolist(), strict=True))}
        known["beard"] = dict(zip(BEARDS, beard.tolist(), strict=True))
        result[words] = with_known_styles(mapping, read_scores(mapping, rows_of(part, embeddings)), known, 0, 0.0)
    return result


def _asked_for() -> Iterator[str]:
    """Every prompt of the exam."""
    for name in ("length", "curl", "messiness", "wetness", "volume"):
        for pair in _SUITE[name]:
            yield from pair
    for prompts in (*_SUITE["part"].values(), *(p for names in _SUITE["styles"].values() for p in names.values())):
        yield from prompts


def _held_out() -> list[tuple[str, str, str]]:
    """Kind, name, and a prompt with each phrase that is kept from training."""
    who = {"hair": ("a man", "a young woman"), "beard": ("a man", "an old man"), "brows": ("a man", "a woman")}
    tables = dict(zip(KINDS, (HAIR_PHRASES, BEARD_PHRASES, BROW_PHRASES), strict=True))
    return [
        (kind, name, f"{who[kind][number % 2]} with {phrase}")
        for kind, table in tables.items()
        for name, phrases in table.items()
        for number, phrase in enumerate(phrases)
        if phrase in HELD_OUT
    ]


def style_right(kind: str, asked: list[tuple[str, str]], ask: Ask) -> float:
    """How often the groom, or the family of styles, is the one that was asked for.

    kind: "hair", "beard" or "brows".
    asked: names and words.
    ask: what words give.
    """
    wrong: dict[str, list[str]] = {}
    right = []
    for name, words in asked:
        for seed in SEEDS:
            worn = getattr(ask(words, seed), kind)
            found = next(iter(worn), "bald" if kind == "hair" else "none")
            found = family_of(found) if kind == "hair" else found
            right.append(found == name)
            if found != name:
                wrong.setdefault(f"{words} -> {name}", []).append(found)
    for words, found in wrong.items():
        print(f"  {words}: {', '.join(found)}")
    return float(np.mean(right))


def in_order(pairs: tuple[tuple[str, str], ...], measure: Callable[[str], float], least: float) -> float:
    """How often the first of two prompts has more of something than the second.

    pairs: of prompts.
    measure: of a prompt.
    least: difference that counts.
    """
    right = []
    for more, less in pairs:
        values = measure(more), measure(less)
        right.append(values[0] > values[1] + least)
        if not right[-1]:
            print(f"  {more}: {values[0]:.2f}; {less}: {values[1]:.2f}")
    return float(np.mean(right))


def parts_right(ask: Ask) -> Iterator[bool]:
    """Whether hair is parted where each prompt says."""
    for side, prompts in _SUITE["part"].items():
        for words in prompts:
            part = ask(words, 0).part
            sides = {"left": (MIDDLE, 1.0), "right": (-1.0, -MIDDLE), "middle": (-MIDDLE, MIDDLE)}[side]
            right = part is not None and sides[0] <= part <= sides[1]
            if not right:
                print(f"  {words}: parted {part}")
            yield right


def guides_of(library: GroomLibrary, style: Hairstyle) -> Stored | None:
    """The guides of a hairstyle on the template; None for a bald one."""
    stored = blended(library, style.hair)
    return None if stored is None else shaped(stored, style)


def length_mm(library: GroomLibrary, style: Hairstyle) -> float:
    """The length that the longest tenth of the guides of a hairstyle exceeds, mm.

    library: of the template.
    style: as asked for.
    """
    stored = guides_of(library, style)
    if stored is None:
        return 0.0
    lengths = np.linalg.norm(np.diff(stored.points, axis=1), axis=2).sum(axis=1)
    return float(np.quantile(lengths, 0.9) * MILLIMETRES_PER_UNIT)


def curliness(library: GroomLibrary, style: Hairstyle) -> float:
    """Turns in 100 mm of hair: of guides beyond the first third, and of strands about them.

    library: of the template.
    style: as asked for.
    """
    stored = guides_of(library, style)
    if stored is None:
        return 0.0
    steps = np.diff(stored.points[:, stored.points.shape[1] // 3 :], axis=1)
    lengths = np.linalg.norm(steps, axis=2)
    ways = steps / np.maximum(lengths, 1e-9)[..., None]
    angles = np.arccos(np.einsum("nkc,nkc->nk", ways[:, 1:], ways[:, :-1]).clip(-1, 1)).sum(axis=1)
    guides = np.median(angles / np.maximum(lengths.sum(axis=1), 1e-6)) / (2 * np.pi) / MILLIMETRES_PER_UNIT
    strands = stored.look.curl / stored.look.curl_length
    return float(100 * guides + STRAND_TURNS * strands * 10)
