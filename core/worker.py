"""The worker (started by start_worker.py), a process of its own that makes heads for whoever holds its pipes.

One JSON object a line. In: {"job": id, "request": {...}, "out": folder}, and "canvas": file (core/exchange.py) where a
head that is there already is to be painted, or "expression": true where only the words' facial actions are wanted, or
"mixture": file (core/mixture.py) where two heads are to be mixed, and with it "shape": [words, strength] where the one
head that is both is to be moved by words. With "canvas" and "raw": true the raw surface of that head is wanted, and
not a skin, with "canvas" and "hair": true other hair for it. With "variations": seeds small pictures of the request's
heads are wanted. Out, each with its "job": {"progress": [stage, fraction]}, then either {"done": seconds} with the
result in `out` (core/exchange.py) or {"error": {"kind", "cause", "remedy", "traceback"}}. The models are loaded for
the first job and kept. The worker leaves when no job came for `--idle` seconds, and at once, also while it computes,
when its standard input closes: then nobody is left to whom the head could be given. Cancelling means ending the
process.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from pickle import UnpicklingError
from time import perf_counter
from typing import TYPE_CHECKING, Any, TextIO

from .errors import ClipHeadError, ModelError, WorkerError, is_out_of_memory
from .exchange import (
    CANVAS,
    EXPRESSION,
    load_canvas,
    request_from_json,
    save_canvas,
    save_hair,
    save_head,
    save_variations,
)
from .mixture import load_mixture
from .models import EMBEDDED
from .pipes import claim_stdout, describe_error
from .types import Canvas

if TYPE_CHECKING:
    from .pipeline import Models

#: send(key, value): writes one message about the present job.
Send = Callable[[str, Any], None]


def main(arguments: list[str] | None = None) -> int:
    """Serve jobs until the idle time is over. Returns the exit code, 0."""
    parser = argparse.ArgumentParser(prog="worker", description="Makes heads for the process that started it.")
    parser.add_argument("--models", type=Path, default=EMBEDDED, help="folder with text/, mapping/, nphm/, texture/")
    parser.add_argument("--idle", type=float, default=600.0, help="leave after this many seconds without a job")
    options = parser.parse_args(arguments)

    channel = claim_stdout()
    sys.stdout = sys.stderr
    # Ctrl-C in a terminal reaches the whole process group; whoever started the worker decides what to do about it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    models: Models | None = None
    for job in _jobs(sys.stdin, options.idle):

        def send(key: str, value: Any, job: dict[str, Any] = job) -> None:
            channel.write(json.dumps({"job": job["job"], key: value}) + "\n")
            channel.flush()

        start = perf_counter()
        try:
            models = _serve(job, models, options.models, send)
        except BrokenPipeError:
            return 0
        except Exception as error:
            send("error", _describe(error))
        else:
            send("done", perf_counter() - start)
        _give_memory_back()
    return 0


def _give_memory_back() -> None:
    """Let the system have what the last job has freed: glibc keeps it, in pieces that the next job does not fit into,
    so that over a night of heads the process would grow without end."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)


