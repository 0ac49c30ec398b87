"""Driving the worker: errors in words, cancel at once, a killed process, a process that left."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

import clip_head
from clip_head.core.client import Worker
from clip_head.core.errors import Cancelled, ModelError, WorkerError
from clip_head.core.types import HeadRequest

REQUEST = HeadRequest("an old man", resolution=32, texture_size=64)


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    with Worker(models=tmp_path / "no models") as worker:
        yield worker


def test_the_worker_s_error_arrives_as_its_own_kind_and_the_process_stays(worker: Worker) -> None:
    with pytest.raises(ModelError, match="no models") as first:
        worker.run_job(REQUEST)
    assert first.value.exit_code == ModelError.exit_code
    assert "Traceback" in first.value.__notes__[0]
    pid = worker.pid
    assert pid is not None
    with pytest.raises(ModelError):
        worker.run_job(REQUEST)
    assert worker.pid == pid


def test_cancel_ends_the_process_within_two_seconds(worker: Worker) -> None:
    asked = threading.Event()
    pids = []

    def progress(stage: str, fraction: float) -> None:
        assert worker.pid is not None
        pids.append(worker.pid)
        asked.set()

    start = monotonic()
    with pytest.raises(Cancelled):
        worker.run_job(REQUEST, progress, asked.is_set)
    assert monotonic() - start < 2.0
    assert worker.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_interrupt_in_the_progress_ends_the_process(worker: Worker) -> None:
    def progress(stage: str, fraction: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        worker.run_job(REQUEST, progress)
    assert worker.pid is None


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_killed_worker_is_told_and_the_next_job_gets_a_new_one(worker: Worker) -> None:
    def kill(stage: str, fraction: float) -> None:
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)

    with pytest.raises(WorkerError, match="ended by signal 9") as killed:
        worker.run_job(REQUEST, kill)
    assert "memory" in killed.value.remedy
    with pytest.raises(ModelError):
        worker.run_job(REQUEST)


def test_what_a_crashing_worker_last_said_is_told(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'CUDA error: out of memory' >&2\nexit 9\n")
    python.chmod(0o755)
    with Worker(str(python)) as worker, pytest.raises(WorkerError, match="CUDA error: out of memory"):
        worker.run_job(REQUEST)


def test_python_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with Worker(str(tmp_path / "nowhere")) as worker, pytest.raises(WorkerError, match="nowhere"):
        worker.run_job(REQUEST)


def test_worker_that_left_is_replaced(tmp_path: Path) -> None:
    with Worker(models=tmp_path, idle_seconds=0.3) as worker:
        with pytest.raises(ModelError):
            worker.run_job(REQUEST)
        deadline = monotonic() + 60.0
        while worker.pid is not None and monotonic() < deadline:
            sleep(0.1)
        assert worker.pid is None
        with pytest.raises(ModelError):
            worker.run_job(REQUEST)


def test_works_from_a_path_with_spaces_and_other_letters(tmp_path: Path) -> None:
    root = tmp_path / "my add-ons ö" / "clip_head"
    shutil.copytree(Path(clip_head.__file__).parent / "core", root / "core")
    code = (
        "from core.client import Worker; from core.types import HeadRequest; from core.errors import ModelError\n"
        "from pathlib import Path; import sys\n"
        "with Worker(models=Path(sys.argv[1])) as worker:\n"
        "    try: worker.run_job(HeadRequest('an old man'))\n"
        "    except ModelError as error: print(error.cause.encode('unicode_escape').decode())\n"
        "assert 'torch' not in sys.modules\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-P", "-c", code, str(root / "models")]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "my add-ons \\xf6" in ended.stdout
