"""A preview is made wherever its files have to go."""

import tempfile
from pathlib import Path

import bpy
import numpy as np
import pytest
from PIL import Image

from clip_head.core.types import Head
from clip_head.scene import add_head, head_object, render_preview
from clip_head.scene.export import use_temporary_folder


def test_folders_may_have_names_that_mean_something_to_blender(
    scene: bpy.types.Scene, small_head: Head, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the path of a render, braces are variables, a # is the frame's number, and a % was in older ones."""
    odd = tmp_path / "{head} ### 100%d vol:1 ö"
    odd.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(odd))
    obj = head_object(add_head(small_head, scene))
    before = use_temporary_folder(str(odd))
    try:
        assert Path(bpy.app.tempdir).is_relative_to(odd)
        render_preview(obj, odd / "preview.png", (60, 24), samples=1)
    finally:
        assert use_temporary_folder(before) == str(odd)
    assert not Path(bpy.app.tempdir).is_relative_to(odd)
    assert [path.name for path in odd.iterdir()] == ["preview.png"]
    assert np.asarray(Image.open(odd / "preview.png")).std() > 5
