"""The files that leave Blender hold the whole head: opened again and looked into."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import addon_utils
import bpy
import numpy as np
import pytest
from PIL import Image

from clip_head.core.types import Head
from clip_head.scene import add_head, head_object, picture_head, render_preview, save_blend, save_glb
from clip_head.scene.canvas import read_image
from clip_head.scene.export import start_empty_file


def test_blend_opens_with_everything_inside(scene: bpy.types.Scene, small_head: Head, tmp_path: Path) -> None:
    add_head(small_head, scene)
    save_blend(tmp_path / "head.blend")
    assert not bpy.data.filepath, "the open file keeps its own name"
    start_empty_file()
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "head.blend"))
    collection = bpy.context.scene.collection.children[0]
    obj = head_object(collection)
    assert collection["prompt"] == small_head.request.prompt
    assert obj.data.shape_keys.key_blocks["smiling"].value == 1.0
    assert all(image.packed_file for image in bpy.data.images if image.source == "FILE")
    assert {image.colorspace_settings.name for image in bpy.data.images if image.source == "FILE"} == {
        "sRGB",
        "Non-Color",
    }


def test_glb_carries_uv_textures_and_shape_key(scene: bpy.types.Scene, small_head: Head, tmp_path: Path) -> None:
    original = head_object(add_head(small_head, scene))
    extent = np.array(original.dimensions)
    save_glb(tmp_path / "head.glb", scene.collection.children[0])
    start_empty_file()
    bpy.ops.import_scene.gltf(filepath=str(tmp_path / "head.glb"))
    obj = next(obj for obj in bpy.data.objects if obj.type == "MESH")
    assert len(obj.data.uv_layers) == 1
    assert [key.name for key in obj.data.shape_keys.key_blocks] == ["Basis", "smiling"]
    np.testing.assert_allclose(obj.dimensions, extent, rtol=1e-3)
    images = [node.image for node in obj.active_material.node_tree.nodes if node.type == "TEX_IMAGE"]
    assert {tuple(image.size) for image in images} == {(32, 32)}
    assert obj["prompt"] == small_head.request.prompt


def test_glb_has_every_map_at_its_place(scene: bpy.types.Scene, small_head: Head, tmp_path: Path) -> None:
    """Read from the file itself: an importer may mend what other programs would not."""
    add_head(small_head, scene)
    save_glb(tmp_path / "head.glb", scene.collection.children[0])
    facts, images = read_glb(tmp_path / "head.glb")
    material = facts["materials"][0]
    surface = material["pbrMetallicRoughness"]
    assert surface["metallicFactor"] == 0
    coat = material["extensions"]["KHR_materials_clearcoat"]
    assert coat["clearcoatFactor"] == 1

    def picture(texture: dict[str, int]) -> np.ndarray:
        return images[facts["textures"][texture["index"]]["source"]]

    drawn = small_head.textures
    np.testing.assert_array_equal(picture(surface["baseColorTexture"])[..., :3], drawn.albedo)
    np.testing.assert_array_equal(picture(material["normalTexture"])[..., :3], drawn.normal)
    # glTF's own layout: occlusion in red, roughness in green; the moist layer in red.
    np.testing.assert_array_equal(picture(surface["metallicRoughnessTexture"])[..., 1], drawn.roughness)
    assert drawn.occlusion is not None
    np.testing.assert_array_equal(picture(material["occlusionTexture"])[..., 0], drawn.occlusion)
    np.testing.assert_array_equal(picture(coat["clearcoatTexture"])[..., 0], drawn.coat)


def test_a_gltf_comes_into_a_scene_that_has_a_head(tmp_path: Path, small_head: Head, scene: bpy.types.Scene) -> None:
    """The importer takes a group of the name that it gives its own, whatever inputs that has."""
    add_head(small_head, scene)
    save_glb(tmp_path / "head.glb", scene.collection.children[0])
    before = set(bpy.data.node_groups)
    bpy.ops.import_scene.gltf(filepath=str(tmp_path / "head.glb"))
    made = set(bpy.data.node_groups) - before
    assert [
        "Thickness" in group.interface.items_tree for group in made if "Occlusion" in group.interface.items_tree
    ] == [True]


def write_fbx(path: Path) -> None:
    addon_utils.enable("io_scene_fbx")
    bpy.ops.export_scene.fbx(filepath=str(path.with_suffix(".fbx")), path_mode="COPY", embed_textures=True)


def write_usd(path: Path) -> None:
    bpy.ops.wm.usd_export(filepath=str(path.with_suffix(".usdc")))


@pytest.mark.parametrize(
    ("write", "read", "suffix"),
    [(write_fbx, "import_scene.fbx", ".fbx"), (write_usd, "wm.usd_import", ".usdc")],
)
def test_blenders_own_exporters_carry_every_map(
    write: Callable[[Path], None], read: str, suffix: str, scene: bpy.types.Scene, small_head: Head, tmp_path: Path
) -> None:
    add_head(small_head, scene)
    write(tmp_path / "head")
    start_empty_file()
    package, operator = read.split(".")
    getattr(getattr(bpy.ops, package), operator)(filepath=str((tmp_path / "head").with_suffix(suffix)))
    material = next(obj for obj in bpy.data.objects if obj.type == "MESH").active_material
    bsdf = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    for name, wanted, colour_space in (
        ("Base Color", small_head.textures.albedo, {"sRGB", ""}),
        ("Roughness", small_head.textures.roughness, {"Non-Color", "Raw"}),
        ("Normal", small_head.textures.normal, {"Non-Color", "Raw"}),
    ):
        image = picture_behind(bsdf.inputs[name])
        assert image.colorspace_settings.name in colour_space
        pixels = read_image(image)[..., :3]
        there = wanted if wanted.ndim == 3 else wanted[..., None]
        np.testing.assert_array_equal(pixels, np.broadcast_to(there, pixels.shape))


def picture_behind(socket: bpy.types.NodeSocket) -> bpy.types.Image:
    """The one picture that a socket gets, by whatever nodes an importer puts between."""
    node = socket.links[0].from_node
    while node.type != "TEX_IMAGE":
        node = next(own.links[0].from_node for own in node.inputs if own.links)
    return node.image


def read_glb(path: Path) -> tuple[dict[str, Any], list[np.ndarray]]:
    """The JSON part of a .glb, and its images (H, W, 3 or 4)."""
    content = path.read_bytes()
    length = int.from_bytes(content[12:16], "little")
    facts, data = json.loads(content[20 : 20 + length]), content[20 + length + 8 :]
    views = [facts["bufferViews"][image["bufferView"]] for image in facts["images"]]
    parts = [data[view.get("byteOffset", 0) :][: view["byteLength"]] for view in views]
    return facts, [np.asarray(Image.open(io.BytesIO(part)).convert("RGB")) for part in parts]


def test_preview_shows_three_heads_and_leaves_nothing(scene: bpy.types.Scene, small_head: Head, tmp_path: Path) -> None:
    obj = head_object(add_head(small_head, scene))
    before = {
        name: len(getattr(bpy.data, name)) for name in ("scenes", "objects", "cameras", "lights", "worlds", "meshes")
    }
    for name in ("one.png", "two.png"):
        render_preview(obj, tmp_path / name, size=(180, 72), samples=4)
    after = {name: len(getattr(bpy.data, name)) for name in before}
    assert after == before
    assert bpy.context.scene == scene
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    picture = np.asarray(Image.open(tmp_path / "one.png")).astype(float)
    assert picture.shape == (72, 180, 3)
    background = picture[:4].mean(axis=(0, 1))
    head = np.abs(picture - background).max(axis=2) > 12
    for view in np.split(head, 3, axis=1):
        assert 0.2 < view.mean() < 0.9
        assert view[:, :2].mean() < 0.05, "heads stand apart"


def test_a_picture_shows_one_head_in_a_file_of_its_own(small_head: Head, tmp_path: Path) -> None:
    picture_head(small_head, tmp_path / "one.png", (60, 66), (20.0,))
    picture = np.asarray(Image.open(tmp_path / "one.png")).astype(float)
    assert picture.shape == (66, 60, 3)
    background = picture[:3].mean(axis=(0, 1))
    assert 0.2 < (np.abs(picture - background).max(axis=2) > 12).mean() < 0.9
    assert len(bpy.context.scene.collection.children) == 1
