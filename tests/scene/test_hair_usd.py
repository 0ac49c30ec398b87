"""Strands in USD files, read by USD itself: what engines look for, and nothing of the head's."""

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pytest
from pxr import Usd, UsdGeom

from clip_head.core.types import Asset, Head
from clip_head.scene.asset import add_asset
from clip_head.scene.asset_export import export_asset
from clip_head.scene.hair import show_hair, strands_in

from .synthetic_groom import POINTS, hairy_asset

#: The attributes of a groom -> the scope of their values.
ATTRIBUTES = {
    "groom_id": "uniform",
    "groom_group_id": "uniform",
    "groom_guide": "uniform",
    "groom_root_uv": "uniform",
    "groom_width": "vertex",
}


@pytest.fixture(scope="module")
def asset() -> Asset:
    return hairy_asset(2000)


@pytest.fixture
def collection(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> bpy.types.Collection:
    # As tears and lids do, the asset has more attributes than strands need.
    return add_asset(replace(small_head, part_images={}), asset, scene)


def curves_in(path: Path) -> dict[str, Usd.Prim]:
    """The prims of curves by the names of their parents, with "Guides" added for guides."""
    stage = Usd.Stage.Open(str(path))
    prims = [prim for prim in stage.Traverse() if prim.IsA(UsdGeom.BasisCurves)]
    curves_in.stage = stage  # type: ignore[attr-defined] # prims live as long as their stage
    return {
        prim.GetParent().GetName() + (" Guides" if prim.GetName().endswith("Guides") else ""): prim for prim in prims
    }


def values(prim: Usd.Prim, name: str) -> np.ndarray:
    return np.array(UsdGeom.PrimvarsAPI(prim).GetPrimvar(name).Get())


def test_strands_have_the_attributes_of_a_groom_and_no_others(
    collection: bpy.types.Collection, asset: Asset, tmp_path: Path
) -> None:
    export_asset(tmp_path / "head.usdc", collection)
    curves = curves_in(tmp_path / "head.usdc")
    assert set(curves) == {"Hair", "Hair Guides", "Beard", "Beard Guides", "Eyebrows"}
    for name, prim in curves.items():
        count, points = len(prim.GetAttribute("curveVertexCounts").Get()), len(prim.GetAttribute("points").Get())
        primvars = {one.GetPrimvarName(): one for one in UsdGeom.PrimvarsAPI(prim).GetAuthoredPrimvars()}
        assert {own: one.GetInterpolation() for own, one in primvars.items()} == ATTRIBUTES
        for own, scope in ATTRIBUTES.items():
            assert len(primvars[own].Get()) == (count if scope == "uniform" else points)
        assert "GroomAPI" in prim.GetMetadata("apiSchemas").GetAppliedItems()
        assert set(values(prim, "groom_guide")) == {int(name.endswith("Guides"))}
        assert np.ptp(values(prim, "groom_root_uv"), axis=0).max() > 0.05
        assert 0 < values(prim, "groom_width").max() < 1e-3, "metres"
    groups = [set(values(curves[name], "groom_group_id")) for name in ("Hair", "Beard", "Eyebrows")]
    assert groups == [{0}, {1}, {2}]
    assert set(values(curves["Hair Guides"], "groom_group_id")) == {0}
    assert len(curves["Hair"].GetAttribute("curveVertexCounts").Get()) > 1500
    assert len(curves["Hair Guides"].GetAttribute("curveVertexCounts").Get()) == len(asset.grooms[0].points)


def test_guides_are_no_hair_to_viewers(collection: bpy.types.Collection, tmp_path: Path) -> None:
    export_asset(tmp_path / "head.usdc", collection)
    curves = curves_in(tmp_path / "head.usdc")
    purposes = {name: UsdGeom.Imageable(prim).ComputePurpose() for name, prim in curves.items()}
    assert purposes["Hair"] == "default"
    assert purposes["Hair Guides"] == "guide"


def test_guides_lie_among_the_strands_where_the_skin_carries_them(
    collection: bpy.types.Collection, tmp_path: Path
) -> None:
    bpy.data.objects["Head"].data.shape_keys.key_blocks["jawOpen"].value = 1.0
    export_asset(tmp_path / "head.usdc", collection)
    curves = curves_in(tmp_path / "head.usdc")
    for name in ("Hair", "Beard"):
        strands, guides = (np.array(curves[one].GetAttribute("points").Get()) for one in (name, f"{name} Guides"))
        roots = guides.reshape(-1, POINTS, 3)[:, 0]
        distance = np.linalg.norm(roots[:, None] - strands[None], axis=2).min(axis=1)
        assert np.median(distance) < 0.004


def test_nothing_is_left_of_the_making(collection: bpy.types.Collection, tmp_path: Path) -> None:
    before = sorted(obj.name for obj in bpy.data.objects)
    export_asset(tmp_path / "head.usdc", collection)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["head.usdc", "textures"]
    assert sorted(obj.name for obj in bpy.data.objects) == before
    show_hair(collection, "OFF")
    export_asset(tmp_path / "head.usdc", collection)
    assert not curves_in(tmp_path / "head.usdc")
    assert len(strands_in(collection)) == 3


def test_alembic_has_all_strands_with_their_widths(collection: bpy.types.Collection, tmp_path: Path) -> None:
    """Blender writes no other attributes of curves there."""
    export_asset(tmp_path / "head.abc", collection)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.wm.alembic_import(filepath=str(tmp_path / "head.abc"))
    curves = sorted((obj.data for obj in bpy.data.objects if obj.type == "CURVES"), key=lambda data: len(data.curves))
    assert len(curves) == 3
    assert len(curves[-1].curves) > 1500
    radius = np.empty(len(curves[-1].points), np.float32)
    curves[-1].attributes["radius"].data.foreach_get("value", radius)
    assert 2e-5 < radius.max() < 1e-4
