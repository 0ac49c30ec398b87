"""Prompts of other languages are read as the English ones of the same meaning, and English ones as they stand."""

import json

import pytest

from clip_head.core.models import EMBEDDED
from clip_head.core.text.phrasebook import language_of, load_phrasebooks
from clip_head.core.text.plain import load_reader, plain_request, plain_words, read_as
from clip_head.core.types import HeadRequest

#: What people type -> what is read.
TRANSLATED = {
    "ein alter Mann mit einer großen Nase, lachend": "an old man with a big nose, laughing",
    "ein 7-jähriges Mädchen mit Sommersprossen": "a 7-year-old girl with freckles",
    "ein junges Mädchen, schlafend": "a young girl, sleeping",
    "der Kopf eines jungen Mannes": "head of a young man",
    "ein Junge mit roten Haaren": "a boy with red hair",
    "若い女の子": "a young girl",
    "EIN ROTHAARIGER MANN OHNE BART": "a red-haired man without a beard",
    "eine Frau mit gruenen Augen": "a woman with green eyes",
    "un homme africain au nez large": "an african man with a wide nose",
    "un garçon qui ne sourit pas": "a boy, not smiling",
    "une fillette de 7 ans, qui tire la langue": "a 7-year-old girl, sticking out the tongue",
    "una mujer joven de pelo largo y rubio y ojos azules": "a young woman with long blond hair and blue eyes",
    "hombre sin barba": "a man without a beard",
    "um homem careca e zangado com barba preta": "a bald man, angry, with a black beard",
    "un uomo arrabbiato con il naso aquilino": "a man, angry, with a hooked nose",
    "大きな鼻の老人、笑っている": "an old man with a big nose, laughing",
    "70歳の男性": "a 70-year-old man",
    "ひげのない男": "a man without a beard",
    "一个大鼻子的老人，正在笑": "an old man with a big nose, laughing",
    "没有胡子的男人，不笑": "a man without a beard, not smiling",
    "鼻子像铅笔的男人": "a man with a nose like a pencil",
}
#: Other people's words, and English with words that other languages have too.
LEFT_ALONE = (
    "Leonardo da Vinci", "El Greco", "die hard", "a man", "a punk with a mohawk", "kobieta z długimi włosami",
    "старик с бородой", "رجل عجوز", "노인", "12345", "?!", "", "a femme fatale", "an old man mit Bart", "東京タワー",
    "a woman from la Paz", "a señor with a sombrero",
)  # fmt: skip


@pytest.fixture(scope="module")
def reader():
    return load_reader(EMBEDDED / "spelling")


@pytest.mark.parametrize("typed", TRANSLATED)
def test_everyday_prompts_are_read_in_english(reader, typed):
    assert plain_words(reader, typed) == TRANSLATED[typed]


@pytest.mark.parametrize("words", LEFT_ALONE)
def test_other_words_stay_to_the_letter(reader, words):
    assert plain_words(reader, words) == words


@pytest.mark.parametrize("typed", TRANSLATED)
def test_what_was_read_is_read_again_as_it_stands(reader, typed):
    assert plain_words(reader, TRANSLATED[typed]) == TRANSLATED[typed]


def test_all_words_of_a_request_are_read_and_the_rest_is_kept(reader):
    request = HeadRequest("ein alter Mann", expression="lachend", skin="blasse Haut", negative="Bart", seed=4)
    plain = plain_request(reader, request)
    assert plain == HeadRequest("an old man", expression="laughing", skin="pale skin", negative="a beard", seed=4)
    assert read_as(request, plain) == {
        "prompt": "an old man", "expression": "laughing", "skin": "pale skin", "negative": "a beard"
    }  # fmt: skip
    assert read_as(plain, plain) == {}


def test_books_agree_on_what_english_they_give():
    """Every English phrase of a book is what a book of another language gives too, but for joining words."""
    books = {}
    for code in load_phrasebooks():
        path = EMBEDDED.parents[1] / "core" / "text" / "phrasebook" / f"{code}.json"
        books[code] = json.loads(path.read_text(encoding="utf-8"))
    assert set(books) == {"de", "es", "fr", "it", "ja", "pt", "zh"}
    for kind in ("person", "part", "thing", "mood"):
        everywhere = set.intersection(*(set(book[kind]) for book in books.values()))
        assert all(len(set(book[kind]) - everywhere) <= 25 for book in books.values()), kind


def test_the_language_is_told_by_more_than_one_shared_word(reader):
    for text, code in (("homme", "fr"), ("ojos azules", "es"), ("olhos azuis", "pt"), ("Bart", None), ("髪", "ja")):
        assert language_of(reader.books, text, reader.said_of_faces) == code
