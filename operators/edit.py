"""New skins on heads that are there already: those of CLIP-Head, and the artist's own."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import bpy

from ..core.errors import RequestError
from ..core.request import check_edit
from ..core.types import Canvas, HeadRequest
from ..scene import is_painted, read_canvas, read_request
from ..scene.canvas import is_ours, skin_layer
from .generate import Order, is_free, start
from .settings import QUALITIES


class CLIP_HEAD_OT_new_skin(bpy.types.Operator):
    """Paint the active head anew from other words. Its shape, its UV and its seed stay"""

    bl_idname = "clip_head.new_skin"
    bl_label = "New Skin"
    bl_options: ClassVar = {"REGISTER"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """An object that wears a skin of CLIP-Head's must be active."""
        return _may_start(cls, context) and _may(
            cls, is_painted(context.active_object), "The active object wears no skin of CLIP-Head yet"
        )

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Read the head from the object, and have it painted."""

        def prepare() -> Order:
            obj, settings = context.active_object, context.scene.clip_head
            request = replace(read_request(obj), skin=_look(settings), negative=settings.negative)
            return _painted(request, read_canvas(obj, settings.strength, settings.mask), obj)

        return start(self, context, prepare)


class CLIP_HEAD_OT_texture_this(bpy.types.Operator):
    """Unwrap the active mesh as a head and paint it from the words. Its shape, UV maps and materials are kept"""

    bl_idname = "clip_head.texture_this"
    bl_label = "Texture This Head"
    bl_options: ClassVar = {"REGISTER"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """A mesh that the artist may change must be active."""
        obj = context.active_object
        return (
            _may_start(cls, context)
            and _may(cls, obj is not None and obj.type == "MESH", "Select the mesh of a head")
            and _may(cls, not is_ours(obj), "This head is CLIP-Head's own: New Skin paints it")
            and _may(cls, obj.mode != "EDIT", "Leave Edit Mode first")
            and _may(cls, obj.data.is_editable, "The mesh is linked from another file: make it local first")
        )

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Read the mesh, and have it unwrapped and painted."""

        def prepare() -> Order:
            obj, settings = context.active_object, context.scene.clip_head
            look, (_, size) = _look(settings), QUALITIES[settings.quality]
            request = HeadRequest(look, seed=settings.seed, texture_size=size, negative=settings.negative)
            return _painted(request, replace(read_canvas(obj), edit=None), obj)

        return start(self, context, prepare)


class CLIP_HEAD_OT_paint_mask(bpy.types.Operator):
    """Make a black mask for the active head and start painting on it: white is what New Skin may change"""

    bl_idname = "clip_head.paint_mask"
    bl_label = "Paint Mask"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """An object that wears a skin of CLIP-Head's must be active."""
        return _may(cls, is_painted(context.active_object), "The active object wears no skin of CLIP-Head yet")

    def execute(self, context: bpy.types.Context) -> set[str]:
        """A new image where there is none; then Texture Paint with it as its canvas, and white on the brush."""
        settings = context.scene.clip_head
        if settings.mask is None:
            size = int(context.active_object.get("texture_size", 512))
            settings.mask = bpy.data.images.new(f"{context.active_object.name} mask", size, size)
        paint = context.scene.tool_settings.image_paint
        paint.mode, paint.canvas = "IMAGE", settings.mask
        skin_layer(context.active_object).active = True  # an image is painted in the active UV, whichever that is
        bpy.ops.object.mode_set(mode="TEXTURE_PAINT")
        # Blender's own colour to begin with is black, which would not show on the mask. X exchanges the two.
        brush = _colours(context)
        if brush is not None:
            brush.color, brush.secondary_color = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
        return {"FINISHED"}


def _colours(context: bpy.types.Context) -> bpy.types.UnifiedPaintSettings | bpy.types.Brush | None:
    """The owner of Texture Paint's colours: the settings that all brushes share, or else the active brush, if any."""
    tools = context.scene.tool_settings
    # Since Blender 5.0 every mode of painting has its own.
    shared = getattr(tools, "unified_paint_settings", None) or tools.image_paint.unified_paint_settings
    return shared if shared.use_unified_color else tools.image_paint.brush


def _painted(request: HeadRequest, canvas: Canvas, obj: bpy.types.Object) -> Order:
    """A new skin for an object. Raises RequestError where the edit makes no sense.

    canvas: its head.
    """
    check_edit(canvas.edit)
    return Order(request, lambda worker, *follow: worker.run_job(request, *follow, canvas), obj)


def _look(settings: bpy.types.PropertyGroup) -> str:
    """The words for the skin. Raises RequestError where there are none."""
    if not settings.look.strip():
        raise RequestError(
            "There are no words for the skin.",
            'Describe it in the panel "Skin of the Active Head", for example "a man with joker makeup".',
        )
    return str(settings.look)


def _may_start(operator: type[bpy.types.Operator], context: bpy.types.Context) -> bool:
    """Whether a job may start on the active object; where it may not, Blender's tooltip says why."""
    return _may(operator, is_free(), "A head is on its way") and _may(
        operator, context.active_object is not None, "No object is active"
    )


def _may(operator: type[bpy.types.Operator], allowed: bool, reason: str) -> bool:
    """`allowed`; where that is False, Blender's tooltip shows the reason."""
    if not allowed:
        operator.poll_message_set(reason)
    return allowed


@bpy.app.handlers.persistent
def _keep_masks(*_: object) -> None:
    """Saving a file drops what was painted on images that lie in no file of their own: the masks are packed first."""
    for scene in bpy.data.scenes:
        mask = scene.clip_head.mask
        if mask is not None and mask.is_dirty and (mask.packed_file or not mask.filepath):
            mask.pack()


#: What is registered, in this order.
CLASSES = (CLIP_HEAD_OT_new_skin, CLIP_HEAD_OT_texture_this, CLIP_HEAD_OT_paint_mask)


def register() -> None:
    """Register the operators, and what keeps the masks when a file is saved."""
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    bpy.app.handlers.save_pre.append(_keep_masks)


def unregister() -> None:
    """Undo `register`."""
    bpy.app.handlers.save_pre.remove(_keep_masks)
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
