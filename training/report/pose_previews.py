"""The thumbnails of the pose library: one head in every named expression.

    python -m training pose_previews --out scene/pose_previews

The head takes the way that everybody's heads take, worker and Blender included. A second call keeps the pictures that
exist.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from PIL import Image
from tqdm import tqdm

from clip_head.core.asset.arkit import poses
from clip_head.core.client import Worker
from clip_head.core.models import EMBEDDED
from clip_head.core.types import HeadRequest
from clip_head.scene.picture import picture_head
from clip_head.scene.pose_actions import EXPRESSIONS, PREVIEWS, preview_file
from clip_head.training.report.prompts import PROMPTS_OF

#: Side of every picture, pixels; how far the head is turned about the vertical, degrees; and samples of Cycles.
SIZE, TURN, SAMPLES = 128, 12.0, 32
#: Quality of the JPEG files: small, since they are shipped.
QUALITY = 88
(PROMPT,) = PROMPTS_OF["pose_previews"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--models", type=Path, default=EMBEDDED)
    parser.add_argument("--out", type=Path, default=PREVIEWS)
    parser.add_argument("--texture-size", type=int, default=1024)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--fresh", action="store_true", help="make pictures that exist again")


def run(args: argparse.Namespace) -> None:
    """Make one JPEG file for each of the expressions."""
    args.out.mkdir(parents=True, exist_ok=True)
    missing = [name for name in EXPRESSIONS if args.fresh or not (args.out / preview_file(name).name).is_file()]
    if not missing:
        return
    with Worker(models=args.models) as worker:
        head = worker.run_job(HeadRequest(PROMPT, seed=args.seed, texture_size=args.texture_size))
    assert head.asset is not None  # as requests that say nothing of the surface get one
    with tempfile.TemporaryDirectory() as folder:
        rendered = Path(folder) / "pose.png"
        for name in tqdm(missing, "poses", mininterval=5):
            posed = replace(head, asset=replace(head.asset, weights=poses()["expressions"][name]))
            picture_head(posed, rendered, (SIZE, SIZE), (TURN,), SAMPLES, close=True)
            Image.open(rendered).save(args.out / preview_file(name).name, quality=QUALITY)
