"""Skin tones for ancestries, and nothing where the words say it."""

import pytest

from clip_head.core.text.skin_tones import SCALE, added_tone, drawn_tone, named_ancestry, skin_tones

SEEDS = range(40)


def tones(prompt, otherwise=""):
    """The tones that seeds add to a prompt, "" for none."""
    return {added_tone(prompt, prompt, seed, otherwise) for seed in SEEDS}


def test_an_ancestry_gets_the_tones_of_such_people():
    assert tones("an indian woman") == {"olive skin", "tanned skin", "brown skin"}
    assert tones("a swedish girl") == {"pale skin", "fair skin"}
    assert tones("a nigerian man with a beard") == {"brown skin", "dark skin", "very dark skin"}
    assert added_tone("red lips", "an indian woman", 3) == added_tone("an indian woman", "an indian woman", 3)


@pytest.mark.parametrize(
    "prompt",
    ["an african woman", "an asian man", "a white man", "a pale indian woman", "a dark-skinned mexican man", "a man",
     "an indian statue of marble", "a nigerian vampire", "a brazilian woman with blond hair", "a mexican joker"],
)  # fmt: skip
def test_what_says_its_skin_stays_as_it_is(prompt):
    assert tones(prompt) == {""}


def test_the_longest_words_count():
    assert named_ancestry("a native american chief") == "native american"
    assert named_ancestry("a south indian dancer") == "south indian"
    assert named_ancestry("a tall man") is None


def test_a_drawn_ancestry_gives_its_tone_and_varies():
    african, asian, european = (
        {drawn_tone(tuple(float(k == n) for k in range(3)), seed) for seed in SEEDS} for n in range(3)
    )
    assert african <= {"brown skin", "dark skin", "very dark skin"} and len(african) > 1
    assert asian <= {"fair skin", "light skin", "olive skin"} and len(asian) > 1
    assert european <= {"pale skin", "fair skin", "light skin"} and len(european) > 1


def test_a_tone_from_elsewhere_is_taken_where_the_words_are_silent():
    assert tones("a man with freckles", "brown skin") == {"brown skin"}
    assert tones("an indian man", "pale skin") == tones("an indian man"), "the words count first"
    assert tones("a pale man", "brown skin") == {""}


def test_every_tone_is_one_that_the_painter_knows():
    for weights in skin_tones().tones.values():
        assert set(weights) <= set(SCALE)
