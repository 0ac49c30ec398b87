"""The switch of the active head's hair."""

from pathlib import Path

import bpy
import pytest

from clip_head.core.types import Head
from clip_head.scene.asset import add_asset

from ..scene.synthetic_asset import synthetic_asset
from ..scene.synthetic_groom import hairy_asset


@pytest.fixture
def collection(scene: bpy.types.Scene, small_head: Head) -> bpy.types.Collection:
    return add_asset(small_head, hairy_asset(), scene)


def activate(obj: bpy.types.Object) -> None:
    bpy.context.view_layer.objects.active = obj


def test_the_switch_shows_one_kind_of_hair(collection: bpy.types.Collection) -> None:
    activate(collection.objects["Eye Left"])
    strands, volume = collection.objects["Hair"], collection.objects["Hair Volume"]
    for shown, hidden in {
        "VOLUME": (True, False),
        "CARDS": (True, True),
        "OFF": (True, True),
        "STRANDS": (False, True),
    }.items():
        assert bpy.ops.clip_head.show_hair(shown=shown, level="2") == {"FINISHED"}
        assert (strands.hide_viewport, volume.hide_viewport) == hidden
        if shown in ("CARDS", "STRANDS"):
            assert collection.objects["Hair Cards"].hide_viewport == (shown != "CARDS")


def test_cards_have_the_level_that_is_chosen(collection: bpy.types.Collection) -> None:
    activate(collection.objects["Head"])
    for level in ("1", "2"):
        bpy.ops.clip_head.show_hair(shown="CARDS", level=level)
        quads = len(collection.objects["Hair Cards"].data.polygons)
        assert quads == pytest.approx({"1": 3000, "2": 1000}[level], rel=0.1)


def test_undo_takes_the_cards_away_again(collection: bpy.types.Collection) -> None:
    activate(collection.objects["Head"])
    bpy.ops.ed.undo_push(message="before")
    bpy.ops.clip_head.show_hair(shown="CARDS", level="2")
    bpy.ops.ed.undo_push(message="Hair")
    bpy.ops.ed.undo()
    assert not [obj.name for obj in bpy.data.objects if obj.name.endswith("Cards")]
    assert not bpy.data.objects["Hair"].hide_viewport


def test_undo_brings_the_strands_back(collection: bpy.types.Collection) -> None:
    activate(collection.objects["Head"])
    bpy.ops.ed.undo_push(message="before")
    bpy.ops.clip_head.show_hair(shown="OFF")
    bpy.ops.ed.undo_push(message="Hair")
    bpy.ops.ed.undo()
    assert not bpy.data.objects["Hair"].hide_viewport
    assert bpy.data.objects["Hair Volume"].hide_viewport


def test_strands_may_be_the_active_object_and_sculpted(collection: bpy.types.Collection) -> None:
    activate(collection.objects["Hair"])
    assert bpy.ops.object.mode_set(mode="SCULPT_CURVES") == {"FINISHED"}
    bpy.ops.object.mode_set(mode="OBJECT")
    assert bpy.ops.clip_head.show_hair.poll()


def test_heads_without_strands_have_no_switch(scene: bpy.types.Scene, small_head: Head) -> None:
    assert not bpy.ops.clip_head.show_hair.poll()
    activate(add_asset(small_head, synthetic_asset(), scene).objects["Head"])
    assert not bpy.ops.clip_head.show_hair.poll()


def test_exports_say_what_becomes_of_hair(
    collection: bpy.types.Collection, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    activate(collection.objects["Hair"])
    assert bpy.ops.clip_head.export(filepath=str(tmp_path / "head.glb"), file_format=".glb") == {"FINISHED"}
    said = capfd.readouterr().out
    assert "hair as cards, since .glb files hold no strands" in said
    assert bpy.context.active_object == collection.objects["Hair"]
