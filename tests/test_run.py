"""./run itself, from words to files, where it is not at home."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import clip_head
from clip_head.operators.output_folder import FILES

ROOT = Path(clip_head.__file__).resolve().parent

pytestmark = pytest.mark.slow


def make_clone(folder: Path) -> Path:
    """What ./run needs, as a clone elsewhere; the weights and the libraries are those of this one."""
    folder.mkdir()
    for name in ("run", "environment.sh", "requirements.txt", "__main__.py", "__init__.py"):
        shutil.copy(ROOT / name, folder)
    for name in ("core", "operators", "scene"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("weights", ".venv"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def test_a_head_is_made_under_the_worst_of_circumstances(tmp_path: Path) -> None:
    """An odd folder; other Pythons' modules and settings; no locale, no home; and nobody at the streams."""
    if not (ROOT / ".venv" / "installed-requirements.txt").is_file():
        pytest.skip("the environment of ./run is not there")
    clone = make_clone(tmp_path / "vol:1 {x} #1 100% 'ö'")
    foreign = tmp_path / "foreign"
    users = tmp_path / "user" / "lib" / "python3.11" / "site-packages"
    users.mkdir(parents=True)
    foreign.mkdir()
    for folder, name in [(foreign, "json"), (foreign, "numpy"), (foreign, "sitecustomize"), (users, "peft")]:
        (folder / f"{name}.py").write_text(f"raise SystemExit('another {name}')")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    line = './run "$@" --texture-size 64 --no-render --export fbx --export usdc <&- >&-'
    ran = subprocess.run(
        ["bash", "-c", line, "run", "ein Mädchen".encode(), "--out", clone / "heads"],
        cwd=clone,
        env={
            "PATH": os.environ["PATH"],
            "HOME": "/nowhere",
            "TMPDIR": str(temporary),
            "LC_ALL": "C",
            "PYTHONPATH": str(foreign),
            "PYTHONHOME": "/nowhere",
            "PYTHONIOENCODING": "ascii",
            "PYTHONOPTIMIZE": "2",
            "PYTHONUSERBASE": str(tmp_path / "user"),
        },
        stderr=subprocess.PIPE,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    assert os.listdir(clone / "heads") == ["ein-mädchen"]
    exported = {"head.fbx", "head.usdc", "textures"}
    assert set(os.listdir(clone / "heads" / "ein-mädchen")) == set(FILES) - {"preview.png"} | exported
    assert os.listdir(temporary) == []
    bars = [line for line in ran.stderr.splitlines() if line != b"Read as: a girl"]
    assert len(bars) == len(ran.stderr.splitlines()) - 1
    assert all(line.split()[0].isalpha() and b"100%" in line for line in bars)
