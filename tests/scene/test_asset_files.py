"""Files of an asset, opened by programs that know nothing of Blender: pygltflib, trimesh, and Pixar's own USD."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pygltflib
import pytest
import trimesh
from PIL import Image

from clip_head.core.types import MILLIMETRES_PER_UNIT, Asset, AssetPart, Head
from clip_head.scene.asset import add_asset, lowest_rim_middle
from clip_head.scene.asset_export import export_asset
from clip_head.scene.export import start_empty_file
from clip_head.scene.raw_surface import add_raw_surface

from .synthetic_asset import ARKIT, eye_picture, synthetic_asset

#: Run without Blender, which brings another version of the same library: reads the file sys.argv[1], prints JSON.
READ_USD = """
import json, sys
import numpy as np
from pxr import Usd, UsdGeom, UsdShade, UsdSkel, UsdValidation

stage = Usd.Stage.Open(sys.argv[1])
meshes, joints, files = {}, [], []
for prim in stage.Traverse():
    if prim.IsA(UsdGeom.Mesh):
        mesh, skinned = UsdGeom.Mesh(prim), UsdSkel.BindingAPI(prim)
        weights = skinned.GetJointWeightsPrimvar()
        sums = np.array(weights.Get()).reshape(-1, weights.GetElementSize()).sum(axis=1)
        world = UsdGeom.Xformable(prim).ComputeLocalToWorldTransform(Usd.TimeCode.Default())
        bound = [UsdShade.MaterialBindingAPI(p).ComputeBoundMaterial()[0] for p in (prim, *prim.GetChildren())
                 if p == prim or p.IsA(UsdGeom.Subset)]
        meshes[prim.GetName()] = {
            "points": [list(world.Transform(p)) for p in mesh.GetPointsAttr().Get()],
            "corners": sorted(set(mesh.GetFaceVertexCountsAttr().Get())),
            "faces": len(mesh.GetFaceVertexCountsAttr().Get()),
            "uv": len(UsdGeom.PrimvarsAPI(prim).GetPrimvar("st").ComputeFlattened()),
            "keys": list(skinned.GetBlendShapesAttr().Get() or []),
            "sums": [float(sums.min()), float(sums.max())],
            "materials": [material.GetPrim().GetName() for material in bound if material],
        }
    elif prim.IsA(UsdSkel.Skeleton):
        joints = list(UsdSkel.Skeleton(prim).GetJointsAttr().Get())
    elif prim.IsA(UsdShade.Shader) and prim.GetAttribute("inputs:file"):
        files.append(prim.GetAttribute("inputs:file").Get().path)
validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
errors = [error.GetMessage() for error in UsdValidation.ValidationContext(validators).Validate(stage)]
print(json.dumps({
    "up": UsdGeom.GetStageUpAxis(stage), "metres": UsdGeom.GetStageMetersPerUnit(stage),
    "default": bool(stage.GetDefaultPrim()), "meshes": meshes, "joints": joints, "files": files,
    "validators": len(validators), "errors": errors,
}))
"""


@pytest.fixture(scope="module")
def asset() -> Asset:
    return synthetic_asset()


@pytest.fixture(scope="module")
def folder(small_head: Head, asset: Asset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """head.glb, head.usdc, and head.obj in a folder of its own; a raw surface stands beside the asset, hidden."""
    start_empty_file()
    head = replace(small_head, part_images={"Eye": eye_picture()})
    collection = add_asset(head, asset, bpy.context.scene)
    add_raw_surface(collection, small_head.mesh, "")
    folder = tmp_path_factory.mktemp("files")
    (folder / "obj").mkdir()
    for name in ("head.glb", "head.usdc", "obj/head.obj"):
        export_asset(folder / name, collection)
    start_empty_file()
    return folder


def expected(part: AssetPart, asset: Asset, expression: bool = False) -> np.ndarray:
    """A part's vertices in metres, +y up, the face along +z, from the middle of the neck's rim."""
    head = asset.parts[0]
    moves = sum((asset.weights[name] * offsets for name, offsets in part.keys.items()), np.zeros_like(part.vertices))
    origin = lowest_rim_middle(head.vertices, head.levels[0].quads)
    return (part.vertices + moves * expression - origin) * MILLIMETRES_PER_UNIT / 1000


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """The largest distance from a point of either set to the nearest of the other."""
    distances = np.linalg.norm(one[:, None] - other[None], axis=2)
    return float(max(distances.min(axis=0).max(), distances.min(axis=1).max()))


def values(file: pygltflib.GLTF2, index: int) -> np.ndarray:
    """The numbers of an accessor (N, C)."""
    accessor = file.accessors[index]
    kind = {5121: np.uint8, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}[accessor.componentType]
    width = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}[accessor.type]
    view = file.bufferViews[accessor.bufferView]
    start = (view.byteOffset or 0) + (accessor.byteOffset or 0)
    assert not view.byteStride
    return np.frombuffer(file.binary_blob(), kind, accessor.count * width, start).reshape(-1, width)


def picture(file: pygltflib.GLTF2, texture: int) -> np.ndarray:
    view = file.bufferViews[file.images[file.textures[texture].source].bufferView]
    data = file.binary_blob()[view.byteOffset or 0 :][: view.byteLength]
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


@pytest.fixture(scope="module")
def glb(folder: Path) -> pygltflib.GLTF2:
    return pygltflib.GLTF2().load(str(folder / "head.glb"))


def test_glb_has_a_node_for_every_part_below_the_armature_and_nothing_else(glb: pygltflib.GLTF2, asset: Asset) -> None:
    parents = {child: number for number, node in enumerate(glb.nodes) for child in node.children}
    meshes = {node.name: number for number, node in enumerate(glb.nodes) if node.mesh is not None}
    assert set(meshes) == {part.name for part in asset.parts}, "the hidden raw surface stays behind"
    (armature,) = {parents[number] for number in meshes.values()}
    root = parents[armature]
    assert glb.nodes[armature].name == "Armature"
    assert glb.scenes[glb.scene].nodes == [root]
    for number in (armature, root, *meshes.values()):
        node = glb.nodes[number]
        assert node.scale is None
        assert node.rotation is None, "metres and y up without a turn"


def test_glb_meshes_are_the_parts_with_arkits_targets_in_order(glb: pygltflib.GLTF2, asset: Asset) -> None:
    for part in asset.parts:
        mesh = glb.meshes[next(node.mesh for node in glb.nodes if node.name == part.name)]
        points = np.concatenate([values(glb, own.attributes.POSITION) for own in mesh.primitives])
        corners = sum(glb.accessors[own.indices].count for own in mesh.primitives)
        assert corners == 6 * len(part.levels[0].quads), "two triangles a quad"
        assert apart(points, expected(part, asset)) < 2e-6
        names = list(ARKIT) if part.name == "Head" else list(part.keys)
        assert mesh.extras["targetNames"] == names
        assert mesh.weights == pytest.approx([asset.weights[name] for name in names])
        assert {len(own.targets) for own in mesh.primitives} == {len(names)}
        assert [glb.materials[own.material].name for own in mesh.primitives] == list(part.materials)


def test_glb_joints_are_the_bones_and_weights_sum_to_one(glb: pygltflib.GLTF2, asset: Asset) -> None:
    (skin,) = glb.skins
    joints = [glb.nodes[number].name for number in skin.joints]
    assert {bone.name for bone in asset.bones} <= set(joints)
    for node in (node for node in glb.nodes if node.mesh is not None):
        assert node.skin == 0
        for own in glb.meshes[node.mesh].primitives:
            weights = values(glb, own.attributes.WEIGHTS_0)
            np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-6)
            assert values(glb, own.attributes.JOINTS_0).max() < len(joints)


def test_glb_holds_its_pictures(glb: pygltflib.GLTF2, small_head: Head) -> None:
    assert all(image.uri is None and image.bufferView is not None for image in glb.images)
    surfaces = {material.name: material.pbrMetallicRoughness.baseColorTexture for material in glb.materials}
    np.testing.assert_array_equal(picture(glb, surfaces["Skin"].index), small_head.textures.albedo)
    for name in ("Sclera", "Iris"):
        np.testing.assert_array_equal(picture(glb, surfaces[name].index), eye_picture())


def test_trimesh_reads_the_glb_in_metres_upright(folder: Path, asset: Asset, small_head: Head) -> None:
    scene = trimesh.load_scene(folder / "head.glb", process=False)
    assert scene.units in ("meters", "m")
    points = np.concatenate([expected(part, asset) for part in asset.parts])
    np.testing.assert_allclose(scene.bounds, [points.min(axis=0), points.max(axis=0)], atol=2e-6)
    assert sum(len(mesh.faces) for mesh in scene.geometry.values()) == 2 * sum(
        len(part.levels[0].quads) for part in asset.parts
    )
    head = scene.geometry["Head"]
    assert head.visual.uv.min() >= 0
    assert head.visual.uv.max() <= 1
    np.testing.assert_array_equal(
        np.asarray(head.visual.material.baseColorTexture.convert("RGB")), small_head.textures.albedo
    )


@pytest.fixture(scope="module")
def usd(folder: Path) -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, "-I", "-c", READ_USD, str(folder / "head.usdc")], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    read: dict[str, Any] = json.loads(ended.stdout)
    return read


def test_usd_is_valid_in_metres_and_y_up(usd: dict[str, Any]) -> None:
    assert (usd["up"], usd["metres"], usd["default"]) == ("Y", 1.0, True)
    assert usd["validators"] > 10
    assert usd["errors"] == []


def test_usd_meshes_are_the_parts_in_quads_with_arkits_shapes(usd: dict[str, Any], asset: Asset) -> None:
    assert set(usd["meshes"]) == {part.name.replace(" ", "_") for part in asset.parts}
    for part in asset.parts:
        mesh = usd["meshes"][part.name.replace(" ", "_")]
        np.testing.assert_allclose(mesh["points"], expected(part, asset), atol=2e-6)
        assert (mesh["corners"], mesh["faces"]) == ([4], len(part.levels[0].quads))
        assert mesh["uv"] == part.levels[0].quads.size
        assert mesh["keys"] == (list(ARKIT) if part.name == "Head" else list(part.keys))
        assert mesh["sums"] == pytest.approx([1.0, 1.0], abs=1e-5)
        assert set(mesh["materials"]) >= set(part.materials)
    joints = {path.split("/")[-1] for path in usd["joints"]}
    assert {bone.name.replace(".", "_") for bone in asset.bones} <= joints


def test_usd_names_its_pictures_by_paths_beside_it(usd: dict[str, Any], folder: Path, small_head: Head) -> None:
    assert usd["files"]
    assert not [name for name in usd["files"] if not (folder / name).is_file() or Path(name).is_absolute()]
    (albedo,) = (name for name in usd["files"] if "albedo" in name)
    np.testing.assert_array_equal(np.asarray(Image.open(folder / albedo).convert("RGB")), small_head.textures.albedo)


def test_trimesh_reads_the_obj_with_its_picture(folder: Path, asset: Asset, small_head: Head) -> None:
    text = (folder / "obj" / "head.obj").read_text(encoding="utf-8")
    assert re.findall(r"^o (.+)$", text, re.MULTILINE) == [part.name.replace(" ", "_") for part in asset.parts]
    faces = re.findall(r"^f (.+)$", text, re.MULTILINE)
    assert {len(face.split()) for face in faces} == {4}
    assert len(faces) == sum(len(part.levels[0].quads) for part in asset.parts)
    scene = trimesh.load_scene(folder / "obj" / "head.obj", process=False)
    points = np.concatenate([expected(part, asset, expression=True) for part in asset.parts])
    np.testing.assert_allclose(scene.bounds, [points.min(axis=0), points.max(axis=0)], atol=2e-6)
    assert sum(len(mesh.faces) for mesh in scene.geometry.values()) == 2 * len(faces)
    skin = scene.geometry["Skin"].visual.material
    np.testing.assert_array_equal(np.asarray(skin.image.convert("RGB")), small_head.textures.albedo)
