"""Progress on standard error."""

from __future__ import annotations

import os
from time import monotonic
from typing import TextIO

from .console import write_safely

#: Characters of a bar where the terminal has room for it.
_BAR = 30
#: Columns of a terminal that does not say how many it has.
_COLUMNS = 80


class Bars:
    """Progress on a terminal: one line with a bar for each stage. Elsewhere one plain line per finished stage."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._stage = ""
        self._fraction = 0.0
        self._start = 0.0

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def show(self, stage: str, fraction: float) -> None:
        """Show that `stage` is done to `fraction`; a Progress of core/types.py."""
        if stage != self._stage:
            self._fraction = 1.0  # the stage before is complete, since the next one has begun
            self.close()
            self._stage, self._start = stage, monotonic()
        self._fraction = fraction
        if self._live:
            self._draw(end="")

    def close(self) -> None:
        """End the line of the present stage."""
        if self._stage:
            self._draw(end="\n")
        self._stage = ""

    def _draw(self, end: str) -> None:
        seconds = monotonic() - self._start
        line = progress_line(self._stage, self._fraction, seconds, self._columns() if self._live else _COLUMNS)
        write_safely(self._stream, f"\r{line}{end}" if self._live else line + end)

    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or _COLUMNS
        except OSError:
            return _COLUMNS


def progress_line(stage: str, fraction: float, seconds: float, columns: int) -> str:
    """One line of progress that a terminal shows without breaking it.

    stage: what is being done.
    fraction: how far that is, 0 to 1.
    seconds: how long it has taken.
    columns: of the terminal.

    The bar gives way first, then the figures: a line that is broken could not be drawn over.
    """
    figures = f" {fraction:4.0%} {seconds:6.1f} s"
    width = min(_BAR, columns - 1 - len(f"{stage:<9} []{figures}"))
    if width < 1:
        return f"{stage:<9}{figures}"[: max(columns - 1, 0)]
    full = round(min(max(fraction, 0.0), 1.0) * width)
    return f"{stage:<9} [{'#' * full}{'.' * (width - full)}]{figures}"
