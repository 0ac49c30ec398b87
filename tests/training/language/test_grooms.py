"""Every groom has its words, no words have two, and those of the exam are said nowhere."""

import json
from collections import Counter

import numpy as np
import pytest

from clip_head.core.models import EMBEDDED
from clip_head.training.language.grooms import (
    BEARD_GROOMS,
    BEARD_PHRASES,
    BROW_GROOMS,
    BROW_PHRASES,
    HAIR_GROOMS,
    HAIR_PHRASES,
    HELD_OUT,
    HIDING,
    WEIGHTS,
    family_of,
)
from clip_head.training.language.hair import BEARD_WORDS, HAIR_WORDS
from clip_head.training.language.hair_degrees import PARTS, STRENGTHS, WAYS, draw_degree


def test_no_phrase_names_two_grooms() -> None:
    """But for those that hair.json itself has for two families."""
    for table, old in ((HAIR_PHRASES, HAIR_WORDS), (BEARD_PHRASES, BEARD_WORDS), (BROW_PHRASES, {})):
        counts = Counter(phrase for phrases in table.values() for phrase in phrases)
        new = {phrase for name, phrases in table.items() if name not in old for phrase in phrases}
        assert [phrase for phrase in new if counts[phrase] > 1] == []


def test_every_groom_has_words_for_training_and_for_the_evaluation() -> None:
    assert {family_of(name) for name in HAIR_GROOMS} | {"bald"} == set(HAIR_PHRASES) == set(WEIGHTS)
    assert {*BEARD_GROOMS, "none"} == set(BEARD_PHRASES)
    assert {*BROW_GROOMS, "none"} == set(BROW_PHRASES)
    for table in (HAIR_PHRASES, BEARD_PHRASES, BROW_PHRASES):
        for name, phrases in table.items():
            held = HELD_OUT.intersection(phrases)
            assert len(held) >= 2 and len(phrases) - len(held) >= 8, name


def test_the_grooms_of_the_library_have_words() -> None:
    config = json.loads((EMBEDDED / "grooms" / "model.json").read_text(encoding="utf-8"))["config"]
    kinds = {"hair": HAIR_GROOMS, "beard": BEARD_GROOMS, "brows": BROW_GROOMS}
    for name, entry in config["grooms"].items():
        if entry.get("kind") in kinds:
            assert name in kinds[entry["kind"]], name


def test_only_grooms_hide() -> None:
    assert all(name in HAIR_GROOMS for names in HIDING.values() for name in names)


@pytest.mark.parametrize("held_out", [False, True])
def test_degrees_are_said_by_their_strength(held_out: bool) -> None:
    rng = np.random.default_rng(0)
    for way, (name, most) in WAYS.items():
        values = [abs(draw_degree(way, rng, held_out, strength).value) for strength in STRENGTHS]
        assert values == sorted(values) and values[-1] == abs(most), name
    assert draw_degree("left", rng, held_out).value == PARTS["left"] > 0 > draw_degree("right", rng, held_out).value


def test_held_out_words_for_degrees_are_not_drawn_in_training() -> None:
    rng = np.random.default_rng(1)
    said = {draw_degree(way, rng, False, "plain").words for way in (*WAYS, *PARTS) for _ in range(200)}
    unseen = {draw_degree(way, rng, True, "plain").words for way in (*WAYS, *PARTS) for _ in range(200)}
    assert not said & unseen
