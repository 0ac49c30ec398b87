"""The paper's raw surface of an asset, hidden beside it: to compare with, to bake from, to remesh."""

from __future__ import annotations

import bpy
import numpy as np

from ..core.types import UnwrappedMesh
from .canvas import read_property
from .head import head_object
from .mesh import add_expression_key, build_mesh, neck_middle, to_blender, weld

#: Custom property that marks the object, and its name.
RAW, NAME = "clip_head_raw", "Raw Surface"


def add_raw_surface(collection: bpy.types.Collection, mesh: UnwrappedMesh, expression: str) -> bpy.types.Object:
    """Add the raw surface of a head to its asset, hidden, where the asset is; one that is there already goes.

    The object has the UV that the surface was unwrapped to, which is not the asset's, and no material.

    collection: of `add_asset`.
    mesh: the surface, in NPHM's frame.
    expression: name of its shape key, which holds the expression that the head was made with.
    """
    for former in [obj for obj in collection.objects if RAW in obj]:
        bpy.data.meshes.remove(former.data)  # and the object with it
    head = head_object(collection)
    obj = bpy.data.objects.new(NAME, build_mesh(NAME, mesh))
    obj[RAW] = True
    collection.objects.link(obj)
    obj.parent = root_of(head)
    points, faces, _, _ = weld(mesh)
    origin = np.array(read_property(head, "origin"), np.float32)
    obj.location = to_blender(neck_middle(points, faces) - origin)
    add_expression_key(obj, mesh, expression or "Expression")
    obj.hide_render = obj.hide_viewport = True
    return obj


def root_of(obj: bpy.types.Object) -> bpy.types.Object:
    """The object at the top of an asset, which moves all of it: the first empty above `obj`."""
    while obj.parent is not None and obj.type != "EMPTY":
        obj = obj.parent
    return obj
