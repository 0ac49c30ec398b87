"""The heads of a file with the words that each was made of: to be selected, made again, or removed."""

from __future__ import annotations

from typing import ClassVar

import bpy

from ..scene.head import head_object

#: Words and numbers of a request that the panel takes back.
_RESTORED = ("prompt", "expression", "skin", "negative", "seed", "variation")


def heads_of_file() -> list[bpy.types.Collection]:
    """The collections of the heads in the open file, by name; what was linked from another file is not among them."""
    return [
        collection
        for collection in bpy.data.collections
        if "models" in collection and "prompt" in collection and collection.library is None
        if any(obj.type == "MESH" for obj in collection.objects)
    ]


class _OfHead:
    """What operators on one head of the file share."""

    bl_options: ClassVar = {"REGISTER", "UNDO"}

    collection: bpy.props.StringProperty(  # type: ignore[valid-type]
        name="Head", description="Name of the head's collection", options={"SKIP_SAVE"}
    )


def _named_head(operator: bpy.types.Operator) -> bpy.types.Collection | None:
    """The collection of the head that an operator is about; None, and said, where it is gone."""
    collection = bpy.data.collections.get(operator.collection)
    if collection in heads_of_file():
        return collection
    operator.report({"ERROR"}, f"There is no head {operator.collection!r} in this file any more")
    return None


class CLIP_HEAD_OT_select_head(_OfHead, bpy.types.Operator):
    """Select this head alone, and make it the active one"""

    bl_idname = "clip_head.select_head"
    bl_label = "Select Head"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Selections of objects are made in Object Mode."""
        return context.mode == "OBJECT"

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Only where the view layer shows it."""
        collection = _named_head(self)
        if collection is None:
            return {"CANCELLED"}
        head = head_object(collection)
        if head.name not in context.view_layer.objects:
            self.report({"ERROR"}, f"{head.name!r} is not in this view layer: its collection is excluded, or unlinked")
            return {"CANCELLED"}
        for other in context.view_layer.objects:
            other.select_set(other == head)
        context.view_layer.objects.active = head
        return {"FINISHED"}


class CLIP_HEAD_OT_restore_words(_OfHead, bpy.types.Operator):
    """Put the words, the seed and the variation of this head into the panel: Generate then makes it once more"""

    bl_idname = "clip_head.restore_words"
    bl_label = "Restore Words"

    def execute(self, context: bpy.types.Context) -> set[str]:
        """What a head of an earlier version lacks stays."""
        collection = _named_head(self)
        if collection is None:
            return {"CANCELLED"}
        for name in _RESTORED:
            if name in collection:
                setattr(context.scene.clip_head, name, collection[name])
        return {"FINISHED"}


class CLIP_HEAD_OT_remove_head(_OfHead, bpy.types.Operator):
    """Remove this head with all its parts, bones and hair"""

    bl_idname = "clip_head.remove_head"
    bl_label = "Remove Head"

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Objects that are in other collections, too, stay there."""
        collection = _named_head(self)
        if collection is None:
            return {"CANCELLED"}
        own = [obj for obj in collection.objects if len(obj.users_collection) == 1]
        bpy.data.batch_remove([*own, collection])
        return {"FINISHED"}


register_classes, unregister_classes = bpy.utils.register_classes_factory(
    (CLIP_HEAD_OT_select_head, CLIP_HEAD_OT_restore_words, CLIP_HEAD_OT_remove_head)
)


def register() -> None:
    """Register the operators."""
    register_classes()


def unregister() -> None:
    """Undo `register`."""
    unregister_classes()
