"""What the artist finds of an asset: quads, keys that follow each other, bones, materials, and mirrored sides."""

from dataclasses import replace

import bpy
import numpy as np
import pytest
from mathutils import Matrix

from clip_head.core.types import Asset, Head
from clip_head.scene.asset import FACE_SETS, add_asset, lowest_rim_middle
from clip_head.scene.canvas import is_ours, is_painted, read_image, read_request
from clip_head.scene.head import head_object
from clip_head.scene.mesh import to_blender

from .synthetic_asset import ARKIT, EYES, eye_picture, synthetic_asset


@pytest.fixture(scope="module")
def asset() -> Asset:
    return synthetic_asset()


@pytest.fixture
def small_head(small_head: Head) -> Head:
    return replace(small_head, part_images={"Eye": eye_picture()})


def positions(data: bpy.types.bpy_prop_collection) -> np.ndarray:
    flat = np.empty(len(data) * 3, dtype=np.float32)
    data.foreach_get("co", flat)
    return flat.reshape(-1, 3)


def shown(obj: bpy.types.Object) -> np.ndarray:
    """The vertices as the view shows them: with keys, drivers and bones, in the world."""
    graph = bpy.context.evaluated_depsgraph_get()
    result = obj.evaluated_get(graph)
    return positions(result.data.vertices) @ np.array(result.matrix_world)[:3, :3].T + result.matrix_world.translation


def set_key(head: bpy.types.Object, name: str, value: float) -> None:
    head.data.shape_keys.key_blocks[name].value = value
    bpy.context.view_layer.update()


def test_every_part_is_a_mesh_of_quads_under_the_armature(
    scene: bpy.types.Scene, small_head: Head, asset: Asset
) -> None:
    scene.cursor.location = (1.0, 2.0, 3.0)
    collection = add_asset(small_head, asset, scene)
    bpy.context.view_layer.update()
    root, armature, *parts = collection.objects
    assert (root.type, root.name, tuple(root.location)) == ("EMPTY", collection.name, (1.0, 2.0, 3.0))
    assert (armature.type, armature.parent) == ("ARMATURE", root)
    assert [part.name for part in parts] == [part.name for part in asset.parts]
    for obj, part in zip(parts, asset.parts, strict=True):
        assert obj.parent == armature
        corners = np.empty(len(obj.data.loops), np.int32)
        obj.data.loops.foreach_get("vertex_index", corners)
        np.testing.assert_array_equal(corners.reshape(-1, 4), part.levels[0].quads)
        uv = np.empty(2 * len(corners), np.float32)
        obj.data.uv_layers["UVMap"].uv.foreach_get("vector", uv)
        np.testing.assert_array_equal(uv.reshape(-1, 4, 2), part.levels[0].uv)
        slots = np.empty(len(obj.data.polygons), np.int32)
        obj.data.polygons.foreach_get("material_index", slots)
        np.testing.assert_array_equal(slots, part.levels[0].material)
        assert not obj.data.validate(verbose=False), "Blender had to repair the mesh"
        assert all(polygon.use_smooth for polygon in obj.data.polygons)
        normals = np.array([polygon.normal[:] for polygon in obj.data.polygons])
        centres = np.array([polygon.center[:] for polygon in obj.data.polygons])
        assert (np.einsum("ij,ij->i", normals, centres - centres.mean(axis=0)) > 0).mean() > 0.95


def test_metres_z_up_facing_minus_y_and_the_neck_at_the_cursor(
    scene: bpy.types.Scene, small_head: Head, asset: Asset
) -> None:
    scene.cursor.location = (1.0, 2.0, 3.0)
    collection = add_asset(small_head, replace(asset, weights=dict.fromkeys(ARKIT, 0.0)), scene)
    points = shown(head_object(collection)) - (1.0, 2.0, 3.0)
    wanted = asset.parts[0].vertices
    assert np.ptp(points[:, 2]) == pytest.approx(0.25 * np.ptp(wanted[:, 1]), rel=1e-5)
    assert abs(points[:, 2].min()) < 1e-5, "not at the hole in the crown"
    eye = shown(bpy.data.objects["Eye Left"]) - (1.0, 2.0, 3.0)
    np.testing.assert_allclose(
        eye.mean(axis=0) - points.mean(axis=0), to_blender(EYES[0] - wanted.mean(axis=0)), atol=1e-5
    )
    assert eye[:, 1].max() < points[:, 1].mean()
    assert eye[:, 0].min() > 0, "the head's left is +x"


