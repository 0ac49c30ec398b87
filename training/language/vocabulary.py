"""The words that training teaches by themselves: shipped with the extension, so that it can tell which it never learnt.

    python -m clip_head.training.language.vocabulary

writes core/text/taught_words.json anew, after phrases were added.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from clip_head.core.text.hair_words import hair_table
from clip_head.core.text.split import words_of
from clip_head.core.text.understood import TAUGHT_WORDS
from clip_head.training.language import appearance_captions as looks
from clip_head.training.language.characters import CHARACTERS
from clip_head.training.language.degrees import FAINTLY, STRONGER, STRONGLY
from clip_head.training.language.expressions import AGES, COLOURS, ETHNICITIES, NOUNS, PHRASES
from clip_head.training.language.grooms import ADJECTIVES, BEARD_PHRASES, BROW_PHRASES, HAIR_PHRASES
from clip_head.training.language.hair import BEARD_WORDS, HAIR_WORDS
from clip_head.training.language.hair_degrees import COMPARED, PARTS, said_plainly
from clip_head.training.language.people_phrases import (
    AGE_ADJECTIVES,
    AGE_NOUNS,
    ANCESTRIES,
    ANDROGYNOUS,
    DECADES,
    GENDER_ADJECTIVES,
    TENS,
    UNITS,
    WEIGHT_ADJECTIVES,
)
from clip_head.training.language.people_phrases import NOUNS as PEOPLE
from clip_head.training.language.shapes import SHAPE_WORDS

#: Words of frames, which say nothing by themselves.
_FRAMES = ("portrait", "face", "head", "picture", "photo", "photograph", "render", "model", "bust", "painting",
           "drawing", "character", "person", "someone", "looking", "looks", "wearing", "wears", "sports", "having",
           "years", "year", "old", "aged", "age", "yo", "features", "look")  # fmt: skip

#: So many first phrases for a groom are its plainest; of these, phrases of so many words at most tell no stories.
_PLAINEST, _SHORT = 6, 3


def taught_words() -> list[str]:
    """Every word that some plain phrase teaches, sorted. Figures of speech teach their whole, not their words."""
    return sorted({word.text for phrase in _phrases() for word in words_of(phrase)})


def _phrases() -> Iterator[str]:
    """The plain phrases of all tables."""
    for people in (AGE_NOUNS, AGE_ADJECTIVES, PEOPLE, WEIGHT_ADJECTIVES):
        for words in people.values():
            yield from words.all
    for ancestry in ANCESTRIES.values():
        yield from ancestry.words.all
    for character in CHARACTERS.values():
        yield from character.names
    for wordings in SHAPE_WORDS.values():
        yield from (*wordings.plain, *wordings.adjectives)
    for hair in (*HAIR_WORDS.values(), *BEARD_WORDS.values()):
        yield from hair.plainest
    for of_groom in (*HAIR_PHRASES.values(), *BEARD_PHRASES.values(), *BROW_PHRASES.values()):
        yield from (phrase for phrase in of_groom[:_PLAINEST] if len(phrase.split()) <= _SHORT)
    yield from (*said_plainly(), *COMPARED, *PARTS)
    for kind in ("hair", "beard", "brows", "adjectives"):
        yield from hair_table()[kind]
    of_hair = [phrases for adjectives in ADJECTIVES.values() for phrases in adjectives.values()]
    for phrases in (*of_hair, *GENDER_ADJECTIVES.values(), *STRONGER.values()):
        yield from phrases
    for phrases in PHRASES.values():  # longer ones tell stories ("who needs glasses")
        yield from (phrase for phrase in phrases if len(phrase.split()) <= 2)
    painted = (
        looks.HAIR_NAMES, looks.EYE_NAMES, looks.TONE_NAMES, looks.UNDERTONE_NAMES, looks.BROW_NAMES, looks.BEARD_NAMES,
        looks.LIP_NAMES, looks.MAKE_UP_NAMES, looks.SCAR_NAMES, looks.PERSONAS, looks.MATERIAL_NAMES, looks.ON_SKIN,
        looks.TATTOO_NAMES,
    )  # fmt: skip
    for table in painted:
        for phrases in table.values():
            yield from phrases
    yield from (*looks.FLUSHED, *ANDROGYNOUS, *DECADES, *UNITS, *TENS, *FAINTLY, *STRONGLY)
    yield from (*AGES, *ETHNICITIES, *NOUNS, *COLOURS, *_FRAMES)


if __name__ == "__main__":
    TAUGHT_WORDS.write_text(json.dumps(taught_words(), indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
