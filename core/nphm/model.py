"""Loading a head model and turning codes into a surface; official and embedded models behind one interface."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from ..errors import ModelError
from ..models import load_tensors, open_model_folder
from ..types import Floats, HeadMesh, Ints, Latents, ModelCard, Progress, no_progress
from .embedded import EmbeddedConfig, EmbeddedHead, EmbeddedNPHM
from .extract import Grid, extract_surface, focused_grid, grid_over, largest_part
from .official import OfficialNPHM
from .simplify import simplify

#: Height of the official extraction box, over which the cells of a resolution are counted, units.
BOX_HEIGHT = 1.25
#: Nothing is extracted below the plane y = FLOOR - FLOOR_SLOPE z: a little under the cut of the neck (core/uv).
FLOOR, FLOOR_SLOPE = -0.66, 0.35
WEIGHTS = "nphm.safetensors"
CHUNK = 32768
#: Points whose median distance from a head is less lie on it, units (1 mm); what is simplified stays far below.
ON_SURFACE = 0.004


class HeadField(Protocol):
    """One identity's head: what can be asked about points (N, 3) in NPHM's frame."""

    def smooth(self, points: Tensor) -> Tensor:
        """The part (N, C) of the field that is costly and smooth enough to interpolate; C may be 0."""

    def value(self, points: Tensor, smooth: Tensor) -> Tensor:
        """Signed values (N,), negative inside."""

    def distance(self, points: Tensor, smooth: Tensor) -> Tensor:
        """The same surface, distance-like everywhere."""

    def gradient(self, points: Tensor, smooth: Tensor) -> Tensor:
        """The gradient (N, 3) of the signed value."""

    def focus(self) -> tuple[Floats, Floats] | None:
        """Lower and upper corner (3,) of the box in which the head has its finest features; None where unknown."""

    def hair_share(self, smooth: Tensor) -> Tensor | None:
        """How far points on the surface with this `smooth` are hair (N,), 0 to 1; None where nothing is known of it."""

    def beard_depth(self, smooth: Tensor) -> Tensor | None:
        """How thick the beard is (N,), units, at points on the surface; None where none is known of."""

    @property
    def frizz(self) -> float:
        """How far the hair is curls and frizz instead of strands, 0 to 1."""

    def express(self, vertices: Tensor, normals: Tensor, z_exp: Tensor) -> tuple[Tensor, Tensor | None]:
        """The expression's forward offsets (N, 3) of canonical vertices with unit normals (N, 3), and the template
        points (N, 3) they correspond to, or None where a model has no template."""


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


@dataclass(frozen=True)
class DecodedHead:
    """What a head model makes of two codes: the identity's field, and the expression that its surface will take."""

    network: HeadNetwork
    field: HeadField
    z_id: Tensor
    z_exp: Tensor


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


def decode_head(nphm: NPHM, latents: Latents) -> DecodedHead:
    """The head of these codes, before any surface is sought. Raises ModelError for codes of another size or NaN."""
    z_id, z_exp = _codes(nphm, latents)
    with torch.inference_mode():
        return DecodedHead(nphm.network, nphm.network.at(z_id), z_id, z_exp)


def extract_head(head: DecodedHead, resolution: int = 256, progress: Progress = no_progress) -> HeadMesh:
    """The head as one closed surface, and its expression as offsets.

    resolution: cells along the height of the official box (1.25 units); they are smaller where the head has its finest
    features. Islands and hollows are dropped, and what is finer than a head needs is simplified. Raises MeshError where
    there is no surface, ModelError for NaN.
    """
    field, network = head.field, head.network
    with torch.inference_mode():
        focus, spacing = field.focus(), BOX_HEIGHT / resolution
        if focus and not np.isfinite(focus).all():
            raise ModelError(
                "The head model computed a head that is not finite.",
                "Its weights are damaged: restore the model folder from the release it came from.",
            )
        grid = focused_grid(*network.box, spacing, focus) if focus else grid_over(*network.box, spacing)
        found = extract_surface(
            _ClosedField(field, grid), grid, network.steepness, lambda part: progress("geometry", 0.9 * part)
        )
        vertices, faces = simplify(*largest_part(*found))
        points, normals = torch.from_numpy(vertices), torch.from_numpy(vertex_normals(vertices, faces))
        chunks = zip(points.split(CHUNK), normals.split(CHUNK), strict=True)
        parts = [field.express(part, normal, head.z_exp) for part, normal in chunks]
    offsets = torch.cat([part[0] for part in parts])
    template = [part[1].numpy() for part in parts if part[1] is not None]
    if not bool(torch.isfinite(offsets).all()):
        raise ModelError(
            "The head model computed an expression that is not finite.",
            "Its weights are damaged: restore the model folder from the release it came from.",
        )
    return HeadMesh(vertices, faces, offsets.numpy(), np.concatenate(template) if template else None)


