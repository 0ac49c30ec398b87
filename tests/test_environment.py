"""./run and ./test make their environment once: with a stand-in for Python that writes down how it is called."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from clip_head import cli

ROOT = Path(cli.__file__).resolve().parent

STAND_IN = r"""#!/bin/sh
printf '%s\n' "$*" >>"$CALLS"
case "$*" in
*"-m venv"*)
    mkdir -p "$3/bin" "$3/lib/python3.11/site-packages" && cp "$0" "$3/bin/python" ;;
*"-m pip install"*)
    exit "${PIP_FAILS:-0}" ;;
esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "a clone of clip head"
    folder.mkdir()
    for name in ("run", "environment.sh", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    python = tmp_path / "python"
    python.write_text(STAND_IN)
    python.chmod(0o755)
    return folder


def call(clone: Path, *arguments: str, **variables: str) -> tuple[int, list[str], str]:
    """Exit code, the calls of Python, and what was said."""
    calls = clone.parent / "calls"
    calls.write_text("")
    environment = os.environ | {"CLIP_HEAD_PYTHON": str(clone.parent / "python"), "CALLS": str(calls)} | variables
    ran = subprocess.run([clone / "run", *arguments], env=environment, capture_output=True, text=True, cwd="/")
    return ran.returncode, calls.read_text().splitlines(), ran.stderr


def installs(calls: list[str]) -> int:
    return sum("-m pip install" in line for line in calls)


def test_the_second_call_does_not_install(clone: Path) -> None:
    code, calls, _ = call(clone, "a man")
    assert code == 0
    assert installs(calls) == 1
    assert calls[-1] == f"{clone} a man"
    code, calls, _ = call(clone, "a man", "--seed", "2")
    assert (code, calls) == (0, [f"{clone} a man --seed 2"])


def test_changed_requirements_are_installed(clone: Path) -> None:
    call(clone, "a man")
    with (clone / "requirements.txt").open("a") as file:
        file.write("another==1.0\n")
    _, calls, _ = call(clone, "a man")
    assert installs(calls) == 1
    assert not any("-m venv" in line for line in calls)


def test_an_interrupted_install_is_taken_up_again(clone: Path) -> None:
    code, calls, said = call(clone, "a man", PIP_FAILS="1")
    assert code == 1
    assert "run the same command again" in said
    assert calls[-1] != f"{clone} a man"
    code, calls, _ = call(clone, "a man")
    assert code == 0
    assert installs(calls) == 1


def test_the_folder_is_the_package_also_after_it_was_moved(clone: Path) -> None:
    call(clone, "a man")
    moved = clone.parent / "moved"
    clone.rename(moved)
    (moved / "cli.py").touch()
    assert (moved / ".venv/lib/python3.11/site-packages/clip_head/cli.py").exists()


def test_help_installs_nothing(clone: Path) -> None:
    code, calls, _ = call(clone, "--help")
    assert code == 0
    assert calls[-1] == f"-B {clone} --help"
    assert installs(calls) == 0
    assert not (clone / ".venv").exists()


def test_without_python_it_says_what_is_missing(clone: Path, tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "cat", "dirname", "env", "mkdir"):
        (tools / name).symlink_to(shutil.which(name) or name)
    code, calls, said = call(clone, "a man", PATH=str(tools), CLIP_HEAD_PYTHON="")
    assert code == 1
    assert "needs Python 3.11" in said
    assert calls == []
    assert not (clone / ".venv").exists()
