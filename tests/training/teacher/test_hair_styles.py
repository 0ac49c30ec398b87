"""Analytic hair and beards on the template: closed, one piece, off the face, above the neck; thickness on skin."""

import numpy as np
import pytest
from scipy import ndimage, sparse

from clip_head.training.teacher.base_mesh import RACES
from clip_head.training.teacher.beards import build_beards
from clip_head.training.teacher.dataset import BEARDS, load_beards
from clip_head.training.teacher.distance import signed_distance
from clip_head.training.teacher.generate import build_template
from clip_head.training.teacher.hair import build_style
from clip_head.training.teacher.hair_field import end_plane_distance, face_window, head_field
from clip_head.training.teacher.hair_volumes import VOLUMES
from clip_head.training.teacher.identities import base_vertices, build_basis, describe, mean_adult
from clip_head.training.teacher.primitives import ellipsoid, smooth_maximum, smooth_minimum, tube
from clip_head.training.teacher.template import build_topology

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def parts():
    topology = build_topology()
    basis = build_basis(topology.base)
    mean = base_vertices(basis, mean_adult())
    template = build_template(topology, mean)
    return topology, basis, mean, template, head_field(template, spacing=0.02)


@pytest.fixture(scope="module", params=["braid01", "bun", "mohawk", "pigtails", "wavy"])
def style(request, parts):
    topology, _, mean, template, field = parts
    return build_style(request.param, None, topology, mean, template, field)


