"""CLIP-Head: words become a textured, riggable 3D head. Registration, nothing else."""


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
