"""The embedded NPHM: 39 anchored members and a background member that deform one template.

As in NPHM the identity code is [global, 39 local codes, ...], anchors follow from the global code, symmetric members
share weights and the members' answers are blended by Gaussians around the anchors. Instead of a distance every member
answers the template point u that a point corresponds to, and a small residual: f(x) = S(u(x)) + r(x), S being the
template's distance grid. Fine detail thus lives in the grid and the networks learn smooth offsets only. Hair is a
blend of the styles' distance grids in the same template coordinates, joined to the skin by a smooth minimum; one number
per style ends z_id. Expressions are forward offsets of canonical vertices, given on the template's surface.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..types import Bools, Floats
from .sheet import TemplateSheet

ANCHORS = 39
SYMMETRIC = 32
MEMBERS = ANCHORS + 1
STORED = SYMMETRIC // 2 + MEMBERS - SYMMETRIC
OCTAVES = 3
INPUTS = 3 + 6 * OCTAVES
#: Where the Gaussians, 1 at their anchor, sum to less than this, the background member fills up the rest.
LEAST_WEIGHT = 0.03
#: Width of the smooth minimum that joins hair and skin, units (2 mm).
JOIN = 0.008
#: Distance beyond which the hair grids are clamped, and what "no hair" counts as, units. Stored as 127 in int8.
HAIR_CLAMP = 0.05
#: Skin moves with the face; hair further than this from the skin stands still, units (12 mm).
FOLLOW_DISTANCE = 0.048
#: Step for the gradient of the grids, units (0.75 mm): about half their spacing, so that normals are smooth.
GRADIENT_STEP = 0.003


@dataclass(frozen=True)
class EmbeddedConfig:
    """Sizes of the codes and networks, the grids' frames, and what the entries of the codes are called."""

    global_size: int
    local_size: int
    width: int
    grid_shape: tuple[int, int, int]
    grid_origin: tuple[float, float, float]
    grid_spacing: float
    hair_shape: tuple[int, int, int]
    hair_origin: tuple[float, float, float]
    hair_spacing: float
    styles: tuple[str, ...]
    actions: tuple[str, ...]
    regions: tuple[str, ...]
    sheet_vertices: int
    sheet_faces: int
    sheet_entries: int

    @staticmethod
    def from_json(entries: dict[str, Any]) -> EmbeddedConfig:
        """The config of a model.json (whose lists become tuples)."""
        arguments: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entries.items()}
        return EmbeddedConfig(**arguments)


