"""Two assets in a file, read as what is mixed."""

from dataclasses import replace

import bpy
import numpy as np
import pytest

from clip_head.core.errors import RequestError
from clip_head.core.types import Head, Latents
from clip_head.scene.asset import add_asset
from clip_head.scene.head import head_object
from clip_head.scene.parents import read_mixture

from .synthetic_asset import ARKIT, eye_picture, synthetic_asset


@pytest.fixture
def pair(scene: bpy.types.Scene, small_head: Head) -> tuple[bpy.types.Object, bpy.types.Object]:
    ours = replace(small_head, part_images={"Eye": eye_picture()}, skin_tone="pale skin")
    theirs = replace(
        ours,
        request=replace(small_head.request, prompt="another"),
        latents=Latents(np.ones(4, np.float32), np.ones(4, np.float32)),
        textures=replace(small_head.textures, albedo=~small_head.textures.albedo),
        part_images={"Eye": ~eye_picture()},
    )
    first, second = (head_object(add_asset(head, synthetic_asset(), scene)) for head in (ours, theirs))
    return first, second


def test_it_holds_what_both_heads_are_now(pair: tuple[bpy.types.Object, bpy.types.Object], small_head: Head) -> None:
    for obj, value in zip(pair, (0.25, 0.75), strict=True):
        obj.data.shape_keys.key_blocks["jawOpen"].value = value
    mixture = read_mixture(*pair, 0.25)
    assert (mixture.first.request, mixture.second.request.prompt) == (small_head.request, "another")
    np.testing.assert_array_equal(mixture.second.latents.z_id, np.ones(4))
    np.testing.assert_array_equal(mixture.first.albedo, small_head.textures.albedo)
    np.testing.assert_array_equal(mixture.second.albedo, 255 - small_head.textures.albedo)
    np.testing.assert_array_equal(mixture.first.pictures["Eye"], eye_picture())
    np.testing.assert_array_equal(mixture.second.pictures["Eye"], 255 - eye_picture())
    assert mixture.first.models == small_head.models
    assert mixture.first.skin_tone == "pale skin"
    assert list(mixture.weights) == list(ARKIT)
    assert mixture.weights["jawOpen"] == pytest.approx(0.375), "the sliders as they stand"


def test_a_head_without_codes_or_skin_is_refused_by_name(pair: tuple[bpy.types.Object, bpy.types.Object]) -> None:
    first, second = pair
    second["z_id"] = []
    with pytest.raises(RequestError, match=r"Head\.001.*codes"):
        read_mixture(first, second, 0.5)
    first.data.materials.clear()
    with pytest.raises(RequestError, match="skin"):
        read_mixture(first, second, 0.5)
