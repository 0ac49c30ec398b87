"""Words that change nothing are named, and only those."""

import json
from dataclasses import replace

import numpy as np
import pytest

from clip_head.core.pipeline import read_words
from clip_head.core.pipeline import word_changes as changes_of_request
from clip_head.core.text import split_prompt
from clip_head.core.text.split import SplitWords
from clip_head.core.text.understood import (
    NOISE_ID,
    TAUGHT_WORDS,
    doubts,
    is_taught,
    not_understood,
    word_changes,
)
from clip_head.core.types import HeadRequest


def codes_that_move_by(lengths):
    """What `not_understood` calls: a text's row is the sum of the lengths of its words."""

    def codes(appearance, expression):
        rows = [[sum(lengths.get(word, 0.0) for word in text.replace(",", "").split())] for text in appearance]
        return np.array(rows, np.float32), np.zeros((len(expression), 1), np.float32)

    return codes


def test_what_moves_the_codes_less_than_the_noise_is_named():
    prompt = "an old man with zorbs and a quuxy frib"
    split = SplitWords("old man, zorbs, quuxy frib", "")
    codes = codes_that_move_by({"zorbs": 0.5 * NOISE_ID, "frib": 2 * NOISE_ID})
    assert not_understood(word_changes(prompt, split, codes)) == ("zorbs",)


def test_nothing_is_computed_where_all_words_are_taught():
    def codes(*_):
        raise AssertionError("no word is doubted")

    split = SplitWords("old man, big nose", "laughing")
    assert word_changes("an old man with a big nose, laughing", split, codes) == {}


def test_a_doubted_word_is_left_out_with_its_phrase():
    split = SplitWords("old man, thick zorbs, big nose", "laughing")
    (doubt,) = doubts("an old man with thick zorbs and a big nose, laughing", split)
    assert doubt.word == "zorbs"
    assert doubt.without == SplitWords("old man, big nose", "laughing")


def test_the_rest_of_the_sentence_stays_whole():
    split = SplitWords("man with a big nose and a zorb", "")
    (doubt,) = doubts("a man with a big nose and a zorb", split)
    assert doubt.without.appearance == "man with a big nose"


def test_forms_of_taught_words_are_taught():
    assert all(is_taught(word) for word in ("nose", "noses", "bearded", "big-nosed", "freckled", "42"))
    assert not any(is_taught(word) for word in ("glasses", "earrings", "hat", "dragon", "necklace"))
    words = json.loads(TAUGHT_WORDS.read_text(encoding="utf-8"))
    assert words == sorted(set(words))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("prompt", "named"),
    [
        ("an old man with a big nose, laughing", ()),
        ("a young woman with freckles, red lips and blue eyes", ()),
        ("a marble bust of a roman emperor", ()),
        ("an old woman with sunglasses", ("sunglasses",)),
        ("a woman with a dragon", ("dragon",)),
    ],
)
def test_the_embedded_models_name_what_they_do_not_know(models, prompt, named):
    request = HeadRequest(prompt)
    before = read_words(request, models)
    changes = changes_of_request(request, split_prompt(models.splitter, prompt), models)
    assert not_understood(changes) == named
    after = read_words(request, models)
    assert before.z_id.tobytes() == after.z_id.tobytes(), "reading doubts changes nothing"


@pytest.mark.slow
def test_nothing_is_said_of_mappings_whose_noise_is_not_known(models):
    other = replace(models, mapping=replace(models.mapping, basis=None))
    words = SplitWords("man, dragon", "")
    assert changes_of_request(HeadRequest("a man with a dragon"), words, other) == {}
