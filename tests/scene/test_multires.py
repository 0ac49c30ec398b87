"""Levels to sculpt on: their shape is the plain subdivision with the normal map's relief, the quads below stay."""

from dataclasses import replace

import bpy
import numpy as np
import pytest

from clip_head.core.errors import RequestError
from clip_head.core.types import Bytes, Floats, Head
from clip_head.scene.asset import add_asset
from clip_head.scene.canvas import read_image
from clip_head.scene.head import add_head, head_object
from clip_head.scene.multires import DETAIL, add_sculpt_detail, bake_sculpt_maps, find_detail
from clip_head.scene.textures import apply_textures

from .synthetic_asset import synthetic_asset

#: Furrows round the head, how steep their sides are, and the levels of detail that show them.
FURROWS, STEEPNESS, LEVELS = 32, 0.3, 4


def furrows(size: int = 256) -> Bytes:
    """A normal map of furrows that run down: along u the surface rises as a sine."""
    u = (np.arange(size) + 0.5) / size
    rise = STEEPNESS * np.sin(2 * np.pi * FURROWS * u)
    normal = np.stack([-rise, 0 * rise, np.ones(size)], axis=1) / np.sqrt(1 + rise**2)[:, None]
    return np.broadcast_to(np.rint((normal + 1) * 127.5).astype(np.uint8), (size, size, 3)).copy()


@pytest.fixture
def obj(scene: bpy.types.Scene, small_head: Head) -> bpy.types.Object:
    """The head of an asset with furrows, whose jaw is open by its key and by its bone."""
    head = replace(small_head, textures=replace(small_head.textures, normal=furrows()))
    made = head_object(add_asset(head, synthetic_asset(), scene))
    bpy.data.objects["Armature"].pose.bones["jaw"].rotation_mode = "XYZ"
    bpy.data.objects["Armature"].pose.bones["jaw"].rotation_euler = (0.3, 0.0, 0.0)
    bpy.context.view_layer.update()
    return made


def positions(data: bpy.types.bpy_prop_collection) -> Floats:
    flat = np.empty(len(data) * 3, dtype=np.float32)
    data.foreach_get("co", flat)
    return flat.reshape(-1, 3)


def rest(obj: bpy.types.Object) -> None:
    for key in obj.data.shape_keys.key_blocks:
        key.value = 0.0
    bpy.data.objects["Armature"].pose.bones["jaw"].rotation_euler = (0.0, 0.0, 0.0)


def evaluated(obj: bpy.types.Object) -> bpy.types.Mesh:
    return obj.evaluated_get(bpy.context.evaluated_depsgraph_get()).data


def plain(obj: bpy.types.Object, levels: int) -> tuple[Floats, Floats]:
    """Blender's own subdivision of the neutral quads: its vertices (V, 3) and normals (V, 3)."""
    mesh = bpy.data.meshes.new_from_object(obj)
    other = bpy.data.objects.new("plain", mesh)
    bpy.context.scene.collection.objects.link(other)
    modifier = other.modifiers.new("Subdivision", "SUBSURF")
    modifier.levels, modifier.quality = levels, 4
    shape = evaluated(other)
    points, normals = positions(shape.vertices), np.empty(3 * len(shape.vertices), np.float32)
    shape.vertices.foreach_get("normal", normals)
    bpy.data.objects.remove(other)
    return points, normals.reshape(-1, 3)


def expected(mesh: bpy.types.Mesh) -> tuple[Floats, Floats]:
    """The furrows' height at each vertex, as far as u says it: where the surface rises as a sine, it is minus a cosine.
    And which vertices lie neither near the holes nor at the seam, where u begins anew."""
    uv, vertex = np.empty(2 * len(mesh.loops), np.float32), np.empty(len(mesh.loops), np.int32)
    mesh.uv_layers["UVMap"].uv.foreach_get("vector", uv)
    mesh.loops.foreach_get("vertex_index", vertex)
    place = np.zeros((len(mesh.vertices), 2))
    place[vertex] = uv.reshape(-1, 2)
    inside = (place > (0.05, 0.3)).all(axis=1) & (place < (0.95, 0.7)).all(axis=1)
    return -np.cos(2 * np.pi * FURROWS * place[:, 0]), inside