def _serve(job: dict[str, Any], models: Models | None, folder: Path, send: Send) -> Models:
    """Make one head, and save it in job["out"].

    job: as it was read from the pipe.
    models: those of the jobs before; None: they are loaded from the folder.
    Returns the models, for the next job.
    """

    def progress(stage: str, fraction: float) -> None:
        send("progress", [stage, fraction])

    progress("models", 0.0)
    # Imported here, so that the first progress is sent before the seconds that importing torch takes, and so that a
    # missing torch becomes an error that is sent.
    from .change_hair import change_hair
    from .change_shape import change_shape
    from .mix import mix_heads
    from .pipeline import generate_head, load_models, raw_surface, read_expression, texture_head
    from .variations import picture_variations

    if models is None:
        try:
            models = load_models(folder, progress)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, RuntimeError, UnpicklingError) as error:
            if is_out_of_memory(str(error)):
                raise
            raise _unfit(folder, error) from error
    request, out = request_from_json(job["request"]), Path(job["out"])
    if job.get("raw"):
        latents = load_canvas(Path(job["canvas"])).latents
        assert latents is not None  # as the client saw
        save_canvas(Canvas(raw_surface(latents, request.resolution, models, progress)), out / CANVAS)
    elif "variations" in job:
        save_variations(picture_variations(request, job["variations"], models, progress), out)
    elif "shape" in job:
        words, strength = job["shape"]
        save_head(change_shape(load_mixture(Path(job["mixture"])), words, strength, models, progress), out)
    elif "mixture" in job:
        save_head(mix_heads(load_mixture(Path(job["mixture"])), models, progress), out)
    elif job.get("hair"):
        save_hair(change_hair(request, load_canvas(Path(job["canvas"])), models, progress), out)
    elif "canvas" in job:
        save_head(texture_head(request, load_canvas(Path(job["canvas"])), models, progress), out)
    elif job.get("expression"):
        (out / EXPRESSION).write_text(json.dumps(read_expression(request, models)), encoding="utf-8")
    else:
        save_head(generate_head(request, models, progress), out)
    return models


def _jobs(stream: TextIO, idle_seconds: float) -> Iterator[dict[str, Any]]:
    """The jobs read from `stream`, until none comes for the idle time. When `stream` ends, so does the process.

    A thread reads, because a pipe cannot be waited for with a time limit on every system, and because its end is to be
    noticed while a head is computed.
    """
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def read() -> None:
        for line in stream:
            lines.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=idle_seconds)
        except queue.Empty:
            return
        yield json.loads(line)


def _describe(error: Exception) -> dict[str, str]:
    """The error as cause and remedy, with its kind (a class of core/errors.py) and its traceback."""
    readable = error if isinstance(error, ClipHeadError) else _in_words(error)
    return describe_error(readable, error)


def _in_words(error: Exception) -> ClipHeadError:
    """An artist's version of an error that nobody foresaw."""
    if isinstance(error, ImportError):
        return _not_installed(error)
    if isinstance(error, MemoryError) or is_out_of_memory(str(error)):
        return WorkerError(
            f"There was not enough memory for this head ({_first_line(error)}).",
            "Choose a lower quality, or close other programs.",
        )
    if isinstance(error, OSError):
        return WorkerError(
            f"A file could not be read or written ({error}).", "Check free space and permissions, then try again."
        )
    return WorkerError(
        f"Something inside CLIP-Head failed ({type(error).__name__}: {_first_line(error)}).",
        "Please report it, with the words, the seed and the console's text; another seed may do meanwhile.",
    )


def _not_installed(error: ImportError) -> WorkerError:
    """A library is missing, or does not fit: what to do depends on whose Python this is."""
    if isinstance(error, ModuleNotFoundError):
        cause = f"The Python that computes ({sys.executable}) has no {error.name!r}."
    else:
        cause = f"A library does not fit this Python, {sys.executable} ({_first_line(error)})."
    environment = Path(__file__).resolve().parent.parent / ".venv"
    if Path(sys.prefix).resolve() == environment:
        return WorkerError(cause, f"Delete the folder {environment}, then call ./run again: it makes it anew.")
    return WorkerError(
        cause, "Press Set Up in the preferences of CLIP-Head, or name there the Python of an environment that has it."
    )


def _unfit(folder: Path, error: Exception) -> ModelError:
    """The models in `folder` are not what their model.json says, or it says what makes no sense."""
    reason = f"{type(error).__name__}: {_first_line(error)}"
    if isinstance(error, UnpicklingError):  # whose own words advise to open the file unsafely
        reason = "a file holds code beside its numbers, which is never run"
    return ModelError(
        f"The models in {folder} cannot be loaded ({reason}).",
        "Restore the folder from where it came; if you wrote a model.json in it by hand, look at that first.",
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
