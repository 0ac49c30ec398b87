"""Which template point lies under each point of a surface that is drawn pixel by pixel."""

from __future__ import annotations

from dataclasses import dataclass

import igl
import numpy as np

from clip_head.core.types import Floats, Ints
from clip_head.training.teacher.dataset import Template, interpolate


@dataclass(frozen=True)
class SurfacePoints:
    """N points as albedo_at wants them: template_face (N,), template_bary (N, 3), is_hair (N,) 0 to 1, positions
    (N, 3) in the template's frame."""

    template_face: Ints
    template_bary: Floats
    is_hair: Floats
    positions: Floats


def locate(
    template: Template,
    vertex_points: Floats,
    vertex_positions: Floats,
    vertex_hair: Floats,
    faces: Ints,
    face: Ints,
    bary: Floats,
) -> SurfacePoints:
    """Points (face (N,), bary (N, 3)) of a mesh whose vertices lie at vertex_positions (V, 3) in the template's frame
    and over vertex_points (V, 3) of the template itself."""
    over = interpolate(vertex_points, faces, face, bary)
    positions = interpolate(vertex_positions, faces, face, bary)
    share = interpolate(np.asarray(vertex_hair, np.float32)[:, None], faces, face, bary)[:, 0]
    under, template_bary = closest(template, over)
    return SurfacePoints(under, template_bary, np.clip((share - 0.35) / 0.3, 0, 1).astype(np.float32), positions)


def closest(template: Template, points: Floats) -> tuple[Ints, Floats]:
    """Face (N,) and barycentric coordinates (N, 3) of the template's point nearest to each of (N, 3)."""
    vertices, faces = template.vertices.astype(np.float64), template.faces.astype(np.int64)
    _, face, near = igl.point_mesh_squared_distance(np.ascontiguousarray(points, dtype=np.float64), vertices, faces)
    a, b, c = (vertices[faces[face, k]] for k in range(3))
    area = np.cross(b - a, c - a)
    square = np.maximum((area**2).sum(axis=1), 1e-18)
    first = (np.cross(b - near, c - near) * area).sum(axis=1) / square
    second = (np.cross(c - near, a - near) * area).sum(axis=1) / square
    bary = np.clip(np.stack([first, second, 1 - first - second], axis=1), 0, 1)
    return face.astype(np.int32), (bary / bary.sum(axis=1, keepdims=True)).astype(np.float32)
