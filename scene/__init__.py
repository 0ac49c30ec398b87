"""The only place that builds Blender data: mesh, shape keys, material, collection, preview, files."""

import bpy  # noqa: F401  as a module it makes Blender's other modules, such as addon_utils, importable

from .canvas import is_painted, read_canvas, read_request
from .export import save_blend, save_glb
from .head import add_head, head_object
from .picture import picture_head
from .preview import render_preview
from .textures import apply_textures

__all__ = [
    "add_head",
    "apply_textures",
    "head_object",
    "is_painted",
    "picture_head",
    "read_canvas",
    "read_request",
    "render_preview",
    "save_blend",
    "save_glb",
]
