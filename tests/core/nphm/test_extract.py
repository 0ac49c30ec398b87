"""Adaptive extraction finds the dense grid's surface: on solids with thin parts, and on the official decoder."""

import numpy as np
import pytest
import torch
from scipy.spatial import cKDTree
from skimage.measure import marching_cubes

from clip_head.core.errors import MeshError, ModelError
from clip_head.core.nphm.extract import (
    FINER,
    Grid,
    extract_surface,
    focused_grid,
    grid_over,
    largest_part,
)
from clip_head.core.nphm.official import OfficialNPHM

from .conftest import PlainField

GRID = Grid((-1.0, -1.0, -1.0), 2.0 / 96, (96, 96, 96))


def sphere(points, radius=0.6, centre=(0.03, -0.02, 0.01)):
    return np.linalg.norm(points - np.float32(centre), axis=1) - np.float32(radius)


def box(points, half):
    q = np.abs(points) - np.float32(half)
    return np.linalg.norm(np.maximum(q, 0), axis=1) + np.minimum(q.max(axis=1), 0)


def thin_plate(points):
    return box(points - np.float32([0.007, 0.003, 0.011]), (0.7, 0.6, 0.55 * GRID.spacing))


def torus_with_needle(points):
    ring = np.hypot(np.hypot(points[:, 0], points[:, 2]) - 0.55, points[:, 1]) - 0.12
    needle = np.hypot(points[:, 0] - 0.552, points[:, 2] - 0.013) - 1.3 * GRID.spacing
    needle = np.maximum(needle, np.abs(points[:, 1] - 0.4) - 0.4)
    return np.minimum(ring, needle)


def steep_sphere(points):
    return 1.8 * sphere(points)


def dense_surface(field, grid):
    axes = [low + grid.spacing * np.arange(n + 1) for low, n in zip(grid.lower, grid.cells, strict=True)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3).astype(np.float32)
    values = np.concatenate([field(part) for part in np.array_split(points, 32)])
    volume = values.reshape([n + 1 for n in grid.cells])
    vertices, faces, _, _ = marching_cubes(volume, 0.0, spacing=(grid.spacing,) * 3, gradient_direction="descent")
    return vertices + np.float32(grid.lower), faces


def signed_volume(vertices, faces):
    a, b, c = (vertices[faces[:, k]].astype(float) for k in range(3))
    return np.einsum("ij,ij->", a, np.cross(b, c)) / 6


@pytest.mark.parametrize("field", [sphere, thin_plate, torus_with_needle, steep_sphere])
def test_surface_is_the_dense_grids_to_a_tenth_of_a_voxel(field):
    vertices, faces = extract_surface(PlainField(field), GRID, steepness=2.0)
    dense_vertices, dense_faces = dense_surface(field, GRID)
    assert len(faces) == len(dense_faces)
    for a, b in ((vertices, dense_vertices), (dense_vertices, vertices)):
        assert cKDTree(a).query(b)[0].max() < 0.1 * GRID.spacing
    assert signed_volume(vertices, faces) == pytest.approx(signed_volume(dense_vertices, dense_faces), rel=1e-5)


FOCUSED = focused_grid((-1, -1, -1), (1, 1, 1), 2 / 96, (np.array([-0.2, 0.1, 0.3]), np.array([0.2, 0.4, 0.7])))


def test_a_focus_has_cells_finer_by_its_factor_and_covers_the_whole_box():
    assert all(count % 8 == 0 for count in FOCUSED.cells)
    for line, low, high in zip(FOCUSED.lines, (-0.2, 0.1, 0.3), (0.2, 0.4, 0.7), strict=True):
        widths = np.diff(line)
        middle = (line[1:] + line[:-1]) / 2
        assert (line[0], line[-1]) == pytest.approx((-1, 1))
        focus = (middle > low) & (middle < high)
        assert widths[focus].max() < 1.02 * FINER * 2 / 96
        assert widths[np.abs(middle - (low + high) / 2) > 0.5].min() > 0.9 * 2 / 96
        assert widths.max() <= FOCUSED.spacing <= 1.001 * 2 / 96
    np.testing.assert_allclose(FOCUSED.upper(), [1, 1, 1], atol=1e-6)


