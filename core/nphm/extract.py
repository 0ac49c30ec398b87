"""The zero surface of a signed field by marching cubes, on a grid that is fine only where the surface runs.

Levels halve the spacing from 8 cells down to 1. A cell of one level is refined when its corners differ in sign, or when
the nearest of them is so close to the surface that the surface may pass through the cell. Every corner of a cell that
the surface crosses is thus evaluated exactly as on the dense grid, and marching cubes finds the same triangles.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from skimage.measure import marching_cubes

from ..errors import MeshError, ModelError
from ..types import Bools, Floats, Ints


class Field(Protocol):
    """A signed field, negative inside, of points (N, 3), in two parts.

    The coordinates are costly and smooth in space: they are computed at every second node and interpolated between, to
    find the cells that the surface crosses. The value is quick, given the coordinates.
    """

    def coordinates(self, points: Floats) -> Floats:
        """What the value is computed from (N, C); C is 0 where a field has no such part."""

    def value(self, points: Floats, coordinates: Floats) -> Floats:
        """The field's values (N,), units."""

    def distance(self, points: Floats, coordinates: Floats) -> Floats:
        """What decides where to refine (N,), units: of the same sign as the value, and about the distance from the
        surface also where that is far."""


#: Finest cells along the edge of a cell of the coarsest level; a power of two. Chosen, not measured.
COARSEST = 8
#: Nodes whose values are computed at a time; bounds the memory, not the result.
CHUNK = 65536
#: Edge of the cells in the focus of a grid, as a fraction of its spacing: 0.7 mm instead of 1.2 mm at the usual
#: resolution, so that lids and lips come out sharp.
FINER = 0.6
#: Distance from the focus over which cells widen to the spacing, units (10 mm).
WIDENING = 0.04


@dataclass(frozen=True)
class Grid:
    """A box of cells.

    lower: its lower corner (x, y, z), units.
    spacing: the longest edge of a cell, units.
    cells: number of cells along x, y and z, multiples of COARSEST.
    lines: the nodes' coordinates along x, y and z, units, where cells differ in size; None: all are cubes.
    """

    lower: tuple[float, float, float]
    spacing: float
    cells: tuple[int, int, int]
    lines: tuple[Floats, Floats, Floats] | None = None

    def places(self, index: Floats | Ints) -> Floats:
        """Positions (N, 3), units, of node indices (N, 3), which may be fractions."""
        if self.lines is None:
            return (index * self.spacing + np.asarray(self.lower)).astype(np.float32)
        axes = [np.interp(index[:, k], np.arange(len(line)), line) for k, line in enumerate(self.lines)]
        return np.stack(axes, axis=1).astype(np.float32)

    def upper(self) -> Floats:
        """The upper corner (3,)."""
        return self.places(np.array([self.cells]))[0]


def grid_over(lower: tuple[float, float, float], upper: tuple[float, float, float], spacing: float) -> Grid:
    """The grid of cubes that covers a box.

    lower, upper: corners of the box, units; the grid starts at `lower` and may go beyond `upper`.
    spacing: edge of the cubes, units.
    """
    counts = [COARSEST * math.ceil((b - a) / spacing / COARSEST - 1e-6) for a, b in zip(lower, upper, strict=True)]
    return Grid(lower, spacing, (counts[0], counts[1], counts[2]))


def focused_grid(
    lower: tuple[float, float, float], upper: tuple[float, float, float], spacing: float, focus: tuple[Floats, Floats]
) -> Grid:
    """A grid over a box whose cells are FINER times as large where they share x, y or z with the focus.

    lower, upper: corners of the box, units.
    spacing: edge of the cells elsewhere, units, about.
    focus: lower and upper corner (3,) of a box within, units.
    """
    lines = [_focused_line(*ends, spacing) for ends in zip(lower, upper, *focus, strict=True)]
    cells = (len(lines[0]) - 1, len(lines[1]) - 1, len(lines[2]) - 1)
    longest = max(float(np.diff(line).max()) for line in lines)
    return Grid(lower, longest, cells, (lines[0], lines[1], lines[2]))


def _focused_line(lower: float, upper: float, low: float, high: float, spacing: float) -> Floats:
    """Coordinates from lower to upper, about `spacing` apart, FINER times that between low and high."""
    x = np.linspace(lower, upper, 4096)
    inside = np.clip(1.0 - np.maximum(low - x, x - high) / WIDENING, 0.0, 1.0)
    # Cells per spacing, by a smooth step; their integral is the number of cells up to x.
    density = 1.0 + (1.0 / FINER - 1.0) * inside * inside * (3.0 - 2.0 * inside)
    count = np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1])) * (x[1] - x[0]) / spacing])
    cells = COARSEST * math.ceil(count[-1] / COARSEST - 1e-6)
    return np.interp(np.linspace(0.0, count[-1], cells + 1), count, x)


def extract_surface(
    field: Field,
    grid: Grid,
    steepness: float = 1.5,
    progress: Callable[[float], None] = lambda fraction: None,
) -> tuple[Floats, Ints]:
    """The surface field = 0 inside the grid.

    field: the field.
    grid: where it is sampled.
    steepness: an upper bound on the gradient of the field's distance; with it no part as thick as a cell is missed.
    progress: is told the fraction that is done.
    Returns welded vertices (V, 3), units, and faces (F, 3), counter-clockwise seen from outside.
    Raises ModelError when the field gives NaN, MeshError when it has no surface in the grid.
    """
    values = _node_values(field, grid, steepness, progress)
    active = _crossed_cells(values)
    if not active.any():
        raise MeshError("The model gave no surface inside its box.", "Try another seed or other words.")
    vertices, faces, _, _ = marching_cubes(values, 0.0, gradient_direction="descent", mask=_corners(active))
    return grid.places(vertices), faces.astype(np.int32)


