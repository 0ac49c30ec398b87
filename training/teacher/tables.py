"""Tables of data that lie as JSON files beside the modules that use them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from clip_head.core.errors import ClipHeadError


def read_table(path: Path, keys: Collection[str]) -> dict[str, Any]:
    """Read a JSON file whose top level is an object of named sections.

    path: the file.
    keys: names of the sections; all must be there, and no other.
    Returns: the sections by name, with the lists and numbers of JSON.
    Raises: ClipHeadError that names the file and the keys that are missing or unknown.
    """
    table = json.loads(path.read_text(encoding="utf-8"))
    check_keys(table, keys, (), path.name)
    return dict(table)


def check_keys(entry: Mapping[str, Any], required: Collection[str], optional: Collection[str], where: str) -> None:
    """Check the keys of one object of a table.

    entry: the object.
    required: keys that it must have.
    optional: keys that it may have.
    where: what the error calls the object ("shapes.json: nose_size").
    Raises: ClipHeadError that names `where` and the keys that are missing or unknown.
    """
    missing = sorted(set(required) - set(entry))
    unknown = sorted(set(entry) - set(required) - set(optional))
    if missing or unknown:
        raise ClipHeadError(
            f"The table {where} has missing keys {missing} and unknown keys {unknown}.",
            "Add the missing keys and remove or rename the unknown ones.",
        )


def as_tuples(value: Any) -> Any:
    """A table's value with every list, at any depth, turned into a tuple, so that nobody changes it by accident.

    value: what JSON gives.
    Returns: the same numbers, words and objects.
    """
    if isinstance(value, list):
        return tuple(as_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: as_tuples(item) for key, item in value.items()}
    return value
