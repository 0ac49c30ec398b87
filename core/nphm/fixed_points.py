"""Template points that are asked for with every head: what does not depend on its identity is computed once."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .embedded_head import EmbeddedMembers


@dataclass(frozen=True)
class FixedPoints:
    """Template points, with what an embedded head model makes of them before its members' last layers, which alone hold
    the identity.

    points (N, 3): units.
    rows: for each member the points (n,) that it moves.
    hidden: for each member what its last layer reads there (n, width).
    weights: for each member its weight there (n, 1).
    total (N, 1): sum of the members' weights.
    """

    points: Tensor
    rows: tuple[Tensor, ...]
    hidden: tuple[Tensor, ...]
    weights: tuple[Tensor, ...]
    total: Tensor

    @staticmethod
    def of(members: EmbeddedMembers, points: Tensor) -> FixedPoints:
        """Points for all heads of a model.

        members: of any head of it.
        points (N, 3): template points, units.
        """
        weights = members.blend_weights(points)
        rows = tuple(weight.nonzero()[:, 0] for weight in weights)
        hidden = (members.hidden(k, points[used] - members.rest[k]) for k, used in enumerate(rows))
        own = (weight[used, None] for weight, used in zip(weights, rows, strict=True))
        return FixedPoints(points, rows, tuple(hidden), tuple(own), weights.sum(dim=0)[:, None])

    def placed(self, members: EmbeddedMembers) -> Tensor:
        """Where the points lie (N, 3), units, on the neutral and bald head that `members` are of."""
        moved = torch.zeros_like(self.points)
        for k, (used, hidden, weight) in enumerate(zip(self.rows, self.hidden, self.weights, strict=True)):
            moved.index_add_(0, used, members.last(k, hidden) * weight)
        moved /= self.total
        return self.points + (moved if members.warp is None else moved + members.warp(self.points))
