"""The command line inside Blender: `blender -c clip_head PROMPT ...` is what ./run is outside."""

from __future__ import annotations

from typing import Any

import bpy

_commands: list[Any] = []


def _run(arguments: list[str]) -> int:
    from ..cli import main

    return main(arguments)


def register() -> None:
    """Add the command."""
    _commands.append(bpy.utils.register_cli_command("clip_head", _run))


def unregister() -> None:
    """Take it away."""
    bpy.utils.unregister_cli_command(_commands.pop())
