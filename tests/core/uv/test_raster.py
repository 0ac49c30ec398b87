"""The rasteriser against a brute-force evaluation, and its promises: no cracks, nearest wins, exact centres."""

import numpy as np
import pytest

from clip_head.core.uv.raster import dilate, interpolate, rasterise


def _brute_force(xy, depth, faces, height, width):
    best = np.full((height, width), np.inf)
    index = np.full((height, width), -1)
    for number, (a, b, c) in enumerate(faces):
        matrix = np.array([[*xy[a], 1], [*xy[b], 1], [*xy[c], 1]]).T
        if abs(np.linalg.det(matrix)) < 1e-9:
            continue
        inverse = np.linalg.inv(matrix)
        for row in range(height):
            for column in range(width):
                weights = inverse @ [column + 0.5, row + 0.5, 1]
                z = weights @ depth[[a, b, c]]
                if weights.min() >= 0 and z < best[row, column]:
                    best[row, column], index[row, column] = z, number
    return index


def test_agrees_with_brute_force() -> None:
    rng = np.random.default_rng(3)
    xy, depth = rng.uniform(-10, 40, (60, 2)), rng.random(60)
    faces = rng.integers(0, 60, (40, 3))
    index, _ = rasterise(xy, depth, faces, 24, 30)
    np.testing.assert_array_equal(index, _brute_force(xy, depth, faces, 24, 30))


def test_barycentric_coordinates_reproduce_the_pixel_centres() -> None:
    rng = np.random.default_rng(4)
    xy, faces = rng.uniform(0, 64, (30, 2)), rng.integers(0, 30, (50, 3))
    index, barycentric = rasterise(xy, rng.random(30), faces, 64, 64)
    row, column = np.nonzero(index >= 0)
    centres = interpolate(xy, faces, index, barycentric)[row, column]
    np.testing.assert_allclose(centres, np.stack([column, row], 1) + 0.5, atol=1e-3)
    assert len(row) > 1000


@pytest.mark.parametrize("flip", [False, True])
def test_neighbours_leave_no_crack_even_through_pixel_centres(flip: bool) -> None:
    # Vertices on pixel centres and arbitrary ones: every centre inside the fan must be covered.
    rng = np.random.default_rng(5)
    n = 41
    x, y = np.meshgrid(np.linspace(0, 40, n), np.linspace(0, 40, n))
    xy = np.stack([x, y], -1)
    xy[1:-1, 1:-1] += np.where(rng.random((n - 2, n - 2, 1)) < 0.5, 0.5, rng.uniform(-0.3, 0.3, (n - 2, n - 2, 2)))
    grid = np.arange(n * n).reshape(n, n)
    a, b, c, d = grid[:-1, :-1].ravel(), grid[:-1, 1:].ravel(), grid[1:, 1:].ravel(), grid[1:, :-1].ravel()
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    index, _ = rasterise(xy.reshape(-1, 2), None, faces[:, ::-1] if flip else faces, 40, 40)
    assert (index >= 0).all()


def test_the_smallest_depth_wins() -> None:
    xy = np.array([[0, 0], [20, 0], [0, 20]] * 2, float)
    index, _ = rasterise(xy, np.array([2, 2, 2, 1, 1, 1.0]), np.array([[0, 1, 2], [3, 4, 5]]), 8, 8)
    assert set(np.unique(index)) == {1}


def test_nothing_to_draw() -> None:
    index, barycentric = rasterise(np.zeros((0, 2)), None, np.zeros((0, 3), int), 4, 5)
    assert index.shape == (4, 5)
    assert (index == -1).all()
    assert not barycentric.any()


def test_dilation_takes_the_nearest_value_and_keeps_the_inside() -> None:
    image = np.zeros((9, 9, 2))
    mask = np.zeros((9, 9), bool)
    mask[4, 4] = True
    image[4, 4] = 7
    grown = dilate(image, mask, 2)
    assert grown[4, 6, 0] == 7
    assert grown[4, 7, 0] == 0
    assert (image[mask] == grown[mask]).all()
