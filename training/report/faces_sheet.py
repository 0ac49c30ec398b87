"""Clay heads without hair to look at: people whom the models make, shuffled among people of the scans.

    python -m training faces_sheet --teacher out/training/teacher --out out/evaluation/faces

The teacher must have been made with --scans. Who can tell which is which from faces.png sees what the models lack;
faces.json has the answer. people.png has twelve seeds of a few prompts, a row each.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from clip_head.core.errors import ClipHeadError
from clip_head.core.models import EMBEDDED
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.pipeline import Models, load_models, read_words
from clip_head.core.types import Bytes, Floats, HeadRequest
from clip_head.training.teacher.dataset import TeacherDataset, load_teacher
from clip_head.training.teacher.identities import base_vertices, basis_of, mean_adult, template_base
from clip_head.training.teacher.modes import random_weights
from clip_head.training.text.renders import OVERSAMPLING, View, rasterised, shaded

#: How many people of either kind, and how many stand in a row of faces.png.
PEOPLE, COLUMNS = 16, 8
#: Side of a picture, pixels, and from where the heads are seen, radians.
SIDE, YAW, PITCH = 400, 0.45, 0.05
#: Prompts of the people of faces.png, in turn, and of the rows of people.png; how many seeds stand in a row.
ADULTS, ROWS, SEEDS = ("a man", "a woman"), ("a man", "a woman", "a child", "an old woman"), 12
#: sRGB of clay and of eyes, 0 to 1.
CLAY, EYES = (0.78, 0.72, 0.67), (0.9, 0.9, 0.92)
#: Grey behind the heads, 0 to 1.
BACKGROUND = 0.3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--models", type=Path, default=EMBEDDED)
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--out", type=Path, default=Path("out/evaluation/faces"))
    parser.add_argument("--seed", type=int, default=0, help="of the scans' people and of the order")


def run(args: argparse.Namespace) -> None:
    """Write faces.png, faces.json and people.png.

    args: of add_arguments.
    Raises: ClipHeadError when the teacher has no people of scans.
    """
    args.out.mkdir(parents=True, exist_ok=True)
    dataset, models = load_teacher(args.teacher, ("bald",)), load_models(args.models)
    rng = np.random.default_rng(args.seed)
    made = [made_head(dataset, models, ADULTS[k % len(ADULTS)], 1000 + k) for k in range(PEOPLE)]
    real = [scanned_head(dataset, rng) for _ in range(PEOPLE)]
    order = rng.permutation(2 * PEOPLE)
    pictures = [clay(dataset, [*made, *real][k]) for k in order]
    save_grid(args.out / "faces.png", pictures, COLUMNS)
    answer = ["made" if k < PEOPLE else "scan" for k in order]
    (args.out / "faces.json").write_text(json.dumps(answer) + "\n", encoding="utf-8")
    people = [clay(dataset, made_head(dataset, models, row, seed)) for row in ROWS for seed in range(SEEDS)]
    save_grid(args.out / "people.png", people, SEEDS)


def made_head(dataset: TeacherDataset, models: Models, prompt: str, seed: int) -> Floats:
    """(V, 3) the template's vertices on the neutral head of a prompt, with closed lips, units.

    dataset: the teacher's template.
    models: that make the head.
    prompt, seed: of the head.
    """
    network = models.nphm.network
    assert isinstance(network, EmbeddedNPHM)
    z_id = read_words(HeadRequest(prompt, seed=seed), models).z_id
    points = torch.from_numpy(dataset.template.vertices)
    with torch.inference_mode():
        moved = network.members(torch.from_numpy(z_id)).displacement(points).numpy()
    return closed(dataset, dataset.template.vertices + moved)


def scanned_head(dataset: TeacherDataset, rng: np.random.Generator) -> Floats:
    """(V, 3) the template's vertices on a random adult of the scans, with closed lips, units.

    dataset: a teacher of scans.
    rng: draws the adult.
    """
    basis = basis_of(dataset.folder)
    if basis.people is None:
        raise ClipHeadError(
            f"The teacher in {dataset.folder} has no people of scans.",
            "Make it again: python -m training teacher --scans FOLDER.",
        )
    weights = random_weights(rng, basis.mode_count, held_out=True)
    person = replace(mean_adult(), modes=tuple(weights.tolist()))
    displacement = dataset.subdivision @ (base_vertices(basis, person) - template_base(basis))
    return closed(dataset, dataset.template.vertices + displacement)


def closed(dataset: TeacherDataset, vertices: Floats) -> Floats:
    """A head (V, 3) in canonical pose with its lips closed, units."""
    return (vertices + dataset.expressions.closing).astype(np.float32)


def clay(dataset: TeacherDataset, vertices: Floats) -> Bytes:
    """A picture (SIDE, SIDE, 3) of a head without hair.

    dataset: whose template it follows.
    vertices: (V, 3) units.
    """
    regions = dataset.template.regions
    colours = np.where((regions["left_eye"] | regions["right_eye"])[:, None], EYES, CLAY).astype(np.float32)
    view = View(YAW, PITCH, BACKGROUND)
    return shaded(rasterised(vertices, dataset.template.faces, view, SIDE * OVERSAMPLING), colours, BACKGROUND)


def save_grid(path: Path, pictures: list[Bytes], columns: int) -> None:
    """Write pictures (SIDE, SIDE, 3) in rows.

    path: of the image file.
    pictures: from the first row's left on.
    columns: how many stand in a row.
    """
    sheet = Image.new("RGB", (columns * SIDE, -(-len(pictures) // columns) * SIDE))
    for number, picture in enumerate(pictures):
        sheet.paste(Image.fromarray(picture), (number % columns * SIDE, number // columns * SIDE))
    sheet.save(path)
