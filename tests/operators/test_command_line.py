"""The command line as an artist meets it: its files, its errors in words, its exit codes, nothing half-written."""

import json
import locale
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

import bpy
import numpy as np
import pytest

import clip_head
from clip_head.core.client import Worker, never
from clip_head.core.errors import MeshError, ModelError
from clip_head.core.models import EMBEDDED
from clip_head.core.png import encode_png
from clip_head.core.request import slug
from clip_head.core.types import Canvas, Head, HeadRequest, Progress, no_progress
from clip_head.operators.command_line import main
from clip_head.operators.output_folder import FILES

ROOT = Path(clip_head.__file__).resolve().parent


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


def test_a_second_head_of_the_same_words_is_put_beside_the_first(worker: ReadyWorker, tmp_path: Path) -> None:
    for seed in ("1", "2", "3"):
        assert main(["a man", "--seed", seed, "--out", str(tmp_path), "--no-render"], worker) == 0
    assert sorted(os.listdir(tmp_path)) == ["a-man", "a-man-2", "a-man-3"]
    seeds = [
        json.loads((tmp_path / name / "head.json").read_text())["request"]["seed"] for name in os.listdir(tmp_path)
    ]
    assert sorted(seeds) == [1, 2, 3]


def test_overwrite_replaces_files_of_a_head_only(worker: ReadyWorker, tmp_path: Path) -> None:
    folder = tmp_path / "a-man"
    folder.mkdir()
    (folder / "preview.png").write_text("of an earlier run")
    (folder / "head.json").write_text("of an earlier run")
    (folder / "notes.txt").write_text("the artist's own")
    assert main(["a man", "--out", str(tmp_path), "--no-render", "--overwrite"], worker) == 0
    assert os.listdir(tmp_path) == ["a-man"]
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


def test_other_scripts_reach_the_files(worker: ReadyWorker, tmp_path: Path) -> None:
    prompt = "улыбающийся старик 😀"
    assert main([prompt, "--out", str(tmp_path), "--no-render"], worker) == 0
    facts = json.loads((tmp_path / slug(prompt) / "head.json").read_text(encoding="utf-8"))
    assert facts["request"]["prompt"] == prompt


