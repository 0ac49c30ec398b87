"""Words for hair, beards and brows: what they are about, and which colours they name."""

import pytest

from clip_head.core.text.hair_words import (
    are_adjectives,
    colour_of,
    feature_nouns,
    hair_table,
    kinds_of,
    without_colour,
)


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("long wavy hair", {"hair"}),
        ("a curly-haired girl", {"hair"}),
        ("facial hair", {"beard"}),
        ("hair on the chin", {"beard"}),
        ("hair cut at the chin", {"hair"}),
        ("bushy brows", {"brows"}),
        ("a brow ridge", set()),
        ("a wet look", {"hair"}),
        ("wet eyes", set()),
        ("a big nose", set()),
    ],
)
def test_what_words_are_about(words: str, kinds: set[str]) -> None:
    assert kinds_of(words.split()) == kinds


def test_adjectives_of_hair_alone() -> None:
    assert are_adjectives(["a", "very", "long"])
    assert not are_adjectives(["a", "man"])


def test_the_longest_colour_is_the_one_that_is_meant() -> None:
    assert colour_of("a long dark red plait") == "dark red"
    assert colour_of("messy hair") == ""


def test_a_sentence_loses_the_colours_of_hair_and_keeps_all_others() -> None:
    assert without_colour("a woman with long red hair and red lips") == "a woman with long hair and red lips"
    assert without_colour("a man with a grey bushy beard, blue eyes") == "a man with a bushy beard, blue eyes"


def test_words_of_hair_are_no_shapes_of_the_face() -> None:
    table = hair_table()
    assert not feature_nouns() & (table["hair"] - {"hairline", "dome"})
