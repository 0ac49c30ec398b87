"""Export of the active asset: what is written can be opened again, and who may not be exported is told why."""

import ctypes
import json
import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
import pytest

from clip_head.core.errors import OutputError
from clip_head.core.types import Head
from clip_head.operators.command_line import main
from clip_head.operators.export_options import FORMATS
from clip_head.operators.export_options import PRESETS as WRITTEN
from clip_head.panels.sidebar import CLIP_HEAD_PT_asset
from clip_head.scene import add_head
from clip_head.scene.asset import asset_collection
from clip_head.scene.asset_action import add_demonstration
from clip_head.scene.asset_export import PRESETS
from clip_head.tests.operators.test_command_line import ReadyWorker, everything_in
from clip_head.tests.scene.synthetic_asset import ARKIT, synthetic_asset
from clip_head.tests.scene.test_asset_export import reopen


@pytest.fixture(scope="module")
def head(small_head: Head) -> Head:
    """The small head as an asset."""
    return replace(small_head, asset=synthetic_asset())


@pytest.fixture
def worker(head: Head) -> ReadyWorker:
    return ReadyWorker(head)


def activate(obj: bpy.types.Object) -> None:
    bpy.context.view_layer.update()
    bpy.context.view_layer.objects.active = obj


def test_every_part_of_an_asset_leads_to_its_collection(scene: bpy.types.Scene, head: Head) -> None:
    first, second = add_head(head, scene), add_head(head, scene)
    for collection in (first, second):
        assert {asset_collection(obj) for obj in collection.objects} == {collection}
    hat = bpy.data.objects.new("hat", None)
    scene.collection.objects.link(hat)
    assert asset_collection(hat) is None
    hat.parent = second.objects["Head.001"]
    assert asset_collection(hat) == second, "the artist's own, hung on the head"
    assert asset_collection(None) is None


def test_raw_heads_and_edit_mode_are_not_exported(scene: bpy.types.Scene, head: Head) -> None:
    assert not bpy.ops.clip_head.export.poll()
    activate(add_head(replace(head, asset=None), scene).objects[0])
    assert not bpy.ops.clip_head.export.poll()
    activate(add_head(head, scene).objects["Head"])
    assert bpy.ops.clip_head.export.poll()
    bpy.ops.object.mode_set(mode="EDIT")
    assert not bpy.ops.clip_head.export.poll()
    bpy.ops.object.mode_set(mode="OBJECT")


@pytest.mark.parametrize("preset", ["ANY", *PRESETS])
def test_a_preset_says_the_format(preset: str, scene: bpy.types.Scene, head: Head, tmp_path: Path) -> None:
    collection = add_head(head, scene)
    activate(collection.objects["Armature"])
    bpy.ops.object.mode_set(mode="POSE")
    add_demonstration(collection)
    assert bpy.ops.clip_head.export(filepath=str(tmp_path / "face.obj"), preset=preset) == {"FINISHED"}
    assert bpy.context.mode == "POSE"
    suffix = ".glb" if preset == "ANY" else PRESETS[preset]["suffix"]
    assert (tmp_path / f"face{suffix}").is_file()
    meshes = reopen(tmp_path / f"face{suffix}")
    names = [key.name for key in meshes["Head"].data.shape_keys.key_blocks][1:]
    assert names[: len(ARKIT)] == list(ARKIT)
    # VRM has expressions of its own behind them.
    assert ("aa" in names) == (preset == "vrm") and (len(names) == len(ARKIT)) == (preset != "vrm")


@pytest.mark.parametrize("ending", FORMATS)
def test_any_program_gets_the_format_that_is_chosen(
    ending: str, scene: bpy.types.Scene, head: Head, tmp_path: Path
) -> None:
    activate(add_head(head, scene).objects["Eye Left"])
    assert bpy.ops.clip_head.export(filepath=str(tmp_path / "face"), file_format=f".{ending}") == {"FINISHED"}
    assert {"Head", "Eye Left", "Eye Right"} <= reopen(tmp_path / f"face.{ending}").keys()


