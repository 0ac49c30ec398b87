"""Temporary folders of our own, which the next call sweeps where the call that made them was killed.

Each holds a file that is locked for as long as its process lives: the system gives a lock back however a process ends,
and no number of a process is mistaken for another's that came later.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

if sys.platform != "win32":
    import fcntl

#: Name of the locked file. A folder without it is nobody's of ours, whatever it is called, and is never removed.
LOCK = ".clip_head.lock"
#: How often a folder is removed again where another thread still writes into it.
_REMOVALS = 50


class TemporaryFolder:
    """A new folder that is gone afterwards; use it as a context manager, or call `remove`.

    parent: where it is made; folders there with the same prefix whose processes are dead are swept first.
    prefix: how its name begins.

    Raises OSError where nothing can be made in `parent`.
    """

    def __init__(self, parent: Path, prefix: str) -> None:
        sweep(parent, prefix)
        self.path, self._lock = _make(parent, prefix)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Remove the folder with everything in it. What cannot be removed stays, without an error."""
        self._lock.close()  # Windows removes no file that is open
        for _ in range(_REMOVALS):
            shutil.rmtree(self.path, ignore_errors=True)
            if not self.path.exists():
                return


def sweep(parent: Path, prefix: str) -> None:
    """Remove the folders in `parent` whose name begins with `prefix` and whose processes are dead."""
    with suppress(OSError):
        for folder in [entry for entry in parent.iterdir() if entry.name.startswith(prefix)]:
            if folder.is_dir() and not folder.is_symlink():
                _sweep(folder)


def _make(parent: Path, prefix: str) -> tuple[Path, BinaryIO]:
    """A new folder and its lock, which is held."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        try:
            lock = (folder / LOCK).open("xb")
        except (FileExistsError, FileNotFoundError):  # another call took it for a dead one's, and sweeps it
            continue
        if sys.platform != "win32":
            with suppress(OSError):  # a file system without locks
                fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / LOCK).exists():
            return folder, lock
        lock.close()


def _sweep(folder: Path) -> None:
    """Remove `folder` if it has a lock that no living process holds, and belongs to this user."""
    with suppress(OSError):
        if sys.platform == "win32":
            (folder / LOCK).unlink()  # fails while the file is open anywhere
            shutil.rmtree(folder, ignore_errors=True)
            return
        if folder.stat().st_uid != os.geteuid():
            return
        with (folder / LOCK).open("rb+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