class MemberLinear(nn.Module):
    """24 stored linear maps for 40 members, as in the official decoder: 16 pairs share, 8 stand alone."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(STORED, outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(STORED, outputs))
        nn.init.normal_(self.weight, std=(1.0 / inputs) ** 0.5)

    def forward(self, x: Tensor) -> Tensor:
        """x (40, N, inputs) -> (40, N, outputs)."""
        return torch.baddbmm(per_member(self.bias)[:, None], x, per_member(self.weight).transpose(1, 2))

    def of_member(self, member: int) -> tuple[Tensor, Tensor]:
        """The weight (outputs, inputs) and bias (outputs,) that a member uses."""
        stored = member // 2 if member < SYMMETRIC else member - SYMMETRIC // 2
        return self.weight[stored], self.bias[stored]


def per_member(stored: Tensor) -> Tensor:
    """(24, ...) -> (40, ...): pairs of members repeat their shared entry."""
    pairs = SYMMETRIC // 2
    return torch.cat([stored[:pairs].repeat_interleave(2, dim=0), stored[pairs:]])


def encode(local: Tensor) -> Tensor:
    """Local coordinates (..., 3) with three octaves of sine and cosine (..., 21)."""
    scaled = torch.cat([local * (8.0 * 2.0**octave) for octave in range(OCTAVES)], dim=-1)
    return torch.cat([4.0 * local, scaled.sin(), scaled.cos()], dim=-1)


class EmbeddedNPHM(nn.Module):
    """Identity decoder and expression deformer of the embedded model (see model.HeadNetwork)."""

    steepness = 1.4
    #: NPHM's box, lower by a neck.
    box = ((-0.55, -0.75, -0.95), (0.55, 0.75, 0.4))
    mirror: Tensor
    mean_anchors: Tensor
    radii: Tensor
    template_grid: Tensor
    hair_grids: Tensor
    sheet_vertices: Tensor
    sheet_faces: Tensor
    sheet_regions: Tensor
    closing: Tensor
    action_vertex: Tensor
    action_index: Tensor
    action_offset: Tensor

    def __init__(self, config: EmbeddedConfig) -> None:
        super().__init__()
        self.config = config
        self.id_size = config.global_size + ANCHORS * config.local_size + len(config.styles)
        self.exp_size = len(config.actions)
        self.mlp_pos = nn.Linear(config.global_size, 3 * ANCHORS)
        codes = config.global_size + config.local_size
        self.lin0 = MemberLinear(INPUTS + codes, config.width)
        self.lin1 = MemberLinear(config.width, config.width)
        self.lin2 = MemberLinear(config.width, 4)
        with torch.no_grad():
            self.lin2.weight.mul_(0.1)
        mirror = torch.ones(MEMBERS, 3)
        mirror[1:SYMMETRIC:2, 0] = -1
        self.register_buffer("mirror", mirror, persistent=False)
        shapes: dict[str, tuple[int, ...]] = {
            "mean_anchors": (ANCHORS, 3),
            "radii": (ANCHORS,),
            "template_grid": config.grid_shape,
            "sheet_vertices": (config.sheet_vertices, 3),
            "closing": (config.sheet_vertices, 3),
            "action_offset": (config.sheet_entries, 3),
        }
        for name, shape in shapes.items():
            self.register_buffer(name, torch.zeros(shape))
        hair = torch.zeros(len(config.styles), *config.hair_shape, dtype=torch.int8)
        self.register_buffer("hair_grids", hair)
        self.register_buffer("sheet_faces", torch.zeros(config.sheet_faces, 3, dtype=torch.int32))
        regions = (len(config.regions), config.sheet_vertices)
        self.register_buffer("sheet_regions", torch.zeros(regions, dtype=torch.bool))
        self.register_buffer("action_vertex", torch.zeros(config.sheet_entries, dtype=torch.int32))
        self.register_buffer("action_index", torch.zeros(config.sheet_entries, dtype=torch.uint8))

    def split(self, z_id: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """z_id -> global (G,), local (40, L; zero for the background) and hair (styles,) codes."""
        size = self.config.local_size
        ends = [self.config.global_size, ANCHORS * size, len(self.config.styles)]
        shared, local, hair = z_id.split(ends)
        return shared, F.pad(local.reshape(ANCHORS, size), (0, 0, 0, 1)), hair

    def anchors(self, shared: Tensor) -> Tensor:
        """Anchors (..., 39, 3) of global codes (..., G)."""
        offsets: Tensor = self.mlp_pos(shared)
        return self.mean_anchors + offsets.reshape(*shared.shape[:-1], ANCHORS, 3)

    def members(self, local: Tensor, codes: Tensor) -> tuple[Tensor, Tensor]:
        """All 40 members at once, each on points of its own, as training needs them.

        local (40, N, 3): points minus the member's anchor; codes (40, N, G + L). Returns offsets (40, N, 3), to be
        added to (mean anchor + local), and residuals (40, N).
        """
        mirror = self.mirror[:, None]
        x = F.silu(self.lin0(torch.cat([encode(local * mirror), codes], dim=-1)))
        x = self.lin2(F.silu(self.lin1(x)))
        return x[..., :3] * mirror, x[..., 3]

    def template_distance(self, u: Tensor) -> Tensor:
        """The template's signed distance (...,) at u (..., 3), trilinear."""
        return sample_grid(self.template_grid, u, self.config.grid_origin, self.config.grid_spacing)

    def blended_hair(self, hair: Tensor) -> Tensor | None:
        """The distance grid of a hair code (styles,), at half the stored spacing; None for bald.

        Styles are weighted by the code; what is missing to a sum of one counts as bald.
        """
        share = hair.clamp_min(0.0)
        share = share / share.sum().clamp_min(1.0)
        if not bool((share > 0).any()):
            return None
        grid = torch.full(self.config.hair_shape, HAIR_CLAMP * float(1.0 - share.sum()), device=hair.device)
        for style in share.nonzero()[:, 0]:
            grid += self.hair_grids[style].float() * (share[style] * (HAIR_CLAMP / 127.0))
        return refined_grid(grid)

    def at(self, z_id: Tensor) -> EmbeddedHead:
        """The head of one identity code."""
        shared, local, hair = self.split(z_id)
        codes = torch.cat([shared.expand(MEMBERS, -1), local], dim=1)
        origin = shared.new_zeros(1, 3)
        bias = per_member(self.lin0.bias) + torch.einsum(
            "moi,mi->mo", per_member(self.lin0.weight)[:, :, INPUTS:], codes
        )
        return EmbeddedHead(
            self,
            torch.cat([self.anchors(shared), origin]),
            torch.cat([self.mean_anchors, origin]),
            bias,
            self.blended_hair(hair),
        )

    @cached_property
    def sheet(self) -> TemplateSheet:
        """The template's surface, for looking up what is known on it."""
        return TemplateSheet(self.sheet_vertices.numpy(), self.sheet_faces.numpy())

    def regions(self, template_points: Floats, normals: Floats | None = None) -> dict[str, Bools]:
        """Named masks (N,) of template points (N, 3): lips, eyes, brows, scalp, ... as the teacher drew them."""
        marked = self.sheet_regions.float().T.numpy()
        found = self.sheet.interpolate(marked, template_points, normals) > 0.5
        return {name: found[:, k] for k, name in enumerate(self.config.regions)}


