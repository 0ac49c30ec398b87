"""Sculpt detail: a Multires modifier on an asset's head whose upper levels carry the relief of its normal map, and the
maps that bring back on the quads alone whatever was sculpted there.

Heights run along the normals of the plain subdivision of the neutral head, so the shape keys and the bones, which move
the quads below, take the detail along.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import bpy
import numpy as np

from ..core.errors import RequestError
from ..core.png import encode_normals
from ..core.types import Floats
from .canvas import read_image, skin_layer
from .material import packed_image
from .relief import Surface, draw, relief_heights, spread, unit

#: Name of the modifier, and of the node that takes the normal map away while the modifier shows its relief.
DETAIL = "Sculpt Detail"
#: Custom properties of a head: the normal map whose relief is in the modifier, and what heights were multiplied by.
RELIEF, STRENGTH = "clip_head_relief", "clip_head_relief_strength"
#: Quads that are enough for the relief of a head's texture: with more only pores of large textures would be finer.
_ENOUGH = 200_000
#: Precision with which Blender computes the limit surface: Multires's own.
_PRECISION = 4
#: Length of the mean of a pixel's unit normals from which on they count as one direction.
_AGREED = 0.85


def add_sculpt_detail(obj: bpy.types.Object, levels: int = 0, strength: float = 1.0) -> int:
    """Give the head of an asset a Multires modifier with the relief of its normal map, which the material takes away
    meanwhile: as long as the modifier's levels for renders are not 0.

    obj: the head, in Object Mode; its quads and keys stay as they are.
    levels: how many times the quads are divided by four; 0: until they are fine enough for the relief.
    strength: what heights are multiplied by; 0 for levels to sculpt on without any relief.
    Returns the number of levels.
    Raises RequestError where the head has such a modifier, or no normal map.
    """
    if find_detail(obj) is not None:
        raise RequestError(
            f"{obj.name!r} has a Multires modifier already.",
            "Sculpt on that, or remove it first (Properties > Modifiers).",
        )
    image = _picture_node(_normal_node(obj)).image
    levels = levels or _fine_enough(len(obj.data.polygons))
    with _subdivided(obj, levels) as dense:
        surface = _surface(dense, obj)
        heights = strength * _heights(surface, image)
        dense.vertices.foreach_set("co", (surface.points + heights[:, None] * surface.normals).ravel())
        dense.update()
        _add_modifier(obj, levels, dense)
    obj[RELIEF], obj[STRENGTH] = image, strength
    _fade_normal_map(obj)
    return levels


def renew_sculpt_detail(obj: bpy.types.Object) -> None:
    """Where a head has another normal map than the one whose relief its Multires modifier carries, let the modifier
    carry that of the new one instead. What was sculpted stays.

    obj: a head in Object Mode; others stay as they are, such as those whose modifier is the artist's own.
    """
    modifier, node = find_detail(obj), _find_normal_node(obj)
    if modifier is None or node is None or obj.get(RELIEF) is None:
        return
    old, new = obj[RELIEF], _picture_node(node).image
    if old != new:
        with _subdivided(obj, modifier.total_levels) as dense:
            surface = _surface(dense, obj)
            rises = obj[STRENGTH] * (_heights(surface, new) - _heights(surface, old))
            points = _sculpted(obj, modifier) + rises[:, None] * surface.normals
            dense.vertices.foreach_set("co", points.ravel())
            dense.update()
            _reshape(obj, modifier, dense)
        obj[RELIEF] = new
    _fade_normal_map(obj)


def bake_sculpt_maps(obj: bpy.types.Object) -> tuple[bpy.types.Image, bpy.types.Image]:
    """Draw what a head's Multires modifier adds to its quads: as a normal map, which the material shows from then on
    where it shows one, and as heights in metres, 32-bit floats, for a Displacement node of scale 1 and midlevel 0.

    obj: the head of an asset with such a modifier, in Object Mode.
    Returns both images, of the size of the head's normal map, inside the file; a second time they are new ones.
    Raises RequestError where the head has no such modifier, or no normal map.
    """
    modifier = find_detail(obj)
    if modifier is None:
        raise RequestError(f"{obj.name!r} has no Multires modifier.", "Press Add Sculpt Detail first.")
    node = _picture_node(_normal_node(obj))
    size = (node.image.size[1], node.image.size[0])
    material = next(slot.material for slot in obj.material_slots if slot.material and "clip_head" in slot.material)
    with _subdivided(obj, modifier.total_levels) as dense, _subdivided(obj, 0) as coarse:
        plain, base = _surface(dense, obj), _surface(coarse, obj)
        dense.vertices.foreach_set("co", _sculpted(obj, modifier).ravel())
        dense.update()
        sculpted = _surface(dense, obj)
    fine, quads = sculpted.skin, sculpted.quads
    heights = np.einsum("vc,vc->v", sculpted.points - plain.points, plain.normals)
    values = np.concatenate([heights[quads][..., None], sculpted.normals[quads]], axis=2)
    drawn, mask = draw(sculpted.uv[fine], values[fine], size)
    frames, on_base = draw(base.uv[base.skin], base.frames.reshape(len(base.quads), 4, 9)[base.skin], size)
    mask &= on_base
    normal = np.einsum("hwac,hwc->hwa", unit(frames.reshape(*size, 3, 3)), drawn[..., 1:])
    # In the eye sockets skin lies on skin in the UV: where normals of a pixel part, none holds for all of them.
    agreed = np.minimum(np.linalg.norm(drawn[..., 1:], axis=-1), np.linalg.norm(frames[..., 6:], axis=-1)) > _AGREED
    drawn[..., 1:] = np.where((mask & agreed)[..., None], unit(normal), (0.0, 0.0, 1.0))
    drawn = spread(drawn, mask)
    node.image.use_fake_user = True  # the painted one stays in the file
    node.image = packed_image(f"{material.name} sculpt normal", encode_normals(unit(drawn[..., 1:])), "Non-Color")
    return node.image, _float_image(f"{material.name} displacement", drawn[..., 0])


def find_detail(obj: bpy.types.Object) -> bpy.types.Modifier | None:
    """The object's first Multires modifier; None where it has none."""
    return next((modifier for modifier in obj.modifiers if modifier.type == "MULTIRES"), None)


