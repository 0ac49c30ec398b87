"""The embedded NPHM's tensors: its members' layers, and what is stored of the template that they move.

24 stored maps serve 40 members, as in the official decoder: 16 pairs of symmetric members share theirs, 8 stand alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..types import Bools, Floats
from .face import TONGUE_OUT, Face
from .grids import blend_weights, packed_distances, refined_grid, sample_grid, unpacked_distances
from .sheet import TemplateSheet

#: Anchors on the face, and how many of them are pairs of left and right: the paper's.
ANCHORS = 39
SYMMETRIC = 32
#: Members: one for each anchor and the background's; and how many of them have weights of their own.
MEMBERS = ANCHORS + 1
STORED = SYMMETRIC // 2 + MEMBERS - SYMMETRIC
#: Least and greatest wave number, radians per unit, of the sines that the first layer starts training with: wavelengths
#: of 250 mm to 13 mm. Finer detail is left to the second layer.
LOWEST_WAVE, HIGHEST_WAVE = 6.0, 120.0
#: Distance from the hair at which its grids are clamped, units (12.5 mm), stored as 127 in int8. A bald head counts as
#: being so far from hair everywhere.
HAIR_CLAMP = 0.05
#: What names of the tensors begin with in which the template's grid is stored; every how many nodes it is stored away
#: from the surface, and up to which distance from it everywhere, units (7.5 mm): heads' surfaces lie within.
PACKED, PACKED_STEP, PACKED_NEAR = "template_grid_", 4, 0.03
#: How much thinner an even blend of two styles is than their mean, times two, units (1 mm): see `blended_hair`.
BLEND_THINNER = 0.004

#: The displacement is computed at every node of the template's grid near its surface, where the surfaces of heads lie,
#: and elsewhere only at every COARSE-th along each axis, a power of two (see EmbeddedHead.grid).
COARSE = 4
#: Distances from the template's surface, units (2 and 3 mm), between which the fine values fade into the coarse ones.
FINE_NEAR, FINE_FAR = 0.008, 0.012


@dataclass(frozen=True)
class EmbeddedConfig:
    """Sizes of the codes and networks, the grids' frames, and what the entries of the codes are called.

    global_size, local_size: entries of z_id's global code, and of each anchor's local code.
    width: of the members' hidden layers.
    grid_shape, grid_origin, grid_spacing: nodes, first node and distance of nodes of the template's grid, units.
    hair_shape, hair_origin, hair_spacing: the same of the hair styles' grids.
    styles, beards, actions: names of z_id's entries for hair and for beards, and of z_exp's.
    regions: names of the masks on the template's surface.
    sheet_vertices, sheet_faces: counts, of the template's surface.
    sheet_entries: how many displacements of vertices the actions are made of.
    beard_shape, beard_origin, beard_spacing: of the beards' grids.
    detail_shapes, detail_origins: of blocks in which the template's distances are stored at half the spacing, on nodes
        of its grid.
    frizzy_styles: those of `styles` that are curls and not strands; models of earlier versions name none.
    """

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
    detail_shapes: tuple[tuple[int, int, int], ...] = ()
    detail_origins: tuple[tuple[float, float, float], ...] = ()
    frizzy_styles: tuple[str, ...] = ()

    @staticmethod
    def from_json(entries: dict[str, Any]) -> EmbeddedConfig:
        """The config of a model.json (whose lists become tuples)."""

        def frozen(value: Any) -> Any:
            return tuple(frozen(entry) for entry in value) if isinstance(value, list) else value

        return EmbeddedConfig(**{name: frozen(value) for name, value in entries.items()})


def with_template_grid(tensors: dict[str, Tensor], shape: tuple[int, int, int]) -> dict[str, Tensor]:
    """A stored model's tensors with the template's grid, which is stored in parts (see grids.packed_distances); models
    of earlier versions hold it whole.

    tensors: as stored.
    shape: of the grid.
    """
    parts = {name: tensors[PACKED + name] for name in ("coarse", "near", "near_bits") if PACKED + name in tensors}
    if not parts:
        return tensors
    others = {name: tensor for name, tensor in tensors.items() if not name.startswith(PACKED)}
    return others | {"template_grid": unpacked_distances(parts, shape)}


def packed_tensors(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The inverse of with_template_grid: a model's tensors as they are stored.

    tensors: of EmbeddedNetwork.
    """
    others = {name: tensor for name, tensor in tensors.items() if name != "template_grid"}
    packed = packed_distances(tensors["template_grid"], PACKED_STEP, PACKED_NEAR)
    return others | {PACKED + name: tensor for name, tensor in packed.items()}


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


