"""Another person in the place of an asset with a Rigify face: the rig fits, and what was done with it stays."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import addon_utils
import bpy
import numpy as np
import pytest
from mathutils import Vector

from clip_head.core.errors import RequestError
from clip_head.core.types import Asset, AssetPart, Floats, Head
from clip_head.scene.armature import edit_mode
from clip_head.scene.asset import PART
from clip_head.scene.asset_export import export_asset
from clip_head.scene.asset_replace import replace_asset
from clip_head.scene.export import start_empty_file
from clip_head.scene.head import add_head, head_object
from clip_head.scene.rigify import add_rigify_face
from clip_head.scene.rigify_follow import hang_new_parts

from .real_asset import real_asset

pytestmark = pytest.mark.slow(minutes=0.5)
#: How much wider the other person is.
WIDER = np.array([1.2, 1.0, 1.0], np.float32)


@pytest.fixture
def first(small_head: Head) -> Head:
    return replace(small_head, asset=real_asset())


@pytest.fixture
def second(first: Head) -> Head:
    """Wider and without a beard."""
    assert first.asset is not None
    asset = first.asset
    parts = tuple(_wider(part) for part in asset.parts if part.name != "Beard")
    bones = tuple(replace(bone, head=bone.head * WIDER, tail=bone.tail * WIDER) for bone in asset.bones)
    grooms = tuple(groom for groom in asset.grooms if groom.name != "Beard")
    return replace(first, asset=Asset(parts, asset.weights, bones, asset.template_points, grooms))


def _wider(part: AssetPart) -> AssetPart:
    keys = {name: moves * WIDER for name, moves in part.keys.items()}
    return replace(part, vertices=part.vertices * WIDER, keys=keys)


@pytest.fixture
def collection(scene: bpy.types.Scene, first: Head) -> Iterator[bpy.types.Collection]:
    scene.cursor.location = (1.0, 2.0, 3.0)
    made = add_head(first, scene)
    bpy.context.view_layer.update()
    yield made
    addon_utils.disable("rigify", default_set=True)


def metarig_of(collection: bpy.types.Collection) -> bpy.types.Object:
    return next(obj for obj in collection.all_objects if obj.type == "ARMATURE" and "Metarig" in obj.name)


def rig_groups(obj: bpy.types.Object) -> list[str]:
    return sorted(group.name for group in obj.vertex_groups if group.name.startswith("DEF-"))


def shown(obj: bpy.types.Object) -> Floats:
    """The vertices as the view shows them (V, 3), metres."""
    vertices = obj.evaluated_get(bpy.context.evaluated_depsgraph_get()).data.vertices
    points = np.empty(3 * len(vertices), np.float32)
    vertices.foreach_get("co", points)
    return points.reshape(-1, 3)


def pose(rig: bpy.types.Object) -> None:
    """Open the jaw, close a lid, lift a brow and a corner of the mouth, look aside."""
    rig.pose.bones["jaw_master"].rotation_mode = "XYZ"
    rig.pose.bones["jaw_master"].rotation_euler = (0.3, 0.0, 0.0)
    for name, way in (("lid.T.L.002", (0, 0, -0.005)), ("brow.L.001", (0, 0, 0.005)), ("eye_common", (0.02, 0, 0))):
        rig.pose.bones[name].location = way
    rig.pose.bones["lip_end.L.002"].location = (0.004, 0.0, 0.004)
    bpy.context.view_layer.update()


def test_the_rig_moves_the_other_person_as_one_that_is_made_for_them(
    scene: bpy.types.Scene, collection: bpy.types.Collection, second: Head
) -> None:
    rig = add_rigify_face(collection)
    kinds = (bpy.data.armatures, bpy.data.collections, bpy.data.texts, bpy.data.scenes)
    before = [{block.name for block in kind} for kind in kinds]
    replace_asset(collection, second, scene)
    assert [{block.name for block in kind} for kind in kinds] == before, "nothing of the work is left"
    assert bpy.data.objects["Armature"].hide_viewport
    assert metarig_of(collection).hide_viewport
    other = add_head(second, scene)
    bpy.context.view_layer.update()
    theirs = {obj[PART]: obj for obj in other.objects if PART in obj and not obj.hide_viewport}
    ours = {obj[PART]: obj for obj in collection.objects if PART in obj and not obj.hide_viewport}
    assert set(ours) == set(theirs) >= {"Head", "Eye Left", "Lower Teeth", "Tongue"}
    for name, obj in ours.items():
        np.testing.assert_allclose(shown(obj), shown(theirs[name]), atol=5e-5, err_msg=name)
    rest = shown(ours["Head"])
    made = add_rigify_face(other)
    for bone in made.data.bones:
        np.testing.assert_allclose(rig.data.bones[bone.name].matrix_local, bone.matrix_local, atol=2e-5)
    pose(rig)
    pose(made)
    assert np.linalg.norm(shown(ours["Head"]) - rest, axis=1).max() > 0.01
    for name, obj in ours.items():
        np.testing.assert_allclose(shown(obj), shown(theirs[name]), atol=5e-5, err_msg=name)


def test_poses_actions_and_what_was_added_stay(
    scene: bpy.types.Scene, collection: bpy.types.Collection, second: Head
) -> None:
    rig = add_rigify_face(collection)
    head, metarig = head_object(collection), metarig_of(collection)
    jaw, nose = rig.pose.bones["jaw_master"], rig.pose.bones["nose"]
    jaw.rotation_mode = "XYZ"
    jaw.rotation_euler = (0.1, 0.0, 0.0)
    jaw.keyframe_insert("rotation_euler", frame=1)
    action, limit = rig.animation_data.action, nose.constraints.new("LIMIT_SCALE")
    nose["mine"] = 3.0
    hat = bpy.data.objects.new("hat", bpy.data.meshes.new("hat"))
    collection.objects.link(hat)
    hat.parent, hat.parent_type, hat.parent_bone = rig, "BONE", "head"
    painted = head.vertex_groups["DEF-nose"]
    painted.add((3,), 0.25, "REPLACE")
    with edit_mode(metarig):
        bone = metarig.data.edit_bones["chin"]
        bone.head, bone.tail = bone.head + Vector((0, 0.004, 0)), bone.tail + Vector((0, 0.004, 0))
    chin, ear = (metarig.data.bones[name].head_local.copy() for name in ("chin", "ear.L"))
    counts = len(rig.pose.bones), rig_groups(head), len(bpy.data.actions)
    active = bpy.context.view_layer.objects.active

    replace_asset(collection, second, scene)
    assert rig.animation_data.action == action
    assert jaw.rotation_euler.x == pytest.approx(0.1)
    assert nose.constraints[0] == limit and nose["mine"] == 3.0
    assert (hat.parent, hat.parent_bone) == (rig, "head")
    assert painted.weight(3) == 0.25
    assert counts == (len(rig.pose.bones), rig_groups(head), len(bpy.data.actions))
    np.testing.assert_allclose(metarig.data.bones["chin"].head_local, chin, atol=1e-3)
    assert rig.data.bones["chin"].head_local.y == pytest.approx(metarig.data.bones["chin"].head_local.y, abs=1e-6)
    assert metarig.data.bones["ear.L"].head_local.x == pytest.approx(1.2 * ear.x, rel=0.02)
    assert bpy.context.view_layer.objects.active == active
    assert metarig.data.rigify_target_rig == rig


def test_a_beard_that_is_new_hangs_on_the_rig(
    scene: bpy.types.Scene, collection: bpy.types.Collection, first: Head, second: Head
) -> None:
    rig = add_rigify_face(collection)
    replace_asset(collection, second, scene)
    assert not any(obj.get(PART) == "Beard" for obj in collection.objects)
    replace_asset(collection, first, scene)
    beard = next(obj for obj in collection.objects if obj.get(PART) == "Beard")
    assert [entry.object for entry in beard.modifiers if entry.type == "ARMATURE"] == [rig]
    beard.hide_viewport = False
    bpy.context.view_layer.update()
    before = shown(beard)
    pose(rig)
    assert (shown(beard) - before)[:, 2].min() < -0.01


def test_other_hair_hangs_on_the_rig(collection: bpy.types.Collection) -> None:
    """A part whose mesh is new has weights for the asset's own bones alone."""
    add_rigify_face(collection)
    beard = next(obj for obj in collection.objects if obj.get(PART) == "Beard")
    weights = [rig_groups(beard), [entry.weight for entry in beard.data.vertices[0].groups]]
    for name in rig_groups(beard):
        beard.vertex_groups.remove(beard.vertex_groups[name])
    hang_new_parts(collection)
    assert weights == [rig_groups(beard), [entry.weight for entry in beard.data.vertices[0].groups]]


