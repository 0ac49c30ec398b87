"""What a Python has of the libraries that compute."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from clip_head.core.errors import WorkerError
from clip_head.core.libraries import Libraries, check_libraries, summary


def test_this_python_has_them_all() -> None:
    found = check_libraries()
    assert not found.missing and found.versions["torch"] == version("torch")
    assert found.device.startswith(("CPU", "CUDA", "Metal"))
    assert version("torch") in summary(found)


@pytest.mark.slow
def test_an_empty_environment_lacks_them(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", str(tmp_path / "empty")], check=True)
    python = next(path for path in (tmp_path / "empty").glob("*/python*") if path.is_file())
    found = check_libraries(str(python))
    assert {"torch", "scipy", "open-clip-torch"} <= found.missing.keys() and not found.device
    assert "lacks" in summary(found) and "torch" in summary(found)


def test_what_is_no_python_is_named(tmp_path: Path) -> None:
    other = tmp_path / "python"
    other.write_text("#!/bin/sh\necho hello\n")
    other.chmod(0o755)
    for path in (str(other), str(tmp_path / "nowhere")):
        with pytest.raises(WorkerError, match="does not answer"):
            check_libraries(path)


def test_a_summary_names_what_is_missing() -> None:
    assert "scipy" in summary(Libraries("3.13.1", {}, {"scipy": "ImportError"}, ""))
