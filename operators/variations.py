"""A gallery of the people whom the same words describe: small pictures to choose from before a head is made."""

from __future__ import annotations

import random
from typing import ClassVar

import bpy

from ..core.request import SEEDS
from .gallery import Gallery, free
from .generate import Order, is_free, start

#: How many are shown at once.
COUNT = 8


class CLIP_HEAD_OT_show_variations(bpy.types.Operator):
    """Draw small pictures of eight people whom the words describe; click one to make that head"""

    bl_idname = "clip_head.show_variations"
    bl_label = "Show Variations"
    bl_options: ClassVar = {"REGISTER"}

    seed: bpy.props.IntProperty(  # type: ignore[valid-type]
        name="Seed", description="Of the first; the others follow it. -1 draws one", default=-1, min=-1, max=SEEDS[1]
    )

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """One job at a time."""
        return is_free()

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Have them drawn; without an interface, wait for that."""

        def prepare() -> Order:
            request = context.scene.clip_head.request()
            first = random.randrange(100_000) if self.seed < 0 else self.seed
            seeds = [min(first + number, SEEDS[1]) for number in range(COUNT)]
            return Order(request, lambda worker, *follow: worker.picture_variations(request, seeds, *follow))

        return start(self, context, prepare)


class CLIP_HEAD_OT_make_variation(bpy.types.Operator):
    """Make the head of this picture"""

    bl_idname = "clip_head.make_variation"
    bl_label = "Make This One"
    bl_options: ClassVar = {"REGISTER"}

    seed: bpy.props.IntProperty(name="Seed", min=SEEDS[0], max=SEEDS[1])  # type: ignore[valid-type]

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """There must be pictures, and no job."""
        return Gallery.shown is not None and is_free()

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Put the words that the picture was drawn for into the panel again, with its seed, and generate."""
        assert Gallery.shown is not None  # as poll saw
        settings, request = context.scene.clip_head, Gallery.shown.request
        settings.prompt, settings.expression, settings.skin = request.prompt, request.expression, request.skin
        settings.variation, settings.seed = request.variation, self.seed
        return set(bpy.ops.clip_head.generate())


register_classes, unregister_classes = bpy.utils.register_classes_factory(
    (CLIP_HEAD_OT_show_variations, CLIP_HEAD_OT_make_variation)
)


def register() -> None:
    """Register the operators."""
    register_classes()


def unregister() -> None:
    """Undo `register`, and free the pictures."""
    free()
    unregister_classes()