@dataclass(frozen=True)
class _ClosedField:
    """A head's field inside the grid and above the floor, closed there: every later step may count on a solid."""

    head: HeadField
    grid: Grid

    def smooth(self, points: Floats) -> Floats:
        return self.head.smooth(torch.from_numpy(points)).numpy()

    def value(self, points: Floats, smooth: Floats) -> Floats:
        found = self.head.value(torch.from_numpy(points), torch.from_numpy(smooth)).numpy()
        return np.maximum(found, self._outside(points))

    def distance(self, points: Floats, smooth: Floats) -> Floats:
        found = self.head.distance(torch.from_numpy(points), torch.from_numpy(smooth)).numpy()
        return np.maximum(found, self._outside(points))

    def _outside(self, points: Floats) -> Floats:
        low, high = np.asarray(self.grid.lower, dtype=np.float32), self.grid.upper()
        edge = np.float32(self.grid.spacing)
        box = np.maximum(low - points, points - high).max(axis=1) + edge / 2
        floor = (FLOOR - FLOOR_SLOPE * points[:, 2] - points[:, 1]) / math.hypot(1.0, FLOOR_SLOPE)
        outside: Floats = np.maximum(box, floor).astype(np.float32)
        return outside


@dataclass(frozen=True)
class SurfaceFacts:
    """What a head model knows of N points on its neutral surface.

    normals (N, 3): unit vectors, the direction of the field's gradient; hair (N,): how far they are hair, 0 to 1;
    beard (N,): how thick the beard is there, units. None where nothing is known, or there is none. frizz: how far the
    hair is curls and frizz instead of strands, 0 to 1.
    """

    normals: Floats
    hair: Floats | None = None
    beard: Floats | None = None
    frizz: float = 0.0


def place_template(head: DecodedHead, points: Floats) -> Floats | None:
    """Where template points (N, 3) lie on this head, neutral and bald; None where its model has no template."""
    if not isinstance(head.field, EmbeddedHead):
        return None
    with torch.inference_mode():
        moved = head.field.members.displacement(torch.from_numpy(points.astype(np.float32)))
    return np.asarray(points + moved.numpy(), np.float32)


def read_surface(head: DecodedHead, points: Floats) -> SurfaceFacts:
    """What is known of points (N, 3) on the neutral surface."""
    parts = []
    for part in torch.from_numpy(points.astype(np.float32)).split(CHUNK):
        smooth = head.field.smooth(part)
        gradient = torch.nn.functional.normalize(head.field.gradient(part, smooth), dim=1)
        parts.append((gradient, head.field.hair_share(smooth), head.field.beard_depth(smooth)))

    def joined(told: list[Tensor | None]) -> Floats | None:
        known = [values.numpy() for values in told if values is not None]
        return np.concatenate(known) if known else None

    normals, hair, beard = zip(*parts, strict=True)
    return SurfaceFacts(torch.cat(normals).numpy(), joined(list(hair)), joined(list(beard)), head.field.frizz)


def find_head(nphm: NPHM, latents: Latents | None, points: Floats) -> DecodedHead | None:
    """The head of these codes if points (N, 3), neutral, lie on it; None where the model cannot say anything of them.

    Codes of another model, or of an earlier one of the same name, and heads that were sculpted since, are not on it.
    """
    if latents is None or latents.z_id.shape != (nphm.network.id_size,):
        return None
    head = decode_head(nphm, Latents(latents.z_id, np.zeros(nphm.network.exp_size, np.float32)))
    sample = torch.from_numpy(points[:: max(1, len(points) // CHUNK)].astype(np.float32))
    with torch.inference_mode():
        away = float(head.field.distance(sample, head.field.smooth(sample)).abs().median())
    return head if away < ON_SURFACE else None


def find_template_points(head: DecodedHead, points: Floats, normals: Floats) -> Floats | None:
    """The template's points (N, 3) for points (N, 3) of the neutral surface with unit normals (N, 3), None where the
    model has no template."""
    with torch.inference_mode():
        pairs = zip(torch.from_numpy(points).split(CHUNK), torch.from_numpy(normals).split(CHUNK), strict=True)
        found = [head.field.express(part, normal, head.z_exp)[1] for part, normal in pairs]
    known = [part.numpy() for part in found if part is not None]
    return np.concatenate(known) if known else None


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
