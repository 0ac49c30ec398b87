"""Another person in the place of an asset: the artist's objects, sliders and materials stay."""

from __future__ import annotations

import re

import bpy
import numpy as np

from ..core.errors import MeshError
from ..core.types import AssetPart, Floats, Head, Ints
from .armature import move_bones
from .asset import PART, add_asset
from .canvas import read_property
from .hair import VOLUME, cards_in, exchange_grooms, recolour_hair, remove_groom, show_hair, strands_in, volumes_in
from .hair_cards import refresh_cards
from .head import head_object
from .multires import renew_sculpt_detail
from .properties import describe
from .raw_surface import RAW
from .rigify_follow import move_rigify_face, read_rigify_face


def replace_asset(collection: bpy.types.Collection, head: Head, scene: bpy.types.Scene) -> None:
    """Put another person in the place of an asset.

    Kept: the collection, the root and where it is; objects with their modifiers, constraints and children; materials
    with all settings, in which the pictures change; the values of shape keys and their action; further shape keys,
    which add to the new shape what they added to the old; further bones, UV maps and vertex groups. Parts whose quads
    differ between people, such as hair, get new meshes; strands get new guides. A Rigify face follows. What sculpting
    did to the neutral shape goes, what was painted on the asset's own vertex groups, and the raw surface.

    collection: of `add_asset`.
    head: with an asset.
    scene: in which the new one is built for a moment.
    Raises MeshError, before anything changes, where the head's vertices were changed so that no other head fits; and
    RequestError where a Rigify face cannot follow, before or as `move_rigify_face` says.
    """
    assert head.asset is not None
    old_head = head_object(collection)
    level, face = _level_of(old_head, head.asset.parts[0]), read_rigify_face(collection)
    new = add_asset(head, head.asset, scene, level)
    new_head, built = head_object(new), list(new.objects)
    origin = np.array(read_property(new_head, "origin"), np.float32)
    for obj in strands_in(new):
        built.remove(obj)
        remove_groom(obj)
    materials = {slot.material for obj in built for slot in obj.material_slots}
    old, fresh = _named_objects(collection), _named_objects(new)
    shown = hair_shown(collection)
    for obj in [obj for obj in collection.objects if RAW in obj]:
        _remove(obj)
    for name in old.keys() - fresh.keys():
        _remove(old[name])
    for obj in fresh.values():
        _follow(obj, new_head.data.shape_keys, old_head.data.shape_keys)
    pairs = [(old[name], fresh[name]) for name in fresh if name in old]
    for mine, theirs in pairs:
        take_over(mine, theirs)
    for mine, theirs in pairs:
        theirs.user_remap(mine)  # parents, targets and surfaces of what is new are those that stay
    replaced = [theirs for _, theirs in pairs]
    for obj in built:
        if obj not in replaced:
            collection.objects.link(obj)
    for obj in replaced:
        _remove(obj)
    bpy.data.collections.remove(new)
    for material in materials:
        drop_unused(material)
    used = np.unique(head.asset.parts[0].levels[level].quads)
    densities = {groom.name: groom.density[used] for groom in head.asset.grooms}
    recolour_hair(old_head, head.part_images)
    exchange_grooms(collection, old_head, head.asset.grooms, densities, origin, head.part_images)
    if strands_in(collection):
        show_hair(collection, shown)
    refresh_cards(collection)
    renew_sculpt_detail(old_head)
    describe(head, collection, old_head, origin)
    if face is not None:
        move_rigify_face(face, collection)


def hair_shown(collection: bpy.types.Collection) -> str:
    """How an asset's hair is shown, one of hair.SHOWN; strands where it has none.

    collection: the asset's.
    """
    strands, volumes = strands_in(collection), volumes_in(collection)
    if not strands or not all(obj.hide_viewport for obj in strands):
        return "STRANDS"
    if not all(obj.hide_viewport for obj in cards_in(collection)):
        return "CARDS"
    # The mesh of lashes is seen even where hair is shown not at all.
    return "OFF" if any(obj.hide_viewport for obj in volumes) or not volumes else "VOLUME"


def _level_of(obj: bpy.types.Object, part: AssetPart) -> int:
    """The level of detail that a head's object has. Raises MeshError where it has none of them."""
    corners = _corners(obj.data)
    for number, level in enumerate(part.levels):
        if np.array_equal(np.unique(level.quads, return_inverse=True)[1].ravel(), corners):
            return number
    raise MeshError(
        f"The quads of {obj.name!r} were changed ({len(obj.data.vertices)} vertices): no other head fits them.",
        "Undo that, or generate a new head. Modifiers that are not applied do not matter.",
    )


def _named_objects(collection: bpy.types.Collection) -> dict[str, bpy.types.Object]:
    """The objects that are alike in all assets: the parts by name, and root and armature by their kinds."""
    named: dict[str, bpy.types.Object] = {}
    marked = any(PART in obj for obj in collection.objects)
    for obj in collection.objects:
        if obj.type in ("EMPTY", "ARMATURE"):
            named.setdefault(obj.type, obj)
        elif PART in obj:
            named.setdefault(str(obj[PART]), obj)
        elif not marked and obj.type == "MESH" and obj.find_armature() is not None:
            # Parts of assets of earlier versions are known by their objects' names.
            named.setdefault(re.sub(r"\.\d{3,}$", "", obj.name), obj)
    return named


