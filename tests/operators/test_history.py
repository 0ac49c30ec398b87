"""The heads of a file: selected, their words restored, removed."""

import bpy
import pytest

from clip_head.core.types import Head
from clip_head.operators.history import heads_of_file
from clip_head.scene.head import add_head, head_object


@pytest.fixture
def collection(scene: bpy.types.Scene, small_head: Head) -> bpy.types.Collection:
    return add_head(small_head, scene)


def test_heads_are_found_and_other_collections_are_not(collection: bpy.types.Collection) -> None:
    other = bpy.data.collections.new("Other")
    assert collection in heads_of_file() and other not in heads_of_file()


def test_a_head_becomes_the_active_one_alone(collection: bpy.types.Collection, scene: bpy.types.Scene) -> None:
    cube = bpy.data.objects.new("Cube", bpy.data.meshes.new("Cube"))
    scene.collection.objects.link(cube)
    with bpy.context.temp_override(scene=scene, view_layer=scene.view_layers[0]):
        cube.select_set(True, view_layer=scene.view_layers[0])
        assert bpy.ops.clip_head.select_head(collection=collection.name) == {"FINISHED"}
    layer = scene.view_layers[0]
    assert layer.objects.active == head_object(collection)
    assert [obj for obj in layer.objects if obj.select_get(view_layer=layer)] == [head_object(collection)]


def test_words_and_seed_come_back(collection: bpy.types.Collection, small_head: Head, scene: bpy.types.Scene) -> None:
    with bpy.context.temp_override(scene=scene):
        settings = bpy.context.scene.clip_head
        settings.prompt, settings.seed, settings.skin = "another", 99, "blue"
        assert bpy.ops.clip_head.restore_words(collection=collection.name) == {"FINISHED"}
        request = small_head.request
        assert (settings.prompt, settings.seed, settings.skin) == (request.prompt, request.seed, request.skin)
        settings.prompt = settings.skin = ""


def test_a_head_is_removed_with_all_its_objects(collection: bpy.types.Collection) -> None:
    name, objects = collection.name, [obj.name for obj in collection.objects]
    kept = bpy.data.objects.new("Kept", None)
    other = bpy.data.collections.new("Other")
    collection.objects.link(kept)
    other.objects.link(kept)
    assert bpy.ops.clip_head.remove_head(collection=name) == {"FINISHED"}
    assert name not in bpy.data.collections and not set(objects) & set(bpy.data.objects.keys())
    assert kept.name in other.objects


def test_what_is_gone_is_said(collection: bpy.types.Collection) -> None:
    with pytest.raises(RuntimeError, match="no head 'Nobody'"):
        bpy.ops.clip_head.restore_words(collection="Nobody")
