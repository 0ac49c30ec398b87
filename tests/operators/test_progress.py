"""Progress fits the terminal that it is drawn on, and nothing is lost where there is none."""

import io
import os
import struct
import sys
from contextlib import suppress

import pytest

from clip_head.operators.progress import Bars, progress_line


@pytest.mark.parametrize("columns", [1, 2, 10, 20, 28, 30, 40, 60, 80, 200])
def test_no_line_breaks_a_terminal(columns: int) -> None:
    """A cursor in the last column is already a new line on some."""
    for fraction in (0.0, 0.5, 1.0):
        assert len(progress_line("geometry", fraction, 12.3, columns)) < columns


def test_the_bar_is_as_full_as_the_stage_is_done() -> None:
    assert progress_line("texture", 0.5, 3.21, 80) == f"texture   [{'#' * 15}{'.' * 15}]  50%    3.2 s"
    assert progress_line("texture", 0.5, 3.21, 35) == f"texture   [{'#' * 4}{'.' * 4}]  50%    3.2 s"
    assert progress_line("texture", 0.5, 3.21, 25) == "texture    50%    3.2 s"


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
@pytest.mark.parametrize("columns", [0, 20, 50])
def test_a_terminal_is_drawn_on_in_its_width(columns: int) -> None:
    import fcntl
    import termios

    reader, writer = os.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with os.fdopen(writer, "w") as stream, Bars(stream) as bars:
        for fraction in (0.0, 0.5, 1.0):
            bars.show("geometry", fraction)
    drawn = ""
    with suppress(OSError):  # the end of a pseudo-terminal, which gives what was written in pieces
        while piece := os.read(reader, 10_000).decode():
            drawn += piece
    os.close(reader)
    lines = drawn.replace("\r\n", "").split("\r")
    assert drawn.count("\n") == 1
    assert len(lines) == 5
    assert all(len(line) < (columns or 80) for line in lines)
    assert "geometry" in lines[-1]
    assert "100%" in lines[-1]


def test_elsewhere_every_stage_is_one_line() -> None:
    stream = io.StringIO()
    with Bars(stream) as bars:
        for stage in ("models", "words"):
            for fraction in (0.0, 0.3, 1.0):
                bars.show(stage, fraction)
    lines = stream.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == ["models", "words"]
    assert all("100%" in line for line in lines)
