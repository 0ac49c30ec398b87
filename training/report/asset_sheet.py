"""Eight assets, each with its quads, with its parts in colours of their own, and as it is rendered, to look at.

    python -m training asset_sheet --out out/evaluation

Every head takes the way that everybody's heads take, worker and Blender included. A second call keeps the pictures
that exist.
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
from clip_head.scene.asset_picture import WAYS, picture_asset
from clip_head.training.report.prompts import PROMPTS_OF

#: Width and height of every picture, pixels, and how far heads are turned about the vertical, degrees.
SIZE, TURN = (300, 330), 25.0
PROMPTS = PROMPTS_OF["asset_sheet"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--models", type=Path, default=EMBEDDED)
    parser.add_argument("--out", type=Path, default=Path("out/evaluation"))
    parser.add_argument("--texture-size", type=int, default=512)
    parser.add_argument("--fresh", action="store_true", help="make pictures that exist again")


def run(args: argparse.Namespace) -> None:
    """Make assets.jpg."""
    folder = args.out / "assets"
    folder.mkdir(parents=True, exist_ok=True)
    files = [[folder / f"{slug(prompt)}-{way}.png" for prompt in PROMPTS] for way in WAYS]
    with Worker(models=args.models) as worker:
        for prompt, of_head in tqdm(list(zip(PROMPTS, zip(*files, strict=True), strict=True)), "assets", mininterval=5):
            if args.fresh or not all(file.is_file() for file in of_head):
                head = worker.run_job(HeadRequest(prompt, texture_size=args.texture_size))
                for way, file in zip(WAYS, of_head, strict=True):
                    picture_asset(head, way, file, SIZE, TURN)
    sheet = Image.new("RGB", (SIZE[0] * len(PROMPTS), SIZE[1] * len(WAYS)))
    for row, row_of_files in enumerate(files):
        for column, file in enumerate(row_of_files):
            sheet.paste(Image.open(file), (column * SIZE[0], row * SIZE[1]))
    sheet.save(args.out / "assets.jpg", quality=90)
