"""What a sentence says of hair, beard and brows, apart from the rest."""

import pytest

from clip_head.core.text.hair_phrases import spoken


@pytest.mark.parametrize(
    ("sentence", "hair", "beard", "brows"),
    [
        ("a woman with long red hair", "long red hair", "", ""),
        (
            "an old man with a big nose, long, curly hair and a thin moustache",
            "long, curly hair",
            "a thin moustache",
            "",
        ),
        ("a bald man with bushy eyebrows", "a bald man", "", "bushy eyebrows"),
        (
            "a man whose hair is tied in a bun, who has a long, thick beard",
            "hair is tied in a bun",
            "a long, thick beard",
            "",
        ),
        ("a woman, hair very long and slightly wavy, no eyebrows", "hair very long, slightly wavy", "", "no eyebrows"),
        ("a girl with messy hair parted on the left", "messy hair parted on the left", "", ""),
        ("a woman with raised eyebrows", "", "", ""),
        ("an old man with a big nose", "", "", ""),
        ("messy, wavy, long hair", "messy, wavy, long hair", "", ""),
    ],
)
def test_what_is_said(sentence: str, hair: str, beard: str, brows: str) -> None:
    parts = spoken(sentence)
    assert (parts["hair"].said, parts["beard"].said, parts["brows"].said) == (hair, beard, brows)


def test_the_rest_tells_who_it_is_and_no_shape() -> None:
    parts = spoken("an old sailor with a big nose, a full beard and bushy eyebrows")
    assert parts["beard"].rest == "an old sailor"
    assert parts["hair"].rest == "an old sailor, a full beard", "who has a beard is a man"
    assert "nose" not in parts["brows"].rest


def test_likenesses_of_what_bears_hair_stay() -> None:
    assert "a head like an egg" in spoken("a man with a head like an egg")["hair"].rest
    assert "cheeks like sandpaper" in spoken("a man with cheeks like sandpaper")["beard"].rest


def test_no_words_say_nothing() -> None:
    assert all(not part.said and not part.rest for part in spoken("").values())
