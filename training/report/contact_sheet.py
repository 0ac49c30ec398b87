"""Contact sheets to look through: 48 prompts, and 23 expressions on two people, finished and rendered.

    python -m training contact_sheet --out out/evaluation

Every head takes the way that everybody's heads take, worker and Blender included. A second call keeps the pictures
that exist.
"""

from __future__ import annotations

import argparse
import textwrap
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw
from tqdm import tqdm

from clip_head.core.client import Worker
from clip_head.core.models import EMBEDDED
from clip_head.core.request import slug
from clip_head.core.types import HeadRequest
from clip_head.training.language.expressions import PHRASES
from clip_head.training.report.prompts import PROMPTS_OF

#: Width and height of every picture, pixels.
SIZE = (300, 330)
#: How far heads are turned about the vertical, degrees: the profile of the nose shows, and both eyes.
TURN = 22.0
#: Height of a line of a caption, pixels, and how many letters and lines it has at most.
LINE, LETTERS, LINES = 13, 50, 2
#: What is shown: prompts, and the people on whom every expression is.
PROMPTS, PEOPLE = PROMPTS_OF["contact_sheet"], PROMPTS_OF["contact_sheet_people"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--models", type=Path, default=EMBEDDED)
    parser.add_argument("--out", type=Path, default=Path("out/evaluation"))
    parser.add_argument("--resolution", type=int, default=192)
    parser.add_argument("--texture-size", type=int, default=512)
    parser.add_argument("--fresh", action="store_true", help="make pictures that exist again")


def run(args: argparse.Namespace) -> None:
    """Make prompts.jpg and expressions.jpg."""
    expressions = [(f"{who}, {name}", HeadRequest(who, name)) for who in PEOPLE for name in PHRASES]
    with Worker(models=args.models) as worker:
        write_sheet(args, worker, "prompts", [(prompt, HeadRequest(prompt)) for prompt in PROMPTS], 8)
        write_sheet(args, worker, "expressions", expressions, len(PHRASES))


def write_sheet(
    args: argparse.Namespace, worker: Worker, name: str, heads: list[tuple[str, HeadRequest]], columns: int
) -> None:
    """NAME.jpg: a picture of every head with its caption, row by row.

    args: of the stage.
    worker: makes the heads.
    name: of the file, and of the folder for the single pictures.
    heads: captions and requests.
    columns: pictures per row.
    """
    folder = args.out / name
    folder.mkdir(parents=True, exist_ok=True)
    tiles = []
    for caption, request in tqdm(heads, desc=name):
        path = folder / f"{slug(caption)}.png"
        if args.fresh or not path.is_file():
            request = replace(request, resolution=args.resolution, texture_size=args.texture_size)
            picture_of(worker, request, path)
        tiles.append(captioned(path, caption))
    rows = -(-len(tiles) // columns)
    sheet = Image.new("RGB", (columns * tiles[0].width, rows * tiles[0].height))
    for place, tile in enumerate(tiles):
        sheet.paste(tile, (place % columns * tile.width, place // columns * tile.height))
    sheet.save(args.out / f"{name}.jpg", quality=85)


def picture_of(worker: Worker, request: HeadRequest, path: Path) -> None:
    """Make the head and render it, slightly turned.

    worker: makes it.
    request: what to make.
    path: of the picture.
    """
    head = worker.run_job(request)
    # Imported here: Blender as a module takes a second to load.
    from clip_head.scene import picture_head

    picture_head(head, path, SIZE, (TURN,))


def captioned(path: Path, caption: str) -> Image.Image:
    """The picture with its caption below.

    path: of the picture.
    caption: cut off after LINES lines.
    """
    with Image.open(path) as picture:
        tile = Image.new("RGB", (SIZE[0], SIZE[1] + LINES * (LINE + 1) + 4), "white")
        tile.paste(picture.convert("RGB"), (0, 0))
    for line, text in enumerate(textwrap.wrap(caption, LETTERS)[:LINES]):
        ImageDraw.Draw(tile).text((4, SIZE[1] + 2 + LINE * line), text, fill="black")
    return tile
