"""Assets to look at: eight people from four sides, as quads, with their parts in colours of their own, and rendered;
and close by twelve of ARKit's keys, open mouths and eyes.

    python -m training asset_sheet --out out/evaluation

Every head takes the way that everybody's heads take, worker and Blender included. A second call keeps the pictures
that exist.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from PIL import Image
from tqdm import tqdm

from clip_head.core.asset.arkit import as_pose
from clip_head.core.client import Worker
from clip_head.core.models import EMBEDDED
from clip_head.core.request import slug
from clip_head.core.types import Head, HeadRequest
from clip_head.scene.asset_picture import WAYS, picture_asset, picture_poses
from clip_head.training.report.prompts import PROMPTS_OF

#: Width and height of every picture of a whole head, pixels, and how far heads are turned about the vertical, degrees.
SIZE, VIEWS = (190, 210), (0.0, 45.0, 90.0, 180.0)
#: Side of the pictures that are close by, pixels.
SIDE = 220
PROMPTS = PROMPTS_OF["asset_sheet"]
#: Name of a sheet -> its people, one to a row, the poses of its columns, and where the camera looks.
SHOTS: dict[str, Any] = json.loads(Path(__file__).with_name("shots.json").read_text(encoding="utf-8"))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--models", type=Path, default=EMBEDDED)
    parser.add_argument("--out", type=Path, default=Path("out/evaluation"))
    parser.add_argument("--texture-size", type=int, default=512)
    parser.add_argument("--only", choices=("assets", *SHOTS), nargs="*", help="sheets to make (default: all)")
    parser.add_argument("--fresh", action="store_true", help="make pictures that exist again")


def run(args: argparse.Namespace) -> None:
    """Make assets.jpg, and a file for each of SHOTS."""
    folder = args.out / "assets"
    folder.mkdir(parents=True, exist_ok=True)
    sheets = {
        name: [files(folder, name, person) for person in people(name)] for name in args.only or ("assets", *SHOTS)
    }
    everybody = dict.fromkeys(person for name in sheets for person in people(name))
    with Worker(models=args.models) as worker:
        for person in tqdm(everybody, "people", mininterval=5):
            of_person = {name: files(folder, name, person) for name in sheets if person in people(name)}
            missing = {
                name: row for name, row in of_person.items() if args.fresh or not all(file.is_file() for file in row)
            }
            if missing:
                head = worker.run_job(HeadRequest(person, texture_size=args.texture_size))
                for name, row in missing.items():
                    picture(head, name, row)
    for name, rows in sheets.items():
        write_sheet(rows, args.out / f"{name}.jpg")


def people(name: str) -> list[str]:
    """The prompts of a sheet's people.

    name: of the sheet, "assets" or one of SHOTS.
    """
    return list(PROMPTS) if name == "assets" else list(SHOTS[name]["people"])


def files(folder: Path, name: str, person: str) -> list[Path]:
    """A person's pictures on a sheet, from left to right.

    folder: of the pictures.
    name: of the sheet.
    person: the prompt.
    """
    columns = WAYS if name == "assets" else SHOTS[name]["poses"]
    return [folder / f"{name}-{slug(person)}-{slug(column)}.png" for column in columns]


def picture(head: Head, name: str, row: list[Path]) -> None:
    """Render a person's pictures.

    head: the person.
    name: of the sheet.
    row: the files, from left to right.
    """
    if name == "assets":
        for way, file in zip(WAYS, row, strict=True):
            picture_asset(head, way, file, (len(VIEWS) * SIZE[0], SIZE[1]), VIEWS)
        return
    shots = SHOTS[name]
    posed = [(as_pose(pose), file) for pose, file in zip(shots["poses"].values(), row, strict=True)]
    picture_poses(head, posed, shots["parts"], shots["width"], SIDE, shots["turn"])


def write_sheet(rows: list[list[Path]], path: Path) -> None:
    """Put pictures of one size into one file.

    rows: the pictures, row by row.
    path: the JPEG file.
    """
    with Image.open(rows[0][0]) as first:
        width, height = first.size
    sheet = Image.new("RGB", (width * len(rows[0]), height * len(rows)))
    for y, row in enumerate(rows):
        for x, file in enumerate(row):
            with Image.open(file) as tile:
                sheet.paste(tile, (x * width, y * height))
    sheet.save(path, quality=90)
