"""Triangles drawn into images with numpy alone: which face covers which pixel's centre, and where on that face.

No GPU and no OpenGL, so that it runs in every worker and in tests. Pixel (row r, column c) has its centre at
(c + 0.5, r + 0.5); x runs right, y runs down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy import ndimage

from ..remembered import remembered
from ..types import Bools, Floats, Ints

#: Pairs of a face and a pixel in its bounding box that are tested together; bounds the memory, not the result.
_CHUNK = 1 << 21


def rasterise(
    xy_pixels: npt.ArrayLike,
    depth: npt.ArrayLike | None,
    faces: npt.ArrayLike,
    height: int,
    width: int,
) -> tuple[Ints, Floats]:
    """Find the face at each pixel's centre.

    A triangle covers the centres inside it and on its rim; where several cover one centre at the same depth, the lowest
    face index wins. Edges are evaluated identically from both sides, so neighbours leave no cracks.

    xy_pixels (V, 2): positions in pixels, x right and y down.
    depth (V,): in any unit, the smallest is nearest and wins; None where faces do not overlap.
    faces (F, 3): of either winding.
    height, width: of the image, pixels.
    Returns face_index (H, W) int32, -1 where nothing is, and barycentric (H, W, 3) float32, 0 where nothing is. Both
    are affine in the image: a perspective projection passes a depth that is affine there (such as -1 / z).
    """
    points = np.asarray(xy_pixels, np.float64)
    triangles = np.asarray(faces, np.int64).reshape(-1, 3)
    heights = np.zeros(len(points)) if depth is None else np.asarray(depth, np.float64)

    corners = points[triangles]
    first, count = _pixel_boxes(corners, height, width)
    drawable = (count.min(axis=1) > 0) & (np.abs(_doubled_area(corners)) > 1e-12)
    kept = np.flatnonzero(drawable)
    edges = _edge_functions(corners[kept])
    first, count, corner_depth = first[kept], count[kept], heights[triangles[kept]]

    nearest = np.full(height * width, np.inf)
    winner = np.full(height * width, -1, np.int64)
    ends = np.cumsum(count[:, 0] * count[:, 1])
    start = 0
    while start < len(kept):
        base = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, base + _CHUNK, side="right")))
        face, column, row = _candidates(first, count, start, stop)
        weights = _evaluate(edges, face, column, row)
        inside = (weights >= 0).all(axis=0)
        face, weights = face[inside], weights[:, inside]
        pixel = row[inside] * width + column[inside]
        depths = (
            (weights.T * corner_depth[face]).sum(axis=1) / weights.sum(axis=0) if depth is not None else weights[0] * 0
        )
        nearer = depths < nearest[pixel]
        face, pixel, depths = face[nearer], pixel[nearer], depths[nearer]
        np.minimum.at(nearest, pixel, depths)
        best = np.flatnonzero(depths == nearest[pixel])[::-1]
        winner[pixel[best]] = face[best]
        start = stop

    covered = np.flatnonzero(winner >= 0)
    weights = _evaluate(edges, winner[covered], covered % width, covered // width)
    barycentric = np.zeros((height * width, 3), np.float32)
    barycentric[covered] = (weights / weights.sum(axis=0)).T
    face_index = np.full(height * width, -1, np.int32)
    face_index[covered] = kept[winner[covered]]
    return face_index.reshape(height, width), barycentric.reshape(height, width, 3)


def interpolate(values: npt.ArrayLike, faces: npt.ArrayLike, face_index: Ints, barycentric: Floats) -> Floats:
    """Interpolate vertex values at the pixels that `rasterise` covered.

    values (V, C) or (V,): at the vertices.
    faces (F, 3): as given to `rasterise`.
    face_index (H, W), barycentric (H, W, 3): as it returned.
    Returns (H, W, C) or (H, W), 0 where no face is.
    """
    table = np.asarray(values, np.float32)
    image = np.zeros(face_index.shape + table.shape[1:], np.float32)
    covered = face_index >= 0
    image[covered] = blend(table, np.asarray(faces)[face_index[covered]], barycentric[covered])
    return image


def blend(values: npt.ArrayLike, corners: Ints, weights: Floats) -> Floats:
    """Weighted sums of the values at three vertices.

    values (V, C) or (V,): at the vertices.
    corners (N, 3): vertices.
    weights (N, 3): theirs.
    Returns (N, C) or (N,).
    """
    table = np.asarray(values, np.float32)
    starts = np.arange(0, 3 * len(corners) + 1, 3)
    matrix = sp.csr_matrix((weights.ravel(), corners.ravel(), starts), shape=(len(corners), len(table)))
    return np.asarray(matrix @ table)


def dilate(image: np.ndarray, mask: Bools, pixels: float) -> np.ndarray:
    """Carry the values inside a mask outwards, which hides the chart's edge from filtering and mip-maps.

    image (H, W, ...): of any kind.
    mask (H, W): True inside.
    pixels: distance within which pixels outside take the value of the nearest one inside; infinite: all of them.
    Returns a copy.
    """
    return find_margin(mask, pixels).fill(image.copy())


@dataclass(frozen=True)
class Margin:
    """The pixels around a mask, and for each the nearest pixel inside.

    to (2, N): rows and columns of the pixels around it.
    source (2, N): those of the nearest pixels inside.
    """

    to: np.ndarray
    source: np.ndarray

    def fill(self, image: np.ndarray) -> np.ndarray:
        """The image (H, W, ...) itself, with the values inside carried into the margin."""
        image[tuple(self.to)] = image[tuple(self.source)]
        return image


@remembered(8)
def find_margin(mask: Bools, pixels: float) -> Margin:
    """The pixels within a distance of a mask: searched once, for all images.

    mask (H, W): True inside.
    pixels: the distance.
    """
    if not mask.any():
        nowhere = np.zeros((2, 0), np.intp)
        return Margin(nowhere, nowhere)
    distance, nearest = ndimage.distance_transform_edt(~mask, return_indices=True)
    to = np.stack(np.nonzero((distance > 0) & (distance <= pixels)))
    return Margin(to, nearest[:, to[0], to[1]].astype(np.intp))


def _pixel_boxes(corners: np.ndarray, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """First column and row, and count of columns and rows, of the pixel centres in each triangle's bounding box."""
    limit = np.array([width, height], np.float64)
    low = np.clip(np.ceil(corners.min(axis=1) - 0.5), 0, limit).astype(np.int64)
    high = np.clip(np.floor(corners.max(axis=1) - 0.5), -1, limit - 1).astype(np.int64)
    return low, np.maximum(high - low + 1, 0)


