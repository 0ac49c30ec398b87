"""Quads on the zero surface of a grid: one vertex in every cell that the surface crosses.

Source: S. Gibson, Constrained elastic surface nets, MICCAI 1998; the vertex is the mean of the crossings of the cell's
edges.
"""

from __future__ import annotations

import numpy as np

from ..types import Floats, Ints


def surface_nets(values: Floats) -> tuple[Floats, Ints]:
    """The surface values = 0, in steps of the grid.

    values (X, Y, Z): negative inside; the surface is open where it leaves the grid.
    Returns vertices (V, 3), in indices of nodes, and quads (Q, 4), counter-clockwise seen from outside.
    """
    inside = values < 0
    shape = tuple(n - 1 for n in values.shape)
    cells, places = zip(*(_crossings(values, inside, axis) for axis in range(3)), strict=True)
    cell, place = np.concatenate(cells), np.concatenate(places)
    used, vertex, counts = np.unique(cell, return_inverse=True, return_counts=True)
    sums = np.stack([np.bincount(vertex, place[:, axis], len(used)) for axis in range(3)], axis=1)
    number = np.full(shape, -1, np.int32)
    number.ravel()[used] = np.arange(len(used))
    quads = [_quads_across(inside, number, axis) for axis in range(3)]
    return np.asarray(sums / counts[:, None], np.float32), np.concatenate(quads)


def _crossings(values: Floats, inside: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Where the surface crosses the grid's edges along an axis, once for each of the four cells around an edge.

    values, inside (X, Y, Z): of the nodes.
    Returns flat indices of cells (N,), and places (N, 3) in indices of nodes.
    """
    first, second = (slice(None, -1), slice(1, None))
    along = tuple(first if k == axis else slice(None) for k in range(3))
    beyond = tuple(second if k == axis else slice(None) for k in range(3))
    node = np.stack(np.nonzero(inside[along] != inside[beyond]))
    here, there = values[along][tuple(node)], values[beyond][tuple(node)]
    place = node.T.astype(np.float64)
    place[:, axis] += here / (here - there)
    shape = np.array(values.shape) - 1
    around = [np.insert(back, axis, 0)[:, None] for back in np.ndindex(2, 2)]
    cell = np.stack([node - back for back in around])
    exists = ((cell >= 0) & (cell < shape[:, None])).all(axis=1)
    flat = np.ravel_multi_index(tuple(cell.swapaxes(0, 1)[:, exists]), tuple(shape))
    return flat, np.broadcast_to(place, (4, *place.shape))[exists]


def _quads_across(inside: np.ndarray, number: Ints, axis: int) -> Ints:
    """The quads (Q, 4) around the grid's edges along an axis that the surface crosses.

    inside (X, Y, Z): of the nodes; number (X - 1, Y - 1, Z - 1): of the cells' vertices.
    """
    nodes, cells = (np.moveaxis(array, (axis, (axis + 1) % 3, (axis + 2) % 3), (0, 1, 2)) for array in (inside, number))
    enters, leaves = nodes[:-1] & ~nodes[1:], ~nodes[:-1] & nodes[1:]
    around = np.stack([cells[:, :-1, :-1], cells[:, 1:, :-1], cells[:, 1:, 1:], cells[:, :-1, 1:]], axis=-1)
    outwards = around[enters[:, 1:-1, 1:-1]]
    inwards = around[leaves[:, 1:-1, 1:-1]][:, ::-1]
    return np.concatenate([outwards, inwards]).astype(np.int32)
