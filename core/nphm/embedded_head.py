"""One head of the embedded NPHM: its members and grids for one identity code, and what they say of points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
import torch.nn.functional as F
from scipy.spatial import cKDTree
from torch import Tensor

from ..types import Floats
from .embedded_network import ANCHORS, COARSE, MEMBERS, EmbeddedNetwork
from .grids import JOIN, refined_grid, sample_grid, skin_weight, smooth_minimum, trilinear

#: Sum of the Gaussians, which are 1 at their anchors, below which the background member adds what is missing: small, so
#: that it counts only far from all anchors.
LEAST_WEIGHT = 0.03
#: Points whose displacements are computed at a time; bounds the memory, not the result.
CHUNK = 65536
#: Rounds of the fixed-point iteration u <- x - d(u), each of which leaves about a quarter of the error, and further
#: rounds that go only half way: they converge also where a head is up to three times as wide as the template, as
#: between eyelids.
ROUNDS, DAMPED_ROUNDS = 4, 8
#: Regions with the finest features of a head, around which extraction looks closely.
FINEST = ("left_eyelids", "right_eyelids", "upper_lip", "lower_lip", "nostrils")
#: Step for the gradient of the grids, units (0.75 mm): about half their spacing, so that normals are smooth.
GRADIENT_STEP = 0.003
#: Distance from the skin, units (12 mm), at which hair has ceased to move with the face.
FOLLOW_DISTANCE = 0.048
#: Thickness of the beard, units (0.4 mm), from which on the skin under it counts as its root.
ROOT_THICKNESS = 0.0016
#: Distance from the skin, units (3 mm), from which on a beard moves wholly with its root. Nearer to the skin it moves
#: partly with the nearest skin, which further off may be the other lip's.
ROOT_DISTANCE = 0.012
#: How many of the template's vertices with a beard make up the root of a point, and the width of the Gaussian that
#: weights them, as a fraction of the nearest one's distance.
ROOT_NEIGHBOURS, ROOT_BLUR = 64, 0.5


@dataclass(frozen=True)
class EmbeddedMembers:
    """The members of an EmbeddedNPHM for one identity, its code multiplied into their last layer.

    network: the model that they belong to.
    motion (40, 3): of the anchors, from the template to this head, units; the background's is zero.
    rest (40, 3): the anchors on the template, units.
    weight (40, 3, width), bias (40, 3): their last layers.
    warp: what the head has beyond the model: from template points (N, 3) to displacements (N, 3), units; None: nothing.
    """

    network: EmbeddedNetwork
    motion: Tensor
    rest: Tensor
    weight: Tensor
    bias: Tensor
    warp: Callable[[Tensor], Tensor] | None = None

    def displacement(self, points: Tensor) -> Tensor:
        """How far this head's surface moves template points (N, 3) from their place: (N, 3), units."""
        moved = torch.cat([self._blended(part) for part in points.split(CHUNK)])
        return moved if self.warp is None else moved + self.warp(points)

    def _blended(self, points: Tensor) -> Tensor:
        """The members' displacements (N, 3) of template points (N, 3), averaged by their weights."""
        weights = self.blend_weights(points)
        total = torch.zeros_like(points)
        for member in range(MEMBERS):
            used = weights[member].nonzero()[:, 0]
            if len(used):
                displacement = self.member(member, points[used] - self.rest[member])
                total.index_add_(0, used, displacement * weights[member, used, None])
        return total / weights.sum(dim=0)[:, None]

    def blend_weights(self, points: Tensor) -> Tensor:
        """Weights (40, N) of the members at template points (N, 3): Gaussians that fall smoothly to zero at each
        anchor's radius, and the background's."""
        distance = torch.cdist(self.rest[:ANCHORS], points, compute_mode="donot_use_mm_for_euclid_dist")
        squared = (distance / self.network.radii[:, None]) ** 2
        gaussians = torch.exp(-4.0 * squared) * (1.0 - squared).clamp_min(0.0) ** 2
        background = (LEAST_WEIGHT - gaussians.sum(dim=0, keepdim=True)).clamp_min(0.0)
        return torch.cat([gaussians, background])

    def member(self, member: int, local: Tensor) -> Tensor:
        """One member's displacements (N, 3) of template points (N, 3) relative to its rest anchor, units."""
        return self.last(member, self.hidden(member, local))

    def hidden(self, member: int, local: Tensor) -> Tensor:
        """What one member's last layer reads (N, width) for `local` as of `member`: the same for every head."""
        net = self.network
        x = F.linear(local * net.mirror[member], *net.lin0.of_member(member)).sin()
        return F.silu(F.linear(x, *net.lin1.of_member(member)))

    def last(self, member: int, hidden: Tensor) -> Tensor:
        """One member's displacements (N, 3), units, by what its last layer reads (N, width)."""
        moved = F.linear(hidden, self.weight[member], self.bias[member]) * self.network.mirror[member]
        return moved + self.motion[member]


