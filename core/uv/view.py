"""What a camera without perspective sees of a surface: which triangle in which pixel, and the normal there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..normals import area_weighted_normals
from ..types import Bools, Floats, Ints
from .raster import rasterise


@dataclass(frozen=True)
class RasterisedView:
    """What is seen of a surface.

    covered: (H, W) where it is.
    corners: (P, 3) vertices of the triangle in each covered pixel, in reading order.
    weights: (P, 3) barycentric, there.
    normals: (P, 3) unit vectors, smooth, there; +z towards the camera.
    """

    covered: Bools
    corners: Ints
    weights: Floats
    normals: Floats


def rasterised_view(turned: Floats, faces: Ints, half: float, size: int) -> RasterisedView:
    """Draw a surface as it is seen along -z, x to the right and y upwards.

    turned (V, 3): its vertices, of which the origin is the middle of the picture, units.
    faces (F, 3): those that look away are not drawn.
    half: of the side of what is shown, units.
    size: pixels along a side.
    """
    xy = np.stack([turned[:, 0], -turned[:, 1]], axis=1) * (size / 2 / half) + size / 2
    normals = area_weighted_normals(turned, faces)
    faces = faces[(normals[faces][..., 2] > 0).any(axis=1)]
    face, weights = rasterise(xy, -turned[:, 2], faces, size, size)
    covered = face >= 0
    corners = faces[face[covered]]
    normal = np.einsum("pk,pkc->pc", weights[covered], normals[corners])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
    return RasterisedView(covered, corners, weights[covered], normal)
