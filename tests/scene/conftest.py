"""Tests here build Blender data: each starts from an empty file."""

from collections.abc import Iterator

import bpy
import pytest

from clip_head.scene.export import start_empty_file


@pytest.fixture
def scene() -> Iterator[bpy.types.Scene]:
    start_empty_file()
    yield bpy.context.scene
    start_empty_file()
