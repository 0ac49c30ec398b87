"""A batch as a pipeline meets it: its folder, its exit codes, going on with it, stopping it."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from clip_head.operators.batch.command import ALL_FAILED, SOME_FAILED, main

SHARED = ("--texture-size", "64", "--no-render")


def manifest_of(out: Path) -> list[dict]:
    return [json.loads(line) for line in (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def batch(tmp_path: Path, again: tuple[str, ...]):
    """batch(text, *options): runs one, and returns its exit code."""

    def run(text: str, *options: str) -> int:
        (tmp_path / "rows.txt").write_text(text, encoding="utf-8")
        arguments = [str(tmp_path / "rows.txt"), "--out", str(tmp_path / "out"), *SHARED, *options]
        return main(arguments, None, "./run", again)

    return run


def test_all_some_and_none_are_told_apart(tmp_path: Path, batch, capsys: pytest.CaptureFixture[str]) -> None:
    assert batch("a man\na woman\na man\n", "--workers", "2") == 0
    assert capsys.readouterr().out == f"{tmp_path / 'out'}\n"
    assert sorted(entry["row"] for entry in manifest_of(tmp_path / "out")) == [1, 2, 3]
    assert len([path for path in (tmp_path / "out").iterdir() if path.is_dir()]) == 2, "equal rows are one head"
    assert batch("a man\na child --seed -1\na boy --sed 1\n", "--resume") == SOME_FAILED
    assert "-1" in capsys.readouterr().err
    assert batch("a child --seed -1\n", "--resume") == ALL_FAILED
    assert batch("", "--resume") == 2


def test_resume_makes_only_what_is_missing(tmp_path: Path, batch) -> None:
    assert batch("a man\na woman\n") == 0
    out = tmp_path / "out"
    kept, lost = sorted(path for path in out.iterdir() if path.is_dir())
    before = (kept / "head.blend").stat().st_mtime_ns
    (lost / "head.json").unlink()
    assert batch("a man\na woman\n") == 2, "without --resume a batch that is there is not touched"
    assert batch("a child\na man\na woman\n", "--resume") == 0
    assert (kept / "head.blend").stat().st_mtime_ns == before and (lost / "head.json").exists()
    seconds = {entry["folder"]: entry["seconds"] for entry in manifest_of(out)}
    assert len(seconds) == 3 and seconds[kept.name] == 0.0 < seconds[lost.name]


def test_the_page_shows_every_row(tmp_path: Path, batch) -> None:
    assert batch("a <b>bold</b> man\na child --seed -1\n") == SOME_FAILED
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "a &lt;b&gt;bold&lt;/b&gt; man" in page and "The seed is -1" in page
    assert "1 of 2 heads" in page and not (tmp_path / "out" / "contact_sheet.jpg").exists()


def test_an_error_before_the_work_leaves_nothing(tmp_path: Path, batch) -> None:
    assert batch("a man\n", "--workers", "0") == 2
    assert batch("a man\n", "--scheduler", "nowhere") == 2
    assert not list((tmp_path / "out").glob("*/"))


def test_ctrl_c_keeps_what_is_finished(tmp_path: Path, again: tuple[str, ...]) -> None:
    (tmp_path / "rows.txt").write_text("a man\na slow woman\n", encoding="utf-8")
    out = tmp_path / "out"
    process = subprocess.Popen(
        [*again, "batch", str(tmp_path / "rows.txt"), "--out", str(out), *SHARED],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    while not list(out.glob("a-man-*")) or not list(out.glob(".clip_head-*/head")):
        time.sleep(0.05)
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in said and "--resume" in said
    assert len(manifest_of(out)) == 1 and not list(out.glob(".clip_head-*"))


def test_previews_become_one_picture(tmp_path: Path) -> None:
    from clip_head.operators.batch.page import write_sheet
    from clip_head.operators.batch.pool import Made

    for name, colour in (("a", (255, 0, 0)), ("b", (0, 0, 255))):
        (tmp_path / name).mkdir()
        Image.new("RGB", (64, 64), colour).save(tmp_path / name / "preview.png")
    write_sheet(tmp_path, {2: Made(tmp_path / "b", 1.0), 1: Made(tmp_path / "a", 1.0)})
    with Image.open(tmp_path / "contact_sheet.jpg") as sheet:
        left, right = np.asarray(sheet)[96, [96, 288]]
    assert left[0] > 200 > left[2] and right[2] > 200 > right[0]


@pytest.mark.slow(minutes=0.4)
def test_the_shipped_models_leave_nothing_between_two_rows(tmp_path: Path) -> None:
    (tmp_path / "rows.txt").write_text("a man\na woman\n", encoding="utf-8")
    from clip_head.operators.commands import main as run

    out = tmp_path / "out"
    assert run(["batch", str(tmp_path / "rows.txt"), "--out", str(out), *SHARED]) == 0
    folders = [path.name for path in out.iterdir() if path.is_dir()]
    assert len(folders) == 2 and all(name.startswith("a-") for name in folders)
