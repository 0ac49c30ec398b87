"""What people say of all grooms of the library: of the head model's styles and beards (hair.py), and of those that only
have guides, such as dreadlocks, a handlebar moustache or bushy brows.
"""

from __future__ import annotations

from typing import Any

from clip_head.core.hair.library import BROWS as EYEBROWS
from clip_head.training.language.hair import (
    BEARD_ADJECTIVES,
    BEARD_WORDS,
    BEARDS,
    HAIR_ADJECTIVES,
    HAIR_WORDS,
    HELD_OUT_HAIR,
    HIDDEN_BY,
    STYLE_WEIGHTS,
    STYLES,
    style_family,
)
from clip_head.training.language.tables import load_phrases, phrases_of

#: The tables of grooms.json, and phrases of hair.json that name one of its grooms -> that groom.
_TABLE = load_phrases("grooms", ("hair", "beards", "brows", "renamed"))
#: Grooms that belong to a family of the head model's styles.
_ALSO = {"longstraight": "long"}
#: Grooms of hair and of beards, those of the head model first; and of brows, those that everybody has first.
HAIR_GROOMS = (*STYLES, *_ALSO, *_TABLE["hair"])
BEARD_GROOMS = (*BEARDS, *_TABLE["beards"])
BROW_GROOMS = (EYEBROWS, *(name for name in _TABLE["brows"] if name not in (EYEBROWS, "none")))
#: What having none is called: of hair, of beards and of brows.
BALD, SHAVEN, BROWLESS = "bald", "none", "none"
#: Region of the face -> grooms that hide more than half of it. No such one is drawn for a sentence that speaks of it.
HIDING: dict[str, tuple[str, ...]] = {
    "ear": (*HIDDEN_BY["ear"], "boxbraids", "bowl", "hime", "longcurls", "longstraight", "mullet", "shag", "wavybob"),
    "forehead": (*HIDDEN_BY["forehead"], "bowl", "caesar", "fringe", "hime", "shag"),
    "neck": (*HIDDEN_BY["neck"], "boxbraids", "dreadlocks", "hime", "longcurls", "longstraight", "mullet"),
}


def _entries(kind: str, others: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """The entries of one table of grooms.json, checked."""
    entries: dict[str, dict[str, Any]] = _TABLE[kind]
    for name, entry in entries.items():
        phrases_of(f"{name} in grooms.json", entry, ("held_out", "adjectives", *others))
    return entries


_HAIR, _BEARDS, _BROWS = _entries("hair", ("weights",)), _entries("beards", ()), _entries("brows", ())


def _phrases(first: dict[str, Any], entries: dict[str, dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Family or groom -> phrases, the renamed ones where they belong, those held out among them."""
    renamed: dict[str, str] = _TABLE["renamed"]
    phrases = {name: [p for p in words.all if p not in renamed] for name, words in first.items()}
    for name, entry in entries.items():
        old = [p for words in first.values() for p in words.all if renamed.get(p) == name]
        phrases[name] = [*entry["phrases"], *(p for p in old if p not in entry["phrases"])]
    return {name: tuple(words) for name, words in phrases.items()}


#: Family of styles ("short"), groom, or BALD -> phrases as they follow "with".
HAIR_PHRASES = _phrases(HAIR_WORDS, _HAIR)
#: Beard or SHAVEN -> phrases.
BEARD_PHRASES = _phrases(BEARD_WORDS, _BEARDS)
#: Brows or BROWLESS -> phrases.
BROW_PHRASES = _phrases({}, _BROWS)
#: The same names -> adjectives that stand before the person.
ADJECTIVES: dict[str, dict[str, tuple[str, ...]]] = {
    "hair": {**HAIR_ADJECTIVES, **{name: e["adjectives"] for name, e in _HAIR.items() if e["adjectives"]}},
    "beard": {**BEARD_ADJECTIVES, **{name: e["adjectives"] for name, e in _BEARDS.items() if e["adjectives"]}},
    "brows": {name: e["adjectives"] for name, e in _BROWS.items() if e["adjectives"]},
}
#: Phrases that are kept from training, so that evaluations can ask in unseen words.
HELD_OUT = HELD_OUT_HAIR | {p for table in (_HAIR, _BEARDS, _BROWS) for e in table.values() for p in e["held_out"]}
#: Family or groom -> how often men, women, boys and girls wear it.
WEIGHTS: dict[str, dict[str, float]] = {**STYLE_WEIGHTS, **{name: entry["weights"] for name, entry in _HAIR.items()}}


def family_of(groom: str) -> str:
    """What phrases call a groom of hair: its family for one of the head model's styles, else itself.

    groom: one of HAIR_GROOMS, or BALD.
    """
    return style_family(groom) if groom in STYLES else _ALSO.get(groom, groom)