class EmbeddedNetwork(nn.Module):
    """The layers and the template; embedded.EmbeddedNPHM makes heads of them.

    mirror (40, 3): -1 in x for the right member of each symmetric pair, else 1.
    mean_anchors (39, 3): on the template, units.
    radii (39,): distances at which the anchors' Gaussians have fallen to zero, units.
    template_grid: signed distances to the template's skin, units; detail_grids: blocks of the same at half the spacing.
    hair_grids: signed distances to each style's hair, int8 (see HAIR_CLAMP).
    beard_grids: thickness of each beard, units.
    sheet_vertices (V, 3), sheet_faces (F, 3): the template's surface, mouth open, units.
    sheet_regions (R, V): named masks on its vertices.
    closing (V, 3): offsets that close the mouth, units.
    action_vertex, action_index, action_offset (3): entries (E,) that say by how much, units, an action moves a vertex.
    """

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
        self.actions = tuple(config.actions)
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
        """The parts of z_id: global (G,), local (40, L; zero for the background), hair (styles,) and beard (beards,)
        codes."""
        size = self.config.local_size
        sizes = [self.config.global_size, ANCHORS * size, len(self.config.styles), len(self.config.beards)]
        shared, local, hair, beard = z_id.split(sizes)
        return shared, F.pad(local.reshape(ANCHORS, size), (0, 0, 0, 1)), hair, beard

    def anchors(self, shared: Tensor) -> Tensor:
        """Anchors (..., 39, 3) of global codes (..., G)."""
        offsets: Tensor = self.mlp_pos(shared)
        return self.mean_anchors + offsets.reshape(*shared.shape[:-1], ANCHORS, 3)

    def basis(self, local: Tensor) -> Tensor:
        """By how much each entry of the code [1, global, local] moves points, for each of the 24 stored members.

        local (24, N, 3): template points relative to the member's rest anchor, units.
        Returns (24, N, 1 + G + L, 3), units. Summed over the entries, each times its code, and added to the motion of
        the member's anchor, that is the points' displacement.
        """
        offsets: Tensor = self.lin2(self.hidden(local))
        return offsets.unflatten(-1, (-1, 3))

    def hidden(self, local: Tensor) -> Tensor:
        """What the members' last layers read, (24, N, width), for points (24, N, 3) as in `basis`."""
        hidden: Tensor = F.silu(self.lin1(self.lin0(local).sin()))
        return hidden

    def template_distance(self, u: Tensor) -> Tensor:
        """The template's signed distance (...,) at u (..., 3), trilinear; in the blocks around features finer."""
        distance = sample_grid(self.template_grid, u, self.config.grid_origin, self.config.grid_spacing)
        for grid, origin in self.details:
            low, step = u.new_tensor(origin), self.config.grid_spacing / 2
            high = low + (u.new_tensor(grid.shape) - 1) * step
            within = ((u >= low) & (u <= high)).all(dim=-1)
            if bool(within.any()):
                distance[within] = sample_grid(grid, u[within], origin, step)
        return distance

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
        weights = blend_weights(hair)
        if not bool((weights > 0).any()):
            return None
        grid = torch.full(self.config.hair_shape, HAIR_CLAMP * float(1.0 - weights.sum()), device=hair.device)
        for style in weights.nonzero()[:, 0]:
            grid += self.hair_grids[style].float() * (weights[style] * (HAIR_CLAMP / 127.0))
        # Where one of two equal styles is deep inside and the other far outside, clamped distances cancel out.
        missing = 1.0 - weights.sum()
        grid += BLEND_THINNER * float(1.0 - weights.square().sum() - missing.square())
        return refined_grid(grid)

    def blended_beard(self, beard: Tensor) -> Tensor | None:
        """The thickness grid of a beard code (beards,), at half the stored spacing; None for clean-shaven.

        Beards are weighted by the code; what is missing to a sum of one counts as clean-shaven.
        """
        weights = blend_weights(beard)
        if not bool((weights > 0).any()):
            return None
        return refined_grid(torch.tensordot(weights, self.beard_grids, dims=1))

    def nodes(self, index: Tensor) -> Tensor:
        """Positions (N, 3) of the template grid's nodes (N, 3)."""
        return index * self.config.grid_spacing + self.mean_anchors.new_tensor(self.config.grid_origin)

    @cached_property
    def fine_nodes(self) -> tuple[Tensor, Tensor]:
        """Flat indices (N,) of the template grid's nodes near the surface, and the weight (N,) of exact values."""
        distance = self.template_grid.abs().flatten()
        flat = (distance < FINE_FAR).nonzero()[:, 0]
        return flat, ((FINE_FAR - distance[flat]) / (FINE_FAR - FINE_NEAR)).clamp_max(1.0)

    @cached_property
    def sheet(self) -> TemplateSheet:
        """The template's surface, on which values given at its vertices are looked up."""
        return TemplateSheet(self.sheet_vertices.numpy(), self.sheet_faces.numpy())

    @cached_property
    def face(self) -> Face | None:
        """The template's face, which poses heads; None for models without masks of lips and eyes."""
        tongue_out = torch.tensor([float(name == TONGUE_OUT) for name in self.config.actions])
        offsets = self.action_offsets(tongue_out).numpy()
        return Face.on(self.sheet_vertices.numpy(), self.sheet_faces.numpy(), self.region_masks, offsets)

    def sheet_offsets(self, canonical: Tensor, z_exp: Tensor) -> Tensor:
        """The expression's offsets (V, 3), units, of the template's vertices on a head: the closing of the mouth and
        the actions, as `face` performs them.

        canonical (V, 3): where the vertices are on a head, units.
        z_exp (D_exp,): strengths of the actions; all zero is neutral.
        """
        if self.face is None:
            return self.closing + self.action_offsets(z_exp)
        names = self.config.actions
        blinks = {name: float(z_exp[names.index(name)]) for name in self.face.own_blinks if name in names}
        others = z_exp.clone()
        others[[names.index(name) for name in blinks]] = 0.0
        action = self.action_offsets(others).numpy()
        return torch.from_numpy(self.face.offsets(canonical.numpy(), self.closing.numpy(), action, blinks))

    def sheet_poses(self, canonical: Tensor, poses: Sequence[Mapping[str, float]]) -> tuple[Tensor, Tensor]:
        """The neutral offsets (V, 3), units, of the template's vertices on a head, and what each pose adds to them
        (P, V, 3). It is quicker than `sheet_offsets` for each.

        canonical (V, 3): where the vertices are on a head, units.
        poses: P times name of an action -> strength.
        """
        stored = torch.zeros(self.exp_size, *self.closing.shape)
        places = (self.action_index.long(), self.action_vertex.long())
        by_name = dict(zip(self.actions, stored.index_put_(places, self.action_offset, accumulate=True), strict=True))

        def action(pose: Mapping[str, float], without: frozenset[str] = frozenset()) -> Tensor:
            parts = [strength * by_name[name] for name, strength in pose.items() if name not in without]
            return torch.stack(parts).sum(dim=0) if parts else torch.zeros_like(self.closing)

        if self.face is None:
            return self.closing, torch.stack([action(pose) for pose in poses])
        face, own = self.face.on_head(canonical.numpy(), self.closing.numpy()), self.face.own_blinks
        added = [face.offsets(action(pose, own).numpy(), pose) - face.closed for pose in poses]
        return torch.from_numpy(face.closed), torch.from_numpy(np.stack(added))

    def action_offsets(self, z_exp: Tensor) -> Tensor:
        """The sum of actions (V, 3), units, of strengths z_exp (D_exp,) on the template."""
        strength = z_exp[self.action_index.long()][:, None]
        return torch.zeros_like(self.closing).index_add(0, self.action_vertex, self.action_offset * strength)

    @cached_property
    def region_masks(self) -> dict[str, Bools]:
        """The named masks (V,) on the vertices of `sheet`."""
        return dict(zip(self.config.regions, self.sheet_regions.numpy(), strict=True))

    def regions(self, template_points: Floats, normals: Floats | None = None) -> dict[str, Bools]:
        """Which points lie on each region: lips, eyes, brows, scalp, ...

        template_points (N, 3): units.
        normals (N, 3): as of TemplateSheet.interpolate.
        Returns masks (N,) by the region's name.
        """
        masks = self.sheet_regions.float().T.numpy()
        inside = self.sheet.interpolate(masks, template_points, normals) > 0.5
        return {name: inside[:, k] for k, name in enumerate(self.config.regions)}
