"""Distances to the skin of a head have a sign, and its triangles are found by their corners."""

import numpy as np

from clip_head.core.hair.skin import Skin, halves


def ball(steps: int = 40) -> Skin:
    """A ball of radius 1, of quads, without its poles."""
    polar, around = np.meshgrid(
        np.linspace(0.2, np.pi - 0.2, steps), np.arange(2 * steps) * np.pi / steps, indexing="ij"
    )
    points = np.stack([np.sin(polar) * np.sin(around), np.cos(polar), np.sin(polar) * np.cos(around)], axis=-1)
    row, column = np.meshgrid(np.arange(steps - 1), np.arange(2 * steps), indexing="ij")
    a, b = row * 2 * steps + column, row * 2 * steps + (column + 1) % (2 * steps)
    quads = np.stack([a, a + 2 * steps, b + 2 * steps, b], axis=-1).reshape(-1, 4)
    return Skin(points.reshape(-1, 3).astype(np.float32), quads.astype(np.int32))


def test_distances_are_positive_outside_and_negative_inside() -> None:
    skin = ball()
    way = np.random.default_rng(0).normal(size=(300, 3)) * np.array([1, 0.4, 1])
    way = way[np.abs(way[:, 1]) < 0.9 * np.linalg.norm(way, axis=1)]
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    for radius in (0.7, 0.97, 1.03, 1.4):
        distance, normal = skin.nearest((radius * way).astype(np.float32))
        np.testing.assert_allclose(distance, radius - 1, atol=0.01)
        assert (normal * way).sum(axis=1).min() > 0.99


def test_triangles_are_found_in_any_order() -> None:
    skin = ball(8)
    chosen = np.random.default_rng(1).permutation(len(skin.triangles))[:50]
    np.testing.assert_array_equal(skin.find(skin.triangles[chosen][:, [2, 0, 1]]), chosen)
    np.testing.assert_array_equal(halves(np.array([[0, 1, 2, 3]])), [[0, 1, 2], [0, 2, 3]])
