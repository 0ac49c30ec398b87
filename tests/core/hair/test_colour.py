"""What words say of hair's colour beyond its main one."""

import pytest

from clip_head.core.hair.colour import Colouring, colour_words, colouring, without_colouring

#: Words -> what they say, and what is left of them.
SAID = {
    "long hair with pink streaks and a fringe": (Colouring(None, 0.2, (235, 125, 180)), "long hair and a fringe"),
    "a bob with highlights": (Colouring(None, 0.3), "a bob"),
    "subtle lowlights": (Colouring(None, 0.15, None, True), ""),
    "streaks of gray": (Colouring(None, 0.2, (175, 175, 177)), ""),
    "brown hair streaked with grey": (Colouring(None, 0.2, (175, 175, 177)), "brown hair"),
    "a woman with a few blonde highlights and dark roots": (
        Colouring(None, 0.15, (205, 170, 105), roots=0.9),
        "a woman",
    ),
    "salt and pepper hair": (Colouring(0.4), ""),
    "a greying beard": (Colouring(0.25), "beard"),
    "no highlights": (Colouring(None, 0.0), ""),
    "no grey hairs": (Colouring(0.0), ""),
    "dyed pink": (Colouring(), "dyed pink"),
    "a long red plait": (Colouring(), "a long red plait"),
    "": (Colouring(), ""),
}


@pytest.mark.parametrize("words", SAID)
def test_words_say_highlights_roots_and_white_strands(words: str) -> None:
    said, rest = SAID[words]
    found = colouring(words)
    assert found.highlights == pytest.approx(said.highlights) if said.highlights is not None else not found.highlights
    assert (found.grey, found.highlight_colour, found.darker, found.roots) == (
        said.grey,
        said.highlight_colour,
        said.darker,
        said.roots,
    )
    assert without_colouring(words) == rest


def test_ages_bring_white_strands_where_no_colour_is_named() -> None:
    assert colouring("a man").grey is None, "nobody knows the age"
    shares = [colouring("a man", age).grey or 0.0 for age in (20.0, 45.0, 60.0, 75.0, 100.0)]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 0.5)
    for words in ("an old man with short brown hair", "an old blonde", "an old woman, hair dyed pink"):
        assert colouring(words, 72.0).grey is None, words
    assert colouring("an old black man", 72.0).grey, "a skin, and no hair"
    assert colouring("an old man with salt and pepper hair", 72.0).grey == 0.4, "words first"


def test_the_tables_shares_and_colours_are_in_range() -> None:
    table = colour_words()
    for kind in ("grey", "roots", "highlights"):
        assert all(0.0 <= share <= 1.0 for share in table[kind].values())
    assert all(len(colour) == 3 and 0 <= min(colour) <= max(colour) <= 255 for colour in table["colours"].values())
    assert set(table["darker"]) <= set(table["highlights"])