def _doubled_area(corners: np.ndarray) -> np.ndarray:
    u, v = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    return u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]


def _edge_functions(corners: np.ndarray) -> np.ndarray:
    """(5, 3, F): start x, y, direction x, y and sign of the edge opposite each corner.

    Each edge is directed by its end points' coordinates, not by the face, so that both faces at an edge compute the
    same number and only the sign differs: no pixel between neighbours is lost to rounding.
    """
    a, b = corners[:, [1, 2, 0]], corners[:, [2, 0, 1]]
    swap = (a[..., 0] > b[..., 0]) | ((a[..., 0] == b[..., 0]) & (a[..., 1] > b[..., 1]))
    start = np.where(swap[..., None], b, a)
    direction = np.where(swap[..., None], a, b) - start
    sign = np.where(swap, -1.0, 1.0) * np.sign(_doubled_area(corners))[:, None]
    return np.stack([start[..., 0].T, start[..., 1].T, direction[..., 0].T, direction[..., 1].T, sign.T])


def _evaluate(edges: np.ndarray, face: np.ndarray, column: np.ndarray, row: np.ndarray) -> np.ndarray:
    """(3, N): doubled areas opposite each corner, as seen from the pixel's centre; all >= 0 inside."""
    x, y = column + 0.5, row + 0.5
    weights = np.empty((3, len(face)))
    for corner in range(3):
        start_x, start_y, along_x, along_y, sign = (table[face] for table in edges[:, corner])
        weights[corner] = sign * (along_x * (y - start_y) - along_y * (x - start_x))
    return weights


def _candidates(
    first: np.ndarray, count: np.ndarray, start: int, stop: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every pixel of the bounding boxes of faces start..stop: face, column, row."""
    sizes = count[start:stop, 0] * count[start:stop, 1]
    face = np.repeat(np.arange(start, stop), sizes)
    rank = np.arange(len(face)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    columns = count[face, 0]
    return face, first[face, 0] + rank % columns, first[face, 1] + rank // columns
