"""Cornrows: braids along the scalp from the forehead to the nape, fed with hair all along, that hang on from there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from clip_head.core.types import Floats
from clip_head.training.teacher.hair_field import hairline_depth

from .fields import Distance, unit
from .scalp import Roots
from .strands import resampled, smooth

#: Two points of the axis about which the planes of all rows turn, units: in front of the brow and behind the neck.
FRONT, BEHIND = np.array([0.0, 0.0, 0.3]), np.array([0.0, -0.5, -0.48])
#: Its direction, to the back, and the one away from it in the middle of the head, upwards.
AXIS = unit(BEHIND - FRONT)
UP = unit(np.cross([1.0, 0.0, 0.0], AXIS))
#: Angle of the outermost rows to the middle, radians.
WIDEST = 0.8
#: Distance between the points of a row while it is shaped, units (1.5 mm).
FINE = 0.006
#: How far a row's braid may be wide, as a part of the distance to the next row.
SHARE = 0.46
#: How far the strands of a braid swing to the side and to and fro, and how thick they are, as parts of its radius.
SIDEWAYS, FORWARDS, STRAND = 0.55, 0.4, 0.5
#: Length of a braid along which one of its strands swings once to either side, as a multiple of its radius.
PITCH = 4.5
#: Length of braid that a hair is seen on, over which it comes to the braid, and in which it ends, units.
SEEN, COMING, ENDING = 0.2, 0.05, 0.04
#: Hair that is rooted within this length from the end of its row hangs on, units (30 mm).
LAST = 0.12
#: Height on the template above which rows end behind an ear, and do not hang on, units.
NAPE = -0.12


@dataclass(frozen=True)
class Rows:
    """How rows run.

    count: of rows.
    radius: of a braid, units; less where rows come close.
    hang: how far braids hang on from the ends of rows that reach the nape, units.
    hairline: as of recipes.Recipe.
    """

    count: int = 13
    radius: float = 0.026
    hang: float = 0.3
    hairline: str = "full"


@dataclass(frozen=True)
class Row:
    """One row.

    line: (T, 3) the middle of the braid, points FINE apart, units.
    side, out: (T, 3) across it along the skin, and away from it.
    radius: (T,) of the braid, units.
    end: the point at which it leaves the scalp.
    """

    line: Floats
    side: Floats
    out: Floats
    radius: Floats
    end: int


def angles(points: Floats) -> Floats:
    """The angle (N,) about the axis of rows, 0 in the middle, at points (N, 3); radians."""
    return np.asarray(np.arctan2(points[:, 0], (points - FRONT) @ UP), np.float32)


def turns(rows: Rows) -> Floats:
    """The angle (R,) of each row, radians."""
    return np.linspace(-WIDEST, WIDEST, rows.count).astype(np.float32)


def beside_rows(rows: Rows, points: Floats, parting: float) -> Floats:
    """What is left of the density (V,), 0 to 1, where hair parts between rows.

    rows: how they run.
    points: (V, 3) of the skin, units.
    parting: width of the bare skin between rows, as a part of their distance.
    """
    place = angles(points) / (2 * WIDEST / (rows.count - 1)) + (rows.count - 1) / 2
    aside = np.abs(place - np.clip(np.round(place), 0, rows.count - 1))
    return np.asarray(np.clip((0.5 - aside) * 2 / parting, 0, 1) * (aside < 1), np.float32)


def all_rows(rows: Rows, skin: Distance) -> list[Row]:
    """The rows on the template.

    rows: how they run.
    skin: the distance to it.
    """
    lines = [_on_skin(turn, rows, skin) for turn in turns(rows)]
    result = []
    for k, line in enumerate(lines):
        others = np.concatenate([lines[n] for n in (k - 1, k + 1) if 0 <= n < len(lines)])
        radius = np.minimum(rows.radius, SHARE * cKDTree(others).query(line)[0])
        radius = np.convolve(np.pad(radius, 8, mode="edge"), np.full(17, 1 / 17), mode="valid")
        result.append(_hung(line, radius, rows, skin))
    return result


def cornrows(rows: Rows, roots: Roots, skin: Distance, count: int, rng: np.random.Generator) -> Floats:
    """Guides (N, count, 3) of hair that is braided into rows, units.

    rows: how they run.
    roots: N, of which each joins the nearest row.
    skin: the distance to it.
    count: of points on each.
    rng: draws each hair's place in the braid.
    """
    lines = all_rows(rows, skin)
    nearest = np.round(np.clip((angles(roots.points) / WIDEST + 1) / 2, 0, 1) * (rows.count - 1)).astype(int)
    chance = rng.random((len(roots.points), 2))
    guides = np.zeros((len(roots.points), count, 3), np.float32)
    for k, row in enumerate(lines):
        mine = np.flatnonzero(nearest == k)
        first = cKDTree(row.line[: row.end + 1]).query(roots.points[mine])[1]
        for guide, start, (place, turn) in zip(mine, first, chance[mine], strict=True):
            last = start + SEEN / FINE if start < row.end - LAST / FINE else len(row.line) - 1
            at = np.linspace(start, min(last, len(row.line) - 1), count)
            guides[guide] = _braided(row, at, int(3 * turn), place, 2 * np.pi * (3 * turn % 1), roots.points[guide])
    return guides


def _braided(row: Row, at: Floats, strand: int, place: float, turn: float, root: Floats) -> Floats:
    """A guide (K, 3) from its root into a strand of a braid.

    row: the braid.
    at: (K,) where on it, in points from its beginning.
    strand: 0, 1 or 2; place and turn: where in the strand's section, 0 to 1 and radians.
    root: (3,) units.
    """
    low = np.minimum(at.astype(int), len(row.line) - 2)
    share = (at - low)[:, None]
    line, side, out = (one[low] * (1 - share) + one[low + 1] * share for one in (row.line, row.side, row.out))
    radius = np.interp(at, np.arange(len(row.radius)), row.radius)
    way = (at - at[0]) * FINE
    phase = 2 * np.pi * (_turns(row)[low] + strand / 3)
    within = STRAND * np.sqrt(place)
    across = SIDEWAYS * np.cos(phase) + within * np.cos(turn)
    up = FORWARDS * np.sin(2 * phase) + within * np.sin(turn)
    braid = line + (radius * across)[:, None] * side + (radius * up)[:, None] * out
    coming = np.clip(way / COMING, 0, 1)[:, None]
    coming = coming * coming * (3 - 2 * coming)
    moving = root + line - line[0]
    guide = (1 - coming) * moving + coming * braid
    if at[-1] < len(row.line) - 1:
        ending = np.clip((way - way[-1]) / ENDING + 1, 0, 1)[:, None]
        guide = guide + 0.7 * ending * (line - guide)
    guide[0] = root
    return np.asarray(guide, np.float32)


def _turns(row: Row) -> Floats:
    """How often strands have swung at each point (T,) of a row."""
    return np.cumsum(FINE / (PITCH * np.maximum(row.radius, 1e-3)))


def _on_skin(turn: float, rows: Rows, skin: Distance) -> Floats:
    """The line (T, 3) on the skin where a plane through the axis meets the scalp, from the forehead to the nape.

    turn: of the plane, radians.
    """
    outwards = np.cos(turn) * UP + np.sin(turn) * np.array([1.0, 0.0, 0.0])
    middle = (FRONT + BEHIND) / 2
    bow = np.linspace(-0.1, np.pi + 0.1, 400)
    rays = -np.cos(bow)[:, None] * AXIS + np.sin(bow)[:, None] * outwards
    reach = np.linspace(0.05, 0.9, 350)
    inside = skin.at((middle + reach[:, None, None] * rays).astype(np.float32)) < 0
    last = np.argmin(inside, axis=0)  # the first that is outside
    line = middle + reach[last][:, None] * rays
    hairy = np.flatnonzero(hairline_depth(line.astype(np.float32), rows.hairline) > 0)
    hairy = hairy[: np.flatnonzero(np.r_[np.diff(hairy) > 1, True])[0] + 1]
    line = line[hairy[0] : hairy[-1] + 1].astype(np.float32)
    line = resampled(line[None], max(8, round(_length(line) / FINE)))
    return smooth(line, 4.0)[0]


def _hung(line: Floats, radius: Floats, rows: Rows, skin: Distance) -> Row:
    """A row and the braid that hangs on from it.

    line: (T, 3) on the skin; radius: (T,) of the braid.
    """
    end = len(line) - 1
    height = np.clip(np.arange(len(line)) * FINE / COMING, 0.2, 1) * radius * 0.75
    line = line + height[:, None] * skin.gradient(line)
    points, heading = [line[-1]], unit(line[-1] - line[-5])
    for _ in range(round(rows.hang / FINE) if line[-1, 1] < NAPE else 0):
        heading = unit(heading + 0.12 * np.array([0.0, -1.0, 0.0], np.float32))
        step = (points[-1] + FINE * heading)[None].astype(np.float32)
        step += np.maximum(1.3 * radius[-1] - skin.at(step), 0)[:, None] * skin.gradient(step)
        points.append(step[0])
    whole = np.concatenate([line, np.array(points, np.float32)[1:]])
    whole = smooth(resampled(whole[None], round(_length(whole) / FINE)), 3.0)[0]
    tail = len(whole) - len(line)
    thin = np.concatenate([radius, radius[-1] * np.linspace(1, 0.6, max(tail, 1))])[: len(whole)]
    tangent, out = unit(np.gradient(whole, axis=0)), skin.gradient(whole)
    side = unit(np.cross(tangent, out))
    return Row(whole, side, unit(np.cross(side, tangent)), thin, min(end, len(whole) - 1))


def _length(line: Floats) -> float:
    """Of a line (T, 3), units."""
    return float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())
