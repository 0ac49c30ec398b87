"""Another person in an asset's place: all of the new person's shape and skin, and all that is the artist's."""

from dataclasses import replace

import bpy
import numpy as np
import pytest

from clip_head.core.errors import MeshError
from clip_head.core.types import Asset, AssetPart, Groom, GroomLook, Head
from clip_head.scene.asset import PART
from clip_head.scene.asset_action import add_demonstration
from clip_head.scene.asset_replace import replace_asset
from clip_head.scene.canvas import find_albedo, read_image
from clip_head.scene.hair import GROOM, HEAD_VERTEX, SHOWN, VOLUME, hair_surface, is_hair_surface, show_hair, strands_in
from clip_head.scene.head import add_head, head_object
from clip_head.scene.mesh import to_blender
from clip_head.scene.raw_surface import RAW, add_raw_surface

from .synthetic_asset import eye_picture, synthetic_asset


@pytest.fixture
def first(small_head: Head) -> Head:
    return replace(small_head, asset=synthetic_asset(), part_images={"Eye": eye_picture()})


@pytest.fixture
def second(first: Head) -> Head:
    """Wider, of other colours, without a left eye and with a beard; the right eye has other quads."""
    assert first.asset is not None
    head, _, right = (_widened(part) for part in first.asset.parts)
    beard = replace(_widened(first.asset.parts[1]), name="Beard", materials=("Beard", "Iris"))
    asset = Asset(
        (head, replace(right, levels=(replace(right.levels[0], quads=right.levels[0].quads[:, [1, 2, 3, 0]]),)), beard),
        dict.fromkeys(first.asset.weights, 1.0),
        tuple(replace(bone, head=bone.head * 1.5, tail=bone.tail * 1.5) for bone in first.asset.bones),
    )
    textures = replace(first.textures, albedo=~first.textures.albedo)
    pictures = {"Eye": ~eye_picture()}
    return replace(first, request=replace(first.request, seed=9), textures=textures, asset=asset, part_images=pictures)


def _widened(part: AssetPart) -> AssetPart:
    wide = np.array([1.5, 1, 1], np.float32)
    keys = {name: moves * wide for name, moves in part.keys.items()}
    weights = dict(zip(part.bone_weights, reversed(part.bone_weights.values()), strict=True))
    return replace(part, vertices=part.vertices * wide, keys=keys, bone_weights=weights)


def points(data: bpy.types.bpy_prop_collection) -> np.ndarray:
    flat = np.empty(len(data) * 3, np.float32)
    data.foreach_get("co", flat)
    return flat.reshape(-1, 3)


def parts(collection: bpy.types.Collection) -> dict[str, bpy.types.Object]:
    return {obj[PART]: obj for obj in collection.objects if PART in obj}


def test_shape_keys_bones_weights_and_pictures_are_the_new_persons(
    scene: bpy.types.Scene, first: Head, second: Head
) -> None:
    collection = add_head(first, scene)
    replace_asset(collection, second, scene)
    fresh = add_head(second, scene)
    ours, theirs = parts(collection), parts(fresh)
    assert set(ours) == set(theirs) == {"Head", "Eye Right", "Beard"}
    for name, obj in ours.items():
        other = theirs[name]
        np.testing.assert_array_equal(points(obj.data.vertices), points(other.data.vertices))
        for block, wanted in zip(obj.data.shape_keys.key_blocks, other.data.shape_keys.key_blocks, strict=True):
            assert block.name == wanted.name
            np.testing.assert_array_equal(points(block.points), points(wanted.points))
        for vertex, wanted in zip(obj.data.vertices, other.data.vertices, strict=True):
            weights = {obj.vertex_groups[own.group].name: own.weight for own in vertex.groups}
            assert weights == {other.vertex_groups[own.group].name: own.weight for own in wanted.groups}
    bones = [next(obj for obj in own.objects if obj.type == "ARMATURE").data.bones for own in (collection, fresh)]
    for bone in bones[1]:
        np.testing.assert_allclose(bones[0][bone.name].matrix_local, bone.matrix_local, atol=1e-6)
    np.testing.assert_array_equal(read_image(find_albedo(ours["Head"]))[..., :3], second.textures.albedo)
    iris = ours["Eye Right"].material_slots[1].material
    image = next(node.image for node in iris.node_tree.nodes if node.type == "TEX_IMAGE")
    np.testing.assert_array_equal(read_image(image)[..., :3], 255 - eye_picture())
    assert head_object(collection)["seed"] == collection["seed"] == 9
    assert head_object(collection)["origin"].to_list() == head_object(fresh)["origin"].to_list()


