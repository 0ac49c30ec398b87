"""Strands grow from their roots through the volume of their style, step by step, on the layer that they belong to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from clip_head.core.types import Floats, Ints

from .cuts import length_at, uncut
from .fields import Distance, across, unit
from .recipes import Recipe
from .scalp import Roots
from .strands import gathered, lengths, locks_of, resampled, smooth
from .ties import tied

#: Step, units (2.5 mm).
STEP = 0.01
#: The fewest steps of a strand.
SHORTEST = 8
#: Points of a line while it is being shaped.
FINE = 96
#: Distance from the skin that strands keep, units (1.5 mm), reached over the first step.
CLEARANCE = 0.006
#: How far strands turn in a step towards where they are drawn, 0 to 1.
TURNING = 0.4
#: Part of a step below which a strand is stuck at the border of its volume, and ends: where it goes along the skin, and
#: where it rises from it, and may slide into a point of the volume.
STUCK_ALONG, STUCK_RISING = 0.85, 0.3
#: Steps in which strands find their way and do not end: of those that lie, beyond the length over which they rise, and
#: of those that rise.
SETTLING, RISING = 4, 2
#: Depth inside the hairline over which hair grows to its length, units (11 mm).
AT_LINE = 0.045
#: Heights on the template between which faded hair grows to its length, units: the nape and above the ears.
FADED, FULL = -0.22, 0.2
#: Depths on the template between which hair is above the forehead, and the length over which it goes its first way.
BACK, FRONT, SWEPT = -0.1, 0.08, 0.25
#: How much the line above which hair is tied rises to the back: height by depth.
RISING_BACK = 0.3
#: Part of the points of a guide that lie before its tie.
BEFORE_TIE = 0.34
#: Depths on the template behind which hair that is combed backwards falls, and before which it is led wholly so.
FALLING, LED = -0.45, -0.25
#: Where hair that is tied has arrived, units (15 mm).
ARRIVED = 0.06


@dataclass(frozen=True)
class Space:
    """What strands grow in.

    skin, volume: distances to the template's skin and to the style's volume.
    steady: the volume's without its finest shapes.
    """

    skin: Distance
    volume: Distance
    steady: Distance


def grow(recipe: Recipe, roots: Roots, depth: Floats, space: Space, count: int, seed: int) -> Floats:
    """Guides (N, count, 3) of one style, units.

    recipe: of the style.
    roots: N.
    depth: (N,) of the roots inside the hairline, units.
    space: what they grow in.
    count: of points on each.
    seed: of what differs between strands.
    """
    if recipe.ties and recipe.tied_above is not None:
        loose = replace(recipe, ties=(), layers=0.0, confined=False)  # falls by its weight alone
        halves = loose, replace(recipe, tied_above=None)
        upper = roots.points[:, 1] + RISING_BACK * roots.points[:, 2] > recipe.tied_above
        points = np.zeros((len(depth), count, 3), np.float32)
        for half, rows in zip(halves, (~upper, upper), strict=True):
            points[rows] = grow(half, roots.some(rows), depth[rows], space, count, seed)
        return points
    rng = np.random.default_rng(seed)
    lines = traced(recipe, roots, space, rng)
    part = 1 - recipe.uneven * rng.random(len(lines)) ** 1.5
    if not recipe.ties:
        part *= recipe.shortest + (1 - recipe.shortest) * np.clip(depth / AT_LINE, 0, 1)
        part *= recipe.fade + (1 - recipe.fade) * np.clip((roots.points[:, 1] - FADED) / (FULL - FADED), 0, 1)
    if recipe.sides:
        beside = np.abs(roots.points[:, 0]) > recipe.strip
        part = np.where(beside, np.minimum(part, recipe.sides / np.maximum(lengths(lines), 1e-6)), part)
    part = np.minimum(part, length_at(recipe, roots.points, rng) / np.maximum(lengths(lines), 1e-6))
    part = np.minimum(part, uncut(lines, recipe.cuts))
    lines = resampled(lines, FINE, part)
    if recipe.ties:
        lines = np.concatenate([resampled(lines, FINE // 2), resampled(tied(recipe, lines, rng), FINE)[:, 1:]], axis=1)
    lines = smooth(lines, 2.0)
    if recipe.locks:
        # Far from each other where they are tied apart: no lock has hair of two ties.
        places = roots.points + 9 * ties_of(recipe, roots) if recipe.ties else roots.points
        lines = gathered(lines, locks_of(places, recipe.locks), recipe.gathered)
    if recipe.ties:
        # As many points behind the tie on all of them: strands of a plait swing there together.
        before = round(BEFORE_TIE * count)
        ahead, behind = resampled(lines[:, : FINE // 2], before), resampled(lines[:, FINE // 2 :], count - before)
        lines = np.concatenate([ahead, behind], axis=1)
    return off_skin(resampled(lines, count) if not recipe.ties else lines, space.skin)


def traced(recipe: Recipe, roots: Roots, space: Space, rng: np.random.Generator) -> Floats:
    """Lines (N, T, 3) from the roots to where their volume or their length ends; the last points repeat.

    recipe: of the style.
    roots: N.
    space: what they grow in.
    rng: draws what differs between strands.
    """
    count = len(roots.points)
    x, heading = roots.points.copy(), roots.normals.copy()
    alive, travelled = np.ones(count, bool), np.zeros(count, np.float32)
    layer, aside = layers_of(recipe, roots, rng), rng.normal(size=(count, 3)).astype(np.float32)
    points, step = [x.copy()], min(STEP, recipe.longest / SHORTEST)
    lying = recipe.layers >= 1
    stuck = STUCK_ALONG if lying else STUCK_RISING
    settling = recipe.stiff + SETTLING * step if lying else RISING * step
    for _ in range(round(recipe.longest / step)):
        outwards, above, below = _outwards(space, x)
        way = _way(recipe, space, x, outwards, roots, travelled) + recipe.wild * aside
        rising = recipe.lift * np.exp(-travelled / recipe.stiff)[:, None]
        if recipe.layers:
            way = across(way, outwards)
            wanted = (layer - above / np.maximum(above + below, 1e-4)) * (above + below)
            settled = np.clip(travelled / (2 * recipe.stiff), 0, 1)
            way = unit(way) + recipe.layers * np.clip(wanted / (3 * step), -1, 1)[:, None] * outwards * settled[:, None]
        way = unit(way + rising * roots.normals)
        heading = unit((1 - TURNING) * heading + TURNING * way)
        moved = x + step * heading
        moved = _confined(space, moved, np.minimum(CLEARANCE, 0.5 * travelled + 0.25 * step), recipe.confined)
        advance = ((moved - x) * heading).sum(axis=1)
        if recipe.ties:
            alive &= np.linalg.norm(x - ties_of(recipe, roots), axis=1) > ARRIVED
        alive &= (advance > stuck * step) | (travelled < settling)
        travelled += np.where(alive, np.linalg.norm(moved - x, axis=1), 0)
        x = np.where(alive[:, None], moved, x)
        points.append(x.copy())
        if not alive.any():
            break
    return np.stack(points, axis=1)


def layers_of(recipe: Recipe, roots: Roots, rng: np.random.Generator) -> Floats:
    """The layer (N,) of each strand, 0 on the skin to 1 on the volume's surface: hair from the part lies on hair from
    below; where it is tied, all lies on top.

    recipe: of the style.
    roots: N.
    rng: draws what differs between strands.
    """
    chance = rng.random(len(roots.points))
    if recipe.ties:
        return np.asarray(0.35 + 0.65 * chance, np.float32)
    _, distance = _from_part(recipe, roots.points)
    order = 1 - distance / max(float(distance.max()), 1e-6)
    return np.asarray(np.clip(0.08 + 0.75 * order + 0.45 * (chance - 0.3), 0.06, 0.98), np.float32)


def ties_of(recipe: Recipe, roots: Roots) -> Floats:
    """The tie (N, 3) of each root: the nearest one."""
    ties = np.array(recipe.ties, np.float32)
    return ties[_nearest(ties, roots.points)]


def off_skin(lines: Floats, skin: Distance) -> Floats:
    """Lines (N, K, 3) no point of which but the root lies nearer to the skin than CLEARANCE, or than a third of the way
    from its root; units."""
    lines = lines.copy()
    inner = lines[:, 1:].reshape(-1, 3)
    along = np.linalg.norm(np.diff(lines, axis=1), axis=2).cumsum(axis=1).reshape(-1)
    wanted = np.minimum(CLEARANCE, along / 3)
    for _ in range(3):
        missing = np.maximum(wanted - skin.at(inner), 0)
        near = missing > 0
        inner[near] += missing[near, None] * skin.gradient(inner[near])
    lines[:, 1:] = inner.reshape(len(lines), -1, 3)
    return lines


def _way(recipe: Recipe, space: Space, x: Floats, outwards: Floats, roots: Roots, travelled: Floats) -> Floats:
    """The way (N, 3) that strands of a length (N,), units, are drawn at their tips (N, 3), weighted."""
    if recipe.ties:
        return unit(across(ties_of(recipe, roots) - x, outwards))
    away, _ = _from_part(recipe, x)
    front = np.clip((roots.points[:, 2] - BACK) / (FRONT - BACK), 0, 1) * np.exp(-((travelled / SWEPT) ** 2))
    comb = np.tile(np.array(recipe.comb, np.float32), (len(x), 1))
    if recipe.comb[2] < 0:
        comb *= np.clip((x[:, 2:] - FALLING) / (LED - FALLING), 0, 1)
    comb += front[:, None] * np.array(recipe.fringe, np.float32)
    if recipe.mirrored:
        comb[:, 0] *= np.sign(roots.points[:, 0])
    way = recipe.away * unit(across(away, outwards)) + comb + recipe.gravity * np.array([0, -1, 0], np.float32)
    return np.asarray(way, np.float32)


def _from_part(recipe: Recipe, x: Floats) -> tuple[Floats, Floats]:
    """From the nearest place on the part to points (N, 3): (N, 3), and how far that is (N,), units."""
    nodes = np.array(recipe.part if len(recipe.part) > 1 else recipe.part * 2, np.float32)
    best, least = np.zeros_like(x), np.full(len(x), np.inf)
    for start, end in pairwise(nodes):
        axis = end - start
        t = np.clip((x - start) @ axis / max(float(axis @ axis), 1e-9), 0, 1)
        offset = x - start - t[:, None] * axis
        distance = np.linalg.norm(offset, axis=1)
        nearer = distance < least
        best[nearer], least[nearer] = offset[nearer], distance[nearer]
    return best, np.asarray(least, np.float32)


def _nearest(places: Floats, points: Floats) -> Ints:
    """Which of some places (P, 3) is the nearest to each point (N, 3): (N,)."""
    return np.asarray(((points[:, None] - places) ** 2).sum(axis=2).argmin(axis=1), np.int32)


def _outwards(space: Space, x: Floats) -> tuple[Floats, Floats, Floats]:
    """Away from the skin at points (N, 3): unit vectors (N, 3); and how far the skin is below and the volume's surface
    above, (N,) each, units."""
    above, below = np.maximum(space.skin.at(x), 0), np.maximum(-space.volume.at(x), 0)
    share = (above / np.maximum(above + below, 1e-4))[:, None]
    direction = unit((1 - share) * space.skin.gradient(x) + share * space.steady.gradient(x))
    return direction, above, below


def _confined(space: Space, x: Floats, clearance: Floats, confined: bool) -> Floats:
    """Points (N, 3) within the volume, where they are confined, and no nearer to the skin than a clearance (N,)."""
    if confined:
        outside = np.clip(space.volume.at(x), 0, 2 * STEP)
        x = x - outside[:, None] * space.steady.gradient(x)
    missing = np.maximum(clearance - space.skin.at(x), 0)
    return np.asarray(x + missing[:, None] * space.skin.gradient(x), np.float32)
