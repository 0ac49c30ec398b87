"""Signed distances to a teacher mesh, and points on and near its surface with their template correspondence."""

from __future__ import annotations

from dataclasses import dataclass

import igl
import numpy as np
import numpy.typing as npt

from clip_head.core.types import Floats, Ints


def signed_distance(vertices: npt.ArrayLike, faces: npt.ArrayLike, points: npt.ArrayLike) -> Floats:
    """(P,) signed distance, negative inside, by fast winding numbers; overlapping closed parts count as one solid.

    vertices (V, 3), faces (F, 3), points (P, 3). Source: G. Barill et al., Fast Winding Numbers for Soups and
    Clouds, SIGGRAPH 2018 (libigl).
    """
    distance, _, _, _ = igl.signed_distance(
        np.ascontiguousarray(points, np.float64),
        np.ascontiguousarray(vertices, np.float64),
        np.ascontiguousarray(faces, np.int64),
        igl.SIGNED_DISTANCE_TYPE_FAST_WINDING_NUMBER,
    )
    return np.asarray(distance, np.float32)


@dataclass(frozen=True)
class Samples:
    """points (P, 3); the surface point each was drawn from: face (P,), bary (P, 3) of the mesh; normal (P, 3) there."""

    points: Floats
    face: Ints
    bary: Floats
    normal: Floats


def sample_surface(
    vertices: Floats, faces: Ints, count: int, rng: np.random.Generator, by_area: float = 0.5
) -> Samples:
    """Random surface points: a share by_area evenly over the area, the rest evenly over the triangles.

    The meshes' triangles are dense around eyes, lips and ears, so the second kind looks closely where it matters.
    """
    corners = vertices[faces]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(cross, axis=1)
    weights = by_area * area / area.sum() + (1 - by_area) / len(faces)
    face = rng.choice(len(faces), size=count, p=weights / weights.sum())
    root, turn = np.sqrt(rng.random(count)), rng.random(count)
    bary = np.stack([1 - root, root * (1 - turn), root * turn], axis=1).astype(np.float32)
    points = np.einsum("pk,pkc->pc", bary, corners[face]).astype(np.float32)
    normal = (cross[face] / np.maximum(area[face], 1e-20)[:, None]).astype(np.float32)
    return Samples(points, face.astype(np.int32), bary, normal)


def sample_near(samples: Samples, spread: float, rng: np.random.Generator) -> Floats:
    """(P, 3) points moved off the surface by a normal deviate of `spread` units in every direction."""
    return (samples.points + rng.normal(0, spread, samples.points.shape)).astype(np.float32)
