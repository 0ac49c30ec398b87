"""Grooms become Blender hair: guides on the skin, strands by modifiers, volumes out of sight."""

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pytest
from mathutils.bvhtree import BVHTree

from clip_head.core.types import Asset, Head
from clip_head.scene import hair_nodes
from clip_head.scene.asset import add_asset, asset_collection, lowest_rim_middle
from clip_head.scene.asset_replace import replace_asset
from clip_head.scene.export import save_blend
from clip_head.scene.hair import (
    SHOWN,
    hair_remark,
    hair_surface,
    remove_groom,
    show_hair,
    strands_in,
    strands_missing,
    volumes_in,
)
from clip_head.scene.hair_export import hair_to_write
from clip_head.scene.hair_nodes import DEFORM, show_share
from clip_head.scene.hair_strands import bake_strands
from clip_head.scene.head import head_object
from clip_head.scene.mesh import to_blender
from clip_head.scene.textures import apply_textures

from .synthetic_groom import POINTS, hairy_asset, plain

#: Names of the grooms.
NAMES = ["Hair", "Beard", "Eyebrows"]


@pytest.fixture(scope="module")
def asset() -> Asset:
    return hairy_asset()


@pytest.fixture
def collection(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> bpy.types.Collection:
    head = replace(small_head, part_images={"Hair": plain((150, 60, 30)), "Beard": plain((30, 24, 20))})
    collection = add_asset(head, asset, scene)
    set_keys(head_object(collection), 0.0)
    return collection


def set_keys(head: bpy.types.Object, value: float, name: str = "") -> None:
    """Set a key of the head, or all of them."""
    for block in head.data.shape_keys.key_blocks[1:]:
        if name in ("", block.name):
            block.value = value
    bpy.context.view_layer.update()


def strands(obj: bpy.types.Object) -> np.ndarray:
    """All strands of a groom as they are rendered, each as its points (N, K, 3), in the head's frame."""
    scene = bpy.data.scenes.new("strands")
    baked = bake_strands(obj, scene).data
    points = np.empty(3 * len(baked.points), np.float32)
    baked.attributes["position"].data.foreach_get("vector", points)
    result = points.reshape(len(baked.curves), -1, 3)
    bpy.data.scenes.remove(scene)
    return result


def distances(surface: bpy.types.Object, points: np.ndarray) -> np.ndarray:
    """How far points (N, 3) are from what strands are attached to as keys and bones move it, mm."""
    surface.hide_viewport = False  # what is hidden has no shape of its own to be asked for
    bpy.context.view_layer.update()
    tree = BVHTree.FromObject(surface, bpy.context.evaluated_depsgraph_get())
    surface.hide_viewport = True
    return np.array([tree.find_nearest(point)[3] for point in points]) * 1000


def test_guides_are_a_curves_object_of_the_groom_on_the_head(collection: bpy.types.Collection, asset: Asset) -> None:
    head = head_object(collection)
    assert [obj.name for obj in strands_in(collection)] == NAMES
    surface = hair_surface(collection, head)
    assert surface.add_rest_position_attribute and surface.hide_viewport and surface.hide_render
    origin = lowest_rim_middle(asset.parts[0].vertices, asset.parts[0].levels[0].quads)
    for obj, groom in zip(strands_in(collection), asset.grooms, strict=True):
        assert (obj.type, obj.parent, obj.data.surface) == ("CURVES", head, surface)
        assert obj.data.surface_uv_map in surface.data.uv_layers
        assert asset_collection(obj) == collection
        points = np.empty(groom.points.size, np.float32)
        obj.data.attributes["position"].data.foreach_get("vector", points)
        np.testing.assert_allclose(points.reshape(groom.points.shape), to_blender(groom.points - origin), atol=1e-6)
        assert obj.modifiers[-1].name.startswith(DEFORM), "whole strands are carried with the skin last of all"


def test_modifiers_make_as_many_strands_as_wanted_where_hair_is_dense(
    collection: bpy.types.Collection, asset: Asset
) -> None:
    density = {groom.name: groom.density for groom in asset.grooms}
    head = head_object(collection)
    vertices = np.array([vertex.co for vertex in head.data.vertices])
    for obj in strands_in(collection)[:2]:
        roots = strands(obj)[:, 0]
        assert 300 < len(roots) < 500, "400, drawn at random"
        nearest = np.linalg.norm(roots[:, None] - vertices[None], axis=2).argmin(axis=1)
        assert density[obj.name][nearest].mean() > 0.6
        # Its bent quads are halved along either diagonal.
        assert distances(hair_surface(collection, head), roots).max() < 0.5
    assert len(strands(strands_in(collection)[2])) == 30, "where guides are as many as wanted, they are the strands"


def test_the_look_shapes_strands(collection: bpy.types.Collection, asset: Asset) -> None:
    hair, beard, _ = strands_in(collection)
    assert strands(hair).shape[1] == POINTS
    turns = strands(beard)
    assert turns.shape[1] > 2 * POINTS, "a curl needs more points than its guide has"
    along = turns[:, 1:] - turns[:, :-1]
    length = np.linalg.norm(along, axis=2).sum(axis=1)
    reach = np.linalg.norm(turns[:, -1] - turns[:, 0], axis=1)
    assert np.median(length / reach) > 1.1
    straight = hair.modifiers["Hair Curves Noise"]
    wild = strands(hair)
    assert not straight.show_viewport, "it would make every changed key slower, and is not seen in a few strands"
    straight.show_render = False
    calm = strands(hair)
    stray = np.linalg.norm(wild - calm, axis=2) * 1000
    assert stray[:, 0].max() < 1e-3, "roots stay"
    assert 0.5 < stray[:, -1].mean() < 4.0, "tips stray by about 2 mm"


def test_strands_follow_keys_and_bones(collection: bpy.types.Collection) -> None:
    head, beard = head_object(collection), strands_in(collection)[1]
    rest = strands(beard)
    set_keys(head, 1.0, "jawOpen")
    opened = strands(beard)
    moved = np.linalg.norm(opened - rest, axis=2) * 1000
    assert moved.max() > 10.0
    assert distances(hair_surface(collection, head), opened[:, 0]).max() < 0.5
    tips = np.linalg.norm(opened[:, -1] - opened[:, 0], axis=1), np.linalg.norm(rest[:, -1] - rest[:, 0], axis=1)
    np.testing.assert_allclose(*tips, atol=1e-5, err_msg="strands are carried as they are")
    set_keys(head, 0.0)
    pose = next(obj for obj in collection.objects if obj.type == "ARMATURE").pose.bones["jaw"]
    pose.rotation_mode, pose.rotation_euler.x = "XYZ", 0.3
    bpy.context.view_layer.update()
    turned = strands(beard)
    assert np.linalg.norm(turned - rest, axis=2).max() * 1000 > 10.0
    assert distances(hair_surface(collection, head), turned[:, 0]).max() < 0.5


def test_the_viewport_shows_few_strands_and_renders_all(scene: bpy.types.Scene, small_head: Head) -> None:
    hair = strands_in(add_asset(small_head, hairy_asset(6000), scene))[0]
    bpy.context.view_layer.update()
    shown = len(hair.evaluated_get(bpy.context.evaluated_depsgraph_get()).data.curves)
    assert 1000 < shown < 2000
    assert 5500 < len(strands(hair)) < 6500
    bpy.context.view_layer.update()
    assert len(hair.evaluated_get(bpy.context.evaluated_depsgraph_get()).data.curves) == shown, "as it was"
    assert show_share(hair, 1.0)
    bpy.context.view_layer.update()
    assert len(hair.evaluated_get(bpy.context.evaluated_depsgraph_get()).data.curves) > 5500


def test_node_groups_are_appended_once_and_are_no_assets_of_the_file(
    scene: bpy.types.Scene, small_head: Head, asset: Asset
) -> None:
    for _ in range(2):
        add_asset(small_head, asset, scene)
    names = [group.name for group in bpy.data.node_groups]
    assert "Interpolate Hair Curves" in names
    assert not [name for name in names if name.endswith(".001")]
    assert not [group.name for group in bpy.data.node_groups if group.asset_data is not None]
    assert not bpy.data.libraries[:]


def test_hair_is_strands_or_volume_or_off(collection: bpy.types.Collection) -> None:
    strand, volume = strands_in(collection), volumes_in(collection)
    assert [obj.name for obj in volume] == ["Hair Volume", "Beard Volume"]
    for shown in ("STRANDS", *SHOWN):
        show_hair(collection, shown)
        for obj in strand:
            assert obj.hide_viewport == obj.hide_render == (shown != "STRANDS")
        for obj in volume:
            assert obj.hide_viewport == obj.hide_render == (shown != "VOLUME")


def test_strands_of_lashes_hide_the_mesh_which_stays_without_hair(
    scene: bpy.types.Scene, small_head: Head, asset: Asset
) -> None:
    mesh = replace(asset.parts[-1], name="Lashes", materials=("Lashes",))
    lashes = replace(asset.grooms[2], name="Eyelashes")
    collection = add_asset(
        small_head, replace(asset, parts=(*asset.parts, mesh), grooms=(*asset.grooms, lashes)), scene
    )
    obj = collection.objects["Lashes"]
    assert obj.hide_render
    show_hair(collection, "OFF")
    assert not obj.hide_render
    assert collection.objects["Hair Volume"].hide_render


def test_an_asset_without_grooms_keeps_its_volumes(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    collection = add_asset(small_head, replace(asset, grooms=()), scene)
    assert {"Hair", "Beard"} <= set(collection.objects.keys())
    assert not any(obj.hide_render for obj in collection.objects)
    assert not head_object(collection).add_rest_position_attribute


def test_without_blenders_node_groups_the_guides_stay_and_the_volume_shows(
    scene: bpy.types.Scene, small_head: Head, asset: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in builds of Linux distributions, which have no folder of assets."""
    monkeypatch.setattr(bpy.utils, "system_resource", lambda *_, **__: "")
    assert hair_nodes.hair_node_file() is None
    collection = add_asset(small_head, asset, scene)
    assert strands_missing(collection)
    assert "node groups" in hair_remark(collection)
    assert [obj.name for obj in strands_in(collection)] == NAMES
    assert not collection.objects["Hair Volume"].hide_render
    assert collection.objects["Hair"].hide_render


def test_a_saved_file_has_all_that_strands_need(collection: bpy.types.Collection, tmp_path: Path) -> None:
    before = [(obj.name, [modifier.name for modifier in obj.modifiers]) for obj in strands_in(collection)]
    expected = strands(strands_in(collection)[0])
    save_blend(tmp_path / "head.blend")
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "head.blend"))
    (again,) = (one for one in bpy.data.collections if "models" in one)
    assert [(obj.name, [modifier.name for modifier in obj.modifiers]) for obj in strands_in(again)] == before
    assert not bpy.data.libraries[:]
    assert all(group.library is None for group in bpy.data.node_groups)
    np.testing.assert_allclose(strands(strands_in(again)[0]), expected, atol=1e-6)


def test_a_new_skin_recolours_the_strands_whose_pictures_changed(
    collection: bpy.types.Collection, small_head: Head
) -> None:
    def melanin() -> list[float]:
        groups = [
            next(node for node in obj.active_material.node_tree.nodes if node.type == "GROUP")
            for obj in strands_in(collection)
        ]
        return [group.inputs["Melanin"].default_value for group in groups]

    red, black, brows = melanin()
    assert red < 0.5 < black
    assert brows == pytest.approx(red, abs=0.05)
    apply_textures(head_object(collection), replace(small_head, part_images={"Hair": plain((30, 24, 20))}))
    dark, beard, brows = melanin()
    assert dark > 0.5
    assert brows > 0.5
    assert beard == black


def test_another_person_in_the_place_keeps_the_curves_objects_and_their_plain_names(
    collection: bpy.types.Collection, small_head: Head, asset: Asset
) -> None:
    before = {obj.name: obj.as_pointer() for obj in strands_in(collection)}
    seed = replace(small_head.request, seed=9)
    pictures = {"Hair": plain((30, 24, 20)), "Beard": plain((30, 24, 20))}
    replace_asset(collection, replace(small_head, request=seed, asset=asset, part_images=pictures), bpy.context.scene)
    assert {obj.name: obj.as_pointer() for obj in strands_in(collection)} == before
    assert [curves.name for curves in bpy.data.hair_curves] == sorted(NAMES)
    assert not [material.name for material in bpy.data.materials if material.name.endswith(".001")]
    node = next(one for one in bpy.data.objects["Hair"].active_material.node_tree.nodes if one.type == "GROUP")
    assert node.inputs["Melanin"].default_value > 0.5, "the new person's"


def test_baking_strands_leaves_the_file_as_it_was(collection: bpy.types.Collection) -> None:
    scene = bpy.data.scenes.new("other")
    before = {obj.name for obj in bpy.data.objects}
    baked = bake_strands(collection.objects["Hair"], scene)
    assert {obj.name for obj in bpy.data.objects} - before == {baked.name}
    assert not baked.modifiers
    assert collection.objects["Hair"].users_scene == (bpy.context.scene,)
    radius = np.empty(len(baked.data.points), np.float32)
    baked.data.attributes["radius"].data.foreach_get("value", radius)
    assert radius.max() == pytest.approx(8e-5), "the look's"
    assert radius.min() < 2e-5, "strands thin out"
    roots = np.empty(2 * len(baked.data.curves), np.float32)
    baked.data.attributes["surface_uv_coordinate"].data.foreach_get("vector", roots)
    assert np.ptp(roots.reshape(-1, 2), axis=0).min() > 0.1, "by it highlights know their locks"


def test_fewer_strands_cover_as_much(collection: bpy.types.Collection) -> None:
    def covered(name: str, share: float) -> tuple[int, float]:
        baked = bake_strands(collection.objects[name], bpy.data.scenes.new("other"), share).data
        radius = np.empty(len(baked.points), np.float32)
        baked.attributes["radius"].data.foreach_get("value", radius)
        return len(baked.curves), float(radius.sum())

    (all_of_them, whole), (some, half) = covered("Hair", 1.0), covered("Hair", 0.5)
    assert 0.35 < some / all_of_them < 0.65
    assert half == pytest.approx(whole, rel=0.3)
    assert covered("Eyebrows", 0.5) == covered("Eyebrows", 1.0), "guides that are the strands stay"


def test_subdividing_the_head_does_not_touch_what_strands_are_attached_to(collection: bpy.types.Collection) -> None:
    head, hair = head_object(collection), strands_in(collection)[0]
    surface, before = hair_surface(collection, head), strands(hair)
    head.modifiers.new("Subdivision", "SUBSURF").levels = 2
    bpy.context.view_layer.update()
    seen = surface.evaluated_get(bpy.context.evaluated_depsgraph_get())
    assert len(seen.data.polygons) == len(surface.data.polygons) <= len(head.data.polygons)
    np.testing.assert_allclose(strands(hair), before, atol=1e-6)


def test_files_for_other_programs_leave_the_surface_of_strands_out(
    collection: bpy.types.Collection,
) -> None:
    surface = hair_surface(collection, head_object(collection))
    with hair_to_write(collection, ".glb") as whole:
        assert surface not in whole.objects[:] and head_object(collection) in whole.objects[:]
    with hair_to_write(collection, ".usdc") as whole:
        assert surface not in whole.objects[:] and set(strands_in(collection)) <= set(whole.objects[:])
    for obj in strands_in(collection):
        remove_groom(obj)
    with hair_to_write(collection, ".glb") as whole:
        assert surface not in whole.objects[:], "nor where no strands are left"
    assert surface.name in collection.objects
