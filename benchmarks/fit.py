"""How near a head's quads come to surfaces that the embedded head model did not make: a table in millimetres.

    python -m benchmarks.fit
    python -m benchmarks.fit --teacher out/training/teacher --heads 4

The surfaces are extracted from heads of words and distorted beyond what the model knows, so that it is known where each
point of the template lies on them: by a random smooth field of 4 mm, a longer nose, a skewed skull; some wear hair.
With --teacher there are heads that no training saw, too. Columns: CPU seconds; distance of the face from the surface,
mean and 95th percentile; distance of the lids' rims, of the lips, and of the ears from where they truly are, mean;
folded quads of the fitted head and of the true one.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import igl
import numpy as np
import torch

from clip_head.core.asset.lashes import lid_rims
from clip_head.core.fit.head import HeadFit, fit_head
from clip_head.core.fit.target import Target
from clip_head.core.fit.template import FitTemplate
from clip_head.core.models import EMBEDDED
from clip_head.core.normals import area_weighted_normals
from clip_head.core.nphm import decode_head, extract_head
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.extract import extract_surface, grid_over, largest_part
from clip_head.core.nphm.model import BOX_HEIGHT
from clip_head.core.nphm.simplify import simplify
from clip_head.core.pipeline import Models, load_models, read_words
from clip_head.core.types import MILLIMETRES_PER_UNIT, Floats, HeadMesh, HeadRequest, Ints, Latents
from clip_head.training.teacher.dataset import head_vertices, held_out_indices, load_teacher
from clip_head.training.teacher.distance import signed_distance

#: Prompts and whether their heads wear their hair.
PEOPLE = (
    ("a young woman", False),
    ("an old man with a big nose", False),
    ("a boy", False),
    ("a heavy asian man", False),
    ("a woman with long hair", True),
    ("a man with short hair", True),
)
#: Numbers of bumps of the random field, their width, and its root mean square over a head, units (45 mm, 4 mm).
BUMPS, WIDTH, DEVIATION = 40, 0.18, 0.016

Field = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Case:
    """A surface, and where the vertices of the template's surface truly lie on it.

    name: for the table.
    mesh: the surface.
    truth (V, 3): units.
    """

    name: str
    mesh: HeadMesh
    truth: Floats


def main() -> None:
    """Fit what the command line names, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, default=EMBEDDED, help="folder of all models")
    parser.add_argument("--people", type=int, default=len(PEOPLE), help="how many heads of words")
    parser.add_argument("--resolution", type=int, default=256, help="of their surfaces")
    parser.add_argument("--teacher", type=Path, help="a teacher dataset, whose held-out heads are fitted, too")
    parser.add_argument("--heads", type=int, default=4, help="how many of these")
    args = parser.parse_args()
    torch.set_num_threads(1)
    models = load_models(args.weights)
    template = fit_template(models)
    print(f"{'':<34}{'s':>6}{'face':>7}{'95 %':>7}{'lids':>7}{'lips':>7}{'ears':>7}{'folded':>8}{'true':>6}")
    for case in cases(models, template, args):
        begun = process_time()
        fit = fit_head(template, case.mesh)
        row = figures(template, case, fit)
        print(f"{case.name:<34}{process_time() - begun:>6.1f}" + "".join(row), flush=True)


def fit_template(models: Models) -> FitTemplate:
    """The template of the embedded head model."""
    network, axes = models.nphm.network, models.mapping.basis
    assert isinstance(network, EmbeddedNPHM) and axes is not None
    return FitTemplate.of(network, axes)


