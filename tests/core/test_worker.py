"""The worker's side of the pipes, as whoever starts it sees it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import clip_head
from clip_head.core.exchange import request_to_json
from clip_head.core.types import HeadRequest

ROOT = Path(clip_head.__file__).resolve().parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def run_worker(stdin: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "core.worker", *options]
    return subprocess.run(
        command, input=stdin, env=ENVIRONMENT, capture_output=True, encoding="utf-8", timeout=60, check=False
    )


def test_leaves_when_its_input_closes() -> None:
    ended = run_worker("")
    assert (ended.returncode, ended.stdout) == (0, "")


def test_leaves_after_its_idle_time() -> None:
    command = [sys.executable, "-P", "-m", "core.worker", "--idle", "0.2"]
    with subprocess.Popen(command, env=ENVIRONMENT, stdin=subprocess.PIPE) as process:
        assert process.wait(timeout=30) == 0


def test_missing_models_are_an_answer_and_the_next_job_is_served(tmp_path: Path) -> None:
    request = request_to_json(HeadRequest("an old man"))
    jobs = [json.dumps({"job": number, "request": request, "out": str(tmp_path)}) for number in (1, 2)]
    ended = run_worker("\n".join(jobs) + "\n", "--models", str(tmp_path / "no models"))
    messages = [json.loads(line) for line in ended.stdout.splitlines()]
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
        "import os, sys; from core.worker import _claim_stdout; channel = _claim_stdout();"
        "print('noise'); os.write(1, b'more noise\\n'); os.system('echo loud noise');"
        "channel.write('message\\n'); channel.flush()"
    )
    ended = subprocess.run(
        [sys.executable, "-P", "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    assert ended.stdout == "message\n"
    assert all(noise in ended.stderr for noise in ("noise\n", "more noise", "loud noise"))


def test_missing_library_is_told_with_a_remedy(tmp_path: Path) -> None:
    """A Python without torch, such as Blender's own when the extension's zip bundles no wheels."""
    blocker = tmp_path / "torch.py"
    blocker.write_text("raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')")
    job = {"job": 1, "request": request_to_json(HeadRequest("an old man")), "out": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "core.worker"],
        input=json.dumps(job) + "\n",
        env={**ENVIRONMENT, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    error = json.loads(ended.stdout.splitlines()[-1])["error"]
    assert error["kind"] == "WorkerError"
    assert "'torch'" in error["cause"]
    assert sys.executable in error["cause"]
    assert "preferences" in error["remedy"]
