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
    """Normals and positions of the neutral head at the centre of every texel.

    mesh: unwrapped.
    size: side of the maps, texels.
    """
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
    """Which face of a mesh lies at every texel of its maps, and where on that face.

    mesh: unwrapped.
    maps: of the mesh; those that were read from a file are rasterised again.
    Returns the face (H, W), -1 outside the chart, and barycentric coordinates (H, W, 3).
    """
    if maps.face is not None and maps.barycentric is not None:
        return maps.face, maps.barycentric
    return _rasterise_uv(mesh, *maps.mask.shape)


def carry_to_all(values: Floats, mask: Bools, step: int) -> Floats:
    """Interpolate values that are known at every step-th texel of a chart, linearly, to all of its texels.

    values (n, C): at the n texels of the chart in each step-th row and column, in reading order.
    mask (H, W): the chart, of N texels.
    step: 1 or more.
    Returns (N, C).
    """
    if step == 1:
        return values
    coarse_mask = mask[::step, ::step]
    image = np.zeros((*coarse_mask.shape, values.shape[1]), np.float32)
    image[coarse_mask] = values
    image = dilate(image, coarse_mask, float("inf"))
    down, right = (_interpolation(n, len(range(0, n, step)), step) for n in mask.shape)
    channels = [(right @ (down @ image[..., k]).T).T[mask] for k in range(values.shape[1])]
    return np.stack(channels, axis=-1).astype(np.float32)


def _interpolation(count: int, coarse: int, step: int) -> sp.csr_matrix:
    """The matrix (count, coarse) of linear interpolation between entries that stand at each step-th place."""
    place = np.minimum(np.arange(count) / step, coarse - 1)
    low = np.minimum(place.astype(int), max(coarse - 2, 0))
    fraction = (place - low).astype(np.float32)
    rows, columns = np.arange(count), np.minimum(low + 1, coarse - 1)
    return sp.csr_matrix(
        (np.concatenate([1 - fraction, fraction]), (np.concatenate([rows, rows]), np.concatenate([low, columns]))),
        shape=(count, coarse),
    )


def _rasterise_uv(mesh: UnwrappedMesh, height: int, width: int) -> tuple[Ints, Floats]:
    """As `rasterise`, for a mesh in its own UV."""
    pixels = np.stack([mesh.uv[:, 0] * width, (1.0 - mesh.uv[:, 1]) * height], 1, dtype=np.float64)
    return rasterise(pixels, None, mesh.faces, height, width)
