"""Typing errors are mended; what is no error stays to the letter."""

import pytest

from clip_head.core.errors import ModelError
from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.text.spelling import WORDS, distance, load_spelling, mended, packed, unpacked
from clip_head.core.types import ModelCard


@pytest.fixture(scope="module")
def spelling():
    return load_spelling(EMBEDDED / "spelling")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a yuong womna with blnod hair, smilling", "a young woman with blond hair, smiling"),
        ("an odl amn with a bignose", "an old man with a big nose"),
        ("AN OLD MAN, LAUGHIGN", "AN OLD MAN, laughing"),
        ("Womna with freckels", "woman with freckles"),
        ("smilling", "smiling"),
    ],
)
def test_errors_are_mended(spelling, typed, meant):
    assert mended(spelling, typed) == meant


@pytest.mark.parametrize(
    "words",
    [
        "an old man with a big nose, laughing", "a man like Keanu Revees", "kobieta z długimi włosami",
        "een oude man met een grote neus", "年老的男人", "a man of 45", "", "x y z", "a\udcff b", "MÄNNER",
    ],
)  # fmt: skip
def test_what_is_no_error_stays(spelling, words):
    assert mended(spelling, words) == words


@pytest.mark.parametrize(
    ("word", "other", "errors"),
    [("womna", "woman", 1), ("beard", "beard", 0), ("bread", "beard", 2), ("", "ab", 2), ("smilling", "smiling", 1)],
)
def test_the_distance_counts_errors(word, other, errors):
    assert distance(word, other) == distance(other, word) == errors


def test_packed_words_come_back():
    counts = {"a": 3, "nose": 12, "noses": 0, "nosy": 1, "x" * 50: 0, "x" * 51: 2}
    assert unpacked(packed(counts)) == counts


def test_a_damaged_list_is_named(tmp_path):
    (tmp_path / WORDS).write_text("0nose many\n")
    write_model_json(tmp_path, ModelCard("spelling", "x", "CC0-1.0", "a test"), {}, {}, [WORDS])
    with pytest.raises(ModelError, match=r"words\.txt"):
        load_spelling(tmp_path)
