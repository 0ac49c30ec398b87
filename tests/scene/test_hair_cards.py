"""Cards in a scene: made of guides as they are combed, driven with the head, whole in files that are opened again."""

import io
from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pygltflib
import pytest
from PIL import Image

from clip_head.core.types import Asset, Head
from clip_head.scene.asset import add_asset
from clip_head.scene.asset_export import export_asset
from clip_head.scene.asset_replace import replace_asset
from clip_head.scene.canvas import read_image
from clip_head.scene.export import save_glb
from clip_head.scene.hair import cards_in, show_hair, strands_in
from clip_head.scene.hair_cards import DATA_LAYER, update_cards
from clip_head.scene.hair_material import set_sliders
from clip_head.scene.head import head_object

from .synthetic_groom import hairy_asset, plain
from .test_asset_export import reopen

#: Names of the cards.
NAMES = {"Hair Cards", "Beard Cards", "Eyebrows Cards"}


@pytest.fixture(scope="module")
def asset() -> Asset:
    """Its beard is where the jaw opens."""
    asset = hairy_asset()
    head = asset.parts[0]
    opened = np.zeros_like(head.vertices)
    opened[head.vertices[:, 1] < -0.1, 1] = -0.05
    return replace(asset, parts=(replace(head, keys={**head.keys, "jawOpen": opened}), *asset.parts[1:]))


