"""`pip install .` takes everything along that the modules read: every package and every file of data is listed."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path

import clip_head

ROOT = Path(clip_head.__file__).resolve().parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
#: What is installed; training, benchmarks, wheels and tests belong to a clone.
INSTALLED = ("core", "operators", "panels", "scene")


def name_of(folder: Path) -> str:
    return ".".join(("clip_head", *folder.relative_to(ROOT).parts))


def test_every_package_is_listed_and_every_listed_one_is_there() -> None:
    packages = {name_of(path.parent) for folder in INSTALLED for path in (ROOT / folder).rglob("__init__.py")}
    assert packages | {"clip_head"} == set(SETTINGS["packages"])


def test_every_file_of_data_is_taken_along() -> None:
    patterns = {
        str(Path(*package.split(".")[1:], pattern))
        for package, several in SETTINGS["package-data"].items()
        for pattern in several
    }
    data = [
        str(path.relative_to(ROOT))
        for folder in INSTALLED
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    ]
    assert len(data) > 20
    assert not [path for path in data if not any(fnmatch(path, pattern) for pattern in patterns)]
