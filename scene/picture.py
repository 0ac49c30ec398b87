"""A head straight to a picture, for looking at many."""

from __future__ import annotations

from pathlib import Path

import bpy

from ..core.types import Head
from .export import start_empty_file
from .head import add_head, head_object
from .preview import render_preview


def picture_head(head: Head, path: Path, size: tuple[int, int], views: tuple[float, ...]) -> None:
    """Render `head` into a PNG file as preview.render_preview does, in a file of its own: whatever is open is left."""
    start_empty_file()
    collection = add_head(head, bpy.context.scene)
    render_preview(head_object(collection), path, size, views=views)
