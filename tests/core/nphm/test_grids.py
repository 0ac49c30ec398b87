"""Grids of distances: what is stored of them is enough."""

import numpy as np
import torch

from clip_head.core.nphm.embedded_network import packed_tensors, with_template_grid
from clip_head.core.nphm.grids import packed_distances, unpacked_distances


def sphere_distances(shape, spacing):
    nodes = np.stack(np.meshgrid(*(np.arange(n) * spacing for n in shape), indexing="ij"), axis=-1)
    return torch.from_numpy(np.linalg.norm(nodes - 0.4, axis=-1) - 0.25).float()


def test_a_packed_grid_is_exact_near_the_surface_and_close_elsewhere():
    grid = sphere_distances((41, 45, 37), 0.02)
    packed = packed_distances(grid, 4, 0.05)
    again = unpacked_distances(
        {name: t.half() if t.is_floating_point() else t for name, t in packed.items()}, grid.shape
    )
    near = grid.abs() < 0.05
    assert torch.equal(again[near], grid[near].half().float())
    assert (again - grid).abs()[grid > -0.1].max() < 0.015  # at the centre the distance has a kink
    assert sum(t.numel() * t.element_size() for t in packed.values()) < 0.3 * grid.numel() * 4


def test_models_that_store_the_whole_grid_are_read_as_they_are():
    grid = sphere_distances((9, 9, 9), 0.1)
    stored = {"template_grid": grid, "other": torch.ones(3)}
    assert with_template_grid(stored, (9, 9, 9)) is stored
    packed = packed_tensors(stored)
    assert "template_grid" not in packed
    again = with_template_grid(packed, (9, 9, 9))
    assert set(again) == set(stored)
    assert (again["template_grid"] - grid).abs().max() < 0.15