def _follow(obj: bpy.types.Object, source: bpy.types.Key, instead: bpy.types.Key) -> None:
    """Let the shape keys of a part that follow those of `source` follow those of `instead`."""
    keys = obj.data.shape_keys if obj.type == "MESH" else None
    for curve in keys.animation_data.drivers if keys and keys.animation_data else ():
        for target in (target for variable in curve.driver.variables for target in variable.targets):
            if target.id == source and keys != source:
                target.id = instead


def take_over(mine: bpy.types.Object, theirs: bpy.types.Object) -> None:
    """Give an object the shape of another person's.

    mine: that stays.
    theirs: of the same name in another asset; its mesh may become that of `mine`.
    """
    if mine.type == "ARMATURE":
        move_bones(mine, theirs.data)
    if mine.type != "MESH":
        return
    mine.add_rest_position_attribute = theirs.add_rest_position_attribute
    if VOLUME in theirs:
        mine[VOLUME] = theirs[VOLUME]
    for one, other in zip(mine.material_slots, theirs.material_slots, strict=False):
        if one.material is not None and other.material not in (None, one.material):
            take_pictures(one.material, other.material)
            other.material.user_remap(one.material)
    if np.array_equal(_corners(mine.data), _corners(theirs.data)):
        _take_shape(mine.data, theirs.data)
        _take_weights(mine, theirs)
        return
    former, name = mine.data, mine.data.name
    mine.data = theirs.data
    if former.users == 0:
        bpy.data.meshes.remove(former)
        mine.data.name = name


def take_pictures(mine: bpy.types.Material, theirs: bpy.types.Material) -> None:
    """Let the picture nodes of a material show those that the nodes of the same names show in another, and Solid mode
    its colour.

    mine: the material, with all that the artist set.
    theirs: the other one.
    """
    others = theirs.node_tree.nodes
    mine.diffuse_color = theirs.diffuse_color
    for node in mine.node_tree.nodes:
        other = others.get(node.name)
        if node.type == "TEX_IMAGE" and other is not None and other.type == "TEX_IMAGE":
            former, node.image = node.image, other.image
            if former is not None and former.users == 0:
                bpy.data.images.remove(former)


def _take_shape(mine: bpy.types.Mesh, theirs: bpy.types.Mesh) -> None:
    """Move the vertices of a mesh, and those of its shape keys, to where they are in another of the same quads."""
    rest = _points(theirs.vertices)
    if mine.shape_keys is not None:
        own = mine.shape_keys.key_blocks
        others = theirs.shape_keys.key_blocks if theirs.shape_keys is not None else {}
        before = _points(mine.shape_keys.reference_key.points)
        for block in own:
            if block == mine.shape_keys.reference_key:
                moved = rest
            elif block.name in others:
                moved = _points(others[block.name].points)
            else:
                moved = _points(block.points) + rest - before
            block.points.foreach_set("co", moved)
    mine.vertices.foreach_set("co", rest)
    mine.update()


def _take_weights(mine: bpy.types.Object, theirs: bpy.types.Object) -> None:
    """Give an object the vertex groups of another of the same quads: bones, regions, hair; the artist's own stay."""
    groups = {
        group.index: mine.vertex_groups.get(group.name) or mine.vertex_groups.new(name=group.name)
        for group in theirs.vertex_groups
    }
    for group in groups.values():
        group.remove(range(len(mine.data.vertices)))
    for vertex in theirs.data.vertices:
        for element in vertex.groups:
            groups[element.group].add((vertex.index,), element.weight, "REPLACE")


def _points(points: bpy.types.bpy_prop_collection) -> Floats:
    """The coordinates of vertices, or of a shape key's points, one after the other (3 V,)."""
    flat = np.empty(3 * len(points), np.float32)
    points.foreach_get("co", flat)
    return flat


def _corners(mesh: bpy.types.Mesh) -> Ints:
    """The vertices at the corners of a mesh's polygons, one after the other (L,)."""
    corners = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    return corners


def _remove(obj: bpy.types.Object) -> None:
    """Remove an object, and its data where nothing else has it."""
    data = obj.data
    bpy.data.objects.remove(obj)
    if data is not None and data.users == 0:
        bpy.data.batch_remove([data])


def drop_unused(material: bpy.types.Material | None) -> None:
    """Remove a material that nothing shows, and its pictures likewise.

    material: any; None is none.
    """
    if material is None or material.users > 0:
        return
    images = {node.image for node in material.node_tree.nodes if node.type == "TEX_IMAGE" and node.image is not None}
    bpy.data.materials.remove(material)
    for image in images:
        if image.users == 0:
            bpy.data.images.remove(image)