@pytest.fixture
def collection(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> bpy.types.Collection:
    head = replace(small_head, part_images={"Hair": plain((150, 60, 30)), "Beard": plain((30, 24, 20))})
    collection = add_asset(head, asset, scene, level=2)
    for block in head_object(collection).data.shape_keys.key_blocks[1:]:
        block.value = 0.0
    return collection


def card(collection: bpy.types.Collection, name: str = "Hair Cards") -> bpy.types.Object:
    return collection.objects[name]


def points(obj: bpy.types.Object, evaluated: bool = False) -> np.ndarray:
    """Vertices (V, 3) of a mesh, as modelled or as keys and bones move them."""
    mesh = obj.evaluated_get(bpy.context.evaluated_depsgraph_get()).data if evaluated else obj.data
    flat = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", flat)
    return flat.reshape(-1, 3)


def comb(obj: bpy.types.Object, by: float) -> None:
    """Move the tips of guides along x, metres, as a comb does."""
    data = obj.data.attributes["position"].data
    flat = np.empty(3 * len(data), np.float32)
    data.foreach_get("vector", flat)
    guides = flat.reshape(len(obj.data.curves), -1, 3)
    guides[..., 0] += by * np.linspace(0, 1, guides.shape[1])
    data.foreach_set("vector", guides.ravel())


def test_cards_are_made_once_and_hidden_until_they_are_shown(collection: bpy.types.Collection) -> None:
    assert {obj.name for obj in update_cards(collection)} == NAMES
    assert all(obj.hide_viewport and obj.hide_render for obj in cards_in(collection))
    before = [obj.as_pointer() for obj in cards_in(collection)]
    assert not update_cards(collection)
    assert [obj.as_pointer() for obj in cards_in(collection)] == before
    show_hair(collection, "CARDS")
    assert not any(obj.hide_viewport or obj.hide_render for obj in cards_in(collection))
    assert all(obj.hide_viewport for obj in strands_in(collection))
    assert len(bpy.data.images) == len({image.name for image in bpy.data.images})


def test_they_are_quads_beside_the_head_with_two_uv_layers(collection: bpy.types.Collection) -> None:
    update_cards(collection)
    head = head_object(collection)
    for obj in cards_in(collection):
        assert obj.parent == head.parent
        assert obj.find_armature() == head.find_armature()
        assert {len(polygon.vertices) for polygon in obj.data.polygons} == {4}
        assert [layer.name for layer in obj.data.uv_layers] == ["UVMap", DATA_LAYER]
        data = np.empty(2 * len(obj.data.loops), np.float32)
        obj.data.uv_layers[DATA_LAYER].uv.foreach_get("vector", data)
        assert (data.min(), data.max()) == (0.0, 1.0)
        assert not obj.data.validate()
    assert len(card(collection).data.polygons) == pytest.approx(1000, rel=0.1), "the level of the head"


def test_combed_guides_make_other_cards(collection: bpy.types.Collection) -> None:
    update_cards(collection)
    before = {name: points(card(collection, name)).mean(axis=0) for name in NAMES}
    materials = set(bpy.data.materials)
    comb(collection.objects["Hair"], 0.02)
    update_cards(collection)
    after = {name: points(card(collection, name)).mean(axis=0) for name in NAMES}
    assert 0.005 < after["Hair Cards"][0] - before["Hair Cards"][0] < 0.02
    for name in NAMES - {"Hair Cards"}:
        np.testing.assert_array_equal(after[name], before[name])
    assert {obj.name for obj in cards_in(collection)} == NAMES
    assert set(bpy.data.materials) == materials


def test_guides_stand_where_their_roots_are_on_the_uv_whatever_was_sculpted(collection: bpy.types.Collection) -> None:
    update_cards(collection)
    before = points(card(collection)).mean(axis=0)
    head = head_object(collection)
    for block in head.data.shape_keys.key_blocks:
        flat = np.empty(3 * len(block.points), np.float32)
        block.points.foreach_get("co", flat)
        block.points.foreach_set("co", flat + np.tile(np.array([0.0, 0.0, 0.01], np.float32), len(block.points)))
    update_cards(collection)
    np.testing.assert_allclose(points(card(collection)).mean(axis=0) - before, [0, 0, 0.01], atol=1e-4)


def test_guides_of_fewer_points_have_cards_too(collection: bpy.types.Collection) -> None:
    obj = collection.objects["Eyebrows"]
    last = len(obj.data.curves)
    start = np.array(obj.data.attributes["position"].data[0].vector)
    obj.data.add_curves([3])
    for place, point in enumerate(obj.data.curves[last].points):
        point.position = start + place * np.array([0.0, -0.004, 0.0])
    obj.data.attributes["surface_uv_coordinate"].data[last].vector = (
        obj.data.attributes["surface_uv_coordinate"].data[0].vector
    )
    update_cards(collection)
    assert np.isfinite(points(card(collection, "Eyebrows Cards"))).all()


def test_a_beard_follows_the_jaw_by_a_driver(collection: bpy.types.Collection) -> None:
    update_cards(collection)
    show_hair(collection, "CARDS")
    beard = card(collection, "Beard Cards")
    rest = points(beard, evaluated=True)
    head_object(collection).data.shape_keys.key_blocks["jawOpen"].value = 1.0
    bpy.context.view_layer.update()
    moved = points(beard, evaluated=True) - rest
    assert moved[:, 2].min() == pytest.approx(-0.0125, abs=1e-3)
    assert "jawOpen" not in (card(collection).data.shape_keys.key_blocks if card(collection).data.shape_keys else ())


def test_the_picture_has_the_colours_of_the_strands(collection: bpy.types.Collection) -> None:
    update_cards(collection)
    material = card(collection).data.materials[0]
    assert {obj.data.materials[0] for obj in cards_in(collection)} == {material}
    picture = read_image(next(node.image for node in material.node_tree.nodes if node.type == "TEX_IMAGE"))
    assert picture.shape == (1024, 1024, 4)
    assert 0.2 < (picture[..., 3] > 128).mean() < 0.9
    red, green, blue, _ = picture[:700, :400][picture[:700, :400, 3] > 128].mean(axis=0)
    assert red > 1.3 * green > 1.3 * blue, "ginger"
    set_sliders(collection.objects["Hair"].data.materials[0], Melanin=0.0, Redness=0.0, Dye=(1.0, 1.0, 1.0, 1.0))
    update_cards(collection)
    lighter = card(collection).data.materials[0]
    assert {obj.data.materials[0] for obj in cards_in(collection)} == {lighter} != {material}
    image = next(node.image for node in lighter.node_tree.nodes if node.type == "TEX_IMAGE")
    assert read_image(image)[:700, :400, :3].mean() > picture[:700, :400, :3].mean() + 20


def test_another_person_gets_cards_of_their_own(
    collection: bpy.types.Collection, small_head: Head, asset: Asset, scene: bpy.types.Scene
) -> None:
    update_cards(collection, 1)
    show_hair(collection, "CARDS")
    grooms = tuple(groom for groom in asset.grooms if groom.name != "Beard")
    replace_asset(collection, replace(small_head, asset=replace(asset, grooms=grooms)), scene)
    assert {obj.name for obj in cards_in(collection)} == NAMES - {"Beard Cards"}
    assert not any(obj.hide_viewport for obj in cards_in(collection))
    assert len(card(collection).data.polygons) == pytest.approx(3000, rel=0.1)
    show_hair(collection, "STRANDS")
    replace_asset(collection, replace(small_head, asset=asset), scene)
    assert not cards_in(collection), "made again when they are wanted"


def test_an_export_leaves_no_cards_behind(collection: bpy.types.Collection, tmp_path: Path) -> None:
    blocks = [len(kind) for kind in (bpy.data.objects, bpy.data.meshes, bpy.data.materials, bpy.data.images)]
    save_glb(tmp_path / "head.glb", collection)
    assert [len(kind) for kind in (bpy.data.objects, bpy.data.meshes, bpy.data.materials, bpy.data.images)] == blocks


def test_a_glb_holds_cards_with_keys_bones_and_a_picture_with_alpha(
    collection: bpy.types.Collection, tmp_path: Path
) -> None:
    save_glb(tmp_path / "head.glb", collection)
    update_cards(collection)
    wanted = {obj.name: len(obj.data.polygons) for obj in cards_in(collection)}
    file = pygltflib.GLTF2().load(str(tmp_path / "head.glb"))
    nodes = {node.name: node for node in file.nodes}
    assert wanted.keys() <= nodes.keys()
    for name, quads in wanted.items():
        mesh = file.meshes[nodes[name].mesh]
        (primitive,) = mesh.primitives
        assert file.accessors[primitive.indices].count == 6 * quads
        attributes = primitive.attributes
        assert None not in (attributes.NORMAL, attributes.TEXCOORD_0, attributes.TEXCOORD_1)
        assert None not in (attributes.JOINTS_0, attributes.WEIGHTS_0)
        material = file.materials[primitive.material]
        assert material.alphaMode == "BLEND"
        assert material.doubleSided
        texture = file.textures[material.pbrMetallicRoughness.baseColorTexture.index]
        view = file.bufferViews[file.images[texture.source].bufferView]
        picture = Image.open(io.BytesIO(file.binary_blob()[view.byteOffset : view.byteOffset + view.byteLength]))
        assert (picture.mode, picture.size) == ("RGBA", (1024, 1024))
    beard = file.meshes[nodes["Beard Cards"].mesh]
    assert "jawOpen" in beard.extras["targetNames"]


@pytest.mark.parametrize("suffix", [".glb", ".fbx"])
def test_files_opened_again_have_the_cards(suffix: str, collection: bpy.types.Collection, tmp_path: Path) -> None:
    update_cards(collection)
    rest = points(card(collection, "Beard Cards"))
    low, high = rest.min(axis=0), rest.max(axis=0)
    export_asset(tmp_path / f"head{suffix}", collection)
    meshes = reopen(tmp_path / f"head{suffix}")
    assert set(meshes) >= NAMES
    beard = meshes["Beard Cards"]
    flat = points(beard) @ np.array(beard.matrix_world)[:3, :3].T + np.array(beard.matrix_world)[:3, 3]
    np.testing.assert_allclose(flat.min(axis=0), low, atol=2e-5)
    np.testing.assert_allclose(flat.max(axis=0), high, atol=2e-5)
    assert "jawOpen" in beard.data.shape_keys.key_blocks
    nodes = beard.data.materials[0].node_tree.nodes
    bsdf = next(node for node in nodes if node.type == "BSDF_PRINCIPLED")
    for socket in ("Base Color", "Alpha"):
        assert bsdf.inputs[socket].is_linked
    assert next(node.image for node in nodes if node.type == "TEX_IMAGE" and node.image).channels == 4
