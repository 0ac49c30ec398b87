"""Who holds the processes of a batch: starts them when they are first needed, and again where one died."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...core.errors import Cancelled, ClipHeadError, WorkerError
from ...core.pipes import LAST_LINES, described_error, manner_of_end, read_lines, start_piped
from .lane import ROW
from .rows import Row

#: The argument by which a process of a batch is started (lane.py).
LANE = "--lane"
#: How often a row is tried whose process dies; the second time is for one that was killed by chance.
_ATTEMPTS = 2


@dataclass(frozen=True)
class Made:
    """A head of a batch.

    folder: where it is.
    seconds: what it took; 0 where it was there already.
    not_understood: words without effect.
    """

    folder: Path
    seconds: float
    not_understood: tuple[str, ...] = ()


@dataclass(frozen=True)
class BatchOptions:
    """What holds for all rows.

    out: where the heads' own folders are made, absolute.
    models: folder of the models; None: those that are shipped.
    again: the command that starts our command line.
    threads: of each process.
    """

    out: Path
    models: Path | None
    again: tuple[str, ...]
    threads: int


class LanePool:
    """Processes that make rows, one row at a time each; any number of threads may ask.

    options: of the batch.
    """

    def __init__(self, options: BatchOptions) -> None:
        self._options = options
        self._lock = threading.Lock()
        self._idle: list[_Lane] = []
        self._all: list[_Lane] = []
        self._closed = False

    def make(self, row: Row) -> Made:
        """Make a row's head, or find that it is there.

        row: without an error.
        Raises ClipHeadError.
        """
        if there := finished(row, self._options.out):
            return there
        for attempt in range(1, _ATTEMPTS + 1):
            lane = self._borrow()
            try:
                made = lane.make(row)
            except _DiedError as error:
                lane.close()
                if attempt == _ATTEMPTS or self._closed:
                    raise WorkerError(
                        f"The process that made it ended {error}, {attempt} times.",
                        "If memory ran out, give fewer --workers; then go on with --resume.",
                    ) from error
            else:
                with self._lock:
                    self._idle.append(lane)
                if isinstance(made, ClipHeadError):
                    raise made
                return made
        raise AssertionError

    def close(self) -> None:
        """End all processes, now, also those at work."""
        with self._lock:
            self._closed = True
            lanes = list(self._all)
        for lane in lanes:
            lane.close()

    def _borrow(self) -> _Lane:
        with self._lock:
            if self._closed:
                raise Cancelled
            if self._idle:
                return self._idle.pop()
            lane = _Lane(self._options)
            self._all.append(lane)
            return lane


def finished(row: Row, out: Path) -> Made | None:
    """The head of a row where it is there already, whole: a folder gets its name when all of it is written.

    row: of the batch.
    out: where the heads are.
    """
    folder = out / row.folder
    with suppress(OSError, ValueError):
        facts = json.loads((folder / "head.json").read_text(encoding="utf-8"))
        if facts.get(ROW) == list(row.arguments):
            return Made(folder, 0.0, tuple(facts.get("not_understood", ())))
    return None


class _DiedError(Exception):
    """A process ended before its answer; in words, how."""


class _Lane:
    """One process of lane.py."""

    def __init__(self, options: BatchOptions) -> None:
        self._options = options
        self._stderr: deque[str] = deque(maxlen=LAST_LINES)
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(options.threads))
        try:
            self._process = start_piped([*options.again, "batch", LANE], os.environ | threads)
        except OSError as error:
            raise WorkerError(
                f"{options.again[0]} cannot be started ({error.strerror}).",
                "Install it again, then go on with --resume.",
            ) from error
        self._reader = threading.Thread(
            target=read_lines, args=(self._process.stderr, self._stderr.append), daemon=True
        )
        self._reader.start()

    def make(self, row: Row) -> Made | ClipHeadError:
        """The row's head, or why there is none. Raises _DiedError."""
        process, options = self._process, self._options
        assert process.stdin is not None and process.stdout is not None
        models = None if options.models is None else str(options.models)
        job = {"arguments": row.arguments, "name": row.folder, "out": str(options.out), "models": models}
        try:
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except (OSError, ValueError):  # it is gone, or we have closed it
            answer = ""
        if not answer:
            raise _DiedError(self._end())
        return _read_answer(json.loads(answer))

    def close(self) -> None:
        """End the process with whatever it has started. Nothing happens where it has ended."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()  # it sweeps its unfinished head, and ends
        try:
            self._process.wait(timeout=10.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _end(self) -> str:
        """How the process ended, with what it last said."""
        code = self._process.wait()
        self._reader.join(timeout=1.0)
        manner = manner_of_end(code)
        last = "".join(self._stderr).strip().splitlines()[-1:]
        return f"{manner} ({last[0]})" if last else manner


def _read_answer(answer: dict[str, Any]) -> Made | ClipHeadError:
    """What a process answered."""
    if "error" not in answer:
        return Made(Path(answer["folder"]), answer["seconds"], tuple(answer["not_understood"]))
    return described_error(answer["error"])


def threads_of(workers: int) -> int:
    """How many threads each of several processes should have; workers: how many there are."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, available // workers)
