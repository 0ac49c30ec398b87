"""The last prompts of this user, and presets by Blender's own means."""

from pathlib import Path

import bpy
import pytest

from clip_head.core.pipeline import Models, load_models, word_changes
from clip_head.core.text import split_prompt, understood
from clip_head.core.text.plain import plain_request
from clip_head.core.types import HeadRequest
from clip_head.operators.prompts import KEPT, read_prompts, remember_prompt


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


SHIPPED = sorted((Path(__file__).resolve().parents[2] / "presets" / "clip_head").glob("*.py"))


def test_prompts_are_kept_the_last_one_first_and_once(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    for words in ("a man", "ein Mädchen", " a man ", ""):
        remember_prompt(words, folder)
    assert read_prompts(folder) == ["a man", "ein Mädchen"]
    for number in range(KEPT + 5):
        remember_prompt(f"a man {number}", folder)
    assert len(read_prompts(folder)) == KEPT and read_prompts(folder)[0] == f"a man {KEPT + 4}"
    assert [path.name for path in folder.iterdir()] == ["prompts.json"]


@pytest.mark.parametrize("wrecked", ["", "{", '{"a": 1}', "[1, 2]"])
def test_a_wrecked_list_counts_as_none(tmp_path: Path, wrecked: str) -> None:
    (tmp_path / "prompts.json").write_text(wrecked)
    assert read_prompts(tmp_path) == []
    remember_prompt("a man", tmp_path)
    assert read_prompts(tmp_path) == ["a man"]


def test_where_nothing_can_be_written_nothing_happens(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    remember_prompt("a man", tmp_path / "file")
    assert read_prompts(tmp_path / "file") == []


def test_blender_finds_the_shipped_presets(scene: bpy.types.Scene) -> None:
    assert len(SHIPPED) == 16
    assert str(SHIPPED[0].parent) in bpy.utils.preset_paths("clip_head")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_preset_sets_all_words_and_none_is_without_effect(scene: bpy.types.Scene, path: Path, models: Models) -> None:
    settings = bpy.context.scene.clip_head
    settings.expression, settings.skin, settings.negative, settings.seed = "old", "old", "old", 7
    bpy.ops.script.execute_preset(filepath=str(path), menu_idname="CLIP_HEAD_MT_presets")
    assert settings.prompt and not settings.expression + settings.skin + settings.negative and settings.seed == 0
    plain = plain_request(models.reader, HeadRequest(settings.prompt))
    words = split_prompt(models.splitter, plain.prompt)
    assert understood.not_understood(word_changes(plain, words, models)) == ()
    settings.prompt = ""
