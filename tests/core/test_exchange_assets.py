"""An asset survives the temporary folder between two processes to the bit, and so do heads without one."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clip_head.core.exchange import load_hair, load_head, save_hair, save_head
from clip_head.core.exchange_assets import asset_from_json, asset_to_json
from clip_head.core.types import (
    Asset,
    AssetLevel,
    AssetPart,
    Bone,
    Floats,
    Groom,
    HairChange,
    Hairstyle,
    Head,
    Latents,
    ModelCard,
)


def numbers(*shape: int) -> Floats:
    return np.random.default_rng(len(shape) + sum(shape)).normal(size=shape).astype(np.float32)


@pytest.fixture
def asset() -> Asset:
    """One of everything: parts with two levels and with one, with and without keys."""
    quads = np.array([[0, 1, 2, 3], [3, 2, 4, 5]], np.int32)
    fine = AssetLevel(quads, numbers(2, 4, 2), np.array([0, 1], np.int32))
    coarse = AssetLevel(quads[:1], numbers(1, 4, 2), np.zeros(1, np.int32))
    head = AssetPart(
        "Head",
        numbers(6, 3),
        (fine, coarse),
        ("Skin", "Mouth"),
        {"jawOpen": numbers(6, 3), "browInnerUp": np.full((6, 3), np.float32(1e-40))},
        {"head": np.ones(6, np.float32)},
        {"upper lip, außen": numbers(6)},
        np.arange(6, dtype=np.int32)[::-1].copy(),
    )
    plain = AssetPart("Lashes", numbers(4, 3), (coarse,), ("Lashes",))
    bones = (Bone("root", numbers(3), numbers(3)), Bone("jaw", numbers(3), numbers(3), "root"))
    style = Hairstyle({"bob01": 1.0}, {}, {"Eyebrows": 1.0}, length=0.3, part=0.6)
    weights = {"jawOpen": 0.1 + 0.2, "browInnerUp": -0.0}
    return Asset((head, plain), weights, bones, numbers(6, 3), hairstyle=style)


def assert_same(a: Any, b: Any) -> None:
    assert type(a) is type(b)
    if isinstance(a, np.ndarray):
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        assert a.tobytes() == b.tobytes()
    elif is_dataclass(a):
        for entry in fields(a):
            assert_same(getattr(a, entry.name), getattr(b, entry.name))
    elif isinstance(a, dict):
        assert list(a) == list(b), "the order counts"
        for name in a:
            assert_same(a[name], b[name])
    elif isinstance(a, tuple):
        assert len(a) == len(b)
        for one, other in zip(a, b, strict=True):
            assert_same(one, other)
    else:
        assert repr(a) == repr(b)


def test_an_asset_comes_back_as_it_was(small_head: Head, asset: Asset, tmp_path: Path) -> None:
    head = replace(small_head, asset=asset)
    save_head(head, tmp_path)
    assert_same(load_head(tmp_path).asset, asset)
    assert_same(load_head(tmp_path).mesh, head.mesh)


@pytest.mark.parametrize("lacking", [{"template_points": None}, {"bones": ()}, {"weights": {}}])
def test_what_an_asset_lacks_it_lacks_afterwards(
    small_head: Head, asset: Asset, tmp_path: Path, lacking: dict[str, Any]
) -> None:
    less = replace(asset, **lacking)
    save_head(replace(small_head, asset=less), tmp_path)
    assert_same(load_head(tmp_path).asset, less)


def test_heads_without_an_asset_have_none(small_head: Head, tmp_path: Path) -> None:
    save_head(small_head, tmp_path)
    assert load_head(tmp_path).asset is None


def test_pictures_of_parts_come_back_as_they_were(small_head: Head, asset: Asset, tmp_path: Path) -> None:
    images = {"Eye": np.arange(48, dtype=np.uint8).reshape(4, 4, 3), "Hair": np.full((2, 3, 4), 255, np.uint8)}
    save_head(replace(small_head, asset=asset, part_images=images), tmp_path)
    assert_same(load_head(tmp_path).part_images, images)
    save_head(small_head, tmp_path)
    assert load_head(tmp_path).part_images == {}


def test_other_hair_comes_back_to_the_bit(small_head: Head, asset: Asset, tmp_path: Path) -> None:
    corners = np.arange(6, dtype=np.int32).reshape(2, 3)
    groom = Groom("Hair", numbers(2, 4, 3), corners, numbers(2, 3), numbers(2, 2), numbers(6))
    change = HairChange(
        Hairstyle({"dreadlocks": 1.0}, curl=-0.25),
        Latents(numbers(7), numbers(3)),
        (groom,),
        asset.parts[1:],
        small_head.textures,
        {"Hair": np.arange(48, dtype=np.uint8).reshape(4, 4, 3)},
        ("glasses",),
        {"prompt": "dreadlocks"},
        (ModelCard("hair", "ä model", "CC0-1.0", "a test"),),
    )
    for one in (change, replace(change, textures=None, grooms=(), part_images={})):
        save_hair(one, tmp_path)
        assert_same(load_hair(tmp_path), one)


def test_values_are_plain_json_and_arrays_are_apart(asset: Asset) -> None:
    plain, arrays = asset_to_json(asset)
    assert json.loads(json.dumps(plain)) == plain
    assert len(arrays) > 15 and all(isinstance(array, np.ndarray) for array in arrays.values())
    assert_same(asset_from_json(json.loads(json.dumps(plain)), arrays), asset)


def test_a_key_may_have_any_name(asset: Asset) -> None:
    """Also those that stand for arrays and dataclasses in the file."""
    odd = replace(asset, weights={"array": 0.5, "class": 0.25, "items": 1.0, "fields": 0.0})
    plain, arrays = asset_to_json(odd)
    assert_same(asset_from_json(json.loads(json.dumps(plain)), arrays), odd)


def test_a_class_that_is_none_of_an_assets_is_refused(asset: Asset) -> None:
    plain, arrays = asset_to_json(asset)
    with pytest.raises(KeyError, match="Popen"):
        asset_from_json(plain | {"class": "Popen"}, arrays)


def test_objects_hidden_in_the_arrays_are_refused(small_head: Head, asset: Asset, tmp_path: Path) -> None:
    save_head(replace(small_head, asset=asset), tmp_path)
    with np.load(tmp_path / "head.npz") as stored:
        arrays = {name: stored[name] for name in stored.files}
    arrays["asset_0"] = np.array([{"an": "object"}], dtype=object)
    np.savez(tmp_path / "head.npz", **arrays)
    with pytest.raises(ValueError, match="allow_pickle"):
        load_head(tmp_path)