@pytest.mark.parametrize("field", [sphere, torus_with_needle, steep_sphere])
def test_a_focused_grid_shows_the_same_solid_closed_and_closer_in_the_focus(field):
    vertices, faces = extract_surface(PlainField(field), FOCUSED, steepness=2.0)
    plain, _ = extract_surface(PlainField(field), GRID, steepness=2.0)
    edges = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()
    assert signed_volume(vertices, faces) > 0
    assert np.abs(field(vertices)).max() < 0.2 * GRID.spacing
    assert cKDTree(vertices).query(plain)[0].max() < 1.5 * GRID.spacing


def test_few_points_are_evaluated():
    counted = []

    def field(points):
        counted.append(len(points))
        return sphere(points)

    extract_surface(PlainField(field), grid_over((-1, -1, -1), (1, 1, 1), 2 / 192), steepness=1.1)
    assert sum(counted) < 0.15 * 193**3


def test_mesh_is_closed_welded_and_faces_outward():
    vertices, faces = extract_surface(PlainField(torus_with_needle), GRID)
    assert vertices.dtype == np.float32
    assert faces.dtype == np.int32
    assert signed_volume(vertices, faces) > 0
    directed = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]).astype(np.int64)
    keys = directed[:, 0] * len(vertices) + directed[:, 1]
    twins = directed[:, 1] * len(vertices) + directed[:, 0]
    assert len(np.unique(keys)) == len(keys)
    np.testing.assert_array_equal(np.sort(keys), np.sort(twins))


def test_extraction_is_deterministic():
    first, second = (
        extract_surface(PlainField(torus_with_needle), GRID),
        extract_surface(PlainField(torus_with_needle), GRID),
    )
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1], second[1])


@pytest.mark.slow
def test_collapsing_official_field_gives_the_dense_grids_surface():
    generator = torch.Generator().manual_seed(0)
    network = OfficialNPHM((torch.rand(39, 3, generator=generator) - 0.5) * 0.6).eval()
    sdf = network.identity.ensembled_deep_sdf
    with torch.no_grad():
        # Every member answers |x| + |y| + |z| - c around its anchor: sums of softplus(+-x), carried through.
        sdf.lin0.weight[:, :6, :3] = torch.cat([torch.eye(3), -torch.eye(3)])
        for layer in (sdf.lin1, sdf.lin2, sdf.lin3):
            layer.weight[:, :6, :6] = torch.eye(6)
        sdf.lin4.weight[:, :, :6] = 2**0.5
        sdf.lin4.bias.fill_(-0.25)
        z_id = torch.zeros(network.id_size)
    grid = Grid((-0.7, -0.7, -0.7), 1.4 / 24, (24, 24, 24))

    def value(points):
        with torch.no_grad():
            return network.identity(torch.from_numpy(points), z_id).numpy()

    def distance(points):
        with torch.no_grad():
            return network.identity.distance(torch.from_numpy(points), z_id).numpy()

    vertices, faces = extract_surface(PlainField(value, distance), grid, network.steepness)
    dense_vertices, dense_faces = dense_surface(value, grid)
    assert len(dense_faces) > 200
    assert len(faces) == len(dense_faces)
    assert cKDTree(vertices).query(dense_vertices)[0].max() < 0.1 * grid.spacing


def test_largest_part_drops_islands_and_hollows():
    def field(points):
        shell = np.maximum(sphere(points), -sphere(points, 0.3))
        return np.minimum(shell, sphere(points, 0.08, (0.8, 0.8, 0.8)))

    vertices, faces = largest_part(*extract_surface(PlainField(field), GRID))
    radii = np.linalg.norm(vertices - np.float32([0.03, -0.02, 0.01]), axis=1)
    np.testing.assert_allclose(radii, 0.6, atol=0.005)
    assert faces.max() == len(vertices) - 1


def test_a_field_without_surface_is_an_error():
    with pytest.raises(MeshError, match="no surface"):
        extract_surface(PlainField(lambda points: np.ones(len(points), dtype=np.float32)), GRID)


def test_nan_in_the_field_is_an_error():
    with pytest.raises(ModelError, match="not finite"):
        extract_surface(PlainField(lambda points: np.full(len(points), np.nan, dtype=np.float32)), GRID)
