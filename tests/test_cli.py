"""The command line as an artist meets it: its files, its errors in words, its exit codes, nothing half-written."""

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clip_head import cli
from clip_head.cli import FILES, main, slug
from clip_head.core.client import Worker, never
from clip_head.core.errors import MeshError, ModelError
from clip_head.core.models import EMBEDDED
from clip_head.core.png import encode_png
from clip_head.core.types import Canvas, Head, HeadRequest, Progress, no_progress

ROOT = Path(cli.__file__).resolve().parent


class ReadyWorker(Worker):
    """Answers every request with one head; a stand-in for the minutes of models, not for the command line."""

    def __init__(self, head: Head, at_stage: Callable[[str], None] = lambda stage: None) -> None:
        super().__init__()
        self.head = head
        self.at_stage = at_stage

    def run_job(
        self,
        request: HeadRequest,
        progress: Progress = no_progress,
        cancelled: Callable[[], bool] = never,
        canvas: Canvas | None = None,
    ) -> Head:
        for stage in ("models", "words", "geometry", "unwrap", "maps", "texture"):
            progress(stage, 0.0)
            self.at_stage(stage)
            progress(stage, 1.0)
        return replace(self.head, request=request)


def everything_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.fixture
def worker(small_head: Head) -> ReadyWorker:
    return ReadyWorker(small_head)


def test_a_run_leaves_its_files_and_says_where(
    worker: ReadyWorker, small_head: Head, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new folder" / "heads"
    assert main(["A man, smiling", "--seed", "7", "--out", str(out), "--no-render"], worker) == 0
    printed = capsys.readouterr()
    folder = out / "a-man-smiling"
    assert printed.out.splitlines()[-1] == str(folder)
    assert sorted(os.listdir(folder)) == sorted(set(FILES) - {"preview.png"})
    assert os.listdir(out) == ["a-man-smiling"]
    for name, image in small_head.textures.images().items():
        assert (folder / f"{name}.png").read_bytes() == encode_png(image)
    facts = json.loads((folder / "head.json").read_text(encoding="utf-8"))
    assert facts["request"]["prompt"] == "A man, smiling"
    assert facts["request"]["seed"] == 7
    assert facts["models"][0]["licence"] == "CC0-1.0"
    assert facts["seconds"].keys() >= {"words", "texture", "save", "total"}
    assert facts["maps"] == [*small_head.textures.images()]
    assert facts["mesh"]["vertices"] == len(np.unique(small_head.mesh.source))
    for stage in ("models", "geometry", "texture", "save"):
        assert re.search(rf"{stage} +\[#+\] 100%", printed.err), f"no finished bar for {stage}"


def test_a_second_run_replaces_its_own_files_only(worker: ReadyWorker, tmp_path: Path) -> None:
    folder = tmp_path / "a-man"
    folder.mkdir()
    (folder / "preview.png").write_text("of an earlier run")
    (folder / "head.json").write_text("of an earlier run")
    (folder / "notes.txt").write_text("the artist's own")
    assert main(["a man", "--out", str(tmp_path), "--no-render"], worker) == 0
    assert not (folder / "preview.png").exists(), "a picture of another head"
    assert json.loads((folder / "head.json").read_text())["request"]["prompt"] == "a man"
    assert (folder / "notes.txt").read_text() == "the artist's own"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([""], 2, "prompt is empty"),
        (["   "], 2, "prompt is empty"),
        (["a" * 10000], 2, "10000 characters"),
        (["a\x07man"], 2, "control character"),
        (["a man", "--resolution", "4"], 2, "resolution is 4"),
        (["a man", "--texture-size", "99999"], 2, "texture size is 99999"),
        (["a man", "--seed", "-1"], 2, "seed is -1"),
    ],
)
def test_requests_that_make_no_sense(
    arguments: list[str], code: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--out", str(tmp_path / "out")]) == code
    error = capsys.readouterr().err
    assert words in error
    assert len(error.strip().splitlines()) == 1
    assert everything_in(tmp_path) == []


@pytest.mark.parametrize("arguments", [["a man", "--sed", "1"], ["a man", "--seed", "one"], [], ["a man", "woman"]])
def test_options_that_do_not_exist(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("face of a man smiling with joker makeup", "face-of-a-man-smiling-with-joker-makeup"),
        ("../../etc/passwd", "etc-passwd"),
        ("улыбающаяся женщина", "улыбающаяся-женщина"),
        ("笑っている男の人", "笑っている男の人"),
    ],
)
def test_slugs_read_like_the_prompt(prompt: str, name: str) -> None:
    assert slug(prompt) == name


@pytest.mark.parametrize("prompt", ["😀🤡", "...", "/", "a" * 2000, "й" * 2000, "NUL " * 100])
def test_slugs_are_short_and_can_be_folders(prompt: str, tmp_path: Path) -> None:
    name = slug(prompt)
    assert 0 < len(name.encode()) < 80
    assert slug(prompt + "!") != name or len(prompt) < 60
    (tmp_path / name).mkdir()


def test_other_scripts_reach_the_files(worker: ReadyWorker, tmp_path: Path) -> None:
    prompt = "улыбающийся старик 😀"
    assert main([prompt, "--out", str(tmp_path), "--no-render"], worker) == 0
    facts = json.loads((tmp_path / slug(prompt) / "head.json").read_text(encoding="utf-8"))
    assert facts["request"]["prompt"] == prompt


