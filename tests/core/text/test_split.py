"""One prompt becomes the words of appearance and those of expression."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch

from clip_head.core.errors import ModelError
from clip_head.core.models import EMBEDDED
from clip_head.core.text import load_splitter, load_text_model, split_prompt
from clip_head.core.text.split import likeliest, thing_texts, things_of, token_shares, words_of

PEOPLE = ["an old man with a big nose", "a little girl with a ponytail", "an african woman with short hair"]
#: Among them words that also name shapes: it is the context that tells.
EXPRESSIONS = ["laughing", "with a big smile", "furious", "winking", "with puffed cheeks", "sticking out her tongue"]


@pytest.fixture(scope="module")
def splitter():
    return load_splitter(EMBEDDED / "splitter", load_text_model(EMBEDDED / "text"))


@pytest.mark.parametrize("person", PEOPLE)
def test_changing_the_expression_leaves_the_appearance_as_it_was(splitter, person):
    for prompt in (person, *(f"{person}, {expression}" for expression in EXPRESSIONS)):
        assert split_prompt(splitter, prompt).appearance == person


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_changing_the_person_leaves_the_expression_as_it_was(splitter, expression):
    assert {split_prompt(splitter, f"{person}, {expression}").expression for person in PEOPLE} == {
        expression.removeprefix("with ").removeprefix("a ")
    }


def test_shapes_that_sound_like_expressions_are_appearance(splitter):
    for prompt in ("a man with a wide mouth", "a girl with chubby cheeks", "a woman with narrow eyes"):
        assert split_prompt(splitter, prompt).expression == ""


@pytest.mark.parametrize(
    ("expression", "person"),
    [("angry", "an old woman with long hair"), ("smiling", "a girl"), ("sad", "a toddler"), ("winking", "an old man"),
     ("furious", "an african man"), ("happy", "a bald man with a big nose")],
)  # fmt: skip
def test_an_adjective_before_the_noun_is_found(splitter, expression, person):
    words = split_prompt(splitter, f"a {expression} {person.split(' ', 1)[1]}")
    assert (words.expression, words.appearance) == (expression, person)


@pytest.mark.parametrize("prompt", ["a big-nosed man", "a bearded man", "a wide-jawed girl with freckles"])
def test_an_adjective_of_shape_before_the_noun_is_appearance(splitter, prompt):
    assert not split_prompt(splitter, prompt).expression


@pytest.mark.parametrize(
    ("prompt", "appearance", "expression"),
    [
        ("a man with raised eyebrows", "a man", "raised eyebrows"),
        ("a boy pushing his jaw to the left", "a boy", "pushing his jaw to the left"),
        ("a bald man looking to the left, smiling", "a bald man", "looking to the left, smiling"),
        ("an old woman with puffed cheeks and a big nose", "an old woman, big nose", "puffed cheeks"),
        ("a man with cheeks like puffed pillows", "a man with cheeks like puffed pillows", ""),
        ("a woman with permanently raised eyebrows", "a woman with permanently raised eyebrows", ""),
    ],
)
def test_what_a_face_does_is_its_expression(splitter, prompt, appearance, expression):
    words = split_prompt(splitter, prompt)
    assert (words.appearance, words.expression) == (appearance, expression)


def test_case_and_spaces_do_not_matter(splitter):
    assert split_prompt(splitter, "  An OLD man,\n laughing ") == split_prompt(splitter, "an old man, laughing")


@pytest.mark.parametrize("prompt", ["", " ,.! ", "年老的男人", "a\udcff b", "nose " * 500])
def test_any_prompt_can_be_split(splitter, prompt):
    words = split_prompt(splitter, prompt)
    said = f"{words.appearance} {words.expression}".replace(",", "").split()
    assert set(said) <= {word.text for word in words_of(prompt.replace("\udcff", "?"))}


def test_things_begin_at_commas_and_joining_words():
    prompt = "an angry old man with a big nose, laughing out loud"
    words = words_of(prompt)
    things = things_of(prompt, words)
    assert things.tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2]
    assert thing_texts(prompt, words, things) == ["an angry old man", "with a big nose", "laughing out loud"]


def test_a_word_is_read_from_its_own_tokens():
    words = words_of("big nose")
    tokens = [(0, 0), (0, 3), (4, 6), (6, 8), (0, 0)]
    np.testing.assert_allclose(token_shares(tokens, words), [[0, 1, 0, 0, 0], [0, 0, 0.5, 0.5, 0]])
    np.testing.assert_allclose(token_shares(tokens[:2], words), [[0, 1], [0, 0]])


def test_a_lone_doubt_inside_a_later_thing_changes_nothing():
    clear, doubtful = [0.0, -5.0, -5.0], [-3.2, -0.1, -5.0]
    scores = np.array([clear, clear, doubtful, clear], np.float32)
    assert likeliest(scores, np.array([0, 1, 1, 1])).tolist() == [0, 0, 0, 0]


def test_the_first_thing_may_hold_both():
    clear, other = [0.0, -5.0, -5.0], [-5.0, 0.0, -5.0]
    scores = np.array([clear, other, clear], np.float32)
    assert likeliest(scores, np.array([0, 0, 0])).tolist() == [0, 1, 0]
    assert likeliest(scores, np.array([1, 1, 1])).tolist() == [0, 0, 0]


def test_a_new_thing_may_begin_where_words_break():
    clear, other = [0.0, -5.0, -5.0], [-1.5, -0.3, -5.0]
    scores = np.array([clear, clear, other, other], np.float32)
    assert likeliest(scores, np.array([1, 1, 2, 2])).tolist() == [0, 0, 1, 1]


def test_a_damaged_splitter_is_named(splitter, tmp_path):
    with pytest.raises(ModelError, match="missing"):
        load_splitter(tmp_path, splitter.text)
    network = copy.deepcopy(splitter.network)
    with torch.no_grad():
        network.judge.bias.fill_(float("nan"))
    with pytest.raises(ModelError, match="not finite"):
        split_prompt(replace(splitter, network=network), "an old man")
