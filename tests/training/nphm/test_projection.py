"""Codes from a surface alone, and what expressions do to lips: on a template that is a sphere, and on two lips."""

import numpy as np
import torch

from clip_head.core.fit.identity import displacement_basis
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.embedded_network import ANCHORS, SYMMETRIC, EmbeddedConfig
from clip_head.core.nphm.lips import Lips
from clip_head.training.nphm.expressions import lip_crossing, lip_gap
from clip_head.training.nphm.projection import fit_identity
from clip_head.training.teacher.dataset import MOUTH, SKIN, Template
from clip_head.training.teacher.distance import sample_surface


def sphere(radius=0.3, rounds=5):
    vertices = np.concatenate([np.eye(3), -np.eye(3)])
    faces = np.array([[0, 1, 2], [1, 3, 2], [3, 4, 2], [4, 0, 2], [1, 0, 5], [3, 1, 5], [4, 3, 5], [0, 4, 5]])
    for _ in range(rounds):
        edges = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
        unique, which = np.unique(edges, axis=0, return_inverse=True)
        ab, bc, ca = (len(vertices) + which.reshape(-1, 3)).T
        vertices = np.concatenate([vertices, vertices[unique].mean(axis=1)])
        vertices /= np.linalg.norm(vertices, axis=1, keepdims=True)
        a, b, c = faces.T
        faces = np.concatenate([np.stack(t, axis=1) for t in ((a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca))])
    return (radius * vertices).astype(np.float32), faces.astype(np.int32)


def network():
    """Two global entries that move the anchors, and what members say at random, all small."""
    vertices, faces = sphere()
    size = ((9, 9, 9), (-0.4, -0.4, -0.4), 0.1, (2, 2, 2), (0, 0, 0), 0.1)
    config = EmbeddedConfig(2, 1, 8, *size, ("cap",), ("lift",), ("all",), len(vertices), len(faces), 1)
    torch.manual_seed(1)
    found = EmbeddedNPHM(config)
    anchors = np.random.default_rng(0).normal(size=(ANCHORS, 3))
    anchors *= 0.3 / np.linalg.norm(anchors, axis=1, keepdims=True)
    anchors[1:SYMMETRIC:2] = anchors[0:SYMMETRIC:2] * [-1, 1, 1]
    found.mean_anchors = torch.from_numpy(anchors.astype(np.float32))
    found.radii = torch.full((ANCHORS,), 0.4)
    found.sheet_vertices, found.sheet_faces = torch.from_numpy(vertices), torch.from_numpy(faces)
    with torch.no_grad():
        # The first entry stretches all anchors upwards and downwards, the second to the sides.
        weight = torch.zeros(ANCHORS, 3, 2)
        weight[:, 1, 0], weight[:, 0, 1] = 0.1 * found.mean_anchors[:, 1], 0.1 * found.mean_anchors[:, 0]
        found.mlp_pos.weight.copy_(weight.reshape(-1, 2))
        found.mlp_pos.bias.zero_()
        found.lin2.weight.mul_(1e-3)
    return found.eval().requires_grad_(False)


def test_the_basis_times_the_code_is_the_displacement():
    net = network()
    code = np.random.default_rng(3).normal(size=net.id_size).astype(np.float32)
    points = sphere()[0][::70]
    basis = displacement_basis(net, points)
    found = np.tensordot(np.concatenate([[1.0], code[: len(basis) - 1]]), basis, axes=1)
    expected = net.members(torch.from_numpy(code)).displacement(torch.from_numpy(points)).numpy()
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_surface_gives_back_the_code_that_made_it():
    net = network()
    code = np.zeros(net.id_size, np.float32)
    code[:2] = 1.2, -0.8
    vertices, faces = sphere()
    moved = vertices + net.members(torch.from_numpy(code)).displacement(torch.from_numpy(vertices)).numpy()
    corners = moved[faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    scan = sample_surface(moved, faces, 40_000, np.random.default_rng(0))
    found = fit_identity(net, scan.points, scan.normal)
    assert found.shape == (net.id_size,)
    np.testing.assert_allclose(found[:2], code[:2], atol=0.2)
    fitted = vertices + net.members(torch.from_numpy(found)).displacement(torch.from_numpy(vertices)).numpy()
    across = np.einsum("fc,fc->f", fitted[faces].mean(axis=1) - corners.mean(axis=1), normals)
    start = np.einsum("fc,fc->f", vertices[faces].mean(axis=1) - corners.mean(axis=1), normals)
    assert np.abs(across).mean() < 0.15 * np.abs(start).mean()


def mouth(gap):
    """Two lips, slabs seen from the front with a gap between them (units), before a membrane."""
    vertices, faces, part, upper, lower = [], [], [], [], []
    for low, high, z, kind in ((gap / 2, 0.1, 0.0, "upper"), (-0.1, -gap / 2, 0.0, "lower"), (-0.1, 0.1, -0.02, "")):
        x, y = np.meshgrid(np.linspace(-0.1, 0.1, 9), np.linspace(low, high, 5), indexing="ij")
        start = sum(map(len, vertices))
        vertices.append(np.stack([x.ravel(), y.ravel(), np.full(x.size, z)], axis=1))
        first = (np.arange(8)[:, None] * 5 + np.arange(4)).ravel() + start
        faces += [np.stack([first, first + 5, first + 6], 1), np.stack([first, first + 6, first + 1], 1)]
        part.append(np.full(2 * len(first), SKIN if kind else MOUTH, np.uint8))
        upper.append(np.full(x.size, kind == "upper"))
        lower.append(np.full(x.size, kind == "lower"))
    regions = {"upper_lip": np.concatenate(upper), "lower_lip": np.concatenate(lower)}
    at = np.concatenate(vertices).astype(np.float32)
    return Template(at, np.concatenate(faces), np.zeros((0, 3, 2), np.float32), np.concatenate(part), regions, {})


def test_the_gap_between_lips_is_seen_from_the_front():
    for gap in (0.008, 0.02):
        template = mouth(gap)
        assert abs(lip_gap(template, template.vertices) - 250 * gap) < 0.4


def test_lips_cross_by_as_much_as_the_lower_one_reaches_above_the_upper_ones_edge():
    template = mouth(0.008)
    joint = template.faces[0]
    template.regions["lower_lip"][joint[0]] = True
    upper, lower = (template.regions[name] for name in ("upper_lip", "lower_lip"))
    lips = Lips.on(template.vertices, template.faces, upper, lower)
    moved = template.vertices.copy()
    assert lip_crossing(lips, moved) == 0
    moved[lower] += [0, 0.014, 0]
    assert 1.2 < lip_crossing(lips, moved) < 1.8
