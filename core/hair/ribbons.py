"""Ribbons along lines: which way hair faces, frames that do not twist, and the vertices of both edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Bools, Floats, Ints

#: Cells along the longest side of the grid on which hair is counted, and how often that is blurred.
CELLS, BLURS = 40, 6
#: How much the way out of the hair counts beside the way away from the head's middle.
OUT_OF_HAIR = 3.0
#: How much the way that a ribbon faced before counts beside the way out, and at its root any way at all.
KEPT, SPARE = 0.35, 0.02
#: In this part of its length, as its inverse, a ribbon has turned about itself as far as it will.
ROLLED = 4.0
#: How far shading follows the whole of the hair and not the single ribbon, and how round a ribbon looks across.
SMOOTH, ROUND = 0.75, 0.25
#: Least cosine between a vertex's shading normal and its ribbon's own.
FACING = 0.25


@dataclass(frozen=True)
class Ribbons:
    """Ribbons of quads, two vertices to a cross-section.

    vertices, normals (V, 3): units; for shading.
    quads (Q, 4), of_quad (Q,): the ribbon of each.
    of_vertex (V,), along (V,), across (V,): its ribbon; where it is from root to tip; on which edge, 0 or 1.
    """

    vertices: Floats
    normals: Floats
    quads: Ints
    of_quad: Ints
    of_vertex: Ints
    along: Floats
    across: Floats


def resampled(lines: Floats, at: Floats) -> Floats:
    """Points (N, S, 3) on lines by their length.

    lines (N, K, 3): units.
    at (S,): parts of the length, 0 to 1, or somewhat more, where lines are carried on straight.
    """
    step = np.linalg.norm(np.diff(lines, axis=1), axis=2)
    length = np.concatenate([np.zeros((len(lines), 1)), step.cumsum(axis=1)], axis=1)
    length += 1e-9 * np.arange(lines.shape[1])
    wanted = at[None] * length[:, -1:]
    low = np.clip((length[:, None, :] <= wanted[..., None]).sum(axis=2) - 1, 0, lines.shape[1] - 2)
    rows = np.arange(len(lines))[:, None]
    share = (wanted - length[rows, low]) / np.maximum(length[rows, low + 1] - length[rows, low], 1e-9)
    return np.asarray(lines[rows, low] + share[..., None] * (lines[rows, low + 1] - lines[rows, low]), np.float32)


def unit(vectors: Floats) -> Floats:
    """Vectors (..., 3) of length 1; those of none stay."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9), np.float32)


def outwards(points: Floats, hair: Floats, middle: Floats) -> Floats:
    """The way out of a volume of hair (..., 3), unit vectors: against the rise of its density, and away from the head.

    points (..., 3): where; hair (P, 3): all of its points; units.
    middle (3,): of the head, units; below it hair hangs round an axis.
    """
    flat = points.reshape(-1, 3)
    low, high = hair.min(axis=0), hair.max(axis=0)
    cell = max(float((high - low).max()) / CELLS, 1e-6)
    edge = 2 + BLURS
    shape = np.ceil((high - low) / cell).astype(int) + 1 + 2 * edge

    def cells(places: Floats) -> Ints:
        return np.asarray(((places - low) / cell + edge).astype(int).clip(0, shape - 1), np.int32)

    counted = np.ravel_multi_index(tuple(cells(hair).T), tuple(shape))
    density = np.bincount(counted, minlength=int(np.prod(shape))).reshape(shape).astype(np.float32)
    for _ in range(BLURS):
        for axis in range(3):
            density = (np.roll(density, 1, axis) + density + np.roll(density, -1, axis)) / 3
    rise = np.stack(np.gradient(density), axis=-1)[tuple(cells(flat).T)]
    steep = np.linalg.norm(rise, axis=1)
    rise /= max(float(np.percentile(steep, 40)), 1e-9)
    away = flat - middle
    away[:, 1] = np.maximum(away[:, 1], 0.0)
    away = unit(away)
    fall = -rise / np.maximum(np.linalg.norm(rise, axis=1, keepdims=True), 1.0)
    # Towards the head, too, hair grows less dense: that is no way out.
    fall += np.maximum(-(fall * away).sum(axis=1, keepdims=True), 0.0) * away
    return unit(away + OUT_OF_HAIR * fall).reshape(points.shape)


