"""Hair in bundles: locks and braids, each on a patch of the scalp of its own, with bare partings between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from clip_head.core.types import Floats

from .fields import Distance
from .strands import smooth

#: Rounds of moving bundles apart, and how strongly they are smoothed after each, in points.
ROUNDS, SMOOTHED = 16, 2.0
#: How much nearer to its root, as a part of its radius, a bundle may come to others; and the part of its length over
#: which it gives way to them more and more.
TOUCHING, YIELDING = 0.9, 0.2


@dataclass(frozen=True)
class Bundles:
    """How hair is bundled: one guide is the middle of each bundle, and strands gather, curl or are braided about it.

    count: of bundles.
    radius: of a bundle, units: as near they may come to each other and to the skin.
    """

    count: int = 90
    radius: float = 0.016


def patches(points: Floats, centres: Floats, parting: float) -> Floats:
    """What is left of the density (V,), 0 to 1, where hair parts between patches, each nearest to one of their centres.

    points: (V, 3) of the skin, units.
    centres: (C, 3) units, two at least.
    parting: width of the bare skin between patches, units.
    """
    distance, nearest = cKDTree(centres).query(points, 2)
    apart = np.linalg.norm(np.diff(centres[nearest], axis=1)[:, 0], axis=1)
    # How far it is to the plane half-way between the two nearest centres.
    border = (distance[:, 1] ** 2 - distance[:, 0] ** 2) / (2 * np.maximum(apart, 1e-6))
    return np.asarray(np.clip(2 * border / parting, 0, 1), np.float32)


def apart(axes: Floats, radius: float, skin: Distance) -> Floats:
    """Middle lines (B, T, 3) of bundles, moved so far apart that these hardly run through each other, and out of the
    skin; their roots stay.

    axes: evenly sampled, units.
    radius: of the bundles, units.
    skin: the distance to it.
    """
    count, nodes = axes.shape[:2]
    yielding = np.clip(np.linspace(0, 1 / YIELDING, nodes), 0, 1)[None, :, None]
    number = np.repeat(np.arange(count), nodes)
    for _ in range(ROUNDS):
        flat = axes.reshape(-1, 3)
        pairs = cKDTree(flat).query_pairs(2 * TOUCHING * radius, output_type="ndarray")
        pairs = pairs[number[pairs[:, 0]] != number[pairs[:, 1]]]
        between = flat[pairs[:, 0]] - flat[pairs[:, 1]]
        distance = np.linalg.norm(between, axis=1, keepdims=True)
        push = between / np.maximum(distance, 1e-6) * (2 * TOUCHING * radius - distance) / 2
        moved, times = np.zeros_like(flat), np.zeros((len(flat), 1), np.float32)
        for end, sign in ((0, 1), (1, -1)):
            np.add.at(moved, pairs[:, end], sign * push)
            np.add.at(times, pairs[:, end], 1)
        moved /= np.maximum(times, 1)
        axes = axes + yielding * moved.reshape(axes.shape)
        inner = axes.reshape(-1, 3)
        missing = np.maximum(1.2 * radius * yielding.repeat(count, axis=0).reshape(-1) - skin.at(inner), 0)
        axes = axes + (missing[:, None] * skin.gradient(inner)).reshape(axes.shape)
        axes = smooth(axes, SMOOTHED)
    return np.asarray(axes, np.float32)
