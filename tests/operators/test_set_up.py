"""The preferences' buttons, without a window: each does its work at once."""

import bpy
import pytest

from clip_head.core.libraries import Libraries
from clip_head.operators.environment import Environment, show
from clip_head.operators.set_up import masked, report_text


def test_the_libraries_of_this_python_are_told(scene: bpy.types.Scene) -> None:
    assert bpy.ops.clip_head.check_libraries() == {"FINISHED"}
    result = bpy.context.window_manager.clip_head_status.result
    assert result.startswith("All libraries are there") and "torch" in result


def test_models_are_listed_with_their_licences(scene: bpy.types.Scene) -> None:
    assert bpy.ops.clip_head.check_models() == {"FINISHED"}
    lines = bpy.context.window_manager.clip_head_status.models.splitlines()
    assert len(lines) > 8 and all("MB" in line and ("CC0" in line or "CLIP-Head" in line) for line in lines)


def test_set_up_needs_online_access(scene: bpy.types.Scene) -> None:
    assert not bpy.app.online_access
    assert not bpy.ops.clip_head.set_up.poll()


def test_what_lacks_is_told_and_nothing_is_chosen(scene: bpy.types.Scene) -> None:
    status = bpy.context.window_manager.clip_head_status
    show(Environment(Libraries("3.11.1", {}, {"torch": "ModuleNotFoundError"}, "")), bpy.context, status)
    assert "torch" in status.result


def test_a_report_has_versions_and_the_last_error_without_the_home(
    scene: bpy.types.Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pathlib.Path.home", lambda: "/home/maria")
    status = bpy.context.window_manager.clip_head_status
    status.cause, status.remedy = "There are no models in /home/maria/models.", "Name a folder."
    status.details = "Traceback of /home/maria/x.py and /media/maria/usb"
    text = report_text(bpy.context)
    status.cause = status.remedy = status.details = ""
    assert bpy.app.version_string in text and "no models in ~/models" in text and "Traceback of ~/x.py" in text
    assert "maria" not in text


@pytest.mark.parametrize(
    ("text", "home", "wanted"),
    [
        (r"C:\Users\Eva\a.blend and C:\\Users\\Eva\\b", r"C:\Users\Eva", r"~\a.blend and ~\\b"),
        ("/mnt/eva/x", "/home/eva", "/mnt/USER/x"),
        ("evaluate", "/home/eva", "evaluate"),
    ],
)
def test_names_are_masked(text: str, home: str, wanted: str) -> None:
    assert masked(text, home) == wanted
