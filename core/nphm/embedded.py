"""The embedded NPHM: 39 anchored members and a background member that move the points of one template.

As in NPHM the identity code is [global, 39 local codes, ...], anchors follow from the global code, symmetric members
share weights and the members' answers are blended by Gaussians around the anchors. Instead of a distance every member
answers where a template point u near its anchor goes on this head, x = u + d(u): its anchor's motion and an offset that
is linear in the code, in which shapes of heads are as good as linear. Points in space are led back to the template by
fixed-point iteration, and f(x) = S(u(x)), S being the template's distance grid. Hair is a blend of the styles' distance
grids in the same template coordinates, joined to the skin by a smooth minimum; a beard is a thickness on the skin, a
blend of grids too. One number per style and one per beard end z_id.
Expressions are forward offsets of canonical vertices, given on the template's surface.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from scipy.spatial import cKDTree
from torch import Tensor, nn

from ..types import Bools, Floats
from .lips import Lips
from .sheet import TemplateSheet

ANCHORS = 39
SYMMETRIC = 32
MEMBERS = ANCHORS + 1
STORED = SYMMETRIC // 2 + MEMBERS - SYMMETRIC
#: The first layer is a sine of the position, whose wave numbers start between these, rad per unit (wavelengths from
#: 250 mm to 13 mm; what is finer the second layer makes of them).
LOWEST_WAVE, HIGHEST_WAVE = 6.0, 120.0
#: Where the Gaussians, 1 at their anchor, sum to less than this, the background member fills up the rest.
LEAST_WEIGHT = 0.03
#: Near the template's surface the displacement is computed at every node of its grid, elsewhere at every fourth per
#: axis; the finer part fades out from the near to the far distance, units (2 and 3 mm). The surface of a head is where
#: the template's is, so it lies in the finer part.
FINE_NEAR, FINE_FAR = 0.008, 0.012
COARSE = 4
#: Rounds of the fixed-point iteration u <- x - d(u), each of which leaves about a quarter of the way, and rounds that
#: go only half way: these settle also where a head is up to three times as wide as the template, as between eyelids.
ROUNDS, DAMPED_ROUNDS = 4, 8
CHUNK = 65536
#: Points are looked up in grids in so many parts at a time: one thread works on a part.
PARTS = 4
#: Width of the smooth minimum that joins hair and skin, units (2 mm).
JOIN = 0.008
#: Distance beyond which the hair grids are clamped, and what "no hair" counts as, units. Stored as 127 in int8.
HAIR_CLAMP = 0.05
#: How much thinner an even blend of two styles is than their mean, twice, units (1 mm).
BLEND_THINNER = 0.004
#: Skin moves with the face; hair further than this from the skin stands still, units (12 mm).
FOLLOW_DISTANCE = 0.048
#: Skin under a beard bears it where that is thicker than this, units (0.4 mm). What stands further off the skin than
#: the rooted distance moves with the nearest skin that bears it, blurred by a share of the distance to it.
BEARING = 0.0016
ROOTED = 0.012
ROOT_NEIGHBOURS, ROOT_BLUR = 64, 0.5
#: Regions with the finest features of a head, around which extraction looks closely.
FINEST = ("left_eyelids", "right_eyelids", "upper_lip", "lower_lip", "nostrils")
#: Styles of curls and frizz.
FRIZZY = ("afro01", "curly")
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
    beards: tuple[str, ...] = ()
    beard_shape: tuple[int, int, int] = (2, 2, 2)
    beard_origin: tuple[float, float, float] = (0.0, 0.0, 0.0)
    beard_spacing: float = 1.0
    #: Blocks in which the template's distances are stored at half the spacing, on nodes of its grid.
    detail_shapes: tuple[tuple[int, int, int], ...] = ()
    detail_origins: tuple[tuple[float, float, float], ...] = ()

    @staticmethod
    def from_json(entries: dict[str, Any]) -> EmbeddedConfig:
        """The config of a model.json (whose lists become tuples)."""

        def frozen(value: Any) -> Any:
            return tuple(frozen(entry) for entry in value) if isinstance(value, list) else value

        return EmbeddedConfig(**{name: frozen(value) for name, value in entries.items()})


class MemberLinear(nn.Module):
    """24 stored linear maps for 40 members, as in the official decoder: 16 pairs share, 8 stand alone."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(STORED, outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(STORED, outputs))
        nn.init.normal_(self.weight, std=(1.0 / inputs) ** 0.5)

    def forward(self, x: Tensor) -> Tensor:
        """x (24, N, inputs) -> (24, N, outputs)."""
        return torch.baddbmm(self.bias[:, None], x, self.weight.transpose(1, 2))

    def of_member(self, member: int) -> tuple[Tensor, Tensor]:
        """The weight (outputs, inputs) and bias (outputs,) that a member uses."""
        stored = member // 2 if member < SYMMETRIC else member - SYMMETRIC // 2
        return self.weight[stored], self.bias[stored]


