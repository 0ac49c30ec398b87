"""Tables of data are checked when they are read."""

import json
from pathlib import Path

import pytest

from clip_head.core.errors import ModelError
from clip_head.training.engine.tables import load_table
from clip_head.training.language.tables import PHRASES_FOLDER, Phrases, check_entry, load_phrases, phrases_of


def test_lists_become_tuples_however_deep(tmp_path: Path) -> None:
    path = tmp_path / "table.json"
    path.write_text(json.dumps({"a": [1, ["Zoë", 2]], "b": {"c": [None]}}), encoding="utf-8")
    assert load_table(path, ("b", "a")) == {"a": (1, ("Zoë", 2)), "b": {"c": (None,)}}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"a": 1', "cannot be read"),
        ("[1]", "holds list"),
        ('{"a": 1}', r"lacks \['b'\]"),
        ('{"a": 1, "b": 2, "c": 3}', r"unknown \['c'\]"),
    ],
)
def test_a_table_that_is_damaged_or_of_other_keys_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "table.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=complaint):
        load_table(path, ("a", "b"))


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nothing\.json"):
        load_table(tmp_path / "nothing.json")


def test_plainest_and_held_out_phrases_repeat_phrases_of_their_entry() -> None:
    entry = {"phrases": ("big", "huge"), "plainest": ("big",), "held_out": ("huge",)}
    assert phrases_of("here", entry, ("held_out",)) == Phrases(("big", "huge"), ("big",))
    with pytest.raises(ModelError, match=r"held_out has \['vast'\]"):
        check_entry("here", entry | {"held_out": ("vast",)}, ("phrases",), ("plainest", "held_out"))
    with pytest.raises(ModelError, match="plainest"):
        check_entry("here", {"phrases": ("big",)}, ("phrases",), ("plainest",))


@pytest.mark.parametrize("path", sorted(PHRASES_FOLDER.glob("*.json")), ids=lambda path: path.name)
def test_files_of_phrases_are_readable_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "\\u" not in text, "letters are written as they are"
    assert max(map(len, text.splitlines())) <= 120
    assert load_phrases(path.stem)
