"""What people say of age, gender, ancestry and weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from clip_head.training.engine.tables import check_keys
from clip_head.training.language.tables import Phrases, load_phrases, phrases_of

#: How tables name a gender -> 0 for male, 1 for female, None for both.
GENDERS: dict[str, int | None] = {"male": 0, "female": 1, "any": None}
#: How people.json names the ends of the weight -> 1 for heavy, -1 for thin.
_WEIGHTS = {"heavy": 1, "thin": -1}
#: In years: from this age on, up to below that age.
AgeRange = tuple[int, int]


@dataclass(frozen=True)
class Ancestry:
    """An ancestry, and what people call it.

    fractions: of african, asian and caucasian, in this order; they sum to 1.
    words: adjectives, and phrases that follow the noun.
    """

    fractions: tuple[float, float, float]
    words: Phrases


def _by_age(name: str, *others: str) -> list[tuple[AgeRange, dict[str, Any]]]:
    """The entries of a list of people.json, each with its range of ages. Their keys are "from", "to", "phrases" and
    others."""
    for entry in _TABLE[name]:
        check_keys(f"{name} in people.json", entry, ("from", "to", "phrases", *others))
    return [((entry["from"], entry["to"]), entry) for entry in _TABLE[name]]


def _words(name: str, entry: dict[str, Any], *others: str) -> Phrases:
    """The phrases of an entry of people.json, whose keys beside them are others."""
    return phrases_of(f"{name} in people.json", entry, others)


def _ancestry(name: str, entry: dict[str, Any]) -> Ancestry:
    """One of the ancestries of people.json."""
    words = _words(name, entry, "fractions")
    check_keys(f"fractions of {name} in people.json", entry["fractions"], ("african", "asian", "caucasian"))
    fractions = entry["fractions"]
    return Ancestry((fractions["african"], fractions["asian"], fractions["caucasian"]), words)


#: The tables of people.json.
_TABLE = load_phrases(
    "people",
    (
        "age_nouns", "age_adjectives", "age_traits", "decades", "units", "tens", "nouns", "androgynous",
        "gender_adjectives", "ancestries", "weight_adjectives", "weight_traits",
    ),
)  # fmt: skip
#: (from age, to age, gender or None) -> nouns that say so.
AGE_NOUNS: dict[tuple[int, int, int | None], Phrases] = {
    (*ages, GENDERS[entry["gender"]]): _words("age_nouns", entry, "from", "to", "gender")
    for ages, entry in _by_age("age_nouns", "plainest", "gender")
}
#: (from age, to age) -> adjectives.
AGE_ADJECTIVES: dict[AgeRange, Phrases] = {
    ages: _words("age_adjectives", entry, "from", "to") for ages, entry in _by_age("age_adjectives", "plainest")
}
#: (from age, to age) -> what follows "with" or a comma.
AGE_TRAITS: dict[AgeRange, tuple[str, ...]] = {ages: entry["phrases"] for ages, entry in _by_age("age_traits")}
#: Words for tens of years, as they follow "in his", in order from "teens" on: entry 0 is for ages from 10 to 19.
DECADES: tuple[str, ...] = _TABLE["decades"]
#: The numbers from 1 to 19 in letters, and the tens from 20 on.
UNITS: tuple[str, ...] = _TABLE["units"]
TENS: tuple[str, ...] = _TABLE["tens"]
#: Gender as in GENDERS -> nouns for grown-ups of any age; professions are under None, since they do not say it.
NOUNS: dict[int | None, Phrases] = {
    GENDERS[gender]: _words("nouns", entry) for gender, entry in _TABLE["nouns"].items()
}
#: Nouns for people between man and woman.
ANDROGYNOUS: tuple[str, ...] = _TABLE["androgynous"]
#: Gender -> adjectives for a noun that does not say it.
GENDER_ADJECTIVES: dict[int | None, tuple[str, ...]] = {
    GENDERS[gender]: phrases for gender, phrases in _TABLE["gender_adjectives"].items()
}
#: Name of an ancestry -> its fractions and words.
ANCESTRIES: dict[str, Ancestry] = {name: _ancestry(name, entry) for name, entry in _TABLE["ancestries"].items()}
#: 1 for heavy, -1 for thin -> adjectives.
WEIGHT_ADJECTIVES: dict[int, Phrases] = {
    _WEIGHTS[end]: _words("weight_adjectives", entry) for end, entry in _TABLE["weight_adjectives"].items()
}
#: 1 for heavy, -1 for thin -> what follows "with".
WEIGHT_TRAITS: dict[int, tuple[str, ...]] = {_WEIGHTS[end]: phrases for end, phrases in _TABLE["weight_traits"].items()}
