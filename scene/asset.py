"""A finished head as an asset in a scene: one collection, an empty as its root, an armature, a mesh for every part."""

from __future__ import annotations

from dataclasses import dataclass, replace

import bpy
import numpy as np

from ..core.asset.unfold import unfolded
from ..core.types import Asset, AssetPart, Floats, Head, Ints
from .armature import add_armature, add_weights
from .asset_keys import add_driven_keys, add_keys
from .asset_materials import build_materials
from .hair import HEAD_VERTEX, LEVEL, SURFACE, add_grooms, volume_name
from .mesh import TEMPLATE_POINTS, UV_LAYER, data_name, floor_middle, open_edges, rim_middle, to_blender
from .properties import describe

#: The origin is rounded to this many decimals of a unit, 2.5 micrometres: that of a head which is the same on both
#: sides then lies in the middle exactly, and Blender finds every vertex's mirror image.
_ORIGIN_DECIMALS = 5
#: Custom property of a part's object that says which part it is, whatever the artist calls it.
PART = "clip_head_part"
#: The attribute in which Blender keeps face sets.
FACE_SETS = ".sculpt_face_set"
#: Side of the cross by which the root is shown, metres: it stands out below the neck.
_ROOT_SIZE = 0.1


@dataclass(frozen=True)
class _Detail:
    """One level of detail of a part.

    used (N,): the part's vertices that it has.
    vertices (N, 3): where they lie, neutral, units.
    quads (Q, 4): indices into these.
    uv (Q, 4, 2): at their corners.
    material (Q,): indices into the part's materials.
    """

    used: Ints
    vertices: Floats
    quads: Ints
    uv: Floats
    material: Ints


def add_asset(head: Head, asset: Asset, scene: bpy.types.Scene, level: int = 0) -> bpy.types.Collection:
    """Build `asset` at the 3D cursor of `scene`, in a collection of its own.

    The collection holds an empty named like the head as the root, the armature as its child, the parts as the
    armature's, and strands of hair as the head's. The head's shape keys are the 52 ARKit actions, and drive those of
    the other parts. Collection and head object carry the custom properties of `add_head`.

    head: whose skin and properties it gets.
    asset: what `core.asset` built of that head.
    scene: where it goes; no object's mode, selection or name in it changes.
    level: of detail, 0 the finest; parts that have fewer levels take their coarsest.
    """
    name = data_name(head.request.prompt)
    details = [_detail(part, level) for part in asset.parts]
    origin = lowest_rim_middle(asset.parts[0].vertices, asset.parts[0].levels[0].quads)
    collection = bpy.data.collections.new(name)
    scene.collection.children.link(collection)
    root = _add_root(name, scene, collection)
    armature = add_armature(asset.bones, origin, root, collection)
    materials = build_materials(asset, head.textures, head.part_images)
    objects = []
    for part, detail in zip(asset.parts, details, strict=True):
        mesh = _build_mesh(part, detail, origin, [materials[name] for name in part.materials])
        obj = bpy.data.objects.new(volume_name(part.name, asset.grooms), mesh)
        collection.objects.link(obj)
        _bind(obj, part, detail, armature or root)
        objects.append(obj)
        if len(objects) == 1:
            add_keys(obj, _offsets(part, detail), asset.weights)
        else:
            add_driven_keys(obj, _offsets(part, detail), objects[0])
    if asset.template_points is not None:
        points = asset.template_points[details[0].used]
        stored = objects[0].data.attributes.new(TEMPLATE_POINTS, "FLOAT_VECTOR", "POINT")
        stored.data.foreach_set("vector", points.astype(np.float32).ravel())
    if asset.grooms:
        coarse = details[0] if level else _detail(asset.parts[0], 1)
        _add_hair_surface(asset.parts[0], coarse, details[0].used, objects[0], origin, collection)
    by_name = dict(zip((part.name for part in asset.parts), objects, strict=True))
    densities = {groom.name: groom.density[details[0].used] for groom in asset.grooms}
    words = head.read_as.get("prompt", head.request.prompt)
    add_grooms(asset.grooms, densities, origin, by_name, collection, head.part_images, words)
    describe(head, collection, objects[0], origin)
    collection[LEVEL] = level
    return collection


