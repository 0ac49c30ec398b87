"""A head in the Asset Browser: found by its words, appended whole, in a catalogue that is there once."""

from dataclasses import replace
from pathlib import Path

import bpy
import pytest

from clip_head.core.types import Head, ModelCard
from clip_head.scene import add_head, head_object
from clip_head.scene.export import save_blend
from clip_head.scene.head_asset import CATALOGUE, CATALOGUES, tags_of
from clip_head.tests.scene.synthetic_asset import synthetic_asset


@pytest.fixture
def head(small_head: Head) -> Head:
    cards = (*small_head.models, ModelCard("text", "words", "MIT", "made in a test"))
    return replace(small_head, asset=synthetic_asset(), models=(*cards, cards[-1]))


def active(head: Head, scene: bpy.types.Scene) -> bpy.types.Collection:
    collection = add_head(head, scene)
    bpy.context.view_layer.update()
    bpy.context.view_layer.objects.active = head_object(collection)
    return collection


def test_only_for_a_head_of_quads(scene: bpy.types.Scene, head: Head) -> None:
    assert not bpy.ops.clip_head.mark_head.poll()
    active(head, scene)
    assert bpy.ops.clip_head.mark_head.poll()


def test_its_words_and_licences_are_there_once(scene: bpy.types.Scene, head: Head) -> None:
    collection = active(head, scene)
    for _ in range(2):
        assert bpy.ops.clip_head.mark_head() == {"FINISHED"}
        facts = collection.asset_data
        assert facts.description == "a test head, smiling" and facts.license == "CC0-1.0; MIT"
        assert sorted(tag.name for tag in facts.tags) == ["CLIP-Head", "head", "smiling", "test"]
    collection["models"] = "my own"
    assert bpy.ops.clip_head.mark_head() == {"FINISHED"} and collection.asset_data.license == ""


def test_tags() -> None:
    assert tags_of("An old man with a BIG nose, and a big nose") == ["old", "man", "big", "nose"]
    assert tags_of("ein Mädchen, 12") == ["ein", "mädchen"]


def test_a_saved_file_gets_a_catalogue_and_keeps_those_that_are_there(
    scene: bpy.types.Scene, head: Head, tmp_path: Path
) -> None:
    own = "# mine\nVERSION 1\n\n11111111-1111-1111-1111-111111111111:Trees:Trees"
    (tmp_path / CATALOGUES).write_text(own, encoding="utf-8")
    collection = active(head, scene)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "heads.blend"))
    for _ in range(2):
        assert bpy.ops.clip_head.mark_head() == {"FINISHED"}
    lines = (tmp_path / CATALOGUES).read_text(encoding="utf-8").splitlines()
    assert lines[-2].endswith(":Trees:Trees") and lines[-1] == f"{CATALOGUE}:CLIP-Head/Heads:CLIP-Head-Heads"
    assert collection.asset_data.catalog_id == CATALOGUE


def test_it_is_appended_whole_into_another_file(scene: bpy.types.Scene, head: Head, tmp_path: Path) -> None:
    collection = active(head, scene)
    assert bpy.ops.clip_head.mark_head() == {"FINISHED"}
    name, parts = collection.name, len(collection.objects)
    save_blend(tmp_path / "heads.blend")
    bpy.ops.wm.read_homefile(use_empty=True)
    with bpy.data.libraries.load(str(tmp_path / "heads.blend"), assets_only=True) as (there, here):
        assert list(there.collections) == [name]
        here.collections = [name]
    (appended,) = here.collections
    assert len(appended.objects) == parts
    (skin,) = [obj for obj in appended.objects if obj.name == "Head"]
    assert len(skin.data.shape_keys.key_blocks) > 50 and skin.find_armature() is not None


def test_a_folder_that_cannot_be_written_is_said_and_the_mark_stays(
    scene: bpy.types.Scene, head: Head, tmp_path: Path
) -> None:
    (tmp_path / CATALOGUES).mkdir()
    collection = active(head, scene)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "heads.blend"))
    assert bpy.ops.clip_head.mark_head() == {"FINISHED"}
    assert collection.asset_data is not None
