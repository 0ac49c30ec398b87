"""A finished head becomes one collection in a scene."""

from __future__ import annotations

import bpy

from ..core.types import Head
from .asset import add_asset
from .material import build_material
from .mesh import add_expression_key, build_mesh, data_name, neck_middle, weld
from .properties import describe


def add_head(head: Head, scene: bpy.types.Scene, level: int = 0) -> bpy.types.Collection:
    """Build `head` at the 3D cursor of `scene`, in a collection of its own which carries where it came from.

    Collection and object hold the custom properties prompt, expression, skin, seed, resolution, texture_size, and
    models: the models' kinds, names, licences and sources as JSON. The object also holds z_id and z_exp, its codes,
    origin, where it lies in NPHM's frame, and skin_tone: with them its skin can be changed later. A head with an asset
    becomes that (scene/asset.py), in its level of detail `level`, 0 the finest.
    """
    if head.asset is not None:
        return add_asset(head, head.asset, scene, level)
    name = data_name(head.request.prompt)
    mesh = build_mesh(name, head.mesh)
    mesh.materials.append(build_material(name, head.textures))
    obj = bpy.data.objects.new(name, mesh)
    add_expression_key(obj, head.mesh, head.request.expression or "Expression")
    obj.location = scene.cursor.location

    collection = bpy.data.collections.new(name)
    collection.objects.link(obj)
    scene.collection.children.link(collection)
    points, faces, _, _ = weld(head.mesh)
    describe(head, collection, obj, neck_middle(points, faces))
    return collection


def head_object(collection: bpy.types.Collection) -> bpy.types.Object:
    """The mesh object in a collection of `add_head`; of an asset the head itself."""
    meshes = [obj for obj in collection.objects if obj.type == "MESH"]
    return next((obj for obj in meshes if "z_id" in obj), meshes[0])


def collect(obj: bpy.types.Object) -> bpy.types.Collection:
    """A collection that holds the object alone, such as a head of ours has; a new one where it has none."""
    for collection in obj.users_collection:
        if len(collection.objects) == 1 and collection != bpy.context.scene.collection:
            return collection
    collection = bpy.data.collections.new(obj.name)
    collection.objects.link(obj)
    bpy.context.scene.collection.children.link(collection)
    return collection
