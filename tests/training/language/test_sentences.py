"""What is said of people, in what words."""

import numpy as np
import pytest

from clip_head.core.models import EMBEDDED
from clip_head.core.text import encode_text, load_text_model
from clip_head.training.language.degrees import STRONGLY
from clip_head.training.language.expressions import HELD_OUT, PHRASES, draw_expression, expression_sentence, reworded
from clip_head.training.language.hair import (
    BEARD_WORDS,
    BEARDS,
    HAIR_WORDS,
    HELD_OUT_HAIR,
    STYLE_WEIGHTS,
    STYLES,
    style_family,
)
from clip_head.training.language.people_phrases import AGE_NOUNS, ANCESTRIES
from clip_head.training.language.sentences import (
    FEATURES,
    HeadDescription,
    describe_person,
    draw_style,
    features,
    person_sentence,
    sentence,
    style_probabilities,
)
from clip_head.training.language.shapes import HELD_OUT_SHAPES, SHAPE_WORDS
from clip_head.training.teacher.expressions import TABLE
from clip_head.training.teacher.identities import SHAPES, describe, random_person
from clip_head.training.text.embeddings import cached_embeddings, embed

WORN_STYLES = (*STYLES, "bald")


def test_every_named_expression_of_the_teacher_has_words_of_its_own():
    assert set(PHRASES) == set(TABLE)
    spoken = [phrase for phrases in PHRASES.values() for phrase in phrases]
    assert len(spoken) == len(set(spoken))


def test_training_never_says_a_held_out_phrase():
    rng = np.random.default_rng(0)
    trained = {draw_expression(rng)[1] for _ in range(3000)}
    unseen = {draw_expression(rng, held_out=True)[1] for _ in range(500)}
    assert not trained & HELD_OUT
    assert unseen <= HELD_OUT
    assert {name for name in PHRASES if name != "neutral"} <= {draw_expression(rng)[0] for _ in range(3000)}


def test_every_end_of_a_shape_has_words_its_own_among_them():
    ends = {(name, 1): shape.more_word for name, shape in SHAPES.items()}
    ends |= {(name, -1): shape.less_word for name, shape in SHAPES.items()}
    assert set(SHAPE_WORDS) == {end for end, word in ends.items() if word}
    for end, words in SHAPE_WORDS.items():
        assert any(ends[end] in plain for plain in words.plain)
        assert any(phrase not in HELD_OUT_SHAPES for phrase in words.figures)
    spoken = [phrase for words in SHAPE_WORDS.values() for phrases in vars(words).values() for phrase in phrases]
    assert len(spoken) == len(set(spoken))


def test_every_style_and_beard_has_words():
    assert {style_family(style) for style in STYLES} | {"bald"} == set(HAIR_WORDS) == set(STYLE_WEIGHTS)
    assert set(BEARD_WORDS) == {"none", *BEARDS}


def test_a_shape_is_said_in_words_of_its_own_and_by_its_degree():
    rng = np.random.default_rng(0)
    for strength, adverb in ((0.45, "slightly"), (1.1, "very")):
        texts = [sentence(HeadDescription(shapes={"nose_size": strength}), rng) for _ in range(200)]
        assert any(f"{adverb} " in text for text in texts)
    texts = [sentence(HeadDescription(shapes={"nose_size": 0.7}), rng) for _ in range(200)]
    words = SHAPE_WORDS["nose_size", 1]
    ways = [phrase for phrases in vars(words).values() for phrase in phrases if phrase not in HELD_OUT_SHAPES]
    assert all(any(way.removeprefix("a ").removeprefix("an ") in text for way in ways) for text in texts)
    assert not any(f"{adverb} " in text for text in texts for adverb in STRONGLY if adverb != "super")
    unseen = [sentence(HeadDescription(shapes={"nose_size": 0.7}), rng, held_out=True) for _ in range(50)]
    held = [phrase.removeprefix("a ").removeprefix("an ") for phrase in HELD_OUT_SHAPES | HELD_OUT_HAIR]
    assert all(any(phrase in text for phrase in held) for text in unseen)


