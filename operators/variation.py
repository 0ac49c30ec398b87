"""More of an asset that is there: another person of the same words, one between two, the raw surface."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any, ClassVar

import bpy

from ..core.client import Worker
from ..core.errors import RequestError
from ..core.mixture import check_mixture
from ..core.request import SEEDS
from ..core.types import Head
from ..scene import head_object, read_canvas, read_request
from ..scene.asset import asset_collection
from ..scene.parents import read_mixture
from .active_asset import ForFreeAsset, active_asset, active_head
from .generate import Order, start
from .job import new_head


class CLIP_HEAD_OT_reroll(ForFreeAsset, bpy.types.Operator):
    """Another person whom the same words describe, in the active head's place. Sliders, materials and modifiers stay"""

    bl_idname = "clip_head.reroll"
    bl_label = "Re-roll"
    bl_options: ClassVar = {"REGISTER"}

    seed: bpy.props.IntProperty(  # type: ignore[valid-type]
        name="Seed", description="Of the other person; -1 draws one", default=-1, min=-1, max=SEEDS[1]
    )

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Have the same words made with another seed, for this head."""

        def prepare() -> Order:
            obj = active_head(context)
            seed = random.randrange(100_000) if self.seed < 0 else self.seed
            request = replace(read_request(obj), seed=seed, surface="asset")
            return Order(request, new_head(request), obj)

        return start(self, context, prepare)


class CLIP_HEAD_OT_change_shape(ForFreeAsset, bpy.types.Operator):
    """Change the active head's shape by words: it stays the same person. Skin, hair, sliders and modifiers stay"""

    bl_idname = "clip_head.change_shape"
    bl_label = "Change Shape"
    bl_options: ClassVar = {"REGISTER"}

    words: bpy.props.StringProperty(  # type: ignore[valid-type]
        name="Words", description='What is to change, such as "a bigger nose"; empty: those of the panel'
    )

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Have the head's code moved by the words, and the head made again of it."""

        def prepare() -> Order:
            settings = context.scene.clip_head
            words = self.words or settings.new_shape
            if not words.strip():
                raise RequestError("There are no words for the shape.", 'Type some, for example "a bigger nose".')
            obj = active_head(context)
            mixture, strength = read_mixture(obj, obj, 0.0), settings.shape_strength

            def serve(worker: Worker, *follow: Any) -> Head:
                return worker.change_shape(mixture, words, strength, *follow)

            return Order(mixture.request, serve, obj)

        return start(self, context, prepare)


class CLIP_HEAD_OT_mix(ForFreeAsset, bpy.types.Operator):
    """Make a third head between the active one and the other selected one, at the 3D cursor"""

    bl_idname = "clip_head.mix"
    bl_label = "Mix with Selected"
    bl_options: ClassVar = {"REGISTER"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Parts of two assets must be selected, one of them active, and nothing else on its way."""
        if not super().poll(context):
            return False
        if len(_others(context)) != 1:
            cls.poll_message_set("Select parts of two heads that CLIP-Head made of quads")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Read both heads, and have the one between them made."""

        def prepare() -> Order:
            (other,) = _others(context)
            fraction = context.scene.clip_head.mix
            mixture = read_mixture(active_head(context), head_object(other), fraction)
            check_mixture(mixture)
            return Order(mixture.request, lambda worker, *follow: worker.mix_heads(mixture, *follow))

        return start(self, context, prepare)


class CLIP_HEAD_OT_add_raw_surface(ForFreeAsset, bpy.types.Operator):
    """Add the surface that the neural model gives for the active head, with a UV of its own, hidden beside it"""

    bl_idname = "clip_head.add_raw_surface"
    bl_label = "Add Raw Surface"
    bl_options: ClassVar = {"REGISTER"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Have it extracted from the head's codes, as finely as the head was asked for."""

        def prepare() -> Order:
            obj = active_head(context)
            request, canvas = read_request(obj), read_canvas(obj)
            return Order(request, lambda worker, *follow: worker.extract_raw(request, canvas, *follow), obj)

        return start(self, context, prepare)


def _others(context: bpy.types.Context) -> set[bpy.types.Collection]:
    """The collections of the other selected assets."""
    selected = {asset_collection(obj) for obj in context.selected_objects}
    return selected - {None, active_asset(context)}


#: What is registered, in this order.
CLASSES = (CLIP_HEAD_OT_reroll, CLIP_HEAD_OT_change_shape, CLIP_HEAD_OT_mix, CLIP_HEAD_OT_add_raw_surface)


register, unregister = bpy.utils.register_classes_factory(CLASSES)
