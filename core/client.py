"""Driving the worker process: start it, hand it a request, follow its progress, end it. Imports no torch."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import IO, Any

from .errors import Cancelled, ClipHeadError, RequestError, WorkerError, is_out_of_memory
from .exchange import (
    CANVAS,
    EXPRESSION,
    Variations,
    load_canvas,
    load_hair,
    load_head,
    load_variations,
    request_to_json,
    save_canvas,
)
from .mixture import MIXTURE, Mixture, check_mixture, save_mixture
from .models import EMBEDDED
from .packages import package_folders
from .pipes import LAST_LINES, described_error, manner_of_end, read_lines, start_piped
from .temporary import TemporaryFolder
from .types import Canvas, HairChange, Head, HeadRequest, Progress, UnwrappedMesh, no_progress

#: The program of the worker process.
_PROGRAM = Path(__file__).resolve().with_name("start_worker.py")

#: Seconds between two looks at whether the job was cancelled.
_POLL_SECONDS = 0.1
#: Seconds before the end of a worker's idle time from which on it is replaced: it might leave while a job is sent.
_LEAVING_SECONDS = 2.0


def never() -> bool:
    """A `cancelled` that never is."""
    return False


class Worker:
    """One worker process, started when it is first needed and kept warm between jobs.

    python: the interpreter that computes; empty means the one that runs this code, with its site-packages.
    models: folder with text/, mapping/, nphm/, texture/.
    idle_seconds: the process leaves after this time without work; the next job starts another one.
    temporary: where the process and its jobs have their temporary folder; None means the system's place for it.

    Runs one job at a time. Use it as a context manager, or call `close`.
    """

    def __init__(
        self,
        python: str = "",
        models: Path = EMBEDDED,
        idle_seconds: float = 600.0,
        temporary: Path | None = None,
    ) -> None:
        #: What the worker was made with: two with the same options are interchangeable.
        self.options = (python, models, idle_seconds)
        self.python = python or sys.executable
        self.models = models
        self.idle_seconds = idle_seconds
        # Asked for now: whoever makes a head may put temporary files elsewhere for that head alone.
        self._temporary = temporary or Path(tempfile.gettempdir())
        self._folder: TemporaryFolder | None = None  # the present process's
        self._own_python = not python
        self._jobs = 0
        self._process: subprocess.Popen[str] | None = None
        self._messages: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._last_message = 0.0
        self._stderr: deque[str] = deque(maxlen=LAST_LINES)
        self._stderr_reader = threading.Thread()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process's id while it lives."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def run_job(
        self,
        request: HeadRequest,
        progress: Progress = no_progress,
        cancelled: Callable[[], bool] = never,
        canvas: Canvas | None = None,
    ) -> Head:
        """Make the head that `request` asks for; where there is a canvas, paint that one.

        request: what is asked for.
        progress: called in this thread; where it raises, the process is ended.
        cancelled: asked several times a second; where it says True, the process is ended.
        canvas: the head to be painted; None for a new one.
        Raises Cancelled, or the ClipHeadError that the worker met; its traceback is a note on it.
        """
        head: Head = self._served(request, {}, canvas, progress, cancelled, load_head)
        return head

    def mix_heads(
        self, mixture: Mixture, progress: Progress = no_progress, cancelled: Callable[[], bool] = never
    ) -> Head:
        """Make the head between two.

        mixture: the two, and where between them.
        progress, cancelled, errors: as of `run_job`.
        """
        check_mixture(mixture)
        head: Head = self._served(mixture.request, {}, mixture, progress, cancelled, load_head)
        return head

    def picture_variations(
        self,
        request: HeadRequest,
        seeds: Sequence[int],
        progress: Progress = no_progress,
        cancelled: Callable[[], bool] = never,
    ) -> Variations:
        """Small pictures of the heads of a request for some seeds.

        request, seeds: as of core/variations.py.
        progress, cancelled, errors: as of `run_job`.
        """
        load = partial(load_variations, request, seeds)
        pictures: Variations = self._served(request, {"variations": list(seeds)}, None, progress, cancelled, load)
        return pictures

    def change_shape(
        self,
        mixture: Mixture,
        words: str,
        strength: float,
        progress: Progress = no_progress,
        cancelled: Callable[[], bool] = never,
    ) -> Head:
        """Make a head again whose shape is moved by words.

        mixture, words, strength: as of core/change_shape.py.
        progress, cancelled, errors: as of `run_job`.
        """
        check_mixture(mixture)
        head: Head = self._served(
            mixture.request, {"shape": [words, strength]}, mixture, progress, cancelled, load_head
        )
        return head

    def change_hair(
        self,
        request: HeadRequest,
        canvas: Canvas,
        progress: Progress = no_progress,
        cancelled: Callable[[], bool] = never,
    ) -> HairChange:
        """Other hair for a head that is there as an asset.

        request, canvas: as of core/change_hair.py.
        progress, cancelled, errors: as of `run_job`. Raises RequestError, too, for a head without codes.
        """
        change: HairChange = self._served(request, {"hair": True}, canvas, progress, cancelled, load_hair)
        return change

    def extract_raw(
        self,
        request: HeadRequest,
        canvas: Canvas,
        progress: Progress = no_progress,
        cancelled: Callable[[], bool] = never,
    ) -> UnwrappedMesh:
        """The raw surface of a head that is there as an asset, in NPHM's frame.

        request: its resolution counts.
        canvas: the head; its codes count.
        progress, cancelled, errors: as of `run_job`. Raises RequestError, too, for a head without codes.
        """
        if canvas.latents is None:
            raise RequestError(
                "This head has no codes, from which its raw surface would be made.", "Choose a head of CLIP-Head's."
            )

        def load(folder: Path) -> UnwrappedMesh:
            mesh = load_canvas(folder / CANVAS).mesh
            assert isinstance(mesh, UnwrappedMesh)
            return mesh

        surface: UnwrappedMesh = self._served(request, {"raw": True}, canvas, progress, cancelled, load)
        return surface

    def read_expression(
        self, request: HeadRequest, progress: Progress = no_progress, cancelled: Callable[[], bool] = never
    ) -> dict[str, float]:
        """The facial actions that words of expression ask for: ARKit name -> strength.

        request: its `expression` counts, or else what its prompt says of one.
        progress, cancelled, errors: as of `run_job`.
        """

        def load(folder: Path) -> dict[str, float]:
            weights: dict[str, float] = json.loads((folder / EXPRESSION).read_text(encoding="utf-8"))
            return weights

        read: dict[str, float] = self._served(request, {"expression": True}, None, progress, cancelled, load)
        return read

    def _served(
        self,
        request: HeadRequest,
        more: dict[str, Any],
        given: Canvas | Mixture | None,
        progress: Progress,
        cancelled: Callable[[], bool],
        load: Callable[[Path], Any],
    ) -> Any:
        """What `load` makes of the folder of a job, once that is done; `more` goes into the job, `given` into a file of
        its own. The rest is as of `run_job`."""
        try:
            folder = self._submit(request, given, more)
            try:
                self._follow(progress, cancelled)
                return load(folder)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        except ClipHeadError:
            raise
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the process, now. Nothing happens where there is none."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            with suppress(OSError):
                process.stdin.close()  # type: ignore[union-attr]
        self._remove_folder()

    def _remove_folder(self) -> None:
        """Remove the process's temporary folder, if there is one."""
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.remove()

    def _submit(self, request: HeadRequest, given: Canvas | Mixture | None, more: dict[str, Any]) -> Path:
        """Send the job, to a new process where there is none or the old one is about to leave.

        Returns the folder in which the head will be.
        """
        if self.pid is None or monotonic() - self._last_message > self.idle_seconds - _LEAVING_SECONDS:
            self.close()
            self._start()
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert self._folder is not None
        self._jobs += 1
        folder = self._folder.path / f"job-{self._jobs}"
        folder.mkdir(parents=True)
        job: dict[str, Any] = {"job": self._jobs, "request": request_to_json(request), "out": str(folder), **more}
        if isinstance(given, Canvas):
            job["canvas"] = str(folder / CANVAS)
            save_canvas(given, folder / CANVAS)
        elif given is not None:
            job["mixture"] = str(folder / MIXTURE)
            save_mixture(given, folder / MIXTURE)
        try:
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
        except OSError as error:
            raise self._ended() from error
        return folder

    def _follow(self, progress: Progress, cancelled: Callable[[], bool]) -> None:
        """Read the worker's messages about the present job until it is done. Raises the error that it reports."""
        while True:
            if cancelled():
                raise Cancelled
            try:
                line = self._messages.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                continue
            if line is None:
                raise self._ended()
            self._last_message = monotonic()
            message = json.loads(line)
            if "progress" in message:
                progress(*message["progress"])
            elif "error" in message:
                raise described_error(message["error"])
            elif "done" in message:
                return

    def _start(self) -> None:
        """Start the process and the threads that read what it writes. Raises WorkerError where it cannot start."""
        folder = TemporaryFolder(self._temporary, "clip_head_")
        self._folder = folder
        # Isolated: neither PYTHON... variables nor the user's own site-packages change what computes.
        command = [self.python, "-I", "-X", "utf8", str(_PROGRAM)]
        if self._own_python:
            command += [word for path in package_folders() for word in ("--packages", path)]
        command += ["--models", str(self.models), "--idle", str(self.idle_seconds)]
        try:
            process = start_piped(command, _environment(folder.path))
        except OSError as error:
            self._remove_folder()
            raise WorkerError(
                f"The Python {self.python} cannot be started ({error}).",
                "Choose another Python environment in the preferences, or leave that field empty.",
            ) from error
        self._process = process
        self._last_message = monotonic()
        self._messages = queue.SimpleQueue()
        self._stderr = deque(maxlen=LAST_LINES)
        self._stderr_reader = threading.Thread(
            target=read_lines, args=(process.stderr, self._stderr.append), daemon=True
        )
        self._stderr_reader.start()
        threading.Thread(target=_read_messages, args=(process.stdout, self._messages), daemon=True).start()

    def _ended(self) -> WorkerError:
        """Why the process ended before its answer, with the last lines it wrote."""
        process, self._process = self._process, None
        assert process is not None
        code = process.wait()
        self._stderr_reader.join(timeout=1.0)
        tail = "".join(self._stderr).strip()
        self._remove_folder()
        last_line = f" It last said: {tail.splitlines()[-1]}" if tail else ""
        error = WorkerError(
            f"The process that computes the head ended {manner_of_end(code)}, before it was done.{last_line}",
            _remedy(code, tail),
        )
        if tail:
            error.add_note(tail)
        return error


