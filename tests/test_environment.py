"""./run and ./test make their environment once: with a stand-in for Python that writes down how it is called."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import clip_head

ROOT = Path(clip_head.__file__).resolve().parent
ISOLATED = "-I -X utf8"

STAND_IN = r"""#!/bin/sh
printf '%s\n' "$*" >>"$CALLS"
env | grep '^PYTHON' | grep -v '^PYTHONNOUSERSITE=1$' >>"$CALLS"
case "$*" in
*"-m venv"*)
    mkdir -p "$4/bin" "$4/lib/python3.11/site-packages" && cp "$0" "$4/bin/python" ;;
*"-m pip install"*)
    exit "${PIP_FAILS:-0}" ;;
*cpu_count*)
    echo 2 ;;
esac
"""
#: How ./test starts pytest, before what it is asked for.
PYTEST = "-m pytest --numprocesses=2 --dist=loadgroup --no-loadscope-reorder"
#: What a folder may be called, and what some program takes for something else.
ODD = ["a clone", "vol:1", "50% #1", 'it\'s "mine"', "Köpfe 頭", "{x} [y] $HOME `z` &", "-I"]


def make_clone(folder: Path) -> Path:
    folder.mkdir()
    for name in ("run", "test", "environment.sh", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, folder)
    python = folder.parent / "python"
    python.write_text(STAND_IN)
    python.chmod(0o755)
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return make_clone(tmp_path / "a clone of clip head")


def call(clone: Path, *arguments: str, command: str = "run", **variables: str) -> tuple[int, list[str], str]:
    """Exit code, the calls of Python (and PYTHON... variables that it saw), and what was said."""
    calls = clone.parent / "calls"
    calls.write_text("")
    environment = os.environ | {"CLIP_HEAD_PYTHON": str(clone.parent / "python"), "CALLS": str(calls)} | variables
    ran = subprocess.run([clone / command, *arguments], env=environment, capture_output=True, text=True, cwd="/")
    return ran.returncode, calls.read_text().splitlines(), ran.stderr


def installs(calls: list[str]) -> int:
    return sum("-m pip install" in line for line in calls)


def test_the_second_call_does_not_install(clone: Path) -> None:
    code, calls, _ = call(clone, "a man")
    assert code == 0
    assert installs(calls) == 1
    assert calls[-1] == f"{ISOLATED} {clone} a man"
    code, calls, _ = call(clone, "a man", "--seed", "2")
    assert (code, calls) == (0, [f"{ISOLATED} {clone} a man --seed 2"])


def test_the_second_call_writes_nothing(clone: Path) -> None:
    """An install may be read-only, or shared."""
    call(clone, "a man")
    before = {path: path.lstat() for path in (clone, *clone.rglob("*"))}
    call(clone, "a man")
    assert {path: path.lstat().st_mtime_ns for path in (clone, *clone.rglob("*"))} == {
        path: known.st_mtime_ns for path, known in before.items()
    }
    assert all(path.lstat().st_ino == known.st_ino for path, known in before.items())


def test_links_that_lead_elsewhere_are_made_anew(clone: Path) -> None:
    call(clone, "a man")
    link = clone / ".venv/lib/python3.11/site-packages/clip_head"
    link.unlink()
    link.symlink_to("/elsewhere")
    call(clone, "a man")
    assert os.readlink(link) == "../../../.."


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
    assert calls[-1] != f"{ISOLATED} {clone} a man"
    code, calls, _ = call(clone, "a man")
    assert code == 0
    assert installs(calls) == 1


def test_the_folder_is_the_package_also_after_it_was_moved(clone: Path) -> None:
    call(clone, "a man")
    moved = clone.parent / "moved"
    clone.rename(moved)
    assert (moved / ".venv/lib/python3.11/site-packages/clip_head/environment.sh").exists()


@pytest.mark.parametrize("name", ODD)
def test_the_folder_may_be_called_anything(name: str, tmp_path: Path) -> None:
    clone = make_clone(tmp_path / name)
    for command, last in (("run", f"{ISOLATED} {clone} a man"), ("test", f"{ISOLATED} {PYTEST} a man")):
        code, calls, said = call(clone, "a man", command=command)
        assert (code, calls[-1]) == (0, last), said
        assert all(":" not in line.partition("-m venv ")[2] for line in calls), "venv refuses that"
    assert (clone / ".venv/lib/python3.11/site-packages/clip_head/run").exists()


def test_the_folder_may_be_a_link(clone: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(clone)
    code, calls, _ = call(link, "a man")
    assert (code, calls[-1]) == (0, f"{ISOLATED} {link} a man")
    assert call(clone, "a man")[1] == [f"{ISOLATED} {clone} a man"], "the same environment"


def test_the_command_may_be_a_link(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "clip-head").symlink_to(clone / "run")
    code, calls, _ = call(clone, "a man", command="../clip-head")
    assert (code, calls[-1]) == (0, f"{ISOLATED} {clone} a man")


@pytest.mark.parametrize("command", ["run", "test"])
def test_variables_of_another_python_are_not_handed_on(command: str, clone: Path) -> None:
    foreign = {"HOME": "/nowhere", "PATH": "/foreign", "OPTIMIZE": "2", "SAFEPATH": "1", "STARTUP": "x.py", "UTF8": "0"}
    code, calls, said = call(clone, command=command, **{f"PYTHON{name}": value for name, value in foreign.items()})
    assert code == 0, said
    assert calls
    assert all(line.startswith("-I ") for line in calls)


def test_help_installs_nothing(clone: Path) -> None:
    code, calls, _ = call(clone, "--help")
    assert code == 0
    assert calls[-1] == f"-B {ISOLATED} {clone} --help"
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


def test_every_part_of_the_tests_is_run_and_arguments_go_to_pytest(clone: Path) -> None:
    _, calls, _ = call(clone, "-k", "seam", command="test")
    parts = [line.partition("-m ")[2] for line in calls[-4:]]
    assert parts == [
        "ruff format --check .",
        "ruff check .",
        "mypy -p clip_head",
        f"{PYTEST.removeprefix('-m ')} -k seam",
    ]


def test_alone_it_measures_what_the_tests_reach(clone: Path) -> None:
    _, calls, _ = call(clone, command="test")
    assert calls[-1].startswith(f"{ISOLATED} {PYTEST} --cov=clip_head.core --cov=clip_head.scene ")
    assert "--cov-fail-under=95" in calls[-1]


def test_fast_leaves_out_types_and_slow_tests(clone: Path) -> None:
    _, calls, _ = call(clone, "--fast", "-k", "seam", command="test")
    assert not any("mypy" in line for line in calls)
    assert calls[-1] == f"{ISOLATED} {PYTEST} -m not slow -k seam"


@pytest.fixture
def shared_clone() -> Iterator[Path]:
    """A clone that this user, or an ordinary one where this is the administrator, may read and no more."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        clone = make_clone(Path(folder) / "clone")
        call(clone, command="test")
        for path in (clone, *clone.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o555)
        yield clone
        for path in (clone, *clone.rglob("*")):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)


def test_a_shared_install_is_used_and_caches_are_kept_elsewhere(shared_clone: Path, tmp_path: Path) -> None:
    calls = shared_clone.parent / "calls"
    calls.chmod(0o666)
    user: dict[str, Any] = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o777)
        environment = {"PATH": os.environ["PATH"], "CALLS": str(calls), "HOME": "/nowhere", "TMPDIR": temporary}
        for command in ("run", "test"):
            calls.write_text("")
            ran = subprocess.run(
                [shared_clone / command], env=environment, capture_output=True, text=True, cwd="/", check=False, **user
            )
            assert ran.returncode == 0, ran.stderr
            assert ran.stderr == ""
        assert f"{PYTEST} -o cache_dir={temporary}" in calls.read_text()
        assert os.listdir(temporary) == []