@dataclass(frozen=True)
class EmbeddedHead:
    """One identity of an EmbeddedNPHM, with what its code decides computed once (see model.HeadField).

    anchors, rest (40, 3): the members' anchors on this head and on the template (the background's at the origin);
    bias (40, width): first bias of each member with the codes' part added; hair: the blended grid, None if bald.
    """

    network: EmbeddedNPHM
    anchors: Tensor
    rest: Tensor
    bias: Tensor
    hair: Tensor | None

    def deform(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """The template points u (N, 3) that points (N, 3) correspond to, and the residuals (N,)."""
        weights = self._blend_weights(points)
        total = points.new_zeros(len(points), 4)
        for member in range(MEMBERS):
            used = weights[member].nonzero()[:, 0]
            if len(used):
                answer = self._member(member, points[used] - self.anchors[member])
                total = total.index_add(0, used, answer * weights[member, used, None])
        blended = total / weights.sum(dim=0)[:, None]
        return blended[:, :3], blended[:, 3]

    def _blend_weights(self, points: Tensor) -> Tensor:
        """Weights (40, N): Gaussians that fall smoothly to zero at each anchor's radius, and the background's."""
        away = torch.cdist(self.anchors[:ANCHORS], points, compute_mode="donot_use_mm_for_euclid_dist")
        squared = (away / self.network.radii[:, None]) ** 2
        gaussians = torch.exp(-4.0 * squared) * (1.0 - squared).clamp_min(0.0) ** 2
        background = (LEAST_WEIGHT - gaussians.sum(dim=0, keepdim=True)).clamp_min(0.0)
        return torch.cat([gaussians, background])

    def _member(self, member: int, local: Tensor) -> Tensor:
        """One member's template points and residuals (N, 4)."""
        net, mirror = self.network, self.network.mirror[member]
        weight = net.lin0.of_member(member)[0][:, :INPUTS]
        x = F.silu(F.linear(encode(local * mirror), weight, self.bias[member]))
        x = F.linear(F.silu(F.linear(x, *net.lin1.of_member(member))), *net.lin2.of_member(member))
        return torch.cat([self.rest[member] + local + x[:, :3] * mirror, x[:, 3:]], dim=1)

    def hair_distance(self, u: Tensor) -> Tensor:
        """Signed distance (...,) to the hair at template points u (..., 3), for heads that have hair."""
        assert self.hair is not None
        config = self.network.config
        return sample_grid(self.hair, u, config.hair_origin, config.hair_spacing / 2)

    def smooth(self, points: Tensor) -> Tensor:
        """u and residual (N, 4): the deformation is smooth, so extraction may interpolate it."""
        u, residual = self.deform(points)
        return torch.cat([u, residual[:, None]], dim=1)

    def value(self, points: Tensor, smooth: Tensor) -> Tensor:
        """f (N,), distance to the union of skin and hair, negative inside, where `smooth` has u and residual."""
        u, residual = smooth[:, :3], smooth[:, 3]
        skin = self.network.template_distance(u) + residual
        return skin if self.hair is None else smooth_minimum(skin, self.hair_distance(u))

    distance = value

    def gradient(self, points: Tensor) -> Tensor:
        """The gradient of f (N, 3): networks by autograd, the grids by differences wide enough to be smooth."""
        points = points.detach().requires_grad_()
        u, residual = self.deform(points)
        step = torch.eye(3, device=u.device) * GRADIENT_STEP
        around = u.detach() + torch.cat([step, -step])[:, None]

        def slope(values: Tensor) -> Tensor:
            return ((values[:3] - values[3:]) / (2 * GRADIENT_STEP)).T

        linear = (u * slope(self.network.template_distance(around))).sum(dim=1) + residual
        if self.hair is not None:
            skin = (self.network.template_distance(u) + residual).detach()
            share = skin_share(skin, self.hair_distance(u).detach())
            linear = share * linear + (1 - share) * (u * slope(self.hair_distance(around))).sum(dim=1)
        return torch.autograd.grad(linear.sum(), points)[0]

    def express(self, vertices: Tensor, normals: Tensor, z_exp: Tensor) -> tuple[Tensor, Tensor]:
        """Offsets (N, 3) of canonical vertices with unit normals (N, 3), and their template points (N, 3).

        z_exp zero closes the mouth: neutral. Hair follows the skin beneath it only close to it.
        """
        net = self.network
        u, residual = self.deform(vertices)
        strength = z_exp[net.action_index.long()][:, None]
        offsets = net.closing.index_add(0, net.action_vertex, net.action_offset * strength)
        found = net.sheet.interpolate(offsets.numpy(), u.numpy(), normals.numpy())
        away = ((net.template_distance(u) + residual).abs() - JOIN).clamp_min(0.0) / FOLLOW_DISTANCE
        follow = (1.0 - away.clamp_max(1.0) ** 2) ** 2
        return torch.from_numpy(found) * follow[:, None], u


def skin_share(skin: Tensor, hair: Tensor) -> Tensor:
    """How much of the smooth minimum of two distances is the first's, 0 to 1."""
    return (0.5 + 0.5 * (hair - skin) / JOIN).clamp(0.0, 1.0)


def smooth_minimum(skin: Tensor, hair: Tensor) -> Tensor:
    """The minimum of two distances, rounded where they differ by less than JOIN."""
    share = skin_share(skin, hair)
    return torch.lerp(hair, skin, share) - 0.5 * JOIN * share * (1.0 - share)


def refined_grid(grid: Tensor) -> Tensor:
    """A grid (X, Y, Z) at half its spacing (2X - 1, ...), on the smooth surface of its cubic B-spline.

    Trilinear interpolation of the coarse grid itself would show its cells as creases.
    """
    fine = grid
    for axis in range(3):
        line = fine.movedim(axis, -1)
        padded = torch.cat([line[..., :1], line, line[..., -1:]], dim=-1)
        even = (padded[..., :-2] + 6 * padded[..., 1:-1] + padded[..., 2:]) / 8
        odd = (line[..., :-1] + line[..., 1:]) / 2
        woven = torch.stack([even[..., :-1], odd], dim=-1).flatten(-2)
        fine = torch.cat([woven, even[..., -1:]], dim=-1).movedim(-1, axis)
    return fine.contiguous()


def sample_grid(grid: Tensor, points: Tensor, origin: tuple[float, ...], spacing: float) -> Tensor:
    """Trilinear distances (...,) of a grid (X, Y, Z) at points (..., 3); they go on growing outside the box."""
    extent = points.new_tensor([(n - 1) * spacing for n in grid.shape])
    inner = points - points.new_tensor(origin)
    outside = (inner - torch.minimum(inner.clamp_min(0.0), extent)).norm(dim=-1)
    flat = (inner / extent * 2.0 - 1.0).flip(-1).reshape(1, -1, 1, 1, 3)
    values = F.grid_sample(grid[None, None], flat, mode="bilinear", padding_mode="border", align_corners=True)
    return values.reshape(points.shape[:-1]) + outside
