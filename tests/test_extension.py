"""The extension as Blender sees it: valid, built, installed into empty user folders, enabled; light all the way."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import bpy
import pytest

import clip_head
from clip_head.core.exchange import save_head
from clip_head.core.types import Head

ROOT = Path(clip_head.__file__).resolve().parent
BLENDER_EXT = Path(bpy.utils.system_resource("SCRIPTS")) / "addons_core" / "bl_pkg" / "cli" / "blender_ext.py"

#: Run in Blender's Python: installs and enables sys.argv[1], prints what it finds as JSON in the last line.
#: The command line is called as `blender -c` calls it, with the head in sys.argv[2] in place of a worker's.
ENABLE = """
import json, sys

class NoLibraries:
    # Blender's own Python has numpy and requests, and none of what core's models need.
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "scipy", "skimage", "PIL", "tqdm", "diffusers", "transformers",
                                      "open_clip", "safetensors"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

import bpy
sys.meta_path.insert(0, NoLibraries())
bpy.ops.preferences.addon_enable(module="bl_pkg")
bpy.ops.extensions.package_install_files(
    filepath=sys.argv[1], repo="user_default", enable_on_install=True, overwrite=True)
name = "bl_ext.user_default.clip_head"
found = {
    "enabled": name in bpy.context.preferences.addons,
    "folder": sys.modules[name].__path__[0],
    "operator": hasattr(bpy.types, "CLIP_HEAD_OT_generate"),
    "panel": hasattr(bpy.types, "CLIP_HEAD_PT_sidebar"),
    "idle_minutes": bpy.context.preferences.addons[name].preferences.idle_minutes,
    "torch": "torch" in sys.modules,
}
try:
    bpy.ops.clip_head.generate()
except RuntimeError as error:
    found["error"] = str(error)
from importlib import import_module
from pathlib import Path

class Ready(import_module(name + ".core.client").Worker):
    def run_job(self, *_, **__):
        return import_module(name + ".core.exchange").load_head(Path(sys.argv[2]))

main = import_module(name + ".operators.command_line").main
found["code"] = main(["a man", "--out", sys.argv[3], "--no-render"], Ready(), "blender -c clip_head")
commands = import_module(name + ".operators.command")
found["commands"] = len(commands._commands)
try:
    commands._run(["--help"])
except SystemExit as end:
    found["help"] = end.code
bpy.ops.preferences.addon_disable(module=name)
found["left"] = [kind for kind in dir(bpy.types) if kind.startswith("CLIP_HEAD")]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("build") / "clip_head.zip"
    subprocess.run(
        [sys.executable, str(BLENDER_EXT), "build", "--source-dir", str(ROOT), "--output-filepath", str(target)],
        check=True,
        capture_output=True,
    )
    return target


def test_blender_accepts_the_manifest() -> None:
    ended = subprocess.run(
        [sys.executable, str(BLENDER_EXT), "validate", str(ROOT)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.slow
def test_the_zip_holds_what_runs_and_nothing_else(built: Path) -> None:
    names = set(zipfile.ZipFile(built).namelist())
    assert {"blender_manifest.toml", "__init__.py", "LICENSE", "core/start_worker.py", "core/pipeline.py"} <= names
    rooms = {name.split("/")[0] for name in names if "/" in name}
    assert {"core", "operators", "panels", "scene", "weights"} <= rooms
    assert not rooms & {"tests", "training", "benchmarks", "docs", "out", ".venv", ".git", ".github"}
    assert not names & {"CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", ".gitattributes", "pyproject.toml", "run"}


@pytest.mark.slow
def test_blender_accepts_the_zip(built: Path) -> None:
    ended = subprocess.run(
        [sys.executable, str(BLENDER_EXT), "validate", str(built)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.slow
def test_installs_and_enables_in_a_python_with_numpy_alone(built: Path, small_head: Head, tmp_path: Path) -> None:
    resources = tmp_path / "user resources"
    (tmp_path / "head").mkdir()
    save_head(small_head, tmp_path / "head")
    ended = subprocess.run(
        [sys.executable, "-c", ENABLE, str(built), str(tmp_path / "head"), str(tmp_path / "out")],
        env={**os.environ, "BLENDER_USER_RESOURCES": str(resources)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found = json.loads(ended.stdout.strip().splitlines()[-1])
    assert Path(found["folder"]).is_relative_to(resources)
    assert found["enabled"]
    assert found["operator"]
    assert found["panel"]
    assert found["idle_minutes"] == 10.0
    assert not found["torch"]
    assert "The prompt is empty." in found["error"]
    assert found["left"] == []
    assert (found["code"], found["commands"], found["help"]) == (0, 1, 0), ended.stderr
    assert (tmp_path / "out" / "a-man" / "head.glb").is_file()
    assert "usage: blender -c clip_head" in ended.stdout
    assert 'blender -c clip_head "an old man' in ended.stdout
