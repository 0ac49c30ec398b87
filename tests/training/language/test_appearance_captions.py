"""Captions say what is true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clip_head.training.language.appearance_captions import (
    BEARD_NAMES,
    BROW_NAMES,
    EYE_NAMES,
    HAIR_NAMES,
    LIP_NAMES,
    MAKE_UP_NAMES,
    MATERIAL_NAMES,
    PERSONAS,
    SCAR_NAMES,
    TATTOO_NAMES,
    TONE_NAMES,
    brief_caption,
    caption,
    skin_caption,
)
from clip_head.training.teacher.appearance import (
    BEARDS,
    BROWS,
    EYES,
    HAIR,
    LIPS,
    MAKE_UP,
    MATERIALS,
    SCARS,
    TATTOOS,
    TONES,
    Appearance,
)
from clip_head.training.teacher.dataset import Attributes

SHARES = {"african": 1.0, "asian": 0.0, "caucasian": 0.0}
MAN = Attributes(0.0, 70.0, SHARES, 0.5, {"nose_size": 1.0}, "man", "old", "african", ("big nose",))
PLAIN = Appearance(skins=(("skin", 1.0),), hair="black")


def captions(appearance: Appearance, style: str = "short01", count: int = 300, expression: str = "") -> list[str]:
    rng = np.random.default_rng(2)
    return [caption(MAN, appearance, style, expression, rng) for _ in range(count)]


def says(words: str, names: tuple[str, ...]) -> bool:
    return any(name in words for name in names)


def test_every_name_has_words() -> None:
    assert set(HAIR_NAMES) == set(HAIR)
    assert set(MAKE_UP_NAMES) | {"none"} == set(MAKE_UP)
    assert set(MATERIAL_NAMES) | {"none"} == set(MATERIALS)
    assert set(BEARD_NAMES) | {"none"} == set(BEARDS)
    assert set(SCAR_NAMES) | {"none"} == set(SCARS)
    assert set(TATTOO_NAMES) | {"none"} == set(TATTOOS)
    assert set(EYE_NAMES) == set(EYES)
    assert set(BROW_NAMES) == set(BROWS.values())
    assert set(LIP_NAMES) | {"natural"} == set(LIPS)
    rng = np.random.default_rng(0)
    for tone in TONES:
        for eyes in EYES:
            assert skin_caption(replace(PLAIN, tone=tone, eyes=eyes), "short01", rng)


@pytest.mark.parametrize("make_up", PERSONAS)
def test_make_up_is_named(make_up: str) -> None:
    names = MAKE_UP_NAMES[make_up] + PERSONAS[make_up]
    assert np.mean([says(words, names) for words in captions(replace(PLAIN, make_up=make_up))]) > 0.85
    others = [name for other, ways in MAKE_UP_NAMES.items() if other not in (make_up, "natural") for name in ways]
    assert not any(says(words, tuple(others)) for words in captions(replace(PLAIN, make_up=make_up)))


@pytest.mark.parametrize("hair", HAIR)
def test_hair_colour_is_the_true_one(hair: str) -> None:
    texts = captions(replace(PLAIN, hair=hair))
    others = {name for other, ways in HAIR_NAMES.items() if other != hair for name in ways} - set(HAIR_NAMES[hair])
    assert np.mean([says(words, HAIR_NAMES[hair]) for words in texts]) > 0.3
    for words in texts:
        assert not says(
            words, tuple(f"{name} hair" for name in others if not any(own.endswith(name) for own in HAIR_NAMES[hair]))
        )


def test_bald_heads_have_no_hair_colour() -> None:
    for words in captions(replace(PLAIN, hair="pink"), "bald"):
        assert "pink" not in words
    for words in [skin_caption(replace(PLAIN, hair="pink"), "bald", np.random.default_rng(k)) for k in range(100)]:
        assert "pink" not in words


def test_a_colour_that_nobody_would_expect_is_always_named() -> None:
    for hair in ("pink", "turquoise", "blond"):
        texts = captions(replace(PLAIN, hair=hair, own_hair=hair))
        assert np.mean([says(words, HAIR_NAMES[hair]) for words in texts]) > 0.97


def test_skin_that_nobody_would_expect_is_named() -> None:
    plain = replace(PLAIN, tone="dark", hair="black")
    assert np.mean([says(words, TONE_NAMES["dark"]) for words in captions(plain)]) < 0.8
    for odd in (replace(plain, tone="pale"), replace(plain, hair="red", own_hair="red")):
        assert np.mean([says(words, TONE_NAMES[odd.tone]) for words in captions(odd)]) > 0.93
    rng = np.random.default_rng(3)
    texts = [skin_caption(replace(plain, hair="red", own_hair="red"), "short01", rng) for _ in range(200)]
    assert np.mean([says(words, TONE_NAMES["dark"]) for words in texts]) > 0.9


def test_kinds_of_people_are_said_of_natural_ones_only() -> None:
    grey = replace(PLAIN, hair="white")
    assert any("wizard" in words for words in captions(grey, count=1500))
    assert not any("wizard" in words for words in captions(PLAIN, count=600))
    assert not any(says(words, ("wizard", "hermit", "druid")) for words in captions(replace(grey, make_up="skull")))


def test_scars_and_tattoos_are_named_with_their_side() -> None:
    marked = captions(replace(PLAIN, scar="cheek", tattoo="teardrop", side=-1))
    assert np.mean(["scar" in words and "right" in words for words in marked]) > 0.75


def test_beards_are_named_only_where_they_grow() -> None:
    every = tuple(name for ways in BEARD_NAMES.values() for name in ways)
    assert not any(says(words, every) for words in captions(PLAIN))
    assert np.mean(["beard" in words for words in captions(replace(PLAIN, beard="full"))]) > 0.9


def test_wording_varies_and_holds_the_papers_template() -> None:
    texts = captions(PLAIN, expression="laughing")
    assert len(set(texts)) > 200
    assert any(
        words.startswith("A face of an old african man with") and words.endswith(", laughing") for words in texts
    )
    assert all("laughing" in words for words in texts)


def test_brief_captions_say_who_it_is_and_the_unexpected_alone() -> None:
    rng = np.random.default_rng(4)
    made_up = replace(PLAIN, tone="dark", make_up="blue shadow", hair="white", eyes="brown")
    texts = [brief_caption(MAN, made_up, "short01", rng) for _ in range(200)]
    assert {"an old man with blue eyeshadow", "an old african man with blue eye makeup"} <= set(texts)
    assert all(words.startswith("an old") and "nose" not in words for words in texts)
    assert not any(says(words, TONE_NAMES["dark"]) for words in texts)
    assert np.mean([says(words, MAKE_UP_NAMES["blue shadow"]) for words in texts]) > 0.9
    assert 0.1 < np.mean(["hair" in words for words in texts]) < 0.4
    pink = [brief_caption(MAN, replace(made_up, hair="pink"), "short01", rng) for _ in range(200)]
    assert np.mean(["pink" in words for words in pink]) > 0.85
    assert "pink" not in " ".join(brief_caption(MAN, replace(made_up, hair="pink"), "bald", rng) for _ in range(50))


def test_skin_words_say_nothing_of_the_person() -> None:
    rng = np.random.default_rng(1)
    for _ in range(200):
        words = skin_caption(replace(PLAIN, make_up="joker", hair="green"), "short01", rng)
        assert not says(words, ("man", "old", "african", "nose"))


def test_a_colour_inside_another_word_is_no_mention() -> None:
    red = replace(PLAIN, hair="red", own_hair="red")
    texts = captions(red, "long02", 600)
    haired = [words for words in texts if "haired" in words]
    assert haired and np.mean([says(words.replace("haired", ""), HAIR_NAMES["red"]) for words in haired]) > 0.8


def test_a_hairline_gets_no_colour_inside_it() -> None:
    texts = captions(replace(PLAIN, hair="red", own_hair="red"), "receding", 600)
    assert any("hairline" in words for words in texts)
    assert not any("red hairline" in words or "hair hairline" in words for words in texts)
