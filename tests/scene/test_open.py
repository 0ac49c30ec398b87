"""Files of others, opened: the right mesh as it was being edited, and nothing that is no head."""

import json
import os
import re
import struct
from pathlib import Path

import bpy
import numpy as np
import pytest
from PIL import Image

from clip_head.core.errors import MeshError, RequestError
from clip_head.core.types import ForeignMesh, Head
from clip_head.scene import add_head, head_object, read_canvas, save_blend, save_glb
from clip_head.scene.canvas import check_painted
from clip_head.scene.open import open_mask, open_mesh, refusals_name


def add_sphere(name: str, segments: int = 32) -> bpy.types.Object:
    bpy.ops.mesh.primitive_uv_sphere_add(segments=segments, ring_count=segments // 2)
    bpy.context.active_object.name = name
    return bpy.context.active_object


def test_the_named_mesh_is_taken_else_the_largest(scene: bpy.types.Scene, tmp_path: Path) -> None:
    add_sphere("Head")
    add_sphere("Body", 64)
    bpy.ops.object.light_add()
    save_blend(tmp_path / "a.blend")
    assert open_mesh(tmp_path / "a.blend").name == "Body"
    assert open_mesh(tmp_path / "a.blend", "Head").name == "Head"
    for name in ("Hair", "Light", ""):
        with pytest.raises(RequestError, match=rf"holds no mesh '{name}'. Name one of 'Body', 'Head'\."):
            open_mesh(tmp_path / "a.blend", name)


def test_a_painted_head_is_preferred_to_a_larger_mesh(scene: bpy.types.Scene, small_head: Head, tmp_path: Path) -> None:
    name = head_object(add_head(small_head, scene)).name
    add_sphere("Body", 128)
    save_blend(tmp_path / "a.blend")
    assert open_mesh(tmp_path / "a.blend").name == "Body"
    assert open_mesh(tmp_path / "a.blend", painted=True).name == name
    assert open_mesh(tmp_path / "a.blend", "Body", painted=True).name == "Body"


def test_what_was_being_edited_is_read(scene: bpy.types.Scene, tmp_path: Path) -> None:
    """In Edit Mode a mesh's own arrays are not those that are seen, and those of its UV are empty."""
    for name in ("Head", "Hair"):
        add_sphere(name)
    for obj in scene.objects:
        obj.select_set(True)
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.ops.mesh.select_all(action="SELECT")
    bpy.ops.mesh.subdivide()
    save_blend(tmp_path / "a.blend")
    for name in ("Head", "Hair"):
        obj = open_mesh(tmp_path / "a.blend", name)
        assert obj.mode == "OBJECT"
        mesh = read_canvas(obj).mesh
        assert isinstance(mesh, ForeignMesh)
        assert len(obj.data.polygons) > 1600
        assert len(mesh.corners) == len(obj.data.loops)
        layer = obj.data.uv_layers.new(name="new")
        layer.uv.foreach_set("vector", np.zeros(2 * len(mesh.corners), np.float32))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: bpy.ops.mesh.primitive_cube_add(), "'Cube' has 12 triangles, too few"),
        (lambda: bpy.ops.mesh.primitive_grid_add(x_subdivisions=20, y_subdivisions=20, rotation=(1, 2, 3)), "is flat"),
    ],
)
def test_what_cannot_be_a_head_is_refused_by_name_at_once(scene: bpy.types.Scene, tmp_path: Path, make, words) -> None:
    make()
    name = bpy.context.active_object.name
    save_blend(tmp_path / "a.blend")
    with pytest.raises(MeshError, match=words) as error:
        read_canvas(open_mesh(tmp_path / "a.blend"))
    assert repr(name) in error.value.cause


def test_later_refusals_name_the_mesh_that_was_tried_and_the_others(scene: bpy.types.Scene, tmp_path: Path) -> None:
    add_sphere("Head")
    for number in range(12):
        add_sphere(f"Eye {number}", 8)
    body = add_sphere("Body", 64)
    refusal = MeshError("The mesh does not look like a head.", "Choose another.")
    with pytest.raises(MeshError) as error, refusals_name(body):
        raise refusal
    assert error.value.cause == "'Body' was tried. The mesh does not look like a head."
    listed = error.value.remedy.partition("--object NAME: ")[2]
    assert re.fullmatch(r"'Head'(, 'Eye \d+'){9} and 3 more\.", listed)


