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

#: Number of points of the surface that a code is fitted to, as many as a scan easily has.
SCAN_POINTS = 40_000
#: Distance from the true surface up to which errors count, millimetres.
NEAR = 5.0
#: Standard deviation of the test points' distance from the surface, along each axis, units (2 mm).
TEST_SPREAD = 0.008
#: Height above which faces count, units: below lies the neck, where scans end.
LOWEST = -0.5


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
    """Print the figures and write them into the model folder's model.json.

    args: of add_arguments.
    """
    dataset = load_teacher(args.teacher)
    network, projection = load_projection(args.weights, dataset.template)
    held_out = held_out_indices(dataset)
    indices = held_out[:: max(1, len(held_out) // args.heads)][: args.heads]
    rows = [head_errors(dataset, network, projection, index, args.points) for index in indices]
    means = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    hair = hair_errors(dataset, network, projection, list(indices)[: args.hair_heads], args.points)
    fits = [fit_error(dataset, network, index, args.points) for index in list(indices)[: args.fits]]
    people = [head_code(dataset, network, projection, index) for index in extremes(dataset, args.faces)]
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
    """The command that measures these figures again, for model.json, without paths.

    args: of the evaluation.
    """
    counts = ("heads", "points", "hair_heads", "fits", "faces")
    options = " ".join(f"--{name.replace('_', '-')} {getattr(args, name)}" for name in counts)
    return f"python -m training.evaluate nphm {options}"


def head_code(
    dataset: TeacherDataset, network: EmbeddedNPHM, projection: Projection, index: int, style: str | None = None
) -> Floats:
    """The identity code (id_size,) of a teacher head.

    dataset: the teacher's heads.
    network: the embedded NPHM.
    projection: from heads to its codes.
    index: of the head.
    style: name of the hair style; None: bald.
    """
    person = projection.code(head_vertices(dataset, index))
    hair = np.array([name == style for name in network.config.styles], dtype=np.float32)
    return np.concatenate([person, hair, np.zeros(len(network.config.beards), dtype=np.float32)])


def extremes(dataset: TeacherDataset, count: int) -> list[int]:
    """Indices of held-out heads: the youngest, the oldest, the heaviest, the thinnest, and others evenly.

    dataset: the teacher's heads.
    count: number of heads, these four included.
    """
    held_out = list(held_out_indices(dataset))
    people = dataset.attributes
    indices = [
        min(held_out, key=lambda i: people[i].age),
        max(held_out, key=lambda i: people[i].age),
        max(held_out, key=lambda i: people[i].weight),
        min(held_out, key=lambda i: people[i].weight),
    ]
    return (indices + held_out[:: max(1, len(held_out) // count)])[:count]


@torch.no_grad()
def hair_errors(
    dataset: TeacherDataset, network: EmbeddedNPHM, projection: Projection, heads: list[int], count: int
) -> dict[str, float]:
    """Style -> the near-surface error of its hair against the teacher's mesh of that style, millimetres, mean over
    heads.

    dataset: the teacher's heads.
    network: the embedded NPHM.
    projection: from heads to its codes.
    heads: indices of the heads.
    count: number of test points for each head and style.
    """
    errors: dict[str, list[float]] = {}
    for index in heads:
        for style in network.config.styles:
            mesh = teacher_mesh(dataset, index, style)
            head = network.at(torch.from_numpy(head_code(dataset, network, projection, index, style)))
            hair_faces = mesh.is_hair[mesh.faces].all(axis=1)
            rng = np.random.default_rng(index)
            error = near_surface_error(head, mesh.vertices, mesh.faces, hair_faces, count, rng)
            errors.setdefault(style, []).append(error * MILLIMETRES_PER_UNIT)
    means = {style: float(np.mean(values)) for style, values in errors.items()}
    print("hair near surface:", ", ".join(f"{style} {error:.2f} mm" for style, error in means.items()))
    return means


@torch.no_grad()
def fit_error(dataset: TeacherDataset, network: EmbeddedNPHM, index: int, count: int) -> float:
    """Chamfer-L1 of the face, millimetres, after the code was fitted to points and normals of the surface alone: the
    mean of the distances from either surface to the other.

    dataset: the teacher's heads.
    network: the embedded NPHM.
    index: of the head.
    count: number of test points on either surface.
    """
    template = dataset.template
    rng = np.random.default_rng(index)
    vertices = head_vertices(dataset, index)
    visible = (template.part == SKIN) | np.isin(template.part, (LEFT_EYE, RIGHT_EYE))
    visible &= vertices[template.faces, 1].min(axis=1) > LOWEST
    scan = sample_surface(vertices, template.faces[visible], SCAN_POINTS, rng, by_area=0.8)
    z_id = fit_identity(network, scan.points, scan.normal)
    in_face = template.regions["face"][template.faces].all(axis=1) & (template.part == SKIN)
    faces = template.faces[in_face]
    fitted = canonical_vertices(network, template, z_id)
    total = 0.0
    for source, target in ((fitted, vertices), (vertices, fitted)):
        samples = sample_surface(source, faces, count, rng, by_area=1.0)
        squared, _, _ = igl.point_mesh_squared_distance(
            samples.points.astype(np.float64), target.astype(np.float64), template.faces[visible].astype(np.int64)
        )
        total += float(np.sqrt(squared).mean()) / 2
    return total * MILLIMETRES_PER_UNIT


@torch.no_grad()
def head_errors(
    dataset: TeacherDataset, network: EmbeddedNPHM, projection: Projection, index: int, count: int
) -> dict[str, float]:
    """Errors of one head whose code comes by projection, millimetres: near the face, near the whole head,
    correspondence on the face, and the displacement of the face averaged over the named expressions.

    dataset: the teacher's heads.
    network: the embedded NPHM.
    projection: from heads to its codes.
    index: of the head.
    count: number of test points for each error.
    """
    template = dataset.template
    vertices = head_vertices(dataset, index)
    head = network.at(torch.from_numpy(head_code(dataset, network, projection, index)))
    rng = np.random.default_rng(index)
    in_face = template.regions["face"][template.faces].all(axis=1) & (template.part == SKIN)
    above_neck = vertices[template.faces, 1].min(axis=1) > LOWEST
    errors = {
        "face_near_surface_mm": near_surface_error(head, vertices, template.faces, in_face, count, rng),
        "head_near_surface_mm": near_surface_error(head, vertices, template.faces, above_neck, count, rng),
    }
    faces = template.faces[in_face]
    samples = sample_surface(vertices, faces, count, rng, by_area=1.0)
    normals = torch.from_numpy(samples.normal)
    true_points = interpolate(template.vertices, faces, samples.face, samples.bary)
    mean_errors, large_errors, motions = [], [], []
    for name in dataset.expressions.table:
        weights = dataset.expressions.table[name]
        z_exp = torch.tensor([weights.get(action, 0.0) for action in network.config.actions])
        # The points' places on the template are those of the canonical head, the same for every expression.
        offsets, template_points = head.express(torch.from_numpy(samples.points), normals, z_exp)
        true_offsets = interpolate(expression_offsets(dataset, name, vertices), faces, samples.face, samples.bary)
        error = np.linalg.norm(offsets.numpy() - true_offsets, axis=1)
        mean_errors.append(error.mean())
        large_errors.append(np.percentile(error, 99))
        motions.append(np.linalg.norm(true_offsets, axis=1).mean())
    errors["face_correspondence_mm"] = float(np.linalg.norm(template_points.numpy() - true_points, axis=1).mean())
    errors["expression_displacement_mm"] = float(np.mean(mean_errors))
    errors["expression_displacement_99th_percentile_mm"] = float(np.mean(large_errors))
    errors["expression_mean_motion_mm"] = float(np.mean(motions))
    return {name: value * MILLIMETRES_PER_UNIT for name, value in errors.items()}


def near_surface_error(
    head: EmbeddedHead, vertices: Floats, faces: np.ndarray, tested: Bools, count: int, rng: np.random.Generator
) -> float:
    """Mean absolute error of the signed distance near a part of the surface, units.

    head: what the NPHM decodes.
    vertices: (V, 3) of the true surface, units.
    faces: (F, 3) vertex indices.
    tested: (F,) mask of the faces around which points are tested.
    count: number of points drawn around them; those count that lie nearer than NEAR to the true surface.
    rng: source of the draw.
    """
    points = sample_near(sample_surface(vertices, faces[tested], count, rng, by_area=1.0), TEST_SPREAD, rng)
    true_distance = signed_distance(vertices, faces, points)
    near = np.abs(true_distance) < NEAR / MILLIMETRES_PER_UNIT
    near_points = torch.from_numpy(points[near])
    predicted = head.value(near_points, head.template_coordinates(near_points)).numpy()
    return float(np.abs(predicted - true_distance[near]).mean())
