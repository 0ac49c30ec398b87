"""What became of every row: manifest.jsonl, one object a line, written as the rows end."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import TracebackType
from typing import Any

from ...core.errors import ClipHeadError, RequestError
from .pool import Made
from .rows import Row

#: Its name, in the folder of the heads.
MANIFEST = "manifest.jsonl"


class Manifest:
    """The open manifest of a batch; use it as a context manager.

    out: the folder of the heads, which is made where it is missing.
    resume: whether it goes on with the one that is there, which is then written anew.
    Raises RequestError where there is one already and it should not go on; OSError where nothing can be written.
    """

    def __init__(self, out: Path, resume: bool) -> None:
        path = out / MANIFEST
        if path.exists() and not resume:
            raise RequestError(
                f"{out} holds a batch already.", "Give --resume to go on with it, or another folder with --out."
            )
        out.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8")

    def __enter__(self) -> Manifest:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, row: Row, result: Made | ClipHeadError) -> None:
        """Write what became of a row; it is on the disk when this returns.

        row: which.
        result: its head, or why there is none.
        """
        self._file.write(json.dumps(entry_of(row, result), ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def entry_of(row: Row, result: Made | ClipHeadError) -> dict[str, Any]:
    """A row's line of the manifest.

    row, result: as of `Manifest.add`.
    """
    entry: dict[str, Any] = {"row": row.number, "prompt": row.prompt, "hash": row.digest}
    if isinstance(result, Made):
        made = {"folder": result.folder.name, "seconds": round(result.seconds, 2)}
        return entry | made | {"not_understood": list(result.not_understood), "error": None}
    return entry | {"folder": None, "seconds": 0.0, "error": str(result), "exit_code": result.exit_code}
