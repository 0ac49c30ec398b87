"""Hair styles without cards: analytic volumes on the template's scalp.

Every function takes points (P, 3) in the template's frame, the template's signed distance there (P,), and how far
inside the hairline the points lie in profile (P,), all in units; it returns the signed distance (P,) of the hair,
negative inside, to be joined with a thin layer on the scalp.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.spatial import cKDTree

from clip_head.core.types import Floats

Volume = Callable[[Floats, Floats, Floats], Floats]

#: Middle of the skull: hair stands away from here.
SKULL = np.array([0.0, 0.1, -0.2], np.float32)
#: Where no hair grows, the distance counts as at least this.
NONE = 0.018
#: Rounding between volumes that grow together.
BLEND = 0.025


def smooth_minimum(first: Floats, second: Floats, width: float = BLEND) -> Floats:
    """The minimum of two distances, rounded where they differ by less than `width`."""
    share = np.clip(0.5 + 0.5 * (second - first) / width, 0, 1)
    return np.asarray(second + share * (first - second) - 0.5 * width * share * (1 - share), np.float32)


def layer(head: Floats, inside: Floats, thickness: Floats | float, rise: float = 0.05) -> Floats:
    """Hair of this thickness on the head, which rises over `rise` from the hairline."""
    grown = thickness * np.clip(inside / rise, 0, 1)
    return np.where(inside > 0, head - grown, np.maximum(head, 0) + NONE).astype(np.float32)


def tube(points: Floats, path: list[tuple[float, float, float]], radii: list[float]) -> Floats:
    """(P,) signed distance to a chain of segments whose radius changes from node to node."""
    nodes, nearest = np.array(path, np.float32), np.full(len(points), np.inf, np.float32)
    for start, end, first, last in zip(nodes, nodes[1:], radii, radii[1:], strict=False):
        side = end - start
        along = np.clip((points - start) @ side / (side @ side), 0, 1)
        away = np.linalg.norm(points - start - along[:, None] * side, axis=1)
        nearest = np.minimum(nearest, away - (first + along * (last - first)))
    return nearest.astype(np.float32)


def ellipsoid(points: Floats, centre: tuple[float, float, float], radii: tuple[float, float, float]) -> Floats:
    """(P,) about the signed distance to an ellipsoid; exact to first order at its surface."""
    scaled = (points - np.array(centre, np.float32)) / np.array(radii, np.float32)
    norm = np.linalg.norm(scaled, axis=1)
    slope = np.linalg.norm(scaled / np.array(radii, np.float32), axis=1)
    return (norm * (norm - 1) / np.maximum(slope, 1e-6)).astype(np.float32)


def mirrored(points: Floats) -> Floats:
    """Points (P, 3) brought over to the head's left side."""
    return (points * np.array([0, 1, 1], np.float32) + np.abs(points * np.array([1, 0, 0], np.float32))).astype(
        np.float32
    )


def balding(points: Floats, head: Floats, inside: Floats) -> Floats:
    """A bare crown and, from temple to temple round the back, a thick ring of hair with a sharp upper edge."""
    x, y, z = points.T
    turn = np.arctan2(x, -(z + 0.2))
    locks = np.cos(23 * turn + 8 * y) + 0.7 * np.cos(37 * turn - 11 * y + 2.0)
    sides = smooth_step((np.abs(x) - 0.17) / 0.1)
    return layer(head, inside, 0.032 + 0.026 * sides + 0.0045 * locks, 0.045)


def braid(points: Floats, head: Floats, inside: Floats) -> Floats:
    """Combed to one side into a plait of three strands that starts behind the right ear, comes over the shoulder and
    hangs down beside the neck; tied together above its end."""
    root = np.array(_PLAIT[0], np.float32) - SKULL
    combed = layer(head, inside, 0.03 + 0.0035 * _strands_towards(points, root / np.linalg.norm(root)))
    return smooth_minimum(combed, plait(points, np.array(_PLAIT, np.float32)), 0.02)


def bun(points: Floats, head: Floats, inside: Floats) -> Floats:
    """Combed back into a ball on the back of the head."""
    combed = layer(head, inside, 0.028 + 0.0035 * _strands_back(points))
    return smooth_minimum(combed, _coil(points, (0.0, 0.27, -0.585), (0.155, 0.15, 0.125)))


def topknot(points: Floats, head: Floats, inside: Floats) -> Floats:
    """Combed up into a small knot on the crown."""
    x, _, z = points.T
    turn = np.arctan2(x, z + 0.2)
    combed = layer(head, inside, 0.022 + 0.0035 * np.cos(26 * turn))
    neck = tube(points, [(0, 0.43, -0.2), (0, 0.49, -0.21)], [0.06, 0.05])
    return smooth_minimum(smooth_minimum(combed, neck), _coil(points, (0.0, 0.54, -0.23), (0.105, 0.072, 0.1)))


