"""What both ends of a pipe to a process of ours share: starting it, its lines, its errors as JSON. Imports no torch."""

from __future__ import annotations

import os
import subprocess
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import IO, TextIO

from .errors import ClipHeadError, WorkerError

#: How many of the last lines that a process wrote to standard error are kept, for messages.
LAST_LINES = 40


def start_piped(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start a process with pipes of UTF-8 text to all three of its streams, and without a window.

    command: its words.
    environment: all of it.
    Raises OSError where it cannot be started.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def read_lines(stream: IO[str], take: Callable[[str], None]) -> None:
    """Pass on every line of a stream until it ends, and close it.

    stream: of a process.
    take: called with each line.
    """
    with stream:
        for line in stream:
            take(line)


def manner_of_end(code: int) -> str:
    """How a process ended, in words that follow "it ended"; code: its exit code, negative where a signal ended it."""
    return f"by signal {-code}" if code < 0 else f"with code {code}"


def claim_stdout() -> TextIO:
    """The pipe to whoever started this process, for answers alone: what libraries print there goes to standard error
    instead."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    return channel


def describe_error(readable: ClipHeadError, error: BaseException) -> dict[str, str]:
    """An error as values of JSON, from which `described_error` makes it again.

    readable: what people are told.
    error: that was raised, with its traceback; the same one, or its cause.
    """
    return {
        "kind": type(readable).__name__,
        "cause": readable.cause,
        "remedy": readable.remedy,
        "traceback": "".join(traceback.format_exception(error)),
    }


def described_error(description: Mapping[str, str]) -> ClipHeadError:
    """The error of core/errors.py that `describe_error` described; its traceback is a note on it.

    description: of that.
    """
    kinds = {kind.__name__: kind for kind in ClipHeadError.__subclasses__()}
    error = kinds.get(description["kind"], WorkerError)(description["cause"], description["remedy"])
    error.add_note(description["traceback"])
    return error
