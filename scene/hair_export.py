"""Hair in files for other programs: as strands where the format has them, else as the meshes that are the same hair."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import bpy

from .hair import GROOM, VOLUME, strands_in, volumes_in
from .hair_nodes import input_of

#: Endings of files that hold strands.
_STRANDS = (".usd", ".usdc", ".usda", ".abc")


def hair_in_words(collection: bpy.types.Collection, suffix: str) -> str:
    """How a file holds an asset's strands, and why; "" where none are shown.

    collection: the asset's.
    suffix: of the file, such as ".glb".
    """
    shown = [obj[GROOM] for obj in strands_in(collection) if not obj.hide_viewport]
    if not shown:
        return ""
    if suffix in _STRANDS:
        return "hair as strands"
    meshes = {obj[VOLUME] for obj in volumes_in(collection)}
    painted = [name.lower() for name in shown if name not in meshes]
    reason = f"hair as closed meshes, since {suffix} files hold no strands"
    return f"{reason} ({', '.join(painted)}: painted alone)" if painted else reason


@contextmanager
def hair_to_write(collection: bpy.types.Collection, suffix: str) -> Iterator[bpy.types.Collection]:
    """Meanwhile a collection of an asset's objects with the hair as a file can hold it, all strands of it.

    Hair that is not shown stays out: exporters differ in what they make of hidden objects.

    collection: the asset's.
    suffix: of the file.

    Yields the collection itself where the asset has no strands.
    """
    strands, meshes = strands_in(collection), volumes_in(collection)
    if not strands:
        yield collection
        return
    shown = {obj[GROOM] for obj in strands if not obj.hide_viewport}
    if suffix in _STRANDS:
        written = [obj for obj in (*strands, *meshes) if not obj.hide_viewport]
    else:
        written = [obj for obj in meshes if obj[VOLUME] in shown or not obj.hide_viewport]
    left_out = {obj for obj in (*strands, *meshes) if obj not in written}
    hidden = [(obj, obj.hide_viewport, obj.hide_render) for obj in written]
    amounts = [
        (modifier, name, modifier[name])
        for obj in written
        for modifier in obj.modifiers
        if (name := input_of(modifier, "Viewport Amount"))
    ]
    whole = bpy.data.collections.new("clip_head meanwhile")
    bpy.context.scene.collection.children.link(whole)
    try:
        for obj in collection.objects:
            if obj not in left_out:
                whole.objects.link(obj)
        for obj in written:
            obj.hide_viewport = obj.hide_render = False
        for modifier, name, _ in amounts:
            modifier[name] = 1.0
            modifier.id_data.update_tag()
        yield whole
    finally:
        for modifier, name, amount in amounts:
            modifier[name] = amount
            modifier.id_data.update_tag()
        for obj, viewport, render in hidden:
            obj.hide_viewport, obj.hide_render = viewport, render
        bpy.data.collections.remove(whole)
