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
    sums, counts = np.zeros((*shape, 3)), np.zeros(shape)
    for axis in range(3):
        others = [k for k in range(3) if k != axis]
        first, second = (np.moveaxis(values, axis, 0)[part] for part in (slice(None, -1), slice(1, None)))
        crossed = (first < 0) != (second < 0)
        place = np.where(crossed, first / np.where(crossed, first - second, 1.0), 0.0)
        for a, b in np.ndindex(2, 2):
            # The four cells around an edge, as seen from each of their own corners.
            window = (slice(None), slice(a, a + shape[others[0]]), slice(b, b + shape[others[1]]))
            here, where = np.moveaxis(crossed[window], 0, axis), np.moveaxis(place[window], 0, axis)
            counts += here
            sums[..., axis] += where
            sums[..., others[0]] += a * here
            sums[..., others[1]] += b * here
    cells = counts > 0
    number = np.full(shape, -1, np.int32)
    number[cells] = np.arange(cells.sum())
    corner = np.stack(np.nonzero(cells), axis=1)
    vertices = corner + sums[cells] / counts[cells][:, None]
    quads = [_quads_across(inside, number, axis) for axis in range(3)]
    return np.asarray(vertices, np.float32), np.concatenate(quads)


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
