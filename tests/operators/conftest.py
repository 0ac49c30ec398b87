"""Blender with the extension registered."""

from collections.abc import Iterator

import bpy
import pytest

import clip_head
from clip_head.scene.export import start_empty_file


@pytest.fixture
def scene() -> Iterator[bpy.types.Scene]:
    start_empty_file()
    clip_head.register()
    yield bpy.context.scene
    clip_head.unregister()
    start_empty_file()
