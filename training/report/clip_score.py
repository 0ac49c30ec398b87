"""CLIP score of finished heads (CLIP-Head, Table 1): how near a prompt lies to the picture of the head it became.

    python -m training.evaluate clip --pictures out/clip_score --make
    python -m training.evaluate clip --pictures out/clip_score --clip ViT-B-16 --checkpoint open_clip_model.safetensors

Reads the folders that ./run writes below --pictures (preview.png, head.json); --make first makes those of PROMPTS that
are not there. The score is the cosine between the embeddings of the prompt and of the front view, times 100 as the
paper prints it. Published figures are those of ViT-H/14, ViT-L/14 and ViT-B/16: give these with --clip and a file that
you have (nothing is downloaded) for figures to lay beside them. Those of the embedded model, the default, compare heads
of the embedded models with each other and are NOT comparable with published ones.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from clip_head.core.errors import ClipHeadError
from clip_head.core.models import EMBEDDED
from clip_head.core.text import TextModel, encode_images, encode_text, load_text_model
from clip_head.core.types import Bytes, Floats
from clip_head.training.mapping.refit import write_text_folder
from clip_head.training.report.prompts import PROMPTS_OF

#: The fixed prompts: those of README's gallery, and such as the gallery lacks.
PROMPTS = (*PROMPTS_OF["gallery"], *PROMPTS_OF["clip_score"])
#: How many views stand side by side in a preview, as scene renders it; the first is the front.
VIEWS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the evaluation."""
    parser.add_argument("--pictures", type=Path, default=Path("out/clip_score"), help="folder of ./run's folders")
    parser.add_argument("--make", action="store_true", help="first make the heads of the fixed prompts, by ./run")
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text", help="folder of a text model that scores")
    parser.add_argument("--clip", help="instead, open_clip's name of a model (ViT-H-14, ViT-L-14, ViT-B-16, ...)")
    parser.add_argument("--checkpoint", type=Path, help="file of its weights")


def run(args: argparse.Namespace) -> dict[str, float]:
    """Print the score of every picture, their mean, and how often prompt and picture find each other."""
    model = named_model(args.clip, args.checkpoint) if args.clip else load_text_model(args.text)
    if args.make:
        make_missing(args.pictures)
    prompts, pictures = read_pictures(args.pictures)
    texts, images = encode_text(model, prompts), encode_images(model, pictures)
    for prompt, value in zip(prompts, (texts * images).sum(axis=1), strict=True):
        print(f"{100 * value:6.1f}  {prompt}")
    figures = clip_figures(texts, images)
    for name, value in figures.items():
        print(f"{name:<40} {value:.3f}")
    print(f"by {model.card.name}, {len(prompts)} heads" + ("" if args.clip else "; not comparable with published ones"))
    return figures


def clip_figures(texts: Floats, images: Floats) -> dict[str, float]:
    """Figures of prompts and their pictures; the chance of R@1 is 1 / N.

    texts: (N, D) embeddings of the prompts, of length 1.
    images: (N, D) embeddings of the pictures, of length 1.
    """
    cosine = texts @ images.T
    own = np.arange(len(texts))
    return {
        "CLIP score (100 x mean cosine)": 100 * float(np.diag(cosine).mean()),
        "the same with wrong prompts": 100 * float(cosine[~np.eye(len(texts), dtype=bool)].mean()),
        "R@1, prompt to picture": float((cosine.argmax(axis=1) == own).mean()),
        "R@1, picture to prompt": float((cosine.argmax(axis=0) == own).mean()),
    }


def named_model(architecture: str, checkpoint: Path | None) -> TextModel:
    """One of open_clip's models with weights from a file.

    architecture: open_clip's name of it.
    checkpoint: the file.

    Raises ClipHeadError where there is no such file.
    """
    if checkpoint is None or not checkpoint.is_file():
        raise ClipHeadError(
            f"There are no weights for {architecture} at {checkpoint}.",
            "Name the file of its weights with --checkpoint; nothing is downloaded.",
        )
    with tempfile.TemporaryDirectory() as folder:
        write_text_folder(Path(folder), architecture, checkpoint.absolute())
        return load_text_model(Path(folder))


def make_missing(folder: Path) -> None:
    """Make the heads of PROMPTS that are not in the folder, as ./run does.

    folder: of the heads' folders.

    Raises ClipHeadError where one cannot be made.
    """
    from clip_head.core.client import Worker
    from clip_head.core.request import slug
    from clip_head.operators.command_line import main

    missing = [prompt for prompt in PROMPTS if not (folder / slug(prompt) / "preview.png").is_file()]
    with Worker() as worker:
        for prompt in missing:
            if main([prompt, "--out", str(folder), "--overwrite"], worker) != 0:
                raise ClipHeadError(f"The head of {prompt!r} could not be made.", "See the message above.")


def read_pictures(folder: Path) -> tuple[list[str], Bytes]:
    """The prompts and front views (N, H, H, 3) of the heads in a folder, in the order of their names.

    folder: of the heads' folders.

    Raises ClipHeadError where there are fewer than two: retrieval needs a choice.
    """
    paths = sorted(path for path in folder.glob("*/preview.png") if path.with_name("head.json").is_file())
    if len(paths) < 2:
        raise ClipHeadError(
            f"There are {len(paths)} finished heads with a preview in {folder}.",
            "Make some with ./run --out FOLDER, or add --make.",
        )
    facts = [json.loads(path.with_name("head.json").read_text(encoding="utf-8")) for path in paths]
    return [fact["request"]["prompt"] for fact in facts], np.stack([front_view(path) for path in paths])


def front_view(path: Path, size: int = 336) -> Bytes:
    """The first view (size, size, 3) of a preview, as wide as high.

    path: of the preview.
    size: pixels; 336 is the largest that CLIP models usually take.
    """
    with Image.open(path) as picture:
        width, height = picture.width // VIEWS, picture.height
        side = min(width, height)
        top = (height - side) // 2
        square = picture.convert("RGB").crop(((width - side) // 2, top, (width + side) // 2, top + side))
        return np.asarray(square.resize((size, size), Image.Resampling.BICUBIC))
