"""Fine relief that the mesh is too coarse for: pores, lines of the lips, strands of hair; heights become slopes."""

from __future__ import annotations

import numpy as np

from ...types import MILLIMETRES_PER_UNIT, Floats, Ints, UnwrappedMesh, UVMaps
from ..procedural import curls, smooth_step, value_noise

#: Bumps of skin: length and height of each octave, millimetres. The finest are pores, pits only.
_SKIN = ((1.1, 0.05), (2.2, 0.06), (4.5, 0.06))
#: Strands of hair: width across the strand and height of each octave, millimetres.
_HAIR = ((1.6, 0.16), (3.2, 0.3), (7.0, 0.4))
#: How many times longer than wide strands are.
_STRAND_ASPECT = 14.0
#: Radius, units (88 mm), of the circle about the crown on which strands have their width, about a head's: since it is
#: the same at every distance from the crown, a strand is as wide at the crown as on the temples.
_STRAND_RADIUS = 0.35
#: Height of curls, millimetres.
_CURL_HEIGHT = 0.9
#: Hairs of beards and brows: width and height of each octave, millimetres.
_BRISTLES = ((1.3, 0.1), (2.6, 0.16))
#: Lines of the lips: width and height of each octave, millimetres; they run up and down, so many times as far as wide.
_LIP_LINES, _LIP_ASPECT = ((1.6, 0.06), (3.2, 0.06)), 4.0
#: Depth, millimetres, of a line that is darker than its surroundings by 1 (of 0 to 1).
_DARK_DEPTH = 0.9
#: Standard deviation, millimetres, of the Gaussian that averages the surroundings.
_DARK_WIDTH = 2.5
#: Differences of brightness, darker and lighter, beyond which they are no relief but paint.
_DARKEST, _LIGHTEST = -0.12, 0.06
#: Length of a bump, texels, from which on it is drawn at all, and from which on it is drawn fully: shorter ones alias.
_COARSEST, _FINE = 2.2, 4.0


def skin_relief(points: Floats, texel: float) -> Floats:
    """Heights (N,), millimetres, of skin.

    points (N, 3): units.
    texel: side of a texel on the head, millimetres.
    """
    relief = np.zeros(len(points), np.float32)
    for k, (length, height) in enumerate(_SKIN):
        weight = _visibility(length, texel)
        if weight > 0:
            bumps = value_noise(points * _frequency(length), 11 + k)
            relief += weight * height * (-np.maximum(bumps, 0) if k == 0 else bumps)
    return relief


def hair_relief(points: Floats, texel: float, crown: tuple[float, float, float], frizz: float = 0.0) -> Floats:
    """Heights (N,), millimetres, of hair that falls from the crown in strands, or is curls.

    points (N, 3): units.
    texel: side of a texel on the head, millimetres.
    crown (3,): the point about which strands fall, units (TemplateFacts.relief_crown).
    frizz: how far hair is curls, 0 to 1.
    """
    if frizz > 0:
        curled = np.float32(_CURL_HEIGHT) * curls(points)
        if frizz == 1:
            return curled
        return curled + np.float32(1 - frizz) * (hair_relief(points, texel, crown) - curled)
    offset = points - np.array(crown, np.float32)
    around = offset[:, [0, 2]] / np.maximum(np.linalg.norm(offset[:, [0, 2]], axis=1, keepdims=True), 1e-3)
    # Seen from above, by direction alone: a circle about the crown counts as long as one about the head.
    strand = np.column_stack([around[:, 0], np.linalg.norm(offset, axis=1) / _STRAND_ASPECT, around[:, 1]])
    strand[:, [0, 2]] *= _STRAND_RADIUS
    return _octaves(strand.astype(np.float32), _HAIR, texel, 21)


def bristle_relief(points: Floats, texel: float) -> Floats:
    """Heights (N,), millimetres, of a beard or brows at points (N, 3), units; texel: millimetres."""
    return _octaves(points, _BRISTLES, texel, 31)


def lip_relief(points: Floats, texel: float) -> Floats:
    """Heights (N,), millimetres, of the lines of lips at points (N, 3), units; texel: millimetres."""
    return _octaves(points / np.array([1, _LIP_ASPECT, 1], np.float32), _LIP_LINES, texel, 41)


def painted_relief(luminance: Floats, broad: Floats) -> Floats:
    """Heights (N,), millimetres, of what is painted darker than its surroundings: wrinkles, locks.

    luminance (N,): 0 to 1.
    broad (N,): luminance averaged over the surroundings (see painted_width), 0 to 1.
    """
    return _DARK_DEPTH * np.clip(luminance - broad, _DARKEST, _LIGHTEST)


def painted_width(texel: float) -> float:
    """Standard deviation, texels, of the Gaussian that averages the surroundings; texel: side of one, millimetres."""
    return _DARK_WIDTH / texel


def slopes(height: Floats, mesh: UnwrappedMesh, face: Ints, maps: UVMaps) -> Floats:
    """Slopes of a relief along the tangent and the bitangent of the mesh.

    height (H, W): of the relief, millimetres.
    mesh: the head.
    face (H, W): the mesh's face at each texel.
    maps: of the mesh, with N texels in maps.mask.
    Returns (N, 2), without unit.
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
    """Side of a texel on the head, millimetres: the median over the faces of a mesh, for a texture of `size` texels."""
    per_u, _, per_v = _stretch(mesh).T
    return float(np.median(1 / np.sqrt(np.maximum(np.abs(per_u * per_v), 1e-12)))) / size


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


def _octaves(points: Floats, bumps: tuple[tuple[float, float], ...], texel: float, seed: int) -> Floats:
    """Heights (N,), millimetres, of value noises of these lengths and heights, as far as texels can show them."""
    relief = np.zeros(len(points), np.float32)
    for k, (length, height) in enumerate(bumps):
        weight = _visibility(length, texel)
        if weight > 0:
            relief += weight * height * value_noise(points * _frequency(length), seed + k)
    return relief


def _visibility(length: float, texel: float) -> float:
    """How far texels, whose side is `texel` millimetres, can show bumps of this length, millimetres: 0 to 1."""
    return float(smooth_step(np.array((length / texel - _COARSEST) / (_FINE - _COARSEST))))


def _frequency(length: float) -> np.float32:
    """Cells of value noise per unit, two to a bump."""
    return np.float32(2 * MILLIMETRES_PER_UNIT / length)
