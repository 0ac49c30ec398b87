"""The zero surface of a signed field by marching cubes, on a grid that is fine only where the surface runs.

Levels halve the spacing from 8 cells down to 1. A cell of one level is refined when its corners differ in sign, or when
the nearest of them is so close to the surface that the surface may pass through the cell. Every corner of a cell that
the surface crosses is thus evaluated exactly as on the dense grid, and marching cubes finds the same triangles.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from skimage.measure import marching_cubes

from ..errors import MeshError, ModelError
from ..types import Bools, Floats, Ints

#: A field: points (N, 3) -> values (N,), negative inside.
Field = Callable[[Floats], Floats]

COARSEST = 8
CHUNK = 65536


@dataclass(frozen=True)
class Grid:
    """A box of cubic cells: its lower corner, the edge of a cell and the number of cells per axis (multiples of 8)."""

    lower: tuple[float, float, float]
    spacing: float
    cells: tuple[int, int, int]


def grid_over(lower: tuple[float, float, float], upper: tuple[float, float, float], spacing: float) -> Grid:
    """The grid of this spacing that starts at lower and covers the box up to upper."""
    counts = [COARSEST * math.ceil((b - a) / spacing / COARSEST - 1e-6) for a, b in zip(lower, upper, strict=True)]
    return Grid(lower, spacing, (counts[0], counts[1], counts[2]))


def extract_surface(
    field: Field,
    grid: Grid,
    distance: Field | None = None,
    steepness: float = 1.5,
    progress: Callable[[float], None] = lambda fraction: None,
) -> tuple[Floats, Ints]:
    """The surface field = 0 inside the grid: welded vertices (V, 3), faces (F, 3) counter-clockwise from outside.

    distance: what decides where to refine, where the field itself is no distance far from the surface (same sign).
    steepness: an upper bound on the gradient of `distance`; with it no part as thick as a cell is missed.
    Raises ModelError when the field gives NaN, MeshError when it has no surface in the grid.
    """
    values = _node_values(field, distance or field, grid, steepness, progress)
    active = _crossed_cells(values)
    if not active.any():
        raise MeshError("The model gave no surface inside its box.", "Try another seed or other words.")
    vertices, faces, _, _ = marching_cubes(
        values, 0.0, spacing=(grid.spacing,) * 3, gradient_direction="descent", mask=_corners(active)
    )
    return (vertices + np.asarray(grid.lower, dtype=np.float32)).astype(np.float32), faces.astype(np.int32)


def largest_part(vertices: Floats, faces: Ints) -> tuple[Floats, Ints]:
    """The connected part with the most area: islands and enclosed hollows are dropped."""
    ones = np.ones(len(faces), dtype=np.int8)
    edges = coo_matrix((ones, (faces[:, 0], faces[:, 1])), shape=(len(vertices),) * 2)
    edges = edges + coo_matrix((ones, (faces[:, 1], faces[:, 2])), shape=edges.shape)
    count, part = connected_components(edges, directed=False)
    if count == 1:
        return vertices, faces
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    areas = np.bincount(part[faces[:, 0]], np.linalg.norm(np.cross(b - a, c - a), axis=1), minlength=count)
    kept = part == areas.argmax()
    renumbered = np.cumsum(kept, dtype=np.int32) - 1
    return vertices[kept], renumbered[faces[kept[faces[:, 0]]]]


def _node_values(
    field: Field, distance: Field, grid: Grid, steepness: float, progress: Callable[[float], None]
) -> Floats:
    """Values at all nodes of the finest level: exact around the surface, elsewhere of the right sign."""
    step = COARSEST
    cells: Bools = np.ones([n // step for n in grid.cells], dtype=bool)
    values = np.full([n + 1 for n in cells.shape], 1.0, dtype=np.float32)
    nodes = np.ones_like(values, dtype=bool)
    while True:
        wanted = np.flatnonzero(nodes)
        _evaluate(distance if step > 1 else field, grid, step, values, wanted, step == 1, progress)
        if step == 1:
            return values
        half_diagonal = 0.5 * math.sqrt(3.0) * step * grid.spacing
        near = np.abs(values) <= steepness * half_diagonal
        cells &= _any_corner(near) | _crossed_cells(values)
        values = _halved(values)
        nodes = _halved_nodes(cells)
        cells = cells.repeat(2, 0).repeat(2, 1).repeat(2, 2)
        step //= 2


def _evaluate(
    field: Field,
    grid: Grid,
    step: int,
    values: Floats,
    wanted: npt.NDArray[np.intp],
    last: bool,
    progress: Callable[[float], None],
) -> None:
    flat = values.reshape(-1)
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        nodes = np.stack(np.unravel_index(part, values.shape), axis=1)
        points = (nodes * (step * grid.spacing) + np.asarray(grid.lower)).astype(np.float32)
        found = field(points)
        if not np.isfinite(found).all():
            raise ModelError(
                "The head model computed a number that is not finite.",
                "Its weights are damaged: restore the model folder from the release it came from.",
            )
        # An exact zero at a node would give triangles without area.
        flat[part] = np.where(found == 0, np.float32(1e-9), found)
        if last:
            progress(min(1.0, (start + CHUNK) / len(wanted)))


def _halved(values: Floats) -> Floats:
    """The next level's nodes, each with the value of the corner below it: right in sign wherever no surface runs."""
    for axis in range(3):
        values = np.repeat(values, 2, axis=axis).take(range(2 * values.shape[axis] - 1), axis=axis)
    return values


def _halved_nodes(cells: Bools) -> Bools:
    """The nodes of the next level inside or on the border of these cells."""
    nodes = cells
    for axis in range(3):
        nodes = _nodes_along(nodes.repeat(2, axis), axis)
    return nodes


def _corners(cells: Bools) -> Bools:
    """The nodes that are corners of these cells."""
    for axis in range(3):
        cells = _nodes_along(cells, axis)
    return cells


def _nodes_along(cells: Bools, axis: int) -> Bools:
    before = [(0, 0)] * 3
    after = [(0, 0)] * 3
    before[axis], after[axis] = (1, 0), (0, 1)
    return np.pad(cells, before) | np.pad(cells, after)


def _any_corner(nodes: Bools) -> Bools:
    """The cells of which any corner is marked."""
    for axis in range(3):
        count = nodes.shape[axis]
        nodes = nodes.take(range(count - 1), axis) | nodes.take(range(1, count), axis)
    return nodes


def _crossed_cells(values: Floats) -> Bools:
    inside = values < 0
    return _any_corner(inside) & _any_corner(~inside)
