"""A tiny embedded NPHM whose template is a sphere: known geometry, made here, no training and no weights needed."""

import numpy as np
import pytest
import torch

from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.embedded_network import ANCHORS, HAIR_CLAMP, EmbeddedConfig

RADIUS = 0.3


class PlainField:
    """A field without smooth part: a function points (N, 3) -> values (N,), and its distance if that is another."""

    def __init__(self, function, far=None):
        self.function, self.far = function, far or function

    def coordinates(self, points):
        return np.zeros((len(points), 0), dtype=np.float32)

    def value(self, points, coordinates):
        return self.function(points)

    def distance(self, points, coordinates):
        return self.far(points)


def icosphere(radius, rounds=4):
    """Vertices and faces of a subdivided octahedron on a sphere."""
    vertices = np.concatenate([np.eye(3), -np.eye(3)])
    faces = np.array([[0, 1, 2], [1, 3, 2], [3, 4, 2], [4, 0, 2], [1, 0, 5], [3, 1, 5], [4, 3, 5], [0, 4, 5]])
    for _ in range(rounds):
        edges = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
        unique, which = np.unique(edges, axis=0, return_inverse=True)
        middle = (len(vertices) + which.reshape(-1, 3)).T
        vertices = np.concatenate([vertices, vertices[unique].mean(axis=1)])
        vertices /= np.linalg.norm(vertices, axis=1, keepdims=True)
        a, b, c = faces.T
        ab, bc, ca = middle
        faces = np.concatenate([np.stack(t, axis=1) for t in ((a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca))])
    return (radius * vertices).astype(np.float32), faces.astype(np.int32)


def sphere_grid(shape, origin, spacing, centre, radius):
    nodes = np.stack(np.meshgrid(*(np.arange(n) for n in shape), indexing="ij"), axis=-1) * spacing + np.array(origin)
    return np.linalg.norm(nodes - np.array(centre), axis=-1) - radius


@pytest.fixture(scope="session")
def sphere_nphm():
    """Template: a sphere of RADIUS. Style "cap": a sphere above it. Beard "tuft": 0.08 thick in front, nothing behind.
    Action "lift": the upper half rises by 0.05."""
    vertices, faces = icosphere(RADIUS)
    upper = np.flatnonzero(vertices[:, 1] > 0)
    config = EmbeddedConfig(
        global_size=4,
        local_size=2,
        width=8,
        grid_shape=(45, 45, 45),
        grid_origin=(-0.44, -0.44, -0.44),
        grid_spacing=0.02,
        hair_shape=(31, 31, 31),
        hair_origin=(-0.45, -0.25, -0.45),
        hair_spacing=0.03,
        styles=("cap", "tail"),
        actions=("lift", "widen"),
        regions=("upper",),
        sheet_vertices=len(vertices),
        sheet_faces=len(faces),
        sheet_entries=len(upper),
        beards=("tuft",),
        beard_shape=(41, 41, 41),
        beard_origin=(-0.5, -0.5, -0.5),
        beard_spacing=0.025,
    )
    torch.manual_seed(0)
    network = EmbeddedNPHM(config)
    rng = np.random.default_rng(0)
    anchors = rng.normal(size=(ANCHORS, 3))
    anchors *= RADIUS / np.linalg.norm(anchors, axis=1, keepdims=True)
    anchors[1:32:2] = anchors[0:32:2] * [-1, 1, 1]
    hair = np.stack(
        [
            sphere_grid(config.hair_shape, config.hair_origin, config.hair_spacing, centre, 0.15)
            for centre in ([0, 0.3, 0], [0, 0, -0.3])
        ]
    )
    nodes = np.stack(np.meshgrid(*[np.arange(41) * 0.025 - 0.5] * 3, indexing="ij"), axis=-1)
    tuft = 0.08 * np.clip(nodes[..., 2] / 0.15, 0, 1)
    values = {
        "mean_anchors": anchors.astype(np.float32),
        "radii": np.full(ANCHORS, 0.4, np.float32),
        "template_grid": sphere_grid(config.grid_shape, config.grid_origin, 0.02, [0, 0, 0], RADIUS).astype(np.float32),
        "hair_grids": np.round(np.clip(hair / HAIR_CLAMP, -1, 1) * 127).astype(np.int8),
        "beard_grids": tuft[None].astype(np.float32),
        "sheet_vertices": vertices,
        "sheet_faces": faces,
        "sheet_regions": (vertices[:, 1] > 0)[None],
        "closing": np.zeros_like(vertices),
        "action_vertex": upper.astype(np.int32),
        "action_index": np.zeros(len(upper), np.uint8),
        "action_offset": np.tile(np.float32([0, 0.05, 0]), (len(upper), 1)),
    }
    for name, value in values.items():
        setattr(network, name, torch.from_numpy(value))
    with torch.no_grad():
        network.mlp_pos.weight.mul_(0.02)
        network.mlp_pos.bias.zero_()
        network.lin0.weight.mul_(0.1)
        network.lin2.weight.mul_(0.03)
    return network.eval().requires_grad_(False)
