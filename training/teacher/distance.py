"""Signed distances to a mesh, and random points on and near its surface."""

from __future__ import annotations

from dataclasses import dataclass

import igl
import numpy as np
import numpy.typing as npt

from clip_head.core.types import Floats, Ints


def signed_distance(vertices: npt.ArrayLike, faces: npt.ArrayLike, points: npt.ArrayLike) -> Floats:
    """Signed distance to a mesh, its sign by the winding number; overlapping closed parts count as one solid.

    vertices: (V, 3) of the mesh, units.
    faces: (F, 3) vertex indices, counter-clockwise seen from outside.
    points: (P, 3) in the same frame.
    Returns: (P,) distance in units, negative inside.
    Source: G. Barill et al., Fast Winding Numbers for Soups and Clouds, SIGGRAPH 2018 (libigl).
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
    """Random points of a surface.

    points: (P, 3) units.
    face: (P,) the face that each lies on.
    bary: (P, 3) barycentric coordinates in that face.
    normal: (P, 3) unit normal of the face, outwards.
    """

    points: Floats
    face: Ints
    bary: Floats
    normal: Floats


def sample_surface(
    vertices: Floats, faces: Ints, count: int, rng: np.random.Generator, by_area: float = 0.5
) -> Samples:
    """Draw points of a surface, some evenly by area, the others evenly by triangle.

    The triangles of the heads are dense around eyes, lips and ears, so that the second kind is dense there, too.

    vertices: (V, 3) units.
    faces: (F, 3) vertex indices.
    count: number of points, P.
    rng: source of the draw.
    by_area: expected fraction of the points, 0 to 1, that are drawn by area.
    Returns: P points with their faces, barycentric coordinates and normals.
    """
    corners = vertices[faces]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(cross, axis=1)
    weights = by_area * area / area.sum() + (1 - by_area) / len(faces)
    face = rng.choice(len(faces), size=count, p=weights / weights.sum())
    # Uniform in a triangle: the square root makes up for the triangle's growing width (Turk, Graphics Gems, 1990).
    root, fraction = np.sqrt(rng.random(count)), rng.random(count)
    bary = np.stack([1 - root, root * (1 - fraction), root * fraction], axis=1).astype(np.float32)
    points = np.einsum("pk,pkc->pc", bary, corners[face]).astype(np.float32)
    normal = (cross[face] / np.maximum(area[face], 1e-20)[:, None]).astype(np.float32)
    return Samples(points, face.astype(np.int32), bary, normal)


def sample_near(samples: Samples, spread: float, rng: np.random.Generator) -> Floats:
    """Points near a surface: its samples moved by a normal deviate along every axis.

    samples: P points of the surface.
    spread: standard deviation in units.
    rng: source of the draw.
    Returns: (P, 3) units.
    """
    return (samples.points + rng.normal(0, spread, samples.points.shape)).astype(np.float32)
