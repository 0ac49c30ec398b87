"""The lock and the manifest that is built from it."""

import hashlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import bpy
import pytest

from clip_head.wheels.fetch import PLATFORMS, ROOT, lock_of, lock_text, manifest_text

BLENDER_EXT = Path(bpy.utils.system_resource("SCRIPTS")) / "addons_core" / "bl_pkg" / "cli" / "blender_ext.py"


def pins(text: str) -> dict[str, str]:
    lines = [line.split("#")[0].split() for line in text.splitlines()]
    found = [re.sub(r"[-_.]+", "-", line[0]).lower().split("==") for line in lines if line and "==" in line[0]]
    return {name: version.partition("+")[0] for name, version in found}  # torch's "+cpu" is the same version


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_lock_pins_the_versions_of_the_requirements_with_checksums(platform: str) -> None:
    text = lock_of(platform).read_text(encoding="utf-8")
    locked = pins(text)
    required = pins((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    of_blender = {"bpy", "numpy"}
    assert required.keys() - of_blender <= locked.keys()
    assert {name: locked[name] for name in required.keys() - of_blender} == {
        name: version for name, version in required.items() if name not in of_blender
    }
    assert not locked.keys() & of_blender
    for line in text.splitlines():
        assert line.startswith("#") or re.fullmatch(r"\S+==\S+ --hash=sha256:[0-9a-f]{64}", line)


def test_new_checksums_replace_old_ones(tmp_path: Path) -> None:
    (tmp_path / "some_thing-1.0-py3-none-any.whl").write_bytes(b"wheel")
    digest = hashlib.sha256(b"wheel").hexdigest()
    assert lock_text("# why\nsome-thing==1.0 --hash=sha256:0\n", tmp_path) == (
        f"# why\nsome-thing==1.0 --hash=sha256:{digest}\n"
    )


def test_blender_accepts_the_manifest_with_wheels(tmp_path: Path) -> None:
    wheel = "wheels/some_thing-1.0-py3-none-any.whl"
    text = manifest_text((ROOT / "blender_manifest.toml").read_text(encoding="utf-8"), "linux-x64", [wheel])
    assert tomllib.loads(text)["wheels"] == [f"./{wheel}"]
    (tmp_path / "wheels").mkdir()
    (tmp_path / wheel).write_bytes(b"")
    (tmp_path / "blender_manifest.toml").write_text(text, encoding="utf-8")
    (tmp_path / "__init__.py").touch()
    ended = subprocess.run(
        [sys.executable, str(BLENDER_EXT), "validate", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
