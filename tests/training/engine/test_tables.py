"""Tables of data are checked when they are read."""

import json
from pathlib import Path

import pytest

from clip_head.core.errors import ModelError
from clip_head.training.engine.tables import load_table


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
