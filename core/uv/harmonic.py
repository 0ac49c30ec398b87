"""The flat image of a disc: its rim on a given curve, its inside by two harmonic functions.

Mean-value weights (Floater 2003) are positive, so every inner vertex lies inside its neighbours, and on a convex rim
nothing can fold; the one sparse system is factorised once for both coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags, identity
from scipy.sparse.linalg import splu

from .surface import Array, Index, Mask

#: Rounds of growing patches in `unfold`.
_ROUNDS = 12
#: The map may be this many times smaller than usual before the weights are adapted.
_SHRUNK = 10.0


def along_curve(curve: Array, lengths: Array) -> Array:
    """Points on a polyline (n, 2), spaced in proportion to the edge lengths (m,) given: (m + 1, 2), ends included."""
    steps = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    places = np.concatenate([[0.0], np.cumsum(lengths)])
    places *= steps[-1] / places[-1]
    points = np.stack([np.interp(places, steps, curve[:, k]) for k in range(2)], 1)
    points[-1] = curve[-1]
    return points


@dataclass(frozen=True)
class Springs:
    """target (V, 2): where vertices are drawn to; share (V,): how firmly, 0 to 1; length: the distance on the surface
    over which a full share overrules the harmonic functions."""

    target: Array
    share: Array
    length: float


def harmonic_map(points: Array, faces: Index, rim: Index, rim_uv: Array, springs: Springs | None = None) -> Array:
    """uv (V, 2): rim_uv on the rim, inside it the weighted mean of the neighbours and of the springs. points (V, 3).

    A long bulge, such as a braid, shrinks exponentially towards its tip. Where that leaves less than 1 / _SHRUNK of
    the usual scale, the weights are divided by the shrinkage and the map is solved once more (one step of Yoshizawa,
    Belyaev and Seidel 2004); they stay positive.
    """
    fixed = np.zeros(len(points), bool)
    fixed[rim] = True
    uv = np.zeros((len(points), 2))
    uv[rim] = rim_uv
    weights = _mean_value_weights(points, faces)
    # sum_j w_ij (u_j - u_i) is about 1/4 sum_j w_ij r_ij^2 times the Laplacian of u.
    reach = None if springs is None else _squared_reach(weights, points) / (4 * springs.length**2)

    def solve(system: csr_matrix, scale: Array | float) -> Array:
        if springs is None or reach is None:
            return _solve(system, fixed, uv)
        return _solve(system, fixed, uv, springs.share * reach * scale, springs.target)

    flat = solve(weights, 1.0)
    shrunk = _shrinkage(points, faces, flat)
    if shrunk.max() > 1:
        flat = solve((weights @ diags(1 / shrunk)).tocsr(), 1 / shrunk)
    return flat


def doubled_areas(uv: Array, faces: Index) -> Array:
    """(F,): twice the signed areas of the faces' images."""
    a, b, c = (uv[faces[:, k]] for k in range(3))
    u, v = b - a, c - a
    return u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]


def flipped(uv: Array, faces: Index) -> Mask:
    """(F,): faces whose image does not have positive area."""
    return doubled_areas(uv, faces) <= 0


def unfold(uv: Array, faces: Index, rim: Index) -> Array:
    """Settle what is folded in a map, changing nothing else: the free vertices round a flipped face are moved to the
    plain mean of their neighbours, in patches that grow while a fold remains. Rounds to float32 first, as stored."""
    uv = uv.astype(np.float32).astype(np.float64)
    fixed = np.zeros(len(uv), bool)
    fixed[rim] = True
    start, end = faces, np.roll(faces, -1, axis=1)
    rows, columns = np.concatenate([start.ravel(), end.ravel()]), np.concatenate([end.ravel(), start.ravel()])
    uniform = coo_matrix((np.ones(len(rows)), (rows, columns)), (len(uv), len(uv))).tocsr()
    for round_ in range(1, _ROUNDS):
        bad = flipped(uv, faces)
        if not bad.any():
            break
        patch = np.zeros(len(uv), bool)
        patch[faces[bad]] = True
        for _ in range(round_):
            patch[faces[patch[faces].any(axis=1)]] = True
        uv = _solve(uniform, fixed | ~patch, uv).astype(np.float32).astype(np.float64)
    return uv


def _solve(
    weights: csr_matrix, fixed: Mask, uv: Array, pull: Array | None = None, target: Array | None = None
) -> Array:
    """Every vertex that is not fixed becomes the weighted mean of its neighbours and, by its pull, of its target."""
    free, held = np.flatnonzero(~fixed), np.flatnonzero(fixed)
    if not len(free):
        return uv
    rows = weights[free]
    total = np.asarray(rows.sum(axis=1)).ravel()
    right = rows[:, held] @ uv[held]
    if pull is not None and target is not None:
        total = total + pull[free]
        right = right + pull[free, None] * target[free]
    # Rows scaled to a diagonal of one. The pattern is symmetric and the rows are dominated by their diagonal: no
    # pivoting is needed, which keeps fill-in low.
    system = (identity(len(free)) - diags(1 / total) @ rows[:, free]).tocsc()
    factors = splu(system, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    solved = uv.copy()
    solved[free] = factors.solve(right / total[:, None])
    return solved


def _squared_reach(weights: csr_matrix, points: Array) -> Array:
    """(V,): sum over the neighbours of weight times squared distance."""
    table = weights.tocoo()
    squared = ((points[table.row] - points[table.col]) ** 2).sum(axis=1)
    return np.bincount(table.row, table.data * squared, len(points))


def _shrinkage(points: Array, faces: Index, uv: Array) -> Array:
    """(V,): how many times smaller than 1 / _SHRUNK of the median scale the map is round each vertex; at least 1."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    area = 0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1)
    scale = np.sqrt(np.maximum(doubled_areas(uv, faces), 1e-30) / np.maximum(2 * area, 1e-30))
    corners = faces.ravel()
    mean = np.bincount(corners, np.repeat(scale * area, 3), len(points))
    mean /= np.maximum(np.bincount(corners, np.repeat(area, 3), len(points)), 1e-30)
    return np.clip(np.median(mean) / (_SHRUNK * np.maximum(mean, 1e-12)), 1.0, None)


def _mean_value_weights(points: Array, faces: Index) -> csr_matrix:
    """(V, V): tan of half the angles on both sides of an edge, over its length; rows unscaled."""
    rows, columns, values = [], [], []
    for corner in range(3):
        i, j, k = faces[:, corner], faces[:, (corner + 1) % 3], faces[:, (corner + 2) % 3]
        u, v = points[j] - points[i], points[k] - points[i]
        length_u, length_v = np.linalg.norm(u, axis=1) + 1e-12, np.linalg.norm(v, axis=1) + 1e-12
        cosine = np.clip(np.einsum("fk,fk->f", u, v) / (length_u * length_v), -0.9999, 0.9999)
        half_tangent = np.sqrt((1 - cosine) / (1 + cosine))
        rows += [i, i]
        columns += [j, k]
        values += [half_tangent / length_u, half_tangent / length_v]
    table = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return coo_matrix(table, (len(points), len(points))).tocsr()
