"""Properties, preferences, operators and the command line. Thin: the work is done in core/ and scene/.

The parts are imported by `register`: the command line is also used where there is no Blender yet.
"""

from __future__ import annotations

from types import ModuleType


def register() -> None:
    """Register everything."""
    for part in _parts():
        part.register()


def unregister() -> None:
    """Undo `register`."""
    for part in reversed(_parts()):
        part.unregister()


def _parts() -> tuple[ModuleType, ...]:
    from . import (
        change_hair,
        command,
        edit,
        export,
        expression,
        generate,
        hair,
        history,
        mark_head,
        performance,
        pose_library,
        prompts,
        rigify,
        sculpt,
        set_up,
        settings,
        variation,
        variations,
    )

    return (
        settings,
        generate,
        prompts,
        set_up,
        variation,
        variations,
        edit,
        expression,
        change_hair,
        pose_library,
        mark_head,
        rigify,
        sculpt,
        hair,
        history,
        export,
        performance,
        command,
    )
