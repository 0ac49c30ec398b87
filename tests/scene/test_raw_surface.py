"""The raw surface beside an asset: where the asset is, hidden, and there once."""

from dataclasses import replace

import bpy
import numpy as np
import pytest

from clip_head.core.types import Head
from clip_head.scene.asset import add_asset, asset_collection
from clip_head.scene.head import head_object
from clip_head.scene.mesh import to_blender
from clip_head.scene.raw_surface import RAW, add_raw_surface

from .synthetic_asset import synthetic_asset


@pytest.fixture
def collection(scene: bpy.types.Scene, small_head: Head) -> bpy.types.Collection:
    scene.cursor.location = (1.0, 2.0, 3.0)
    return add_asset(small_head, synthetic_asset(), scene)


def test_it_lies_where_the_model_has_it_below_the_root(collection: bpy.types.Collection, small_head: Head) -> None:
    obj = add_raw_surface(collection, small_head.mesh, "smiling")
    assert obj.parent == collection.objects[0]
    points = np.array([vertex.co[:] for vertex in obj.data.vertices]) + np.array(obj.location)
    first = np.unique(small_head.mesh.source, return_index=True)[1]
    origin = np.array(head_object(collection)["origin"], np.float32)
    np.testing.assert_allclose(points, to_blender(small_head.mesh.vertices[first] - origin), atol=1e-6)
    assert obj.data.uv_layers.keys() == ["UVMap"]
    assert [key.name for key in obj.data.shape_keys.key_blocks] == ["Basis", "smiling"]


def test_it_is_hidden_and_stands_for_its_asset(collection: bpy.types.Collection, small_head: Head) -> None:
    obj = add_raw_surface(collection, small_head.mesh, "")
    assert (obj.hide_viewport, obj.hide_render) == (True, True)
    assert asset_collection(obj) == collection
    assert head_object(collection) != obj


def test_another_one_takes_its_place(collection: bpy.types.Collection, small_head: Head) -> None:
    add_raw_surface(collection, small_head.mesh, "")
    wider = replace(small_head.mesh, vertices=small_head.mesh.vertices * np.float32(2))
    obj = add_raw_surface(collection, wider, "")
    assert [other for other in collection.objects if RAW in other] == [obj]
    assert obj.name == "Raw Surface"
    assert sum(mesh.name.startswith("Raw") for mesh in bpy.data.meshes) == 1
