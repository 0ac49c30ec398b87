"""The two sides of the UV seam show the same line of the head: here their colours are made to agree."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import map_coordinates
from scipy.spatial import cKDTree

from ...remembered import remembered
from ...types import Bytes, Floats, UnwrappedMesh
from ..procedural import smooth_step

#: Distances from the seam, as fractions of the image's side, over which the correction of its tint and of its detail
#: fades out: differences of tint need a wide transition, detail would be smeared by one.
_TINT_REACH, _DETAIL_REACH = 0.1, 0.012
#: Standard deviation, units (20 mm), of the Gaussian along the seam that separates tint from detail.
_TINT_LENGTH = 0.08


def match_seam(picture: Bytes, mesh: UnwrappedMesh) -> Bytes:
    """The picture with equal colours on both sides of the mesh's seam.

    Each side meets the other half-way: entirely at the seam, fading into the picture.

    picture (H, W, 3): sRGB bytes in the mesh's UV.
    mesh: whose doubled vertices are the seam.
    """
    left, right = _twins(mesh)
    if not len(left):
        return picture
    values = picture.astype(np.float32)
    uv, points = mesh.uv.astype(np.float64), mesh.vertices[left].astype(np.float64)
    half = 0.5 * (_colours(values, uv[right]) - _colours(values, uv[left]))
    tint = _along(points, half)
    # The same line seen from both sides: what is added at the left is taken away at the right.
    places = np.concatenate([uv[left], uv[right]])
    tint, detail = (np.concatenate([part, -part]) for part in (tint, half - tint))

    near, nearest, tint_fade, detail_fade = _texels_near(places, *picture.shape[:2])
    values.reshape(-1, 3)[near] += tint_fade * tint[nearest] + detail_fade * detail[nearest]
    return np.asarray(np.round(values).clip(0, 255), np.uint8)


@remembered(2)
def _texels_near(places: np.ndarray, height: int, width: int) -> tuple[np.ndarray, ...]:
    """The texels of an image that lie near the seam.

    places (n, 2): uv along the seam.
    height, width: of the image, texels.
    Returns their flat indices (m,), the nearest place to each (m,), and the weights (m, 1) of tint and of detail there.
    """
    row, column = np.mgrid[:height, :width]
    texels = np.stack([(column + 0.5) / width, 1 - (row + 0.5) / height], axis=-1)
    distance, nearest = cKDTree(places).query(texels.reshape(-1, 2), distance_upper_bound=_TINT_REACH, workers=-1)
    near = np.flatnonzero(np.isfinite(distance))
    tint, detail = (smooth_step(1 - distance[near] / reach)[:, None] for reach in (_TINT_REACH, _DETAIL_REACH))
    return near, nearest[near], tint, detail


def _twins(mesh: UnwrappedMesh) -> tuple[np.ndarray, np.ndarray]:
    """Vertices on the left (u < 0.5) and the right side of the seam that show the same point."""
    order = np.lexsort((mesh.uv[:, 0], mesh.source))
    same = np.flatnonzero(mesh.source[order[:-1]] == mesh.source[order[1:]])
    return order[same], order[same + 1]


def _colours(values: Floats, uv: np.ndarray) -> Floats:
    """The picture's colours (n, 3) at uv (n, 2), linear between texels."""
    height, width = values.shape[:2]
    pixels = np.stack([(1 - uv[:, 1]) * height - 0.5, uv[:, 0] * width - 0.5])
    return np.stack([map_coordinates(values[..., k], pixels, order=1, mode="nearest") for k in range(3)], axis=1)


def _along(points: np.ndarray, values: Floats) -> Floats:
    """Values (n, 3) averaged by a Gaussian over their neighbours among the seam's points (n, 3), units."""
    squared = ((points[:, None] - points[None]) ** 2).sum(axis=-1)
    weights = np.exp(-0.5 * squared / _TINT_LENGTH**2)
    return np.asarray(weights @ values / weights.sum(axis=1, keepdims=True), np.float32)