@dataclass(frozen=True)
class EmbeddedHead:
    """One identity of an EmbeddedNPHM, with what its code decides computed once (see model.HeadField).

    network: the model that it belongs to.
    members: what moves the template's points to this head.
    hair: the blended grid of distances to the hair, units; None if bald.
    beard: the blended grid of the beard's thickness, units; None if clean-shaven.
    frizz: how far the hair is of frizzy styles, 0 to 1.
    """

    network: EmbeddedNetwork
    members: EmbeddedMembers
    hair: Tensor | None
    beard: Tensor | None = None
    frizz: float = 0.0

    @cached_property
    def grid(self) -> Tensor:
        """The displacement d (3, X, Y, Z), units, at the template grid's nodes: exact near the template's surface, a
        smooth surface through every COARSE-th node elsewhere. It takes most of the time of decoding a head, and the
        quads of an asset do without."""
        network = self.network
        shape = network.config.grid_shape
        axes = [torch.arange(0, n, COARSE) for n in shape]
        nodes = network.nodes(torch.cartesian_prod(*axes))
        coarse = self.members.displacement(nodes).T.unflatten(1, [len(a) for a in axes])
        # Two refinements: each halves the spacing.
        grid = torch.stack([refined_grid(refined_grid(axis)) for axis in coarse])
        flat, weight = network.fine_nodes
        fine = self.members.displacement(network.nodes(torch.stack(torch.unravel_index(flat, shape), dim=1)))
        values = grid.flatten(1)  # a view: what is written into it is written into the grid
        values[:, flat] = torch.lerp(values[:, flat], fine.T, weight)
        return grid

    def displacement(self, u: Tensor) -> Tensor:
        """The displacement (N, 3) of template points (N, 3), from the grid."""
        config = self.network.config
        return trilinear(self.grid, u, config.grid_origin, config.grid_spacing).T

    def place_template(self, points: Tensor) -> Tensor:
        """Where template points (N, 3) lie on this head, neutral and bald: (N, 3), units."""
        return points + self.members.displacement(points)

    def template_coordinates(self, points: Tensor) -> Tensor:
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
        finest = self.network.sheet_regions[[names.index(name) for name in FINEST]].any(dim=0)
        u = self.network.sheet_vertices[finest]
        points = (u + self.displacement(u)).numpy()
        return points.min(axis=0), points.max(axis=0)

    def hair_distance(self, u: Tensor) -> Tensor:
        """Signed distance (...,) to the hair at template points u (..., 3), for heads that have hair."""
        assert self.hair is not None
        config = self.network.config
        return sample_grid(self.hair, u, config.hair_origin, config.hair_spacing / 2)

    def _thickness_at(self, u: Tensor) -> Tensor:
        """How thick the beard is (...,) at template points u (..., 3), for heads that have one."""
        assert self.beard is not None
        config = self.network.config
        thickness = trilinear(self.beard[None], u.reshape(-1, 3), config.beard_origin, config.beard_spacing / 2)
        return thickness.reshape(u.shape[:-1])

    def skin_distance(self, u: Tensor) -> Tensor:
        """Signed distance (...,) to the skin, or to the beard on it, at template points u (..., 3)."""
        skin = self.network.template_distance(u)
        return skin if self.beard is None else skin - self._thickness_at(u)

    def hair_weight(self, coordinates: Tensor) -> Tensor | None:
        """How far points on the surface with these template points (N, 3) are hair: (N,), 0 to 1; None when bald.

        A beard counts as skin.
        """
        if self.hair is None:
            return None
        return 1.0 - skin_weight(self.skin_distance(coordinates), self.hair_distance(coordinates))

    def beard_thickness(self, coordinates: Tensor) -> Tensor | None:
        """How thick the beard is, (N,), units, on the surface at template points (N, 3); None when shaven."""
        return None if self.beard is None else self._thickness_at(coordinates).clamp_min(0.0)

    def value(self, points: Tensor, coordinates: Tensor) -> Tensor:
        """f (N,), units, distance to the union of skin and hair, negative inside, at template points (N, 3)."""
        skin = self.skin_distance(coordinates)
        return skin if self.hair is None else smooth_minimum(skin, self.hair_distance(coordinates))

    distance = value

    def gradient(self, points: Tensor, coordinates: Tensor) -> Tensor:
        """The gradient of f (N, 3), from differences of the grids that are wide enough to be smooth."""
        step = torch.eye(3, device=coordinates.device) * GRADIENT_STEP
        around = coordinates + torch.cat([step, -step])[:, None]

        def slope(values: Tensor) -> Tensor:
            return (values[:3] - values[3:]) / (2 * GRADIENT_STEP)

        by_u = slope(self.skin_distance(around)).T  # df/du
        if self.hair is not None:
            weight = skin_weight(self.skin_distance(coordinates), self.hair_distance(coordinates))[:, None]
            by_u = torch.lerp(slope(self.hair_distance(around)).T, by_u, weight)
        # x = u + d(u), so df/du = (1 + dd/du)^T df/dx.
        forward = slope(self.displacement(around.flatten(0, 1)).unflatten(0, (6, -1))).movedim(0, 1)
        return torch.linalg.solve(torch.eye(3, device=coordinates.device) + forward, by_u)

    def express(self, vertices: Tensor, normals: Tensor, z_exp: Tensor) -> tuple[Tensor, Tensor]:
        """What the expression does to points of the surface. Hair moves with the skin only close to it, a beard also
        further off.

        vertices (N, 3): canonical, units.
        normals (N, 3): unit normals there.
        z_exp (D_exp,): strengths of the actions.
        Returns their offsets (N, 3), units, and their template points (N, 3).
        """
        net = self.network
        u = self.template_coordinates(vertices)
        sheet_offsets = net.sheet_offsets(net.sheet_vertices + self.displacement(net.sheet_vertices), z_exp)
        skin_offsets = net.sheet.interpolate(sheet_offsets.numpy(), u.numpy(), normals.numpy())
        distance = net.template_distance(u).abs()
        follow = (1.0 - ((distance - JOIN).clamp_min(0.0) / FOLLOW_DISTANCE).clamp_max(1.0) ** 2) ** 2
        offsets = torch.from_numpy(skin_offsets) * follow[:, None]
        if self.beard is not None:
            self._move_beard(offsets, u, distance, sheet_offsets)
        return offsets, u

    def _move_beard(self, offsets: Tensor, u: Tensor, distance: Tensor, sheet_offsets: Tensor) -> None:
        """Let points in the beard move with the skin that it grows on.

        offsets (N, 3): of the points, units; changed in place.
        u (N, 3): their template points.
        distance (N,): from the skin, units.
        sheet_offsets (V, 3): of the template's vertices, units.
        """
        thickness = self._thickness_at(u)
        weight_of_root = (distance / ROOT_DISTANCE).clamp_max(1.0) * (thickness / ROOT_THICKNESS).clamp(0.0, 1.0)
        rows = weight_of_root.nonzero()[:, 0]
        roots = (self._thickness_at(self.network.sheet_vertices) > ROOT_THICKNESS).nonzero()[:, 0]
        if not len(rows) or not len(roots):
            return
        tree = cKDTree(self.network.sheet_vertices[roots].numpy())
        root_distance, near = tree.query(u[rows].numpy(), min(ROOT_NEIGHBOURS, len(roots)))
        width = ROOT_BLUR * root_distance[:, :1] + ROOT_DISTANCE / 2
        weight = np.exp(-((root_distance**2 - root_distance[:, :1] ** 2) / width**2))
        weight = torch.from_numpy((weight / weight.sum(axis=1, keepdims=True)).astype(np.float32))
        root_offsets = torch.einsum("nk,nkc->nc", weight, sheet_offsets[roots][torch.from_numpy(near)])
        offsets[rows] = torch.lerp(offsets[rows], root_offsets, weight_of_root[rows, None])
