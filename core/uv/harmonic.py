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
#: Number of folded triangles up to which `unfold` tries: rounding does not cause more.
_MOST_FOLDS = 1000
#: How many times smaller than the median scale the map may be before the weights are adapted.
_SHRUNK = 10.0
#: How many times smaller than the median scale the map may be where springs have their full weight.
_HELD = 3.0
#: Where `_move_to_best` tries a vertex: so far on the way from its neighbours' mean to each of them.
_TRIED = (0.0, 0.3, 0.6, 0.85)


def along_curve(curve: Array, lengths: Array) -> Array:
    """Points on a polyline, spaced in proportion to given lengths.

    curve (n, 2): the polyline, uv.
    lengths (m,): of edges, in any unit.
    Returns (m + 1, 2), both ends of the curve included.
    """
    steps = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    places = np.concatenate([[0.0], np.cumsum(lengths)])
    places *= steps[-1] / places[-1]
    points = np.stack([np.interp(places, steps, curve[:, k]) for k in range(2)], 1)
    points[-1] = curve[-1]
    return points


@dataclass(frozen=True)
class Springs:
    """What draws vertices to places of the image.

    target (V, 2): the place of each vertex, uv.
    weight (V,): strength, 0 to 1.
    length: the distance on the surface over which a full weight overrules the harmonic functions, units.
    """

    target: Array
    weight: Array
    length: float


