"""Replace hair and beards of an embedded NPHM that is already trained by those of a teacher dataset.

    python -m training nphm_hair --teacher out/training/teacher --model weights/embedded/nphm

The model stores them as grids, beside its learned layers, so that new hair needs no training. Two other things that are
stored and not learned are renewed with them: the grids of fine features, and the displacement that closes the mouth.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from clip_head.core.errors import ModelError
from clip_head.core.models import open_model_folder, write_model_json
from clip_head.core.nphm.model import WEIGHTS
from clip_head.training.nphm.targets import beard_grids, detail_grids, hair_grids, quantised_hair
from clip_head.training.teacher.dataset import TeacherDataset, load_teacher


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--teacher", type=Path, required=True, help="folder of the teacher dataset")
    parser.add_argument("--model", type=Path, default=Path("weights/embedded/nphm"), help="model folder to change")


def run(args: argparse.Namespace) -> None:
    """Rewrite the model folder, and print how many styles it has.

    args: of add_arguments.
    """
    dataset = load_teacher(args.teacher)
    repack_hair(dataset, args.model)
    print(f"{args.model} has {len(dataset.styles) - 1} hair styles and {len(dataset.beards)} beards")


def repack_hair(dataset: TeacherDataset, folder: Path) -> None:
    """Replace the grids of hair, beards and fine features, and the displacement that closes the mouth, by the
    dataset's; everything else stays as it is, to the byte.

    An identity code has a weight for each style and beard. Where their number changes, so does its size, and mappings
    to this model have to be trained anew.

    dataset: the teacher's, whose template the model was trained on.
    folder: of the model, which is rewritten.

    Raises ModelError when the folder changed meanwhile.
    """
    opened = open_model_folder(folder, "nphm")
    tensors = load_file(folder / WEIGHTS)
    styles, hair, hair_origin = hair_grids(dataset)
    beards, beard_origin, beard_spacing = beard_grids(dataset)
    tensors["hair_grids"] = torch.from_numpy(quantised_hair(hair))
    tensors.pop("beard_grids", None)
    if dataset.beards:
        tensors["beard_grids"] = torch.from_numpy(beards).half()
    details = detail_grids(dataset, tensors["template_grid"].float().numpy(), np.array(opened.config["grid_origin"]))
    tensors["detail_grids"] = torch.from_numpy(np.concatenate([block.ravel() for block, _ in details])).half()
    tensors["closing"] = torch.from_numpy(dataset.expressions.closing).half()
    # Computing the grids takes a while: what another process wrote to the folder meanwhile must not be lost.
    temporary = folder / f"{WEIGHTS}.new"
    save_file(tensors, temporary)
    if open_model_folder(folder, "nphm").files != opened.files:
        temporary.unlink()
        raise ModelError(f"{folder} was written by somebody else meanwhile.", "Run the same command again.")
    os.replace(temporary, folder / WEIGHTS)
    config = opened.config | {
        "styles": list(styles),
        "hair_shape": list(hair.shape[1:]),
        "hair_origin": list(hair_origin),
        "beards": list(dataset.beards),
        "beard_shape": list(beards.shape[1:]),
        "beard_origin": list(beard_origin),
        "beard_spacing": beard_spacing,
        "detail_shapes": [list(block.shape) for block, _ in details],
        "detail_origins": [list(origin) for _, origin in details],
    }
    write_model_json(folder, opened.card, config, opened.figures, list(opened.files))
