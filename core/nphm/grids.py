"""Grids of values in the template's space: reading them between their nodes, blending them, joining them."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

#: Parts into which points are split to be read from a grid: torch gives each to one thread, and this keeps a few cores
#: busy.
PARTS = 4
#: Width of the smooth minimum that joins hair and skin, units (2 mm).
JOIN = 0.008


def blend_weights(code: Tensor) -> Tensor:
    """A code (N,) as the weights of a blend: none negative, their sum one at most."""
    weights = code.clamp_min(0.0)
    return weights / weights.sum().clamp_min(1.0)


def skin_weight(skin: Tensor, hair: Tensor) -> Tensor:
    """How much of the smooth minimum of two distances (...,) is the skin's: (...,), 0 to 1."""
    return (0.5 + 0.5 * (hair - skin) / JOIN).clamp(0.0, 1.0)


def smooth_minimum(skin: Tensor, hair: Tensor) -> Tensor:
    """The minimum (...,) of two distances (...,), units, rounded where they differ by less than JOIN."""
    weight = skin_weight(skin, hair)
    return torch.lerp(hair, skin, weight) - 0.5 * JOIN * weight * (1.0 - weight)


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
        alternating = torch.stack([even[..., :-1], odd], dim=-1).flatten(-2)
        fine = torch.cat([alternating, even[..., -1:]], dim=-1).movedim(-1, axis)
    return fine.contiguous()


def packed_distances(grid: Tensor, step: int, near: float) -> dict[str, Tensor]:
    """A grid of distances in a tenth of its room: exact near the surface, elsewhere every `step`-th value.

    grid (X, Y, Z): distances, units; X - 1, Y - 1 and Z - 1 are multiples of step.
    step: see above.
    near: greatest absolute distance that is kept exactly, units.
    Returns coarse (X', Y', Z'), near (N,) in the order of the grid, and near_bits: which values these are, a bit each,
    eight in a byte.
    """
    kept = (grid.abs() < near).flatten()
    bits = torch.nn.functional.pad(kept.to(torch.uint8), (0, -len(kept) % 8)).reshape(-1, 8)
    powers = 2 ** torch.arange(8, dtype=torch.uint8)
    return {
        "coarse": grid[::step, ::step, ::step].contiguous(),
        "near": grid.flatten()[kept],
        "near_bits": (bits * powers).sum(dim=1, dtype=torch.uint8),
    }


def unpacked_distances(packed: dict[str, Tensor], shape: tuple[int, int, int]) -> Tensor:
    """The grid (X, Y, Z) of packed_distances; away from the surface trilinear between the kept values.

    packed: what packed_distances returned, of any floating type.
    shape: (X, Y, Z).
    """
    coarse = packed["coarse"].float()[None, None]
    grid = torch.nn.functional.interpolate(coarse, size=shape, mode="trilinear", align_corners=True)[0, 0]
    bits = (packed["near_bits"][:, None] >> torch.arange(8, dtype=torch.uint8)) & 1
    kept = bits.flatten()[: grid.numel()].bool()
    grid.view(-1)[kept] = packed["near"].float()
    return grid.contiguous()


def sample_grid(grid: Tensor, points: Tensor, origin: tuple[float, ...], spacing: float) -> Tensor:
    """Distances from a grid, trilinear between its nodes; they go on growing outside its box.

    grid (X, Y, Z): distances, units.
    points (..., 3): units.
    origin, spacing: of the grid's first node, and between nodes, units.
    Returns (...,), units.
    """
    extent = points.new_tensor([(n - 1) * spacing for n in grid.shape])
    inner = points - points.new_tensor(origin)
    outside = (inner - torch.minimum(inner.clamp_min(0.0), extent)).norm(dim=-1)
    return trilinear(grid[None], points.reshape(-1, 3), origin, spacing).reshape(points.shape[:-1]) + outside


def trilinear(grid: Tensor, points: Tensor, origin: tuple[float, ...], spacing: float) -> Tensor:
    """Values from a grid, trilinear between its nodes; outside its box those of the nearest point in it.

    grid (C, X, Y, Z): of C channels.
    points (N, 3): units.
    origin, spacing: of the grid's first node, and between nodes, units.
    Returns (C, N).
    """
    extent = points.new_tensor([(n - 1) * (spacing / 2) for n in grid.shape[1:]])
    flat = ((points - points.new_tensor(origin)) / extent - 1.0).flip(-1)
    parts = F.pad(flat, (0, 0, 0, -len(flat) % PARTS)).reshape(PARTS, -1, 1, 1, 3)
    values = F.grid_sample(
        grid.expand(PARTS, *grid.shape), parts, mode="bilinear", padding_mode="border", align_corners=True
    )
    return values.movedim(1, 0).reshape(len(grid), -1)[:, : len(points)]
