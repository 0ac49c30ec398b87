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
from ..normals import area_weighted_normals
from ..types import Bools, Floats, HeadMesh, Latents, ModelCard, Progress, no_progress
from .embedded import EmbeddedNPHM
from .embedded_network import EmbeddedConfig, with_template_grid
from .extract import Grid, extract_surface, focused_grid, grid_over, largest_part
from .official import OfficialNPHM
from .sheet import TemplateSheet
from .simplify import simplify

#: Height, units, of the box of the official release, over which the cells of a resolution are counted.
BOX_HEIGHT = 1.25
#: Nothing is extracted below the plane y = FLOOR - FLOOR_SLOPE z, units: a little under the cut of the neck (core/uv).
FLOOR, FLOOR_SLOPE = -0.66, 0.35
#: File of a head model's folder that holds its tensors.
WEIGHTS = "nphm.safetensors"
#: Points that a field is evaluated at together; bounds the memory, not the result.
CHUNK = 32768
#: Median distance from a head, units (1 mm), below which points lie on its surface; that of a simplified surface is far
#: less.
ON_SURFACE = 0.004


class HeadField(Protocol):
    """One identity's head as functions of points (N, 3) in NPHM's frame, units.

    The template coordinates of points may be costly: they are computed once and passed to the other functions.
    """

    def template_coordinates(self, points: Tensor) -> Tensor:
        """The template points (N, 3) that points correspond to, smooth enough to interpolate; (N, 0) without template.
        They are the `coordinates` of the other functions."""

    def value(self, points: Tensor, coordinates: Tensor) -> Tensor:
        """Signed values (N,), negative inside."""

    def distance(self, points: Tensor, coordinates: Tensor) -> Tensor:
        """The same surface, distance-like everywhere: (N,), units."""

    def gradient(self, points: Tensor, coordinates: Tensor) -> Tensor:
        """The gradient (N, 3) of the signed value."""

    def focus(self) -> tuple[Floats, Floats] | None:
        """Lower and upper corner (3,) of the box in which the head has its finest features; None where unknown."""

    def hair_weight(self, coordinates: Tensor) -> Tensor | None:
        """How far points on the surface are hair (N,), 0 to 1; None for a bald head or a model that knows no hair."""

    def beard_thickness(self, coordinates: Tensor) -> Tensor | None:
        """How thick the beard is (N,), units, at points on the surface; None without beard."""

    @property
    def frizz(self) -> float:
        """How far the hair is curls and frizz instead of strands, 0 to 1."""

    def place_template(self, points: Tensor) -> Tensor | None:
        """Where template points lie on this head, neutral and bald: (N, 3); None without template."""

    def express(self, vertices: Tensor, normals: Tensor, z_exp: Tensor) -> tuple[Tensor, Tensor | None]:
        """The expression's forward offsets (N, 3) of canonical vertices (N, 3) with unit normals (N, 3), and the
        template points (N, 3) they correspond to, or None where a model has no template."""


class HeadNetwork(Protocol):
    """What a head model must have.

    id_size, exp_size: entries of z_id and z_exp.
    actions: names of the facial actions whose weights z_exp is; () where it is another code.
    steepness: an upper bound on the gradient of its distance.
    box: lower and upper corner of what is extracted, units.
    sheet: the template's surface; None without template.
    region_masks: named masks (V,) on the vertices of the sheet, such as "upper_lip"; None without template.
    """

    @property
    def id_size(self) -> int: ...

    @property
    def exp_size(self) -> int: ...

    @property
    def actions(self) -> tuple[str, ...]: ...

    @property
    def steepness(self) -> float: ...

    @property
    def box(self) -> tuple[tuple[float, float, float], tuple[float, float, float]]: ...

    @property
    def sheet(self) -> TemplateSheet | None: ...

    @property
    def region_masks(self) -> dict[str, Bools] | None: ...

    def at(self, z_id: Tensor) -> HeadField:
        """The head of an identity code (D_id,)."""


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
            tensors = with_template_grid(tensors, network.config.grid_shape)
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
    """The head of two codes as a field (CLIP-Head, section 2.2).

    nphm: the head model.
    latents: the codes.
    Raises ModelError for codes of another size, or with numbers that are not finite.
    """
    z_id, z_exp = _codes(nphm, latents)
    with torch.inference_mode():
        return DecodedHead(nphm.network, nphm.network.at(z_id), z_id, z_exp)


