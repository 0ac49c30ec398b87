"""Hair that is tied together: what becomes of it behind the tie - a tail, a ball, or a plait."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import CubicSpline

from clip_head.core.types import Floats

from .fields import unit
from .recipes import Recipe

#: Points of the line behind a tie.
POINTS = 160
#: Radius of the hair in the tie itself, units (6 mm).
TIED = 0.025
#: Length of a plait along which one of its strands swings once to either side, how far it swings to the side and to
#: and fro, and how thick it is, as parts of the plait's thickness.
PITCH, SIDEWAYS, FORWARDS, STRAND = 3.5, 0.62, 0.36, 0.5


def tied(recipe: Recipe, lines: Floats, rng: np.random.Generator) -> Floats:
    """Lines (N, POINTS, 3) behind the ties of others.

    recipe: with ties and a tail.
    lines: (N, T, 3) from the roots to the tie, units.
    rng: draws each strand's place in the tail.
    """
    ties = np.array(recipe.ties, np.float32)
    which = ((lines[:, 0, None] - ties) ** 2).sum(axis=2).argmin(axis=1)
    # The place in the tail's section goes by where the strand comes from, so that neighbours stay together.
    chance = rng.random((len(lines), 2)).astype(np.float32)
    result = np.zeros((len(lines), POINTS, 3), np.float32)
    for tie in range(len(ties)):
        rows = np.flatnonzero(which == tie)
        tail = np.array(recipe.tail, np.float32)
        if np.sign(ties[tie, 0]) != np.sign(ties[0, 0]):
            tail = tail * np.array([-1, 1, 1], np.float32)
        if len(rows):
            result[rows] = (_coil if recipe.turns else _tail)(recipe, tail, ties[tie], lines[rows], chance[rows])
    return result


def _tail(recipe: Recipe, tail: Floats, tie: Floats, lines: Floats, chance: Floats) -> Floats:
    """Lines (N, POINTS, 3) along a tail from where it is nearest to a tie (3,), in strands of a plait if it is one."""
    nodes = np.r_[0, np.linalg.norm(np.diff(tail, axis=0), axis=1).cumsum()]
    curve = CubicSpline(nodes / nodes[-1], tail)
    whole = np.linspace(0, 1, POINTS)
    first = whole[np.linalg.norm(curve(whole) - tie, axis=1).argmin()] if len(recipe.ties) > 2 else 0.0
    along = np.linspace(first, 1, POINTS)
    thick = np.interp(along, np.linspace(0, 1, len(recipe.thick)), recipe.thick)
    side, up = _frame(unit(curve(along, 1)))
    angle, order = _places(curve(first), unit(curve(first, 1)), lines, side[0], up[0])
    if recipe.strands:
        strand = np.floor(order * recipe.strands) % recipe.strands
        pitch = PITCH * max(recipe.thick)
        phase = 2 * np.pi * (along[None] * nodes[-1] / pitch + strand[:, None] / recipe.strands)
        swing = thick * np.minimum(1, (along - first) / 0.06)
        middle = (SIDEWAYS * np.cos(phase) * swing)[..., None] * side + (FORWARDS * np.sin(2 * phase) * swing)[
            ..., None
        ] * up
        radius = STRAND * thick[None] * np.sqrt(chance[:, :1])
        turn = 2 * np.pi * chance[:, 1:]
    else:
        middle = np.zeros((len(lines), POINTS, 3))
        # Strands from farther away lie outside; all differ in length.
        radius = thick[None] * np.sqrt(chance[:, :1])
        turn = angle[:, None] + 0.5 * (chance[:, 1:] - 0.5)
    reach = 1 - 0.4 * chance[:, 1:] ** 1.5 * (not recipe.strands)
    offset = (radius * np.cos(turn))[..., None] * side + (radius * np.sin(turn))[..., None] * up
    line = curve(along)[None] + middle + offset
    cut = np.linspace(0, 1, POINTS)[None] * reach * (POINTS - 1)
    low = np.minimum(cut.astype(int), POINTS - 2)
    rows = np.arange(len(lines))[:, None]
    share = (cut - low)[..., None]
    return np.asarray(line[rows, low] * (1 - share) + line[rows, low + 1] * share, np.float32)


def _coil(recipe: Recipe, tail: Floats, tie: Floats, lines: Floats, chance: Floats) -> Floats:
    """Lines (N, POINTS, 3) that wind about an ellipsoid: tail's first node is its middle, its second its radii, its
    third its axis."""
    middle, radii, axis = tail[0], np.abs(tail[1]), unit(tail[2])
    along = np.linspace(0, 1, POINTS)[None]
    side, up = (one[0] for one in _frame(axis[None]))
    start = lines[:, -1] - middle
    first = np.arctan2(start @ up, start @ side)[:, None]
    # From the foot of the ball up to its top and in; strands lie in bands.
    height = -0.85 + 1.78 * np.clip(0.75 * along + 0.45 * (chance[:, :1] - 0.35), 0, 1)
    angle = first + 2 * np.pi * recipe.turns * along
    shell = (
        (0.86 + 0.14 * chance[:, 1:])
        * np.minimum(1, 0.55 + 4 * along)
        * (1 - 0.35 * np.maximum(along - 0.85, 0) / 0.15)
    )
    width = np.sqrt(np.maximum(1 - height**2, 0.05))
    local = (
        (width * np.cos(angle))[..., None] * side + (width * np.sin(angle))[..., None] * up + height[..., None] * axis
    )
    return np.asarray(middle + shell[..., None] * local * radii, np.float32)


def _places(tie: Floats, axis: Floats, lines: Floats, side: Floats, up: Floats) -> tuple[Floats, Floats]:
    """From where strands come to a tie: the angle (N,) about the tail's axis, and their order (N,) by it, 0 to 1."""
    start = lines[:, len(lines[0]) // 2] - tie
    start = start - (start @ axis)[:, None] * axis
    angle = np.arctan2(start @ up, start @ side)
    return angle, np.argsort(np.argsort(angle)) / max(len(angle), 1)


def _frame(tangent: Floats) -> tuple[Floats, Floats]:
    """Two directions (P, 3) across tangents (P, 3), turning as little as can be along them."""
    reference = np.array([1.0, 0.0, 0.0]) if abs(tangent[0, 0]) < 0.8 else np.array([0.0, 0.0, 1.0])
    side = np.zeros_like(tangent)
    for k, one in enumerate(tangent):
        reference = reference - (reference @ one) * one
        reference = reference / np.linalg.norm(reference)
        side[k] = reference
    return side, np.asarray(np.cross(tangent, side), np.float32)