def test_a_file_where_the_folder_should_be(
    worker: ReadyWorker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a-man").write_text("mine")
    assert main(["a man", "--out", str(tmp_path)], worker) == 5
    assert "cannot be written" in capsys.readouterr().err
    assert main(["a man", "--out", str(tmp_path / "a-man")], worker) == 5
    assert everything_in(tmp_path) == ["a-man"]
    assert (tmp_path / "a-man").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_an_unwritable_folder_is_named_before_the_work(
    worker: ReadyWorker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert main(["a man", "--out", str(tmp_path)], worker) == 5
    printed = capsys.readouterr().err
    assert str(tmp_path) in printed
    assert "words" not in printed


def test_a_folder_that_no_one_can_write_to(worker: ReadyWorker, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["a man", "--out", "/proc/clip_head"], worker) == 5
    printed = capsys.readouterr().err
    assert "/proc/clip_head" in printed
    assert "geometry" not in printed, "the folder is checked before the work"


def test_a_full_disk_is_said_before_the_work(
    worker: ReadyWorker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_staging_folder", lambda folder: STAGING(folder, room=10**18))
    assert main(["a man", "--out", str(tmp_path / "out")], worker) == 5
    printed = capsys.readouterr().err
    assert "MB free" in printed
    assert "geometry" not in printed
    assert everything_in(tmp_path) == []


STAGING = cli._staging_folder


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on file sizes there")
def test_a_disk_that_fills_while_writing_leaves_nothing(
    worker: ReadyWorker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        code = main(["a man", "--out", str(tmp_path / "out"), "--no-render"], worker)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert code == 5
    assert "cannot be written" in capsys.readouterr().err
    assert everything_in(tmp_path) == []


@pytest.mark.parametrize("stage", ["models", "words", "geometry", "unwrap", "maps", "texture"])
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), 130),
        (ModelError("The NPHM computed NaN.", "Restore it."), 3),
        (MeshError("There is no surface.", "Try another seed."), 4),
        (ZeroDivisionError("division by zero"), 1),
    ],
    ids=["ctrl-c", "model", "mesh", "unexpected"],
)
def test_a_run_that_fails_leaves_the_earlier_result(
    stage: str, error: BaseException, code: int, small_head: Head, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(at: str) -> None:
        if at == stage:
            raise error

    folder = tmp_path / "a-man"
    folder.mkdir()
    (folder / "head.json").write_text("of an earlier run")
    assert main(["a man", "--out", str(tmp_path)], ReadyWorker(small_head, fail)) == code
    assert main(["a woman", "--out", str(tmp_path / "new")], ReadyWorker(small_head, fail)) == code
    assert everything_in(tmp_path) == ["a-man", "a-man/head.json"]
    assert (folder / "head.json").read_text() == "of an earlier run"
    assert "Traceback" not in capsys.readouterr().err


def test_missing_weights_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["a man", "--out", str(tmp_path / "out"), "--models", str(tmp_path / "nowhere")]) == 3
    error = capsys.readouterr().err.splitlines()[-1]
    assert "There are no models in" in error
    assert str(tmp_path / "nowhere") in error
    assert everything_in(tmp_path) == []


def test_truncated_weights_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    models = tmp_path / "models"
    shutil.copytree(EMBEDDED / "text", models / "text")
    damaged = models / "text" / "open_clip_model.safetensors"
    os.truncate(damaged, damaged.stat().st_size // 2)
    assert main(["a man", "--out", str(tmp_path / "out"), "--models", str(models)]) == 3
    error = capsys.readouterr().err.splitlines()[-1]
    assert str(damaged) in error
    assert "truncated" in error
    assert "Traceback" not in error
    assert not (tmp_path / "out").exists()


def test_debug_shows_the_traceback(small_head: Head, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(stage: str) -> None:
        raise ModelError("The NPHM computed NaN.", "Restore it.")

    assert main(["a man", "--out", str(tmp_path), "--debug"], ReadyWorker(small_head, fail)) == 3
    assert "Traceback" in capsys.readouterr().err


def test_help_answers_at_once_and_names_the_defaults() -> None:
    """Without the environment: a bare Python, no site-packages."""
    start = time.perf_counter()
    shown = subprocess.run([sys.executable, "-I", "-S", ROOT, "--help"], capture_output=True, text=True, check=True)
    assert time.perf_counter() - start < 5.0
    words = " ".join(shown.stdout.split())
    defaults = HeadRequest("x")
    for option in ("--expression", "--skin", "--seed", "--resolution", "--texture-size", "--out", "--no-render"):
        assert option in words
    assert f"(default: {defaults.resolution})" in words
    assert f"(default: {defaults.texture_size})" in words
    assert f"(default: {defaults.seed})" in words


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom clip_head.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('numpy', 'torch', 'bpy') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_the_worker_and_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    """The whole command in a process of its own, stopped while its worker is busy loading."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, ROOT, "a man", "--out", tmp_path / "out", "--no-render"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(temporary)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background inherit "ignored"
    )
    while not list(temporary.iterdir()):  # the worker's exchange folder: the job is under way
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(number)
    _, error = process.communicate(timeout=20)
    assert process.returncode == 130
    assert error.splitlines()[-1] == "Stopped. Nothing was written."
    assert "Traceback" not in error
    assert everything_in(tmp_path) == ["tmp"]


def test_the_preview_is_a_picture(worker: ReadyWorker, tmp_path: Path) -> None:
    assert main(["a man", "--out", str(tmp_path)], worker) == 0
    assert (tmp_path / "a-man" / "preview.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((tmp_path / "a-man" / "head.json").read_text())["seconds"]["preview"] > 0
