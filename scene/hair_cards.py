"""Hair cards in a scene: made of guides as artists have combed them, on the head as it is, when they are wanted.

Cards follow the head's shape keys by drivers, as its other parts do, and its bones by their own vertex groups.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import bpy
import numpy as np
from mathutils.bvhtree import BVHTree

from ..core.hair.atlas import open_atlas
from ..core.hair.cards import CARD_ID, LOW, ROOT_TIP, Cards, build_cards, has_cards
from ..core.models import EMBEDDED
from ..core.types import AssetPart, Floats, Groom, Ints
from .armature import add_weights
from .asset_keys import add_driven_keys
from .canvas import from_blender
from .card_material import build_card_material
from .hair import CARDS, GROOM, LEVEL, cards_in, strands_in
from .hair_nodes import groom_look
from .head import head_object
from .mesh import UV_LAYER, to_blender

#: Custom properties of cards: their level of detail, and a checksum of what they were made of.
MADE_AT, MADE_OF = "clip_head_cards_level", "clip_head_cards_of"
#: The second UV layer of cards: from root, 0, to tip, 1, and a number of each card.
DATA_LAYER = "Root Tip and Id"
#: Name of the folder of the atlas.
_ATLAS = EMBEDDED / "cards"


def update_cards(collection: bpy.types.Collection, level: int | None = None) -> list[bpy.types.Object]:
    """Make the cards of an asset's strands, hidden, where there are none, or where guides, head or colours changed.

    collection: the asset's.
    level: of detail, 0 the finest; None: that of the head.

    Returns the cards that are new.
    """
    atlas, skin = open_atlas(_ATLAS), head_object(collection)
    level = int(collection.get(LEVEL, 0)) if level is None else level
    strands = [obj for obj in strands_in(collection) if has_cards(obj[GROOM]) and len(obj.data.curves)]
    own = {obj[CARDS]: obj for obj in cards_in(collection)}
    for name in own.keys() - {obj[GROOM] for obj in strands}:
        remove_cards(own[name])
    if not strands:
        return []
    material = build_card_material(collection, atlas, {obj[GROOM]: obj for obj in strands})
    head, new = _Head(skin), []
    for obj in strands:
        groom = read_groom(obj, head)
        checksum = _checksum(groom, head.part, level)
        former = own.get(groom.name)
        if former is not None and former.get(MADE_OF) == checksum:
            former.data.materials[0] = material
            continue
        hidden = (True, True) if former is None else (former.hide_viewport, former.hide_render)
        if former is not None:
            remove_cards(former)
        cards = _add_cards(build_cards(groom, head.part, atlas.slots, level, head.nearest), material, skin, collection)
        cards[CARDS], cards[MADE_AT], cards[MADE_OF] = groom.name, level, checksum
        cards.hide_viewport, cards.hide_render = hidden
        if former is None:
            new.append(cards)
    return new


def refresh_cards(collection: bpy.types.Collection) -> None:
    """After a change of an asset's hair: make those of its cards anew that are shown; others go, until they are wanted.

    collection: the asset's; another one has none.
    """
    cards = cards_in(collection)
    if any(not obj.hide_viewport for obj in cards):
        for obj in update_cards(collection, int(cards[0][MADE_AT])):
            obj.hide_viewport = obj.hide_render = False
        return
    for obj in cards:
        remove_cards(obj)


@contextmanager
def cards_for_export(collection: bpy.types.Collection) -> Iterator[list[bpy.types.Object]]:
    """Meanwhile an asset has cards: those shown, or else of the guides as they are, which go afterwards if new.

    collection: the asset's.
    """
    if any(not obj.hide_viewport for obj in cards_in(collection)):
        yield cards_in(collection)
        return
    new = update_cards(collection)
    try:
        yield cards_in(collection)
    finally:
        for obj in new:
            remove_cards(obj)


def remove_cards(obj: bpy.types.Object) -> None:
    """Remove cards, with their mesh, and their material and picture where no others show them.

    obj: the cards.
    """
    mesh, materials = obj.data, [slot.material for slot in obj.material_slots if slot.material is not None]
    bpy.data.objects.remove(obj)
    if mesh.users == 0:
        bpy.data.meshes.remove(mesh)
    for material in materials:
        if material.users == 0:
            images = [node.image for node in material.node_tree.nodes if node.type == "TEX_IMAGE" and node.image]
            bpy.data.materials.remove(material)
            for image in images:
                if image.users == 0:
                    bpy.data.images.remove(image)


class _Head:
    """The head's skin, neutral, in its object's frame but in units and NPHM's axes.

    part: vertices, keys and the weights of bones.
    triangles (F, 3), uv (F, 3, 2): of its mesh.
    """

    def __init__(self, skin: bpy.types.Object) -> None:
        """skin: the head's object."""
        mesh = skin.data
        keys = mesh.shape_keys
        rest = _coordinates(keys.reference_key.points if keys else mesh.vertices)
        vertices = from_blender(rest)
        offsets = {
            block.name: from_blender(_coordinates(block.points) - rest)
            for block in (keys.key_blocks if keys else ())
            if block != keys.reference_key
        }
        mesh.calc_loop_triangles()
        self.triangles = np.empty((len(mesh.loop_triangles), 3), np.int32)
        mesh.loop_triangles.foreach_get("vertices", self.triangles.ravel())
        corners = np.empty(self.triangles.size, np.int32)
        mesh.loop_triangles.foreach_get("loops", corners)
        layer = mesh.uv_layers.get(UV_LAYER) or mesh.uv_layers.active
        flat = np.empty(2 * len(mesh.loops), np.float32)
        layer.uv.foreach_get("vector", flat)
        self.uv = flat.reshape(-1, 2)[corners].reshape(-1, 3, 2)
        self.part = AssetPart("Head", vertices, (), (), offsets, _bone_weights(skin))
        self._tree = BVHTree.FromPolygons(vertices.tolist(), self.triangles.tolist())
        flat = np.concatenate([self.uv.reshape(-1, 2), np.zeros((self.triangles.size, 1), np.float32)], axis=1)
        self._flat_tree = BVHTree.FromPolygons(flat.tolist(), np.arange(len(flat)).reshape(-1, 3).tolist())

    def nearest(self, points: Floats) -> tuple[Floats, Floats]:
        """How far points (N, 3) lie outside the skin (N,), units, and its normals (N, 3) there; far off 1 and none."""
        height, normals = np.ones(len(points), np.float32), np.zeros((len(points), 3), np.float32)
        for place, point in enumerate(points.tolist()):
            at, normal, _, distance = self._tree.find_nearest(point, LOW)
            if at is not None:
                own = (point[0] - at.x) * normal.x + (point[1] - at.y) * normal.y + (point[2] - at.z) * normal.z
                # Beside the border of the neck, where the skin ends, nothing is inside.
                height[place] = max(own, distance / 2) if -own < distance / 2 else own
                normals[place] = normal
        return height, normals

    def rooted(self, uv: Floats) -> tuple[Ints, Floats]:
        """The triangles (N,) in which places (N, 2) of the UV lie, and where between their corners (N, 3)."""
        found = np.array([self._flat_tree.find_nearest((u, v, 0.0))[2] for u, v in uv.tolist()], np.int32)
        first, one, other = np.moveaxis(self.uv[found].astype(np.float64), 1, 0)
        edges = np.stack([one - first, other - first], axis=2)
        area = np.linalg.det(edges)
        edges[np.abs(area) < 1e-12] = np.eye(2)
        part = np.linalg.solve(edges, (uv - first)[..., None])[..., 0].clip(0, 1)
        part /= np.maximum(part.sum(axis=1, keepdims=True), 1.0)
        return found, np.asarray(np.column_stack([1 - part.sum(axis=1), part]), np.float32)


