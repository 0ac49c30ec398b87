"""The head drawn into its own UV: normals and positions, the control image of the texture model."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from ..normals import angle_weighted_normals, unit
from ..remembered import remembered
from ..types import Bools, Floats, Ints, UnwrappedMesh, UVMaps
from .raster import blend, dilate, find_margin, rasterise

#: Pixels that values are carried past the chart's edge, per 256 pixels of size.
_MARGIN = 8


def draw_uv_maps(mesh: UnwrappedMesh, size: int) -> UVMaps:
    """Normals and positions of the neutral head at the centre of every texel.

    mesh: unwrapped.
    size: side of the maps, texels.
    """
    face_index, barycentric = rasterise_uv(mesh, size, size)
    mask = face_index >= 0
    normal, position = np.zeros((2, size, size, 3), np.float32)
    normal[mask] = unit(at_texels(normals_of(mesh), mesh, mask.shape))
    position[mask] = at_texels(mesh.vertices, mesh, mask.shape)
    margin = find_margin(mask, _MARGIN * size / 256)
    return UVMaps(margin.fill(normal), margin.fill(position), mask, face_index, barycentric)


def normals_of(mesh: UnwrappedMesh) -> Floats:
    """Unit normals (V, 3) of a mesh's vertices, weighted by angle; the UV seam does not show in them."""
    return _normals(mesh.vertices, mesh.faces, mesh.source)


#: The normals of the last meshes: of one mesh they are asked for several times.
_normals = remembered(4)(angle_weighted_normals)


def at_texels(values: Floats, mesh: UnwrappedMesh, shape: tuple[int, ...]) -> Floats:
    """Values of a mesh's vertices, interpolated at the texels of its own UV.

    values (V, C) or (V,): at its vertices.
    shape: rows and columns of the image, texels.
    Returns (N, C) or (N,), for the N texels of its chart in reading order.
    """
    corners, weights = _corners_at_texels(mesh.uv, mesh.faces, *shape)
    return blend(values, corners, weights)


@remembered(4)
def _corners_at_texels(uv: Floats, faces: Ints, height: int, width: int) -> tuple[Ints, Floats]:
    """The vertices (N, 3) of the face at each texel of a chart, and their weights (N, 3). Parameters as of
    `_rasterise_chart`."""
    face, barycentric = _rasterise_chart(uv, faces, height, width)
    covered = face >= 0
    return faces[face[covered]].astype(np.int32), barycentric[covered]


def texels_on_mesh(mesh: UnwrappedMesh, maps: UVMaps) -> tuple[Ints, Floats]:
    """Which face of a mesh lies at every texel of its maps, and where on that face.

    mesh: unwrapped.
    maps: of the mesh; those that were read from a file are rasterised again.
    Returns the face (H, W), -1 outside the chart, and barycentric coordinates (H, W, 3).
    """
    if maps.face is not None and maps.barycentric is not None:
        return maps.face, maps.barycentric
    return rasterise_uv(mesh, *maps.mask.shape)


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


def rasterise_uv(mesh: UnwrappedMesh, height: int, width: int) -> tuple[Ints, Floats]:
    """As `rasterise`, for a mesh in its own UV."""
    return _rasterise_chart(mesh.uv, mesh.faces, height, width)


@remembered(4)
def _rasterise_chart(uv: Floats, faces: Ints, height: int, width: int) -> tuple[Ints, Floats]:
    """As `rasterise`, for uv (V, 2)."""
    pixels = np.stack([uv[:, 0] * width, (1.0 - uv[:, 1]) * height], 1, dtype=np.float64)
    return rasterise(pixels, None, faces, height, width)
