"""The whole command line: its first argument may name something else to do than making one head from words."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import ClipHeadError
from . import command_line
from .console import prepare_streams, say_failed, write_safely

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
    name, rest = (arguments[:1] or [""])[0], arguments[1:]
    if name == "batch":
        prepare_streams()
        from .batch.command import main as run_batch

        return run_batch(rest, worker, program, again)
    if name in ("export", "models"):
        prepare_streams()
        return _run(name, rest, program)
    if name == "edit" and len(rest) > 1:  # FOLDER WORDS ...
        return command_line.main([*rest[1:], "--edit", rest[0]], worker, program)
    return command_line.main(rest if name == "generate" and rest else arguments, worker, program)


def _run(name: str, arguments: list[str], program: str) -> int:
    """Run a command that needs no worker: of the module NAME_command. Returns the exit code."""
    command = import_module(f".{name}_command", __package__)
    parser = argparse.ArgumentParser(prog=f"{program} {name}")
    command.add_arguments(parser)
    options = parser.parse_args(arguments)
    try:
        write_safely(sys.stdout, f"{command.run(options)}\n")
    except ClipHeadError as error:
        return say_failed(f"Error: {error}", error, error.exit_code)
    return 0
