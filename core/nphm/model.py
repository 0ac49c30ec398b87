"""Loading a head model and turning codes into a surface; official and embedded models behind one interface."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from ..errors import ModelError
from ..models import load_tensors, open_model_folder
from ..types import Floats, HeadMesh, Ints, Latents, ModelCard, Progress, no_progress
from .embedded import EmbeddedConfig, EmbeddedNPHM
from .extract import Field, extract_surface, grid_over, largest_part
from .official import OfficialNPHM

#: Height of the official extraction box, over which the cells of a resolution are counted, units.
BOX_HEIGHT = 1.25
WEIGHTS = "nphm.safetensors"
CHUNK = 32768


class HeadField(Protocol):
    """One identity's head: what can be asked about points (N, 3) in NPHM's frame."""

    def sdf(self, points: Tensor) -> Tensor:
        """Signed values (N,), negative inside."""

    def distance(self, points: Tensor) -> Tensor:
        """The same surface, distance-like everywhere."""

    def gradient(self, points: Tensor) -> Tensor:
        """The gradient (N, 3) of the signed value."""

    def template_points(self, points: Tensor) -> Tensor | None:
        """Corresponding points (N, 3) of the template, or None where a model has no template."""

    def displacement(self, vertices: Tensor, normals: Tensor, z_exp: Tensor) -> Tensor:
        """The expression's forward offsets (N, 3) of canonical vertices with unit normals (N, 3)."""


class HeadNetwork(Protocol):
    """What a head model must have: the sizes of its codes, an upper bound on the gradient of its distance (steepness),
    lower and upper corner of what is extracted (box), and a head for every identity code."""

    @property
    def id_size(self) -> int: ...

    @property
    def exp_size(self) -> int: ...

    @property
    def steepness(self) -> float: ...

    @property
    def box(self) -> tuple[tuple[float, float, float], tuple[float, float, float]]: ...

    def at(self, z_id: Tensor) -> HeadField: ...


@dataclass(frozen=True)
class NPHM:
    """A loaded head model."""

    card: ModelCard
    network: HeadNetwork


def load_nphm(folder: Path) -> NPHM:
    """The head model in `folder`: model.json with config.architecture "embedded" or "official".

    Raises ModelError when the folder, its files or their shapes are wrong.
    """
    opened = open_model_folder(folder, "nphm")
    tensors = load_tensors(opened, WEIGHTS)
    config = dict(opened.config)
    architecture = config.pop("architecture", None)
    try:
        network: EmbeddedNPHM | OfficialNPHM
        if architecture == "embedded":
            network = EmbeddedNPHM(EmbeddedConfig.from_json(config))
        elif architecture == "official":
            network = OfficialNPHM(tensors.pop("mean_anchors"))
        else:
            raise ValueError(f"unknown architecture {architecture!r}")
        network.load_state_dict(tensors, strict=True)
    except (RuntimeError, TypeError, ValueError, KeyError) as error:
        raise ModelError(
            f"The head model in {folder} does not fit its description ({error}).",
            "Restore the folder from the release it came from.",
        ) from error
    return NPHM(opened.card, network.eval().requires_grad_(False))


def extract_head(nphm: NPHM, latents: Latents, resolution: int = 256, progress: Progress = no_progress) -> HeadMesh:
    """The head of these codes as one closed surface, and its expression as offsets.

    resolution: cells along the height of the official box (1.25 units). Islands and hollows are dropped.
    Raises ModelError for codes of another size or NaN, MeshError where there is no surface.
    """
    z_id, z_exp = _codes(nphm, latents)
    network = nphm.network
    grid = grid_over(*network.box, BOX_HEIGHT / resolution)
    low, edge = np.asarray(grid.lower, dtype=np.float32), np.float32(grid.spacing)
    high = low + np.asarray(grid.cells, dtype=np.float32) * edge

    with torch.inference_mode():
        head = network.at(z_id)

    def closed(decode: Callable[[Tensor], Tensor]) -> Field:
        # Cut off by the box, the neck is closed there: every later step may count on a closed surface.
        def field(points: Floats) -> Floats:
            with torch.inference_mode():
                values = decode(torch.from_numpy(points)).numpy()
            outside = np.maximum(low - points, points - high).max(axis=1) + edge / 2
            return np.maximum(values, outside)

        return field

    vertices, faces = largest_part(
        *extract_surface(
            closed(head.sdf),
            grid,
            closed(head.distance),
            network.steepness,
            lambda fraction: progress("geometry", 0.9 * fraction),
        )
    )
    points, normals = torch.from_numpy(vertices), torch.from_numpy(vertex_normals(vertices, faces))
    with torch.inference_mode():
        offsets = _in_chunks(lambda p, n: head.displacement(p, n, z_exp), points, normals)
        template = head.template_points(points[:1])
        if template is not None:
            template = _in_chunks(head.template_points, points)
    if not bool(torch.isfinite(offsets).all()):
        raise ModelError(
            "The head model computed an expression that is not finite.",
            "Its weights are damaged: restore the model folder from the release it came from.",
        )
    return HeadMesh(vertices, faces, offsets.numpy(), None if template is None else template.numpy())


def surface_normals(nphm: NPHM, latents: Latents, points: Floats) -> Floats:
    """Unit normals (N, 3) at points (N, 3) on the neutral surface: the direction of the field's gradient."""
    z_id, _ = _codes(nphm, latents)
    gradient = _in_chunks(nphm.network.at(z_id).gradient, torch.from_numpy(points.astype(np.float32)))
    return torch.nn.functional.normalize(gradient, dim=1).numpy()


def vertex_normals(vertices: Floats, faces: Ints) -> Floats:
    """Unit normals (V, 3) of a mesh, its faces weighted by area."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    crossed = np.cross(b - a, c - a)
    normals = np.stack(
        [np.bincount(faces.ravel(), np.repeat(crossed[:, k], 3), minlength=len(vertices)) for k in range(3)], axis=1
    )
    return (normals / (np.linalg.norm(normals, axis=1, keepdims=True) + 1e-20)).astype(np.float32)


def _codes(nphm: NPHM, latents: Latents) -> tuple[Tensor, Tensor]:
    for name, code, size in (
        ("identity", latents.z_id, nphm.network.id_size),
        ("expression", latents.z_exp, nphm.network.exp_size),
    ):
        if code.shape != (size,):
            raise ModelError(
                f"The {name} code has {code.shape} numbers where the head model {nphm.card.name} takes {size}.",
                "Use a mapping that was trained for this head model.",
            )
        if not np.isfinite(code).all():
            raise ModelError(
                f"The {name} code holds numbers that are not finite.",
                "The mapping's weights are damaged: restore them from the release they came from.",
            )
    return torch.from_numpy(latents.z_id.astype(np.float32)), torch.from_numpy(latents.z_exp.astype(np.float32))


def _in_chunks(function: Callable[..., Tensor | None], *arrays: Tensor) -> Tensor:
    parts = [function(*chunk) for chunk in zip(*(array.split(CHUNK) for array in arrays), strict=True)]
    return torch.cat([part for part in parts if part is not None])
