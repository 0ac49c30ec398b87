"""Both mapping networks for another open_clip model, from the shipped captions and codes: a folder of models to choose.

    python -m training refit --text ViT-B-32 --checkpoint open_clip_pytorch_model.bin --out my_models
    python -m training refit --text ViT-B-32 --checkpoint laion2b_s34b_b79k --out my_models

The checkpoint is a local file, or the name that open_clip has for published weights, which it then downloads. The heads
stay those of the embedded NPHM, the colours those of the embedded painter.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from clip_head.core.compat import prepare_torchvision
from clip_head.core.errors import ModelError
from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.types import ModelCard
from clip_head.training.mapping import train as mapping


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--text", required=True, help="name of an open_clip architecture, as ViT-B-32")
    parser.add_argument("--checkpoint", required=True, help="file of its weights, or open_clip's name for them")
    parser.add_argument("--out", type=Path, required=True, help="folder of the new models")
    parser.add_argument("--pairs", type=Path, default=EMBEDDED / "pairs")
    parser.add_argument("--sentences", type=int, default=12000, help="at most so many of each kind")
    parser.add_argument("--steps", type=int, default=12000)
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> None:
    """Write args.out with text/, mapping/ and nphm/; the same command goes on where it was interrupted.

    args: of add_arguments.

    Raises ModelError when the text model cannot be found.
    """
    write_text_folder(args.out / "text", args.text, find_checkpoint(args.text, args.checkpoint))
    mapping_args = argparse.Namespace(
        **vars(args) | {"text": args.out / "text", "out": args.out / "mapping", "work": args.out / "embeddings"},
    )
    mapping.run(mapping_args)
    shutil.rmtree(args.out / "embeddings")
    shutil.copytree(EMBEDDED / "nphm", args.out / "nphm", dirs_exist_ok=True)


def find_checkpoint(architecture: str, checkpoint: str) -> Path:
    """The file of the weights.

    architecture: open_clip's name of it.
    checkpoint: a file, or open_clip's name of published weights, which are downloaded.
    """
    if Path(checkpoint).is_file():
        return Path(checkpoint).absolute()
    prepare_torchvision()
    import open_clip

    if checkpoint not in open_clip.list_pretrained_tags_by_model(architecture):
        raise ModelError(
            f"There is no file {checkpoint}, and open_clip knows no weights of that name for {architecture!r}.",
            "Name a file, or one of the pairs that open_clip.list_pretrained() lists.",
        )
    return Path(open_clip.download_pretrained(open_clip.get_pretrained_cfg(architecture, checkpoint))).absolute()


def write_text_folder(folder: Path, architecture: str, checkpoint: Path) -> None:
    """Describe a text model whose weights stay where they are.

    folder: to be written.
    architecture: open_clip's name of it.
    checkpoint: file of the weights.
    """
    folder.mkdir(parents=True, exist_ok=True)
    card = ModelCard("text", f"open_clip {architecture}", "as its publisher states", f"open_clip, {checkpoint.name}")
    write_model_json(folder, card, {"open_clip": architecture, "weights": str(checkpoint)}, {}, [])
