"""Properties of ours on an object, which everybody may change, are read through one checked reader."""

import json
from dataclasses import replace
from typing import Any

import bpy
import numpy as np
import pytest

from clip_head.core.errors import RequestError
from clip_head.core.types import Canvas, Head, HeadRequest, UnwrappedMesh
from clip_head.scene import add_head, head_object, read_canvas, read_request
from clip_head.scene.canvas import PROPERTIES, find_albedo, read_property

NAN = float("nan")


@pytest.fixture
def obj(scene: bpy.types.Scene, small_head: Head) -> bpy.types.Object:
    return head_object(add_head(small_head, scene))


def read(obj: bpy.types.Object) -> tuple[HeadRequest, Canvas]:
    return read_request(obj), read_canvas(obj)


def test_a_head_is_read_as_it_was_made(obj: bpy.types.Object, small_head: Head) -> None:
    request, canvas = read(obj)
    assert request == small_head.request
    assert canvas.latents is not None
    assert small_head.latents is not None
    np.testing.assert_array_equal(canvas.latents.z_id, small_head.latents.z_id)
    assert isinstance(canvas.mesh, UnwrappedMesh)
    assert canvas.edit is not None
    np.testing.assert_array_equal(canvas.edit.albedo, small_head.textures.albedo)


@pytest.mark.parametrize("name", sorted(set(PROPERTIES) - {"negative", "variation", "surface", "skin_tone", "z_id"}))
def test_a_property_that_is_missing_is_named(obj: bpy.types.Object, name: str) -> None:
    del obj[name]
    with pytest.raises(RequestError, match=f"'{obj.name}' has no property '{name}'"):
        read(obj)


def test_heads_of_earlier_versions_are_read(obj: bpy.types.Object, small_head: Head) -> None:
    del obj["negative"], obj["variation"], obj["skin_tone"]
    assert read_request(obj) == replace(small_head.request, negative="", variation=1.0)
    assert read_canvas(obj).skin_tone == ""


def test_the_skin_tone_is_read_again(scene: bpy.types.Scene, small_head: Head) -> None:
    obj = head_object(add_head(replace(small_head, skin_tone="olive skin"), scene))
    assert read_canvas(obj).skin_tone == "olive skin"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("seed", "seven", "'seven' for 'seed'"),
        ("seed", 3.5, "3.5 for 'seed'"),
        ("seed", True, "True for 'seed'"),
        ("texture_size", "512", "'512' for 'texture_size'"),
        ("texture_size", [512, 512], r"\[512, 512\] for 'texture_size'"),
        ("resolution", NAN, "nan for 'resolution'"),
        ("variation", NAN, "nan for 'variation'"),
        ("variation", 7.0, "7.0 for 'variation'"),
        ("prompt", 3, "3 for 'prompt'"),
        ("prompt", "", "'' for 'prompt'"),
        ("skin", "a" * 10_000, "for 'skin'"),
        ("expression", {"a": 1}, "for 'expression'"),
        ("origin", [0.0, 0.0], r"\[0.0, 0.0\] for 'origin'"),
        ("origin", [0.0, NAN, 0.0], r"nan for 'origin\[1\]'"),
        ("origin", "here", "'here' for 'origin'"),
        ("z_id", "code", "'code' for 'z_id'"),
        ("z_id", [0.0, NAN], r"nan for 'z_id\[1\]'"),
        ("z_exp", [float("inf")], r"inf for 'z_exp\[0\]'"),
        ("z_exp", 3, "3 for 'z_exp'"),
        ("models", "[", "'models' .* is no JSON"),
        ("models", 3, "3 for 'models'"),
        ("models", json.dumps(["me"]), r"'me' for 'models\[0\]'"),
        ("models", json.dumps([{"kind": "text"}]), r"lacks 'models\[0\]\.name'"),
        ("models", "[" * 10_000, "nested"),
    ],
)
def test_a_property_that_is_odd_is_named_with_its_value(
    obj: bpy.types.Object, name: str, value: Any, words: str
) -> None:
    obj[name] = value
    with pytest.raises(RequestError, match=words) as error:
        read(obj)
    assert obj.name in error.value.cause
    assert "Custom Properties" in error.value.remedy


def test_numbers_may_be_whole(obj: bpy.types.Object) -> None:
    obj["variation"], obj["origin"] = 1, [0, 0, 0]
    read(obj)
    assert read_property(obj, "origin") == [0, 0, 0]


def test_a_wrecked_uv_is_refused_before_the_work(obj: bpy.types.Object) -> None:
    layer = obj.data.uv_layers["UVMap"]
    layer.uv.foreach_set("vector", np.random.default_rng(0).random(2 * len(obj.data.loops), np.float32))
    with pytest.raises(RequestError, match=f"UV map of '{obj.name}' is not as CLIP-Head made it"):
        read_canvas(obj)
    obj.data.uv_layers.remove(layer)
    assert not isinstance(read_canvas(obj).mesh, UnwrappedMesh), "without it the mesh is unwrapped anew"


def test_a_picture_that_is_no_texture_is_refused(obj: bpy.types.Object) -> None:
    image = find_albedo(obj)
    assert image is not None
    image.scale(9000, 4)
    with pytest.raises(RequestError, match="has 9000 x 4 pixels"):
        read_canvas(obj)