def test_a_file_where_the_folder_should_be(
    worker: ReadyWorker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a-man").write_text("mine")
    assert main(["a man", "--out", str(tmp_path), "--overwrite"], worker) == 5
    assert main(["a man", "--out", str(tmp_path / "a-man")], worker) == 5
    printed = capsys.readouterr().err
    assert "cannot be written" in printed
    assert "geometry" not in printed, "said before the work"
    assert everything_in(tmp_path) == ["a-man"]
    assert main(["a man", "--out", str(tmp_path), "--no-render"], worker) == 0
    assert (tmp_path / "a-man").read_text() == "mine"
    assert (tmp_path / "a-man-2" / "head.json").is_file()


@pytest.mark.parametrize("name", ["head.json", "albedo.png"])
def test_a_folder_with_the_name_of_a_file_is_said_before_anything_is_replaced(
    name: str, worker: ReadyWorker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a-man" / name).mkdir(parents=True)
    (tmp_path / "a-man" / "head.glb").write_text("of an earlier run")
    assert main(["a man", "--out", str(tmp_path), "--overwrite"], worker) == 5
    printed = capsys.readouterr().err
    assert name in printed
    assert "geometry" not in printed
    assert (tmp_path / "a-man" / "head.glb").read_text() == "of an earlier run"


@pytest.mark.parametrize("out", ["x" * 300, "y" * 200 + "/" + "z" * 300, "/".join(["deep"] * 300)])
def test_names_that_are_too_long_are_said_in_words(
    out: str, worker: ReadyWorker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["a man", "--out", str(tmp_path / out)], worker) == 5
    printed = capsys.readouterr().err
    assert "too long" in printed
    assert "shorter name" in printed
    assert everything_in(tmp_path) == []


@pytest.mark.parametrize("option", ["--edit", "--texture", "--models"])
def test_files_whose_names_cannot_be_are_said_in_words(
    option: str, worker: ReadyWorker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["a man", option, "x" * 300, "--out", str(tmp_path)], worker) == 2
    assert f"{option} xxx" in capsys.readouterr().err


def test_words_are_read_as_utf_8_else_as_the_locale_says(
    worker: ReadyWorker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python hands over bytes that are no UTF-8 as surrogates."""
    typed = b"ein M\xe4dchen"  # Latin-1
    assert main([os.fsdecode(typed), "--out", str(tmp_path), "--no-render"], worker) == 0
    (folder,) = tmp_path.iterdir()
    prompt = json.loads((folder / "head.json").read_text(encoding="utf-8"))["request"]["prompt"]
    assert prompt == typed.decode(locale.getencoding(), errors="replace")


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_an_unwritable_folder_is_named_before_the_work(
    worker: ReadyWorker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert main(["a man", "--out", str(tmp_path)], worker) == 5
    printed = capsys.readouterr().err
    assert str(tmp_path) in printed
    assert "words" not in printed


@pytest.mark.parametrize("folder", ["/proc", "/proc/clip_head", "/dev/null/x"])
def test_a_folder_that_no_one_can_write_to(
    folder: str, worker: ReadyWorker, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["a man", "--out", folder], worker) == 5
    printed = capsys.readouterr().err
    assert folder in printed
    assert "geometry" not in printed, "the folder is checked before the work"


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


def test_help_answers_before_anything_is_installed_and_names_the_defaults() -> None:
    """Without the environment: a bare Python, no site-packages."""
    shown = subprocess.run([sys.executable, "-I", "-S", ROOT, "--help"], capture_output=True, text=True, check=True)
    words = " ".join(shown.stdout.split())
    defaults = HeadRequest("x")
    for option in (
        "--expression",
        "--skin",
        "--seed",
        "--resolution",
        "--texture-size",
        "--out",
        "--overwrite",
        "--no-render",
    ):
        assert option in words
    assert f"(default: {defaults.resolution})" in words
    assert f"(default: {defaults.texture_size})" in words
    assert f"(default: {defaults.seed})" in words


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom clip_head.operators.command_line import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('numpy', 'torch', 'bpy') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_worker_and_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    """The whole command in a process of its own, stopped while its worker is busy loading."""
    process = start(tmp_path / "new" / "out", tmp_path)
    (worker,) = children_of(process.pid)
    process.send_signal(number)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert error.splitlines()[-1] == "Stopped. Nothing was written."
    assert "Traceback" not in error
    assert everything_in(tmp_path) == []
    assert has_ended(worker)


def test_what_a_killed_run_left_is_swept_by_the_next_and_its_worker_leaves(worker: ReadyWorker, tmp_path: Path) -> None:
    process = start(tmp_path, tmp_path)
    (child,) = children_of(process.pid)
    living = start(tmp_path, tmp_path)
    process.kill()
    process.communicate()
    assert len(os.listdir(tmp_path)) == 2
    assert main(["a man", "--out", str(tmp_path), "--no-render"], worker) == 0
    assert len([name for name in os.listdir(tmp_path) if name.startswith(".clip_head-")]) == 1, "that of the living one"
    while not has_ended(child):
        time.sleep(0.05)
    living.terminate()
    living.communicate()
    assert os.listdir(tmp_path) == ["a-man"]


def start(out: Path, temporary: Path) -> subprocess.Popen[str]:
    """The command as ./run starts it, with a job under way; temporary files go where they would be seen."""
    before = set(out.glob(".clip_head-*"))
    process = subprocess.Popen(
        [sys.executable, "-I", ROOT, "a man", "--out", out, "--no-render"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(temporary)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background inherit "ignored"
    )
    while not any(list(new.glob("temporary/*/job-1")) for new in set(out.glob(".clip_head-*")) - before):
        assert process.poll() is None
        time.sleep(0.02)
    return process


def children_of(process: int) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [line.split() for line in listed.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == process]


def has_ended(process: int) -> bool:
    """Whether it is gone; who inherited it may be slow to take note of its end."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
    ).stdout
    return not state.strip() or state.startswith("Z")


@pytest.mark.slow
def test_the_preview_is_a_picture(worker: ReadyWorker, tmp_path: Path) -> None:
    assert main(["a man", "--out", str(tmp_path)], worker) == 0
    assert (tmp_path / "a-man" / "preview.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((tmp_path / "a-man" / "head.json").read_text())["seconds"]["preview"] > 0


def test_a_blender_that_cannot_render_loses_no_head(
    worker: ReadyWorker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bpy.ops.preferences.addon_disable(module="cycles")
    try:
        assert main(["a man", "--out", str(tmp_path)], worker) == 0
    finally:
        bpy.ops.preferences.addon_enable(module="cycles")
    assert "No preview was rendered (the add-on Cycles is switched off)" in capsys.readouterr().err
    made = everything_in(tmp_path)
    assert "a-man/head.blend" in made
    assert "a-man/head.json" in made
    assert "a-man/preview.png" not in made
