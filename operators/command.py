"""The command line inside Blender: `blender -c clip_head PROMPT ...` is what ./run is outside."""

from __future__ import annotations

from typing import Any

import bpy

from .settings import worker_from_preferences

#: What Blender returned for the registered command, needed to unregister it; empty while there is none.
_commands: list[Any] = []


def _run(arguments: list[str]) -> int:
    """Run the command line with the worker that the preferences describe. Returns the exit code."""
    from .commands import main

    with worker_from_preferences(bpy.context) as worker:
        again = (bpy.app.binary_path, "--background", "-c", "clip_head")
        return main(arguments, worker, "blender -c clip_head", again)


def register() -> None:
    """Add the command."""
    _commands.append(bpy.utils.register_cli_command("clip_head", _run))


def unregister() -> None:
    """Take it away."""
    bpy.utils.unregister_cli_command(_commands.pop())