def largest_part(vertices: Floats, faces: Ints) -> tuple[Floats, Ints]:
    """The connected part of a surface with the most area: islands and enclosed hollows are dropped.

    vertices (V, 3), faces (F, 3): of the surface.
    Returns the same of the part.
    """
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


def _node_values(field: Field, grid: Grid, steepness: float, progress: Callable[[float], None]) -> Floats:
    """Values at all nodes of the finest level: exact around the surface, elsewhere of the right sign."""
    step = COARSEST
    cells: Bools = np.ones([n // step for n in grid.cells], dtype=bool)
    values = np.full([n + 1 for n in cells.shape], 1.0, dtype=np.float32)
    nodes = np.ones_like(values, dtype=bool)
    lattice = np.zeros((0, 0), dtype=np.float32)
    while True:
        for part, fraction in _chunks(nodes):
            points = _points(part, values.shape, step, grid)
            coordinates = field.coordinates(points)
            if step == 2:
                if not len(lattice):
                    lattice = np.zeros((values.size, coordinates.shape[1]), dtype=np.float32)
                lattice[part] = coordinates
            _store(values, part, field.distance(points, coordinates))
            progress(0.8 * (1 + fraction) / step)
        half_diagonal = 0.5 * math.sqrt(3.0) * step * grid.spacing
        near = np.abs(values) <= steepness * half_diagonal
        cells &= _any_corner(near) | _crossed_cells(values)
        shape = values.shape
        values = _halved(values)
        nodes = _halved_nodes(cells)
        if step == 2:
            break
        cells = cells.repeat(2, 0).repeat(2, 1).repeat(2, 2)
        step //= 2
    _compute_finest(field, grid, values, nodes, lattice, shape, progress)
    return values


def _compute_finest(
    field: Field,
    grid: Grid,
    values: Floats,
    nodes: Bools,
    lattice: Floats,
    shape: tuple[int, ...],
    progress: Callable[[float], None],
) -> None:
    """Write the field into `values` (X, Y, Z) at these nodes (X, Y, Z) of the finest level.

    First by coordinates interpolated from the lattice (N, C) of the level above, whose nodes have this shape: that
    tells which cells the surface crosses. Then exactly at the corners of those cells: where it lies in them.
    """
    for part, _ in _chunks(nodes):
        coordinates = _interpolate_lattice(lattice, shape, part, values.shape)
        _store(values, part, field.value(_points(part, values.shape, 1, grid), coordinates))
    progress(0.85)
    if not lattice.shape[1]:  # a field without coordinates: its values are exact already
        return
    for part, fraction in _chunks(_corners(_crossed_cells(values))):
        points = _points(part, values.shape, 1, grid)
        _store(values, part, field.value(points, field.coordinates(points)))
        progress(0.85 + 0.15 * fraction)


def _chunks(nodes: Bools) -> Iterator[tuple[npt.NDArray[np.intp], float]]:
    """The flat indices of the marked nodes, CHUNK at a time, with the fraction of them that is done after each."""
    indices = np.flatnonzero(nodes)
    for start in range(0, len(indices), CHUNK):
        yield indices[start : start + CHUNK], min(1.0, (start + CHUNK) / len(indices))


def _points(nodes: npt.NDArray[np.intp], shape: tuple[int, ...], step: int, grid: Grid) -> Floats:
    """Positions (N, 3), units, of nodes given by their flat index into a level of this shape, whose cells are `step`
    finest cells long."""
    index = np.stack(np.unravel_index(nodes, shape), axis=1)
    return grid.places(index * step)


def _store(values: Floats, nodes: npt.NDArray[np.intp], computed: Floats) -> None:
    """Write what was computed (N,) into the values, in place, at nodes (N,) given by their flat index."""
    if not np.isfinite(computed).all():
        raise ModelError(
            "The head model computed a number that is not finite.",
            "Its weights are damaged: restore the model folder from the release it came from.",
        )
    # An exact zero at a node would give triangles without area.
    values.reshape(-1)[nodes] = np.where(computed == 0, np.float32(1e-9), computed)


def _interpolate_lattice(
    lattice: Floats, shape: tuple[int, ...], nodes: npt.NDArray[np.intp], fine_shape: tuple[int, ...]
) -> Floats:
    """The lattice (N, C), whose nodes have `shape`, at nodes of the next finer level (M,): (M, C), trilinear."""
    index = np.stack(np.unravel_index(nodes, fine_shape))
    below, above = index // 2, (index + 1) // 2
    total = np.zeros((len(nodes), lattice.shape[1]), dtype=np.float32)
    for corner in np.ndindex(2, 2, 2) if lattice.shape[1] else ():
        node = [above[axis] if up else below[axis] for axis, up in enumerate(corner)]
        total += lattice[np.ravel_multi_index(node, shape)]
    return total / 8


def _halved(values: Floats) -> Floats:
    """Values at the next finer level's nodes, each that of the node before it: right in sign where no surface runs."""
    for axis in range(3):
        values = np.repeat(values, 2, axis=axis).take(range(2 * values.shape[axis] - 1), axis=axis)
    return values


def _halved_nodes(cells: Bools) -> Bools:
    """The nodes of the next finer level inside or on the border of these cells."""
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
    """The nodes at either end of these cells along one axis, which gets longer by one."""
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
    """The cells whose corners differ in sign: the surface runs through them."""
    inside = values < 0
    return _any_corner(inside) & _any_corner(~inside)
