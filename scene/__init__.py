"""The only place that builds Blender data: mesh, shape keys, material, collection, preview, files."""

import bpy  # noqa: F401  as a module it makes Blender's other modules, such as addon_utils, importable

from .canvas import is_ours, is_painted, read_canvas, read_image, read_mask, read_request, skin_layer
from .dress import dress_head
from .export import open_mask, open_mesh, save_blend, save_glb, start_empty_file
from .head import add_head, collect, head_object
from .picture import picture_head
from .preview import render_preview

__all__ = [
    "add_head",
    "collect",
    "dress_head",
    "head_object",
    "is_ours",
    "is_painted",
    "open_mask",
    "open_mesh",
    "picture_head",
    "read_canvas",
    "read_image",
    "read_mask",
    "read_request",
    "render_preview",
    "save_blend",
    "save_glb",
    "skin_layer",
    "start_empty_file",
]
