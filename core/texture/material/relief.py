"""Fine relief that the mesh is too coarse for: pores, lines of the lips, strands of hair; heights become slopes."""

from __future__ import annotations

import numpy as np

from ...types import MILLIMETRES_PER_UNIT, Bytes, Floats, Ints, UnwrappedMesh, UVMaps
from ..albedo.seam import smooth_step
from ..albedo.strands import curls
from ..procedural import value_noise

#: Of skin: length of a bump and its height, millimetres. The finest are pores, pits only.
_SKIN = ((1.1, 0.05), (2.2, 0.06), (4.5, 0.06))
#: Of hair, likewise, across strands, which run this many times as far along.
_HAIR = ((1.6, 0.16), (3.2, 0.3), (7.0, 0.4))
_ALONG = 14.0
#: Height of curls, millimetres.
_CURL_HEIGHT = 0.9
#: Of beards and brows, and of the lines of the lips, which run up and down.
_BRISTLES = ((1.3, 0.1), (2.6, 0.16))
_LIP_LINES, _LIPS_ALONG = ((1.6, 0.06), (3.2, 0.06)), 4.0
#: The crown, from which hair falls, units.
_CROWN = np.array([0.0, 0.35, -0.3], np.float32)
#: Depth that one unit of darkness (0 to 1) in the albedo stands for, millimetres, and how wide what counts may be.
_DARK_DEPTH, _DARK_WIDTH = 0.9, 2.5
#: Texels in a bump from which on it can be drawn, and where it is drawn fully.
_COARSEST, _FINE = 2.2, 4.0


def skin_relief(points: Floats, texel: float) -> Floats:
    """Heights (N,), millimetres, of skin at points (N, 3), units, drawn with texels of `texel` millimetres."""
    relief = np.zeros(len(points), np.float32)
    for k, (length, height) in enumerate(_SKIN):
        share = _drawn(length, texel)
        if share > 0:
            bumps = value_noise(points * _frequency(length), 11 + k)
            relief += share * height * (-np.maximum(bumps, 0) if k == 0 else bumps)
    return relief


def hair_relief(points: Floats, texel: float, frizz: float = 0.0) -> Floats:
    """Heights (N,), millimetres, of hair that falls from the crown in strands, or is curls as far as it is frizz."""
    if frizz > 0:
        curled = np.float32(_CURL_HEIGHT) * curls(points)
        return curled if frizz == 1 else curled + np.float32(1 - frizz) * (hair_relief(points, texel) - curled)
    away = points - _CROWN
    around = away[:, [0, 2]] / np.maximum(np.linalg.norm(away[:, [0, 2]], axis=1, keepdims=True), 1e-3)
    # One turn about the crown is as long as one about the head, whatever the height.
    strand = np.column_stack([around[:, 0], np.linalg.norm(away, axis=1) / _ALONG, around[:, 1]])
    strand[:, [0, 2]] *= 0.35
    return _stretched(strand.astype(np.float32), _HAIR, texel, 21)


def bristle_relief(points: Floats, texel: float) -> Floats:
    """Heights (N,), millimetres, of a beard or brows."""
    return _stretched(points, _BRISTLES, texel, 31)


def lip_relief(points: Floats, texel: float) -> Floats:
    """Heights (N,), millimetres, of the lines of lips."""
    return _stretched(points / np.array([1, _LIPS_ALONG, 1], np.float32), _LIP_LINES, texel, 41)


def painted_relief(luminance: Floats, broad: Floats) -> Floats:
    """Heights, millimetres, of lines that are darker (0 to 1) than what is broadly around them: wrinkles, locks."""
    return _DARK_DEPTH * np.clip(luminance - broad, -0.12, 0.06)


def painted_width(texel: float) -> float:
    """How broad "broadly around" is, in texels of `texel` millimetres."""
    return _DARK_WIDTH / texel


def slopes(height: Floats, mesh: UnwrappedMesh, face: Ints, maps: UVMaps) -> Floats:
    """(N, 2) slopes of heights (H, W), millimetres, along the tangent and the bitangent at the N texels of maps.mask.

    face (H, W): the mesh's face at each texel.
    """
    rows, columns = height.shape
    along_u = np.empty_like(height)
    along_u[:, 1:-1] = 0.5 * columns * (height[:, 2:] - height[:, :-2])
    along_u[:, [0, -1]] = 0
    along_v = np.empty_like(height)
    along_v[1:-1] = 0.5 * rows * (height[:-2] - height[2:])
    along_v[[0, -1]] = 0
    per_u, skew, per_v = _stretch(mesh)[face[maps.mask]].T
    u, v = along_u[maps.mask], along_v[maps.mask]
    return np.stack([u * per_u, v * per_v - u * skew], axis=1)


def texel_size(mesh: UnwrappedMesh, size: int) -> float:
    """Side of a texel on the head, millimetres, in the middle of the faces' range."""
    per_u, _, per_v = _stretch(mesh).T
    return float(np.median(1 / np.sqrt(np.maximum(np.abs(per_u * per_v), 1e-12)))) / size


def luminance_of(albedo: Bytes | Floats) -> Floats:
    """How bright sRGB colours (..., 3), 0 to 255, look, 0 to 1."""
    return np.asarray(albedo @ np.array([0.3, 0.59, 0.11], np.float32) / 255, np.float32)


def _stretch(mesh: UnwrappedMesh) -> Floats:
    """(F, 3) for each face: what turns slopes by u and v into slopes by millimetres along tangent and bitangent."""
    corners, uv = mesh.vertices[mesh.faces].astype(np.float64) * MILLIMETRES_PER_UNIT, mesh.uv[mesh.faces]
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    du, dv = (uv[:, 1:] - uv[:, :1]).astype(np.float64).transpose(2, 0, 1)
    area = du[:, 0] * dv[:, 1] - du[:, 1] * dv[:, 0]
    area = np.where(np.abs(area) < 1e-14, np.inf, area)[:, None]
    by_u = (first * dv[:, 1:] - second * dv[:, :1]) / area
    by_v = (second * du[:, :1] - first * du[:, 1:]) / area
    length = np.linalg.norm(by_u, axis=1)
    tangent = by_u / np.maximum(length, 1e-9)[:, None]
    lean = (by_v * tangent).sum(axis=1)
    across = np.linalg.norm(by_v - lean[:, None] * tangent, axis=1)
    per_u, per_v = 1 / np.maximum(length, 1.0), 1 / np.maximum(across, 1.0)
    return np.stack([per_u, lean * per_u * per_v, per_v], axis=1).astype(np.float32)


def _stretched(points: Floats, bumps: tuple[tuple[float, float], ...], texel: float, seed: int) -> Floats:
    relief = np.zeros(len(points), np.float32)
    for k, (length, height) in enumerate(bumps):
        share = _drawn(length, texel)
        if share > 0:
            relief += share * height * value_noise(points * _frequency(length), seed + k)
    return relief


def _drawn(length: float, texel: float) -> float:
    """How far bumps of this length can be told from the picture's own grain, 0 to 1."""
    return float(smooth_step(np.array((length / texel - _COARSEST) / (_FINE - _COARSEST))))


def _frequency(length: float) -> np.float32:
    """Cells of value noise per unit, two to a bump."""
    return np.float32(2 * MILLIMETRES_PER_UNIT / length)
