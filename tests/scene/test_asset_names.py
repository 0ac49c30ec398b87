"""Files for programs that expect names of their own: VRM's bones and expressions."""

import json
from pathlib import Path

import bpy
import numpy as np
import pygltflib
import pytest

from clip_head.core.asset.arkit import as_pose, poses
from clip_head.core.types import Head
from clip_head.scene import asset_names
from clip_head.scene.asset import add_asset
from clip_head.scene.asset_action import add_demonstration
from clip_head.scene.asset_export import export_asset
from clip_head.scene.head import head_object

from .synthetic_asset import ARKIT, synthetic_asset

#: The expressions that VRM 1.0 knows and that are no looks, which the eyes' bones do.
EXPRESSIONS = [
    *("aa", "ih", "ou", "ee", "oh", "blink", "blinkLeft", "blinkRight"),
    *("happy", "angry", "sad", "relaxed", "surprised"),
]


def values(file: pygltflib.GLTF2, index: int) -> np.ndarray:
    """The numbers of an accessor of vectors (N, 3); those that it leaves out are 0."""
    accessor = file.accessors[index]
    full = np.zeros((accessor.count, 3), np.float32)
    if accessor.sparse is not None:
        blob = file.binary_blob()
        starts = [
            file.bufferViews[part.bufferView].byteOffset for part in (accessor.sparse.indices, accessor.sparse.values)
        ]
        kind = {5121: np.uint8, 5123: np.uint16, 5125: np.uint32}[accessor.sparse.indices.componentType]
        rows = np.frombuffer(blob, kind, accessor.sparse.count, starts[0])
        full[rows] = np.frombuffer(blob, np.float32, 3 * accessor.sparse.count, starts[1]).reshape(-1, 3)
    elif accessor.bufferView is not None:
        view = file.bufferViews[accessor.bufferView]
        start = (view.byteOffset or 0) + (accessor.byteOffset or 0)
        full[:] = np.frombuffer(file.binary_blob(), np.float32, full.size, start).reshape(-1, 3)
    return full


@pytest.mark.parametrize("moving", [False, True])
def test_vrm_finds_its_bones_and_expressions(
    moving: bool, scene: bpy.types.Scene, small_head: Head, tmp_path: Path
) -> None:
    asset = synthetic_asset()
    collection = add_asset(small_head, asset, scene)
    head = head_object(collection)
    if moving:
        add_demonstration(collection)
    groups, keys = ([group.name for group in head.vertex_groups], [key.name for key in head.data.shape_keys.key_blocks])
    bones, active = list(bpy.data.armatures[0].bones.keys()), head.active_shape_key_index
    path = tmp_path / "head.glb"
    export_asset(path, collection, "vrm")

    file = pygltflib.GLTF2().load(str(path))
    joints = {file.nodes[number].name for skin in file.skins for number in skin.joints}
    assert {"head", "jaw", "leftEye", "rightEye"} <= joints
    assert not joints & {"eye.L", "eye.R", "eye_target"}
    meshes = {node.name: file.meshes[node.mesh] for node in file.nodes if node.mesh is not None}
    assert meshes["Head"].extras["targetNames"] == [*ARKIT, *EXPRESSIONS]
    assert set(EXPRESSIONS) <= set(meshes["Eye Left"].extras["targetNames"])
    assert meshes["Head"].weights[len(ARKIT) :] == [0.0] * len(EXPRESSIONS)
    names, (primitive,) = meshes["Head"].extras["targetNames"], meshes["Head"].primitives
    moves = {name: values(file, target["POSITION"]) for name, target in zip(names, primitive.targets, strict=True)}
    np.testing.assert_allclose(moves["blinkLeft"], moves["eyeBlinkLeft"], atol=1e-7)
    np.testing.assert_allclose(moves["blink"], moves["eyeBlinkLeft"] + moves["eyeBlinkRight"], atol=1e-7)
    for name, pose in (("aa", poses()["visemes"]["aa"]), ("happy", poses()["expressions"]["happy"])):
        wanted = sum(value * moves[action] for action, value in pose.items())
        assert np.abs(wanted).max() > 1e-3
        np.testing.assert_allclose(moves[name], wanted, atol=1e-6)

    assert [group.name for group in head.vertex_groups] == groups
    assert [key.name for key in head.data.shape_keys.key_blocks] == keys
    assert (list(bpy.data.armatures[0].bones.keys()), head.active_shape_key_index) == (bones, active)
    eye = bpy.data.objects["Armature"].pose.bones["eye.L"].constraints[0]
    assert eye.subtarget == "eye_target.L"


def test_correctives_count_in_the_poses(scene: bpy.types.Scene, small_head: Head, tmp_path: Path) -> None:
    """The key that corrects two actions is as strong as the product of both, as in Blender."""
    obj = head_object(add_asset(small_head, synthetic_asset(), scene))
    corrective = obj.shape_key_add(name="jawOpen_mouthSmileLeft", from_mix=False)
    corrective.points[5].co.x += 0.01
    rest = obj.data.shape_keys.reference_key.points[5].co.x
    pose = {"jawOpen": 0.5, "mouthSmileLeft": 0.5}
    jaw, smile = (obj.data.shape_keys.key_blocks[name].points[5].co.x - rest for name in pose)
    key = asset_names._add_key(obj, "both", pose)
    assert key.points[5].co.x - rest == pytest.approx(0.5 * jaw + 0.5 * smile + 0.25 * 0.01, abs=1e-6)
    assert key.value == 0.0


def test_the_table_names_actions_that_there_are() -> None:
    table = json.loads((Path(asset_names.__file__).parent / "vrm_names.json").read_text(encoding="utf-8"))
    assert list(table["keys"]) == EXPRESSIONS
    for pose in table["keys"].values():
        assert set(as_pose(pose)) <= set(ARKIT)
