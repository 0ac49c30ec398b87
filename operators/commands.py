"""The whole command line: many heads where its first argument is `batch`, else a single one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from . import command_line
from .console import prepare_streams

if TYPE_CHECKING:
    from ..core.client import Worker

#: Starts this command line again.
_THIS_PROGRAM = (sys.executable, "-I", "-X", "utf8", str(Path(__file__).resolve().parents[1]))


def main(
    arguments: list[str],
    worker: Worker | None = None,
    program: str = "./run",
    again: Sequence[str] = _THIS_PROGRAM,
) -> int:
    """Run the command line. Returns its exit code.

    arguments: those after the program's name.
    worker: computes the heads; one of our own is started, and ended, where none is given.
    program: how the command line was called, for its help.
    again: the command that starts this command line in a process of its own.
    """
    if arguments[:1] != [command_line.BATCH]:
        return command_line.main(arguments, worker, program)
    prepare_streams()
    from .batch.command import main as run_batch

    return run_batch(arguments[1:], worker, program, again)
