"""Names that another program expects of an asset's bones and keys, as long as a file is written for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from ..core.asset.arkit import as_pose, key_strength
from ..core.types import Floats


@contextmanager
def named_as(file: str, collection: bpy.types.Collection) -> Iterator[None]:
    """Meanwhile call bones as a table says, and let the parts have a key more for each pose in it.

    file: a JSON file beside this one: "bones", our name -> the other one, and "keys", name -> ARKit name -> value, or
        "kind/name" of a pose of core.asset.arkit; empty for none.
    collection: the asset's, with its parts.
    """
    table = (
        json.loads(Path(__file__).with_name(file).read_text(encoding="utf-8")) if file else {"bones": {}, "keys": {}}
    )
    with _renamed(collection, table["bones"]), _posed(collection, table["keys"]):
        yield


@contextmanager
def _renamed(collection: bpy.types.Collection, names: dict[str, str]) -> Iterator[None]:
    """Meanwhile call the bones of the asset's armatures so; Blender lets vertex groups, actions and targets follow."""
    armatures = [obj.data for obj in collection.objects if obj.type == "ARMATURE"]
    found = [
        (armature.bones[own], own, name)
        for armature in armatures
        for own, name in names.items()
        if own in armature.bones
    ]
    try:
        for bone, _, name in found:
            bone.name = name
        yield
    finally:
        for bone, own, _ in found:
            bone.name = own


@contextmanager
def _posed(collection: bpy.types.Collection, wanted: dict[str, Any]) -> Iterator[None]:
    """Meanwhile let all parts that one of the poses moves have a key for it, after those that they have."""
    added: list[tuple[bpy.types.Object, bpy.types.ShapeKey]] = []
    try:
        for obj in [obj for obj in collection.objects if obj.type == "MESH" and obj.data.shape_keys]:
            before = obj.active_shape_key_index
            for name, pose in wanted.items():
                if name not in obj.data.shape_keys.key_blocks:
                    added.append((obj, _add_key(obj, name, as_pose(pose))))
            obj.active_shape_key_index = before
        yield
    finally:
        for obj, block in reversed(added):
            obj.shape_key_remove(block)


def _add_key(obj: bpy.types.Object, name: str, pose: dict[str, float]) -> bpy.types.ShapeKey:
    """A key, at 0, that adds what all keys of the part, correctives among them, add in a pose."""
    keys = obj.data.shape_keys
    rest = _points(keys.reference_key)
    moved = rest.copy()
    for block in keys.key_blocks:
        strength = 0.0 if block == keys.reference_key else key_strength(block.name, pose)
        if strength:
            moved += strength * (_points(block) - rest)
    made = obj.shape_key_add(name=name, from_mix=False)
    made.value = 0.0  # Blender may begin with another
    made.points.foreach_set("co", moved)
    return made


def _points(block: bpy.types.ShapeKey) -> Floats:
    """The coordinates of a shape key's points, one after the other (3 V,)."""
    flat = np.empty(3 * len(block.points), np.float32)
    block.points.foreach_get("co", flat)
    return flat
