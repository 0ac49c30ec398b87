"""Requests that make no sense are refused with the field, its value and the remedy; others pass, and name a folder."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clip_head.core.errors import RequestError
from clip_head.core.request import LONGEST_WORDS, RESOLUTIONS, SEEDS, TEXTURE_SIZES, check_request, slug
from clip_head.core.types import HeadRequest

GOOD = HeadRequest("an old man with a big nose, laughing")


def with_value(field: str, value: Any) -> HeadRequest:
    return replace(GOOD, **{field: value})


@pytest.mark.parametrize(
    "prompt",
    [
        "a man",
        "улыбающаяся женщина",
        "笑っている男の人",
        "😀🤡",
        "una donna\nanziana",
        "x" * LONGEST_WORDS,
        "\u200fرجل عجوز",
    ],
)
def test_words_in_any_script_pass(prompt: str) -> None:
    check_request(replace(GOOD, prompt=prompt))


@pytest.mark.parametrize("prompt", ["", "   ", "\n\t", "\u2003"])
def test_an_empty_prompt_is_refused(prompt: str) -> None:
    with pytest.raises(RequestError, match="prompt is empty"):
        check_request(replace(GOOD, prompt=prompt))


@pytest.mark.parametrize("field", ["prompt", "expression", "skin"])
def test_a_pasted_file_is_refused_with_its_length(field: str) -> None:
    with pytest.raises(RequestError, match=rf"The {field} has 10000 characters"):
        check_request(with_value(field, "a" * 10000))


@pytest.mark.parametrize("field", ["prompt", "expression", "skin"])
@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\ud800"])
def test_control_characters_are_refused_by_name(field: str, character: str) -> None:
    with pytest.raises(RequestError, match=rf"U\+{ord(character):04X}, at place 2"):
        check_request(with_value(field, "a" + character))


@pytest.mark.parametrize(
    ("field", "allowed"), [("seed", SEEDS), ("resolution", RESOLUTIONS), ("texture_size", TEXTURE_SIZES)]
)
def test_numbers_are_held_to_their_range(field: str, allowed: tuple[int, int]) -> None:
    for value in allowed:
        check_request(with_value(field, value))
    for value in (allowed[0] - 1, allowed[1] + 1):
        with pytest.raises(RequestError, match=str(value)):
            check_request(with_value(field, value))


def test_the_variation_is_a_share() -> None:
    for value in (0.0, 0.5, 1.0):
        check_request(with_value("variation", value))
    for value in (-0.1, 1.5, float("nan")):
        with pytest.raises(RequestError, match="variation"):
            check_request(with_value("variation", value))


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("face of a man smiling with joker makeup", "face-of-a-man-smiling-with-joker-makeup"),
        ("../../etc/passwd", "etc-passwd"),
        ("улыбающаяся женщина", "улыбающаяся-женщина"),
        ("笑っている男の人", "笑っている男の人"),
    ],
)
def test_slugs_read_like_the_prompt(prompt: str, name: str) -> None:
    assert slug(prompt) == name


@pytest.mark.parametrize("prompt", ["😀🤡", "...", "/", "a" * 2000, "й" * 2000, "NUL " * 100])
def test_slugs_are_short_and_can_be_folders(prompt: str, tmp_path: Path) -> None:
    name = slug(prompt)
    assert 0 < len(name.encode()) < 80
    assert slug(prompt + "!") != name or len(prompt) < 60
    (tmp_path / name).mkdir()