def read_groom(obj: bpy.types.Object, head: _Head) -> Groom:
    """The guides of strands as they are combed, moved to where their roots lie on the head's UV.

    obj: of scene/hair.py.
    head: the skin, as it is now.
    """
    curves = obj.data
    starts = np.empty(len(curves.curve_offset_data), np.int32)
    curves.curve_offset_data.foreach_get("value", starts)
    flat = np.empty(3 * len(curves.points), np.float32)
    curves.attributes["position"].data.foreach_get("vector", flat)
    longest = int(np.diff(starts).max())
    # Guides that the artist has drawn may have fewer points: their last one is repeated.
    rows = np.minimum(starts[:-1, None] + np.arange(longest), starts[1:, None] - 1)
    points = from_blender(flat.reshape(-1, 3))[rows]
    uv = np.zeros(2 * len(curves.curves), np.float32)
    attribute = curves.attributes.get("surface_uv_coordinate")
    if attribute is not None:
        attribute.data.foreach_get("vector", uv)
    uv = uv.reshape(-1, 2)
    found, barycentric = head.rooted(uv)
    corners = head.triangles[found]
    roots = np.einsum("nk,nkc->nc", barycentric, head.part.vertices[corners])
    points = points + (roots - points[:, 0])[:, None]
    density = np.zeros(0, np.float32)
    return Groom(str(obj[GROOM]), points.astype(np.float32), corners, barycentric, uv, density, groom_look(obj))