def _fine_enough(quads: int) -> int:
    """How many levels a mesh of so many quads needs for the relief of its texture."""
    return max(1, int(np.ceil(np.log(_ENOUGH / quads) / np.log(4))))


def _find_normal_node(obj: bpy.types.Object) -> bpy.types.Node | None:
    """The node of the head's skin that turns a picture into normals; None where there is none."""
    for slot in obj.material_slots:
        if slot.material is not None and "clip_head" in slot.material:
            for node in slot.material.node_tree.nodes:
                if node.type == "NORMAL_MAP" and node.inputs["Color"].is_linked:
                    picture = _picture_node(node)
                    if picture.type == "TEX_IMAGE" and picture.image is not None and min(picture.image.size) > 0:
                        return node
    return None


def _normal_node(obj: bpy.types.Object) -> bpy.types.Node:
    """As `_find_normal_node`. Raises RequestError where there is none."""
    node = _find_normal_node(obj)
    if node is None:
        raise RequestError(
            f"The skin of {obj.name!r} has no normal map, from which the relief would come.",
            "Link a picture to a Normal Map node in its material, or make the head anew.",
        )
    return node


def _picture_node(node: bpy.types.Node) -> bpy.types.Node:
    """The node whose picture a Normal Map node turns into normals."""
    return node.inputs["Color"].links[0].from_node


def _heights(surface: Surface, image: bpy.types.Image) -> Floats:
    """Heights (V,), metres, of the relief that a normal map shows on a surface."""
    return relief_heights(surface, read_image(image)[..., :3] / np.float32(127.5) - 1)


@contextmanager
def _subdivided(obj: bpy.types.Object, levels: int) -> Iterator[bpy.types.Mesh]:
    """The neutral head's quads on their limit surface, without what was sculpted, as a mesh that is removed again.

    levels: how many times they are divided; with 0 they are where they are.
    """
    scene = bpy.context.scene
    result, mesh = None, bpy.data.meshes.new_from_object(obj)  # which has no keys
    copy = bpy.data.objects.new("clip_head subdivided", mesh)
    try:
        scene.collection.objects.link(copy)
        if levels:
            modifier = copy.modifiers.new("Subdivision", "SUBSURF")
            modifier.levels, modifier.quality, modifier.uv_smooth = levels, _PRECISION, "NONE"
        graph = bpy.context.evaluated_depsgraph_get()
        result = bpy.data.meshes.new_from_object(
            copy.evaluated_get(graph), preserve_all_data_layers=True, depsgraph=graph
        )
        yield result
    finally:
        bpy.data.objects.remove(copy)
        for used in (mesh, result):
            if used is not None:
                bpy.data.meshes.remove(used)


def _surface(mesh: bpy.types.Mesh, obj: bpy.types.Object) -> Surface:
    """A mesh of quads as arrays; obj: whose materials and UV layer it has."""
    layer = skin_layer(obj).name
    mesh.calc_tangents(uvmap=layer)
    corners = len(mesh.loops)

    def read(data: bpy.types.bpy_prop_collection, name: str, width: int) -> Floats:
        values = np.empty(len(data) * width, np.float32)
        data.foreach_get(name, values)
        return values.reshape(-1, width)

    vertex, slot = np.empty(corners, np.int32), np.empty(len(mesh.polygons), np.int32)
    mesh.loops.foreach_get("vertex_index", vertex)
    mesh.polygons.foreach_get("material_index", slot)
    marked = np.array([entry.material is not None and "clip_head" in entry.material for entry in obj.material_slots])
    tangents = np.hstack([read(mesh.loops, "tangent", 3), read(mesh.loops, "bitangent_sign", 1)])
    return Surface(
        read(mesh.vertices, "co", 3),
        vertex.reshape(-1, 4),
        read(mesh.uv_layers[layer].uv, "vector", 2).reshape(-1, 4, 2),
        read(mesh.vertices, "normal", 3),
        tangents.reshape(-1, 4, 4),
        marked[slot],
    )


