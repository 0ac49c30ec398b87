"""A head straight to a picture, for looking at many."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
from mathutils import Vector

from ..core.types import Head
from .export import start_empty_file
from .head import add_head, head_object
from .mesh import to_blender
from .preview import render_preview

#: Depth z of template points, units, before which vertices count as the face; a close-up is centred on their mean. And
#: how wide a close-up is, metres.
_FACE_BEFORE, _CLOSE = 0.15, 0.19


def picture_head(
    head: Head, path: Path, size: tuple[int, int], views: tuple[float, ...], samples: int = 12, close: bool = False
) -> None:
    """Render a head as preview.render_preview does, in an empty Blender file: what is open is closed without saving.

    head: as from the pipeline.
    path, size, samples, views: as of render_preview.
    close: the face alone, of a head whose template points are known.
    """
    start_empty_file()
    obj = head_object(add_head(head, bpy.context.scene))
    points = head.mesh.template_points
    if not close or points is None:
        render_preview(obj, path, size, samples, views)
        return
    face = head.mesh.vertices[points[:, 2] > _FACE_BEFORE].mean(axis=0) - np.array(obj["origin"])
    render_preview(obj, path, size, samples, views, (Vector(to_blender(face)), _CLOSE))
