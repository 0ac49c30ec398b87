"""Stages of the method: each is timed, and reported to the progress."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from .types import Progress


@contextmanager
def stage(name: str, seconds: dict[str, float], progress: Progress) -> Iterator[None]:
    """Time what is done inside.

    name: one of types.STAGES, or another step that is shown.
    seconds: takes the time under this name, unless an error ends the stage.
    progress: is told 0 at the start and 1 at the end.
    """
    progress(name, 0.0)
    start = perf_counter()
    yield
    seconds[name] = perf_counter() - start
    progress(name, 1.0)
