"""How close the embedded NPHM comes to heads that no training saw; the figures go into its model.json."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import igl
import numpy as np
import torch

from clip_head.core.models import EMBEDDED
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.embedded_head import EmbeddedHead
from clip_head.core.types import MILLIMETRES_PER_UNIT, Bools, Floats
from clip_head.training.nphm.expressions import canonical_vertices, expression_figures
from clip_head.training.nphm.projection import Projection, fit_identity, load_projection
from clip_head.training.teacher.dataset import (
    LEFT_EYE,
    RIGHT_EYE,
    SKIN,
    TeacherDataset,
    expression_offsets,
    head_vertices,
    held_out_indices,
    interpolate,
    load_teacher,
    teacher_mesh,
)
from clip_head.training.teacher.distance import sample_near, sample_surface, signed_distance

#: Points of the surface that codes are fitted to.
SCAN_POINTS = 40_000
#: Errors count where the true distance is under this, millimetres.
NEAR = 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the evaluation."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--weights", type=Path, default=EMBEDDED / "nphm")
    parser.add_argument("--heads", type=int, default=20, help="how many of the heads held out")
    parser.add_argument("--points", type=int, default=4000, help="points per head")
    parser.add_argument("--hair-heads", type=int, default=2, help="how many of them with every hair style")
    parser.add_argument("--fits", type=int, default=10, help="how many of them are fitted to their surface alone")
    parser.add_argument("--faces", type=int, default=10, help="how many faces whose lips and lids are looked at")


def run(args: argparse.Namespace) -> None:
    """Print the figures and write them into the model folder's model.json."""
    dataset = load_teacher(args.teacher)
    network, codes = load_projection(args.weights, dataset.template)
    held_out = held_out_indices(dataset)
    chosen = held_out[:: max(1, len(held_out) // args.heads)][: args.heads]
    rows = [head_errors(dataset, network, codes, index, args.points) for index in chosen]
    means = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    hair = hair_errors(dataset, network, codes, list(chosen)[: args.hair_heads], args.points)
    fits = [fit_error(dataset, network, index, args.points) for index in list(chosen)[: args.fits]]
    people = [head_code(dataset, network, codes, index) for index in extremes(dataset, args.faces)]
    figures = {
        "held_out_heads": len(rows),
        **{name: round(value, 3) for name, value in means.items()},
        "hair_near_surface_mm": round(float(np.mean(list(hair.values()))), 3),
        "hair_near_surface_worst_style_mm": round(max(hair.values()), 3),
        "face_chamfer_l1_fitted_mm": round(float(np.mean(fits)), 3),
        "face_chamfer_l1_fitted_worst_mm": round(max(fits), 3),
        **{name: round(value, 3) for name, value in expression_figures(dataset, network, people).items()},
        "command": command(args),
    }
    for name, value in figures.items():
        print(f"{name:<42} {value}")
    path = args.weights / "model.json"
    entries = json.loads(path.read_text(encoding="utf-8"))
    entries["figures"] = figures
    path.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def command(args: argparse.Namespace) -> str:
    """The command that measures these figures again, for model.json, without paths."""
    counts = ("heads", "points", "hair_heads", "fits", "faces")
    options = " ".join(f"--{name.replace('_', '-')} {getattr(args, name)}" for name in counts)
    return f"python -m training.evaluate nphm {options}"


def head_code(
    dataset: TeacherDataset, network: EmbeddedNPHM, codes: Projection, index: int, style: str | None = None
) -> Floats:
    """The identity code of a teacher head, by projection, with a hair style or bald."""
    person = codes.code(head_vertices(dataset, index))
    hair = np.array([name == style for name in network.config.styles], dtype=np.float32)
    return np.concatenate([person, hair, np.zeros(len(network.config.beards), dtype=np.float32)])


def extremes(dataset: TeacherDataset, count: int) -> list[int]:
    """Held-out heads: the youngest, the oldest, the heaviest, the thinnest, and others evenly."""
    held_out = list(held_out_indices(dataset))
    people = dataset.attributes
    chosen = [
        min(held_out, key=lambda i: people[i].age),
        max(held_out, key=lambda i: people[i].age),
        max(held_out, key=lambda i: people[i].weight),
        min(held_out, key=lambda i: people[i].weight),
    ]
    return (chosen + held_out[:: max(1, len(held_out) // count)])[:count]


@torch.no_grad()
def hair_errors(
    dataset: TeacherDataset, network: EmbeddedNPHM, codes: Projection, heads: list[int], count: int
) -> dict[str, float]:
    """Style -> the near-surface error of its hair against the teacher's mesh of that style, millimetres, mean over
    heads."""
    errors: dict[str, list[float]] = {}
    for index in heads:
        for style in network.config.styles:
            mesh = teacher_mesh(dataset, index, style)
            head = network.at(torch.from_numpy(head_code(dataset, network, codes, index, style)))
            worn = mesh.is_hair[mesh.faces].all(axis=1)
            error = near_surface_error(head, mesh.vertices, mesh.faces, worn, count, np.random.default_rng(index))
            errors.setdefault(style, []).append(error * MILLIMETRES_PER_UNIT)
    means = {style: float(np.mean(values)) for style, values in errors.items()}
    print("hair near surface:", ", ".join(f"{style} {error:.2f} mm" for style, error in means.items()))
    return means


@torch.no_grad()
def fit_error(dataset: TeacherDataset, network: EmbeddedNPHM, index: int, count: int) -> float:
    """Chamfer-L1 of the face, millimetres, after the code was fitted to points and normals of the surface alone: the
    mean of the distances from either surface to the other."""
    template = dataset.template
    rng = np.random.default_rng(index)
    vertices = head_vertices(dataset, index)
    outside = (template.part == SKIN) | np.isin(template.part, (LEFT_EYE, RIGHT_EYE))
    outside &= vertices[template.faces, 1].min(axis=1) > -0.5
    scan = sample_surface(vertices, template.faces[outside], SCAN_POINTS, rng, by_area=0.8)
    z_id = fit_identity(network, scan.points, scan.normal)
    in_face = template.regions["face"][template.faces].all(axis=1) & (template.part == SKIN)
    faces = template.faces[in_face]
    fitted = canonical_vertices(network, template, z_id)
    total = 0.0
    for one, other in ((fitted, vertices), (vertices, fitted)):
        on = sample_surface(one, faces, count, rng, by_area=1.0)
        squared, _, _ = igl.point_mesh_squared_distance(
            on.points.astype(np.float64), other.astype(np.float64), template.faces[outside].astype(np.int64)
        )
        total += float(np.sqrt(squared).mean()) / 2
    return total * MILLIMETRES_PER_UNIT


@torch.no_grad()
def head_errors(
    dataset: TeacherDataset, network: EmbeddedNPHM, codes: Projection, index: int, count: int
) -> dict[str, float]:
    """Errors of one head whose codes come by projection, millimetres: near the face, near the whole head,
    correspondence on the face, and the displacement of the face averaged over the named expressions."""
    template = dataset.template
    vertices = head_vertices(dataset, index)
    head = network.at(torch.from_numpy(head_code(dataset, network, codes, index)))
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
        offsets, template_points = head.express(torch.from_numpy(on.points), normals, z_exp)
        true = interpolate(expression_offsets(dataset, name), faces, on.face, on.bary)
        error = np.linalg.norm(offsets.numpy() - true, axis=1)
        missed.append(error.mean())
        largest.append(np.percentile(error, 99))
        still.append(np.linalg.norm(true, axis=1).mean())
    errors["face_correspondence_mm"] = float(np.linalg.norm(template_points.numpy() - true_points, axis=1).mean())
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
    predicted = head.value(at, head.template_coordinates(at)).numpy()
    return float(np.abs(predicted - true[near]).mean())