def frames(lines: Floats, out: Floats, roll: Floats, spare: Floats) -> tuple[Floats, Floats]:
    """For ribbons along lines the way they face, and the way across, (N, S, 3) unit vectors each.

    lines (N, S, 3): units.
    out (N, S, 3): the way out, which they face as far as their run allows.
    roll (N,): by which they are turned about themselves, radians, but at their roots, where they lie on the skin.
    spare (N, 3): the way to face for those that run straight out.
    """
    run = unit(np.gradient(lines, axis=1))
    flat = out - (out * run).sum(axis=2, keepdims=True) * run
    facing = np.empty_like(lines)
    before = spare
    for place in range(lines.shape[1]):
        t = run[:, place]
        carried = before - (before * t).sum(axis=1, keepdims=True) * t
        # Where the way out is that of the strand itself, the ribbon keeps the way that it faced before.
        before = unit(unit(carried) * (KEPT if place else SPARE) + flat[:, place])
        facing[:, place] = before
    across = np.cross(facing, run)
    turned = roll[:, None, None] * np.minimum(np.linspace(0, ROLLED, lines.shape[1]), 1)[None, :, None]
    cosine, sine = np.cos(turned), np.sin(turned)
    return unit(cosine * facing + sine * across), unit(cosine * across - sine * facing)


def ribbons(lines: Floats, counts: Ints, widths: Floats, out: Floats, roll: Floats, spare: Floats) -> Ribbons:
    """Ribbons along lines.

    lines (N, K, 3): units, evenly sampled.
    counts (N,): quads along each.
    widths (N, K): units.
    out, roll, spare: as of `frames`, out (N, K, 3).
    """
    facing, across = frames(lines, out, roll, spare)
    parts = [_of_count(lines, widths, facing, across, out, counts == count, int(count)) for count in np.unique(counts)]
    order = np.concatenate([np.flatnonzero(counts == count) for count in np.unique(counts)])
    points, normals = (np.concatenate([part[n].reshape(-1, 3) for part in parts]) for n in (0, 1))
    sections = counts[order] + 1
    of_vertex = np.repeat(order, 2 * sections)
    within = np.concatenate([np.repeat(np.arange(n), 2) for n in sections])
    along = (within / counts[of_vertex]).astype(np.float32)
    across_place = np.tile([0.0, 1.0], int(sections.sum())).astype(np.float32)
    first = np.concatenate([[0], (2 * sections).cumsum()[:-1]])
    start = np.concatenate([begin + 2 * np.arange(n) for begin, n in zip(first, counts[order], strict=True)])
    quads = start[:, None] + np.array([0, 2, 3, 1])
    of_quad = np.repeat(order, counts[order])
    return Ribbons(points, normals, quads.astype(np.int32), of_quad, of_vertex, along, across_place)


def _of_count(
    lines: Floats, widths: Floats, facing: Floats, across: Floats, out: Floats, chosen: Bools, count: int
) -> tuple[Floats, Floats]:
    """Vertices and normals (N, count + 1, 2, 3) of the chosen ribbons, of so many quads."""
    at = np.linspace(0, lines.shape[1] - 1, count + 1)
    low = np.minimum(at.astype(int), lines.shape[1] - 2)
    share = (at - low)[None, :, None]

    def sampled(values: Floats) -> Floats:
        return np.asarray(values[chosen][:, low] * (1 - share) + values[chosen][:, low + 1] * share, np.float32)

    middle, side, face, away = (sampled(values) for values in (lines, across, facing, out))
    half = 0.5 * sampled(widths[..., None])
    side, face = unit(side), unit(face)
    points = np.stack([middle - half * side, middle + half * side], axis=2)
    smooth = unit((1 - SMOOTH) * face + SMOOTH * away)
    normals = np.stack([smooth - ROUND * side, smooth + ROUND * side], axis=2)
    # A normal that looks away from its ribbon's front would be lit from behind.
    missing = FACING - (unit(normals) * face[:, :, None]).sum(axis=3, keepdims=True)
    normals = unit(unit(normals) + np.maximum(missing, 0) * 1.5 * face[:, :, None])
    return points, normals