@pytest.mark.parametrize(("suffix", "preset"), [(".glb", "vrm"), (".fbx", "unity"), (".usdc", "arkit")])
def test_files_have_the_assets_own_bones(
    suffix: str, preset: str, collection: bpy.types.Collection, tmp_path: Path
) -> None:
    rig, armature = add_rigify_face(collection), bpy.data.objects["Armature"]
    pose(rig)
    before = {obj.name: shown(obj) for obj in collection.objects if PART in obj and not obj.hide_viewport}
    path = tmp_path / f"head{suffix}"
    export_asset(path, collection, preset)
    assert armature.hide_viewport
    for name, points in before.items():
        assert bpy.data.objects[name].parent == rig
        np.testing.assert_allclose(shown(bpy.data.objects[name]), points, atol=1e-6, err_msg=name)
    start_empty_file()
    opened = {".glb": bpy.ops.import_scene.gltf, ".fbx": bpy.ops.import_scene.fbx, ".usdc": bpy.ops.wm.usd_import}
    opened[suffix](filepath=str(path))
    skeleton = next(obj for obj in bpy.data.objects if obj.type == "ARMATURE")
    bones = {bone.name for bone in skeleton.data.bones}
    assert {"root", "head", "jaw"} <= bones
    assert not any(name.startswith(("ORG", "DEF")) for name in bones)
    head = bpy.data.objects["Head"]
    assert {"head", "jaw"} <= set(head.vertex_groups.keys())
    assert head.find_armature() == skeleton


