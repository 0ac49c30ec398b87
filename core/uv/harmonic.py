"""The flat image of a disc: its rim on a given curve, its inside by two harmonic functions.

Mean-value weights (Floater 2003) are positive, so every inner vertex lies inside its neighbours; the one sparse
system is factorised once for both coordinates.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix, csc_matrix
from scipy.sparse.linalg import splu

from .surface import Array, Index, Mask

_ROUNDS = 12


def along_curve(curve: Array, lengths: Array) -> Array:
    """Points on a polyline (n, 2), spaced in proportion to the edge lengths (m,) given: (m + 1, 2), ends included."""
    steps = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    places = np.concatenate([[0.0], np.cumsum(lengths)])
    places *= steps[-1] / places[-1]
    points = np.stack([np.interp(places, steps, curve[:, k]) for k in range(2)], 1)
    points[-1] = curve[-1]
    return points


def harmonic_map(points: Array, faces: Index, rim: Index, rim_uv: Array) -> Array:
    """uv (V, 2): rim_uv on the rim, inside it the weighted mean of the neighbours. points (V, 3)."""
    fixed = np.zeros(len(points), bool)
    fixed[rim] = True
    uv = np.zeros((len(points), 2))
    uv[rim] = rim_uv
    return _solve(_mean_value_weights(points, faces), fixed, uv)


def flipped(uv: Array, faces: Index) -> Mask:
    """(F,): faces whose image does not have positive area."""
    a, b, c = (uv[faces[:, k]] for k in range(3))
    u, v = b - a, c - a
    return u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0] <= 0


def unfold(uv: Array, faces: Index, rim: Index) -> Array:
    """Settle what is folded in a map, changing nothing else: the free vertices round a flipped face are moved to the
    plain mean of their neighbours, in patches that grow while a fold remains. Rounds to float32 first, as stored."""
    uv = uv.astype(np.float32).astype(np.float64)
    fixed = np.zeros(len(uv), bool)
    fixed[rim] = True
    start, end = faces, np.roll(faces, -1, axis=1)
    rows, columns = np.concatenate([start.ravel(), end.ravel()]), np.concatenate([end.ravel(), start.ravel()])
    uniform = coo_matrix((np.ones(len(rows)), (rows, columns)), (len(uv), len(uv))).tocsc()
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


def _solve(weights: csc_matrix, fixed: Mask, uv: Array) -> Array:
    """Every vertex that is not fixed becomes the weighted mean of its neighbours."""
    free = np.flatnonzero(~fixed)
    if not len(free):
        return uv
    rows = weights.tocsr()[free]
    total = np.asarray(rows.sum(axis=1)).ravel()
    system = coo_matrix((total, (np.arange(len(free)), free)), rows.shape).tocsc() - rows.tocsc()
    inner = system[:, free]
    # The pattern is symmetric and the rows are diagonally dominant: no pivoting is needed, which keeps fill-in low.
    factors = splu(inner, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    solved = uv.copy()
    solved[free] = factors.solve(-(system[:, fixed.nonzero()[0]] @ uv[fixed]))
    return solved


def _mean_value_weights(points: Array, faces: Index) -> csc_matrix:
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
    return coo_matrix(table, (len(points), len(points))).tocsc()
