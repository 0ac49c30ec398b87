"""Training the embedded NPHM: what carries on from the surface into space, and the last layers' solution."""

from argparse import Namespace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from scipy.spatial import ConvexHull, cKDTree

from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.embedded_network import STORED, EmbeddedConfig
from clip_head.core.types import MILLIMETRES_PER_UNIT
from clip_head.training.nphm import train
from clip_head.training.nphm.targets import DETAILS, SPACING, MemberTargets, detail_grids
from clip_head.training.nphm.train import fit, solve_last_layers, whitened
from clip_head.training.teacher.surroundings import surrounding_weights

pytestmark = pytest.mark.slow

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


def small_network():
    sizes = (2, 1, 16, (5, 5, 5), (0, 0, 0), 0.1, (2, 2, 2), (0, 0, 0), 0.1, ("cap",), ("lift",), ("all",), 3, 1, 1)
    torch.manual_seed(0)
    return EmbeddedNPHM(EmbeddedConfig(*sizes))


def smooth_targets():
    """Members that are to learn sines of the place, for codes that vary together."""
    rng = np.random.default_rng(0)
    factor = np.linalg.cholesky(np.eye(4) + 0.3).astype(np.float32)
    targets = []
    for _ in range(STORED):
        points = rng.uniform(-0.1, 0.1, (200, 3)).astype(np.float32)
        basis = 0.01 * np.sin(points @ rng.normal(0, 10, (3, 12)) + rng.uniform(0, 6, 12)).astype(np.float32)
        targets.append(MemberTargets(points, basis.reshape(200, 4, 3), factor))
    return targets


def test_members_learn_their_bases_and_go_on_after_an_interruption(tmp_path, monkeypatch, interruption, capsys):
    monkeypatch.setattr(train, "CHECKPOINT_EVERY", 10)
    targets = smooth_targets()

    def train_in(name, fresh=False):
        network = small_network()
        args = Namespace(rate=1e-2, steps=100, batch=64, seed=1, work=tmp_path / name, fresh=fresh)
        fit(network, targets, args, torch.device("cpu"))
        return network

    whole = train_in("whole")
    with interruption(57, torch.optim.Adam):
        train_in("resumed")
    resumed = train_in("resumed").state_dict()
    for name, tensor in whole.state_dict().items():
        assert torch.equal(resumed[name], tensor), name
    for member, target in enumerate(targets):
        with torch.no_grad():
            learnt = whole.basis(torch.from_numpy(np.stack([t.local for t in targets])))[member].numpy()
        assert np.abs(learnt - target.basis).mean() < 0.5 * np.abs(target.basis).mean()
    assert "step 100/100  rms" in capsys.readouterr().out
    anew = train_in("resumed", fresh=True).state_dict()
    assert all(torch.equal(anew[name], tensor) for name, tensor in resumed.items())


def test_solved_last_layers_answer_in_codes_as_they_are():
    network = small_network()
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


def test_blocks_around_features_are_finer_there_and_the_grid_itself_at_their_border():
    """On a sphere on which every feature is a patch: the coarse grid knows a sphere 2 mm too small."""
    rng = np.random.default_rng(0)
    vertices = rng.normal(size=(4000, 3))
    vertices = (0.25 * vertices / np.linalg.norm(vertices, axis=1, keepdims=True)).astype(np.float32)
    faces = ConvexHull(vertices).simplices.astype(np.int32)
    outwards = np.einsum("fc,fc->f", vertices[faces[:, 0]], np.cross(*np.diff(vertices[faces], axis=1).swapaxes(0, 1)))
    faces[outwards < 0] = faces[outwards < 0][:, ::-1]
    regions = {
        name: vertices[:, axis % 3] * (-1) ** axis > 0.235 for axis, names in enumerate(DETAILS) for name in names
    }
    dataset = SimpleNamespace(template=SimpleNamespace(vertices=vertices, faces=faces, regions=regions))
    low = np.full(3, -0.312)
    nodes = np.stack(np.meshgrid(*[np.arange(121) * SPACING - 0.312] * 3, indexing="ij"), axis=-1)
    grid = (np.linalg.norm(nodes, axis=-1) - 0.242).astype(np.float32)
    blocks = detail_grids(dataset, grid, low)
    assert len(blocks) == len(DETAILS)
    for names, (block, origin) in zip(DETAILS, blocks, strict=True):
        axes = [o + SPACING / 2 * np.arange(n) for o, n in zip(origin, block.shape, strict=True)]
        at = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
        np.testing.assert_allclose(np.array(origin) / SPACING, np.round(np.array(origin) / SPACING), atol=1e-3)
        distance = np.linalg.norm(at, axis=-1)
        part = cKDTree(vertices[regions[names[0]]]).query(at.reshape(-1, 3))[0].reshape(block.shape)
        near, far = (part < 0.008), part > 0.029
        assert near.any()
        assert np.abs(block - (distance - 0.25))[near].max() < 0.001
        assert np.abs(block - (distance - 0.242))[far].max() < 0.001
        borders = (far[0], far[-1], far[:, 0], far[:, -1], far[..., 0], far[..., -1])
        assert all(border.all() for border in borders)
