"""The command line inside Blender: `blender -c clip_head PROMPT ...` is what ./run is outside."""

from __future__ import annotations

from typing import Any

import bpy

from .settings import worker_from_preferences

_commands: list[Any] = []


def _run(arguments: list[str]) -> int:
    from .command_line import main

    with worker_from_preferences(bpy.context) as worker:
        return main(arguments, worker, "blender -c clip_head")


def register() -> None:
    """Add the command."""
    _commands.append(bpy.utils.register_cli_command("clip_head", _run))


def unregister() -> None:
    """Take it away."""
    bpy.utils.unregister_cli_command(_commands.pop())
