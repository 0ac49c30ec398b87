"""Other hair for the head that is there, by words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

import bpy

from ..core.client import Worker
from ..core.errors import RequestError
from ..core.hair.colour import without_colouring
from ..core.types import Canvas, HeadRequest, Progress
from ..scene import head_object, read_canvas, read_request
from ..scene.asset import asset_collection
from ..scene.hair_change import NewHair
from .export import has_asset
from .generate import Order, is_free, start


class CLIP_HEAD_OT_change_hair(bpy.types.Operator):
    """Give the active head other hair, beard or brows by words. Its face, its materials and your own modifiers stay"""

    bl_idname = "clip_head.change_hair"
    bl_label = "Change Hair"
    bl_options: ClassVar = {"REGISTER"}

    words: bpy.props.StringProperty(  # type: ignore[valid-type]
        name="Words", description='What is to change, such as "a long red plait"; empty: those of the panel'
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """A part of an asset must be active, and nothing else on its way."""
        return is_free() and has_asset(cls, context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Have the words read, and hair made of them; without an interface, wait for that."""

        def prepare() -> Order:
            words = self.words or context.scene.clip_head.new_hair
            if not words.strip():
                raise RequestError(
                    "There are no words for the hair.", 'Type some, for example "a long red plait" or "no beard".'
                )
            collection = asset_collection(context.active_object)
            assert collection is not None  # as poll saw
            obj = head_object(collection)
            present = read_request(obj)
            request = replace(present, prompt=words, expression="", skin=present.looks)
            return Order(request, _changed(request, read_canvas(obj)), obj)

        return start(self, context, prepare)


def _changed(request: HeadRequest, canvas: Canvas) -> Callable[[Worker, Progress, Callable[[], bool]], NewHair]:
    """What has a worker make the hair; highlights, roots and white strands need none."""
    words = without_colouring(request.prompt)

    def serve(worker: Worker, progress: Progress, cancelled: Callable[[], bool]) -> NewHair:
        if not words:
            return NewHair(request.prompt, None)
        change = worker.change_hair(replace(request, prompt=words), canvas, progress, cancelled)
        return NewHair(request.prompt, change)

    return serve


def register() -> None:
    """Register the operator."""
    bpy.utils.register_class(CLIP_HEAD_OT_change_hair)


def unregister() -> None:
    """Undo `register`."""
    bpy.utils.unregister_class(CLIP_HEAD_OT_change_hair)