def curly(points: Floats, head: Floats, inside: Floats) -> Floats:
    """Curls of a few centimetres all over: balls in a thick layer, a spiral groove on each."""
    rng = np.random.default_rng(3)
    room = (np.abs(head - 0.035) < 0.008) & (inside > 0.02) & (points[:, 1] > -0.14)
    centres = _scattered(points[room], 0.082, rng)
    radii = rng.uniform(0.056, 0.072, len(centres))
    turns = rng.uniform(0, 2 * np.pi, len(centres))
    found = layer(head, inside, 0.05)
    for centre, radius, turn in zip(centres, radii, turns, strict=True):
        near = np.flatnonzero(np.linalg.norm(points - centre, axis=1) < radius + 0.08)
        away = points[near] - centre
        axis = (centre - SKULL) / np.linalg.norm(centre - SKULL)
        across = np.cross(axis, [0.0, 0.6, 0.8])
        across /= np.linalg.norm(across)
        u, v = away @ across, away @ np.cross(axis, across)
        groove = 0.008 * np.cos(np.arctan2(v, u) + 2 * np.pi * np.hypot(u, v) / 0.05 + turn)
        ball = np.linalg.norm(away, axis=1) - radius + groove * np.clip(np.hypot(u, v) / 0.012, 0, 1)
        found[near] = smooth_minimum(found[near], ball.astype(np.float32), 0.012)
    return found


def tucked(points: Floats, head: Floats, inside: Floats) -> Floats:
    """Long straight hair, parted in the middle, that is tucked behind the ears and falls forward below them."""
    x, y, z = points.T
    turn = np.arctan2(x, -(z + 0.22))
    strands = 0.006 * np.cos(19 * turn) + 0.004 * np.cos(41 * turn)
    parting = np.exp(-((x / 0.016) ** 2)) * smooth_step((y - 0.2) / 0.1)
    combed = layer(head, inside, (0.034 + 0.5 * strands) * (1 - 0.8 * parting))
    wide = 0.29 + 0.08 * smooth_step((0.16 - y) / 0.6)
    radius = np.hypot(x / wide, (z + 0.24) / (wide + 0.025))
    front = z - (-0.252 + 0.28 * smooth_step((-0.2 - y) / 0.3) * smooth_step((np.abs(x) - 0.2) / 0.08))
    curtain = np.maximum(np.maximum((radius - 1) * 0.33 - strands, front), y - 0.16)
    return smooth_minimum(combed, curtain.astype(np.float32), 0.09)


def mohawk(points: Floats, head: Floats, inside: Floats) -> Floats:
    """A comb of hair along the midline, from the forehead to the nape, with a jagged top."""
    x, y, z = points.T
    turn = np.arctan2(z - SKULL[2], y - SKULL[1])
    height = 0.15 * np.clip(inside / 0.07, 0, 1) * (1 + 0.14 * np.cos(26 * turn)) * np.clip((2.6 + turn) / 1.4, 0.3, 1)
    width = 0.062 - 0.036 * np.clip(head / 0.15, 0, 1)
    comb = np.maximum(np.abs(x) - width, head - height)
    return np.where(inside > 0, comb, np.maximum(comb, NONE)).astype(np.float32)


def pigtails(points: Floats, head: Floats, inside: Floats) -> Floats:
    """Parted in the middle and tied into a bunch on either side."""
    x, y, z = points.T
    parting = np.exp(-((x / 0.016) ** 2))
    strands = 0.003 * np.cos(np.arctan2(y - 0.1, z + 0.25) * 24)
    combed = layer(head, inside, (0.032 + strands) * (1 - 0.8 * parting))
    either = mirrored(points)
    tie = tube(either, [(0.2, 0.24, -0.36), (0.3, 0.2, -0.375)], [0.07, 0.042])
    nodes = [(0.3, 0.2), (0.335, 0.19), (0.365, 0.1), (0.375, -0.05), (0.365, -0.19), (0.34, -0.33)]
    bunch = tube(either, [(across, up, -0.38) for across, up in nodes], [0.04, 0.05, 0.078, 0.09, 0.078, 0.02])
    turn = np.arctan2(z + 0.38, either[:, 0] - 0.365)
    bunch = bunch + 0.009 * np.cos(7 * turn + 2.5 * np.sin(14 * y)) + 0.006 * np.sin(26 * y + turn)
    return smooth_minimum(smooth_minimum(combed, tie, 0.04), bunch, 0.015)


