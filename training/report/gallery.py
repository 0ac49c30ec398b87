"""The pictures of docs/gallery.md: twelve prompts, each from the front, three-quarter and from behind.

`python -m training gallery` makes them with the embedded models, in the default sizes and with the pictures that ./run
makes, so that they show what everybody gets who types these words.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from PIL import Image

from clip_head.core.client import Worker
from clip_head.core.request import slug
from clip_head.core.types import HeadRequest
from clip_head.training.report.prompts import PROMPTS_OF

#: Root of the checkout.
ROOT = Path(__file__).resolve().parents[2]

#: What is shown.
PROMPTS = PROMPTS_OF["gallery"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `python -m training gallery`."""
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "gallery", help="folder of the pictures")
    parser.add_argument("--only", type=int, nargs="*", help="numbers of the prompts to make again, from 0")
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> None:
    """Make the pictures that are asked for, then the montage of all that exist."""
    args.out.mkdir(parents=True, exist_ok=True)
    # Imported here: Blender as a module takes a second to load.
    from clip_head.scene import picture_head
    from clip_head.scene.preview import PREVIEW_SIZE, VIEWS

    with Worker() as worker, tempfile.TemporaryDirectory() as folder:
        for number in args.only if args.only is not None else range(len(PROMPTS)):
            prompt = PROMPTS[number]
            preview = Path(folder) / "preview.png"
            picture_head(worker.run_job(HeadRequest(prompt, seed=args.seed)), preview, PREVIEW_SIZE, VIEWS)
            with Image.open(preview) as picture:
                picture.convert("RGB").save(picture_path(args.out, prompt), quality=85)
    write_montage(args.out)


def picture_path(folder: Path, prompt: str) -> Path:
    """Where a prompt's picture lies.

    folder: of the pictures.
    prompt: the prompt.
    """
    return folder / f"{slug(prompt)}.jpg"


def write_montage(folder: Path, columns: int = 2, width: int = 600) -> None:
    """montage.jpg: all pictures of the gallery that exist, in the order of PROMPTS, row by row.

    folder: of the pictures.
    columns: pictures per row.
    width: of a picture, pixels.
    """
    pictures: list[Image.Image] = []
    for path in (picture_path(folder, prompt) for prompt in PROMPTS):
        if path.exists():
            with Image.open(path) as picture:
                pictures.append(picture.resize((width, round(width * picture.height / picture.width))))
    height = max(resized.height for resized in pictures)
    rows = -(-len(pictures) // columns)
    montage = Image.new("RGB", (columns * width, rows * height))
    for place, resized in enumerate(pictures):
        montage.paste(resized, (place % columns * width, place // columns * height))
    montage.save(folder / "montage.jpg", quality=85)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    add_arguments(options)
    run(options.parse_args())
