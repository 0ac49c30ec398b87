"""The command line's `models`: which models there are, whole or not, and under which licence each may be used."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..core.errors import ModelError
from ..core.foreign_files import read_json
from ..core.models import EMBEDDED, open_model_folder
from .console import write_safely


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `models`.

    parser: without arguments yet.
    """
    parser.description = "Check every file of the models by its checksum, and list them with their licences."
    parser.add_argument("--models", type=Path, default=EMBEDDED, help="folder of all models (default: embedded)")


def run(options: argparse.Namespace) -> Path:
    """Write a line for each model to standard error. Returns their folder.

    options: of `add_arguments`.
    Raises ModelError where a model is not whole, when all are looked at, or where there is none.
    """
    lines, damaged = look_at(options.models)
    for line in lines:
        write_safely(sys.stderr, line + "\n")
    if damaged:
        raise damaged[0]
    return Path(options.models)


def look_at(models: Path) -> tuple[list[str], list[ModelError]]:
    """A line for each model of a folder, and the errors of those that are not whole.

    models: the folder.
    """
    folders = sorted(path.parent for path in models.glob("*/model.json"))
    if not folders:
        return [], [ModelError(f"There are no models in {models}.", "Name a folder with text/, mapping/, nphm/ ...")]
    lines: list[str] = []
    damaged: list[ModelError] = []
    for folder in folders:
        try:
            opened = open_model_folder(folder, str(read_json(folder / "model.json").get("kind")))
        except (ModelError, OSError, ValueError, AttributeError) as error:
            wrong = error if isinstance(error, ModelError) else ModelError(f"{folder} cannot be read.", "Restore it.")
            damaged.append(wrong)
            lines.append(f"{folder.name:<9} DAMAGED: {wrong}")
        else:
            size = sum(entry["bytes"] for entry in opened.files.values())
            lines.append(f"{folder.name:<9} {size / 1e6:7.1f} MB  {opened.card.name}  {opened.card.licence}")
    return lines, damaged
