"""Signed distances to the template's skin and to a style's volume, as strands feel them while they grow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from scipy import ndimage

from clip_head.core.nphm.embedded_network import HAIR_CLAMP, EmbeddedNetwork
from clip_head.core.types import Floats

#: Step for gradients, units (1.5 mm).
_STEP = 0.006
#: Thickness below which skin is without a beard, units (0.25 mm), and how much farther from a beard's volume that
#: counts as being, units (5 mm), so that no strand creeps along it.
BARE, BARE_DISTANCE = 0.001, 0.02
#: Shapes of a volume that are narrower than this are smoothed away, units (3 mm): standard deviation of a Gaussian.
_SMOOTHING = 0.012


@dataclass(frozen=True)
class Distance:
    """A signed distance on a grid.

    values: (X, Y, Z) units, negative inside.
    origin: (3,) the first node, units.
    spacing: between nodes, units.
    """

    values: Floats
    origin: Floats
    spacing: float

    def at(self, points: Floats) -> Floats:
        """The distance (...,) at points (..., 3), units; outside the grid it goes on growing."""
        index = (points - self.origin) / self.spacing
        inner = np.clip(index, 0, np.array(self.values.shape) - 1)
        flat = inner.reshape(-1, 3).T
        value = ndimage.map_coordinates(self.values, flat, order=1, mode="nearest").reshape(points.shape[:-1])
        outside = np.linalg.norm(index - inner, axis=-1) * self.spacing
        return np.asarray(value + outside, np.float32)

    def gradient(self, points: Floats) -> Floats:
        """The direction (N, 3) in which the distance grows at points (N, 3): unit vectors."""
        step = _STEP * np.eye(3, dtype=np.float32)
        around = self.at(points[:, None] + np.concatenate([step, -step]))
        return unit(around[:, :3] - around[:, 3:])


def unit(vectors: Floats) -> Floats:
    """Vectors (..., 3) at length 1; those without a length stay 0."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9), np.float32)


def across(vectors: Floats, axis: Floats) -> Floats:
    """Vectors (N, 3) without what they have along unit vectors (N, 3)."""
    return np.asarray(vectors - (vectors * axis).sum(axis=1, keepdims=True) * axis, np.float32)


def skin_distance(network: EmbeddedNetwork) -> Distance:
    """The distance to the template's skin; network: of the head model."""
    config = network.config
    return Distance(network.template_grid.numpy(), np.array(config.grid_origin, np.float32), config.grid_spacing)


def hair_distance(network: EmbeddedNetwork, style: str) -> Distance:
    """The distance to a hair style's volume.

    network: of the head model.
    style: one of its config.styles.
    """
    config = network.config
    code = torch.zeros(len(config.styles))
    code[config.styles.index(style)] = 1.0
    grid = network.blended_hair(code)
    assert grid is not None
    origin = np.array(config.hair_origin, np.float32)
    return Distance(unclamped(grid.numpy(), config.hair_spacing / 2), origin, config.hair_spacing / 2)


def beard_thickness(network: EmbeddedNetwork, beard: str, points: Floats) -> Floats:
    """How thick a beard is (N,), units, at points (N, 3) of the skin.

    network: of the head model.
    beard: one of its config.beards.
    """
    config = network.config
    thickness = network.beard_grids[config.beards.index(beard)].numpy()
    index = (points - np.array(config.beard_origin, np.float32)) / config.beard_spacing
    return np.asarray(ndimage.map_coordinates(thickness, index.T, order=1, mode="constant"), np.float32)


def beard_distance(network: EmbeddedNetwork, beard: str, skin: Distance) -> Distance:
    """The distance to a beard's volume: where the skin's is below the beard's thickness.

    network: of the head model.
    beard: one of its config.beards.
    skin: the distance to the template's skin.
    """
    config = network.config
    origin = np.array(config.beard_origin, np.float32)
    index = np.stack(np.meshgrid(*(np.arange(n) for n in config.beard_shape), indexing="ij"), axis=-1)
    nodes = (origin + index * config.beard_spacing).astype(np.float32)
    thickness = beard_thickness(network, beard, nodes.reshape(-1, 3)).reshape(config.beard_shape)
    bare = np.where(thickness < BARE, BARE_DISTANCE, 0.0)
    return Distance((skin.at(nodes) - thickness + bare).astype(np.float32), origin, config.beard_spacing)


def unclamped(grid: Floats, spacing: float) -> Floats:
    """A grid (X, Y, Z) whose distances end at HAIR_CLAMP with true ones beyond, on either side; units.

    grid: units.
    spacing: between nodes, units.
    """
    inside = grid < 0
    deep = spacing * ndimage.distance_transform_edt(inside)
    far = spacing * ndimage.distance_transform_edt(~inside)
    known = np.abs(grid) < 0.9 * HAIR_CLAMP
    return np.asarray(np.where(known, grid, np.where(inside, -deep, far)), np.float32)


def smoothed(distance: Distance) -> Distance:
    """A distance whose finest shapes are smoothed away, so that its gradient is steady."""
    values = ndimage.gaussian_filter(distance.values, _SMOOTHING / distance.spacing)
    return Distance(values, distance.origin, distance.spacing)
