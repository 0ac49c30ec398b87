"""Appearances suit the people who wear them."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from clip_head.training.teacher.appearance import (
    BEARDS,
    EVERYDAY,
    HAIR,
    MAKE_UP,
    MATERIALS,
    TONES,
    Appearance,
    is_dark,
    sample_appearance,
    wears_make_up,
)
from clip_head.training.teacher.dataset import Attributes

pytestmark = pytest.mark.slow

SKINS = (
    "young_lightskinned_male", "old_lightskinned_male", "young_lightskinned_female", "old_darkskinned_male",
    "young_darkskinned_male", "young_darkskinned_female",
)  # fmt: skip


def person(gender: float, age: float, ancestry: str) -> Attributes:
    shares = {name: float(name == ancestry) for name in ("african", "asian", "caucasian")}
    noun, age_word = "man" if gender < 0.5 else "woman", "old" if age > 60 else "young"
    return Attributes(gender, age, shares, 0.5, {}, noun, age_word, ancestry, ())


def draw(who: Attributes, count: int = 400) -> list[Appearance]:
    rng = np.random.default_rng(0)
    return [sample_appearance(who, rng, SKINS) for _ in range(count)]


def test_same_seed_same_appearance() -> None:
    assert draw(person(0, 30, "asian"), 20) == draw(person(0, 30, "asian"), 20)


def test_ancestry_decides_the_tone() -> None:
    african = np.mean([is_dark(a.tone) for a in draw(person(0, 30, "african"))])
    caucasian = np.mean([is_dark(a.tone) for a in draw(person(0, 30, "caucasian"))])
    assert african > 0.8 > 0.15 > caucasian, "any tone is drawn at times"


def test_skins_suit_age_gender_and_tone() -> None:
    old = Counter(a.skins[0][0] for a in draw(person(0, 75, "african")))
    assert old.most_common(1)[0][0] == "old_darkskinned_male"
    young = Counter(a.skins[0][0] for a in draw(person(1, 25, "caucasian")))
    assert young.most_common(1)[0][0] == "young_lightskinned_female"
    assert all(abs(sum(share for _, share in a.skins) - 1) < 1e-9 for a in draw(person(1, 25, "caucasian")))


def test_women_and_children_grow_no_beards() -> None:
    assert all(a.beard == "none" for a in [*draw(person(1, 40, "asian")), *draw(person(0, 9, "asian"))])
    assert {a.beard for a in draw(person(0, 40, "asian"))} == set(BEARDS)


def test_the_old_go_grey() -> None:
    grey = [np.mean([a.hair in ("grey", "white") for a in draw(person(0, age, "caucasian"))]) for age in (25, 75)]
    assert grey[1] > 0.4 > 2 * grey[0]


def test_everything_is_drawn_and_a_statue_wears_no_make_up() -> None:
    drawn = draw(person(1, 30, "caucasian"), 4000)
    assert {a.make_up for a in drawn} == set(MAKE_UP)
    natural = [a for a in drawn if a.material == "none" and a.make_up in EVERYDAY]
    assert 0.74 < len(natural) / len(drawn) < 0.86
    assert {a.hair for a in drawn} == set(HAIR)
    assert {a.material for a in drawn} == set(MATERIALS)
    assert {a.tone for a in drawn} <= set(TONES)
    assert all(a.make_up == "none" for a in drawn if a.material != "none")


def test_what_is_rare_can_be_drawn_oftener() -> None:
    def shares(rare: float) -> np.ndarray:
        rng = np.random.default_rng(0)
        drawn = [sample_appearance(person(1, 30, "african"), rng, SKINS, rare) for _ in range(1500)]
        seen = [(a.make_up != "none", a.scar != "none" or a.tattoo != "none", not is_dark(a.tone)) for a in drawn]
        return np.mean(seen, axis=0)

    usual, often = shares(1.0), shares(3.0)
    assert (often > 1.5 * usual).all()
    assert often.max() < 0.9, "the plain are not forgotten"


def test_named_make_up_is_drawn_evenly_and_statues_still_wear_none() -> None:
    rng = np.random.default_rng(0)
    named = ["none", "blue shadow", "glitter"]
    drawn = [sample_appearance(person(1, 30, "asian"), rng, SKINS, make_ups=named) for _ in range(900)]
    flesh = Counter(a.make_up for a in drawn if a.material == "none")
    assert set(flesh) == set(named)
    assert max(flesh.values()) < 1.4 * min(flesh.values())
    assert all(a.make_up == "none" for a in drawn if a.material != "none")


def test_only_grown_women_wear_everyday_make_up() -> None:
    assert wears_make_up(person(1, 30, "asian"))
    for who in (person(0, 30, "asian"), person(1, 9, "asian")):
        assert not wears_make_up(who)
        assert not {a.make_up for a in draw(who)} & set(EVERYDAY[1:])