def test_what_cannot_be_written_is_said(scene: bpy.types.Scene, head: Head, tmp_path: Path) -> None:
    activate(add_head(head, scene).objects["Head"])
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(RuntimeError, match=r"file/face\.glb cannot be written"):
        bpy.ops.clip_head.export(filepath=str(tmp_path / "file" / "face"))
    with pytest.raises(RuntimeError, match="has no name"):
        bpy.ops.clip_head.export(filepath=f"{tmp_path}/")
    assert everything_in(tmp_path) == ["file"]


def test_the_panel_asks_for_operators_that_there_are(scene: bpy.types.Scene) -> None:
    asked: list[str] = []

    def ask(name: str, *_: object, **__: object) -> None:
        asked.append(name)

    def show(owner: bpy.types.bpy_struct, name: str, **__: object) -> None:
        assert name in owner.bl_rna.properties

    layout = SimpleNamespace(operator=ask, operator_enum=ask, operator_menu_enum=ask, prop=show)
    layout.template_icon_view = show
    layout.column = layout.row = lambda **_: layout
    layout.separator = lambda: None
    panel: Any = SimpleNamespace(layout=layout)
    CLIP_HEAD_PT_asset.draw(panel, bpy.context)
    assert {"clip_head.export", "clip_head.import_performance", "clip_head.demonstration"} <= set(asked)
    assert {"clip_head.change_expression", "clip_head.apply_pose", "clip_head.mark_poses"} <= set(asked)
    assert {"clip_head.reroll", "clip_head.mix", "clip_head.add_raw_surface"} <= set(asked)
    assert set(asked) <= {f"clip_head.{name}" for name in dir(bpy.ops.clip_head)}
    assert bpy.types.CLIP_HEAD_PT_asset.bl_parent_id == "CLIP_HEAD_PT_sidebar"


def test_the_command_line_knows_all_presets_and_their_formats() -> None:
    assert {name: f".{ending}" for name, ending in WRITTEN.items()} == {
        name: entry["suffix"] for name, entry in PRESETS.items()
    }
    assert set(WRITTEN.values()) <= set(FORMATS)


def test_a_run_writes_every_format_beside_the_head(
    worker: ReadyWorker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [part for ending in FORMATS for part in ("--export", ending)]
    arguments = ["a man", *asked, "--preset", "unreal", "--level", "1", "--out", str(tmp_path), "--no-render"]
    assert main(arguments, worker) == 0
    assert os.listdir(tmp_path) == ["a-man"]
    folder = tmp_path / "a-man"
    assert "export" in json.loads((folder / "head.json").read_text())["seconds"]
    assert "export" in capsys.readouterr().err
    assert worker.head.asset is not None
    coarse = worker.head.asset.parts[0].levels[1]
    for ending in FORMATS:
        head = reopen(folder / f"head.{ending}")["Head"]
        if ending != "glb":  # in triangles
            assert len(head.data.polygons) == len(coarse.quads), ending
    bpy.ops.wm.open_mainfile(filepath=str(folder / "head.blend"))
    assert len(bpy.data.objects["Head"].data.polygons) == len(coarse.quads)


def test_nothing_that_blender_printed_comes_after_the_folder(
    worker: ReadyWorker, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    arguments = ["a man", "--export", "usdc", "--export", "abc", "--export", "obj", "--out", str(tmp_path)]
    assert main([*arguments, "--no-render"], worker) == 0
    assert capfd.readouterr().out.splitlines()[-1] == str(tmp_path / "a-man")
    ctypes.CDLL(None).fflush(None)  # as when the process ends
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_alone_writes_its_own_format(preset: str, worker: ReadyWorker, tmp_path: Path) -> None:
    assert main(["a man", "--preset", preset, "--out", str(tmp_path), "--no-render"], worker) == 0
    (folder,) = tmp_path.iterdir()
    assert {path.suffix for path in folder.glob("head.*")} == {".blend", ".json", ".glb", PRESETS[preset]["suffix"]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--surface", "raw", "--export", "fbx"],
            "--export fbx does nothing with --surface raw. Leave it out, or make",
        ),
        (["--resolution", "300", "--export", "obj"], "--export obj does nothing with --resolution."),
        (["--surface", "raw", "--preset", "unity"], "--preset does nothing with --surface raw."),
        (["--surface", "raw", "--level", "0"], "--level does nothing with --surface raw."),
        (
            ["--edit", "folder", "--export", "usdc"],
            "--export usdc does nothing with --edit. Leave it out: it is for new",
        ),
        (["--texture", "head.obj", "--level", "2"], "--level does nothing with --texture."),
        (
            ["--preset", "unity", "--export", "glb"],
            "--preset unity does nothing with --export glb: it is for .fbx files.",
        ),
    ],
)
def test_options_without_effect_are_refused(
    arguments: list[str], said: str, worker: ReadyWorker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["a man", *arguments, "--out", str(tmp_path / "out")], worker) == 2
    assert said in capsys.readouterr().err
    assert everything_in(tmp_path) == []


