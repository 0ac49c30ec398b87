"""The worker's side of the pipes, as whoever starts it sees it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import pytest

import clip_head
from clip_head.core.errors import ModelError, WorkerError
from clip_head.core.exchange import request_to_json
from clip_head.core.types import HeadRequest
from clip_head.core.worker import _in_words, _unfit

ROOT = Path(clip_head.__file__).resolve().parent
REQUEST = request_to_json(HeadRequest("an old man"))


def start(*options: str, core: Path = ROOT / "core", code: str = "") -> subprocess.Popen[str]:
    """The worker, or `code` in its place."""
    program = ["-c", code] if code else [core / "start_worker.py"]
    command = [sys.executable, "-I", "-X", "utf8", *program, *options]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8")


def answers(worker: subprocess.Popen[str], jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the worker says until it has answered all jobs."""
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write("".join(json.dumps(job) + "\n" for job in jobs))
    worker.stdin.flush()
    messages: list[dict[str, Any]] = []
    while sum("error" in message or "done" in message for message in messages) < len(jobs):
        messages.append(json.loads(worker.stdout.readline()))
    worker.communicate(timeout=60)
    return messages


def test_leaves_when_its_input_closes() -> None:
    worker = start()
    assert worker.communicate(timeout=60) == ("", "")
    assert worker.returncode == 0


def test_leaves_when_its_input_closes_while_it_computes() -> None:
    """Whoever asked is dead: a head would be computed for nobody."""
    worker = start(
        str(ROOT),
        code="import sys; sys.path.insert(0, sys.argv[1]); from core.worker import _jobs\n"
        "for job in _jobs(sys.stdin, 600):\n"
        "    print('computing', flush=True)\n"
        "    while True: pass\n",
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write("{}\n")
    worker.stdin.flush()
    assert worker.stdout.readline() == "computing\n"
    worker.communicate(timeout=60)
    assert worker.returncode == 0


def test_leaves_after_its_idle_time() -> None:
    worker = start("--idle", "0.2")
    assert worker.wait(timeout=60) == 0
    worker.communicate()


def test_missing_models_are_an_answer_and_the_next_job_is_served(tmp_path: Path) -> None:
    jobs = [{"job": number, "request": REQUEST, "out": str(tmp_path)} for number in (1, 2)]
    messages = answers(start("--models", str(tmp_path / "no models")), jobs)
    assert messages[0] == {"job": 1, "progress": ["models", 0.0]}
    errors = {message["job"]: message["error"] for message in messages if "error" in message}
    assert set(errors) == {1, 2}
    for error in errors.values():
        assert error["kind"] == "ModelError"
        assert "no models" in error["cause"]
        assert error["remedy"]
        assert "Traceback" in error["traceback"]


def test_what_libraries_print_stays_out_of_the_protocol() -> None:
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); from core.pipes import claim_stdout\n"
        "channel = claim_stdout(); print('noise'); os.write(1, b'more noise\\n'); os.system('echo loud noise')\n"
        "channel.write('message\\n'); channel.flush()"
    )
    said, error = start(str(ROOT), code=code).communicate(timeout=60)
    assert said == "message\n"
    assert all(noise in error for noise in ("noise\n", "more noise", "loud noise"))


@pytest.mark.parametrize("copied", [True, False], ids=["an extension", "beside its environment"])
def test_missing_library_is_told_with_a_remedy_for_this_python(copied: bool, tmp_path: Path) -> None:
    """A Python without torch, such as Blender's own when the extension's zip bundles no wheels."""
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "torch.py").write_text("raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')")
    core = ROOT / "core"
    if copied:
        core = shutil.copytree(core, tmp_path / "core")
    elif Path(sys.prefix) != ROOT / ".venv":
        pytest.skip("this is another environment than that of ./run")
    libraries = Path(np.__file__).resolve().parents[1]
    worker = start("--packages", str(blocked), "--packages", str(libraries), core=core)
    error = answers(worker, [{"job": 1, "request": REQUEST, "out": str(tmp_path)}])[-1]["error"]
    assert error["kind"] == "WorkerError"
    assert "'torch'" in error["cause"]
    assert sys.executable in error["cause"]
    assert ("preferences" if copied else "./run") in error["remedy"]


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (MemoryError(), "lower quality"),
        (MemoryError("Unable to allocate 64.0 GiB for an array with shape (4, 4)"), "lower quality"),
        (
            RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate"),
            "lower quality",
        ),
        (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"), "lower quality"),
        (OSError(12, "Cannot allocate memory"), "lower quality"),
        (OSError(28, "No space left on device"), "free space"),
        (ImportError("libcudart.so.12: cannot open shared object file"), "environment"),
        (KeyError("steps"), "report it"),
    ],
)
def test_the_remedy_fits_the_cause(error: Exception, remedy: str) -> None:
    told = _in_words(error)
    assert isinstance(told, WorkerError)
    assert remedy in told.remedy or (remedy == "environment" and ".venv" in told.remedy)


def test_odd_models_are_named_and_are_never_to_be_opened_unsafely(tmp_path: Path) -> None:
    odd = _unfit(tmp_path, KeyError("steps"))
    assert isinstance(odd, ModelError)
    assert str(tmp_path) in odd.cause
    assert "'steps'" in odd.cause
    unsafe = UnpicklingError(
        "Weights only load failed. Re-running `torch.load` with `weights_only` set to `False` will"
    )
    words = str(_unfit(tmp_path, unsafe))
    assert "weights_only" not in words
    assert "never run" in words
