"""Temporary folders go with their process, or are swept by the next; nobody else's is touched."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from clip_head.core.temporary import LOCK, TemporaryFolder, sweep

#: Makes a folder in sys.argv[1], says so, and waits.
CODE = """
import sys
from pathlib import Path
from clip_head.core.temporary import TemporaryFolder
folder = TemporaryFolder(Path(sys.argv[1]), "ours-")
(folder.path / "file").write_text("x")
print(folder.path, flush=True)
sys.stdin.read()
"""


def start(parent: Path) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_the_folder_goes_with_everything_in_it(tmp_path: Path) -> None:
    with TemporaryFolder(tmp_path, "ours-") as folder:
        (folder / "deep" / "er").mkdir(parents=True)
        assert folder.parent == tmp_path
    assert os.listdir(tmp_path) == []


def test_a_dead_process_s_folder_is_swept_and_a_living_one_s_is_not(tmp_path: Path) -> None:
    (tmp_path / "ours-of the artist.txt").write_text("a file")
    (tmp_path / "theirs-1").mkdir()
    (tmp_path / "ours-link").symlink_to(tmp_path / "theirs-1")
    dead, left = start(tmp_path)
    living, kept = start(tmp_path)
    dead.kill()
    dead.wait()
    assert (left / "file").exists()
    with TemporaryFolder(tmp_path, "ours-") as mine:
        assert not left.exists()
        sweep(tmp_path, "ours-")
        names = {mine.name, kept.name, "ours-of the artist.txt", "ours-link", "theirs-1"}
        assert {path.name for path in tmp_path.iterdir()} == names
        assert (kept / "file").exists()
    living.communicate()


def test_only_folders_with_a_lock_are_ours(tmp_path: Path) -> None:
    (tmp_path / "ours-1").mkdir()
    (tmp_path / "ours-1" / LOCK).touch()
    (tmp_path / "ours-of the artist").mkdir()
    (tmp_path / "ours-of the artist" / "scan.blend").write_text("work")
    sweep(tmp_path, "ours-")
    assert os.listdir(tmp_path) == ["ours-of the artist"]
    assert (tmp_path / "ours-of the artist" / "scan.blend").read_text() == "work"


def test_where_nothing_can_be_made_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        TemporaryFolder(tmp_path / "nowhere", "ours-")
