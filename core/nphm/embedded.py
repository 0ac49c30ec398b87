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

from functools import cached_property

import torch
from torch import Tensor

from .embedded_head import EmbeddedHead, EmbeddedMembers
from .embedded_network import MEMBERS, EmbeddedNetwork, per_member
from .grids import blend_weights, refined_grid

#: Near the template's surface the displacement is computed at every node of its grid, elsewhere at every fourth per
#: axis. The finer part fades out between these distances from it, units (2 and 3 mm): the surface of a head is where
#: the template's is, so it lies in the finer part.
FINE_NEAR, FINE_FAR = 0.008, 0.012
COARSE = 4


class EmbeddedNPHM(EmbeddedNetwork):
    """Identity decoder and expression deformer of the embedded model (see model.HeadNetwork)."""

    #: Upper bound on the gradient of a head's distance: where it is too low, thin parts are missed.
    steepness = 1.8
    #: Lower and upper corner of what is extracted, units: NPHM's box, lower by a neck.
    box = ((-0.55, -0.75, -0.95), (0.55, 0.75, 0.4))

    def at(self, z_id: Tensor) -> EmbeddedHead:
        """The head of one identity code."""
        members = self.members(z_id)
        _, _, hair, beard = self.split(z_id)
        weights, names = blend_weights(hair), self.config.styles
        frizz = sum(float(weights[names.index(name)]) for name in self.config.frizzy_styles if name in names)
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
        flat, weight = self.fine_nodes
        fine = members.displacement(self.nodes(torch.stack(torch.unravel_index(flat, shape), dim=1)))
        row = grid.flatten(1)
        row[:, flat] = torch.lerp(row[:, flat], fine.T, weight)
        return grid

    @cached_property
    def fine_nodes(self) -> tuple[Tensor, Tensor]:
        """Flat indices (N,) of the template grid's nodes near the surface, and how much the fine part counts there."""
        distance = self.template_grid.abs().flatten()
        flat = (distance < FINE_FAR).nonzero()[:, 0]
        return flat, ((FINE_FAR - distance[flat]) / (FINE_FAR - FINE_NEAR)).clamp_max(1.0)
