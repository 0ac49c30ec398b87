"""Close-ups to look at: the face fills a picture of 1024 pixels, with the skin at 2048.

    python -m training close_ups --out out/evaluation/close_ups

Every head takes the way that everybody's heads take, worker and Blender included. A second call keeps the pictures that
exist.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image
from tqdm import tqdm

from clip_head.core.client import Worker
from clip_head.core.models import EMBEDDED
from clip_head.core.request import slug
from clip_head.core.types import HeadRequest
from clip_head.training.report.prompts import PROMPTS_OF

#: Side of a picture, and of its copy in close_ups.jpg, pixels; how many stand in a row there.
SIDE, TILE, COLUMNS = 1024, 384, 6
#: What is shown.
PROMPTS = PROMPTS_OF["close_ups"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--models", type=Path, default=EMBEDDED)
    parser.add_argument("--out", type=Path, default=Path("out/evaluation/close_ups"))
    parser.add_argument("--texture-size", type=int, default=2048)
    parser.add_argument("--samples", type=int, default=12)
    parser.add_argument("--turn", type=float, default=12.0, help="degrees about the vertical")
    parser.add_argument("--only", type=int, nargs="*", help="numbers of the prompts to make, from 0")


def run(args: argparse.Namespace) -> None:
    """Make the pictures that are missing, then close_ups.jpg of all."""
    args.out.mkdir(parents=True, exist_ok=True)
    wanted = range(len(PROMPTS)) if args.only is None else args.only
    with Worker(models=args.models) as worker:
        for number in tqdm(wanted, desc="close-ups"):
            path = picture_path(args.out, number)
            if not path.is_file():
                head = worker.run_job(HeadRequest(PROMPTS[number], texture_size=args.texture_size))
                # Imported here: Blender as a module takes a second to load.
                from clip_head.scene import picture_head

                picture_head(head, path, (SIDE, SIDE), (args.turn,), args.samples, close=True)
    made = [number for number in range(len(PROMPTS)) if picture_path(args.out, number).is_file()]
    sheet = Image.new("RGB", (COLUMNS * TILE, -(-len(made) // COLUMNS) * TILE))
    for place, number in enumerate(made):
        with Image.open(picture_path(args.out, number)) as picture:
            sheet.paste(picture.resize((TILE, TILE)), (place % COLUMNS * TILE, place // COLUMNS * TILE))
    sheet.save(args.out / "close_ups.jpg", quality=88)


def picture_path(folder: Path, number: int) -> Path:
    """Where a prompt's picture lies.

    folder: of the pictures.
    number: of the prompt, from 0.
    """
    return folder / f"{number:02d}-{slug(PROMPTS[number])}.png"
