"""Ages are said right: in years before and after the noun, by decades, in letters."""

import re

import numpy as np
import pytest

from clip_head.training.language.ages import age_in_years, draw_age_words, spelled
from clip_head.training.language.people_phrases import AGE_ADJECTIVES, AGE_NOUNS, DECADES


def said(years: int, gender: int | None = 0) -> set[str]:
    """All ways that a few hundred draws say it, before and after "X"."""
    rng = np.random.default_rng(0)
    drawn = [age_in_years(years, gender, rng) for _ in range(400)]
    return {f"{words.before} {words.noun or 'X'} {words.after}".strip() for words in drawn}


def test_years_are_said_in_every_usual_way():
    assert {"7 year old girl", "7-year-old girl", "girl aged 7", "girl of seven", "7yo girl"} <= said(7, 1)
    assert {"X of 30", "30 yo X", "X aged thirty", "X 30 years old", "X in his thirties"} <= said(30)
    assert {"X in her mid-fifties", "X in her fifties", "fifty-something X"} <= said(56, 1)
    assert {"X in their late forties", "forty-eight-year-old X"} <= said(48, None)


@pytest.mark.parametrize("years", [1, 4, 13, 19, 20, 39, 60, 91, 99])
def test_no_other_year_is_said(years):
    for words in said(years):
        numbers = [int(number) for number in re.findall(r"\d+", words)]
        decade = DECADES[years // 10 - 1] if years >= 20 else None
        names_it = numbers == [years] or spelled(years) in words or (decade or "-") in words
        assert names_it or re.search(rf"{spelled(years - years % 10)}-?something", words), words


def test_thirds_of_a_decade_are_those_of_the_year():
    texts = {years: " | ".join(said(years)) for years in (41, 45, 49)}
    for years, third in ((41, "early"), (45, "mid"), (49, "late")):
        assert f"{third} forties" in texts[years]
        assert not [other for other in {"early", "mid", "late"} - {third} if other in texts[years]]


def test_children_have_a_noun_and_grown_ups_none():
    assert all("girl" in words or "lass" in words or "kid" in words for words in said(6, 1))
    assert not any("boy" in words for words in said(18, 0))
    assert all("X" in words for words in said(40))
    rng = np.random.default_rng(0)
    assert not any(age_in_years(6, 1, rng, noun=False).noun for _ in range(100))


def test_an_age_without_words_of_its_own_is_said_in_years():
    assert not any(low <= 61 < high for low, high, _ in AGE_NOUNS) and not any(
        low <= 61 < high for low, high in AGE_ADJECTIVES
    )
    rng = np.random.default_rng(0)
    for _ in range(100):
        words = draw_age_words(61, 1, [], rng)
        assert words.before or words.after


def test_phrases_that_stand_for_a_range_of_ages_name_no_year():
    numbers = {spelled(years) for years in range(3, 100)} - {"ten"}
    pattern = re.compile(rf"\b(?:{'|'.join(sorted(numbers, key=len, reverse=True))})-year-old|\d")
    for table in (AGE_NOUNS, AGE_ADJECTIVES):
        for words in table.values():
            assert not [phrase for phrase in words.all if pattern.search(phrase)]


def test_numbers_in_letters():
    assert [spelled(years) for years in (1, 10, 19, 20, 42, 99)] == [
        "one", "ten", "nineteen", "twenty", "forty-two", "ninety-nine",
    ]  # fmt: skip
