"""The manifest of a zip with libraries, and what goes into one."""

import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import bpy
import pytest

from clip_head.wheels.build import fetch, manifest_text
from clip_head.wheels.targets import ROOT, read_targets

BLENDER_EXT = Path(bpy.utils.system_resource("SCRIPTS")) / "addons_core" / "bl_pkg" / "cli" / "blender_ext.py"
MANIFEST = (ROOT / "blender_manifest.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(read_targets()))
def test_blender_accepts_the_manifest_of_every_target(name: str, tmp_path: Path) -> None:
    target, wheel = read_targets()[name], "wheels/some_thing-1.0-py3-none-any.whl"
    text = manifest_text(MANIFEST, target, [wheel])
    manifest = tomllib.loads(text)
    assert manifest["wheels"] == [f"./{wheel}"]
    assert manifest["platforms"] == [target.platform]
    assert (manifest["blender_version_min"], manifest.get("blender_version_max", "")) == target.blender
    (tmp_path / "wheels").mkdir()
    (tmp_path / wheel).write_bytes(b"")
    (tmp_path / "blender_manifest.toml").write_text(text, encoding="utf-8")
    (tmp_path / "__init__.py").touch()
    ended = subprocess.run(
        [sys.executable, str(BLENDER_EXT), "validate", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_each_blender_has_one_zip_on_each_system() -> None:
    targets = read_targets().values()
    for platform in {target.platform for target in targets}:
        old, new = sorted((one for one in targets if one.platform == platform), key=lambda one: one.python)
        assert (old.python, new.python) == ("3.11", "3.13")
        assert old.blender[0] == tomllib.loads(MANIFEST)["blender_version_min"]
        assert old.blender[1] == new.blender[0] and not new.blender[1]


def test_nothing_without_a_checksum_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clip_head.wheels.targets.LOCKS", tmp_path)
    (tmp_path / "some.txt").write_text("numpy==2.3.5\nsome-thing==1.0+cpu\n")
    with pytest.raises(ValueError, match="no checksum of some-thing"):
        fetch(replace(read_targets()["linux-x64-cp313"], name="some"), tmp_path / "out", "")
    assert not (tmp_path / "out").exists()
