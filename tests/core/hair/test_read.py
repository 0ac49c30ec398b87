"""What a head wears that is to wear what words ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clip_head.core.hair.read import (
    CHILDS_BROWS,
    EARS,
    LASHES,
    NOSE,
    WOMANS_BROWS,
    AskedHair,
    changed,
    usual_brows,
    with_finest,
)
from clip_head.core.mapping.hair import DEGREES, HairReading
from clip_head.core.types import Hairstyle

WORN = Hairstyle({"bob01": 1.0}, {"full": 1.0}, {"Eyebrows": 1.0}, length=0.5, messiness=0.6, part=0.6)
DRAWN = Hairstyle({"dreadlocks": 1.0}, {}, {"brows thin": 1.0})


def asked(*said: str, compared: bool = False, part: float | None = None, **degrees: float) -> AskedHair:
    reading = HairReading({}, dict.fromkeys(DEGREES, 0.0) | degrees, part, frozenset(said))
    return AskedHair(replace(DRAWN, part=part), reading, compared)


def test_degrees_alone_leave_the_style_and_all_others() -> None:
    assert changed(WORN, asked(curl=0.7)) == replace(WORN, curl=0.7)


def test_a_new_style_has_its_own_degrees_and_leaves_beard_and_brows() -> None:
    assert changed(WORN, asked("hair", length=-0.5)) == Hairstyle(
        {"dreadlocks": 1.0}, WORN.beard, WORN.brows, length=-0.5
    )


def test_a_beard_and_brows_change_alone() -> None:
    assert changed(WORN, asked("beard")) == replace(WORN, beard={})
    assert changed(WORN, asked("brows")) == replace(WORN, brows={"brows thin": 1.0})


def test_comparatives_add_up_within_the_limits() -> None:
    longer = changed(WORN, asked(compared=True, length=0.3))
    assert longer.length == pytest.approx(0.8)
    assert changed(longer, asked(compared=True, length=0.3)).length == 1.0
    assert changed(WORN, asked(compared=True, messiness=-0.5)).messiness == pytest.approx(0.0, abs=0.11)


def test_neat_hair_is_messy_no_more() -> None:
    assert changed(WORN, asked(messiness=-0.5)).messiness == 0.0


def test_the_part_moves() -> None:
    assert changed(WORN, asked(part=-0.6)) == replace(WORN, part=-0.6)


def test_what_is_hardly_asked_for_is_nothing() -> None:
    assert asked(curl=0.05).nothing and not asked(curl=0.5).nothing and not asked("brows").nothing
    assert changed(WORN, asked(curl=0.05, messiness=-0.05)) == WORN


@pytest.mark.parametrize(
    ("words", "nose", "lashes"),
    [
        ("an 85-year-old man, laughing", NOSE, {}),
        ("an old woman with long eyelashes", {}, LASHES),
        ("a man with a beard", {}, {}),
        ("a young man with long hair and lashes", {}, {}),
    ],
)
def test_old_men_have_hair_in_nose_and_ears_and_lashes_are_long_by_words(
    words: str, nose: dict[str, float], lashes: dict[str, float]
) -> None:
    found = with_finest(Hairstyle({"bob": 1.0}), words)
    assert found.hair == {"bob": 1.0} and found.nose == nose and found.lashes == lashes
    assert found.ears == (EARS if nose else {})


def test_what_grows_in_ears_stays_where_other_hair_is_asked_for() -> None:
    asked = AskedHair(Hairstyle({"bob": 1.0}), HairReading({}, dict.fromkeys(DEGREES, 0.0), None, frozenset({"hair"})))
    assert changed(Hairstyle(ears=EARS, lashes=LASHES), asked) == Hairstyle({"bob": 1.0}, ears=EARS, lashes=LASHES)


@pytest.mark.parametrize(
    ("words", "brows"),
    [
        ("a boy of six", CHILDS_BROWS),
        ("a 7 year old girl", CHILDS_BROWS),
        ("a teenage girl", WOMANS_BROWS),
        ("an old lady", WOMANS_BROWS),
        ("a man", {}),
        ("a person with red hair", {}),
    ],
)
def test_children_and_women_have_slighter_brows(words, brows) -> None:
    assert usual_brows(words) == brows