def add_part(
    part: AssetPart,
    name: str,
    head: bpy.types.Object,
    origin: Floats,
    materials: dict[str, bpy.types.Material],
    collection: bpy.types.Collection,
) -> bpy.types.Object:
    """One more part for an asset that is there, in its finest level of detail.

    part: whose keys are those of the head.
    name: of its object.
    head: the asset's.
    origin (3,): where that object's origin lies, units.
    materials: by name, those of the part.
    collection: the asset's.
    """
    detail = _detail(part, 0)
    mesh = _build_mesh(part, detail, origin, [materials[name] for name in part.materials])
    obj = bpy.data.objects.new(name, mesh)
    collection.objects.link(obj)
    _bind(obj, part, detail, head.parent)
    add_driven_keys(obj, _offsets(part, detail), head)
    return obj


def _add_hair_surface(
    part: AssetPart,
    detail: _Detail,
    used: Ints,
    head: bpy.types.Object,
    origin: Floats,
    collection: bpy.types.Collection,
) -> None:
    """What strands are attached to (hair.SURFACE), hidden.

    part: the head.
    detail: its level of detail for that.
    used (N,): the part's vertices that the head's own level has.
    """
    obj = bpy.data.objects.new(SURFACE, _build_mesh(replace(part, name=SURFACE), detail, origin, []))
    collection.objects.link(obj)
    _bind(obj, replace(part, name=SURFACE, groups={}), detail, head.parent)
    add_driven_keys(obj, _offsets(part, detail), head)
    vertices = np.searchsorted(used, detail.used)
    obj.data.attributes.new(HEAD_VERTEX, "INT", "POINT").data.foreach_set("value", vertices.astype(np.int32))
    obj.hide_viewport = obj.hide_render = True


def _bind(obj: bpy.types.Object, part: AssetPart, detail: _Detail, parent: bpy.types.Object) -> None:
    """Make an object a part of an asset: below its armature or root, with weights for its bones, and regions."""
    obj[PART] = part.name
    obj.parent = parent
    regions = {name: weights[detail.used] for name, weights in part.groups.items()}
    add_weights(obj, regions)
    if parent.type == "ARMATURE":
        add_weights(obj, {name: weights[detail.used] for name, weights in part.bone_weights.items()}, parent)
    add_face_sets(obj.data, detail.quads, regions)


def _offsets(part: AssetPart, detail: _Detail) -> dict[str, Floats]:
    """What a part's keys add to the vertices of a level of detail, in Blender's frame."""
    return {name: to_blender(moves[detail.used]) for name, moves in part.keys.items()}


def add_face_sets(mesh: bpy.types.Mesh, quads: Ints, groups: dict[str, Floats]) -> None:
    """Face sets for sculpting, one for each region; what lies in several belongs to the smallest of them.

    mesh: of these quads (Q, 4).
    groups: name -> weight of each vertex (V,).
    """
    if not groups:
        return
    sets = np.ones(len(quads), np.int32)  # Blender's own number for what is in none
    for number, weights in enumerate(sorted(groups.values(), key=lambda weights: -float(weights.sum())), start=2):
        sets[(weights[quads] > 0.5).all(axis=1)] = number
    mesh.attributes.new(FACE_SETS, "INT", "FACE").data.foreach_set("value", sets)


def asset_collection(obj: bpy.types.Object | None) -> bpy.types.Collection | None:
    """The collection of the asset that an object is a part of; None where it is of none.

    obj: the root, the armature, a mesh of the asset, or what the artist has hung on one of these; None of nothing.
    """
    while obj is not None:
        for collection in obj.users_collection:
            if "models" in collection and any(_is_head(part) for part in collection.objects):
                return collection
        obj = obj.parent
    return None


