"""Heights from a normal map's slopes, and values drawn into images, on a plate that is known to the last figure."""

import numpy as np
import pytest

from clip_head.core.types import Floats
from clip_head.scene.relief import Surface, draw, relief_heights, sample, spread

#: Side of the plate, metres, and its quads along that.
SIDE, COUNT = 0.06, 120


def plate(mirrored: bool = False) -> Surface:
    """A flat square that faces +z; u takes twice as long along x as v along y, and runs backwards where mirrored."""
    along = np.linspace(0, 1, COUNT + 1)
    x, y = (axis.ravel() for axis in np.meshgrid(along, along))
    corner = (np.arange(COUNT)[:, None] * (COUNT + 1) + np.arange(COUNT)).ravel()
    quads = np.stack([corner, corner + 1, corner + COUNT + 2, corner + COUNT + 1], axis=1)
    points = np.stack([x * SIDE, y * SIDE, 0 * x], axis=1).astype(np.float32)
    uv = np.stack([0.5 * (1 - x if mirrored else x), y], axis=1).astype(np.float32)
    tangent = np.array([-1, 0, 0, -1] if mirrored else [1, 0, 0, 1], np.float32)
    normals = np.tile(np.array([0, 0, 1], np.float32), (len(points), 1))
    return Surface(
        points,
        quads.astype(np.int32),
        uv[quads],
        normals,
        np.tile(tangent, (len(quads), 4, 1)),
        np.ones(len(quads), bool),
    )


def waves(points: Floats) -> tuple[Floats, Floats]:
    """Heights (N,), metres, of crossing waves of 5 and 8 mm, and how they rise along x and y (N, 2)."""
    x, y = points[:, 0], points[:, 1]
    first, second = 2 * np.pi / 0.005, 2 * np.pi / 0.008
    height = 1e-4 * np.sin(first * x) + 2e-4 * np.cos(second * y)
    return height, np.stack([1e-4 * first * np.cos(first * x), -2e-4 * second * np.sin(second * y)], axis=1)


def normal_map(size: int, mirrored: bool = False) -> Floats:
    """Of the waves, in the plate's UV, row 0 on top."""
    centres = (np.arange(size) + 0.5) / size
    u, v = np.meshgrid(centres, centres[::-1])
    x = 1 - 2 * u if mirrored else 2 * u
    _, rise = waves(np.stack([x.ravel() * SIDE, v.ravel() * SIDE], axis=1))
    rise[:, 0] *= -1 if mirrored else 1  # along the tangent
    normal = np.column_stack([-rise, np.ones(len(rise))])
    return (normal / np.linalg.norm(normal, axis=1, keepdims=True)).reshape(size, size, 3)


@pytest.mark.parametrize("mirrored", [False, True])
def test_heights_are_those_whose_slopes_the_map_shows(mirrored: bool) -> None:
    surface = plate(mirrored)
    heights = relief_heights(surface, normal_map(512, mirrored))
    wanted, _ = waves(surface.points)
    inside = ((surface.points[:, :2] > 0.1 * SIDE) & (surface.points[:, :2] < 0.9 * SIDE)).all(axis=1)
    assert np.corrcoef(heights[inside], wanted[inside])[0, 1] > 0.99
    assert heights[inside].std() == pytest.approx(wanted[inside].std(), rel=0.1)


def test_what_is_not_skin_has_no_relief() -> None:
    surface = plate()
    left = surface.points[surface.quads].mean(axis=1)[:, 0] < SIDE / 2
    heights = relief_heights(
        Surface(surface.points, surface.quads, surface.uv, surface.normals, surface.tangents, left), normal_map(512)
    )
    bare = surface.points[:, 0] > 0.75 * SIDE
    assert np.abs(heights[bare]).max() < 0.1 * np.abs(heights[~bare]).max()


def test_a_flat_map_gives_no_heights() -> None:
    flat = np.zeros((8, 8, 3), np.float32)
    flat[..., 2] = 1.0
    np.testing.assert_allclose(relief_heights(plate(), flat), 0.0, atol=1e-9)


def test_values_land_where_they_are_looked_up_again() -> None:
    surface = plate()
    values = np.concatenate([surface.uv, surface.points[surface.quads]], axis=2)
    drawn, mask = draw(surface.uv, values, (200, 100))
    image = spread(drawn, mask)
    assert image.shape == (200, 100, 5)
    assert mask[:, :49].all(), "no pixel is left out"
    assert not mask[:, 51:].any()
    np.testing.assert_array_equal(image[mask], drawn[mask])
    inner = (surface.uv > 0.02).all(axis=(1, 2)) & (surface.uv[..., 0] < 0.48).all(axis=1)
    inner &= (surface.uv[..., 1] < 0.98).all(axis=1)
    found = sample(image, surface.uv[inner])
    np.testing.assert_allclose(found[..., :2], surface.uv[inner], atol=0.003)
    np.testing.assert_allclose(found[..., 2:], surface.points[surface.quads[inner]], atol=0.003 * SIDE * 2)
    assert image[100, 51, 0] == pytest.approx(0.5, abs=0.02), "carried over the chart's edge"
    assert not image[:, 80:].any()
