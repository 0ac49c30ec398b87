"""Where the libraries of this Python are, for another process of it."""

from __future__ import annotations

import site
import sys
from pathlib import Path


def package_folders() -> list[str]:
    """The folders of this Python's libraries, without the user's own.

    Blender keeps the wheels of extensions in a folder that only Blender's own start-up adds to the path.
    """
    users = Path(site.getusersitepackages())
    folders = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    return [path for path in folders if Path(path) != users]