def test_the_head_has_all_actions_in_arkits_order_at_the_expressions_strength(
    scene: bpy.types.Scene, small_head: Head, asset: Asset
) -> None:
    obj = head_object(add_asset(small_head, asset, scene))
    keys = obj.data.shape_keys.key_blocks
    assert [key.name for key in keys] == ["Basis", *ARKIT]
    assert {key.name: key.value for key in keys[1:]} == pytest.approx(asset.weights)
    rest = positions(keys["Basis"].points)
    for key in keys[1:]:
        moves = asset.parts[0].keys.get(key.name, np.zeros_like(rest))
        np.testing.assert_allclose(positions(key.points) - rest, to_blender(moves), atol=1e-7)


def test_the_eyes_keys_follow_the_heads_without_a_script(
    scene: bpy.types.Scene, small_head: Head, asset: Asset
) -> None:
    head = head_object(add_asset(small_head, asset, scene))
    eye = bpy.data.objects["Eye Left"]
    assert [key.name for key in eye.data.shape_keys.key_blocks] == ["Basis", "eyeLookUpLeft"]
    set_key(head, "eyeLookUpLeft", 0.0)
    rest, other = shown(eye), shown(bpy.data.objects["Eye Right"])
    set_key(head, "eyeLookUpLeft", 1.0)
    np.testing.assert_allclose(shown(eye) - rest, to_blender(asset.parts[1].keys["eyeLookUpLeft"]), atol=1e-6)
    np.testing.assert_array_equal(shown(bpy.data.objects["Eye Right"]), other)
    (curve,) = eye.data.shape_keys.animation_data.drivers
    assert curve.is_valid
    assert curve.driver.type == "AVERAGE", "no Python"


