"""The command line's further words: each does its own thing, and what is no such word is a prompt."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from clip_head.core.models import EMBEDDED
from clip_head.core.types import Head
from clip_head.operators.commands import main
from clip_head.tests.operators.test_command_line import ReadyWorker
from clip_head.tests.scene.synthetic_asset import synthetic_asset


@pytest.fixture
def worker(small_head: Head) -> ReadyWorker:
    return ReadyWorker(replace(small_head, asset=synthetic_asset()))


def made(tmp_path: Path, worker: ReadyWorker, *arguments: str) -> Path:
    assert main([*arguments, "--out", str(tmp_path), "--no-render"], worker) == 0
    (folder,) = (path.parent for path in tmp_path.glob("*/head.blend"))
    return folder


def test_generate_is_what_a_prompt_alone_is(tmp_path: Path, worker: ReadyWorker) -> None:
    assert made(tmp_path / "a", worker, "generate", "models").name == "models"
    assert made(tmp_path / "b", worker, "an export").name == "an-export"


def test_a_saved_head_is_exported(tmp_path: Path, worker: ReadyWorker, capfd: pytest.CaptureFixture[str]) -> None:
    folder = made(tmp_path, worker, "a man")
    capfd.readouterr()
    assert main(["export", str(folder), "--preset", "unity", "--export", "fbx", "--export", "obj"]) == 0
    assert capfd.readouterr().out.splitlines()[-1] == str(folder)
    assert (folder / "head.fbx").stat().st_size > 1000 and (folder / "head.obj").stat().st_size > 1000
    elsewhere = tmp_path / "new" / "folder"
    assert main(["export", str(folder / "head.blend"), "--export", "usdc", "--out", str(elsewhere)]) == 0
    assert (elsewhere / "head.usdc").exists()


def test_what_cannot_be_exported_is_said(
    tmp_path: Path, worker: ReadyWorker, small_head: Head, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = made(tmp_path, worker, "a man")
    raw = made(tmp_path / "raw", ReadyWorker(small_head), "a man", "--surface", "raw")
    for arguments, named in (
        ((str(folder),), "--export"),
        ((str(folder), "--preset", "unity", "--export", "obj"), "unity"),
        ((str(raw), "--export", "fbx"), "raw surface"),
        ((str(tmp_path / "none"), "--export", "fbx"), "none"),
    ):
        assert main(["export", *arguments]) == 2
        assert named in capsys.readouterr().err


def test_models_are_checked_and_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("splitter", "upscaler"):
        shutil.copytree(EMBEDDED / name, tmp_path / name)
    assert main(["models", "--models", str(tmp_path)]) == 0
    listed = capsys.readouterr().err.splitlines()
    assert len(listed) == 2 and "CC0-1.0" in listed[0] and "GPL-3.0-or-later" in listed[1]
    weights = next((tmp_path / "upscaler").glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1])
    assert main(["models", "--models", str(tmp_path)]) == 3
    said = capsys.readouterr().err
    assert "truncated" in said and "CC0-1.0" in said, "the whole ones are listed all the same"
    assert main(["models", "--models", str(tmp_path / "none")]) == 3
