"""Every style of hair and every beard to look at, by words, on four people: from the front, three-quarter and behind;
and close by hairline, brows, lashes and beards.

    python -m training hair_sheet --out out/evaluation
    python -m training hair_sheet --out out/evaluation --close

Every head takes the way that everybody's heads take. A second call keeps the pictures that exist.
"""

from __future__ import annotations

import argparse
import json
from itertools import cycle
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from tqdm import tqdm

from clip_head.core.client import Worker
from clip_head.core.request import slug
from clip_head.core.types import Head, HeadRequest
from clip_head.training.language.grooms import BALD, BEARD_PHRASES, HAIR_PHRASES, SHAVEN
from clip_head.training.report.prompts import PROMPTS_OF

#: Who wears the styles, in turn, and who the beards.
PEOPLE, BEARDED = PROMPTS_OF["hair_sheet"], PROMPTS_OF["beard_sheet"]
#: Width and height of the pictures of one head, pixels; how many of them are side by side.
SIZE, COLUMNS = (510, 200), 3
#: What is shown close by: name -> the prompt, and where the camera looks (see `picture_poses`).
CLOSE: dict[str, Any] = json.loads(Path(__file__).with_name("hair_close.json").read_text(encoding="utf-8"))
#: Side of these pictures, pixels; how many of them are side by side.
SIDE, CLOSE_COLUMNS = 1024, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--out", type=Path, default=Path("out/evaluation"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", help="styles and beards to make again")
    parser.add_argument("--close", action="store_true", help="make hair_close.jpg alone: CLOSE at 1024 pixels")


def run(args: argparse.Namespace) -> None:
    """Make hair.jpg and beards.jpg, or hair_close.jpg."""
    folder = args.out / "hair"
    folder.mkdir(parents=True, exist_ok=True)
    if args.close:
        write_close(folder, args)
        return
    # Imported here: Blender as a module takes a second to load.
    from clip_head.scene import picture_head
    from clip_head.scene.preview import VIEWS

    sheets = {"hair": prompts(HAIR_PHRASES, PEOPLE, BALD), "beards": prompts(BEARD_PHRASES, BEARDED, SHAVEN)}
    with Worker() as worker:
        every = [(sheet, *one) for sheet, named in sheets.items() for one in named.items()]
        for sheet, name, prompt in tqdm(every, "heads", mininterval=5):
            file = folder / f"{sheet}-{slug(name)}.png"
            if not file.is_file() or name in (args.only or ()):
                head = worker.run_job(HeadRequest(prompt, seed=args.seed))
                picture_head(head, file, SIZE, VIEWS)
                label(file, f"{prompt}: {worn(head)}")
    for sheet, named in sheets.items():
        write_sheet([folder / f"{sheet}-{slug(name)}.png" for name in named], args.out / f"{sheet}.jpg")


def write_close(folder: Path, args: argparse.Namespace) -> None:
    """Make hair_close.jpg.

    folder: of its pictures.
    args: of the stage.
    """
    from clip_head.scene.asset_picture import picture_poses

    files = {name: folder / f"close-{slug(name)}.png" for name in CLOSE}
    with Worker() as worker:
        for name, file in tqdm(files.items(), "close-ups", mininterval=5):
            if not file.is_file() or name in (args.only or ()):
                shot = CLOSE[name]
                head = worker.run_job(HeadRequest(shot["prompt"], seed=args.seed))
                where = shot["parts"], shot["width"], SIDE, shot["turn"]
                picture_poses(head, [({}, file)], *where, raised=shot["raised"], hair=shot["hair"])
                label(file, shot["prompt"])
    write_sheet(list(files.values()), args.out / "hair_close.jpg", CLOSE_COLUMNS)


def prompts(phrases: dict[str, tuple[str, ...]], people: tuple[str, ...], nothing: str) -> dict[str, str]:
    """Style -> the prompt that asks for it by its first phrase.

    phrases: style -> phrases as they follow "with".
    people: who wears them, in turn.
    nothing: the style that is none.
    """
    styles = [name for name in phrases if name != nothing]
    return {name: f"{who} with {phrases[name][0]}" for name, who in zip(styles, cycle(people), strict=False)}


def worn(head: Head) -> str:
    """The grooms of hair and beard that a head has; head: with an asset."""
    hairstyle = head.asset.hairstyle if head.asset else None
    return ", ".join([*hairstyle.hair, *hairstyle.beard]) if hairstyle else ""


def label(file: Path, text: str) -> None:
    """Write a text into the corner of a picture."""
    with Image.open(file) as picture:
        labelled = picture.convert("RGB")
    ImageDraw.Draw(labelled).text((4, 4), text, fill=(255, 255, 255))
    labelled.save(file)


def write_sheet(files: list[Path], path: Path, columns: int = COLUMNS) -> None:
    """Put pictures of one size into one file.

    files: the pictures.
    path: the JPEG file.
    columns: how many stand in a row.
    """
    with Image.open(files[0]) as first:
        width, height = first.size
    sheet = Image.new("RGB", (width * columns, height * -(-len(files) // columns)))
    for number, file in enumerate(files):
        with Image.open(file) as tile:
            sheet.paste(tile, (number % columns * width, number // columns * height))
    sheet.save(path, quality=85)
