"""Standard output and error as they come: closed, read by nobody any more, in any character set."""

from __future__ import annotations

import codecs
import io
import locale
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


def prepare_streams() -> None:
    """Open what is closed, to nowhere; let characters that a console cannot show be replaced."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            # Otherwise the next file that is opened would be taken for this stream. The lowest free number is given.
            os.open(os.devnull, os.O_RDWR)
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, os.fdopen(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))
        elif number and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=_encoding_of(stream), errors="replace")


def _encoding_of(stream: TextIO) -> str | None:
    """The locale's encoding for a terminal, None (as it is) for anything else.

    A locale that knows ASCII alone is no statement about the terminal.
    """
    encoding = locale.getencoding()
    if os.name != "posix" or not stream.isatty() or codecs.lookup(encoding).name == "ascii":
        return None
    return encoding


def write_safely(stream: TextIO, text: str) -> None:
    """Write `text` at once. Where nobody reads any more, nothing happens: the work does not depend on being watched."""
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        # What waits in the stream would raise again when Python ends.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


@contextmanager
def quiet_stdout() -> Iterator[None]:
    """Send what Blender prints by itself to nowhere, so that standard output holds the result's folder alone."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def say_failed(text: str, error: BaseException, code: int, debug: bool = False) -> int:
    """Write what went wrong, with the error's traceback where that was asked for. Returns the exit code.

    text: for people.
    error: that was raised.
    code: the exit code.
    debug: whether the traceback was asked for.
    """
    if debug:
        write_safely(sys.stderr, "".join(traceback.format_exception(error)))
    write_safely(sys.stderr, f"{text}\n")
    return code
