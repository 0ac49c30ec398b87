"""Strands of lashes are rooted on the strips of their mesh, which turn with the edges of the lids."""

from dataclasses import replace

import bpy
import numpy as np
import pytest

from clip_head.core.types import Asset, Head
from clip_head.scene.asset import add_asset
from clip_head.scene.asset_keys import set_expression
from clip_head.scene.hair import VOLUME, groom_surface, hair_surface, strands_in
from clip_head.scene.hair_strands import bake_strands
from clip_head.scene.head import head_object

from .real_asset import real_asset


@pytest.fixture(scope="module")
def asset() -> Asset:
    return real_asset()


@pytest.fixture
def collection(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> bpy.types.Collection:
    lashes = tuple(groom for groom in asset.grooms if groom.name == "Eyelashes")
    return add_asset(small_head, replace(asset, grooms=lashes), scene)


def middles(strips: bpy.types.Object) -> np.ndarray:
    """The middle lines (L, 4, 3) of the strips as keys and bones move them."""
    hidden, strips.hide_viewport = strips.hide_viewport, False
    bpy.context.view_layer.update()
    mesh = strips.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
    points = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", points)
    strips.hide_viewport = hidden
    return points.reshape(-1, 4, 2, 3).mean(axis=2)


@pytest.mark.parametrize("pose", [{}, {"eyeBlinkLeft": 1.0}, {"eyeWideLeft": 1.0, "eyeWideRight": 1.0}])
def test_strands_lie_along_their_strips_in_every_pose(collection: bpy.types.Collection, pose: dict[str, float]) -> None:
    head, lashes = head_object(collection), strands_in(collection)[0]
    strips = groom_surface(collection, "Eyelashes", hair_surface(collection, head))
    assert strips[VOLUME] == "Eyelashes" and lashes.data.surface == strips
    names = [block.name for block in head.data.shape_keys.key_blocks[1:]]
    set_expression(head, {name: pose.get(name, 0.0) for name in names}, bpy.context.scene)
    bpy.context.view_layer.update()
    scene = bpy.data.scenes.new("strands")
    baked = bake_strands(lashes, scene).data
    points = np.empty(3 * len(baked.points), np.float32)
    baked.attributes["position"].data.foreach_get("vector", points)
    lines = points.reshape(len(baked.curves), -1, 3)
    bpy.data.scenes.remove(scene)
    wanted = middles(strips)
    assert len(lines) == len(wanted)
    off = np.linalg.norm(lines[:, [0, -1]] - wanted[:, [0, -1]], axis=2) * 1000
    assert off[:, 0].max() < 0.2, "roots"
    # Strands are carried as they are, and strips bend a little.
    assert np.median(off[:, 1]) < 0.5 and np.percentile(off[:, 1], 95) < 2.5, "tips"
