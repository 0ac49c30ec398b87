"""What the artist finds in the scene: one collection, a welded head in metres, its material and shape keys."""

import json
from dataclasses import replace

import bpy
import numpy as np
import pytest

from clip_head.core.types import Head, HeadRequest
from clip_head.scene import add_head, head_object
from clip_head.scene.canvas import read_image
from clip_head.scene.material import GROUP
from clip_head.scene.mesh import neck_middle, to_blender, weld


def positions(data: bpy.types.bpy_prop_collection) -> np.ndarray:
    flat = np.empty(len(data) * 3, dtype=np.float32)
    data.foreach_get("co", flat)
    return flat.reshape(-1, 3)


def test_twins_of_the_seam_become_one_vertex_with_two_uvs(scene: bpy.types.Scene, small_head: Head) -> None:
    mesh = head_object(add_head(small_head, scene)).data
    assert len(mesh.vertices) == len(np.unique(small_head.mesh.source)) < len(small_head.mesh.vertices)
    assert len(mesh.polygons) == len(small_head.mesh.faces)
    assert not mesh.validate(verbose=False), "Blender had to repair the mesh"
    uses = np.zeros(len(mesh.edges), dtype=int)
    edges = np.empty(len(mesh.loops), dtype=np.int32)
    mesh.loops.foreach_get("edge_index", edges)
    np.add.at(uses, edges, 1)
    assert set(uses) == {1, 2}
    rim = positions(mesh.vertices)[[v for e in np.flatnonzero(uses == 1) for v in mesh.edges[e].vertices]]
    assert np.ptp(rim[:, 2]) < 1e-6, "only the neck is open"
    assert len(mesh.vertices) - len(mesh.edges) + len(mesh.polygons) == 1, "a disc"


def test_every_corner_keeps_its_uv(scene: bpy.types.Scene, small_head: Head) -> None:
    mesh = head_object(add_head(small_head, scene)).data
    uv = np.empty(len(mesh.loops) * 2, dtype=np.float32)
    mesh.uv_layers["UVMap"].uv.foreach_get("vector", uv)
    np.testing.assert_array_equal(uv.reshape(-1, 3, 2), small_head.mesh.uv[small_head.mesh.faces])


def test_metres_z_up_facing_minus_y_origin_in_the_neck(scene: bpy.types.Scene, small_head: Head) -> None:
    scene.cursor.location = (1.0, 2.0, 3.0)
    obj = head_object(add_head(small_head, scene))
    points = positions(obj.data.vertices)
    assert tuple(obj.location) == (1.0, 2.0, 3.0)
    assert obj.dimensions.z == pytest.approx(0.25 * np.ptp(small_head.mesh.vertices[:, 1]), rel=0.05)
    nose = points[np.argmin(points[:, 1])]
    assert nose[1] < -0.08
    assert abs(nose[0]) < 0.01
    assert abs(points[:, 2].min()) < 1e-6
    assert points[:, 2].max() > 0.15


def test_normals_point_outside_and_are_smooth(scene: bpy.types.Scene, small_head: Head) -> None:
    mesh = head_object(add_head(small_head, scene)).data
    points = positions(mesh.vertices)
    normals = np.array([tuple(v.normal) for v in mesh.vertices])
    assert np.mean(np.einsum("ij,ij->i", normals, points - points.mean(axis=0)) > 0) > 0.99
    assert all(polygon.use_smooth for polygon in mesh.polygons)


def test_the_expression_is_a_shape_key_on_the_neutral_head(scene: bpy.types.Scene, small_head: Head) -> None:
    obj = head_object(add_head(small_head, scene))
    keys = obj.data.shape_keys.key_blocks
    assert [key.name for key in keys] == ["Basis", "smiling"]
    assert keys["smiling"].value == 1.0
    moved = positions(keys["smiling"].data) - positions(keys["Basis"].data)
    _, _, _, offsets = weld(small_head.mesh)
    np.testing.assert_allclose(moved, to_blender(offsets), atol=1e-7)
    assert np.abs(moved).max() > 0.005


def pictures(material: bpy.types.Material) -> dict[str, bpy.types.Image]:
    """The material's images by the last word of their names, before a number."""
    images = [node.image for node in material.node_tree.nodes if node.type == "TEX_IMAGE"]
    return {image.name.split(".")[0].split("_")[-1]: image for image in images}


def test_images_are_packed_exact_and_in_the_right_colour_space(scene: bpy.types.Scene, small_head: Head) -> None:
    images = pictures(head_object(add_head(small_head, scene)).active_material)
    wanted = small_head.textures.images()
    assert images.keys() == wanted.keys()
    for name, image in images.items():
        assert image.packed_file is not None
        assert image.colorspace_settings.name == ("sRGB" if name == "albedo" else "Non-Color")
        pixels = read_image(image)[..., :3]
        there = wanted[name] if wanted[name].ndim == 3 else wanted[name][..., None]
        np.testing.assert_array_equal(pixels, np.broadcast_to(there, pixels.shape))


