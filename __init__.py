"""CLIP-Head: words become a textured, riggable 3D head. Registration, and for scripts `generate`, `edit`, `export`."""

from typing import Any

#: What scripts may ask this package for (operators/python_api.py).
_FOR_SCRIPTS = ("edit", "export", "generate")


def register() -> None:
    """Called by Blender when the extension is enabled. Imports no torch."""
    from . import operators, panels

    operators.register()
    panels.register()


def unregister() -> None:
    """Called by Blender when the extension is disabled."""
    from . import operators, panels

    panels.unregister()
    operators.unregister()


def __getattr__(name: str) -> Any:
    """One of _FOR_SCRIPTS, loaded when it is first asked for: Blender must start fast."""
    if name in _FOR_SCRIPTS:
        from .operators import python_api

        return getattr(python_api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """For consoles that complete names."""
    return sorted([*globals(), *_FOR_SCRIPTS])
