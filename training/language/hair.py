"""What people say of hair and beards: for every style of z_id's hair block and every beard of its beard block."""

from __future__ import annotations

from typing import Any

from clip_head.training.engine.tables import check_keys
from clip_head.training.language.tables import Phrases, load_phrases, phrases_of

#: The styles of z_id's hair block, in its order: the teacher's files, sorted. Bald is a block of zeros.
STYLES = (
    "afro01", "balding", "bob01", "bob02", "braid01", "bun", "buzz", "curly", "long01", "long02", "mohawk", "pigtails",
    "ponytail01", "receding", "short01", "short02", "short03", "short04", "sidepart", "slicked", "spiky", "topknot",
    "wavy",
)  # fmt: skip
#: The beards of z_id's beard block, in its order. Clean-shaven is a block of zeros.
BEARDS = ("stubble", "moustache", "goatee", "full", "long", "mutton chops")
#: Region -> styles that hide more than half of its vertices on the template. No such style is drawn for a sentence that
#: speaks of the region: who asks for big ears wants to see them.
HIDDEN_BY: dict[str, tuple[str, ...]] = {
    "ear": ("afro01", "bob01", "bob02", "long01", "short04", "wavy"),
    "forehead": ("afro01", "bob01", "bob02", "long01", "short02", "short03"),
    "neck": ("long01", "wavy"),
}
#: Groups of people for whom hair.json says how often they wear a style.
_WEARERS = ("men", "women", "boys", "girls")


def style_family(style: str) -> str:
    """The name of a style without its number: "short" of "short03".

    style: one of STYLES, or "bald".
    """
    return style.rstrip("0123456789")


def _words(entries: dict[str, dict[str, Any]], *others: str) -> dict[str, Phrases]:
    """Name -> phrases, of entries of hair.json, whose keys beside them are "held_out", "adjectives" and others."""
    return {
        name: phrases_of(f"{name} in hair.json", entry, ("held_out", "adjectives", *others))
        for name, entry in entries.items()
    }


def _adjectives(entries: dict[str, dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The adjectives of those entries that have any."""
    return {name: entry["adjectives"] for name, entry in entries.items() if entry["adjectives"]}


def _style_weights(entries: dict[str, dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Style -> group of _WEARERS -> weight."""
    for name, entry in entries.items():
        check_keys(f"the weights of {name} in hair.json", entry["weights"], _WEARERS)
    return {name: entry["weights"] for name, entry in entries.items()}


#: The tables of hair.json.
_TABLE = load_phrases("hair", ("styles", "beards"))
#: Style (without its number) -> phrases as they follow "with".
HAIR_WORDS = _words(_TABLE["styles"], "weights")
#: Beard -> phrases as they follow "with"; "none" is clean-shaven.
BEARD_WORDS = _words(_TABLE["beards"])
#: Style -> adjectives that stand before the person, where there are any.
HAIR_ADJECTIVES = _adjectives(_TABLE["styles"])
#: Beard -> adjectives that stand before the person.
BEARD_ADJECTIVES = _adjectives(_TABLE["beards"])
#: Phrases that are kept from training, so that evaluations can ask in unseen words.
HELD_OUT_HAIR = frozenset(
    phrase for entries in _TABLE.values() for entry in entries.values() for phrase in entry["held_out"]
)
#: Style -> how often men, women, boys and girls wear it when nothing is said of it, each relative to the other styles.
STYLE_WEIGHTS = _style_weights(_TABLE["styles"])