@pytest.mark.parametrize("arguments", [["--export", "stl"], ["--preset", "maya"], ["--level", "3"]])
def test_formats_and_programs_that_there_are_not(arguments: list[str], worker: ReadyWorker) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["a man", *arguments], worker)
    assert stop.value.code == 2


def test_a_raw_head_has_its_glb_anyway(small_head: Head, tmp_path: Path) -> None:
    arguments = ["a man", "--surface", "raw", "--export", "glb", "--out", str(tmp_path), "--no-render"]
    assert main(arguments, ReadyWorker(small_head)) == 0
    assert (tmp_path / "a-man" / "head.glb").is_file()


def test_models_without_an_asset_export_nothing_and_say_so(
    small_head: Head, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["a man", "--export", "fbx", "--out", str(tmp_path), "--no-render"], ReadyWorker(small_head)) == 0
    assert "Nothing was exported" in capsys.readouterr().err
    assert not (tmp_path / "a-man" / "head.fbx").exists()


def test_overwrite_takes_the_exports_of_the_old_head_away(worker: ReadyWorker, tmp_path: Path) -> None:
    folder = tmp_path / "a-man"
    (folder / "textures").mkdir(parents=True)
    mine = ("notes.txt", "textures/mine.png")
    for name in ("head.json", "head.fbx", "head.obj", "head.mtl", "head.usdc", "textures/Skin_albedo.png", *mine):
        (folder / name).write_text("of an earlier run")
    assert main(["a man", "--export", "usdc", "--out", str(tmp_path), "--no-render", "--overwrite"], worker) == 0
    assert os.listdir(tmp_path) == ["a-man"]
    assert {path.suffix for path in folder.glob("head.*")} == {".blend", ".glb", ".json", ".usdc"}
    assert [(folder / name).read_text() for name in mine] == ["of an earlier run"] * 2
    assert (folder / "textures" / "Skin_albedo.png").read_bytes().startswith(b"\x89PNG")
    assert "Head" in reopen(folder / "head.usdc")


def test_a_folder_with_the_name_of_an_export_is_said_before_the_work(
    worker: ReadyWorker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a-man" / "head.fbx").mkdir(parents=True)
    assert main(["a man", "--export", "fbx", "--out", str(tmp_path), "--overwrite"], worker) == 5
    printed = capsys.readouterr().err
    assert "head.fbx in it is a folder" in printed
    assert "geometry" not in printed


def test_where_an_export_cannot_be_placed_the_old_head_stays_whole(worker: ReadyWorker, tmp_path: Path) -> None:
    folder = tmp_path / "a-man"
    (folder / "textures" / "Skin_albedo.png").mkdir(parents=True)
    for name in ("head.json", "head.glb", "head.usdc", "head.fbx"):
        (folder / name).write_text("of an earlier run")
    before = everything_in(tmp_path)
    arguments = ["a man", "--export", "usdc", "--out", str(tmp_path), "--no-render", "--overwrite"]
    assert main(arguments, worker) == 5
    assert everything_in(tmp_path) == before
    assert {path.read_text() for path in folder.glob("head.*")} == {"of an earlier run"}


def test_an_export_that_fails_leaves_nothing(
    worker: ReadyWorker, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(path: Path, *_: object) -> None:
        path.write_text("half a file")
        raise OutputError(f"{path} cannot be written (disk full).", "Free some.")

    monkeypatch.setattr("clip_head.scene.asset_export.export_asset", fill)
    assert main(["a man", "--export", "abc", "--out", str(tmp_path / "out"), "--no-render"], worker) == 5
    assert "head.abc cannot be written" in capsys.readouterr().err
    assert everything_in(tmp_path) == []
