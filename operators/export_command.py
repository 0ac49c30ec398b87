"""The command line's `export`: a head that was made and saved is written in other programs' formats."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..core.errors import RequestError
from ..core.types import no_progress
from .console import quiet_stdout
from .export_options import add_export_options, check_preset, formats, write_exports
from .output_folder import writing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `export`.

    parser: without arguments yet.
    """
    parser.description = "Write a head that was made before in other programs' formats, as head.FORMAT beside it."
    parser.add_argument("head", type=Path, help="a head's folder, or a .blend file with an asset of CLIP-Head's")
    parser.add_argument("--object", metavar="NAME", help="which of several heads: a mesh of it")
    parser.add_argument("--out", type=Path, help="another folder for the files")
    add_export_options(parser)


def run(options: argparse.Namespace) -> Path:
    """Write the files. Returns the folder that they are in.

    options: of `add_arguments`.
    Raises ClipHeadError.
    """
    if not formats(options):
        raise RequestError("There is nothing to export.", "Give --export FORMAT or --preset PROGRAM.")
    check_preset(options)
    file = options.head if options.head.suffix == ".blend" else options.head / "head.blend"
    folder = (options.out or file.parent).absolute()
    with quiet_stdout(), writing(folder):
        # Imported here: Blender as a module takes a second to load.
        from ..scene.asset import asset_collection
        from ..scene.open import open_mesh

        collection = asset_collection(open_mesh(file, options.object, painted=True))
        if collection is None:
            raise RequestError(
                f"{file} holds no asset of CLIP-Head's.", "Name a head that was not made as a raw surface."
            )
        folder.mkdir(parents=True, exist_ok=True)
        write_exports(folder, collection, options, no_progress)
    return folder