def test_maps_are_linked_to_the_surface_and_the_group_scatters_light(scene: bpy.types.Scene, small_head: Head) -> None:
    material = head_object(add_head(small_head, scene)).active_material
    nodes = material.node_tree.nodes
    bsdf = next(node for node in nodes if node.type == "BSDF_PRINCIPLED")
    assert bsdf.outputs["BSDF"].links[0].to_node.type == "OUTPUT_MATERIAL"

    def drawn_on(socket: bpy.types.NodeSocket) -> bpy.types.Image:
        return socket.links[0].from_node.image

    images = pictures(material)
    assert drawn_on(bsdf.inputs["Base Color"]) == images["albedo"]
    assert drawn_on(bsdf.inputs["Roughness"]) == images["roughness"]
    relief = bsdf.inputs["Normal"].links[0].from_node
    assert (relief.type, relief.uv_map, drawn_on(relief.inputs["Color"])) == ("NORMAL_MAP", "UVMap", images["normal"])
    skin = bsdf.inputs["Subsurface Weight"].links[0].from_node
    assert skin.node_tree.name == GROUP
    for name in ("Subsurface Weight", "Subsurface Radius", "Subsurface Scale", "Coat Weight"):
        assert bsdf.inputs[name].links[0].from_node == skin
        assert bsdf.inputs[name].links[0].from_socket.name == name
    assert drawn_on(skin.inputs["Subsurface"]) == images["subsurface"]
    assert drawn_on(skin.inputs["Coat"]) == images["coat"]


def test_light_travels_millimetres_under_the_skin(scene: bpy.types.Scene, small_head: Head) -> None:
    nodes = head_object(add_head(small_head, scene)).active_material.node_tree.nodes
    skin = next(node for node in nodes if node.type == "GROUP" and node.node_tree.name == GROUP)
    radius = next(node for node in skin.node_tree.nodes if node.type == "COMBXYZ")
    metres = skin.inputs["Scattering Distance"].default_value * np.array([s.default_value for s in radius.inputs])
    np.testing.assert_allclose(metres, [0.00367, 0.00137, 0.00068], atol=5e-5)


def test_heads_share_one_group_and_nothing_else(scene: bpy.types.Scene, small_head: Head) -> None:
    one, two = (head_object(add_head(small_head, scene)).active_material for _ in range(2))
    assert one != two
    assert not {i.name for i in pictures(one).values()} & {i.name for i in pictures(two).values()}
    assert [group.name for group in bpy.data.node_groups if group.name.startswith(GROUP)] == [GROUP]
    bpy.data.node_groups[GROUP].interface.clear()
    three = head_object(add_head(small_head, scene)).active_material
    groups = [node.node_tree.name for node in three.node_tree.nodes if node.type == "GROUP"]
    assert f"{GROUP}.001" in groups, "a group of that name that lacks the sockets is left alone"


def test_a_bronze_head_is_metal(scene: bpy.types.Scene, small_head: Head) -> None:
    bronze = replace(small_head, textures=replace(small_head.textures, metallic=1.0, occlusion=None))
    material = head_object(add_head(bronze, scene)).active_material
    bsdf = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    assert bsdf.inputs["Metallic"].default_value == 1.0
    assert "occlusion" not in pictures(material)


def test_one_collection_per_head_says_where_it_came_from(scene: bpy.types.Scene, small_head: Head) -> None:
    first, second = add_head(small_head, scene), add_head(small_head, scene)
    assert first is not second
    assert len(scene.collection.children) == 2
    for collection in (first, second):
        assert collection["prompt"] == small_head.request.prompt
        assert collection["seed"] == small_head.request.seed
        assert json.loads(collection["models"])[0]["licence"] == "CC0-1.0"


def test_names_longer_than_blender_allows_are_cut_between_characters(scene: bpy.types.Scene, small_head: Head) -> None:
    request = HeadRequest("улыбающаяся женщина " * 20, expression="😀" * 40)
    collection = add_head(replace(small_head, request=request), scene)
    assert request.prompt.startswith(collection.name)
    assert set(head_object(collection).data.shape_keys.key_blocks[1].name) == {"😀"}
    assert collection["prompt"] == request.prompt


def test_neck_middle_of_a_closed_mesh_lies_at_its_lowest_point() -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=np.float32)
    faces = np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]], dtype=np.int32)
    np.testing.assert_allclose(neck_middle(points, faces), [0.5, 0.0, 0.5])
