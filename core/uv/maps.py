"""The head drawn into its own UV: normals and positions, the control image of the texture model."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from ..normals import angle_weighted_normals, unit
from ..types import Bools, Floats, Ints, UnwrappedMesh, UVMaps
from .raster import dilate, interpolate, rasterise

#: Pixels that values are carried past the chart's edge, per 256 pixels of size.
_MARGIN = 8


def draw_uv_maps(mesh: UnwrappedMesh, size: int) -> UVMaps:
    """Normals and positions of the neutral head at every texel's centre of a size x size image."""
    points = mesh.vertices.astype(np.float64)
    face_index, barycentric = _rasterise_uv(mesh, size, size)
    mask = face_index >= 0
    normal = interpolate(
        angle_weighted_normals(mesh.vertices, mesh.faces, mesh.source), mesh.faces, face_index, barycentric
    )
    position = interpolate(points, mesh.faces, face_index, barycentric)
    margin = _MARGIN * size / 256
    normal = dilate(unit(normal), mask, margin)
    return UVMaps(normal, dilate(position, mask, margin), mask, face_index, barycentric)


def texels_on_mesh(mesh: UnwrappedMesh, maps: UVMaps) -> tuple[Ints, Floats]:
    """The face (H, W) of the mesh at every texel of its maps, -1 outside the chart, and where on it (H, W, 3)."""
    if maps.face is not None and maps.barycentric is not None:
        return maps.face, maps.barycentric
    return _rasterise_uv(mesh, *maps.mask.shape)


def carry_to_all(values: Floats, mask: Bools, step: int) -> Floats:
    """Values (N, C) at all N texels of a chart, mask (H, W): linear between `values` (n, C) at those n of its texels
    that lie in each step-th row and column, in reading order."""
    if step == 1:
        return values
    few = mask[::step, ::step]
    image = np.zeros((*few.shape, values.shape[1]), np.float32)
    image[few] = values
    image = dilate(image, few, float("inf"))
    down, right = (_between(n, len(range(0, n, step)), step) for n in mask.shape)
    channels = [(right @ (down @ image[..., k]).T).T[mask] for k in range(values.shape[1])]
    return np.stack(channels, axis=-1).astype(np.float32)


def _between(count: int, few: int, step: int) -> sp.csr_matrix:
    """(count, few) matrix of linear interpolation: entry i of the few stands at i * step."""
    place = np.minimum(np.arange(count) / step, few - 1)
    low = np.minimum(place.astype(int), max(few - 2, 0))
    fraction = (place - low).astype(np.float32)
    rows, columns = np.arange(count), np.minimum(low + 1, few - 1)
    return sp.csr_matrix(
        (np.concatenate([1 - fraction, fraction]), (np.concatenate([rows, rows]), np.concatenate([low, columns]))),
        shape=(count, few),
    )


def _rasterise_uv(mesh: UnwrappedMesh, height: int, width: int) -> tuple[Ints, Floats]:
    pixels = np.stack([mesh.uv[:, 0] * width, (1.0 - mesh.uv[:, 1]) * height], 1, dtype=np.float64)
    return rasterise(pixels, None, mesh.faces, height, width)