def receding(points: Floats, head: Floats, inside: Floats) -> Floats:
    """Full hair combed back, behind a hairline that has moved far back at both temples and little in the middle."""
    top = smooth_step((points[:, 1] - 0.12) / 0.25)
    return layer(head, inside, 0.024 + top * (0.028 + 0.005 * _strands_back(points)), 0.06)


def sidepart(points: Floats, head: Floats, inside: Floats) -> Floats:
    """Short at the sides, parted on the left, the top swept over to the right."""
    x, y, z = points.T
    line = 0.14
    top = smooth_step((y - 0.1) / 0.25)
    front = smooth_step((z + 0.45) / 0.5)
    away = line - x
    swept = 0.062 * smooth_step(away / 0.09) * (1 - 0.55 * smooth_step((away - 0.1) / 0.35)) * (0.35 + 0.65 * front)
    strands = 0.0045 * np.cos(2 * np.pi * (z + 0.5 * x + 0.6 * x * x) / 0.062) * smooth_step(away / 0.05)
    parting = np.exp(-((away / 0.018) ** 2)) * top * smooth_step((z + 0.36) / 0.2)
    return layer(head, inside, (0.026 + top * (swept + strands)) * (1 - 0.9 * parting), 0.05)


def slicked(points: Floats, head: Floats, inside: Floats) -> Floats:
    """Combed back from the forehead, high in front, flat at the sides, down over the nape."""
    x, y, z = points.T
    top = smooth_step((y - 0.1) / 0.28)
    crest = top * smooth_step((0.26 - np.abs(x)) / 0.15) * smooth_step((z + 0.35) / 0.4)
    nape = smooth_step((-0.25 - z) / 0.2) * smooth_step((0.12 - y) / 0.25)
    return layer(head, inside, 0.02 + 0.02 * top + 0.035 * crest + 0.05 * nape + 0.004 * _strands_back(points), 0.045)


def spiky(points: Floats, head: Floats, inside: Floats) -> Floats:
    """Short hair at the sides; on top locks that stand up and end in points."""
    rng = np.random.default_rng(4)
    room = (np.abs(head - 0.02) < 0.008) & (inside > 0.03) & (points[:, 1] > 0.17)
    found = layer(head, inside, 0.026 + 0.02 * smooth_step((points[:, 1] - 0.1) / 0.2))
    for root in _scattered(points[room], 0.085, rng):
        outwards = (root - SKULL) / np.linalg.norm(root - SKULL) + np.array([0, 0.75, 0.2], np.float32)
        outwards += rng.normal(0, 0.16, 3)
        length = 0.15 * smooth_step((root[1] - 0.05) / 0.35) * rng.uniform(0.8, 1.15)
        tip = root + outwards / np.linalg.norm(outwards) * length
        found = smooth_minimum(found, tube(points, [tuple(root), tuple(tip)], [0.06, 0.006]), 0.012)
    return found


def wavy(points: Floats, head: Floats, inside: Floats) -> Floats:
    """Long hair that falls in waves to the shoulders, parted in the middle."""
    x, y, z = points.T
    turn = np.arctan2(x, -(z + 0.22))
    wave = 2 * np.pi * y / 0.19
    parting = np.exp(-((x / 0.016) ** 2)) * np.clip((y - 0.2) / 0.1, 0, 1)
    waves = 0.016 * np.sin(wave + 1.2 * np.cos(3 * turn)) * np.clip((0.33 - y) / 0.2, 0, 1)
    locks = 0.009 * np.cos(15 * turn + 1.5 * np.sin(wave))
    combed = layer(head, inside, (0.05 + locks) * (1 - 0.7 * parting))
    low = np.clip((0.15 - y) / 0.55, 0, 1)
    radius = np.hypot(x / (0.335 + 0.05 * low), (z + 0.22) / 0.36)
    curtain = (radius - 1) * 0.34 - waves - locks
    front = z - (-0.14 + 0.2 * np.clip((np.abs(x) - 0.19) / 0.09, 0, 1))
    curtain = np.maximum(np.maximum(curtain, front), y - 0.17)
    return smooth_minimum(combed, curtain.astype(np.float32), 0.08)


#: Style -> its volume.
VOLUMES: dict[str, Volume] = {
    "balding": balding,
    "braid01": braid,
    "bun": bun,
    "curly": curly,
    "long02": tucked,
    "mohawk": mohawk,
    "pigtails": pigtails,
    "receding": receding,
    "sidepart": sidepart,
    "slicked": slicked,
    "spiky": spiky,
    "topknot": topknot,
    "wavy": wavy,
}


