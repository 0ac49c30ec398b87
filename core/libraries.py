"""Whether the Python that computes has the libraries for it. Imports no torch."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .errors import WorkerError
from .packages import package_folders

_PROGRAM = Path(__file__).resolve().with_name("check_libraries.py")
#: Seconds that importing them all may take, on a slow disk.
_PATIENCE = 300.0


@dataclass(frozen=True)
class Libraries:
    """What a Python has of the libraries that compute.

    python: its version.
    versions: name of a distribution -> its version.
    missing: name of one that it lacks, or cannot import -> why.
    device: what torch computes on; "" where that is missing.
    """

    python: str
    versions: dict[str, str]
    missing: dict[str, str]
    device: str


def check_libraries(python: str = "") -> Libraries:
    """Import the libraries in a process of their own and tell of them.

    python: the interpreter that is asked; "" for this one, with the packages that it has.
    Raises WorkerError where it cannot be asked.
    """
    command = [python or sys.executable, "-I", str(_PROGRAM)]
    if not python:
        command += [word for path in package_folders() for word in ("--packages", path)]
    try:
        ended = subprocess.run(
            command,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PATIENCE,
            check=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        return Libraries(**json.loads(ended.stdout.splitlines()[-1]))
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        raise WorkerError(
            f"The Python {command[0]} does not answer ({error}).",
            "Choose another Python environment in the preferences, or leave that field empty.",
        ) from error


def summary(found: Libraries) -> str:
    """A sentence for artists about the libraries that were found.

    found: by `check_libraries`.
    """
    if found.missing:
        return f"Python {found.python} lacks {', '.join(found.missing)}."
    return f"All libraries are there: Python {found.python}, torch {found.versions['torch']}, {found.device}."
