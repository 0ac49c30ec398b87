"""The pictures of variations that the panel shows."""

from __future__ import annotations

from functools import cache

import bpy
import bpy.utils.previews
import numpy as np

from ..core.exchange import Variations
from ..core.types import Bytes, Floats


class Gallery:
    """The pictures that are shown; Blender's previews have no other place.

    shown: the variations, None before the first.
    icons: of each, by which Blender draws it.
    """

    shown: Variations | None = None
    icons: tuple[int, ...] = ()


@cache
def _pictures() -> bpy.utils.previews.ImagePreviewCollection:
    """Blender's store of the pictures, made when the first are shown."""
    return bpy.utils.previews.new()


def show(variations: Variations) -> None:
    """Let the panel show these variations in place of those before.

    variations: of the words of the panel.
    """
    store = _pictures()
    store.clear()
    icons = []
    for number, picture in enumerate(variations.pictures):
        preview = store.new(str(number))
        preview.image_size = picture.shape[1::-1]
        preview.image_pixels_float.foreach_set(_as_pixels(picture))
        icons.append(preview.icon_id)
    Gallery.shown, Gallery.icons = variations, tuple(icons)


def _as_pixels(picture: Bytes) -> Floats:
    """A picture (H, W, 3) as Blender's pixels: the lowest row first, with alpha, 0 to 1."""
    opaque = np.full((*picture.shape[:2], 1), 255, np.uint8)
    return (np.concatenate([picture, opaque], axis=2)[::-1] / np.float32(255)).astype(np.float32).ravel()


def free() -> None:
    """Show none any more, and free the pictures."""
    Gallery.shown, Gallery.icons = None, ()
    if _pictures.cache_info().currsize:
        bpy.utils.previews.remove(_pictures())
        _pictures.cache_clear()
