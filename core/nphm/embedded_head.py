"""One head of the embedded NPHM: its members and grids for one identity code, and what can be asked of points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from scipy.spatial import cKDTree
from torch import Tensor

from ..types import Floats
from .embedded_network import ANCHORS, MEMBERS, EmbeddedNetwork
from .grids import JOIN, sample_grid, skin_weight, smooth_minimum, trilinear

#: Sum of the Gaussians, which are 1 at their anchors, below which the background member fills up the rest: small, so
#: that it speaks only where no anchor does.
LEAST_WEIGHT = 0.03
#: Points whose displacements are computed at a time; bounds the memory, not the result.
CHUNK = 65536
#: Rounds of the fixed-point iteration u <- x - d(u), each of which leaves about a quarter of the way, and rounds that
#: go only half way: these settle also where a head is up to three times as wide as the template, as between eyelids.
ROUNDS, DAMPED_ROUNDS = 4, 8
#: Regions with the finest features of a head, around which extraction looks closely.
FINEST = ("left_eyelids", "right_eyelids", "upper_lip", "lower_lip", "nostrils")
#: Step for the gradient of the grids, units (0.75 mm): about half their spacing, so that normals are smooth.
GRADIENT_STEP = 0.003
#: Distance from the skin, units (12 mm), from which on hair stands still while the face moves; nearer it follows.
FOLLOW_DISTANCE = 0.048
#: Thickness of a beard, units (0.4 mm), from which on the skin under it bears it: what is further off moves with that.
BEARING = 0.0016
#: Distance from the skin, units (3 mm), from which on a beard moves with the skin that bears it and not with what of
#: the skin is nearest, which may be the other lip's.
ROOTED = 0.012
#: How many vertices of bearing skin count, and the width of their Gaussian as a fraction of the nearest one's distance.
ROOT_NEIGHBOURS, ROOT_BLUR = 64, 0.5


@dataclass(frozen=True)
class EmbeddedMembers:
    """The members of an EmbeddedNPHM for one identity, its code multiplied into their last layer.

    network: whose they are.
    motion (40, 3): of the anchors, from the template to this head, units; the background's is zero.
    rest (40, 3): the anchors on the template, units.
    weight (40, 3, width), bias (40, 3): their last layers.
    """

    network: EmbeddedNetwork
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

    network: whose it is.
    members: what moves the template's points to this head.
    grid (3, X, Y, Z): the displacement at the template grid's nodes, units.
    hair: the blended grid of distances to the hair, units; None if bald.
    beard: the blended grid of the beard's thickness, units; None if clean-shaven.
    frizz: how far the hair is of frizzy styles, 0 to 1.
    """

    network: EmbeddedNetwork
    members: EmbeddedMembers
    grid: Tensor
    hair: Tensor | None
    beard: Tensor | None = None
    frizz: float = 0.0

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
        marked = self.network.sheet_regions[[names.index(name) for name in FINEST]].any(dim=0)
        at = self.network.sheet_vertices[marked]
        moved = (at + self.displacement(at)).numpy()
        return moved.min(axis=0), moved.max(axis=0)

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

        by_u = slope(self.skin_distance(around)).T
        if self.hair is not None:
            weight = skin_weight(self.skin_distance(coordinates), self.hair_distance(coordinates))[:, None]
            by_u = torch.lerp(slope(self.hair_distance(around)).T, by_u, weight)
        # x = u + d(u), so df/du = (1 + dd/du)^T df/dx.
        forward = slope(self.displacement(around.flatten(0, 1)).unflatten(0, (6, -1))).movedim(0, 1)
        return torch.linalg.solve(torch.eye(3, device=coordinates.device) + forward, by_u)

    def express(self, vertices: Tensor, normals: Tensor, z_exp: Tensor) -> tuple[Tensor, Tensor]:
        """Offsets (N, 3) of canonical vertices with unit normals (N, 3), and their template points (N, 3).

        Hair follows the skin beneath it only close to it, a beard also further off.
        """
        net = self.network
        u = self.template_coordinates(vertices)
        offsets = net.sheet_offsets(net.sheet_vertices + self.displacement(net.sheet_vertices), z_exp)
        on_skin = net.sheet.interpolate(offsets.numpy(), u.numpy(), normals.numpy())
        away = net.template_distance(u).abs()
        follow = (1.0 - ((away - JOIN).clamp_min(0.0) / FOLLOW_DISTANCE).clamp_max(1.0) ** 2) ** 2
        moved = torch.from_numpy(on_skin) * follow[:, None]
        if self.beard is not None:
            self._take_beard_along(moved, u, away, offsets)
        return moved, u

    def _take_beard_along(self, moved: Tensor, u: Tensor, away: Tensor, offsets: Tensor) -> None:
        """Make, in place, the offsets (N, 3) of points in the beard those of the skin that bears it.

        u (N, 3): their template points; away (N,): from the skin; offsets (V, 3): of the template's vertices.
        """
        weight_of_roots = (away / ROOTED).clamp_max(1.0) * (self._thickness_at(u) / BEARING).clamp(0.0, 1.0)
        rows = weight_of_roots.nonzero()[:, 0]
        bearing = (self._thickness_at(self.network.sheet_vertices) > BEARING).nonzero()[:, 0]
        if not len(rows) or not len(bearing):
            return
        tree = cKDTree(self.network.sheet_vertices[bearing].numpy())
        distance, near = tree.query(u[rows].numpy(), min(ROOT_NEIGHBOURS, len(bearing)))
        width = ROOT_BLUR * distance[:, :1] + ROOTED / 2
        weight = np.exp(-((distance**2 - distance[:, :1] ** 2) / width**2))
        weight = torch.from_numpy((weight / weight.sum(axis=1, keepdims=True)).astype(np.float32))
        rooted = torch.einsum("nk,nkc->nc", weight, offsets[bearing][torch.from_numpy(near)])
        moved[rows] = torch.lerp(moved[rows], rooted, weight_of_roots[rows, None])
