"""Hair styles without cards: analytic volumes on the template's scalp.

Every style is a function of
    points: (P, 3) units, in the frame of the heads,
    head: (P,) the template's signed distance there, units,
    depth: (P,) how deep the points lie inside the hairline, units, negative outside,
that returns the signed distance (P,) of the hair, units, negative inside, to be joined with a thin layer on the scalp.
The numbers in them are lengths in units, angles in radians and frequencies, chosen by eye on renders.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.spatial import cKDTree

from clip_head.core.types import Floats

from .primitives import cubic_step, ellipsoid, mirror_to_left, smooth_minimum, tube

#: A style's function: points, head and depth, as above -> signed distance of the hair.
Volume = Callable[[Floats, Floats, Floats], Floats]

#: Middle of the skull, units, in the frame of the heads: hair stands away from here.
SKULL = np.array([0.0, 0.1, -0.2], np.float32)
#: Where no hair grows, its signed distance counts as at least this, units: one step of the grid, so that no surface
#: appears there.
NO_HAIR = 0.018
#: Width over which volumes that grow together are rounded, units (6 mm). Chosen by eye on renders.
BLEND = 0.025
#: Path of the plait, units, from behind the right ear to its end in front of the shoulder. Drawn by eye.
PLAIT = [
    (-0.06, 0.22, -0.54), (-0.21, 0.1, -0.49), (-0.325, -0.06, -0.37), (-0.35, -0.2, -0.22), (-0.305, -0.33, -0.05),
    (-0.25, -0.45, 0.06), (-0.23, -0.575, 0.11),
]  # fmt: skip
#: Radius of a strand of the plait, units (12.5 mm).
STRAND_RADIUS = 0.05
#: Amplitude with which strands swing to the sides, and over and under each other, units.
SIDE_SWING, DEPTH_SWING = 0.058, 0.028
#: Length of the plait along which a strand swings once to either side, units (75 mm).
PITCH = 0.3
#: Where a plait is tied, as a fraction of its length.
TIE_POSITION = 0.88


def layer(head: Floats, depth: Floats, thickness: Floats | float, ramp: float = 0.05) -> Floats:
    """Hair that lies on the head.

    head: (P,) the template's signed distance, units.
    depth: (P,) inside the hairline, units.
    thickness: (P,) or one number, far inside the hairline, units.
    ramp: depth over which the thickness grows from 0, units.
    Returns: (P,) signed distance, units.
    """
    grown = thickness * np.clip(depth / ramp, 0, 1)
    return np.where(depth > 0, head - grown, np.maximum(head, 0) + NO_HAIR).astype(np.float32)


def balding(points: Floats, head: Floats, depth: Floats) -> Floats:
    """A bare crown and, from temple to temple round the back, a thick ring of hair with a sharp upper edge."""
    x, y, z = points.T
    angle = np.arctan2(x, -(z + 0.2))
    locks = np.cos(23 * angle + 8 * y) + 0.7 * np.cos(37 * angle - 11 * y + 2.0)
    sides = cubic_step((np.abs(x) - 0.17) / 0.1)
    return layer(head, depth, 0.032 + 0.026 * sides + 0.0045 * locks, 0.045)


def braid(points: Floats, head: Floats, depth: Floats) -> Floats:
    """Combed to one side into a plait of three strands that starts behind the right ear, comes over the shoulder and
    hangs down beside the neck; tied together above its end."""
    root = np.array(PLAIT[0], np.float32) - SKULL
    combed = layer(head, depth, 0.03 + 0.0035 * _strands_towards(points, root / np.linalg.norm(root)))
    return smooth_minimum(combed, plait(points, np.array(PLAIT, np.float32)), 0.02)


def bun(points: Floats, head: Floats, depth: Floats) -> Floats:
    """Combed back into a ball on the back of the head."""
    combed = layer(head, depth, 0.028 + 0.0035 * _strands_back(points))
    return smooth_minimum(combed, _coil(points, (0.0, 0.27, -0.585), (0.155, 0.15, 0.125)), BLEND)


def topknot(points: Floats, head: Floats, depth: Floats) -> Floats:
    """Combed up into a small knot on the crown."""
    x, _, z = points.T
    angle = np.arctan2(x, z + 0.2)
    combed = layer(head, depth, 0.022 + 0.0035 * np.cos(26 * angle))
    stalk = tube(points, [(0, 0.43, -0.2), (0, 0.49, -0.21)], [0.06, 0.05])
    return smooth_minimum(
        smooth_minimum(combed, stalk, BLEND), _coil(points, (0.0, 0.54, -0.23), (0.105, 0.072, 0.1)), BLEND
    )


def curly(points: Floats, head: Floats, depth: Floats) -> Floats:
    """Curls of a few centimetres all over: balls in a thick layer, a spiral groove on each."""
    rng = np.random.default_rng(3)
    candidates = (np.abs(head - 0.035) < 0.008) & (depth > 0.02) & (points[:, 1] > -0.14)
    centres = _poisson_disk(points[candidates], 0.082, rng)
    radii = rng.uniform(0.056, 0.072, len(centres))
    angles = rng.uniform(0, 2 * np.pi, len(centres))
    hair = layer(head, depth, 0.05)
    for centre, radius, angle in zip(centres, radii, angles, strict=True):
        near = np.flatnonzero(np.linalg.norm(points - centre, axis=1) < radius + 0.08)
        offset = points[near] - centre
        axis = (centre - SKULL) / np.linalg.norm(centre - SKULL)
        across = np.cross(axis, [0.0, 0.6, 0.8])
        across /= np.linalg.norm(across)
        u, v = offset @ across, offset @ np.cross(axis, across)
        groove = 0.008 * np.cos(np.arctan2(v, u) + 2 * np.pi * np.hypot(u, v) / 0.05 + angle)
        ball = np.linalg.norm(offset, axis=1) - radius + groove * np.clip(np.hypot(u, v) / 0.012, 0, 1)
        hair[near] = smooth_minimum(hair[near], ball.astype(np.float32), 0.012)
    return hair


def tucked(points: Floats, head: Floats, depth: Floats) -> Floats:
    """Long straight hair, parted in the middle, that is tucked behind the ears and falls forward below them."""
    x, y, z = points.T
    angle = np.arctan2(x, -(z + 0.22))
    strands = 0.006 * np.cos(19 * angle) + 0.004 * np.cos(41 * angle)
    parting = np.exp(-((x / 0.016) ** 2)) * cubic_step((y - 0.2) / 0.1)
    combed = layer(head, depth, (0.034 + 0.5 * strands) * (1 - 0.8 * parting))
    width = 0.29 + 0.08 * cubic_step((0.16 - y) / 0.6)
    radius = np.hypot(x / width, (z + 0.24) / (width + 0.025))
    front = z - (-0.252 + 0.28 * cubic_step((-0.2 - y) / 0.3) * cubic_step((np.abs(x) - 0.2) / 0.08))
    curtain = np.maximum(np.maximum((radius - 1) * 0.33 - strands, front), y - 0.16)
    return smooth_minimum(combed, curtain.astype(np.float32), 0.09)


def mohawk(points: Floats, head: Floats, depth: Floats) -> Floats:
    """A comb of hair along the midline, from the forehead to the nape, with a jagged top."""
    x, y, z = points.T
    angle = np.arctan2(z - SKULL[2], y - SKULL[1])
    height = 0.15 * np.clip(depth / 0.07, 0, 1) * (1 + 0.14 * np.cos(26 * angle)) * np.clip((2.6 + angle) / 1.4, 0.3, 1)
    width = 0.062 - 0.036 * np.clip(head / 0.15, 0, 1)
    comb = np.maximum(np.abs(x) - width, head - height)
    return np.where(depth > 0, comb, np.maximum(comb, NO_HAIR)).astype(np.float32)


def pigtails(points: Floats, head: Floats, depth: Floats) -> Floats:
    """Parted in the middle and tied into a bunch on either side."""
    x, y, z = points.T
    parting = np.exp(-((x / 0.016) ** 2))
    strands = 0.003 * np.cos(np.arctan2(y - 0.1, z + 0.25) * 24)
    combed = layer(head, depth, (0.032 + strands) * (1 - 0.8 * parting))
    mirrored = mirror_to_left(points)
    tie = tube(mirrored, [(0.2, 0.24, -0.36), (0.3, 0.2, -0.375)], [0.07, 0.042])
    nodes = [(0.3, 0.2), (0.335, 0.19), (0.365, 0.1), (0.375, -0.05), (0.365, -0.19), (0.34, -0.33)]
    bunch = tube(mirrored, [(across, up, -0.38) for across, up in nodes], [0.04, 0.05, 0.078, 0.09, 0.078, 0.02])
    angle = np.arctan2(z + 0.38, mirrored[:, 0] - 0.365)
    bunch = bunch + 0.009 * np.cos(7 * angle + 2.5 * np.sin(14 * y)) + 0.006 * np.sin(26 * y + angle)
    return smooth_minimum(smooth_minimum(combed, tie, 0.04), bunch, 0.015)


def receding(points: Floats, head: Floats, depth: Floats) -> Floats:
    """Full hair combed back, behind a hairline that has moved far back at both temples and little in the middle."""
    top = cubic_step((points[:, 1] - 0.12) / 0.25)
    return layer(head, depth, 0.024 + top * (0.028 + 0.005 * _strands_back(points)), 0.06)


def sidepart(points: Floats, head: Floats, depth: Floats) -> Floats:
    """Short at the sides, parted on the left, the top swept over to the right."""
    x, y, z = points.T
    parting_x = 0.14
    top = cubic_step((y - 0.1) / 0.25)
    front = cubic_step((z + 0.45) / 0.5)
    to_right = parting_x - x
    swept = (
        0.062 * cubic_step(to_right / 0.09) * (1 - 0.55 * cubic_step((to_right - 0.1) / 0.35)) * (0.35 + 0.65 * front)
    )
    strands = 0.0045 * np.cos(2 * np.pi * (z + 0.5 * x + 0.6 * x * x) / 0.062) * cubic_step(to_right / 0.05)
    parting = np.exp(-((to_right / 0.018) ** 2)) * top * cubic_step((z + 0.36) / 0.2)
    return layer(head, depth, (0.026 + top * (swept + strands)) * (1 - 0.9 * parting), 0.05)


def slicked(points: Floats, head: Floats, depth: Floats) -> Floats:
    """Combed back from the forehead, high in front, flat at the sides, down over the nape."""
    x, y, z = points.T
    top = cubic_step((y - 0.1) / 0.28)
    crest = top * cubic_step((0.26 - np.abs(x)) / 0.15) * cubic_step((z + 0.35) / 0.4)
    nape = cubic_step((-0.25 - z) / 0.2) * cubic_step((0.12 - y) / 0.25)
    return layer(head, depth, 0.02 + 0.02 * top + 0.035 * crest + 0.05 * nape + 0.004 * _strands_back(points), 0.045)


def spiky(points: Floats, head: Floats, depth: Floats) -> Floats:
    """Short hair at the sides; on top locks that stand up and end in points."""
    rng = np.random.default_rng(4)
    candidates = (np.abs(head - 0.02) < 0.008) & (depth > 0.03) & (points[:, 1] > 0.17)
    hair = layer(head, depth, 0.026 + 0.02 * cubic_step((points[:, 1] - 0.1) / 0.2))
    for root in _poisson_disk(points[candidates], 0.085, rng):
        outwards = (root - SKULL) / np.linalg.norm(root - SKULL) + np.array([0, 0.75, 0.2], np.float32)
        outwards += rng.normal(0, 0.16, 3)
        length = 0.15 * cubic_step((root[1] - 0.05) / 0.35) * rng.uniform(0.8, 1.15)
        tip = root + outwards / np.linalg.norm(outwards) * length
        hair = smooth_minimum(hair, tube(points, [tuple(root), tuple(tip)], [0.06, 0.006]), 0.012)
    return hair


def wavy(points: Floats, head: Floats, depth: Floats) -> Floats:
    """Long hair that falls in waves to the shoulders, parted in the middle."""
    x, y, z = points.T
    angle = np.arctan2(x, -(z + 0.22))
    wave = 2 * np.pi * y / 0.19
    parting = np.exp(-((x / 0.016) ** 2)) * np.clip((y - 0.2) / 0.1, 0, 1)
    waves = 0.016 * np.sin(wave + 1.2 * np.cos(3 * angle)) * np.clip((0.33 - y) / 0.2, 0, 1)
    locks = 0.009 * np.cos(15 * angle + 1.5 * np.sin(wave))
    combed = layer(head, depth, (0.05 + locks) * (1 - 0.7 * parting))
    low = np.clip((0.15 - y) / 0.55, 0, 1)
    radius = np.hypot(x / (0.335 + 0.05 * low), (z + 0.22) / 0.36)
    curtain = (radius - 1) * 0.34 - waves - locks
    front = z - (-0.14 + 0.2 * np.clip((np.abs(x) - 0.19) / 0.09, 0, 1))
    curtain = np.maximum(np.maximum(curtain, front), y - 0.17)
    return smooth_minimum(combed, curtain.astype(np.float32), 0.08)


#: Name of a hair style -> its volume; these styles use no cards, even where the assets have some.
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


def plait(points: Floats, path: Floats) -> Floats:
    """About the signed distance to three strands plaited along a path.

    Each strand swings from side to side, and over or under the others where they meet in the middle.

    points: (P, 3) units, in the frame of the heads.
    path: (N, 3) nodes of the path, units.
    Returns: (P,) units.
    """
    fraction = np.linspace(0, 1, 600)
    nodes = np.r_[0, np.linalg.norm(np.diff(path, axis=0), axis=1).cumsum()]
    curve = CubicSpline(nodes / nodes[-1], path)
    middle, tangent = curve(fraction), curve(fraction, 1)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    outwards = middle - SKULL * np.array([1, 0, 1]) - np.array([0, 1, 0]) * middle
    across = np.cross(tangent, outwards)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    outwards = np.cross(across, tangent)
    size = (0.75 + 0.25 * cubic_step(fraction / 0.25)) * (1 - 0.2 * fraction)
    # Tied: the strands are pulled together, and fan out a little below.
    size *= 1 - 0.45 * np.exp(-(((fraction - TIE_POSITION) / 0.03) ** 2))
    size *= 1 - 0.6 * cubic_step((fraction - 0.95) / 0.05)
    angle = 2 * np.pi * nodes[-1] / PITCH * np.minimum(fraction, TIE_POSITION)
    hair = np.full(len(points), 1e3, np.float32)
    for strand in range(3):
        phase = angle + strand * 2 * np.pi / 3
        swing = (SIDE_SWING * np.cos(phase))[:, None] * across + (DEPTH_SWING * np.sin(2 * phase))[:, None] * outwards
        distance, nearest = cKDTree(middle + size[:, None] * swing).query(points)
        hair = smooth_minimum(hair, (distance - STRAND_RADIUS * size[nearest]).astype(np.float32), 0.006)
    return hair


def _strands_back(points: Floats) -> Floats:
    """-1 to 1: waves across strands that run from the forehead to the nape, away from where they would meet."""
    x, y = points[:, 0], points[:, 1] + 0.1
    waves = np.cos(34 * np.arctan2(x, y)) + 0.5 * np.cos(57 * np.arctan2(x, y) + 1.0)
    return np.asarray(waves / 1.5 * cubic_step((np.hypot(x, y) - 0.12) / 0.2), np.float32)


def _strands_towards(points: Floats, root: Floats) -> Floats:
    """-1 to 1: waves across strands that run over the skull towards where this direction (3,) leaves it."""
    across = np.cross(root, [0.0, 1.0, 0.0])
    across /= np.linalg.norm(across)
    offset = points - SKULL
    u, v = offset @ across, offset @ np.cross(across, root)
    waves = np.cos(26 * np.arctan2(u, v)) + 0.5 * np.cos(43 * np.arctan2(u, v) + 1.0)
    return np.asarray(waves / 1.5 * cubic_step((np.hypot(u, v) - 0.1) / 0.2), np.float32)


def _coil(points: Floats, centre: tuple[float, float, float], radii: tuple[float, float, float]) -> Floats:
    """A ball of hair wound up: an ellipsoid with spiral grooves."""
    offset = points - np.array(centre, np.float32)
    rise = offset[:, 1] / radii[1] + 0.35 * np.arctan2(offset[:, 0], offset[:, 2]) / np.pi
    return (ellipsoid(points, centre, radii) + 0.007 * np.cos(2.8 * np.pi * rise)).astype(np.float32)


def _poisson_disk(points: Floats, spacing: float, rng: np.random.Generator) -> Floats:
    """(N, 3) some of the points (P, 3), no two of them closer than `spacing` units, and no room left for another:
    Poisson disk sampling by dart throwing."""
    tree, available = cKDTree(points), np.ones(len(points), dtype=bool)
    chosen: list[int] = []
    for index in rng.permutation(len(points)):
        if available[index]:
            chosen.append(int(index))
            available[tree.query_ball_point(points[index], spacing)] = False
    return points[chosen]