#: The way of the plait, from behind the right ear to its end.
_PLAIT = [
    (-0.06, 0.22, -0.54), (-0.21, 0.1, -0.49), (-0.325, -0.06, -0.37), (-0.35, -0.2, -0.22), (-0.305, -0.33, -0.05),
    (-0.25, -0.45, 0.06), (-0.23, -0.575, 0.11),
]  # fmt: skip
#: A plait's strands: their radius, how far they swing to the sides and across, and the length of one swing.
_STRAND, _SWING, _DEPTH, _PITCH = 0.05, 0.058, 0.028, 0.3
#: Where along a plait it is tied, as a share of its way.
_TIED = 0.88


def plait(points: Floats, path: Floats) -> Floats:
    """(P,) about the signed distance to three strands (N, 3) plaited along a path: each swings from side to side, and
    over or under the others where they meet in the middle."""
    share = np.linspace(0, 1, 600)
    nodes = np.r_[0, np.linalg.norm(np.diff(path, axis=0), axis=1).cumsum()]
    curve = CubicSpline(nodes / nodes[-1], path)
    middle, along = curve(share), curve(share, 1)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    outwards = middle - SKULL * np.array([1, 0, 1]) - np.array([0, 1, 0]) * middle
    across = np.cross(along, outwards)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    outwards = np.cross(across, along)
    size = (0.75 + 0.25 * smooth_step(share / 0.25)) * (1 - 0.2 * share)
    # Tied: the strands are pulled together, and fan out a little below.
    size *= 1 - 0.45 * np.exp(-(((share - _TIED) / 0.03) ** 2))
    size *= 1 - 0.6 * smooth_step((share - 0.95) / 0.05)
    turn = 2 * np.pi * nodes[-1] / _PITCH * np.minimum(share, _TIED)
    found = np.full(len(points), 1e3, np.float32)
    for strand in range(3):
        phase = turn + strand * 2 * np.pi / 3
        swing = (_SWING * np.cos(phase))[:, None] * across + (_DEPTH * np.sin(2 * phase))[:, None] * outwards
        away, nearest = cKDTree(middle + size[:, None] * swing).query(points)
        found = smooth_minimum(found, (away - _STRAND * size[nearest]).astype(np.float32), 0.006)
    return found


def smooth_step(value: Floats) -> Floats:
    """0 below 0, 1 above 1, smooth between."""
    share = np.clip(value, 0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)


def _strands_back(points: Floats) -> Floats:
    """-1 to 1: waves across strands that run from the forehead to the nape, away from where they would meet."""
    x, y = points[:, 0], points[:, 1] + 0.1
    waves = np.cos(34 * np.arctan2(x, y)) + 0.5 * np.cos(57 * np.arctan2(x, y) + 1.0)
    return np.asarray(waves / 1.5 * smooth_step((np.hypot(x, y) - 0.12) / 0.2), np.float32)


def _strands_towards(points: Floats, root: Floats) -> Floats:
    """-1 to 1: waves across strands that run over the skull towards where this direction (3,) leaves it."""
    across = np.cross(root, [0.0, 1.0, 0.0])
    across /= np.linalg.norm(across)
    away = points - SKULL
    u, v = away @ across, away @ np.cross(across, root)
    waves = np.cos(26 * np.arctan2(u, v)) + 0.5 * np.cos(43 * np.arctan2(u, v) + 1.0)
    return np.asarray(waves / 1.5 * smooth_step((np.hypot(u, v) - 0.1) / 0.2), np.float32)


def _coil(points: Floats, centre: tuple[float, float, float], radii: tuple[float, float, float]) -> Floats:
    """A ball of hair wound up: an ellipsoid with spiral grooves."""
    away = points - np.array(centre, np.float32)
    rise = away[:, 1] / radii[1] + 0.35 * np.arctan2(away[:, 0], away[:, 2]) / np.pi
    return (ellipsoid(points, centre, radii) + 0.007 * np.cos(2.8 * np.pi * rise)).astype(np.float32)


def _scattered(points: Floats, apart: float, rng: np.random.Generator) -> Floats:
    """Points (N, 3) drawn from these (P, 3) so that no two are closer than `apart`."""
    order = rng.permutation(len(points))
    tree, free = cKDTree(points), np.ones(len(points), dtype=bool)
    chosen: list[int] = []
    for index in order:
        if free[index]:
            chosen.append(int(index))
            free[tree.query_ball_point(points[index], apart)] = False
    return points[chosen]
