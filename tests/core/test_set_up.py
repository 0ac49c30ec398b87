"""An environment is made of a lock by Python's own tools, whole or not at all. No network: pip's index is a folder."""

import base64
import hashlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from clip_head.core.errors import Cancelled, WorkerError
from clip_head.core.set_up import lock_here, parted, set_up


def wheel(folder: Path, name: str, version: str) -> str:
    """Write a wheel of one module; its line of a lock."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f'VERSION = "{version}"\n',
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = [
        f"{file},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text)}"
        for file, text in files.items()
    ]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,"]) + "\n"
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.mark.slow
def test_an_environment_has_what_the_lock_pins(index: Path, tmp_path: Path) -> None:
    lock, folder = tmp_path / "lock.txt", tmp_path / "made" / "environment"
    exact = wheel(index, "exact", "1.0")
    wheel(index, "apart", "2.0")
    lock.write_text(f"# of a test\n{exact}\napart==2.0+cpu\n")
    told: list[tuple[str, float]] = []
    python = set_up(lock, folder, lambda stage, fraction: told.append((stage, fraction)), lambda: False)
    assert folder in python.parents
    code = "import exact, apart; print(exact.VERSION, apart.VERSION)"
    ended = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["1.0", "2.0"]
    assert [fraction for _, fraction in told] == sorted(fraction for _, fraction in told)
    assert any("1 of 2" in stage for stage, _ in told)
    assert [path.name for path in folder.parent.iterdir()] == ["environment"]


@pytest.mark.slow
def test_another_checksum_leaves_the_environment_that_was_there(index: Path, tmp_path: Path) -> None:
    lock, folder = tmp_path / "lock.txt", tmp_path / "environment"
    folder.mkdir()
    (folder / "kept").touch()
    wheel(index, "exact", "1.0")
    lock.write_text(f"exact==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(WorkerError, match="DO NOT MATCH THE HASHES") as error:
        set_up(lock, folder, lambda *_: None, lambda: False)
    assert "Set Up" in error.value.remedy and error.value.__notes__
    assert (folder / "kept").is_file() and not list(tmp_path.glob("*.making"))


def test_cancelling_leaves_nothing(index: Path, tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(wheel(index, "exact", "1.0"))
    with pytest.raises(Cancelled):
        set_up(lock, tmp_path / "environment", lambda *_: None, lambda: True)
    assert not list(tmp_path.glob("environment*"))


def test_a_python_that_is_none_is_named(index: Path, tmp_path: Path) -> None:
    with pytest.raises(WorkerError, match="environment could not be made"):
        set_up(tmp_path / "lock.txt", tmp_path / "environment", lambda *_: None, lambda: False, "/no/python")
    assert not list(tmp_path.glob("environment*"))


def test_builds_that_are_published_apart_are_taken_by_their_version() -> None:
    exact, public = parted("# why\nnumpy==1.0 --hash=sha256:1\ntorch==2.0+cpu --hash=sha256:2\n")
    assert exact == "numpy==1.0 --hash=sha256:1\n" and public == ["torch==2.0"]


def test_a_system_without_a_lock_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(WorkerError, match="riscv64") as error:
        lock_here()
    assert "requirements" in error.value.remedy