def _is_head(obj: bpy.types.Object) -> bool:
    """Whether an object is the head of an asset, which has a key for every action; a raw one has one for all."""
    keys = obj.data.shape_keys if obj.type == "MESH" and "origin" in obj else None
    return keys is not None and "jawOpen" in keys.key_blocks


def lowest_rim_middle(points: Floats, quads: Ints) -> Floats:
    """The middle (3,) of the lowest open rim, which is the neck's: the mean along its length.

    Of a closed mesh that of its box's floor.

    points (V, 3): units; quads (Q, 4).
    """
    rims = open_edges(quads, len(points))
    if len(rims) == 0:
        return floor_middle(points)
    middle = rim_middle(points[rims[_joined_to_lowest(points, rims)]].astype(np.float64))
    return np.round(middle, _ORIGIN_DECIMALS).astype(np.float32)


def _joined_to_lowest(points: Floats, edges: Ints) -> np.ndarray:
    """Which edges (E, 2) hang together with the lowest vertex of all: (E,) true and false."""
    label = np.full(len(points), -1)
    label[edges] = edges
    while True:  # each pass hands the smallest label along by one edge, and jumps to where that one's label leads
        before = label.copy()
        np.minimum.at(label, edges.ravel(), label[edges].min(axis=1).repeat(2))
        label[label >= 0] = label[label[label >= 0]]
        if np.array_equal(label, before):
            break
    lowest = edges.ravel()[np.argmin(points[edges.ravel(), 1])]
    return np.asarray(label[edges[:, 0]] == label[lowest])


def _detail(part: AssetPart, level: int) -> _Detail:
    """The part's level of detail with the vertices that it uses; a coarser one lies on those of the finest, but where
    its larger quads would fold."""
    chosen = part.levels[min(level, len(part.levels) - 1)]
    used, places = np.unique(chosen.quads, return_inverse=True)
    quads = places.reshape(chosen.quads.shape).astype(np.int32)
    vertices = part.vertices if chosen is part.levels[0] else unfolded(part.vertices, chosen.quads)
    return _Detail(used.astype(np.int32), vertices[used], quads, chosen.uv, chosen.material)


def _add_root(name: str, scene: bpy.types.Scene, collection: bpy.types.Collection) -> bpy.types.Object:
    """An empty at the 3D cursor, which moves, turns and scales the whole head."""
    root = bpy.data.objects.new(name, None)
    root.empty_display_type, root.empty_display_size = "PLAIN_AXES", _ROOT_SIZE
    root.location = scene.cursor.location
    collection.objects.link(root)
    return root


def _build_mesh(
    part: AssetPart, detail: _Detail, origin: Floats, materials: list[bpy.types.Material]
) -> bpy.types.Mesh:
    """One level of detail of a part as a smooth mesh of quads with one UV layer and its materials.

    origin (3,): the point that becomes the mesh's origin, units.
    """
    points = to_blender(detail.vertices - origin)
    quads = detail.quads
    mesh = bpy.data.meshes.new(part.name)
    mesh.vertices.add(len(points))
    mesh.vertices.foreach_set("co", points.ravel())
    mesh.loops.add(quads.size)
    mesh.loops.foreach_set("vertex_index", quads.ravel())
    mesh.polygons.add(len(quads))
    mesh.polygons.foreach_set("loop_start", np.arange(0, quads.size, 4, dtype=np.int32))
    for material in materials:
        mesh.materials.append(material)
    mesh.polygons.foreach_set("material_index", detail.material.astype(np.int32))
    layer = mesh.uv_layers.new(name=UV_LAYER, do_init=False)
    layer.uv.foreach_set("vector", detail.uv.astype(np.float32).ravel())
    mesh.update(calc_edges=True)
    mesh.shade_smooth()
    return mesh