def test_without_its_metarig_the_rig_cannot_follow_and_nothing_changes(
    scene: bpy.types.Scene, collection: bpy.types.Collection, second: Head
) -> None:
    rig = add_rigify_face(collection)
    head = head_object(collection)
    before = shown(head)
    bpy.data.objects.remove(metarig_of(collection))
    objects = set(bpy.data.objects)
    with pytest.raises(RequestError, match=rf"metarig of '{rig.name}' is gone"):
        replace_asset(collection, second, scene)
    assert set(bpy.data.objects) == objects
    np.testing.assert_array_equal(shown(head), before)


def test_where_rigify_fails_the_rig_is_as_it_was(
    scene: bpy.types.Scene, collection: bpy.types.Collection, second: Head
) -> None:
    rig, metarig = add_rigify_face(collection), metarig_of(collection)
    metarig.pose.bones["teeth.T"].rigify_type = "no.such_type"
    rest = [bone.matrix_local.copy() for bone in (*rig.data.bones, *metarig.data.bones)]
    objects = {obj.name for obj in bpy.data.objects if obj.name.startswith(("Rigify", "WGT"))}
    with pytest.raises(RequestError, match="Rigify could not make a rig of this person's face"):
        replace_asset(collection, second, scene)
    assert metarig.data.rigify_target_rig == rig
    assert {obj.name for obj in bpy.data.objects if obj.name.startswith(("Rigify", "WGT"))} == objects
    for bone, before in zip((*rig.data.bones, *metarig.data.bones), rest, strict=True):
        np.testing.assert_allclose(bone.matrix_local, before, atol=1e-6)