def _checksum(groom: Groom, head: AssetPart, level: int) -> str:
    """A checksum of all that the mesh of cards is made of."""
    sums = hashlib.blake2b(f"{level} {groom.look}".encode(), digest_size=8)
    for array in (groom.points, groom.root_uv, head.vertices, *head.keys.values()):
        sums.update(np.ascontiguousarray(array).tobytes())
    return sums.hexdigest()


def _coordinates(points: bpy.types.bpy_prop_collection) -> Floats:
    """Coordinates (V, 3) of vertices or of a key's points."""
    flat = np.empty(3 * len(points), np.float32)
    points.foreach_get("co", flat)
    return flat.reshape(-1, 3)


def _bone_weights(skin: bpy.types.Object) -> dict[str, Floats]:
    """The weights (V,) of the bones that move a head; none where it has no armature."""
    armature = skin.find_armature()
    if armature is None:
        return {}
    names = {group.index: group.name for group in skin.vertex_groups if group.name in armature.data.bones}
    weights = {name: np.zeros(len(skin.data.vertices), np.float32) for name in names.values()}
    for vertex in skin.data.vertices:
        for element in vertex.groups:
            if element.group in names:
                weights[names[element.group]][vertex.index] = element.weight
    return weights


def _add_cards(
    cards: Cards, material: bpy.types.Material, skin: bpy.types.Object, collection: bpy.types.Collection
) -> bpy.types.Object:
    """The object of cards, beside the head: its mesh, keys and bones."""
    part = cards.part
    level, mesh = part.levels[0], bpy.data.meshes.new(part.name)
    mesh.vertices.add(len(part.vertices))
    mesh.vertices.foreach_set("co", to_blender(part.vertices).ravel())
    mesh.loops.add(level.quads.size)
    mesh.loops.foreach_set("vertex_index", level.quads.ravel())
    mesh.polygons.add(len(level.quads))
    mesh.polygons.foreach_set("loop_start", np.arange(0, level.quads.size, 4, dtype=np.int32))
    mesh.materials.append(material)
    data = np.stack([part.groups[ROOT_TIP], part.groups[CARD_ID]], axis=1)[level.quads]
    for name, uv in ((UV_LAYER, level.uv), (DATA_LAYER, data)):
        layer = mesh.uv_layers.new(name=name, do_init=False)
        layer.uv.foreach_set("vector", np.ascontiguousarray(uv, np.float32).ravel())
    mesh.update(calc_edges=True)
    mesh.shade_smooth()
    mesh.normals_split_custom_set_from_vertices(to_blender(cards.normals) / np.float32(0.25))
    obj = bpy.data.objects.new(part.name, mesh)
    collection.objects.link(obj)
    obj.parent = skin.parent
    add_weights(obj, part.bone_weights, skin.find_armature())
    add_driven_keys(obj, {name: to_blender(moves) for name, moves in part.keys.items()}, skin)
    return obj
