"""Weights of a rig's bones on a mesh: along chains of bones, and within a distance of places on the skin."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..core.types import Bools, Floats, Ints

#: A share (V,) of the weights of a mesh's vertices, and how bones divide it among them: name -> (V,), sum 1.
Handle = tuple[Floats, dict[str, Floats]]
#: Power of their shares by which handles divide what both reach; and weights below which a vertex is left alone.
_NEARER, _LEAST = 4, 1e-3


def along_chain(points: Floats, middles: Floats) -> Floats:
    """Weights (B, V) of points along a chain of bones: linear between the bones' middles, sum 1.

    points (V, 3), middles (B, 3): metres, the chain's in order.
    """
    nearest, place = np.full(len(points), np.inf), np.zeros(len(points))
    for k, (start, end) in enumerate(pairwise(middles)):
        way = end - start
        along = ((points - start) @ way / (way @ way)).clip(0, 1)
        distance = np.linalg.norm(points - start - along[:, None] * way, axis=1)
        closer = distance < nearest
        nearest[closer], place[closer] = distance[closer], k + along[closer]
    return np.stack([(1 - np.abs(place - k)).clip(0, 1) for k in range(len(middles))]).astype(np.float32)


def skin_distances(points: Floats, edges: Ints, seeds: Bools, reach: float) -> Floats:
    """How far vertices are from the nearest seed along edges (V,), metres; beyond `reach` it is anything that is more.

    points (V, 3): metres.
    edges (E, 2): pairs of vertices.
    seeds (V,): true where it is 0.
    reach: metres.
    """
    lengths = np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)
    distance = np.where(seeds, 0.0, np.inf)
    while True:  # each pass goes one edge farther
        before = distance.copy()
        for start, end in (edges.T, edges.T[::-1]):
            there = before[start] + lengths
            near = there < reach
            np.minimum.at(distance, end[near], there[near])
        if np.array_equal(distance, before):
            return distance


def falloff(distance: Floats, reach: float) -> Floats:
    """1 at distance 0, smoothly down to 0 at `reach` and beyond; both in metres."""
    near = (1 - distance / reach).clip(0, 1)
    return np.asarray(near * near * (3 - 2 * near), np.float32)


def taken(weights: dict[str, Floats], handles: list[Handle]) -> dict[str, Floats]:
    """Weights of which handles have taken their shares; their sum stays. Where handles meet, the nearer has by far the
    most: so upper and lower lip part from their corners on.

    weights: name of a bone -> (V,).
    handles: of the same vertices.
    """
    shares = np.stack([share for share, _ in handles])
    left = np.prod(1 - shares, axis=0)
    parts = shares**_NEARER
    parts *= (1 - left) / np.maximum(parts.sum(axis=0), 1e-9)
    total = np.sum(list(weights.values()), axis=0)
    weights = {name: values * left for name, values in weights.items()}
    for part, (_, own) in zip(parts, handles, strict=True):
        for name, values in own.items():
            weights[name] = weights.get(name, 0) + total * part * values
    return {name: np.where(values > _LEAST, values, 0) for name, values in weights.items() if values.max() > _LEAST}
