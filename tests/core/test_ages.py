"""Ages that words tell."""

import pytest

from clip_head.core.ages import age_in


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("an 85-year-old woman", 85.0),
        ("a boy, 7 years old", 7.0),
        ("a man of 40 yrs", 40.0),
        ("a vampire, 900 years old", 120.0),
        ("a Baby", 1.0),
        ("a teenage girl", 12.0),
        ("a grandmother", 74.0),
        ("a 30 year old child", 30.0),
    ],
)
def test_ages_are_read_from_figures_first_and_else_from_words(words: str, years: float) -> None:
    assert age_in(words) == years


@pytest.mark.parametrize("words", ["", "a woman", "a bold man with gold teeth", "seasoned", "3 eyes", "2000 years ago"])
def test_other_words_tell_no_age(words: str) -> None:
    assert age_in(words) is None