def test_a_volume_and_the_head_are_one_closed_piece(style):
    edges = np.sort(style.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()
    graph = sparse.coo_matrix((np.ones(len(edges)), edges.T), shape=(len(style.vertices),) * 2)
    assert sparse.csgraph.connected_components(graph, directed=False)[0] == 1


def test_a_volume_leaves_the_face_free_and_ends_above_the_neck_plane(style):
    hair = style.vertices[style.is_hair]
    assert face_window(hair).min() > -0.02
    assert end_plane_distance(hair).max() < 0.03
    assert np.abs(hair[:, 0]).max() < 0.5
    assert hair[:, 1].max() < 0.7


def test_a_volume_follows_other_heads_without_tears(style, parts):
    _, basis, mean, _, _ = parts
    child = base_vertices(basis, describe(1.0, 5.0, dict.fromkeys(RACES, 1 / 3), 0.5, {})) - mean
    moved = style.weights @ child
    ends = style.faces[:, [0, 1]]
    both = style.is_hair[ends].all(axis=1)
    apart = np.linalg.norm(moved[ends[both, 0]] - moved[ends[both, 1]], axis=1)
    length = np.linalg.norm(style.vertices[ends[both, 0]] - style.vertices[ends[both, 1]], axis=1)
    assert np.percentile(apart / (length + 0.002), 99.5) < 1.5


@pytest.fixture(scope="module")
def worn(parts):
    """Points on a grid around the template, in pairs of head distance and hair distance for some styles."""
    topology, _, mean, template, field = parts
    styles = {n: build_style(n, None, topology, mean, template, field) for n in ("balding", "braid01", "receding")}

    def hair_at(name, points):
        style = styles[name]
        index = (np.float32(points) - style.origin) / style.spacing
        return ndimage.map_coordinates(style.grid, index.T, order=1, mode="nearest")

    return hair_at


def test_the_plait_hangs_in_front_of_one_shoulder_in_bulges(worn):
    y = np.linspace(-0.5, -0.15, 71)
    across, along = np.meshgrid(np.linspace(-0.48, -0.2, 57), np.linspace(-0.4, 0.2, 61), indexing="ij")
    area = []
    for height in y:
        level = np.stack([across.ravel(), np.full(across.size, height), along.ravel()], axis=1)
        plait = worn("braid01", level) < 0
        area.append(plait.sum())
        assert plait.any(), height
        assert (worn("braid01", level * [-1, 1, 1]) > 0)[plait].mean() > 0.8, "one side only"
    lowest = np.stack([across.ravel(), np.full(across.size, -0.45), along.ravel()], axis=1)
    assert lowest[worn("braid01", lowest) < 0, 2].mean() > 0, "in front of the neck"
    bulges = np.array(area) - ndimage.gaussian_filter1d(np.array(area, float), 8)
    assert ((bulges[1:] > 0) & (bulges[:-1] <= 0)).sum() >= 3


def test_receding_keeps_hair_on_top_and_bays_at_the_temples_balding_a_ring(worn, parts):
    template = parts[3]
    skin = template.vertices[template.faces[template.part == 0]].mean(axis=1)
    x, y, z = skin.T
    hair = {name: worn(name, skin) < 0 for name in ("balding", "receding")}
    crown = (y > 0.36) & (np.abs(x) < 0.06) & (z > -0.3) & (z < 0.05)
    bays = (np.abs(np.abs(x) - 0.16) < 0.03) & (np.abs(z - 0.06) < 0.05) & (y > 0.25)
    sides = (np.abs(x) > 0.24) & (y > 0.1) & (y < 0.18) & (z < -0.1) & (z > -0.3)
    back = (z < -0.45) & (np.abs(y - 0.1) < 0.05)
    assert min(crown.sum(), bays.sum(), sides.sum(), back.sum()) > 10
    assert (hair["receding"][crown].mean(), hair["balding"][crown].mean()) == (1.0, 0.0)
    assert (hair["receding"][bays].mean(), hair["balding"][bays].mean()) == (0.0, 0.0)
    for name, covered in hair.items():
        assert covered[sides].mean() > 0.9, name
        assert covered[back].mean() > 0.9, name


def test_every_volume_stands_off_the_skull_somewhere_and_is_finite(parts):
    template = parts[3]
    rng = np.random.default_rng(0)
    points = rng.uniform((-0.5, -0.4, -0.8), (0.5, 0.7, 0.1), (4000, 3)).astype(np.float32)
    head = signed_distance(template.vertices, template.faces, points)
    for name, volume in VOLUMES.items():
        hair = volume(points, head, np.full(len(points), 0.1, np.float32))
        assert np.isfinite(hair).all(), name
        assert ((hair < 0) & (head > 0.02)).any(), name


def test_shapes_measure_distances():
    points = np.float32([[0, 0, 0], [0.3, 0, 0], [0, 0.5, 0]])
    assert tube(points, [(0, 0, 0), (0.2, 0, 0)], [0.1, 0.05]) == pytest.approx([-0.1, 0.05, 0.4], abs=1e-6)
    np.testing.assert_allclose(ellipsoid(points[1:], (0, 0, 0), (0.2, 0.2, 0.2)), [0.1, 0.3], atol=0.01)
    first, second = np.float32([0.0, 1.0, 0.5]), np.float32([1.0, 0.0, 0.5])
    np.testing.assert_allclose(smooth_minimum(first, second, 0.1), [0, 0, 0.4875], atol=1e-6)
    np.testing.assert_allclose(smooth_maximum(first, second, 0.1), [1, 1, 0.5125], atol=1e-6)


@pytest.fixture(scope="module")
def beards(parts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("beard")
    build_beards(parts[3], folder, fresh=False)
    return load_beards(folder)


def thickness_at(beard, points):
    index = np.round((points - beard.origin) / beard.spacing).astype(int)
    inside = ((index >= 0) & (index < beard.thickness.shape)).all(axis=1)
    return np.where(inside, beard.thickness[tuple(np.clip(index, 0, np.array(beard.thickness.shape) - 1).T)], 0.0)


def test_beards_come_in_their_order_and_differ(beards):
    assert tuple(beards) == BEARDS
    grids = np.stack([beard.thickness for beard in beards.values()])
    assert (grids >= 0).all()
    apart = np.abs(grids[:, None] - grids[None]).max(axis=(2, 3, 4))
    assert apart[~np.eye(len(BEARDS), dtype=bool)].min() > 0.02


def test_beards_grow_where_beards_grow(beards, parts):
    template = parts[3]
    at = {name: thickness_at(beard, template.vertices) for name, beard in beards.items()}
    y, z = template.vertices[:, 1:].T
    slit = (np.abs(template.vertices[:, 0]) < 0.05) & (np.abs(y + 0.255) < 0.03) & (z > 0.2)
    chin = template.landmarks["chin"]
    assert slit.sum() > 50
    for name, thickness in at.items():
        assert thickness[slit].max() < 0.004, name
        assert thickness[y > 0.05].max() == 0, name
    assert [at[name][chin] > 0.001 for name in BEARDS] == [True, False, True, True, True, False]
    chops, x = at["mutton chops"], np.abs(template.vertices[:, 0])
    cheek = (x > 0.18) & (np.abs(y + 0.2) < 0.05) & (np.abs(z) < 0.05)
    assert chops[cheek].max() > 0.02, "thick on the cheeks"
    assert chops[(x > 0.105) & (x < 0.16) & (np.abs(y + 0.27) < 0.04) & (z > 0.08)].max() > 0.01, "to the mouth"
    assert chops[x < 0.09].max() < 0.002, "lip and chin are shaved"
    assert 0.001 < at["stubble"][chin] < 0.008 < at["full"][chin]
