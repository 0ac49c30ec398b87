"""Phrases are checked when they are read."""

from pathlib import Path

import pytest

from clip_head.core.errors import ModelError
from clip_head.training.language.tables import PHRASES_FOLDER, Phrases, check_entry, load_phrases, phrases_of


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