def test_levels_show_the_relief_and_the_quads_below_stay(obj: bpy.types.Object) -> None:
    base, keys = (
        positions(obj.data.vertices),
        {key.name: positions(key.points) for key in obj.data.shape_keys.key_blocks},
    )
    shown = [(modifier.name, modifier.show_viewport) for modifier in obj.modifiers]
    values = {key.name: key.value for key in obj.data.shape_keys.key_blocks}
    assert add_sculpt_detail(obj, LEVELS) == LEVELS
    assert len(evaluated(obj).polygons) == 4**LEVELS * len(obj.data.polygons)
    np.testing.assert_array_equal(positions(obj.data.vertices), base)
    for name, before in keys.items():
        np.testing.assert_array_equal(positions(obj.data.shape_keys.key_blocks[name].points), before)
    assert [(modifier.name, modifier.show_viewport) for modifier in obj.modifiers] == [*shown, (DETAIL, True)]
    assert {key.name: key.value for key in obj.data.shape_keys.key_blocks} == values
    assert not obj.show_only_shape_key

    rest(obj)
    points, normals = plain(obj, LEVELS)
    moved = positions(evaluated(obj).vertices) - points
    heights = np.einsum("vc,vc->v", moved, normals)
    wanted, inside = expected(evaluated(obj))
    assert np.corrcoef(heights[inside], wanted[inside])[0, 1] > 0.9, "furrows go in where the map says so"
    np.testing.assert_allclose(moved, heights[:, None] * normals, atol=2e-6)
    # Of a sine of this steepness and this length, round a head of about 0.5 m.
    round_head = np.ptp(points[:, 0]) * np.pi
    assert heights[inside].std() == pytest.approx(STEEPNESS * round_head / (2 * np.pi * FURROWS) / np.sqrt(2), rel=0.25)


def test_keys_and_bones_take_the_detail_along(obj: bpy.types.Object) -> None:
    add_sculpt_detail(obj, 2)
    posed = positions(evaluated(obj).vertices)
    rest(obj)
    still = positions(evaluated(obj).vertices)
    low = still[:, 2] < np.percentile(still[:, 2], 30)
    assert np.linalg.norm(posed - still, axis=1)[low].max() > 0.01
    detail = np.linalg.norm(still - plain(obj, 2)[0], axis=1)
    assert detail.max() > 1e-4
    assert len(obj.data.shape_keys.key_blocks) > 50


def test_strength_multiplies_the_heights(obj: bpy.types.Object) -> None:
    add_sculpt_detail(obj, 2, strength=0.0)
    rest(obj)
    np.testing.assert_allclose(positions(evaluated(obj).vertices), plain(obj, 2)[0], atol=1e-7)


def test_the_normal_map_counts_only_where_the_levels_do_not(obj: bpy.types.Object) -> None:
    add_sculpt_detail(obj, 1)
    tree = obj.material_slots[0].material.node_tree
    normal = next(node for node in tree.nodes if node.type == "NORMAL_MAP")
    strength = normal.inputs["Strength"].links[0].from_socket
    modifier = find_detail(obj)
    assert modifier is not None
    for levels, wanted in ((1, 0.0), (0, 1.0), (1, 0.0)):
        modifier.render_levels = levels
        obj.update_tag()  # as when a render starts
        bpy.context.view_layer.update()
        assert strength.default_value == wanted
    assert all(curve.driver.is_simple_expression for curve in tree.animation_data.drivers), "no script"
    assert normal.inputs["Strength"].default_value == 1.0, "what exporters write"


def test_maps_show_what_the_levels_add(obj: bpy.types.Object) -> None:
    before = {block.name for block in bpy.data.meshes}
    add_sculpt_detail(obj, LEVELS)
    normal, displacement = bake_sculpt_maps(obj)
    assert {block.name for block in bpy.data.meshes} == before, "nothing is left behind"
    width, height = displacement.size
    assert (width, height) == tuple(normal.size) == (256, 256)
    assert displacement.is_float
    assert displacement.packed_file is not None
    pixels = np.empty(4 * width * height, np.float32)
    displacement.pixels.foreach_get(pixels)
    metres = pixels.reshape(height, width, 4)[::-1, :, 0]
    rows, columns = slice(80, 170), slice(16, -16)
    wanted = -np.cos(2 * np.pi * FURROWS * (np.arange(width) + 0.5) / width)
    wanted = np.broadcast_to(wanted, metres.shape)[rows, columns]
    assert np.corrcoef(metres[rows, columns].ravel(), wanted.ravel())[0, 1] > 0.9
    assert 1e-4 < np.abs(metres).max() < 0.01

    drawn = read_image(normal)[rows, columns, 0].astype(float)
    painted = furrows()[rows, columns, 0].astype(float)
    assert np.corrcoef(drawn.ravel(), painted.ravel())[0, 1] > 0.9
    material = obj.material_slots[0].material
    assert normal in [node.image for node in material.node_tree.nodes if node.type == "TEX_IMAGE"]


def test_what_is_sculpted_later_is_drawn_too(obj: bpy.types.Object) -> None:
    add_sculpt_detail(obj, 2, strength=0.0)
    rest(obj)
    points, normals = plain(obj, 2)
    mesh = bpy.data.meshes.new_from_object(obj.evaluated_get(bpy.context.evaluated_depsgraph_get()))
    mesh.vertices.foreach_set("co", (points + 0.002 * normals).ravel())
    sculpture = bpy.data.objects.new("sculpture", mesh)
    bpy.context.scene.collection.objects.link(sculpture)
    obj.modifiers["Armature"].show_viewport = False
    bpy.context.view_layer.update()
    with bpy.context.temp_override(object=obj, active_object=obj, selected_editable_objects=[obj, sculpture]):
        bpy.ops.object.multires_reshape(modifier=DETAIL)
    _, displacement = bake_sculpt_maps(obj)
    pixels = np.empty(4 * displacement.size[0] * displacement.size[1], np.float32)
    displacement.pixels.foreach_get(pixels)
    assert np.median(pixels[::4]) == pytest.approx(0.002, abs=1e-4)