def test_what_the_artist_set_stays(scene: bpy.types.Scene, first: Head, second: Head) -> None:
    assert first.asset is not None and second.asset is not None
    scene.cursor.location = (1.0, 2.0, 3.0)
    collection = add_head(first, scene)
    root, armature, obj, *_ = collection.objects
    root.name, obj.name = "Hero", "Hero's face"
    obj.modifiers.new("Subdivision", "SUBSURF")
    own_group = obj.vertex_groups.new(name="mine")
    own_group.add((3,), 0.25, "REPLACE")
    obj.data.uv_layers.new(name="my UV")
    keys = obj.data.shape_keys
    keys.key_blocks["jawOpen"].value = 0.75
    scar = obj.shape_key_add(name="scar", from_mix=False)
    scar.points[5].co.x += 0.01
    skin = obj.material_slots[0].material
    skin.node_tree.nodes["Principled BSDF"].inputs["Specular IOR Level"].default_value = 0.9
    hat = bpy.data.objects.new("hat", bpy.data.meshes.new("hat"))
    collection.objects.link(hat)
    hat.parent = obj
    action = add_demonstration(collection)
    scene.cursor.location = (0.0, 0.0, 0.0)

    replace_asset(collection, second, scene)
    assert {root, armature, obj, hat} <= set(collection.objects)
    assert (root.name, tuple(root.location), obj.name, obj.parent) == ("Hero", (1.0, 2.0, 3.0), "Hero's face", armature)
    assert [modifier.name for modifier in obj.modifiers] == ["Armature", "Subdivision"]
    assert obj.vertex_groups["mine"].weight(3) == 0.25
    assert "my UV" in obj.data.uv_layers
    assert obj.data.shape_keys == keys
    assert keys.key_blocks["jawOpen"].value == 0.75, "the slider, and not what words asked for"
    assert keys.animation_data.action == action
    added = points(keys.key_blocks["scar"].points) - points(keys.reference_key.points)
    np.testing.assert_allclose(added[5], (0.01, 0, 0), atol=1e-6)
    assert np.abs(np.delete(added, 5, axis=0)).max() < 1e-6
    assert obj.material_slots[0].material == skin
    assert skin.node_tree.nodes["Principled BSDF"].inputs["Specular IOR Level"].default_value == pytest.approx(0.9)
    assert hat.parent == obj


def test_nothing_of_the_other_asset_is_left_over(scene: bpy.types.Scene, first: Head, second: Head) -> None:
    collection = add_head(first, scene)
    add_raw_surface(collection, first.mesh, "")
    replace_asset(collection, second, scene)
    assert list(scene.collection.children) == [collection]
    assert len(bpy.data.objects) == len(collection.objects) == 5
    assert not [obj for obj in collection.objects if RAW in obj], "it was the former head's"
    assert len(bpy.data.armatures) == 1
    assert len(bpy.data.meshes) == 3
    assert [obj for obj in collection.objects if obj.parent is None] == [collection.objects[0]]
    for obj in parts(collection).values():
        assert obj.find_armature() == obj.parent


def test_the_keys_of_new_parts_follow_the_head_that_stays(scene: bpy.types.Scene, first: Head, second: Head) -> None:
    collection = add_head(first, scene)
    replace_asset(collection, second, scene)
    for name, key in (("Eye Right", "eyeLookUpRight"), ("Beard", "eyeLookUpLeft")):
        head_object(collection).data.shape_keys.key_blocks[key].value = 0.5
        bpy.context.view_layer.update()
        shown = parts(collection)[name].evaluated_get(bpy.context.evaluated_depsgraph_get())
        assert shown.data.shape_keys.key_blocks[key].value == pytest.approx(0.5)


