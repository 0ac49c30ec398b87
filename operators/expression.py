"""Expressions for the asset that is there: words, or names of poses, become values of its shape keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

import bpy

from ..core.asset.arkit import poses
from ..core.client import Worker
from ..core.errors import RequestError
from ..core.types import HeadRequest, Progress
from ..scene.asset_keys import set_expression
from .active_asset import ForActiveAsset, ForFreeAsset, active_head
from .generate import Order, start

#: The poses as Blender's enum items; expressions first, then visemes.
_POSES = [
    (f"{kind}:{name}", name.capitalize() if kind == "expressions" else f"Viseme {name}", "")
    for kind, named in poses().items()
    for name in named
]


class CLIP_HEAD_OT_change_expression(ForFreeAsset, bpy.types.Operator):
    """Give the active head another expression: the words set the values of its shape keys"""

    bl_idname = "clip_head.change_expression"
    bl_label = "Change Expression"
    bl_options: ClassVar = {"REGISTER"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Start to read the words; without an interface, wait for that."""

        def prepare() -> Order:
            words = context.scene.clip_head.new_expression
            if not words.strip():
                raise RequestError(
                    "There are no words for the expression.", 'Type some, for example "angry but crying".'
                )
            request = HeadRequest(words, expression=words)
            return Order(request, partial(_read, request), active_head(context))

        return start(self, context, prepare)


class CLIP_HEAD_OT_apply_pose(ForActiveAsset, bpy.types.Operator):
    """Give the active head an expression or the shape of a speech sound by its name, at once"""

    bl_idname = "clip_head.apply_pose"
    bl_label = "Apply Pose"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    pose: bpy.props.EnumProperty(name="Pose", items=_POSES)  # type: ignore[valid-type]

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Set the values of all 52 keys; keyframes, too, where auto keying is on."""
        kind, name = self.pose.split(":")
        set_expression(active_head(context), poses()[kind][name], context.scene)
        return {"FINISHED"}


def _read(request: HeadRequest, worker: Worker, progress: Progress, cancelled: Callable[[], bool]) -> dict[str, float]:
    """Have a worker read the words of an expression."""
    return worker.read_expression(request, progress, cancelled)


#: What is registered, in this order.
CLASSES = (CLIP_HEAD_OT_change_expression, CLIP_HEAD_OT_apply_pose)


register, unregister = bpy.utils.register_classes_factory(CLASSES)