def test_what_cannot_be_is_said(obj: bpy.types.Object) -> None:
    with pytest.raises(RequestError, match="no Multires modifier"):
        bake_sculpt_maps(obj)
    add_sculpt_detail(obj, 1)
    with pytest.raises(RequestError, match="has a Multires modifier already"):
        add_sculpt_detail(obj, 1)
    obj.modifiers.remove(find_detail(obj))
    tree = obj.material_slots[0].material.node_tree
    tree.nodes.remove(next(node for node in tree.nodes if node.type == "NORMAL_MAP"))
    with pytest.raises(RequestError, match="no normal map"):
        add_sculpt_detail(obj, 1)
    assert find_detail(obj) is None


def test_without_a_number_the_levels_are_fine_enough(scene: bpy.types.Scene, small_head: Head) -> None:
    obj = head_object(add_head(replace(small_head, asset=synthetic_asset(80, 168)), scene))
    levels = add_sculpt_detail(obj)
    assert 200_000 <= 4**levels * len(obj.data.polygons) < 800_000


def detail(obj: bpy.types.Object) -> bpy.types.Modifier:
    modifier = find_detail(obj)
    assert modifier is not None
    return modifier


def sculpted(obj: bpy.types.Object) -> Floats:
    """The neutral head as its modifier's highest level shows it, (V, 3)."""
    rest(obj)
    detail(obj).levels = detail(obj).total_levels
    return positions(evaluated(obj).vertices)


def stroke(obj: bpy.types.Object, place: Floats) -> None:
    """Sculpt: what lies within 3 cm of a place moves forward by 2 mm."""
    points = sculpted(obj)
    points[np.linalg.norm(points - place, axis=1) < 0.03] += (0.0, -0.002, 0.0)
    mesh = bpy.data.meshes.new_from_object(obj.evaluated_get(bpy.context.evaluated_depsgraph_get()))
    mesh.vertices.foreach_set("co", points.ravel())
    other = bpy.data.objects.new("stroke", mesh)
    bpy.context.scene.collection.objects.link(other)
    chosen = [obj, other]
    with bpy.context.temp_override(
        object=obj, active_object=obj, selected_objects=chosen, selected_editable_objects=chosen
    ):
        bpy.ops.object.multires_reshape(modifier=detail(obj).name)
    bpy.data.objects.remove(other)


@pytest.mark.slow
def test_a_new_skins_relief_takes_the_place_of_the_old_ones_and_strokes_stay(
    obj: bpy.types.Object, small_head: Head
) -> None:
    rest(obj)
    add_sculpt_detail(obj, LEVELS)
    before = sculpted(obj)
    place = before[before[:, 1].argmin()]
    stroke(obj, place)
    near, far = (np.linalg.norm(before - place, axis=1) < reach for reach in (0.028, 0.05))
    assert np.abs(sculpted(obj) - before)[near].max() == pytest.approx(0.002, abs=5e-4)
    opposite = furrows()
    opposite[..., 0] = 255 - opposite[..., 0]
    detail(obj).levels, detail(obj).name = 2, "mine"
    apply_textures(obj, replace(small_head, textures=replace(small_head.textures, normal=opposite)))
    assert detail(obj).levels == 2
    points, normals = plain(obj, LEVELS)
    after = sculpted(obj)
    heights, furrowed = np.einsum("vc,vc->v", before - points, normals), expected(evaluated(obj))[1]
    turned = np.einsum("vc,vc->v", after - points, normals)
    assert np.abs(heights[furrowed]).max() > 5e-4
    np.testing.assert_allclose(turned[furrowed & ~far], -heights[furrowed & ~far], atol=5e-5)
    assert (turned + heights)[near].max() > 0.0015, "the stroke"
    node = next(node for node in obj.material_slots[0].material.node_tree.nodes if node.type == "NORMAL_MAP")
    bpy.context.view_layer.update()
    assert node.inputs["Strength"].links[0].from_node.outputs[0].default_value == 0.0, "the relief counts once"


def test_an_artists_own_modifier_stays_as_it_is(obj: bpy.types.Object, small_head: Head) -> None:
    modifier = obj.modifiers.new("mine", "MULTIRES")
    with bpy.context.temp_override(object=obj, active_object=obj):
        bpy.ops.object.multires_subdivide(modifier="mine", mode="CATMULL_CLARK")
    apply_textures(obj, small_head)
    assert modifier.total_levels == 1
    node = next(node for node in obj.material_slots[0].material.node_tree.nodes if node.type == "NORMAL_MAP")
    assert not node.inputs["Strength"].is_linked
