"""An environment of the libraries that compute, made beside the extension: for zips that bring none, on any system.

It is made by whoever asks for it and never by itself: pip fetches gigabytes. What a lock of wheels/locks/ pins is
installed by its checksums; PyTorch's build for Linux alone, which the lock names but the public index has not, is
whatever pip's own configuration offers of that version. Imports no torch.
"""

from __future__ import annotations

import os
import platform
import queue
import re
import shutil
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from .errors import Cancelled, WorkerError
from .pipes import LAST_LINES, manner_of_end, read_lines, start_piped
from .types import Progress

#: The locks: a file for each system and Python.
LOCKS = Path(__file__).resolve().parent.parent / "wheels" / "locks"
#: Python's names of systems and processors -> Blender's.
SYSTEMS = {
    ("linux", "x86_64"): "linux-x64",
    ("win32", "amd64"): "windows-x64",
    ("darwin", "arm64"): "macos-arm64",
}
#: What pip says of each library that it takes.
_TAKEN = re.compile(r"Collecting |Processing |Requirement already satisfied")
#: Seconds between two looks at whether it was cancelled.
_POLL_SECONDS = 0.1


def lock_here() -> Path:
    """The lock for this system and this Python. Raises WorkerError where there is none."""
    system = SYSTEMS.get((sys.platform, platform.machine().lower()))
    lock = LOCKS / f"{system}-cp{sys.version_info.major}{sys.version_info.minor}.txt"
    if system is None or not lock.is_file():
        raise WorkerError(
            f"There is no list of libraries for Python {platform.python_version()} on {sys.platform}, "
            f"{platform.machine()}.",
            "Make an environment with the libraries of requirements.txt yourself, and name its Python in the "
            "preferences.",
        )
    return lock


def set_up(lock: Path, folder: Path, progress: Progress, cancelled: Callable[[], bool], base: str = "") -> Path:
    """Make the environment in a folder; one that is there is replaced once the new one is whole.

    lock: of `lock_here`.
    folder: of the environment.
    progress: is told what is done, and the fraction of the libraries that pip has taken.
    cancelled: asked several times a second.
    base: the Python that the environment is of; "" for the one that runs this.
    Returns the environment's Python. Raises WorkerError that says what failed, Cancelled; then nothing half-made stays.
    """
    making = folder.with_name(f"{folder.name}.making")
    with suppress(OSError):
        shutil.rmtree(making)
    try:
        making.parent.mkdir(parents=True, exist_ok=True)
        progress("Making an environment", 0.0)
        _run([base or sys.executable, "-I", "-m", "venv", str(making)], lambda _line: None, cancelled)
        exact, public = parted(lock.read_text(encoding="utf-8"))
        count, taken = len(exact.splitlines()) + len(public), 0

        def follow(line: str) -> None:
            nonlocal taken
            if _TAKEN.match(line):
                taken += 1
                progress(f"Fetching libraries ({min(taken, count)} of {count})", min(taken / count, 0.95))
            elif line.startswith("Installing"):
                progress("Installing libraries", 0.95)

        listed = making / "libraries.txt"
        listed.write_text(exact, encoding="utf-8")
        pip = [str(_python_in(making)), "-I", "-m", "pip", "--disable-pip-version-check", "install"]
        pip += ["--only-binary=:all:", "--progress-bar", "off", "--no-input"]
        _run([*pip, "--no-deps", "--require-hashes", "--requirement", str(listed)], follow, cancelled)
        if public:
            _run([*pip, *public], follow, cancelled)
        with suppress(OSError):
            shutil.rmtree(folder)
        making.rename(folder)
    except OSError as error:
        raise WorkerError(
            f"The environment could not be made in {folder} ({error}).", "Check free space and permissions; try again."
        ) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return _python_in(folder)


def parted(lock: str) -> tuple[str, list[str]]:
    """The lines of a lock that pip can take by their checksums, and what it takes by version alone: builds that are
    published apart, by the version that the public index has.

    lock: text of it.
    """
    lines = [line for line in lock.splitlines() if "==" in line and not line.startswith("#")]
    exact = [line for line in lines if "+" not in line.split()[0]]
    return "\n".join(exact) + "\n", [line.split()[0].partition("+")[0] for line in lines if line not in exact]


def _python_in(environment: Path) -> Path:
    """The Python of an environment in a folder."""
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _run(command: list[str], follow: Callable[[str], None], cancelled: Callable[[], bool]) -> None:
    """Run a command to its end.

    follow: called with every line that it writes to standard output.
    cancelled: asked several times a second; where it says True, the process is ended.
    Raises Cancelled, WorkerError with the last that it said where it fails, OSError where it cannot be started.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    process = start_piped(command, environment)
    assert process.stdin is not None
    process.stdin.close()
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    said: deque[str] = deque(maxlen=LAST_LINES)
    readers = [
        threading.Thread(target=read_lines, args=(process.stdout, lines.put), daemon=True),
        threading.Thread(target=read_lines, args=(process.stderr, said.append), daemon=True),
    ]
    for reader in readers:
        reader.start()
    try:
        while process.poll() is None:
            if cancelled():
                raise Cancelled
            with suppress(queue.Empty):
                follow(lines.get(timeout=_POLL_SECONDS))
    finally:
        process.kill()
        process.wait()
        for reader in readers:
            reader.join(timeout=1.0)
    while not lines.empty():
        said.append(lines.get())
        follow(said[-1])
    if process.returncode:
        raise _failed(command, process, "".join(said).strip())


def _failed(command: list[str], process: subprocess.Popen[str], said: str) -> WorkerError:
    """Why a step of the making failed."""
    errors = [line for line in said.splitlines() if line.startswith("ERROR")] or said.splitlines()[-1:]
    step = "Fetching the libraries" if "pip" in command else "Making an environment"
    remedy = "Check that this computer reaches the internet and has 5 GB free, then press Set Up again."
    if "ensurepip" in said:
        remedy = "This Python cannot make environments: install your system's package for that (python3-venv) first."
    error = WorkerError(f"{step} ended {manner_of_end(process.returncode)}. {' '.join(errors[:2])}".strip(), remedy)
    error.add_note(said)
    return error
