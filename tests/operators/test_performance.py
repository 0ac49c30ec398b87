"""Movement of the active asset by the operators: what a file says, the demonstration, and one step back."""

from dataclasses import replace
from pathlib import Path

import bpy
import pytest

from clip_head.core.types import Head
from clip_head.scene import add_head, head_object
from clip_head.scene.asset_action import frame_range
from clip_head.tests.scene.synthetic_asset import synthetic_asset


@pytest.fixture
def collection(scene: bpy.types.Scene, small_head: Head) -> bpy.types.Collection:
    """An asset of which an eye is active, as the artist may have it."""
    made = add_head(replace(small_head, asset=synthetic_asset()), scene)
    bpy.context.view_layer.update()
    bpy.context.view_layer.objects.active = made.objects["Eye Left"]
    bpy.ops.ed.undo_push(message="head")
    return made


def action_of_the_head() -> str:
    """Its name, "" where there is none."""
    (collection,) = (found for found in bpy.data.collections if "models" in found)
    data = head_object(collection).data.shape_keys.animation_data
    return data.action.name if data is not None and data.action is not None else ""


def test_nothing_moves_but_assets(scene: bpy.types.Scene, small_head: Head) -> None:
    obj = head_object(add_head(small_head, scene))
    bpy.context.view_layer.objects.active = obj
    assert not bpy.ops.clip_head.import_performance.poll()
    assert not bpy.ops.clip_head.demonstration.poll()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("take 7.csv", "Timecode,BlendshapeCount,JawOpen\n" + "".join(f"0,1,{n / 30}\n" for n in range(31))),
        ("take 7.json", str([{"blendshapes": {"jawOpen": n / 30}} for n in range(31)]).replace("'", '"')),
    ],
)
def test_a_recorded_face_moves_the_head_and_can_be_undone(
    name: str, text: str, collection: bpy.types.Collection, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    scene = bpy.context.scene
    scene.render.fps = 24
    before = scene.frame_start, scene.frame_end
    bpy.ops.ed.undo_push(message="rate")
    assert bpy.ops.clip_head.import_performance(filepath=str(tmp_path / name), fps=30.0) == {"FINISHED"}
    assert action_of_the_head() == "take 7"
    assert frame_range(collection) == (1, 25), "a second at 24 frames"
    assert (scene.frame_start, scene.frame_end) == before
    bpy.context.scene.frame_set(13)
    keys = head_object(collection).data.shape_keys.key_blocks
    assert keys["jawOpen"].value == pytest.approx(0.5, abs=0.01)
    bpy.ops.ed.undo_push(message="Import Performance")
    bpy.ops.ed.undo()
    assert action_of_the_head() == ""
    bpy.ops.ed.redo()
    assert action_of_the_head() == "take 7"


def test_sixty_frames_a_second_are_meant_where_nothing_is_said(
    collection: bpy.types.Collection, tmp_path: Path
) -> None:
    (tmp_path / "take.csv").write_text("Timecode,JawOpen\n" + "0,0.5\n" * 121)
    bpy.context.scene.render.fps = 24
    bpy.ops.clip_head.import_performance(filepath=str(tmp_path / "take.csv"))
    assert frame_range(collection) == (1, 49)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("take.csv", "Timecode,JawOpen\n0,wide\n", "line 2, jawOpen says .*wide"),
        ("take.txt", "", "is no recorded face"),
        ("missing.csv", None, "cannot be read"),
    ],
)
def test_files_that_are_none_are_said_and_change_nothing(
    name: str, text: str | None, said: str, collection: bpy.types.Collection, tmp_path: Path
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(RuntimeError, match=said):
        bpy.ops.clip_head.import_performance(filepath=str(tmp_path / name))
    assert action_of_the_head() == ""
    assert not bpy.data.actions


@pytest.mark.parametrize("fps", [24, 30])
def test_the_demonstration_lasts_as_long_as_the_scene(fps: int, collection: bpy.types.Collection) -> None:
    scene = bpy.context.scene
    scene.render.fps = fps
    scene.frame_set(99)
    assert bpy.ops.clip_head.demonstration() == {"FINISHED"}
    assert (scene.frame_start, scene.frame_end) == frame_range(collection) == (1, 5 * fps + 1)
    assert scene.frame_current == 1
    bpy.ops.ed.undo_push(message="Play Demonstration")
    bpy.ops.ed.undo()
    assert action_of_the_head() == ""
    assert bpy.context.scene.frame_end == 250


def test_the_button_plays_the_demonstration(collection: bpy.types.Collection) -> None:
    assert bpy.ops.clip_head.demonstration("INVOKE_DEFAULT") == {"FINISHED"}
    assert action_of_the_head() == "Demonstration"
