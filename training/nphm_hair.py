"""Put the teacher's hair into an embedded NPHM that is already trained: hair is stored, not learned.

python -m training nphm_hair --teacher out/training/teacher --model weights/embedded/nphm
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
from clip_head.core.nphm.embedded import HAIR_CLAMP
from clip_head.core.nphm.model import WEIGHTS
from clip_head.training.nphm_data import hair_grids
from clip_head.training.teacher.dataset import TeacherDataset, load_teacher


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--teacher", type=Path, required=True, help="folder of the teacher dataset")
    parser.add_argument("--model", type=Path, default=Path("weights/embedded/nphm"), help="model folder to change")


def run(args: argparse.Namespace) -> None:
    """Replace the hair grids of the model folder."""
    repack_hair(load_teacher(args.teacher), args.model)
    print(f"replaced the hair of {args.model}")


def repack_hair(dataset: TeacherDataset, folder: Path) -> None:
    """Replace the hair grids in a model folder by the dataset's; everything else stays as it is, to the byte.

    Raises ModelError when the styles are others (codes would change their size), or when the folder changed meanwhile.
    """
    opened = open_model_folder(folder, "nphm")
    tensors = load_file(folder / WEIGHTS)
    names, grids, origin = hair_grids(dataset)
    if list(names) != list(opened.config["styles"]):
        raise ModelError(
            f"{folder} knows the hair styles {opened.config['styles']}, the teacher has {list(names)}.",
            "Train the head model anew with this teacher.",
        )
    tensors["hair_grids"] = torch.from_numpy(np.round(grids * (127.0 / HAIR_CLAMP)).astype(np.int8))
    temporary = folder / f"{WEIGHTS}.new"
    save_file(tensors, temporary)
    if open_model_folder(folder, "nphm").files != opened.files:
        temporary.unlink()
        raise ModelError(f"{folder} was written by somebody else meanwhile.", "Run the same command again.")
    os.replace(temporary, folder / WEIGHTS)
    config = opened.config | {"hair_shape": list(grids.shape[1:]), "hair_origin": list(origin)}
    write_model_json(folder, opened.card, config, opened.figures, list(opened.files))
