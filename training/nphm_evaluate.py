"""How close the embedded NPHM comes to heads that no training saw; the figures go into its model.json."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import load_nphm
from clip_head.core.nphm.embedded import EmbeddedHead, EmbeddedNPHM
from clip_head.core.types import MILLIMETRES_PER_UNIT, Bools, Floats
from clip_head.training.nphm_data import Codes
from clip_head.training.teacher.dataset import (
    SKIN,
    TeacherDataset,
    expression_offsets,
    head_vertices,
    held_out_indices,
    interpolate,
    load_teacher,
)
from clip_head.training.teacher.distance import sample_near, sample_surface, signed_distance

#: Errors count where the true distance is under this, millimetres.
NEAR = 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--work", type=Path, default=Path("out/training/nphm"), help="where training left codes.npz")
    parser.add_argument("--weights", type=Path, default=EMBEDDED / "nphm")
    parser.add_argument("--heads", type=int, default=20, help="how many of the heads held out")
    parser.add_argument("--points", type=int, default=4000, help="points per head")


def run(args: argparse.Namespace) -> None:
    """Print the figures and write them into the model folder's model.json."""
    dataset = load_teacher(args.teacher, ("bald",))
    network = load_nphm(args.weights).network
    if not isinstance(network, EmbeddedNPHM):
        raise SystemExit(f"{args.weights} holds no embedded NPHM: the teacher's heads have codes for that one only.")
    codes = Codes.load(args.work / "codes.npz")
    held_out = held_out_indices(dataset)
    chosen = held_out[:: max(1, len(held_out) // args.heads)][: args.heads]
    rows = [head_errors(dataset, network, codes, index, args.points) for index in chosen]
    means = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    figures = {
        "held_out_heads": len(rows),
        **{name: round(value, 3) for name, value in means.items()},
        "command": f"python -m training.evaluate nphm --heads {len(rows)}",
    }
    for name, value in figures.items():
        print(f"{name:<42} {value}")
    path = args.weights / "model.json"
    entries = json.loads(path.read_text(encoding="utf-8"))
    entries["figures"] = figures
    path.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


@torch.no_grad()
def head_errors(
    dataset: TeacherDataset, network: EmbeddedNPHM, codes: Codes, index: int, count: int
) -> dict[str, float]:
    """Errors of one head whose codes come by projection, millimetres: near the face, near the whole head,
    correspondence on the face, and the displacement of the face averaged over the named expressions."""
    template = dataset.template
    vertices = head_vertices(dataset, index)
    shared, local = codes.encode(vertices)
    hair = np.zeros(len(network.config.styles), dtype=np.float32)
    head = network.at(torch.from_numpy(np.concatenate([shared, local.ravel(), hair])))
    rng = np.random.default_rng(index)
    in_face = template.regions["face"][template.faces].all(axis=1) & (template.part == SKIN)
    above = vertices[template.faces, 1].min(axis=1) > -0.5
    errors = {
        "face_near_surface_mm": near_surface_error(head, vertices, template.faces, in_face, count, rng),
        "head_near_surface_mm": near_surface_error(head, vertices, template.faces, above, count, rng),
    }
    faces = template.faces[in_face]
    on = sample_surface(vertices, faces, count, rng, by_area=1.0)
    normals = torch.from_numpy(on.normal)
    true_points = interpolate(template.vertices, faces, on.face, on.bary)
    missed, largest, still = [], [], []
    for name in dataset.expressions.table:
        weights = dataset.expressions.table[name]
        z_exp = torch.tensor([weights.get(action, 0.0) for action in network.config.actions])
        offsets, found = head.express(torch.from_numpy(on.points), normals, z_exp)
        true = interpolate(expression_offsets(dataset, name), faces, on.face, on.bary)
        error = np.linalg.norm(offsets.numpy() - true, axis=1)
        missed.append(error.mean())
        largest.append(np.percentile(error, 99))
        still.append(np.linalg.norm(true, axis=1).mean())
    errors["face_correspondence_mm"] = float(np.linalg.norm(found.numpy() - true_points, axis=1).mean())
    errors["expression_displacement_mm"] = float(np.mean(missed))
    errors["expression_displacement_99th_percentile_mm"] = float(np.mean(largest))
    errors["expression_mean_motion_mm"] = float(np.mean(still))
    return {name: value * MILLIMETRES_PER_UNIT for name, value in errors.items()}


def near_surface_error(
    head: EmbeddedHead, vertices: Floats, faces: np.ndarray, chosen: Bools, count: int, rng: np.random.Generator
) -> float:
    """Mean |error| of the distance at points around the chosen faces that lie under NEAR from the head, units."""
    on = sample_surface(vertices, faces[chosen], count, rng, by_area=1.0)
    points = sample_near(on, 0.008, rng)
    true = signed_distance(vertices, faces, points)
    near = np.abs(true) < NEAR / MILLIMETRES_PER_UNIT
    at = torch.from_numpy(points[near])
    found = head.value(at, head.smooth(at)).numpy()
    return float(np.abs(found - true[near]).mean())