def with_strands(head: Head) -> Head:
    """The same with eight guides on its crown, and the left eye, or what is there instead, as their volume."""
    assert head.asset is not None
    part, *others = head.asset.parts
    quads, count = part.levels[0].quads[:8], len(part.vertices)
    roots = part.vertices[quads[:, 0]]
    groom = Groom(
        "Hair",
        np.stack([roots, roots + np.float32(0.02), roots + np.float32(0.04)], axis=1),
        quads[:, :3],
        np.tile(np.array([1, 0, 0], np.float32), (8, 1)),
        part.levels[0].uv[:8, 0],
        np.ones(count, np.float32),
        GroomLook(strands=50),
    )
    parts = (part, *(replace(other, name="Hair") if number == 1 else other for number, other in enumerate(others)))
    return replace(head, asset=replace(head.asset, parts=parts, grooms=(groom,)))


@pytest.mark.parametrize("shown", SHOWN)
def test_strands_are_the_new_persons_on_the_skin_that_stays(
    scene: bpy.types.Scene, first: Head, second: Head, shown: str
) -> None:
    first, second = with_strands(first), with_strands(second)
    collection = add_head(first, scene)
    show_hair(collection, shown)
    before = [(obj.type, obj.hide_viewport) for obj in collection.objects if GROOM in obj or VOLUME in obj]
    replace_asset(collection, second, scene)
    skin = head_object(collection)
    (strands,) = strands_in(collection)
    surface = hair_surface(collection, skin)
    assert is_hair_surface(surface) and (strands.parent, strands.data.surface) == (skin, surface)
    assert [obj for obj in collection.objects if is_hair_surface(obj)] == [surface]
    at = np.empty(len(surface.data.vertices), np.int32)
    surface.data.attributes[HEAD_VERTEX].data.foreach_get("value", at)
    assert all((surface.data.vertices[k].co - skin.data.vertices[at[k]].co).length < 1e-6 for k in range(0, len(at), 7))
    assert second.asset is not None
    origin = np.array(skin["origin"], np.float32)
    guides = np.empty(8 * 3 * 3, np.float32)
    strands.data.attributes["position"].data.foreach_get("vector", guides)
    wanted = to_blender(second.asset.grooms[0].points - origin)
    np.testing.assert_allclose(guides.reshape(8, 3, 3), wanted, atol=1e-6)
    inputs = [value for modifier in strands.modifiers for _, value in modifier.items()]
    assert {value for value in inputs if isinstance(value, bpy.types.Object)} == {surface}
    assert sorted(
        (obj.type, obj.hide_viewport) for obj in collection.objects if GROOM in obj or VOLUME in obj
    ) == sorted(before)
    assert len(bpy.data.hair_curves) == 1


@pytest.mark.parametrize("level", [0, 1])
def test_the_level_of_detail_stays(scene: bpy.types.Scene, first: Head, second: Head, level: int) -> None:
    assert second.asset is not None
    collection = add_head(first, scene, level)
    count = len(head_object(collection).data.vertices)
    replace_asset(collection, second, scene)
    assert len(head_object(collection).data.vertices) == count
    wide = np.ptp(to_blender(second.asset.parts[0].vertices)[:, 0])
    assert np.ptp(points(head_object(collection).data.vertices)[:, 0]) == pytest.approx(wide, rel=0.05)


def test_a_head_whose_quads_were_changed_is_refused_and_stays(
    scene: bpy.types.Scene, first: Head, second: Head
) -> None:
    collection = add_head(first, scene)
    obj = head_object(collection)
    obj.data.clear_geometry()
    obj.data.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    with pytest.raises(MeshError, match="3 vertices"):
        replace_asset(collection, second, scene)
    assert len(scene.collection.children) == 1
    assert collection["seed"] == first.request.seed


def test_an_asset_of_an_earlier_version_is_known_by_its_objects_names(
    scene: bpy.types.Scene, first: Head, second: Head
) -> None:
    collection = add_head(first, scene)
    for obj in parts(collection).values():
        del obj[PART]
    replace_asset(collection, second, scene)
    assert {obj.name for obj in collection.objects if obj.type == "MESH"} == {"Head", "Eye Right", "Beard"}
