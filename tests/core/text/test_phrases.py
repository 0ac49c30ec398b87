"""Phrases about features are cut out of a sentence, whatever stands round them."""

import pytest

from clip_head.core.text.phrases import Expressions, Features, expressions_of, feature_nouns, features_of
from clip_head.training.language.shapes import SHAPE_WORDS


@pytest.mark.parametrize(
    ("sentence", "phrases", "rest"),
    [
        ("a young man with a bun, a big nose and flared nostrils", ("a big nose", "flared nostrils"),
         "a young man, with a bun"),
        ("Woman, Nose like a Beak", ("nose like a beak",), "Woman"),
        ("a boy whose ears are as big as plates", ("ears are as big as plates",), "a boy"),
        ("this man has a wide nose and thin lips. He has a goatee", ("a wide nose", "thin lips"),
         "this man, He has a goatee"),
        ("the old woman has a long nose her chin is very small", ("a long nose", "chin is very small"),
         "the old woman"),
        ("a thin, pointed nose", ("pointed nose",), "a thin"),
        ("an old man with a beard", (), "an old man, with a beard"),
        ("a man without a double chin", (), "a man, without a double chin"),
        ("a man but not big ears", (), "a man, but not big ears"),
        ("his face, the eyes", (), "his face, the eyes"),
        ("a big nose, ears like a bat, a big nose", ("a big nose", "ears like a bat"), ""),
        ("", (), ""),
        (" , ,", (), ""),
    ],
)  # fmt: skip
def test_phrases_about_features_are_told_from_the_rest(sentence: str, phrases: tuple[str, ...], rest: str) -> None:
    assert features_of(sentence) == Features(phrases, rest)


def test_nearly_every_plain_phrase_about_a_shape_is_one() -> None:
    plain = [phrase for wordings in SHAPE_WORDS.values() for phrase in wordings.plain]
    found = [features_of(f"a woman with {phrase}").phrases for phrase in plain]
    whole = [phrase for phrases, phrase in zip(found, plain, strict=True) if phrases == (phrase.lower(),)]
    assert len(whole) > 0.97 * len(plain)


def test_no_noun_for_a_feature_is_a_word_for_hair_or_for_a_person() -> None:
    assert not feature_nouns() & {"hair", "beard", "moustache", "man", "woman", "child", "ponytail", "bun"}


@pytest.mark.parametrize(
    ("sentence", "phrases", "denied"),
    [
        ("smiling", ("smiling",), (False,)),
        ("smiling with closed eyes", ("smiling", "closed eyes"), (False, False)),
        ("not sad but angry", ("not sad", "angry"), (True, False)),
        ("Angry, but crying", ("angry", "crying"), (False, False)),
        ("smiling without showing her teeth", ("smiling", "without showing her teeth"), (False, True)),
        ("neither smiling nor crying", ("neither smiling", "nor crying"), (True, True)),
        ("with tears in her eyes", ("tears in her eyes",), (False,)),
        ("laughing with tears in her eyes", ("laughing with tears in her eyes",), (False,)),
        ("not smiling, in tears", ("not smiling", "in tears"), (True, False)),
        ("", (), ()),
    ],
)
def test_phrases_of_an_expression(sentence: str, phrases: tuple[str, ...], denied: tuple[bool, ...]) -> None:
    assert expressions_of(sentence) == Expressions(phrases, denied)