def test_sentences_say_all_that_is_said_and_nothing_else():
    rng = np.random.default_rng(0)
    boys = {noun for (_, high, gender), nouns in AGE_NOUNS.items() if gender == 0 and high <= 19 for noun in nouns.all}
    for _ in range(100):
        text = sentence(
            HeadDescription(gender=0.0, age=9.0, ancestry="asian", style="bob", beard=None), rng, "laughing"
        )
        assert "laughing" in text
        assert any(word in text for word in ANCESTRIES["asian"].words.all)
        assert any(
            word in text for word in (*boys, "9", "nine", "lad", "kid", "face", "head", "male", "masculine", "manly")
        )
        assert any(word.removeprefix("a ") in text for word in HAIR_WORDS["bob"].all)
        assert not {"woman", "girl", "beard", "nose", "old man"} & set(text.split())


def test_what_is_said_of_a_person_is_true():
    rng = np.random.default_rng(1)
    shapes = 0
    for k in range(300):
        person = random_person(np.random.default_rng(k))
        style = draw_style(person, WORN_STYLES, rng)
        description = describe_person(person, style, rng)
        assert description.gender in (None, person.gender)
        assert description.age in (None, person.age)
        assert description.style in (None, style_family(style))
        assert all(person.shapes[name] == value for name, value in description.shapes.items())
        shapes += len(description.shapes)
        text = person_sentence(person, style, rng, phrase="", asides=())
        if person.gender > 0.8:
            assert not {"man", "boy", "guy", "grandfather"} & set(text.replace("man bun", "").split())
    assert shapes > 200


def test_degrees_stand_before_adjectives_in_every_frame():
    rng = np.random.default_rng(0)
    for strength, adverb in ((0.3, "slightly"), (1.1, "very")):
        texts = [sentence(HeadDescription(shapes={"nose_size": strength}), rng) for _ in range(4000)]
        for frame in (f"a {adverb} big nose", f"that is {adverb} big", f"nose is {adverb} big", f"{adverb} big-nosed"):
            assert any(frame in text for text in texts), frame


def test_a_reworded_expression_still_says_it():
    rng = np.random.default_rng(0)
    for phrase in ("who has just woken up", "as if struck by lightning", "laughing", "happy", "with a smile"):
        texts = {reworded(phrase, rng) for _ in range(50)}
        assert all(phrase in text for text in texts)
        assert (len(texts) > 1) == (phrase != "with a smile")


def test_sentences_say_the_phrase_they_are_given():
    rng = np.random.default_rng(0)
    assert all("laughing hard" in expression_sentence("laughing hard", rng) for _ in range(50))


def test_what_people_wear_depends_on_who_they_are():
    man = describe(0.0, 40.0, {"african": 0.1, "asian": 0.1, "caucasian": 0.8}, 0.5, {})
    woman = describe(1.0, 40.0, {"african": 0.1, "asian": 0.1, "caucasian": 0.8}, 0.5, {})
    his, hers = style_probabilities(man, WORN_STYLES), style_probabilities(woman, WORN_STYLES)
    assert his.sum() == pytest.approx(1)
    assert his[WORN_STYLES.index("bald")] > 10 * hers[WORN_STYLES.index("bald")]
    assert hers[STYLES.index("long01")] > 5 * his[STYLES.index("long01")]
    boy, girl = (
        style_probabilities(
            describe(gender, 8.0, {"african": 0.1, "asian": 0.1, "caucasian": 0.8}, 0.5, {}), WORN_STYLES
        )
        for gender in (0.0, 1.0)
    )
    for style in ("bob01", "pigtails", "ponytail01"):
        assert girl[STYLES.index(style)] > 10 * boy[STYLES.index(style)]
    assert boy[WORN_STYLES.index("bald")] < 0.01


def test_features_name_what_they_measure():
    person = random_person(np.random.default_rng(5))
    values = dict(zip(FEATURES, features(person), strict=True))
    assert len(values) == len(FEATURES)
    assert values["female"] == pytest.approx(2 * person.gender - 1, abs=1e-6)
    assert values["nose_size"] == pytest.approx(person.shapes.get("nose_size", 0.0), abs=1e-6)


def test_embeddings_of_many_texts_are_those_of_the_running_model_and_kept(tmp_path):
    model = load_text_model(EMBEDDED / "text")
    texts = ["an old man with a big nose, laughing", "a girl", "face of a man smiling with joker makeup"]
    running = encode_text(model, texts)
    assert (embed(model, texts) * running).sum(axis=1).min() > 0.999
    assert (cached_embeddings(tmp_path, model, texts) * running).sum(axis=1).min() > 0.999
    (kept,) = tmp_path.iterdir()
    np.save(kept, np.zeros((3, 512), np.float16))
    assert not cached_embeddings(tmp_path, model, texts).any()
    assert cached_embeddings(tmp_path, model, texts[:2]).any()
