"""Normals of the surface as a tangent-space normal map on the mesh."""

from __future__ import annotations

import numpy as np

from ...types import Bytes, Floats, Ints, UnwrappedMesh, UVMaps
from ...uv.maps import at_texels, texels_on_mesh
from ...uv.raster import Margin, dilate, find_margin

#: How far beyond the chart's edge values are carried, as a fraction of the image's side: enough for three mip-maps.
MARGIN = 8 / 256


def tangent_normals(
    mesh: UnwrappedMesh, maps: UVMaps, normals: Floats, slopes: Floats | None = None, margin: Margin | None = None
) -> Bytes:
    """The normal map that gives the smooth shaded mesh the surface's own normals.

    OpenGL convention, as Blender and glTF read it: red along +u, green along +v (up), blue out of the surface. The
    tangent frame follows MikkTSpace: angle-weighted tangents of the vertices, orthogonal to the interpolated normal.

    mesh: the head.
    maps: of the mesh, with N texels in maps.mask.
    normals (N, 3): unit normals in the head's frame at these texels, in the order of maps.position[mask].
    slopes (N, 2): of a finer relief on that surface, along the tangent and the bitangent; None: there is none.
    margin: of maps.mask, into which the normals are carried; None: MARGIN wide.
    Returns (H, W, 3), bytes (n + 1) / 2.
    """
    height, width = maps.mask.shape
    face_index = texels_on_mesh(mesh, maps)[0]
    tangents, sign = _vertex_tangents(mesh)
    normal = _unit(maps.normal[maps.mask])
    tangent = at_texels(tangents, mesh, maps.mask.shape)
    drawn = face_index >= 0
    if (drawn != maps.mask).any():
        image = np.zeros((height, width, 3), np.float32)
        image[drawn] = tangent
        tangent = dilate(image, drawn, max(height, width))[maps.mask]
    tangent = _unit(tangent - normal * np.einsum("nc,nc->n", tangent, normal)[:, None])
    bitangent = np.cross(normal, tangent) * np.float32(sign)

    local = np.stack([np.einsum("nc,nc->n", normals, axis) for axis in (tangent, bitangent, normal)], -1)
    # A normal that leaves the mesh's own hemisphere has no sensible shading: it is laid down to the horizon.
    local[:, 2] = np.maximum(local[:, 2], 0.05)
    if slopes is not None:
        # Slopes add up: the relief stands on the surface as the surface does on the mesh.
        local[:, :2] -= local[:, 2:] * slopes
    image = np.empty((height, width, 3), np.uint8)
    image[...] = (128, 128, 255)
    image[maps.mask] = np.floor((_unit(local) + 1) * 127.5 + 0.5).clip(0, 255)
    return (margin or find_margin(maps.mask, MARGIN * height)).fill(image)


def _vertex_tangents(mesh: UnwrappedMesh) -> tuple[Floats, float]:
    """(V, 3) directions in which u grows, angle-weighted, and the chart's handedness: -1 where it is mirrored."""
    corners, uv = mesh.vertices[mesh.faces].astype(np.float64), mesh.uv[mesh.faces].astype(np.float64)
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    du, dv = (uv[:, 1:] - uv[:, :1]).transpose(2, 0, 1)
    area = du[:, 0] * dv[:, 1] - du[:, 1] * dv[:, 0]
    along_u = _unit((first * dv[:, 1:] - second * dv[:, :1]) * np.sign(area)[:, None])
    tangents = np.zeros_like(mesh.vertices, dtype=np.float64)
    for corner, angle in enumerate(_angles(corners)):
        _accumulate(tangents, mesh.faces[:, corner], along_u * angle[:, None])
    return _unit(tangents).astype(np.float32), -1.0 if area.sum() < 0 else 1.0


def _angles(corners: np.ndarray) -> list[np.ndarray]:
    """The inner angle of each triangle (F, 3, 3) at each of its three corners."""
    angles = []
    for corner in range(3):
        here = corners[:, corner]
        left, right = _unit(corners[:, corner - 2] - here), _unit(corners[:, corner - 1] - here)
        angles.append(np.arccos((left * right).sum(-1).clip(-1, 1)))
    return angles


def _accumulate(sums: np.ndarray, vertex: Ints, values: np.ndarray) -> None:
    """Add values (F, 3) to the rows `vertex` (F,) of sums (V, 3), in place."""
    for axis in range(3):
        sums[:, axis] += np.bincount(vertex, values[:, axis], len(sums))


def _unit(vectors: np.ndarray) -> np.ndarray:
    """Vectors (..., 3) of length one; those of length zero stay. Its last bits differ from those of normals.unit."""
    length = np.sqrt(np.einsum("...c,...c->...", vectors, vectors))
    return vectors / np.maximum(length, 1e-12)[..., None]