def _environment(temporary: Path) -> dict[str, str]:
    """The worker's environment: temporary files in their place, and no library asks a network for anything."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    # Threads that spin while they wait would take the cores that Blender needs: with the cores busy, torch is a
    # hundred times slower for it.
    return (
        {"OMP_WAIT_POLICY": "PASSIVE"}
        | inherited
        | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
        | {
            # Without it, torch asks for the user's name, which not every user has.
            "TORCHINDUCTOR_CACHE_DIR": str(temporary / "torchinductor"),
            "HF_HUB_OFFLINE": "1",
            "TRANSFORMERS_OFFLINE": "1",
            "TQDM_DISABLE": "1",  # bars of libraries would hide the last words of a crash
        }
    )


#: Exit codes by which a system says that the processor does not know an instruction: POSIX's signal 4, Windows'.
_ILLEGAL_INSTRUCTION = (-4, 0xC000001D)
#: Exit codes of a library that crashed: bus error, abort, segmentation fault; Windows' access violation.
_CRASHED = (-6, -7, -10, -11, 0xC0000005)


def _remedy(code: int, tail: str) -> str:
    """What to do about a process that ended with `code` (negative: by that signal) and `tail` as its last words."""
    memory = "Choose a lower quality, or close other programs; then try again."
    if is_out_of_memory(tail):
        return memory
    if code == -9:
        return f"Most likely memory ran out. {memory}"
    if code in _ILLEGAL_INSTRUCTION:
        return (
            "This processor lacks an instruction that the libraries use. Name, in the preferences, the Python of an "
            "environment whose torch fits it, or make the head on another computer."
        )
    if "ModuleNotFoundError" in tail or "ImportError" in tail:
        return "A library is missing or broken: press Set Up in the preferences, or name another environment there."
    if code in _CRASHED:
        return "A library crashed. Try again; if it happens again, please report it with the console's text."
    if code < 0:
        return "Another program, or you, ended it: try again."
    return "Try again; if it stays, please report it with the console's text."


def _read_messages(stream: IO[str], messages: queue.SimpleQueue[str | None]) -> None:
    """Put every line of a stream into a queue, and None at its end."""
    read_lines(stream, messages.put)
    messages.put(None)
