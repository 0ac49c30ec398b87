"""What the preferences do about the installation: fetch the libraries, check them and the models, report it all."""

from __future__ import annotations

import platform
import re
import sys
import tomllib
from pathlib import Path
from typing import ClassVar

import bpy

from ..core.libraries import check_libraries
from ..core.models import EMBEDDED
from ..core.set_up import lock_here, set_up
from .environment import Environment, user_folder
from .generate import Order, is_free, start
from .models_command import look_at
from .settings import ADDON

_MANIFEST = Path(__file__).resolve().parent.parent / "blender_manifest.toml"


class CLIP_HEAD_OT_set_up(bpy.types.Operator):
    """Fetch the libraries that compute (0.4 GB; on Linux up to 5 GB) into a folder of this extension, and use them"""

    bl_idname = "clip_head.set_up"
    bl_label = "Set Up"
    bl_options: ClassVar = {"REGISTER"}

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """Only with Blender's online access, and one job at a time."""
        if not bpy.app.online_access:
            cls.poll_message_set("Online access is off: allow it under Preferences > System > Network")
            return False
        return is_free()

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Have it made beside Blender's work; without an interface, wait for that."""

        def prepare() -> Order:
            lock, folder = lock_here(), user_folder() / "environment"

            def serve(_worker: object, *follow: object) -> Environment:
                python = set_up(lock, folder, *follow)  # type: ignore[arg-type]
                return Environment(check_libraries(str(python)), python)

            return Order(None, serve)

        return start(self, context, prepare)


class CLIP_HEAD_OT_check_libraries(bpy.types.Operator):
    """See whether the Python that computes has all libraries, and what it computes on"""

    bl_idname = "clip_head.check_libraries"
    bl_label = "Check Libraries"
    bl_options: ClassVar = {"REGISTER"}

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """One job at a time."""
        return is_free()

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Ask it in a process of its own: importing them takes seconds."""

        def prepare() -> Order:
            python = bpy.path.abspath(preference(context, "python"))
            return Order(None, lambda *_: Environment(check_libraries(python)))

        return start(self, context, prepare)


class CLIP_HEAD_OT_check_models(bpy.types.Operator):
    """Check every file of the models by its checksum, and list them with their sizes and licences"""

    bl_idname = "clip_head.check_models"
    bl_label = "Check Models"
    bl_options: ClassVar = {"REGISTER"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Look at all files, about a second for a hundred megabytes."""
        models = preference(context, "models")
        lines, damaged = look_at(Path(bpy.path.abspath(models)) if models else EMBEDDED)
        context.window_manager.clip_head_status.models = "\n".join(lines)
        for error in damaged:
            self.report({"ERROR"}, str(error))
        return {"FINISHED"}


class CLIP_HEAD_OT_copy_report(bpy.types.Operator):
    """Copy versions, settings and the last error for a bug report, without your name and your folders"""

    bl_idname = "clip_head.copy_report"
    bl_label = "Copy Report"
    bl_options: ClassVar = {"REGISTER"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Put it into the clipboard."""
        context.window_manager.clipboard = report_text(context)
        self.report({"INFO"}, "The report is in the clipboard")
        return {"FINISHED"}


def preference(context: bpy.types.Context, name: str) -> str:
    """A text of the add-on's preferences; "" where it has none.

    context: with them.
    name: of the property.
    """
    addon = context.preferences.addons.get(ADDON)
    return str(getattr(addon.preferences, name)) if addon is not None else ""


def report_text(context: bpy.types.Context) -> str:
    """What somebody who mends a fault asks for first, without the home folder and the user's name.

    context: of the Blender that it is about.
    """
    status = context.window_manager.clip_head_status
    manifest = tomllib.loads(_MANIFEST.read_text(encoding="utf-8"))
    lines = [
        f"CLIP-Head {manifest['version']}",
        f"Blender {bpy.app.version_string}, Python {platform.python_version()}",
        f"{platform.platform()}, {platform.machine()}, {sys.byteorder} endian",
        f"Python environment: {preference(context, 'python') or 'of Blender'}",
        f"Models: {preference(context, 'models') or 'shipped'}",
        f"Last result: {status.result or 'none'}",
        f"Last error: {status.cause} {status.remedy}".rstrip() if status.cause else "Last error: none",
        status.details,
    ]
    return masked("\n".join(lines).strip() + "\n", str(Path.home()))


def masked(text: str, home: str) -> str:
    """A text without a home folder, and without the user's name that such a folder ends with.

    home: its path.
    """
    for written in {home, home.replace("\\", "\\\\"), home.replace("\\", "/")}:
        text = text.replace(written, "~")
    user = re.split(r"[\\/]", home.rstrip("\\/"))[-1]
    return re.sub(rf"(?<=[\\/]){re.escape(user)}(?=[\\/]|$)", "USER", text) if user else text


register_classes, unregister_classes = bpy.utils.register_classes_factory(
    (CLIP_HEAD_OT_set_up, CLIP_HEAD_OT_check_libraries, CLIP_HEAD_OT_check_models, CLIP_HEAD_OT_copy_report)
)


def register() -> None:
    """Register the operators."""
    register_classes()


def unregister() -> None:
    """Undo `register`."""
    unregister_classes()
