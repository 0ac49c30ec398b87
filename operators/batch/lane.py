"""One process of a batch: it makes a head for every line that it reads, with models and Blender kept warm.

One JSON object a line. In: {"arguments": [...], "name": folder, "out": folder, "models": folder or null}. Out:
{"folder", "seconds", "not_understood"} or {"error": {"kind", "cause", "remedy", "traceback"}}. When its standard input
closes, it ends, also while it works: nobody is left who wants the head.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from ...core.errors import ClipHeadError, WorkerError
from ...core.pipes import claim_stdout, describe_error
from ..command_line import add_head_arguments, make_head
from .rows import RowParser

if TYPE_CHECKING:
    from ...core.client import Worker

#: The note in head.json that tells which row a head is.
ROW = "row"


def serve(worker: Worker | None, program: str) -> int:
    """Make heads until standard input closes. Returns the exit code, 0.

    worker: computes them; None: one of our own, which lives as long as this process.
    program: how the command line was called.
    """
    sys.stdout.flush()
    channel = claim_stdout()
    # Ctrl-C in a terminal reaches the whole process group; whoever started this decides what to do about it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    jobs: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    at_work = threading.Event()
    threading.Thread(target=_read_jobs, args=(jobs, at_work), daemon=True).start()
    own: dict[str, Worker] = {}
    parser = add_head_arguments(RowParser(prog=program), program)
    try:
        while job := jobs.get():
            start = perf_counter()
            at_work.set()
            try:
                answer = _made(job, parser, worker or _own_worker(own, job["models"]))
                answer["seconds"] = perf_counter() - start
            except Exception as error:
                answer = {"error": describe_error(_in_words(error), error)}
            at_work.clear()
            channel.write(json.dumps(answer) + "\n")
            channel.flush()
    finally:
        for ours in own.values():
            ours.close()
    return 0


def _made(job: dict[str, Any], parser: RowParser, worker: Worker) -> dict[str, Any]:
    """Make the head of a job. Returns the answer, without its seconds."""
    options = parser.parse_args(job["arguments"])
    options.out, options.overwrite = Path(job["out"]), True
    folder = make_head(options, worker, job["name"], {ROW: job["arguments"]})
    facts = json.loads((folder / "head.json").read_text(encoding="utf-8"))
    return {"folder": str(folder), "not_understood": facts["not_understood"]}


def _own_worker(own: dict[str, Worker], models: str | None) -> Worker:
    """The worker of this process for a folder of models."""
    from ...core.client import Worker
    from ...core.models import EMBEDDED

    folder = models or str(EMBEDDED)
    if folder not in own:
        own[folder] = Worker(models=Path(folder))
    return own[folder]


def _read_jobs(jobs: queue.SimpleQueue[dict[str, Any] | None], at_work: threading.Event) -> None:
    """Read standard input to its end; then let the main thread end, and stop it where it is at work."""
    for line in sys.stdin:
        jobs.put(json.loads(line))
    jobs.put(None)
    if at_work.is_set():
        os.kill(os.getpid(), signal.SIGTERM)  # make_head cleans up, then ends the process


def _in_words(error: Exception) -> ClipHeadError:
    """An error as people are told it."""
    if isinstance(error, ClipHeadError):
        return error
    cause = f"Something unexpected went wrong ({type(error).__name__}: {error})."
    return WorkerError(cause, "Please report it, with the row.")
