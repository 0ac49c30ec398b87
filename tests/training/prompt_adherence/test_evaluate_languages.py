"""The suite in seven languages: whole, recognised, and understood as in English."""

import numpy as np
import pytest

from clip_head.core.models import EMBEDDED
from clip_head.core.pipeline import load_models
from clip_head.core.text.phrasebook import language_of
from clip_head.core.text.phrasebook.book import UNKNOWN, tokens_of
from clip_head.core.text.plain import load_reader, plain_words
from clip_head.training.prompt_adherence.evaluate_languages import codes, near, shares
from clip_head.training.prompt_adherence.languages import (
    CARRIERS,
    SENTENCES,
    TYPING_ERRORS,
    prompt_in,
    suite_words,
)

LANGUAGES = sorted(CARRIERS)


@pytest.fixture(scope="module")
def reader():
    return load_reader(EMBEDDED / "spelling")


def test_the_whole_suite_is_there_in_every_language():
    words = [each for table in suite_words().values() for each in table]
    assert set(SENTENCES) == set(words)
    assert LANGUAGES == ["de", "es", "fr", "it", "ja", "pt", "zh"]
    assert all(sorted(translations) == LANGUAGES and all(translations.values()) for translations in SENTENCES.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_sentences_are_taken_for_what_they_are_and_hardly_a_word_is_unknown(reader, language):
    prompts = [prompt_in(language, words, CARRIERS[language]) for words in SENTENCES]
    found = [language_of(reader.books, prompt, reader.said_of_faces) for prompt in prompts]
    # A word may be the same in two languages: "una geisha", "主婦".
    assert np.mean([code == language for code in found]) > 0.98
    assert all(found)
    tokens = [token for prompt in prompts for token in tokens_of(reader.books[language], prompt)]
    words = [token for token in tokens if token.text[0].isalnum()]
    assert np.mean([token.kind == UNKNOWN for token in words]) < 0.03


def test_typing_errors_are_mended(reader):
    assert len(TYPING_ERRORS) == 60
    mended = [plain_words(reader, typed) == meant for typed, meant in TYPING_ERRORS.items()]
    assert np.mean(mended) >= 0.9
    assert all(plain_words(reader, meant) == meant for meant in TYPING_ERRORS.values())


def test_near_is_measured_by_how_far_codes_lie_apart():
    meant = np.array([[0.0, 0.0], [2.0, 0.0]], np.float32)
    assert near(meant + np.float32(0.3), meant) == [True, True]
    assert near(meant + np.float32(0.6), meant) == [False, False]


@pytest.mark.slow(minutes=2)
def test_translations_get_the_codes_of_their_english_sentences():
    models = load_models()
    assert min(shares(models, LANGUAGES, every=20).values()) >= 0.75
    typed, meant = list(TYPING_ERRORS), list(TYPING_ERRORS.values())
    assert np.mean(near(codes(models, typed, 0), codes(models, meant, 0))) >= 0.9