def cases(models: Models, template: FitTemplate, args: argparse.Namespace) -> Iterator[Case]:
    """The surfaces that the command line names."""
    for number, (prompt, hair) in enumerate(PEOPLE[: args.people]):
        z_id = read_words(HeadRequest(prompt, seed=number + 1), models).z_id.copy()
        if not hair:
            z_id[template.axes.shape[1] :] = 0.0
        head = decode_head(models.nphm, Latents(z_id, np.zeros(models.nphm.network.exp_size, np.float32)))
        mesh, truth = extract_head(head, args.resolution), template.placed(z_id)
        for name, field in fields(template, number).items():
            yield Case(f"{prompt}{name}", displaced(mesh, field), truth + field(truth))
    if args.teacher:
        dataset = load_teacher(args.teacher, ())
        held_out = held_out_indices(dataset)
        for index in held_out[:: max(1, len(held_out) // args.heads)][: args.heads]:
            vertices = head_vertices(dataset, index)
            mesh = extracted(vertices, dataset.template.faces, args.resolution)
            yield Case(f"held out, {index}", mesh, vertices)


def fields(template: FitTemplate, seed: int) -> dict[str, Field]:
    """How a head is distorted: what the table calls it -> from points (N, 3) to their displacements, units."""
    random = np.random.default_rng(seed)
    vertices = template.vertices
    nose = vertices[template.network.region_masks["nose"]]
    tip = nose[nose[:, 2].argmax()]
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    middles, sizes = random.uniform(low, high, (BUMPS, 3)), random.normal(size=(BUMPS, 3))

    def bumps(points: Floats) -> Floats:
        squared = ((points[:, None] - middles) ** 2).sum(axis=2)
        return np.asarray(np.exp(-squared / WIDTH**2) @ sizes, np.float32)

    scale = DEVIATION / np.sqrt((bumps(vertices) ** 2).sum(axis=1).mean())
    return {
        "": lambda points: np.zeros_like(points),
        ", field": lambda points: np.asarray(scale * bumps(points), np.float32),
        ", nose": lambda points: np.asarray(
            np.exp(-((points - tip) ** 2).sum(axis=1) / 0.08**2)[:, None] * [0.0, -0.012, 0.032], np.float32
        ),
        ", skew": lambda points: np.asarray(
            np.column_stack([0.02 * np.sin(4 * points[:, 1]), 0.03 * points[:, 0], 0.012 * np.tanh(6 * points[:, 0])]),
            np.float32,
        ),
    }


def displaced(mesh: HeadMesh, field: Field) -> HeadMesh:
    """A surface whose vertices are displaced."""
    return HeadMesh(mesh.vertices + field(mesh.vertices), mesh.faces, mesh.expression_offsets)


@dataclass(frozen=True)
class _Solid:
    """A closed mesh as a field that surfaces are extracted from."""

    vertices: Floats
    faces: Ints

    def coordinates(self, points: Floats) -> Floats:
        return points[:, :0]

    def value(self, points: Floats, coordinates: Floats) -> Floats:
        return signed_distance(self.vertices, self.faces, points)

    distance = value


def extracted(vertices: Floats, faces: Ints, resolution: int) -> HeadMesh:
    """The surface of a closed mesh by marching cubes, as a head model gives it: none of its vertices stays.

    vertices (V, 3), faces (F, 3): of the mesh, units.
    resolution: as of `extract_head`.
    """
    grid = grid_over(tuple(vertices.min(axis=0) - 0.05), tuple(vertices.max(axis=0) + 0.05), BOX_HEIGHT / resolution)
    surface = simplify(*largest_part(*extract_surface(_Solid(vertices, faces), grid, 1.0)))
    return HeadMesh(*surface, np.zeros_like(surface[0]))


def figures(template: FitTemplate, case: Case, fit: HeadFit) -> list[str]:
    """A row of the table."""
    masks, faces = template.network.region_masks, template.faces
    fitted = fit.pose.inverse.applied(template.placed(fit.latents.z_id) + fit.warp.offsets)
    face = template.exposed & masks["face"]
    face &= ~hidden_by_hair(case, faces)
    places, _ = Target(case.mesh.vertices, case.mesh.faces).closest(fitted, area_weighted_normals(fitted, faces))
    away = MILLIMETRES_PER_UNIT * np.linalg.norm(places - fitted, axis=1)[face]
    error = MILLIMETRES_PER_UNIT * np.linalg.norm(fitted - case.truth, axis=1)
    rims = np.unique(np.concatenate([ids.ravel() for ids in lid_rims(template.vertices, faces, masks["left_eye"])]))
    lips = template.exposed & (masks["upper_lip"] | masks["lower_lip"])
    shown = [away.mean(), np.percentile(away, 95), error[rims].mean(), error[lips].mean(), error[masks["ears"]].mean()]
    counts = folded(fitted, faces), folded(case.truth, faces)
    return [f"{value:>7.2f}" for value in shown] + [f"{counts[0]:>8}{counts[1]:>6}"]


def hidden_by_hair(case: Case, faces: Ints) -> np.ndarray:
    """Which of the template's vertices (V,) truly lie 1 mm under the surface and more."""
    distance = igl.signed_distance(
        case.truth.astype(np.float64), case.mesh.vertices.astype(np.float64), case.mesh.faces.astype(np.int64)
    )[0]
    return np.asarray(distance < -1 / MILLIMETRES_PER_UNIT)


def folded(vertices: Floats, faces: Ints) -> int:
    """How many quads are folded, their two triangles, two in a row, facing more than 90 degrees apart."""
    a, b, c = np.moveaxis(vertices[faces], 1, 0)
    normals = np.cross(b - a, c - a).reshape(-1, 2, 3)
    return int(((normals[:, 0] * normals[:, 1]).sum(axis=1) < 0).sum())


if __name__ == "__main__":
    main()
