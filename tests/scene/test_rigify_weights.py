"""Weights along chains of bones and round places, on points in a row."""

import numpy as np

from clip_head.scene.rigify_weights import along_chain, falloff, skin_distances, taken

#: Eleven points 10 mm apart along x, each joined to the next.
POINTS = np.stack([np.arange(11) * 0.01, np.zeros(11), np.zeros(11)], axis=1).astype(np.float32)
EDGES = np.stack([np.arange(10), np.arange(1, 11)], axis=1).astype(np.int32)


def test_between_two_bones_weights_pass_from_one_to_the_next() -> None:
    middles = np.array([[0.02, 0, 0], [0.06, 0, 0], [0.08, 0, 0]], np.float32)
    weights = along_chain(POINTS + np.array([0, 0.003, 0], np.float32), middles)
    np.testing.assert_allclose(weights.sum(axis=0), 1.0, atol=1e-6)
    np.testing.assert_allclose(weights[0], [1, 1, 1, 0.75, 0.5, 0.25, 0, 0, 0, 0, 0], atol=1e-6)
    np.testing.assert_allclose(weights[2], [0, 0, 0, 0, 0, 0, 0, 0.5, 1, 1, 1], atol=1e-6)


def test_distances_run_along_edges_and_not_across_a_gap() -> None:
    seeds = np.arange(11) == 2
    distance = skin_distances(POINTS, EDGES[EDGES[:, 0] != 5], seeds, 0.08)
    np.testing.assert_allclose(distance[:6], [0.02, 0.01, 0, 0.01, 0.02, 0.03], atol=1e-6)
    assert (distance[6:] > 0.08).all()


def test_a_share_falls_from_one_to_nothing() -> None:
    np.testing.assert_allclose(falloff(np.array([0.0, 0.01, 0.02, 0.5, np.inf]), 0.02), [1, 0.5, 0, 0, 0])


def test_handles_take_their_share_and_the_nearer_most_of_what_both_reach() -> None:
    skin = {"head": np.full(3, 0.75, np.float32), "jaw": np.full(3, 0.25, np.float32)}
    upper = np.array([1.0, 0.9, 0.0], np.float32), {"upper": np.ones(3, np.float32)}
    lower = np.array([0.0, 0.5, 0.0], np.float32), {"lower": np.ones(3, np.float32)}
    weights = taken(skin, [upper, lower])
    np.testing.assert_allclose(sum(weights.values()), 1.0, atol=1e-6)
    np.testing.assert_allclose(weights["upper"][[0, 2]], [1.0, 0.0])
    np.testing.assert_allclose(weights["head"], [0.0, 0.75 * 0.1 * 0.5, 0.75], atol=1e-6)
    assert weights["upper"][1] > 9 * weights["lower"][1] > 0
