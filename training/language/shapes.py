"""What people say of the shapes of a face: plain words, figures of speech, adjectives and clauses for every extreme."""

from __future__ import annotations

from dataclasses import dataclass

from clip_head.core.errors import ModelError
from clip_head.training.language.tables import check_entry, load_phrases

#: Lists of an entry of shapes.json, as the fields of Wordings.
_LISTS = ("plain", "figures", "adjectives", "clauses")
#: How shapes.json names the extremes of a shape: more of it, and less.
_SIGNS = {"+": 1, "-": -1}


@dataclass(frozen=True)
class Wordings:
    """The ways to say one extreme of a shape.

    plain: an adjective and a noun, which take adverbs of degree ("a slightly big nose").
    figures: any other noun phrases ("ears like an elephant").
    adjectives: what stands before the person ("big-nosed").
    clauses: what follows "whose" ("nose is big").
    """

    plain: tuple[str, ...]
    figures: tuple[str, ...]
    adjectives: tuple[str, ...]
    clauses: tuple[str, ...]


def _load() -> tuple[dict[tuple[str, int], Wordings], frozenset[str]]:
    """SHAPE_WORDS and HELD_OUT_SHAPES, from shapes.json."""
    words: dict[tuple[str, int], Wordings] = {}
    held_out: list[str] = []
    for name, extremes in load_phrases("shapes").items():
        for sign, entry in extremes.items():
            where = f"{name} {sign} in shapes.json"
            if sign not in _SIGNS:
                raise ModelError(f"{where} is no extreme of a shape.", "Write + or -.")
            check_entry(where, entry, _LISTS, ("held_out",))
            words[name, _SIGNS[sign]] = Wordings(*(entry[part] for part in _LISTS))
            held_out += entry["held_out"]
    return words, frozenset(held_out)


#: SHAPE_WORDS: (shape, +1 or -1) -> the ways to say that extreme. HELD_OUT_SHAPES: phrases of these that are kept from
#: training, so that evaluations can ask in unseen words: none of the plain ones, and about one in six of the first few
#: hundred others; phrases that were added later are all for training.
SHAPE_WORDS, HELD_OUT_SHAPES = _load()
