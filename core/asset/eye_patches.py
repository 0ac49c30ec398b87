"""What lies on the lids of both eyes: a patch of quads on each, laid anew in every pose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from ..types import AssetLevel, AssetPart, Floats

#: Least motion of a lid, units (0.01 mm), that makes an action one of the part.
_LEAST_MOTION = 4e-5

Lids = TypeVar("Lids", bound=Sequence[Floats])


def eye_patches(
    name: str,
    material: str,
    lay: Callable[[Lids], Floats],
    edges: Lids,
    posed: Mapping[str, Lids],
    shape: tuple[int, int],
) -> AssetPart:
    """A part of two patches, mirror images of each other, with the actions that move its lids as keys.

    name, material: of the part.
    lay: from lids to the vertices (2 * along * across, 3) of the left and the right patch, row by row, units.
    edges: of the lids (P, 3), units.
    posed: ARKit name -> the same with that action at 1, units.
    shape: vertices along and across a patch.
    """
    vertices = lay(edges)
    count = len(vertices) // 2
    grid = np.arange(count).reshape(shape)
    quads = np.stack([grid[:-1, :-1], grid[1:, :-1], grid[1:, 1:], grid[:-1, 1:]], axis=-1).reshape(-1, 4)
    across, along = np.meshgrid(np.linspace(0, 1, shape[1]), np.linspace(0, 1, shape[0]))
    uv = np.stack([along, across], axis=-1).reshape(-1, 2).astype(np.float32)[quads]
    level = AssetLevel(
        np.concatenate([quads, quads[:, ::-1] + count]).astype(np.int32),
        np.concatenate([uv, uv[:, ::-1]]),
        np.zeros(2 * len(quads), np.int32),
    )
    keys = {
        action: lay(lids) - vertices
        for action, lids in posed.items()
        if max(np.abs(a - b).max() for a, b in zip(edges, lids, strict=True)) > _LEAST_MOTION
    }
    mirror = np.roll(np.arange(2 * count, dtype=np.int32), count)
    return AssetPart(name, vertices, (level,), (material,), keys, mirror=mirror)