def harmonic_map(points: Array, faces: Index, rim: Index, rim_uv: Array, springs: Springs | None = None) -> Array:
    """The harmonic map: each vertex inside the rim lies at the weighted mean of its neighbours and its spring's target.

    A long bulge, such as a braid, shrinks exponentially towards its tip. Where that leaves less than 1 / _SHRUNK of
    the usual scale, the weights are divided by the shrinkage and the map is solved once more (one step of Yoshizawa,
    Belyaev and Seidel 2004); they stay positive. Springs act where the map without them has its usual scale: a part
    that is joined by a thin neck would follow even the weakest and fold.

    points (V, 3), faces (F, 3): of a disc, units.
    rim (R,): its boundary's vertices; rim_uv (R, 2): where they lie.
    springs: of all V vertices; None for none.
    Returns uv (V, 2). Raises MeshError where a part is not joined to the rim.
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
    """Twice the signed areas (F,) of faces (F, 3) with corners uv (V, 2): positive where counter-clockwise."""
    a, b, c = (uv[faces[:, k]] for k in range(3))
    u, v = b - a, c - a
    return u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]


def flipped(uv: Array, faces: Index) -> Mask:
    """Which faces (F,) are folded over in the image uv (V, 2): their area is not positive."""
    return doubled_areas(uv, faces) <= 0


def unfold(uv: Array, faces: Index, rim: Index) -> Array:
    """Unfold single triangles of a map, changing nothing else; maps with many folds are left as they are.

    Triangles thinner than the rounding may turn over. Each inner vertex of such a triangle is moved to where the
    smallest of its triangles is largest.

    uv (V, 2), faces (F, 3): the map.
    rim (R,): vertices that stay.
    Returns uv (V, 2), rounded to float32, as it is stored.
    """
    uv = uv.astype(np.float32).astype(np.float64)
    bad = flipped(uv, faces)
    if not bad.any() or bad.sum() > _MOST_FOLDS:
        return uv
    fixed = np.zeros(len(uv), bool)
    fixed[rim] = True
    # The faces at vertex v are order[starts[v] : starts[v + 1]].
    order = np.argsort(faces.ravel(), kind="stable") // 3
    starts = np.searchsorted(np.sort(faces.ravel()), np.arange(len(uv) + 1))
    for number in range(_ROUNDS):
        near = np.zeros(len(uv), bool)
        near[faces[bad]] = True
        for _ in range(number // 4):  # every fourth round the neighbours of what moves move too
            near[faces[near[faces].any(axis=1)]] = True
        for vertex in np.flatnonzero(near & ~fixed):
            _move_to_best(uv, faces[order[starts[vertex] : starts[vertex + 1]]], int(vertex))
        bad = flipped(uv, faces)
        if not bad.any():
            break
    return uv


def _move_to_best(uv: Array, ring: Index, vertex: int) -> None:
    """Move one vertex, in place, to where the smallest of its faces is largest: where it is, on the way from its
    neighbours' mean to each of them, or just within one of the ring's edges.

    uv (V, 2): the map.
    ring (F, 3): the faces at the vertex.
    """
    corner = np.argmax(ring == vertex, axis=1)
    rows = np.arange(len(ring))
    first, second = uv[ring[rows, (corner + 1) % 3]], uv[ring[rows, (corner + 2) % 3]]
    mean = first.mean(axis=0)
    towards = mean + np.array(_TRIED)[:, None, None] * (first - mean)
    edges = 0.5 * (first + second)
    inward = edges + 0.02 * (mean - edges)
    places = np.concatenate([uv[vertex][None], towards.reshape(-1, 2), inward]).astype(np.float32).astype(np.float64)
    u, v = first[None] - places[:, None], second[None] - places[:, None]
    smallest = (u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]).min(axis=1)
    uv[vertex] = places[int(np.argmax(smallest))]


def _solve(
    weights: csr_matrix, fixed: Mask, uv: Array, pull: Array | None = None, target: Array | None = None
) -> Array:
    """Solve for the harmonic map.

    weights (V, V): of the neighbours.
    fixed (V,): vertices that stay where they are in uv (V, 2); all others become the weighted mean of their neighbours
        and, by their pull (V,), of their target (V, 2).
    Returns uv (V, 2).
    """
    free, bound = np.flatnonzero(~fixed), np.flatnonzero(fixed)
    if not len(free):
        return uv
    rows = weights[free]
    total = np.asarray(rows.sum(axis=1)).ravel()
    right = rows[:, bound] @ uv[bound]
    if pull is not None and target is not None:
        total = total + pull[free]
        right = right + pull[free, None] * target[free]
    # Rows are scaled to a diagonal of one. The pattern is symmetric and each row is dominated by its diagonal, so that
    # no pivoting is needed, which keeps the factors sparse.
    system = (identity(len(free)) - diags(1 / total) @ rows[:, free]).tocsc()
    try:
        factors = splu(system, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    except RuntimeError as error:  # exactly singular: some vertices are joined to the rim by no weight at all
        raise MeshError(
            f"The surface cannot be laid out flat: a part of it hangs on the rest by nothing ({error}).",
            "Try another seed or another wording, or a finer resolution.",
        ) from error
    solved = uv.copy()
    solved[free] = factors.solve(right / total[:, None])
    return solved


def _squared_reach(weights: csr_matrix, points: Array) -> Array:
    """The sum over each vertex's neighbours of weight times squared distance: (V,), units times units."""
    table = weights.tocoo()
    squared = ((points[table.row] - points[table.col]) ** 2).sum(axis=1)
    return np.asarray(np.bincount(table.row, table.data * squared, len(points)), np.float64)


def vertex_scale(points: Array, faces: Index, uv: Array) -> Array:
    """The map's linear scale round each vertex, as a multiple of its median: (V,).

    points (V, 3), faces (F, 3): of the surface, units.
    uv (V, 2): the map.
    """
    a, b, c = (points[faces[:, k]] for k in range(3))
    corners = faces.ravel()
    surface = np.bincount(corners, np.repeat(np.linalg.norm(np.cross(b - a, c - a), axis=1), 3), len(points))
    image = np.bincount(corners, np.repeat(np.abs(doubled_areas(uv, faces)), 3), len(points))
    scale = np.sqrt(image / np.maximum(surface, 1e-30))
    return scale / np.median(scale)


def _mean_value_weights(points: Array, faces: Index) -> csr_matrix:
    """Mean-value weights (V, V), not normalised: for each edge the tangents of half the angles on both sides of it, at
    the row's vertex, over its length."""
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
