"""The people whom words ask for."""

from dataclasses import replace

import numpy as np
import pytest

from clip_head.training.language.characters import CHARACTERS
from clip_head.training.language.people_phrases import ANCESTRIES
from clip_head.training.language.sentences import HeadDescription
from clip_head.training.mapping.descriptions import draw_description, draw_sentence
from clip_head.training.mapping.people import as_character, default_person, draw_ancestry, implied, settled

RNG = np.random.default_rng


def test_a_character_brings_what_one_expects():
    pirate = implied(HeadDescription(character="pirate"), RNG(0))
    assert pirate.beard in ("full", "goatee") and pirate.style in ("long", "wavy")
    assert default_person(pirate).gender < 0.3 and 28 <= pirate.age <= 48
    sumo = implied(HeadDescription(character="sumo wrestler"), RNG(0))
    assert sumo.weight == 1.0 and sumo.ancestry == "japanese" and sumo.shapes["double_chin"] == 1.0


def test_explicit_words_win():
    said = HeadDescription(character="pirate", age=20.0, beard="none", style="bald", ancestry="korean", weight=0.1)
    assert implied(said, RNG(0)) == replace(
        said, gender=CHARACTERS["pirate"].gender, shapes=CHARACTERS["pirate"].shapes
    )
    woman = implied(HeadDescription(character="pirate", gender=1.0), RNG(0))
    assert woman.gender == 1.0 and woman.beard is None and woman.style is None
    witch = implied(HeadDescription(character="witch", shapes={"nose_size": -0.8}), RNG(0))
    assert {name for name in witch.shapes if name.startswith("nose")} == {"nose_size"}
    assert witch.shapes["chin_prominence"] > 0, "the rest stays a witch's"


def test_who_is_no_character_stays_as_said():
    said = HeadDescription(gender=0.0, shapes={"jaw": 0.7})
    assert implied(said, RNG(0)) is said


def test_what_would_contradict_a_name_is_not_said():
    rng = RNG(1)
    for _ in range(2000):
        anybody = HeadDescription(float(rng.integers(2)), float(rng.integers(4, 90)), "korean", beard="full")
        said = as_character(anybody, rng)
        character = CHARACTERS[said.character]
        if character.gender in (0.0, 1.0):
            assert said.gender is None
        if character.gender == 1.0:
            assert said.beard is None
        if said.age is not None:
            assert min(said.age, character.ages[0]) >= 18
        assert not (said.ancestry and character.ancestry)


def test_names_settle_what_they_imply():
    assert settled(HeadDescription(character="sumo wrestler")) == (True, True, True, True)
    assert settled(HeadDescription(character="pirate")) == (False, False, False, False)
    assert settled(HeadDescription(age=40.0, weight=0.9)) == (False, True, False, True)


def test_ages_stay_within_what_heads_are_made_for():
    assert default_person(HeadDescription(age=1.0)).age == 2.0
    assert default_person(HeadDescription(age=97.0)).age == 90.0
    assert default_person(HeadDescription(age=61.0)).age == 61.0


def test_every_ancestry_is_drawn_and_sums_to_one():
    rng = RNG(0)
    assert {draw_ancestry(rng) for _ in range(3000)} == set(ANCESTRIES)
    assert len(ANCESTRIES) >= 26
    for ancestry in ANCESTRIES.values():
        assert sum(ancestry.fractions) == pytest.approx(1)
    phrases = [phrase for ancestry in ANCESTRIES.values() for phrase in set(ancestry.words.all)]
    assert len(phrases) == len(set(phrases))


def test_few_descriptions_are_long_and_few_are_of_characters():
    rng = RNG(0)
    drawn = [draw_description(rng) for _ in range(6000)]
    assert 0.06 < np.mean([said.character is not None for said in drawn]) < 0.12
    assert np.mean([len(said.shapes) for said in drawn]) == pytest.approx(2.3, abs=0.2)
    texts = [draw_sentence(said, rng) for said in drawn[:2000]]
    assert 0.08 < np.mean([". " in text for text in texts]) < 0.18
