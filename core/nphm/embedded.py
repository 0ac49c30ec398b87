"""The embedded NPHM: 39 anchored members and a background member that move the points of one template.

As in NPHM the identity code is [global, 39 local codes, ...], anchors follow from the global code, symmetric members
share weights, and the members' outputs are blended by Gaussians around the anchors. But where a member of NPHM gives a
distance, here it gives the displacement of a template point u near its anchor, x = u + d(u): the motion of the anchor
and an offset that is linear in the code, since shapes of heads nearly are. The template point of a point in space is
found by fixed-point iteration, and f(x) = S(u(x)), S being the template's distance grid. Hair is a blend of the styles'
distance grids in the same template coordinates, joined to the skin by a smooth minimum; a beard is a thickness on the
skin, a blend of grids too. One number per style and one per beard end z_id.
Expressions are forward offsets of canonical vertices, given on the template's surface.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from .embedded_head import EmbeddedHead, EmbeddedMembers
from .embedded_network import MEMBERS, EmbeddedNetwork, per_member
from .grids import blend_weights


class EmbeddedNPHM(EmbeddedNetwork):
    """Identity decoder and expression deformer of the embedded model (see model.HeadNetwork)."""

    #: Upper bound on the gradient of a head's distance. With a lower one extraction would miss thin parts.
    steepness = 1.8
    #: Lower and upper corner of what is extracted, units: NPHM's box, lower by a neck.
    box = ((-0.55, -0.75, -0.95), (0.55, 0.75, 0.4))

    def at(self, z_id: Tensor, warp: Callable[[Tensor], Tensor] | None = None) -> EmbeddedHead:
        """The head of one identity code, with what it has beyond the model (see EmbeddedMembers)."""
        members = self.members(z_id, warp)
        _, _, hair, beard = self.split(z_id)
        weights, names = blend_weights(hair), self.config.styles
        frizz = sum(float(weights[names.index(name)]) for name in self.config.frizzy_styles if name in names)
        return EmbeddedHead(self, members, self.blended_hair(hair), self.blended_beard(beard), frizz)

    def members(self, z_id: Tensor, warp: Callable[[Tensor], Tensor] | None = None) -> EmbeddedMembers:
        """What moves the template's points to where they are on the head of one identity code, and a warp beyond it."""
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
            warp,
        )
