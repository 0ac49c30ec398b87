"""Driving the worker: errors in words, cancel at once, a killed process, a process that left."""

import os
import shutil
import signal
import site
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest

import clip_head
from clip_head.core.client import Worker
from clip_head.core.errors import Cancelled, ModelError, WorkerError
from clip_head.core.packages import package_folders
from clip_head.core.types import HeadRequest

pytestmark = pytest.mark.slow

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


def test_cancel_ends_the_process(worker: Worker) -> None:
    asked = threading.Event()
    pids = []

    def progress(stage: str, fraction: float) -> None:
        assert worker.pid is not None
        pids.append(worker.pid)
        asked.set()

    with pytest.raises(Cancelled):
        worker.run_job(REQUEST, progress, asked.is_set)
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
        while worker.pid is not None:
            sleep(0.1)
        with pytest.raises(ModelError):
            worker.run_job(REQUEST)


def test_works_from_a_path_with_any_characters(tmp_path: Path) -> None:
    """A colon parts what is handed over in PYTHONPATH; the others mean something to one library or another."""
    root = tmp_path / "vol:1, my add-ons ö #1 100%d {x} 'y' \"z\"" / "clip_head"
    shutil.copytree(Path(clip_head.__file__).parent / "core", root / "core")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from core.client import Worker; from core.types import HeadRequest; from core.errors import ModelError\n"
        "from pathlib import Path\n"
        "with Worker(models=Path(sys.argv[1], 'models')) as worker:\n"
        "    try: worker.run_job(HeadRequest('an old man'))\n"
        "    except ModelError as error: print(error.cause.encode('unicode_escape').decode())\n"
        "assert 'torch' not in sys.modules\n"
    )
    command = [sys.executable, "-P", "-c", code, str(root)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "my add-ons \\xf6" in ended.stdout


def test_foreign_modules_and_settings_of_python_do_not_reach_the_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worker: Worker
) -> None:
    for name in ("json", "numpy", "sitecustomize", "usercustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('foreign')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    with pytest.raises(ModelError, match="no models") as error:
        worker.run_job(HeadRequest("ein Mädchen"))
    assert "Traceback" in error.value.__notes__[0]


def test_the_user_s_own_libraries_are_not_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blender's Python sees them, old ones among them; those of Blender's extensions are handed over."""
    monkeypatch.syspath_prepend(site.getusersitepackages())
    monkeypatch.syspath_prepend("/blender/extensions/.local/lib/python3.11/site-packages")
    folders = package_folders()
    assert site.getusersitepackages() not in folders
    assert folders[0] == "/blender/extensions/.local/lib/python3.11/site-packages"


def test_temporary_files_lie_where_they_are_wanted_and_go_with_the_process(tmp_path: Path) -> None:
    """The worker's program is exchanged for one that says where its own temporary files would be."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$TMPDIR" >&2\ntouch "$TMPDIR/file"\nexit 3\n')
    python.chmod(0o755)
    folder = tmp_path / "temporary"
    folder.mkdir()
    with Worker(str(python), temporary=folder) as worker, pytest.raises(WorkerError) as error:
        worker.run_job(REQUEST)
    assert str(folder) in error.value.cause
    assert os.listdir(folder) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("last_words", "remedy"),
    [
        ("kill -9 $$", "memory"),
        ("echo 'RuntimeError: can\\'t allocate memory: you tried to allocate 64 GB' >&2; exit 1", "lower quality"),
        ("echo 'terminate called: std::bad_alloc' >&2; kill -6 $$", "lower quality"),
        ("kill -4 $$", "processor"),
        ("kill -11 $$", "library crashed"),
        ("echo \"ModuleNotFoundError: No module named 'numpy'\" >&2; exit 1", "library is missing"),
        ("kill -15 $$", "try again"),
    ],
)
def test_the_remedy_fits_how_the_process_ended(last_words: str, remedy: str, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/bash\n{last_words}\n".replace("can\\'t", "can'\\''t"))
    python.chmod(0o755)
    with Worker(str(python)) as worker, pytest.raises(WorkerError) as error:
        worker.run_job(REQUEST)
    assert remedy in error.value.remedy
