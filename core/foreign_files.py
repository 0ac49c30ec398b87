"""Files that somebody else wrote: regular ones of bounded size, inside their folder; JSON of bounded depth."""

from __future__ import annotations

import json
import stat
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

#: Longest JSON file that is read, bytes (16 MB): the largest description of a model is a few thousand.
LARGEST_JSON = 16 * 1024**2
#: How deep lists and objects may lie in each other. Descriptions of models and meshes need fewer than ten levels; the
#: readers of other libraries give up, or crash, at some thousand.
DEEPEST_JSON = 64


def read_json(path: Path, largest: int = LARGEST_JSON) -> Any:
    """The content of a JSON file.

    path: must be a regular file, or a link to one: no pipe and no device, which may never end.
    largest: bytes that it may have.

    Raises OSError or ValueError, which say what is wrong without naming the file.
    """
    check_regular_file(path, largest)
    return parse_json(path.read_bytes())


def parse_json(content: bytes) -> Any:
    """The value of JSON in UTF-8, with or without a byte order mark. Raises ValueError for anything else."""
    try:
        value = json.loads(content.decode("utf-8-sig"))
    except RecursionError as error:
        raise ValueError(f"its lists are nested more than {DEEPEST_JSON} deep") from error
    level = [value]
    for _ in range(DEEPEST_JSON):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return value
    raise ValueError(f"its lists are nested more than {DEEPEST_JSON} deep")


def check_regular_file(path: Path, largest: int) -> None:
    """Raise OSError where there is no file, ValueError unless it is a regular one of at most `largest` bytes."""
    facts = path.stat()
    if not stat.S_ISREG(facts.st_mode):
        raise ValueError("it is a folder" if stat.S_ISDIR(facts.st_mode) else "it is no regular file")
    if facts.st_size > largest:
        raise ValueError(f"it has {facts.st_size / 1e6:.0f} MB, more than the {largest / 1e6:.0f} MB that are read")


def lies_inside(name: str) -> bool:
    """Whether a file's name, of whatever system, is relative and never leaves the folder that it counts from."""
    parts = PureWindowsPath(name).parts
    rooted = PureWindowsPath(name).anchor or PurePosixPath(name).is_absolute() or name.startswith("~")
    return bool(parts) and not rooted and ".." not in parts


def _inside(value: Any) -> list[Any]:
    """What lies directly in a list or an object."""
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