def test_linked_meshes_are_refused(scene: bpy.types.Scene, tmp_path: Path) -> None:
    add_sphere("Head")
    save_blend(tmp_path / "library.blend")
    bpy.data.objects.remove(bpy.data.objects["Head"])
    with bpy.data.libraries.load(str(tmp_path / "library.blend"), link=True) as (_, linked):
        linked.objects = ["Head"]
    scene.collection.objects.link(bpy.data.objects["Head"])
    save_blend(tmp_path / "a.blend")
    with pytest.raises(RequestError, match=r"'Head' .* is linked from another file"):
        open_mesh(tmp_path / "a.blend")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names there")
def test_a_blend_whose_picture_has_no_end_is_refused(scene: bpy.types.Scene, small_head: Head, tmp_path: Path) -> None:
    obj = head_object(add_head(small_head, scene))
    image = next(n.image for n in obj.active_material.node_tree.nodes if n.type == "TEX_IMAGE")
    os.mkfifo(tmp_path / "pipe.png")
    image.unpack(method="REMOVE")
    image.source, image.filepath_raw = "FILE", str(tmp_path / "pipe.png")
    save_blend(tmp_path / "a.blend")
    with pytest.raises(RequestError, match=r"pipe\.png' as a picture, which is no regular file"):
        open_mesh(tmp_path / "a.blend")


def test_our_own_gltf_opens_and_one_that_names_other_files_does_not(
    scene: bpy.types.Scene, small_head: Head, tmp_path: Path
) -> None:
    collection = add_head(small_head, scene)
    save_glb(tmp_path / "head.glb", collection)
    polygons = len(head_object(collection).data.polygons)
    bpy.ops.export_scene.gltf(filepath=str(tmp_path / "head.gltf"), export_format="GLTF_SEPARATE")
    bpy.ops.wm.obj_export(filepath=str(tmp_path / "head.obj"), path_mode="COPY")
    for name in ("head.glb", "head.gltf", "head.obj"):
        assert len(open_mesh(tmp_path / name).data.polygons) == polygons
    content = json.loads((tmp_path / "head.gltf").read_text())
    content["buffers"][0]["uri"] = "/dev/zero"
    (tmp_path / "head.gltf").write_text(json.dumps(content))
    with pytest.raises(RequestError, match="'/dev/zero', which lies outside"):
        open_mesh(tmp_path / "head.gltf")


def test_masks_are_pictures_of_a_texture_s_size(scene: bpy.types.Scene, tmp_path: Path) -> None:
    Image.new("L", (64, 64), 255).save(tmp_path / "mask.png")
    assert tuple(open_mask(tmp_path / "mask.png").size) == (64, 64)
    Image.new("1", (16000, 16)).save(tmp_path / "large.png")
    start = (tmp_path / "mask.png").read_bytes()
    (tmp_path / "bomb.png").write_bytes(start[:16] + struct.pack(">II", 60000, 60000) + start[24:])
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "zero.png").symlink_to("/dev/zero")
    for name, words in (
        ("large.png", "16000 x 16 pixels, more than 8192"),
        ("bomb.png", "60000 x 60000 pixels, more than 8192"),
        ("text.png", "no picture|cannot be read"),
        ("zero.png", "no regular file"),
        ("nowhere.png", "cannot be read"),
    ):
        with pytest.raises(RequestError, match=words):
            open_mask(tmp_path / name)


def test_what_a_head_lacks_to_be_painted_anew_is_named(scene: bpy.types.Scene, small_head: Head) -> None:
    with pytest.raises(RequestError, match=r"'Ball' .* has no material of CLIP-Head's"):
        check_painted(add_sphere("Ball"))
    obj = head_object(add_head(small_head, scene))
    check_painted(obj)
    code = list(obj["z_id"])
    del obj["z_id"]
    with pytest.raises(RequestError, match="has no property 'z_id'"):
        check_painted(obj)
    obj["z_id"] = code
    obj.data.uv_layers[0].name = "renamed"
    with pytest.raises(RequestError, match="has no UV map of CLIP-Head's"):
        check_painted(obj)
    obj.data.uv_layers[0].name = "UVMap"
    for node in obj.active_material.node_tree.nodes:
        if node.type == "TEX_IMAGE":
            node.image = None
    with pytest.raises(RequestError, match="without its picture of colours"):
        check_painted(obj)
