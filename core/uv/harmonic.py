"""The flat image of a disc: its rim on a given curve, its inside by two harmonic functions.

Mean-value weights (Floater 2003) are positive, so every inner vertex lies inside its neighbours, and on a convex rim
nothing can fold; the one sparse system is factorised once for both coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags, identity
from scipy.sparse.linalg import splu

from ..errors import MeshError
from .surface import Array, Index, Mask

#: Rounds of `unfold`: single folds are gone after a few.
_ROUNDS = 16
#: Folds up to which `unfold` tries: more are no slips of rounding.
_MOST_FOLDS = 1000
#: How many times smaller than usual the map may be before the weights are adapted.
_SHRUNK = 10.0
#: Springs act in full where the map is at most this many times smaller than usual.
_HELD = 3.0


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
    """What draws vertices to places of the image.

    target (V, 2): where to, uv.
    weight (V,): how firmly, 0 to 1.
    length: the distance on the surface over which a full weight overrules the harmonic functions, units.
    """

    target: Array
    weight: Array
    length: float


def harmonic_map(points: Array, faces: Index, rim: Index, rim_uv: Array, springs: Springs | None = None) -> Array:
    """uv (V, 2): rim_uv on the rim, inside it the weighted mean of the neighbours and of the springs. points (V, 3).

    A long bulge, such as a braid, shrinks exponentially towards its tip. Where that leaves less than 1 / _SHRUNK of
    the usual scale, the weights are divided by the shrinkage and the map is solved once more (one step of Yoshizawa,
    Belyaev and Seidel 2004); they stay positive. Springs act where the plain map has its usual scale: a part that
    hangs on by little would follow even the weakest and fold.
    """
    fixed = np.zeros(len(points), bool)
    fixed[rim] = True
    uv = np.zeros((len(points), 2))
    uv[rim] = rim_uv
    weights = _mean_value_weights(points, faces)
    plain = _solve(weights, fixed, uv)
    scale = vertex_scale(points, faces, plain)
    relief = np.minimum(1.0, _SHRUNK * np.maximum(scale, 1e-12))
    if springs is None and relief.min() == 1:
        return plain
    if relief.min() < 1:
        weights = (weights @ diags(relief)).tocsr()
    if springs is None:
        return _solve(weights, fixed, uv)
    # sum_j w_ij (u_j - u_i) is about 1/4 sum_j w_ij r_ij^2 times the Laplacian of u.
    pull = (
        springs.weight * np.minimum(1.0, _HELD * scale) ** 2 * _squared_reach(weights, points) / (4 * springs.length**2)
    )
    return _solve(weights, fixed, uv, pull, springs.target)


def doubled_areas(uv: Array, faces: Index) -> Array:
    """(F,): twice the signed areas of the faces' images."""
    a, b, c = (uv[faces[:, k]] for k in range(3))
    u, v = b - a, c - a
    return u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]


def flipped(uv: Array, faces: Index) -> Mask:
    """(F,): faces whose image does not have positive area."""
    return doubled_areas(uv, faces) <= 0


def unfold(uv: Array, faces: Index, rim: Index) -> Array:
    """Settle single folds in a map, changing nothing else. Rounds to float32 first, as stored.

    Triangles thinner than the rounding may turn over. Each free vertex of such a face moves to where its smallest
    face is largest: of its neighbours' mean and the ways from there to each neighbour. Maps with many folds are left.
    """
    uv = uv.astype(np.float32).astype(np.float64)
    bad = flipped(uv, faces)
    if not bad.any() or bad.sum() > _MOST_FOLDS:
        return uv
    fixed = np.zeros(len(uv), bool)
    fixed[rim] = True
    order = np.argsort(faces.ravel(), kind="stable") // 3
    starts = np.searchsorted(np.sort(faces.ravel()), np.arange(len(uv) + 1))
    for rings in range(_ROUNDS):
        near = np.zeros(len(uv), bool)
        near[faces[bad]] = True
        for _ in range(rings // 4):
            near[faces[near[faces].any(axis=1)]] = True
        for vertex in np.flatnonzero(near & ~fixed):
            _settle(uv, faces[order[starts[vertex] : starts[vertex + 1]]], int(vertex))
        bad = flipped(uv, faces)
        if not bad.any():
            break
    return uv


def _settle(uv: Array, ring: Index, vertex: int) -> None:
    """Move one vertex, in place, to the best of some places inside the ring of its faces, if that is an improvement."""
    turn = np.argmax(ring == vertex, axis=1)
    rows = np.arange(len(ring))
    first, second = uv[ring[rows, (turn + 1) % 3]], uv[ring[rows, (turn + 2) % 3]]
    mean = first.mean(axis=0)
    ways = mean + np.array([0.0, 0.3, 0.6, 0.85])[:, None, None] * (first - mean)
    edges = 0.5 * (first + second)
    inward = edges + 0.02 * (mean - edges)
    places = np.concatenate([uv[vertex][None], ways.reshape(-1, 2), inward]).astype(np.float32).astype(np.float64)
    u, v = first[None] - places[:, None], second[None] - places[:, None]
    smallest = (u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]).min(axis=1)
    uv[vertex] = places[int(np.argmax(smallest))]


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
    try:
        factors = splu(system, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    except RuntimeError as error:  # exactly singular: some vertices hang together with the rim by no weight at all
        raise MeshError(
            f"The surface cannot be laid out flat: a part of it hangs on the rest by nothing ({error}).",
            "Try another seed or another wording, or a finer resolution.",
        ) from error
    solved = uv.copy()
    solved[free] = factors.solve(right / total[:, None])
    return solved


def _squared_reach(weights: csr_matrix, points: Array) -> Array:
    """(V,): sum over the neighbours of weight times squared distance."""
    table = weights.tocoo()
    squared = ((points[table.row] - points[table.col]) ** 2).sum(axis=1)
    return np.asarray(np.bincount(table.row, table.data * squared, len(points)), np.float64)


def vertex_scale(points: Array, faces: Index, uv: Array) -> Array:
    """(V,): the map's linear scale round each vertex, over its median."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    corners = faces.ravel()
    surface = np.bincount(corners, np.repeat(np.linalg.norm(np.cross(b - a, c - a), axis=1), 3), len(points))
    image = np.bincount(corners, np.repeat(np.abs(doubled_areas(uv, faces)), 3), len(points))
    scale = np.sqrt(image / np.maximum(surface, 1e-30))
    return scale / np.median(scale)


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
