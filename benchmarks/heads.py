"""Rough heads of joined ellipsoids, for benchmarks and tests that must run in a bare clone."""

from __future__ import annotations

import numpy as np
from skimage.measure import marching_cubes

from clip_head.core.types import HeadMesh

#: Corners of the box that rough heads are drawn in, units.
_LOW, _HIGH = np.array([-0.55, -0.8, -0.95]), np.array([0.55, 0.75, 0.4])
#: Width over which their parts blend into each other, units (12 mm).
_BLEND = 0.05


def rough_head(seed: int, step: float = 0.02, hair: bool | None = None) -> HeadMesh:
    """A closed head in NPHM's frame: skull, face, nose, ears, neck, sometimes hair.

    seed: of its proportions.
    step: spacing of the grid that it is extracted on, units.
    hair: whether it has any; None: the seed decides.
    """
    return surface_of(head_field(grid_points(step), seed, hair), step)


def grid_points(step: float) -> np.ndarray:
    """The points (X, Y, Z, 3), units, of a regular grid of this spacing round head and neck."""
    axes = [np.arange(low, high + step, step) for low, high in zip(_LOW, _HIGH, strict=True)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), -1)


def surface_of(field: np.ndarray, step: float) -> HeadMesh:
    """The zero surface of a field (X, Y, Z) on `grid_points(step)`; the grid's own borders count as outside."""
    closed = np.pad(field[1:-1, 1:-1, 1:-1], 1, constant_values=step)
    vertices, faces, _, _ = marching_cubes(closed, 0.0, spacing=(step,) * 3)
    vertices = (vertices + _LOW).astype(np.float32)
    return HeadMesh(vertices, faces.astype(np.int32), np.zeros_like(vertices))


def head_field(points: np.ndarray, seed: int, hair: bool | None = None) -> np.ndarray:
    """A field (...,) at points (..., 3), units: negative inside the head, about a distance near its surface."""
    rng = np.random.default_rng(seed)

    def vary(*values: float) -> np.ndarray:
        return np.array(values) * rng.uniform(0.85, 1.15, len(values))

    skull = _ellipsoid(points, (0, 0.13, -0.27), vary(0.30, 0.36, 0.38))
    jaw = _ellipsoid(points, (0, -0.17, -0.06), vary(0.22, 0.28, 0.24))
    nose = _ellipsoid(points, (0, -0.03, 0.20), vary(0.05, 0.09, 0.09))
    chin = _ellipsoid(points, (0, -0.38, 0.10), vary(0.07, 0.06, 0.07))
    neck = _ellipsoid(points, (0, -0.6, -0.3), vary(0.2, 0.75, 0.22))
    ear_size, ear_place = vary(0.035, 0.11, 0.06), (0.29, 0.02, -0.27)
    mirrored = points * [1, 1, 1]
    mirrored[..., 0] = np.abs(mirrored[..., 0])
    ears = _ellipsoid(mirrored, ear_place, ear_size)
    eyes = _ellipsoid(mirrored, (0.13, 0.08, 0.17), np.array([0.06, 0.035, 0.05]))
    field = skull
    for part in (jaw, nose, chin, neck, ears):
        field = _join(field, part)
    field = -_join(-field, eyes)
    bumps = rng.normal(0, 0.012, 6) @ np.sin(np.einsum("...k,nk->n...", points, rng.normal(0, 9, (6, 3)))).reshape(
        6, -1
    )
    field = field + bumps.reshape(field.shape)
    if rng.random() < 0.6 if hair is None else hair:
        length = rng.uniform(0.1, 0.55)
        cap = _ellipsoid(points, (0, 0.18, -0.32), vary(0.36, 0.38, 0.40))
        locks = _ellipsoid(points, (rng.normal(0, 0.03), -length, -0.5), vary(0.3, 0.5, 0.22))
        away_from_face = _ellipsoid(points, (0, -0.15, 0.3), np.array([0.35, 0.5, 0.45]))
        strands = 0.015 * np.sin(40 * points[..., 0] + rng.uniform(0, 6)) * np.sin(9 * points[..., 1])
        field = _join(field, np.maximum(_join(cap, locks), -away_from_face) + strands)
    return field


def _ellipsoid(points: np.ndarray, centre: tuple[float, ...], radii: np.ndarray) -> np.ndarray:
    """About the signed distance (...,) of points (..., 3) from an ellipsoid, units."""
    scaled = (points - centre) / radii
    length = np.linalg.norm(scaled, axis=-1)
    gradient = np.linalg.norm(scaled / radii, axis=-1) + 1e-9
    return length * (length - 1) / gradient


def _join(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The smooth minimum of two fields: their union, rounded where they meet."""
    weight = np.clip(0.5 + 0.5 * (b - a) / _BLEND, 0, 1)
    return b + (a - b) * weight - _BLEND * weight * (1 - weight)
