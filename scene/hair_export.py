"""Hair in files for other programs: as strands where the format has them, else as cards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import bpy

from .hair import CARDS, GROOM, VOLUME, cards_in, is_hair_surface, strands_in, volumes_in
from .hair_cards import cards_for_export
from .hair_nodes import input_of, read_input, write_input

#: Endings of files that hold strands.
_STRANDS = (".usd", ".usdc", ".usda", ".abc")


def hair_in_words(collection: bpy.types.Collection, suffix: str) -> str:
    """How a file holds an asset's hair, and why; "" where none is shown but closed meshes.

    collection: the asset's.
    suffix: of the file, such as ".glb".
    """
    if any(not obj.hide_viewport for obj in cards_in(collection)):
        return "hair as cards, as it is shown"
    if all(obj.hide_viewport for obj in strands_in(collection)):
        return ""
    return "hair as strands" if suffix in _STRANDS else f"hair as cards, since {suffix} files hold no strands"


@contextmanager
def hair_to_write(collection: bpy.types.Collection, suffix: str) -> Iterator[bpy.types.Collection]:
    """Meanwhile a collection of an asset's objects with the hair as a file can hold it, all strands of it.

    Where strands are shown and the format has none, cards are made of them as they are combed, in the head's level of
    detail. Hair that is not shown stays out: exporters differ in what they make of hidden objects.

    collection: the asset's.
    suffix: of the file.

    Yields the collection itself where the asset has nothing of hair.
    """
    strands = strands_in(collection)
    shown = {obj[GROOM] for obj in strands if not obj.hide_viewport}
    if not strands and not any(is_hair_surface(obj) for obj in collection.objects):
        yield collection
    elif shown and suffix not in _STRANDS:
        with cards_for_export(collection) as cards:
            own = {obj[CARDS] for obj in cards}
            instead = [obj for obj in volumes_in(collection) if obj[VOLUME] in shown - own]
            with _written(collection, [*(obj for obj in cards if obj[CARDS] in shown), *instead]) as whole:
                yield whole
    else:
        hair = (*strands, *volumes_in(collection), *cards_in(collection))
        with _written(collection, [obj for obj in hair if not obj.hide_viewport]) as whole:
            yield whole


@contextmanager
def _written(collection: bpy.types.Collection, written: list[bpy.types.Object]) -> Iterator[bpy.types.Collection]:
    """Meanwhile a collection of an asset's objects with this hair of it alone, shown, with all strands."""
    hair = (*strands_in(collection), *volumes_in(collection), *cards_in(collection))
    left_out = {obj for obj in hair if obj not in written}
    left_out |= {obj for obj in collection.objects if is_hair_surface(obj)}
    hidden = [(obj, obj.hide_viewport, obj.hide_render) for obj in written]
    amounts = [
        (modifier, name, read_input(modifier, name))
        for obj in written
        for modifier in obj.modifiers
        if (name := input_of(modifier, "Viewport Amount"))
    ]
    simplified = [(one, one.show_viewport) for obj in written if obj.type == "CURVES" for one in obj.modifiers]
    whole = bpy.data.collections.new("clip_head meanwhile")
    bpy.context.scene.collection.children.link(whole)
    try:
        for obj in collection.objects:
            if obj not in left_out:
                whole.objects.link(obj)
        for obj in written:
            obj.hide_viewport = obj.hide_render = False
        for modifier, _ in simplified:
            modifier.show_viewport = modifier.show_render
        for modifier, name, _ in amounts:
            write_input(modifier, name, 1.0)
            modifier.id_data.update_tag()
        yield whole
    finally:
        for modifier, viewport in simplified:
            modifier.show_viewport = viewport
        for modifier, name, amount in amounts:
            write_input(modifier, name, amount)
            modifier.id_data.update_tag()
        for obj, viewport, render in hidden:
            obj.hide_viewport, obj.hide_render = viewport, render
        bpy.data.collections.remove(whole)
