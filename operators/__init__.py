"""Properties, preferences, operators and the command line. Thin: the work is done in core/ and scene/."""

from __future__ import annotations

from . import command, edit, generate, settings

_PARTS = (settings, generate, edit, command)


def register() -> None:
    """Register everything."""
    for part in _PARTS:
        part.register()


def unregister() -> None:
    """Undo `register`."""
    for part in reversed(_PARTS):
        part.unregister()
