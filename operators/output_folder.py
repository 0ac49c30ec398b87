"""The folder of one head: filled out of sight, then put into place whole, beside the heads that are there."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from ..core.errors import OutputError
from ..core.temporary import TemporaryFolder

#: Everything a head's folder may hold. Only these names are ever replaced or removed there.
FILES = (
    "head.blend",
    "head.glb",
    "albedo.png",
    "normal.png",
    "roughness.png",
    "subsurface.png",
    "coat.png",
    "occlusion.png",
    "uv_normal.png",
    "preview.png",
    "head.json",
)
#: Free space that must be there before the work starts, bytes (200 MB): an ordinary head takes 15 to 30 MB.
_ROOM_NEEDED = 200 * 1024**2
#: How the names of the hidden folders begin in which heads are made.
_PREFIX = ".clip_head-"
#: How often a hidden folder is tried: each other call that ends meanwhile may remove the parent that it had made.
_ATTEMPTS = 20
#: Bytes of the longest path that is written to: Blender cuts paths at 1024.
_LONGEST_PATH = 1000
#: What is written deepest: the previews and exports of Blender, in its own temporary folder.
_DEEPEST = f"{_PREFIX}xxxxxxxx/temporary/blender_xxxxxx/a name of Blender's.blend@"


class Staging:
    """Where a head grows: a hidden folder in `parent`, on the same disk as the result. Use it as a context manager.

    parent: where the head's own folder will be put; created where it is not there, and removed again where the head was
    not finished.
    room: bytes that must be free.

    Raises OutputError where nothing can be written, or less than `room` is free.
    """

    def __init__(self, parent: Path, room: int = _ROOM_NEEDED) -> None:
        with writing(parent):
            _check_path(parent / _DEEPEST)
            self._created = [folder for folder in (parent, *parent.parents) if not folder.exists()]
            try:
                self._folder = _make(parent)
            except OSError:
                self._remove_created()
                raise
            #: The head's folder to be.
            self.head = self._folder.path / "head"
            #: For everything that is temporary, Blender's and the worker's.
            self.temporary = self._folder.path / "temporary"
            self.head.mkdir()
            self.temporary.mkdir()
        free = shutil.disk_usage(parent).free
        if free < room:
            self.remove()
            raise OutputError(
                f"The disk of {parent} has {free / 1e6:.0f} MB free, and {room / 1e6:.0f} MB are needed.",
                "Free some space, or choose another folder with --out.",
            )

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Leave nothing that was not there before, except a head that was put into place."""
        self._folder.remove()
        self._remove_created()

    def _remove_created(self) -> None:
        for folder in self._created:  # innermost first; those with something in them stay
            with suppress(OSError):
                folder.rmdir()


def _make(parent: Path) -> TemporaryFolder:
    """A new hidden folder in `parent`, which is made too where it is missing."""
    for _ in range(_ATTEMPTS):
        parent.mkdir(parents=True, exist_ok=True)
        # Another call, which had made `parent`, may just have taken it away again.
        with suppress(FileNotFoundError):
            return TemporaryFolder(parent, _PREFIX)
    raise FileNotFoundError(errno.ENOENT, "nothing can be made there")


def _check_path(path: Path) -> None:
    """Raise OSError for a path that Blender could not write to."""
    try:
        length = len(str(path).encode("utf-8"))
    except UnicodeEncodeError:
        raise OSError(errno.EILSEQ, "the name is not UTF-8") from None
    if length > _LONGEST_PATH:
        raise OSError(errno.ENAMETOOLONG, "the path is too long for Blender")


def publish_head(folder: Path, destination: Path) -> Path:
    """Give a finished folder its name, or where that is taken NAME-2, NAME-3, ... Returns where it is.

    folder: the folder, on the same disk.
    destination: the name that it gets if nothing, be it a file, has it.

    Raises OSError where it cannot be moved. Moving is one step of the file system: two calls at once get two names, and
    whoever looks sees a whole head or none.
    """
    for number in count(1):
        place = destination if number == 1 else destination.with_name(f"{destination.name}-{number}")
        if os.path.lexists(place):
            continue
        try:
            os.rename(folder, place)
        except OSError:
            if not os.path.lexists(place):
                raise
        else:
            return place
    raise AssertionError


def check_replaceable(destination: Path) -> None:
    """Raise OutputError unless `replace_head` will be able to put a head's files into `destination`."""
    with writing(destination):
        if not os.path.lexists(destination):
            return
        if not destination.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "it is a file, not a folder")
        for name in FILES:
            if (destination / name).is_dir():
                raise IsADirectoryError(errno.EISDIR, f"{name} in it is a folder, not a file of a head")
        if not os.access(destination, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def replace_head(folder: Path, destination: Path, old: Path) -> Path:
    """Put the files of a head in place of those of another: all of them or none. Returns `destination`.

    folder: the new head's, on the same disk.
    destination: the old head's; all files but FILES stay there. Where there is nothing, it becomes `folder`.
    old: a folder on the same disk, not there yet, for the files of the old head.

    Raises OutputError (check_replaceable), or OSError where a file cannot be moved.
    """
    check_replaceable(destination)
    if not destination.exists():
        os.rename(folder, destination)
        return destination
    old.mkdir()
    placed = []
    try:
        for name in FILES:
            _move(destination / name, old / name)
        for name in FILES:
            placed.append(name)  # before it is moved: Ctrl-C may come between
            _move(folder / name, destination / name)
    except BaseException:
        for name in placed:
            _move(destination / name, folder / name)
        for name in FILES:
            _move(old / name, destination / name)
        raise
    return destination


def _move(source: Path, target: Path) -> None:
    """Move a file, replacing what is there; nothing happens where there is no such file."""
    if source.exists():
        os.replace(source, target)


#: Error number of the file system -> what to do about it.
_REMEDIES = {
    errno.ENAMETOOLONG: "Choose a folder with a shorter name with --out.",
    errno.EILSEQ: "Choose a folder whose name is UTF-8 with --out.",
    errno.ENOSPC: "Free some space, or choose another folder with --out.",
    errno.EACCES: "Choose a folder that you may write to with --out.",
    errno.EPERM: "Choose a folder that you may write to with --out.",
    errno.EROFS: "Choose a folder that you may write to with --out.",
    errno.ENOTDIR: "Move the file that is in the way, or choose another folder with --out.",
    errno.EEXIST: "Move the file that is in the way, or choose another folder with --out.",
    errno.EISDIR: "Move the folder that is in the way, or choose another with --out.",
}


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn the failures of writing files, Python's and Blender's, into an OutputError that names the folder."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        reason, number = str(error).strip(), None
        if isinstance(error, OSError):
            reason, number = error.strerror or reason, error.errno
        remedy = _REMEDIES.get(number or 0, "Check permissions and free space, or choose another folder with --out.")
        raise OutputError(f"The results cannot be written to {_short(folder)} ({reason}).", remedy) from error


def _short(path: Path) -> str:
    """A path for a message: what was typed as a path may go on for pages."""
    text = str(path)
    return text if len(text) <= 300 else f"{text[:140]} ... {text[-140:]}"
