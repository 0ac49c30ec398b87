"""Tables of data: JSON files that lie beside the modules which use them."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from clip_head.core.errors import ModelError


def load_table(path: Path, keys: Collection[str] | None = None) -> dict[str, Any]:
    """The object in a JSON file, with tuples for lists so that nobody changes what all share.

    path: the file, in UTF-8.
    keys: the names that the object has, no other and none less; None where they are data, too.

    Raises ModelError when the file is missing, no JSON, or has other keys.
    """
    remedy = "Restore the file from the same release."
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"The table {path} cannot be read: {error}.", remedy) from error
    if not isinstance(table, dict):
        raise ModelError(f"The table {path} holds {type(table).__name__} where an object was expected.", remedy)
    if keys is not None:
        check_keys(str(path), table, keys)
    return {name: frozen(value) for name, value in table.items()}


def check_keys(where: str, entry: dict[str, Any], keys: Collection[str], optional: Collection[str] = ()) -> None:
    """Make sure that an entry of a table has the keys that its reader expects.

    where: the file and the entry, for the error.
    entry: the entry.
    keys: names that it must have.
    optional: further names that it may have.

    Raises ModelError naming what is missing and what is unknown.
    """
    missing = sorted(set(keys) - set(entry))
    unknown = sorted(set(entry) - set(keys) - set(optional))
    if missing or unknown:
        raise ModelError(
            f"{where} lacks {missing or 'nothing'} and has the unknown {unknown or 'nothing'}.",
            f"Its keys must be {sorted(keys)}.",
        )


def frozen(value: Any) -> Any:
    """A value of JSON with tuples for its lists, however deep.

    value: what json.loads gave.
    """
    if isinstance(value, list):
        return tuple(frozen(entry) for entry in value)
    if isinstance(value, dict):
        return {name: frozen(entry) for name, entry in value.items()}
    return value
