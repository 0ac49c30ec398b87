"""Training the embedded NPHM: what carries on from the surface into space, and the last layers' solution."""

import numpy as np
import torch

from clip_head.core.nphm.embedded import STORED, EmbeddedConfig, EmbeddedNPHM
from clip_head.core.types import MILLIMETRES_PER_UNIT
from clip_head.training.nphm import solve_last_layers, whitened
from clip_head.training.teacher.surroundings import surrounding_weights

SQUARE = np.array([[-0.5, -0.5, 0], [0.5, -0.5, 0], [0.5, 0.5, 0], [-0.5, 0.5, 0]], np.float32)
HALVES = np.array([[0, 1, 2], [0, 2, 3]], np.int32)


def weights_above(height):
    rng = np.random.default_rng(0)
    points = np.hstack([rng.uniform(-0.2, 0.2, (50, 2)), np.full((50, 1), height)]).astype(np.float32)
    return points, surrounding_weights(SQUARE, HALVES, points, rng)


def test_near_the_surface_space_moves_with_the_nearest_point():
    points, weights = weights_above(0.01)
    np.testing.assert_allclose(weights @ SQUARE, points * [1, 1, 0], atol=1e-5)


def test_farther_away_it_moves_with_the_surroundings():
    points, weights = weights_above(0.04)
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)
    missed = np.linalg.norm(weights @ SQUARE - points * [1, 1, 0], axis=1)
    assert 1e-4 < missed.mean() < 0.02


def test_solved_last_layers_answer_in_codes_as_they_are():
    config = EmbeddedConfig(
        *(2, 1, 16, (5, 5, 5), (0, 0, 0), 0.1, (2, 2, 2), (0, 0, 0), 0.1, ("cap",), ("lift",), ("all",), 3, 1, 1)
    )
    torch.manual_seed(0)
    network = EmbeddedNPHM(config)
    points = torch.rand(STORED, 300, 3) * 0.1
    spread = torch.linalg.cholesky(torch.eye(4) + 0.5 * torch.ones(4, 4)).expand(STORED, 4, 4)
    with torch.no_grad():
        basis = network.basis(points) / MILLIMETRES_PER_UNIT
        network.lin2.weight.zero_()
        network.lin2.bias.zero_()
        solve_last_layers(
            network, points, torch.stack([whitened(b, s) for b, s in zip(basis, spread, strict=True)]), spread
        )
        torch.testing.assert_close(network.basis(points), basis, atol=1e-5, rtol=1e-2)
