"""Which template point lies under each point of a surface that is drawn pixel by pixel."""

from __future__ import annotations

from dataclasses import dataclass

import igl
import numpy as np

from clip_head.core.types import Floats, Ints
from clip_head.training.teacher.dataset import HairStyle, Template, interpolate

from .assets import smooth_field


@dataclass(frozen=True)
class SurfacePoints:
    """N points as albedo_at wants them: template_face (N,), template_bary (N, 3), is_hair (N,) 0 to 1, positions
    (N, 3) in the template's frame."""

    template_face: Ints
    template_bary: Floats
    is_hair: Floats
    positions: Floats


def locate(template: Template, style: HairStyle, positions: Floats) -> SurfacePoints:
    """The template under points (N, 3) of a style's surface in the template's frame."""
    face, bary = closest(template.vertices, template.faces, positions)
    if not style.is_hair.any():
        return SurfacePoints(face, bary, np.zeros(len(positions), dtype=np.float32), positions)
    on_style, style_bary = closest(style.vertices, style.faces, positions)
    # The mesh decides per vertex, which leaves teeth along the hairline: smoothed, and cut where it is a half.
    share = smooth_field(style.is_hair, style.faces, 8)[:, None]
    hair = interpolate(share, style.faces, on_style, style_bary)[:, 0]
    return SurfacePoints(face, bary, np.clip((hair - 0.35) / 0.3, 0, 1).astype(np.float32), positions)


def closest(vertices: Floats, faces: Ints, points: Floats) -> tuple[Ints, Floats]:
    """Face (N,) and barycentric coordinates (N, 3) of a mesh's point nearest to each of (N, 3)."""
    places, corners = vertices.astype(np.float64), faces.astype(np.int64)
    _, face, near = igl.point_mesh_squared_distance(np.ascontiguousarray(points, dtype=np.float64), places, corners)
    a, b, c = (places[corners[face, k]] for k in range(3))
    area = np.cross(b - a, c - a)
    square = np.maximum((area**2).sum(axis=1), 1e-18)
    first = (np.cross(b - near, c - near) * area).sum(axis=1) / square
    second = (np.cross(c - near, a - near) * area).sum(axis=1) / square
    bary = np.clip(np.stack([first, second, 1 - first - second], axis=1), 0, 1)
    return face.astype(np.int32), (bary / bary.sum(axis=1, keepdims=True)).astype(np.float32)
