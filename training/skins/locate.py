"""The template point that corresponds to each point of a surface: the nearest one."""

from __future__ import annotations

from dataclasses import dataclass

import igl
import numpy as np

from clip_head.core.types import Floats, Ints
from clip_head.training.teacher.dataset import HairStyle, Template, interpolate

from .assets import smooth_field

#: Number of averagings that smooth a style's mask of hair, which is per vertex and jagged along the hairline.
HAIRLINE_ROUNDS = 8
#: Value of the smoothed mask at which hair begins, and how much more makes it dense: a soft border around one half.
HAIRLINE_BORDER, HAIRLINE_WIDTH = 0.35, 0.3


@dataclass(frozen=True)
class SurfacePoints:
    """N points of a surface and the template points that they correspond to, as albedo_at takes them.

    template_face: (N,) face of the template.
    template_bary: (N, 3) barycentric coordinates in it.
    is_hair: (N,) 0 skin to 1 hair.
    positions: (N, 3) on the template, hair included, units, in the frame of the heads.
    """

    template_face: Ints
    template_bary: Floats
    is_hair: Floats
    positions: Floats


def locate(template: Template, style: HairStyle, positions: Floats) -> SurfacePoints:
    """Find the template under points of a hair style's surface.

    template: the mean head.
    style: the hair style, on the template.
    positions: (N, 3) on the style's surface, units, in the frame of the heads.
    Returns: the N points.
    """
    face, bary = closest(template.vertices, template.faces, positions)
    if not style.is_hair.any():
        return SurfacePoints(face, bary, np.zeros(len(positions), dtype=np.float32), positions)
    style_face, style_bary = closest(style.vertices, style.faces, positions)
    smooth = smooth_field(style.is_hair, style.faces, HAIRLINE_ROUNDS)[:, None]
    hair = interpolate(smooth, style.faces, style_face, style_bary)[:, 0]
    return SurfacePoints(
        face, bary, np.clip((hair - HAIRLINE_BORDER) / HAIRLINE_WIDTH, 0, 1).astype(np.float32), positions
    )


def closest(vertices: Floats, faces: Ints, points: Floats) -> tuple[Ints, Floats]:
    """The nearest point of a mesh.

    vertices: (V, 3) of the mesh.
    faces: (F, 3) vertex indices.
    points: (N, 3) in the same frame.
    Returns: the face (N,) that the nearest point lies on, and its barycentric coordinates (N, 3) there.
    """
    mesh_vertices, corners = vertices.astype(np.float64), faces.astype(np.int64)
    _, face, near = igl.point_mesh_squared_distance(
        np.ascontiguousarray(points, dtype=np.float64), mesh_vertices, corners
    )
    a, b, c = (mesh_vertices[corners[face, k]] for k in range(3))
    area = np.cross(b - a, c - a)
    square = np.maximum((area**2).sum(axis=1), 1e-18)
    first = (np.cross(b - near, c - near) * area).sum(axis=1) / square
    second = (np.cross(c - near, a - near) * area).sum(axis=1) / square
    bary = np.clip(np.stack([first, second, 1 - first - second], axis=1), 0, 1)
    return face.astype(np.int32), (bary / bary.sum(axis=1, keepdims=True)).astype(np.float32)
