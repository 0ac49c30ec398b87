"""How hair is cut: its length and density by where it is rooted, spaces that it is cut out of, and its hairline."""

from __future__ import annotations

import numpy as np

from clip_head.core.types import Floats
from clip_head.training.teacher.hair_field import hairline_depth

from .recipes import Cut, Recipe

#: Depth on the template in front of which the middle of the hairline may come to a peak, units.
PEAK_FRONT = 0.0
#: How much longer than others hair that is cut to one length may be, of the length itself.
RAGGED = 0.15


def scalp_depth(recipe: Recipe, points: Floats) -> Floats:
    """How deep points (V, 3) of the skin lie inside the hairline of a style: (V,), units, negative outside.

    recipe: of the style.
    points: units.
    """
    depth = hairline_depth(points, recipe.hairline)
    if recipe.strip and not recipe.sides:
        depth = np.minimum(depth, recipe.strip - np.abs(points[:, 0]))
    if recipe.peak:
        width, reach = recipe.peak
        middle = np.clip(1 - np.abs(points[:, 0]) / width, 0, 1) * (points[:, 2] > PEAK_FRONT)
        depth = depth + reach * middle
    if recipe.bare:
        centre, radii = np.array(recipe.bare, np.float32)
        outside = (np.linalg.norm((_mirrored(points) - centre) / radii, axis=1) - 1) * radii.min()
        depth = np.minimum(depth, outside)
    return np.asarray(depth, np.float32)


def density_at(recipe: Recipe, points: Floats) -> Floats:
    """How densely hair grows at points (V, 3) of the scalp, by their height: (V,), 0 to 1.

    recipe: of the style.
    points: units.
    """
    return _by_height(recipe, recipe.densities, points) if recipe.densities else np.ones(len(points), np.float32)


def length_at(recipe: Recipe, points: Floats, rng: np.random.Generator) -> Floats:
    """The greatest length of hair that is rooted at points (N, 3), by their height: (N,), units.

    recipe: of the style.
    points: units.
    rng: draws what differs between strands.
    """
    if not recipe.lengths:
        return np.full(len(points), np.inf, np.float32)
    ragged = 1 - RAGGED * rng.random(len(points))
    return np.asarray(ragged * _by_height(recipe, recipe.lengths, points), np.float32)


def uncut(lines: Floats, cuts: tuple[Cut, ...]) -> Floats:
    """The part (N,) of each line's length, 0 to 1, from its root to where it first comes into a space that is cut out;
    all of it where the root is within.

    lines: (N, T, 3) units.
    cuts: spaces, each of planes (a, b, c, d): within are points with a |x| + b y + c z < d for each.
    """
    way = np.linalg.norm(np.diff(lines, axis=1), axis=2).cumsum(axis=1)
    way = np.concatenate([np.zeros((len(lines), 1)), way], axis=1)
    part = np.ones(len(lines))
    places = _mirrored(lines)
    rows = np.arange(len(lines))
    for space in cuts:
        planes = np.array(space, np.float32)
        outside = (places @ planes[:, :3].T - planes[:, 3]).max(axis=-1)
        first = (outside[:, 1:] < 0).argmax(axis=1) + 1
        before, after = outside[rows, first - 1], outside[rows, first]
        share = np.clip(before / np.maximum(before - after, 1e-9), 0, 1)
        reached = way[rows, first - 1] + share * (way[rows, first] - way[rows, first - 1])
        meets = (outside[:, 0] >= 0) & (outside[:, 1:] < 0).any(axis=1)
        reached = np.where(meets, reached, way[:, -1])
        part = np.minimum(part, reached / np.maximum(way[:, -1], 1e-9))
    return np.asarray(part, np.float32)


def _by_height(recipe: Recipe, steps: tuple[tuple[float, float], ...], points: Floats) -> Floats:
    """Values at points (N, 3), from (height, value) of rising height: (N,)."""
    places = _mirrored(points) if recipe.mirrored else points
    height = places @ np.array(recipe.height, np.float32)
    heights, values = np.array(steps, np.float32).T
    return np.asarray(np.interp(height, heights, values), np.float32)


def _mirrored(points: Floats) -> Floats:
    """Points (..., 3) on the head's left."""
    return np.concatenate([np.abs(points[..., :1]), points[..., 1:]], axis=-1)
