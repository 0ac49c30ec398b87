"""From words to what hair they ask for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..ages import age_in
from ..mapping.hair import (
    DEGREES,
    DENIED,
    KINDS,
    HairMapping,
    HairReading,
    draw_hairstyle,
    kept_degrees,
    read_scores,
    with_known_styles,
)
from ..text import TextModel, encode_text
from ..text.hair_phrases import Spoken, spoken
from ..text.hair_words import feature_nouns, hair_table
from ..text.phrases import features_of
from ..types import Floats, Hairstyle

#: Who is spoken of where nothing is said of them.
NOBODY = "a person"
#: Region of the face -> how the words for it begin (see HairMapping.hiding).
REGIONS = {"ear": ("ear", "lobe", "lug"), "forehead": ("forehead", "brow"), "neck": ("neck", "throat")}
#: Age in years from which on men have hair in nose and ears, and the grooms of that.
AGED, NOSE, EARS = 65, {"nose hair": 1.0}, {"ear hair": 1.0}
#: Age in years up to which people have the brows of children, and the brows of children and of women of whom nothing
#: else is said: the usual ones are men's.
CHILDHOOD, CHILDS_BROWS, WOMANS_BROWS = (
    11,
    {"brows thin": 0.75, "Eyebrows": 0.25},
    {"brows thin": 0.4, "brows arched": 0.35, "Eyebrows": 0.25},
)
#: What asks for longer lashes, and their groom.
LONG_LASHES, LASHES = (
    re.compile(r"\b(?:long|thick|full|false|big) (?:black |dark )?(?:eye)?lashes\b"),
    {"lashes long": 1.0},
)

#: Words -> of "hair" and "beard" -> name of a style that MLP_id knows -> its score.
Styles = Callable[[str], dict[str, dict[str, float]]]


@dataclass(frozen=True)
class AskedHair:
    """What words ask for.

    hairstyle: a whole one; where the words leave something open it is drawn.
    reading: what MLP_hair answered.
    compared: whether the words compare with the hair that is there ("longer").
    """

    hairstyle: Hairstyle
    reading: HairReading
    compared: bool = False

    @property
    def nothing(self) -> bool:
        """Whether the words ask for nothing."""
        reading = self.reading
        return not reading.said and reading.part is None and not any(kept_degrees(reading.degrees).values())


def ask_hair(
    sentence: str,
    appearance: str,
    seed: int,
    variation: float,
    mapping: HairMapping,
    text: TextModel,
    known: frozenset[str],
    styles: Styles,
) -> AskedHair:
    """What hair, beard and brows a sentence asks for.

    sentence: a prompt in plain English.
    appearance: its words for the person, without those for an expression.
    seed, variation: of what is drawn where the words leave it open.
    mapping, text: the networks, and the text model that they read.
    known: the grooms that there are.
    styles: what MLP_id says of words.
    Raises ModelError when a model computes NaN.
    """
    reading = read_scores(mapping, embedded(parts_of(sentence, appearance), text))
    reading = with_known_styles(mapping, reading, styles(appearance), seed, variation)
    shown = regions_shown(appearance)
    drawn = draw_hairstyle(mapping, reading, known, seed, variation, shown)
    if "brows" not in reading.said:
        drawn = replace(drawn, brows=usual_brows(sentence.casefold()) or drawn.brows)
    return AskedHair(with_finest(drawn, sentence.casefold()), reading)


def usual_brows(sentence: str) -> dict[str, float]:
    """The brows of whom a sentence speaks of where it says nothing of them: name of a groom -> weight; {} leaves open.

    sentence: in plain English, lower case.
    """
    age = age_in(sentence)
    if age is not None and age <= CHILDHOOD:
        return CHILDS_BROWS
    return {} if hair_table()["women"].isdisjoint(re.findall(r"[a-z]+", sentence)) else WOMANS_BROWS


def with_finest(hairstyle: Hairstyle, sentence: str) -> Hairstyle:
    """A hairstyle with the hair in nose and ears of old men, and with long lashes where words want them.

    hairstyle: without.
    sentence: in plain English, lower case.
    """
    words = re.findall(r"[a-z]+", sentence)
    if (age_in(sentence) or 0) >= AGED and not hair_table()["men"].isdisjoint(words):
        hairstyle = replace(hairstyle, nose=NOSE, ears=EARS)
    return replace(hairstyle, lashes=LASHES) if LONG_LASHES.search(sentence) else hairstyle


def parts_of(sentence: str, appearance: str) -> dict[str, Spoken]:
    """What a sentence says of each of KINDS, and of whom; arguments as of `ask_hair`."""
    about = spoken(appearance)
    # Brows move as well as they have a shape: the words for them may count for the expression.
    return about | {"brows": Spoken(spoken(sentence)["brows"].said, about["brows"].rest)}


def regions_shown(appearance: str) -> frozenset[str]:
    """The regions of the face of whose shape words speak.

    appearance: as of `ask_hair`.
    """
    said = [word for phrase in features_of(appearance).phrases for word in phrase.split()]
    return frozenset(region for region, words in REGIONS.items() if any(word.startswith(words) for word in said))


def ask_change(
    words: str,
    seed: int,
    variation: float,
    mapping: HairMapping,
    text: TextModel,
    known: frozenset[str],
    styles: Styles,
) -> AskedHair:
    """What words for hair alone ask for: "a long red plait", "messier".

    words: in plain English.
    The rest as of `ask_hair`.
    """
    parts = {kind: Spoken(spoken(words)[kind].said, "") for kind in KINDS}
    if not any(part.said for part in parts.values()) and feature_nouns().isdisjoint(words.casefold().split()):
        parts["hair"] = Spoken(f"{words} hair", "")
    reading = read_scores(mapping, embedded(parts, text))
    # Nothing is said of who it is, by which a style would be drawn.
    spoken_of = frozenset(kind for kind in reading.said if parts[kind].said)
    reading = with_known_styles(mapping, replace(reading, said=spoken_of), styles(words), seed, variation)
    hairstyle = draw_hairstyle(mapping, reading, known, seed, variation)
    compared = not hair_table()["compared"].isdisjoint(re.findall(r"[a-z]+", words.casefold()))
    return AskedHair(hairstyle, reading, compared)


def embedded(parts: dict[str, Spoken], text: TextModel) -> Floats:
    """What MLP_hair reads (3, 2 D).

    parts: for each of KINDS what is said of it, and of whom.
    text: the text model.
    """
    texts = texts_of(parts)
    return rows_of(parts, dict(zip(texts, encode_text(text, texts), strict=True)))


def texts_of(parts: dict[str, Spoken]) -> list[str]:
    """What is embedded of `parts`, each text once."""
    return list(dict.fromkeys(words for part in parts.values() for words in (part.rest or NOBODY, part.said) if words))


def rows_of(parts: dict[str, Spoken], embeddings: dict[str, Floats]) -> Floats:
    """What MLP_hair reads (3, 2 D).

    parts: for each of KINDS what is said of it, and of whom.
    embeddings: of `texts_of` the parts, (D,) each.
    """
    nothing = np.zeros_like(next(iter(embeddings.values())))
    rows = [
        (embeddings[p.rest or NOBODY], embeddings[p.said] if p.said else nothing) for p in map(parts.get, KINDS) if p
    ]
    return np.stack([np.concatenate(pair) for pair in rows])


def changed(worn: Hairstyle, asked: AskedHair) -> Hairstyle:
    """What a head wears that is to wear what words ask for: all else stays.

    worn: what it wears now.
    asked: by words. A new style has the degrees of its words alone; degrees without a style are those of the style that
        is worn.
    """
    style, said = asked.hairstyle, asked.reading.said
    new = "hair" in said
    before = Hairstyle() if new else worn
    wanted = asked.reading.degrees
    degrees = {name: getattr(before, name) for name in DEGREES}
    for name, value in kept_degrees({name: abs(value) for name, value in wanted.items()}).items():
        if not value:
            continue
        if asked.compared:
            degrees[name] += wanted[name]
        else:
            degrees[name] = 0.0 if wanted[name] < DENIED and DEGREES[name][0] == 0 else wanted[name]
    return replace(
        worn,
        hair=style.hair if new else worn.hair,
        beard=style.beard if "beard" in said else worn.beard,
        brows=style.brows if "brows" in said else worn.brows,
        part=before.part if style.part is None else style.part,
        **kept_degrees(degrees),
    )