def extract_head(head: DecodedHead, resolution: int = 256, progress: Progress = no_progress) -> HeadMesh:
    """The head as one closed surface, and its expression as offsets (CLIP-Head, section 2.2).

    Islands and hollows are dropped, and what is finer than a head needs is simplified.

    head: decoded.
    resolution: cells along the height of the official box (1.25 units); they are smaller where the head has its finest
        features.
    progress: follows the extraction, from 0 to 0.9.
    Raises MeshError where there is no surface, ModelError for NaN.
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
        surface = extract_surface(
            _ClosedField(field, grid), grid, network.steepness, lambda part: progress("geometry", 0.9 * part)
        )
        vertices, faces = simplify(*largest_part(*surface))
        points, normals = torch.from_numpy(vertices), torch.from_numpy(area_weighted_normals(vertices, faces))
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

    def coordinates(self, points: Floats) -> Floats:
        return self.head.template_coordinates(torch.from_numpy(points)).numpy()

    def value(self, points: Floats, coordinates: Floats) -> Floats:
        values = self.head.value(torch.from_numpy(points), torch.from_numpy(coordinates)).numpy()
        return np.maximum(values, self._outside(points))

    def distance(self, points: Floats, coordinates: Floats) -> Floats:
        values = self.head.distance(torch.from_numpy(points), torch.from_numpy(coordinates)).numpy()
        return np.maximum(values, self._outside(points))

    def _outside(self, points: Floats) -> Floats:
        low, high = np.asarray(self.grid.lower, dtype=np.float32), self.grid.upper()
        edge = np.float32(self.grid.spacing)
        box = np.maximum(low - points, points - high).max(axis=1) + edge / 2
        floor = (FLOOR - FLOOR_SLOPE * points[:, 2] - points[:, 1]) / math.hypot(1.0, FLOOR_SLOPE)
        outside: Floats = np.maximum(box, floor).astype(np.float32)
        return outside


@dataclass(frozen=True)
class SurfaceFacts:
    """What a head model says of N points on its neutral surface.

    normals (N, 3): unit vectors, the direction of the field's gradient.
    hair (N,): how far they are hair, 0 to 1; None where there is none, or the model knows none.
    beard (N,): how thick the beard is there, units; None likewise.
    frizz: how far the hair is curls and frizz instead of strands, 0 to 1.
    brows (N,): how densely strands of brows grow there, 0 to 1; None where the face's hair is not strands.
    """

    normals: Floats
    hair: Floats | None = None
    beard: Floats | None = None
    frizz: float = 0.0
    brows: Floats | None = None


def place_template(head: DecodedHead, points: Floats) -> Floats | None:
    """Where template points (N, 3) lie on this head, neutral and bald; None where its model has no template."""
    with torch.inference_mode():
        placed = head.field.place_template(torch.from_numpy(points.astype(np.float32)))
    return None if placed is None else placed.numpy()


def read_surface(head: DecodedHead, points: Floats) -> SurfaceFacts:
    """What a head model says of points of its surface.

    head: decoded.
    points (N, 3): on its neutral surface, units.
    """
    parts = []
    for part in torch.from_numpy(points.astype(np.float32)).split(CHUNK):
        coordinates = head.field.template_coordinates(part)
        gradient = torch.nn.functional.normalize(head.field.gradient(part, coordinates), dim=1)
        parts.append((gradient, head.field.hair_weight(coordinates), head.field.beard_thickness(coordinates)))

    normals, hair, beard = zip(*parts, strict=True)
    return SurfaceFacts(torch.cat(normals).numpy(), _joined(list(hair)), _joined(list(beard)), head.field.frizz)


def read_template(head: DecodedHead, points: Floats, normals: Floats, hair: Floats | None = None) -> SurfaceFacts:
    """What a head model says of points of its bare skin whose template points are known: quicker than `read_surface`.

    head: decoded, of a model with a template.
    points (N, 3): template points, units.
    normals (N, 3): unit normals of the skin there.
    hair (N,): how far they are hair, where that is known, 0 to 1; None: as far as the head model's hair covers them.
    """
    field, parts = head.field, torch.from_numpy(points.astype(np.float32)).split(CHUNK)
    with torch.inference_mode():
        covered = _joined([field.hair_weight(part) for part in parts]) if hair is None else hair
        beard = _joined([field.beard_thickness(part) for part in parts])
    return SurfaceFacts(normals, covered, beard, field.frizz)


def _joined(values: list[Tensor | None]) -> Floats | None:
    """The parts together; None where none are known."""
    present = [part.numpy() for part in values if part is not None]
    return np.concatenate(present) if present else None


def find_head(nphm: NPHM, latents: Latents | None, points: Floats) -> DecodedHead | None:
    """The head that a mesh was made from, if it still has that shape.

    nphm: the head model.
    latents: the codes that the mesh carries; None: it carries none.
    points (N, 3): the mesh's neutral vertices, units.
    Returns None where the points do not lie on the head of these codes: the codes are another model's, or of an earlier
    version, or the mesh was sculpted since.
    """
    if latents is None or latents.z_id.shape != (nphm.network.id_size,):
        return None
    head = decode_head(nphm, Latents(latents.z_id, np.zeros(nphm.network.exp_size, np.float32)))
    sample = torch.from_numpy(points[:: max(1, len(points) // CHUNK)].astype(np.float32))
    with torch.inference_mode():
        distance = float(head.field.distance(sample, head.field.template_coordinates(sample)).abs().median())
    return head if distance < ON_SURFACE else None


def find_template_points(head: DecodedHead, points: Floats, normals: Floats) -> Floats | None:
    """The template points of points of a head's surface.

    head: decoded.
    points (N, 3): on its neutral surface, units.
    normals (N, 3): unit normals there.
    Returns (N, 3), units; None where the model has no template.
    """
    with torch.inference_mode():
        pairs = zip(torch.from_numpy(points).split(CHUNK), torch.from_numpy(normals).split(CHUNK), strict=True)
        parts = [head.field.express(part, normal, head.z_exp)[1] for part, normal in pairs]
    return _joined(parts)


def _codes(nphm: NPHM, latents: Latents) -> tuple[Tensor, Tensor]:
    """z_id and z_exp as tensors, checked."""
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
