"""The environment that Set Up makes: where it lies, and what the artist is told of the libraries in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import bpy

from ..core.libraries import Libraries, summary
from .settings import ADDON


@dataclass(frozen=True)
class Environment:
    """What was found out of the Python that computes.

    libraries: that it has.
    made: its path, where it was made just now.
    """

    libraries: Libraries
    made: Path | None = None


def user_folder() -> Path:
    """The extension's own files of this user; it need not exist."""
    try:
        return Path(bpy.utils.extension_path_user(ADDON))
    except ValueError:  # an add-on that is no extension
        return Path(bpy.utils.user_resource("DATAFILES")) / "clip_head"


def show(found: Environment, context: bpy.types.Context, status: bpy.types.PropertyGroup) -> None:
    """Tell what was found; an environment that was made just now computes from now on.

    found: by Set Up or Check Libraries.
    context: with the preferences.
    status: that the panel shows.
    """
    addon = context.preferences.addons.get(ADDON)
    if found.made is not None and addon is not None:
        addon.preferences.python = str(found.made)
        context.preferences.is_dirty = True
    status.result = summary(found.libraries)