def test_a_second_head_follows_itself(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    first = head_object(add_asset(small_head, asset, scene))
    second = head_object(add_asset(small_head, asset, scene))
    assert (first.name, second.name) == ("Head", "Head.001")
    before = shown(bpy.data.objects["Eye Left"])
    set_key(second, "eyeLookUpLeft", 1.0)
    np.testing.assert_array_equal(shown(bpy.data.objects["Eye Left"]), before)
    assert second.modifiers[0].object == bpy.data.objects["Armature.001"]


def test_a_coarse_level_keeps_only_its_vertices_and_their_moves(
    scene: bpy.types.Scene, small_head: Head, asset: Asset
) -> None:
    head, coarse = asset.parts[0], asset.parts[0].levels[1]
    used = np.unique(coarse.quads)
    obj = head_object(add_asset(small_head, asset, scene, level=1))
    assert len(obj.data.vertices) == len(used) < len(head.vertices)
    rest = positions(obj.data.shape_keys.key_blocks["Basis"].points)
    moved = positions(obj.data.shape_keys.key_blocks["jawOpen"].points)
    np.testing.assert_allclose(np.ptp(rest, axis=0), np.ptp(to_blender(head.vertices[used]), axis=0), atol=1e-6)
    np.testing.assert_allclose(moved - rest, to_blender(head.keys["jawOpen"][used]), atol=1e-7)
    assert weights(obj, "jaw", len(used)) == pytest.approx(head.bone_weights["jaw"][used])
    assert len(bpy.data.objects["Eye Left"].data.polygons) == len(asset.parts[1].levels[0].quads), "its only level"


def weights(obj: bpy.types.Object, group: str, count: int) -> np.ndarray:
    """A vertex group's weights, 0 where a vertex is not in it."""
    index = obj.vertex_groups[group].index
    found = np.zeros(count)
    for vertex in obj.data.vertices:
        found[vertex.index] = sum(entry.weight for entry in vertex.groups if entry.group == index)
    return found


@pytest.mark.parametrize("slope", [-0.2, -0.69, -0.71, -0.95])
def test_a_positive_turn_opens_the_jaw_however_steep_it_is(
    slope: float, scene: bpy.types.Scene, small_head: Head, asset: Asset
) -> None:
    """Measured: the jaws of some people point down by more than 45 degrees."""
    jaw = next(bone for bone in asset.bones if bone.name == "jaw")
    way = 0.25 * np.array([0.0, slope, np.sqrt(1 - slope**2)], np.float32)
    bones = tuple(replace(bone, tail=bone.head + way) if bone is jaw else bone for bone in asset.bones)
    add_asset(small_head, replace(asset, bones=bones), scene)
    bone = bpy.data.objects["Armature"].pose.bones["jaw"]
    assert bone.bone.matrix_local.col[0].x > 0.99
    before = bone.tail.copy()
    bone.rotation_mode = "XYZ"
    bone.rotation_euler = (0.2, 0.0, 0.0)
    bpy.context.view_layer.update()
    assert bone.tail.z < before.z - 0.002
    assert bone.tail.y > before.y


def test_bones_move_what_they_weigh(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    head = head_object(add_asset(small_head, replace(asset, weights=dict.fromkeys(ARKIT, 0.0)), scene))
    armature = bpy.data.objects["Armature"]
    parents = {bone.name: bone.parent.name if bone.parent else "" for bone in armature.data.bones}
    assert parents == {bone.name: bone.parent for bone in asset.bones} | {
        f"eye_target.{side}": "eye_target" for side in "LR"
    }
    for bone in asset.bones:
        there = armature.data.bones[bone.name]
        length = to_blender(bone.tail - bone.head)
        np.testing.assert_allclose(there.tail_local - there.head_local, length, atol=1e-6)
        assert there.x_axis.x > 0.99, "a positive turn nods, opens the jaw or looks down"
    jaw = asset.parts[0].bone_weights["jaw"]
    assert weights(head, "jaw", len(jaw)) == pytest.approx(jaw)
    assert weights(head, "front", len(jaw)) == pytest.approx(asset.parts[0].groups["front"])
    rest = shown(head)
    armature.pose.bones["jaw"].location = (0.0, 0.01, 0.0)
    bpy.context.view_layer.update()
    moved = np.linalg.norm(shown(head) - rest, axis=1)
    np.testing.assert_allclose(moved, 0.01 * jaw, atol=1e-6)
    np.testing.assert_allclose(rest, to_rest(head), atol=1e-6, err_msg="at rest the bones move nothing")


def to_rest(obj: bpy.types.Object) -> np.ndarray:
    return positions(obj.data.shape_keys.key_blocks["Basis"].points)


def test_eyes_look_at_their_target(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    add_asset(small_head, replace(asset, weights=dict.fromkeys(ARKIT, 0.0)), scene)
    armature, eye = bpy.data.objects["Armature"], bpy.data.objects["Eye Left"]
    rest = shown(eye)
    np.testing.assert_allclose(rest, to_rest(eye), atol=1e-6, err_msg="the target lies straight ahead")
    ahead = np.array(armature.pose.bones["eye.L"].vector.normalized())
    np.testing.assert_allclose(ahead, [0, -1, 0], atol=1e-6)
    target = armature.pose.bones["eye_target"]
    target.matrix = Matrix.Translation((0.245, 0.0, 0.0)) @ target.matrix  # as far to the left as it lies ahead
    bpy.context.view_layer.update()
    for side in "LR":
        turned = np.array(armature.pose.bones[f"eye.{side}"].vector.normalized())
        np.testing.assert_allclose(turned, np.array([1, -1, 0]) / np.sqrt(2), atol=1e-5)
    front = np.argmin(rest[:, 1])
    assert shown(eye)[front, 0] > rest[front, 0] + 0.005


def test_both_sides_are_exact_mirror_images(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    obj = head_object(add_asset(small_head, asset, scene))
    points, mirror = positions(obj.data.vertices), asset.parts[0].mirror
    assert mirror is not None
    np.testing.assert_array_equal(points[mirror] * (-1, 1, 1), points)
    # Blender finds the pairs too: it mirrors one eye's blink into the other's.
    keys = obj.data.shape_keys.key_blocks
    left, right = positions(keys["eyeBlinkLeft"].points), positions(keys["eyeBlinkRight"].points)
    assert np.abs(left - right).max() > 0.005
    obj.active_shape_key_index = keys.find("eyeBlinkLeft")
    with bpy.context.temp_override(object=obj, active_object=obj):
        bpy.ops.object.shape_key_mirror(use_topology=False)
    np.testing.assert_allclose(positions(keys["eyeBlinkLeft"].points), right, atol=1e-7)


def test_materials_are_shared_by_name_and_show_their_images(
    scene: bpy.types.Scene, small_head: Head, asset: Asset
) -> None:
    collection = add_asset(small_head, asset, scene)
    left, right = (bpy.data.objects[f"Eye {side}"].data.materials for side in ("Left", "Right"))
    assert [material.name for material in left] == ["Sclera", "Iris"]
    assert list(left) == list(right)
    images = {surface(material).inputs["Base Color"].links[0].from_node.image for material in left}
    (image,) = images
    np.testing.assert_array_equal(read_image(image)[..., :3], small_head.part_images["Eye"])
    skin = head_object(collection).data.materials[0]
    assert (skin.name, skin["clip_head"]) == ("Skin", True)
    albedo = surface(skin).inputs["Base Color"].links[0].from_node.image
    np.testing.assert_array_equal(read_image(albedo)[..., :3], small_head.textures.albedo)


def surface(material: bpy.types.Material) -> bpy.types.Node:
    return next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")


def test_what_lies_behind_the_cornea_shows(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    eye = replace(asset.parts[1], materials=("Cornea", "Pupil"))
    add_asset(small_head, replace(asset, parts=(asset.parts[0], eye, asset.parts[2])), scene)
    cornea, pupil = bpy.data.objects["Eye Left"].data.materials
    sockets = surface(cornea).inputs
    assert sockets["IOR"].default_value == pytest.approx(1.376)
    assert sockets["Transmission Weight"].default_value == 1.0
    assert sockets["Alpha"].default_value < 0.3
    assert cornea.surface_render_method == "BLENDED"
    assert tuple(surface(pupil).inputs["Base Color"].default_value)[:3] == (0.0, 0.0, 0.0)


def test_a_picture_with_alpha_is_cut_out(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    pixels = np.dstack([small_head.part_images["Eye"], small_head.part_images["Eye"][..., 0]])
    eye = replace(asset.parts[1], materials=("Lashes", "Iris"))
    changed = replace(asset, parts=(asset.parts[0], eye))
    add_asset(replace(small_head, part_images={"Lashes": pixels}), changed, scene)
    sockets = surface(bpy.data.objects["Eye Left"].data.materials[0]).inputs
    assert sockets["Alpha"].links[0].from_node == sockets["Base Color"].links[0].from_node
    np.testing.assert_array_equal(read_image(sockets["Alpha"].links[0].from_node.image), pixels)


def test_collection_and_head_say_where_they_came_from(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    collection = add_asset(small_head, asset, scene)
    obj = head_object(collection)
    assert collection["prompt"] == obj["prompt"] == small_head.request.prompt
    assert read_request(obj) == small_head.request
    assert is_ours(obj)
    assert is_painted(obj)
    np.testing.assert_allclose(
        obj["origin"], lowest_rim_middle(asset.parts[0].vertices, asset.parts[0].levels[0].quads)
    )


def test_the_artists_mode_and_selection_stay(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    mesh = bpy.data.meshes.new("own")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    own = bpy.data.objects.new("own", mesh)
    scene.collection.objects.link(own)
    own.select_set(True)
    bpy.context.view_layer.objects.active = own
    bpy.ops.object.mode_set(mode="EDIT")
    add_asset(small_head, asset, scene)
    assert own.mode == "EDIT"
    assert bpy.context.view_layer.objects.active == own
    assert bpy.context.view_layer.objects.selected.keys() == ["own"]
    assert list(bpy.data.scenes) == [scene]
    assert bpy.data.objects["Armature"].mode == "OBJECT"
    assert len(bpy.data.objects["Armature"].data.bones) == len(asset.bones) + 2


def test_an_asset_without_bones_hangs_on_its_root(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    bare = tuple(replace(part, bone_weights={}) for part in asset.parts)
    collection = add_asset(small_head, replace(asset, parts=bare, bones=()), scene)
    assert {obj.type for obj in collection.objects} == {"EMPTY", "MESH"}
    assert head_object(collection).parent == collection.objects[0]
    assert not head_object(collection).modifiers


def test_the_lowest_of_several_rims_is_the_neck(asset: Asset) -> None:
    head = asset.parts[0]
    middle = lowest_rim_middle(head.vertices, head.levels[0].quads)
    rim = head.vertices[-32:]
    np.testing.assert_allclose(middle, rim.mean(axis=0), atol=1e-4)
    assert middle[0] == 0.0, "exactly: the sides stay mirror images"
    cube = np.array([[x, y, z] for x in (0, 1) for y in (2, 3) for z in (0, 1)], np.float32)
    quads = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]], np.int32)
    np.testing.assert_allclose(lowest_rim_middle(cube, quads), [0.5, 2.0, 0.5])


def test_regions_are_face_sets(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    mesh = head_object(add_asset(small_head, asset, scene)).data
    sets = np.array([entry.value for entry in mesh.attributes[FACE_SETS].data])
    groups = asset.parts[0].groups
    smallest = min(groups, key=lambda name: groups[name].sum())
    inside = (groups[smallest][asset.parts[0].levels[0].quads] > 0.5).all(axis=1)
    assert len(set(sets[inside])) == 1
    assert set(sets[inside]).isdisjoint(sets[~inside])


def test_correctives_are_products_of_their_actions(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    name = "jawOpen_eyeBlinkLeft"
    first = asset.parts[0]
    wide = replace(first, keys=first.keys | {name: np.full_like(first.vertices, 0.01)})
    parts = (wide, *(replace(part, keys=part.keys | {name: 0 * part.vertices}) for part in asset.parts[1:]))
    collection = add_asset(small_head, replace(asset, parts=parts), scene)
    keys = head_object(collection).data.shape_keys
    assert [block.name for block in keys.key_blocks][1:] == [*ARKIT, name]
    keys.key_blocks["jawOpen"].value, keys.key_blocks["eyeBlinkLeft"].value = 0.5, 0.5
    bpy.context.view_layer.update()
    assert keys.key_blocks[name].value == pytest.approx(0.25)
    assert all(curve.driver.is_simple_expression for curve in keys.animation_data.drivers)
    eye = bpy.data.objects["Eye Left"].data.shape_keys.key_blocks[name]
    assert eye.value == pytest.approx(0.25)