def per_member(stored: Tensor) -> Tensor:
    """(24, ...) -> (40, ...): pairs of members repeat their shared entry."""
    pairs = SYMMETRIC // 2
    return torch.cat([stored[:pairs].repeat_interleave(2, dim=0), stored[pairs:]])


class EmbeddedNPHM(nn.Module):
    """Identity decoder and expression deformer of the embedded model (see model.HeadNetwork)."""

    steepness = 1.8
    #: NPHM's box, lower by a neck.
    box = ((-0.55, -0.75, -0.95), (0.55, 0.75, 0.4))
    mirror: Tensor
    mean_anchors: Tensor
    radii: Tensor
    template_grid: Tensor
    hair_grids: Tensor
    beard_grids: Tensor
    detail_grids: Tensor
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
        self.id_size = config.global_size + ANCHORS * config.local_size + len(config.styles) + len(config.beards)
        self.exp_size = len(config.actions)
        self.mlp_pos = nn.Linear(config.global_size, 3 * ANCHORS)
        self.lin0 = MemberLinear(3, config.width)
        self.lin1 = MemberLinear(config.width, config.width)
        #: What every entry of [1, global, local] moves, 3 numbers each.
        self.lin2 = MemberLinear(config.width, 3 * (1 + config.global_size + config.local_size))
        with torch.no_grad():
            waves = torch.empty(STORED, config.width, 1).uniform_(math.log(LOWEST_WAVE), math.log(HIGHEST_WAVE)).exp()
            self.lin0.weight.copy_(F.normalize(self.lin0.weight, dim=-1) * waves)
            self.lin0.bias.uniform_(-math.pi, math.pi)
            self.lin1.weight.mul_(2.0)
            self.lin2.weight.mul_(0.3)
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
        if config.beards:
            shapes["beard_grids"] = (len(config.beards), *config.beard_shape)
        if config.detail_shapes:
            shapes["detail_grids"] = (sum(math.prod(shape) for shape in config.detail_shapes),)
        for name, shape in shapes.items():
            self.register_buffer(name, torch.zeros(shape))
        hair = torch.zeros(len(config.styles), *config.hair_shape, dtype=torch.int8)
        self.register_buffer("hair_grids", hair)
        self.register_buffer("sheet_faces", torch.zeros(config.sheet_faces, 3, dtype=torch.int32))
        regions = (len(config.regions), config.sheet_vertices)
        self.register_buffer("sheet_regions", torch.zeros(regions, dtype=torch.bool))
        self.register_buffer("action_vertex", torch.zeros(config.sheet_entries, dtype=torch.int32))
        self.register_buffer("action_index", torch.zeros(config.sheet_entries, dtype=torch.uint8))

    def split(self, z_id: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """z_id -> global (G,), local (40, L; zero for the background), hair (styles,) and beard (beards,) codes."""
        size = self.config.local_size
        ends = [self.config.global_size, ANCHORS * size, len(self.config.styles), len(self.config.beards)]
        shared, local, hair, beard = z_id.split(ends)
        return shared, F.pad(local.reshape(ANCHORS, size), (0, 0, 0, 1)), hair, beard

    def anchors(self, shared: Tensor) -> Tensor:
        """Anchors (..., 39, 3) of global codes (..., G)."""
        offsets: Tensor = self.mlp_pos(shared)
        return self.mean_anchors + offsets.reshape(*shared.shape[:-1], ANCHORS, 3)

    def basis(self, local: Tensor) -> Tensor:
        """What every entry of [1, global, local] moves, by each of the 24 stored members on points of its own.

        local (24, N, 3): template points minus the member's rest anchor. Returns (24, N, 1 + G + L, 3); the sum over
        the entries times the code, added to the motion of the member's anchor, is the point's displacement.
        """
        found: Tensor = self.lin2(self.hidden(local))
        return found.unflatten(-1, (-1, 3))

    def hidden(self, local: Tensor) -> Tensor:
        """What the members' last layers read, (24, N, width), for points (24, N, 3) as in `basis`."""
        hidden: Tensor = F.silu(self.lin1(self.lin0(local).sin()))
        return hidden

    def template_distance(self, u: Tensor) -> Tensor:
        """The template's signed distance (...,) at u (..., 3), trilinear; in the blocks around features finer."""
        found = sample_grid(self.template_grid, u, self.config.grid_origin, self.config.grid_spacing)
        for grid, origin in self.details:
            low, step = u.new_tensor(origin), self.config.grid_spacing / 2
            high = low + (u.new_tensor(grid.shape) - 1) * step
            within = ((u >= low) & (u <= high)).all(dim=-1)
            if bool(within.any()):
                found[within] = sample_grid(grid, u[within], origin, step)
        return found

    @cached_property
    def details(self) -> list[tuple[Tensor, tuple[float, float, float]]]:
        """The blocks of finer distances (X, Y, Z) to the template, and their origins."""
        shapes = self.config.detail_shapes
        if not shapes:
            return []
        blocks = self.detail_grids.split([math.prod(shape) for shape in shapes])
        return [(b.reshape(s), o) for b, s, o in zip(blocks, shapes, self.config.detail_origins, strict=True)]

    def blended_hair(self, hair: Tensor) -> Tensor | None:
        """The distance grid of a hair code (styles,), at half the stored spacing; None for bald.

        Styles are weighted by the code; what is missing to a sum of one counts as bald.
        """
        share = blend_shares(hair)
        if not bool((share > 0).any()):
            return None
        grid = torch.full(self.config.hair_shape, HAIR_CLAMP * float(1.0 - share.sum()), device=hair.device)
        for style in share.nonzero()[:, 0]:
            grid += self.hair_grids[style].float() * (share[style] * (HAIR_CLAMP / 127.0))
        # Where one of two equal styles is deep inside and the other far outside, clamped distances cancel out.
        missing = 1.0 - share.sum()
        grid += BLEND_THINNER * float(1.0 - share.square().sum() - missing.square())
        return refined_grid(grid)

    def blended_beard(self, beard: Tensor) -> Tensor | None:
        """The thickness grid of a beard code (beards,), at half the stored spacing; None for clean-shaven.

        Beards are weighted by the code; what is missing to a sum of one counts as clean-shaven.
        """
        share = blend_shares(beard)
        if not bool((share > 0).any()):
            return None
        return refined_grid(torch.tensordot(share, self.beard_grids, dims=1))

    def at(self, z_id: Tensor) -> EmbeddedHead:
        """The head of one identity code."""
        members = self.members(z_id)
        _, _, hair, beard = self.split(z_id)
        share = blend_shares(hair)
        frizz = sum(float(share[self.config.styles.index(name)]) for name in FRIZZY if name in self.config.styles)
        worn = self.blended_hair(hair), self.blended_beard(beard)
        return EmbeddedHead(self, members, self.displacement_grid(members), *worn, frizz)

    def members(self, z_id: Tensor) -> EmbeddedMembers:
        """What moves the template's points to where they are on the head of one identity code."""
        shared, local, _, _ = self.split(z_id)
        codes = torch.cat([shared.new_ones(MEMBERS, 1), shared.expand(MEMBERS, -1), local], dim=1)
        origin = shared.new_zeros(1, 3)
        rest = torch.cat([self.mean_anchors, origin])
        weight = per_member(self.lin2.weight).unflatten(1, (-1, 3))
        return EmbeddedMembers(
            self,
            torch.cat([self.anchors(shared), origin]) - rest,
            rest,
            torch.einsum("mk,mkcw->mcw", codes, weight),
            torch.einsum("mk,mkc->mc", codes, per_member(self.lin2.bias).unflatten(1, (-1, 3))),
        )

    def displacement_grid(self, members: EmbeddedMembers) -> Tensor:
        """The displacement d (3, X, Y, Z) at the template grid's nodes: fine near its surface, smooth elsewhere."""
        shape = self.config.grid_shape
        every = [torch.arange(0, n, COARSE) for n in shape]
        coarse = members.displacement(self.nodes(torch.cartesian_prod(*every))).T.unflatten(1, [len(e) for e in every])
        grid = torch.stack([refined_grid(refined_grid(axis)) for axis in coarse])
        flat, share = self.fine_nodes
        fine = members.displacement(self.nodes(torch.stack(torch.unravel_index(flat, shape), dim=1)))
        row = grid.flatten(1)
        row[:, flat] = torch.lerp(row[:, flat], fine.T, share)
        return grid

    @cached_property
    def fine_nodes(self) -> tuple[Tensor, Tensor]:
        """Flat indices (N,) of the template grid's nodes near the surface, and how much the fine part counts there."""
        distance = self.template_grid.abs().flatten()
        flat = (distance < FINE_FAR).nonzero()[:, 0]
        return flat, ((FINE_FAR - distance[flat]) / (FINE_FAR - FINE_NEAR)).clamp_max(1.0)

    def nodes(self, index: Tensor) -> Tensor:
        """Positions (N, 3) of the template grid's nodes (N, 3)."""
        return index * self.config.grid_spacing + self.mean_anchors.new_tensor(self.config.grid_origin)

    @cached_property
    def sheet(self) -> TemplateSheet:
        """The template's surface, for looking up what is known on it."""
        return TemplateSheet(self.sheet_vertices.numpy(), self.sheet_faces.numpy())

    @cached_property
    def lips(self) -> Lips | None:
        """The template's lips, which give way to each other; None where the model knows of none."""
        names = self.config.regions
        if "upper_lip" not in names or "lower_lip" not in names:
            return None
        upper, lower = (self.sheet_regions[names.index(f"{lip}_lip")].numpy() for lip in ("upper", "lower"))
        return Lips.on(self.sheet_vertices.numpy(), self.sheet_faces.numpy(), upper, lower)

    def sheet_offsets(self, canonical: Tensor, z_exp: Tensor) -> Tensor:
        """The expression's offsets (V, 3) of the template's vertices, which are at `canonical` (V, 3) on a head.

        z_exp zero closes the mouth: neutral. The rest is a sum of actions, but for lips that would cross.
        """
        strength = z_exp[self.action_index.long()][:, None]
        offsets = self.closing.index_add(0, self.action_vertex, self.action_offset * strength)
        if self.lips is None:
            return offsets
        return torch.from_numpy(self.lips.parted(canonical.numpy(), offsets.numpy()))

    def regions(self, template_points: Floats, normals: Floats | None = None) -> dict[str, Bools]:
        """Named masks (N,) of template points (N, 3): lips, eyes, brows, scalp, ... as the teacher drew them."""
        marked = self.sheet_regions.float().T.numpy()
        found = self.sheet.interpolate(marked, template_points, normals) > 0.5
        return {name: found[:, k] for k, name in enumerate(self.config.regions)}


@dataclass(frozen=True)
class EmbeddedMembers:
    """The members of an EmbeddedNPHM for one identity, its code multiplied into their last layer.

    motion (40, 3): of the anchors, from the template to this head (the background's is zero); rest (40, 3): the anchors
    on the template; weight (40, 3, width), bias (40, 3): last layers.
    """

    network: EmbeddedNPHM
    motion: Tensor
    rest: Tensor
    weight: Tensor
    bias: Tensor

    def displacement(self, points: Tensor) -> Tensor:
        """Where template points (N, 3) go on this head, minus where they are, (N, 3)."""
        return torch.cat([self._blended(part) for part in points.split(CHUNK)])

    def _blended(self, points: Tensor) -> Tensor:
        weights = self.blend_weights(points)
        total = torch.zeros_like(points)
        for member in range(MEMBERS):
            used = weights[member].nonzero()[:, 0]
            if len(used):
                answer = self.member(member, points[used] - self.rest[member])
                total.index_add_(0, used, answer * weights[member, used, None])
        return total / weights.sum(dim=0)[:, None]

    def blend_weights(self, points: Tensor) -> Tensor:
        """Weights (40, N): Gaussians that fall smoothly to zero at each anchor's radius, and the background's."""
        away = torch.cdist(self.rest[:ANCHORS], points, compute_mode="donot_use_mm_for_euclid_dist")
        squared = (away / self.network.radii[:, None]) ** 2
        gaussians = torch.exp(-4.0 * squared) * (1.0 - squared).clamp_min(0.0) ** 2
        background = (LEAST_WEIGHT - gaussians.sum(dim=0, keepdim=True)).clamp_min(0.0)
        return torch.cat([gaussians, background])

    def member(self, member: int, local: Tensor) -> Tensor:
        """One member's displacements (N, 3) of template points given from its rest anchor (N, 3)."""
        net, mirror = self.network, self.network.mirror[member]
        x = F.linear(local * mirror, *net.lin0.of_member(member)).sin()
        x = F.silu(F.linear(x, *net.lin1.of_member(member)))
        return F.linear(x, self.weight[member], self.bias[member]) * mirror + self.motion[member]


@dataclass(frozen=True)
class EmbeddedHead:
    """One identity of an EmbeddedNPHM, with what its code decides computed once (see model.HeadField).

    grid (3, X, Y, Z): the displacement at the template grid's nodes; hair: the blended grid, None if bald; beard: the
    blended thickness, None if clean-shaven; frizz: how far the hair is of FRIZZY styles.
    """

    network: EmbeddedNPHM
    members: EmbeddedMembers
    grid: Tensor
    hair: Tensor | None
    beard: Tensor | None = None
    frizz: float = 0.0

    def displacement(self, u: Tensor) -> Tensor:
        """The displacement (N, 3) of template points (N, 3), from the grid."""
        config = self.network.config
        return trilinear(self.grid, u, config.grid_origin, config.grid_spacing).T

    def smooth(self, points: Tensor) -> Tensor:
        """The template points u (N, 3) that points (N, 3) correspond to: they vary smoothly, so extraction may
        interpolate them."""
        u = points
        for _ in range(ROUNDS):
            u = points - self.displacement(u)
        for _ in range(DAMPED_ROUNDS):
            u = torch.lerp(u, points - self.displacement(u), 0.5)
        return u

    def focus(self) -> tuple[Floats, Floats] | None:
        """Lower and upper corner (3,) of the box around eyelids, nostrils and lips; None where none are known."""
        names = self.network.config.regions
        if not set(FINEST) <= set(names):
            return None
        marked = self.network.sheet_regions[[names.index(name) for name in FINEST]].any(dim=0)
        at = self.network.sheet_vertices[marked]
        moved = (at + self.displacement(at)).numpy()
        return moved.min(axis=0), moved.max(axis=0)

    def hair_distance(self, u: Tensor) -> Tensor:
        """Signed distance (...,) to the hair at template points u (..., 3), for heads that have hair."""
        assert self.hair is not None
        config = self.network.config
        return sample_grid(self.hair, u, config.hair_origin, config.hair_spacing / 2)

    def beard_thickness(self, u: Tensor) -> Tensor:
        """How thick the beard is (...,) at template points u (..., 3), for heads that have one."""
        assert self.beard is not None
        config = self.network.config
        found = trilinear(self.beard[None], u.reshape(-1, 3), config.beard_origin, config.beard_spacing / 2)
        return found.reshape(u.shape[:-1])

    def skin_distance(self, u: Tensor) -> Tensor:
        """Signed distance (...,) to the skin, or to the beard on it, at template points u (..., 3)."""
        skin = self.network.template_distance(u)
        return skin if self.beard is None else skin - self.beard_thickness(u)

    def hair_share(self, smooth: Tensor) -> Tensor | None:
        """How far points on the surface are hair (N,), 0 to 1, `smooth` being their template points; None when bald.

        A beard counts as skin.
        """
        if self.hair is None:
            return None
        return 1.0 - skin_share(self.skin_distance(smooth), self.hair_distance(smooth))

    def beard_depth(self, smooth: Tensor) -> Tensor | None:
        """How thick the beard is (N,) where points on the surface have these template points; None when shaven."""
        return None if self.beard is None else self.beard_thickness(smooth).clamp_min(0.0)

    def value(self, points: Tensor, smooth: Tensor) -> Tensor:
        """f (N,), distance to the union of skin and hair, negative inside, where `smooth` has the template points."""
        skin = self.skin_distance(smooth)
        return skin if self.hair is None else smooth_minimum(skin, self.hair_distance(smooth))

    distance = value

    def gradient(self, points: Tensor, smooth: Tensor) -> Tensor:
        """The gradient of f (N, 3), from differences of the grids that are wide enough to be smooth."""
        step = torch.eye(3, device=smooth.device) * GRADIENT_STEP
        around = smooth + torch.cat([step, -step])[:, None]

        def slope(values: Tensor) -> Tensor:
            return (values[:3] - values[3:]) / (2 * GRADIENT_STEP)

        by_u = slope(self.skin_distance(around)).T
        if self.hair is not None:
            share = skin_share(self.skin_distance(smooth), self.hair_distance(smooth))[:, None]
            by_u = torch.lerp(slope(self.hair_distance(around)).T, by_u, share)
        # x = u + d(u), so df/du = (1 + dd/du)^T df/dx.
        forward = slope(self.displacement(around.flatten(0, 1)).unflatten(0, (6, -1))).movedim(0, 1)
        return torch.linalg.solve(torch.eye(3, device=smooth.device) + forward, by_u)

    def express(self, vertices: Tensor, normals: Tensor, z_exp: Tensor) -> tuple[Tensor, Tensor]:
        """Offsets (N, 3) of canonical vertices with unit normals (N, 3), and their template points (N, 3).

        Hair follows the skin beneath it only close to it, a beard also further off.
        """
        net = self.network
        u = self.smooth(vertices)
        offsets = net.sheet_offsets(net.sheet_vertices + self.displacement(net.sheet_vertices), z_exp)
        found = net.sheet.interpolate(offsets.numpy(), u.numpy(), normals.numpy())
        away = net.template_distance(u).abs()
        follow = (1.0 - ((away - JOIN).clamp_min(0.0) / FOLLOW_DISTANCE).clamp_max(1.0) ** 2) ** 2
        moved = torch.from_numpy(found) * follow[:, None]
        if self.beard is not None:
            self._take_beard_along(moved, u, away, offsets)
        return moved, u

    def _take_beard_along(self, moved: Tensor, u: Tensor, away: Tensor, offsets: Tensor) -> None:
        """Make, in place, the offsets (N, 3) of points in the beard those of the skin that bears it.

        u (N, 3): their template points; away (N,): from the skin; offsets (V, 3): of the template's vertices.
        """
        share = (away / ROOTED).clamp_max(1.0) * (self.beard_thickness(u) / BEARING).clamp(0.0, 1.0)
        rows = share.nonzero()[:, 0]
        bearing = (self.beard_thickness(self.network.sheet_vertices) > BEARING).nonzero()[:, 0]
        if not len(rows) or not len(bearing):
            return
        tree = cKDTree(self.network.sheet_vertices[bearing].numpy())
        distance, near = tree.query(u[rows].numpy(), min(ROOT_NEIGHBOURS, len(bearing)))
        width = ROOT_BLUR * distance[:, :1] + ROOTED / 2
        weight = np.exp(-((distance**2 - distance[:, :1] ** 2) / width**2))
        weight = torch.from_numpy((weight / weight.sum(axis=1, keepdims=True)).astype(np.float32))
        rooted = torch.einsum("nk,nkc->nc", weight, offsets[bearing][torch.from_numpy(near)])
        moved[rows] = torch.lerp(moved[rows], rooted, share[rows, None])


def blend_shares(code: Tensor) -> Tensor:
    """A code (N,) as shares of a blend: none negative, together one at most."""
    share = code.clamp_min(0.0)
    return share / share.sum().clamp_min(1.0)


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
    return trilinear(grid[None], points.reshape(-1, 3), origin, spacing).reshape(points.shape[:-1]) + outside


def trilinear(grid: Tensor, points: Tensor, origin: tuple[float, ...], spacing: float) -> Tensor:
    """The values (C, N) of a grid (C, X, Y, Z) at points (N, 3); outside its box those of the nearest point in it."""
    extent = points.new_tensor([(n - 1) * (spacing / 2) for n in grid.shape[1:]])
    flat = ((points - points.new_tensor(origin)) / extent - 1.0).flip(-1)
    parts = F.pad(flat, (0, 0, 0, -len(flat) % PARTS)).reshape(PARTS, -1, 1, 1, 3)
    found = F.grid_sample(
        grid.expand(PARTS, *grid.shape), parts, mode="bilinear", padding_mode="border", align_corners=True
    )
    return found.movedim(1, 0).reshape(len(grid), -1)[:, : len(points)]