def _add_modifier(obj: bpy.types.Object, levels: int, shape: bpy.types.Mesh) -> None:
    """Add the Multires modifier; its highest level takes the shape of a mesh of as many vertices."""
    modifier = obj.modifiers.new(DETAIL, "MULTIRES")
    modifier.quality, modifier.uv_smooth = _PRECISION, "NONE"
    with _neutral(obj), bpy.context.temp_override(object=obj, active_object=obj):
        for _ in range(levels):  # straight between the corners, which is the fastest: the places follow
            bpy.ops.object.multires_subdivide(modifier=modifier.name, mode="LINEAR")
    _reshape(obj, modifier, shape)


def _reshape(obj: bpy.types.Object, modifier: bpy.types.Modifier, shape: bpy.types.Mesh) -> None:
    """Let the highest level of a Multires modifier take the shape of a mesh of as many vertices."""
    before = modifier.levels, modifier.show_viewport
    source = bpy.data.objects.new("clip_head shape", shape)
    chosen = {"selected_objects": [obj, source], "selected_editable_objects": [obj, source]}
    try:
        modifier.levels, modifier.show_viewport = modifier.total_levels, True
        bpy.context.scene.collection.objects.link(source)
        with _neutral(obj, modifier), bpy.context.temp_override(object=obj, active_object=obj, **chosen):
            bpy.ops.object.multires_reshape(modifier=modifier.name)
    finally:
        bpy.data.objects.remove(source)
        modifier.levels, modifier.show_viewport = before


def _sculpted(obj: bpy.types.Object, modifier: bpy.types.Modifier) -> Floats:
    """The vertices (V, 3) of the neutral head on the highest level of its Multires modifier, metres."""
    before = modifier.levels, modifier.show_viewport
    try:
        modifier.levels, modifier.show_viewport = modifier.total_levels, True
        with _neutral(obj, modifier):
            vertices = obj.evaluated_get(bpy.context.evaluated_depsgraph_get()).data.vertices
            points = np.empty(3 * len(vertices), np.float32)
            vertices.foreach_get("co", points)
    finally:
        modifier.levels, modifier.show_viewport = before
    return points.reshape(-1, 3)


@contextmanager
def _neutral(obj: bpy.types.Object, kept: bpy.types.Modifier | None = None) -> Iterator[None]:
    """Meanwhile show the head without its keys and without modifiers but one, `kept`: Multires would take what they do
    for what was sculpted. Whatever action or driver it has does not matter."""
    shown = [(other, other.show_viewport) for other in obj.modifiers if other != kept and other.type != "MULTIRES"]
    pinned = obj.show_only_shape_key, obj.active_shape_key_index
    try:
        obj.show_only_shape_key, obj.active_shape_key_index = True, 0
        for other, _ in shown:
            other.show_viewport = False
        bpy.context.view_layer.update()
        yield
    finally:
        obj.show_only_shape_key, obj.active_shape_key_index = pinned
        for other, before in shown:
            other.show_viewport = before


def _fade_normal_map(obj: bpy.types.Object) -> None:
    """Let the normal map count only where the Multires modifier shows nothing in renders: it is the same relief.

    A node of its own is driven, not the strength itself, which exporters to glTF would write as it is now.
    """
    normal = _normal_node(obj)
    tree = normal.id_data
    node = tree.nodes.get(DETAIL) or tree.nodes.new("ShaderNodeValue")
    node.name = node.label = DETAIL
    node.location = (normal.location[0] - 200, normal.location[1] - 150)
    driver = node.outputs[0].driver_add("default_value").driver
    driver.type, driver.expression = "SCRIPTED", "0.0 if levels > 0 else 1.0"
    for old in list(driver.variables):
        driver.variables.remove(old)
    variable = driver.variables.new()
    variable.name = "levels"
    variable.targets[0].id = obj
    modifier = find_detail(obj)
    assert modifier is not None  # as whoever calls saw
    variable.targets[0].data_path = f'modifiers["{bpy.utils.escape_identifier(modifier.name)}"].render_levels'
    tree.links.new(node.outputs[0], normal.inputs["Strength"])


def _float_image(name: str, values: Floats) -> bpy.types.Image:
    """Numbers (H, W), row 0 on top, as a grey image of 32-bit floats inside the file, kept though nothing uses it."""
    height, width = values.shape
    image = bpy.data.images.new(bpy.path.clean_name(name), width, height, float_buffer=True, is_data=True)
    pixels = np.ones((height, width, 4), np.float32)
    pixels[..., :3] = values[::-1, :, None]
    image.pixels.foreach_set(pixels.ravel())
    image.update()
    image.pack()
    image.use_fake_user = True
    return image
