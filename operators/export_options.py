"""Files for other programs that the command line writes beside head.blend: their options, and their place."""

from __future__ import annotations

import argparse
import ctypes
import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import RequestError
from . import output_folder

if TYPE_CHECKING:
    import bpy

    from ..core.types import Progress

#: Formats that an asset is written in, by the endings of their files.
FORMATS = ("glb", "fbx", "usdc", "abc", "obj")
#: Name of a program -> the format that it reads best. Read here, for the table's own module needs Blender.
PRESETS: dict[str, str] = {
    name: entry["suffix"].removeprefix(".")
    for name, entry in json.loads(
        (Path(__file__).parents[1] / "scene" / "asset_presets.json").read_text(encoding="utf-8")
    )["presets"].items()
}
#: Files that a head's folder may hold beside those of every head; an .obj has an .mtl.
FILES = tuple(f"head.{ending}" for ending in (*FORMATS, "mtl") if f"head.{ending}" not in output_folder.FILES)


def add_export_options(parser: argparse.ArgumentParser) -> None:
    """The options for files of other programs.

    parser: takes them.
    """
    parser.add_argument(
        "--export",
        action="append",
        choices=FORMATS,
        help="write the asset in this format, too, as head.FORMAT; may be given several times",
    )
    parser.add_argument(
        "--preset",
        choices=PRESETS,
        help="the program that will read it; without --export its own format is written "
        f"({', '.join(f'{name}: {ending}' for name, ending in PRESETS.items())})",
    )


def add_level_option(parser: argparse.ArgumentParser) -> None:
    """The option of new assets.

    parser: takes it.
    """
    parser.add_argument(
        "--level", type=int, choices=range(3), help="the asset's level of detail, 0 the finest (default: 0)"
    )


def formats(options: argparse.Namespace) -> list[str]:
    """The formats that are written, each once: those of --export, or else the preset's own."""
    return list(dict.fromkeys(options.export or ([PRESETS[options.preset]] if options.preset else [])))


def check_export_options(options: argparse.Namespace) -> None:
    """Raise RequestError for those without effect: where there will be no new asset, or no file of the preset's."""
    used = [f"--{name}" for name in ("preset", "level") if getattr(options, name) is not None]
    used += [f"--export {name}" for name in options.export or () if name != "glb"]  # head.glb is there anyway
    reasons = {"--edit": options.edit, "--texture": options.texture}
    reasons |= {"--surface raw": options.surface == "raw", "--resolution": options.resolution is not None}
    reason = next((name for name, holds in reasons.items() if holds), "")
    if used and reason:
        new = reason not in ("--edit", "--texture")
        remedy = f"Leave it out, or make an asset, without {reason}." if new else "Leave it out: it is for new heads."
        raise RequestError(f"{used[0]} does nothing with {reason}.", remedy)
    check_preset(options)


def check_preset(options: argparse.Namespace) -> None:
    """Raise RequestError for a preset of whose format no file is written.

    options: of `add_export_options`.
    """
    if options.preset and PRESETS[options.preset] not in formats(options):
        ending = PRESETS[options.preset]
        raise RequestError(
            f"--preset {options.preset} does nothing with --export {formats(options)[0]}: it is for .{ending} files.",
            f"Add --export {ending}, or leave --preset out.",
        )


def write_exports(folder: Path, collection: bpy.types.Collection, options: argparse.Namespace, show: Progress) -> None:
    """Write the asset in every format that is asked for.

    folder: where the files go, as head.FORMAT.
    collection: the asset's.
    show: is told how far the stage "export" is.

    Raises OutputError where Blender cannot write.
    """
    from ..scene.asset_export import export_asset

    wanted = formats(options)
    for done, ending in enumerate(wanted):
        show("export", done / len(wanted))
        preset = options.preset if options.preset and PRESETS[options.preset] == ending else ""
        export_asset(folder / f"head.{ending}", collection, preset)
    _flush_libraries()


def _flush_libraries() -> None:
    """Let what Blender's exporters print go now, while nobody reads: C keeps it, and Python flushes its own alone."""
    ctypes.CDLL("ucrtbase" if os.name == "nt" else None).fflush(None)


def check_exports_replaceable(destination: Path) -> None:
    """Raise OutputError where a folder has the name of one of FILES in `destination`, a head's folder."""
    with output_folder.writing(destination):
        for name in FILES:
            if (destination / name).is_dir():
                raise IsADirectoryError(errno.EISDIR, f"{name} in it is a folder, not a file of a head")


@contextmanager
def exports_replaced(folder: Path, destination: Path, old: Path) -> Iterator[None]:
    """Put the exports of a head in place of those of another; where what is done inside fails, all go back.

    folder: the new head's, on the same disk.
    destination: the old head's, of which all other files stay; where there is none, nothing is done.
    old: a folder on the same disk, not there yet, for the old exports.

    Raises OSError where a file cannot be moved.
    """
    new = [name for name in _files_in(folder) if str(name) not in output_folder.FILES] if destination.exists() else []
    stale = [Path(name) for name in FILES] if destination.exists() else []
    moves: list[tuple[Path, Path]] = [(destination / name, old / name) for name in dict.fromkeys((*stale, *new))]
    moves += [(folder / name, destination / name) for name in new]
    begun: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            if source.is_file():
                begun.append((source, target))
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(source, target)
        yield
    except BaseException:
        for source, target in reversed(begun):
            if target.is_file():
                os.replace(target, source)
        raise


def _files_in(folder: Path) -> list[Path]:
    """All files in and below a folder, relative to it."""
    return [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
