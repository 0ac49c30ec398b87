"""The crown of one tooth as closed quads, from the anatomists' measures: rings around its axis, and a cap on top.

Every ring is the rim of a 5 x 5 grid, so that the cap, with its edge, cusps and groove, and the root's end are grids
of quads too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..types import Floats, Ints
from .tooth_style import CAP_RADIUS, ISLAND_MARGIN, QUARTER, ROOT_STRIP, tooth_cell

#: Measures of each tooth, and the shapes of the four kinds; see Measures and Kind.
_TABLE = Path(__file__).with_name("teeth.json")
#: Points along a side of the grid that a ring is the rim of, and points of a ring.
SIDE, RING = 5, 16
#: From this part of a crown's height on, its sides follow the outline of edge or cusps, and how they come to.
_FOLLOW_FROM, _FOLLOW_POWER = 0.3, 1.5


@dataclass(frozen=True)
class Measures:
    """Sizes of a tooth, means of adults.

    kind: name of a Kind.
    width: from the mesial to the distal contact, mm.
    neck: the same at the neck, mm.
    height: of the crown, mm.
    depth: greatest, from the labial to the lingual side, mm.
    edge: how far its edge stands out from the line of all edges, mm.
    torque: by how much the crown leans to the lips, degrees.
    tip: by how much it leans to the midline, degrees.
    Source: S. J. Nelson, Wheeler's Dental Anatomy, Physiology and Occlusion, for sizes; L. F. Andrews, The six keys to
        normal occlusion, American Journal of Orthodontics 62 (1972), halved where it leans further, for angles.
    """

    kind: str
    width: float
    neck: float
    height: float
    depth: float
    edge: float
    torque: float
    tip: float


@dataclass(frozen=True)
class Kind:
    """Shape of a kind of teeth, at L levels from within the gums to the rim of the cap.

    levels (L,): heights, 0 at the neck, 1 at the edge.
    width (L,): 0 is as wide as the neck, 1 the full width.
    labial, lingual (L,): how far either side is from the axis, parts of the depth.
    round (L,): 1 an ellipse, 0 a rectangle.
    taper: by how much the lingual side is narrower, part of the width.
    cap (5, 5): heights, mm, relative to the crown's; rows from labial to lingual, columns from mesial to distal.
    """

    levels: Floats
    width: Floats
    labial: Floats
    lingual: Floats
    round: Floats
    taper: float
    cap: Floats


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return table


@cache
def kind_of(name: str) -> Kind:
    """The kind of that name: "incisor", "canine", "premolar" or "molar"."""
    entry = {key: np.array(value, np.float32) for key, value in _table()["kinds"][name].items() if key != "taper"}
    return Kind(levels=np.array(_table()["levels"], np.float32), taper=_table()["kinds"][name]["taper"], **entry)


@cache
def measures_of(jaw: str) -> tuple[Measures, ...]:
    """Of the teeth on one side of a jaw, "upper" or "lower", from the midline to the back."""
    return tuple(Measures(**_table()["teeth"][jaw][tooth]) for tooth in QUARTER)


def crown(measures: Measures, width: float, height: float, relief: float, sharp: float = 0.0) -> Floats:
    """The vertices (114, 3) of a tooth, mm: x distal, y labial, z from the neck to the edge.

    measures: of the tooth.
    width: mm.
    height: of the crown, mm.
    relief: by what the heights of edge and cusps are multiplied.
    sharp: by how much it comes to a point, 0 to 1: the part of its thickness that is gone at the edge.
    """
    kind = kind_of(measures.kind)
    p, q = _square()
    rim, inner = _rim(), _inner()
    across = measures.neck * width / measures.width
    follow = np.clip((kind.levels - _FOLLOW_FROM) / (1 - _FOLLOW_FROM), 0, 1) ** _FOLLOW_POWER
    thick = 1 - sharp * follow
    half = thick * (across + (width - across) * kind.width) / 2
    cap = relief * kind.cap[::-1].ravel()
    last = len(kind.levels) - 1

    def section(level: int, points: Ints, heights: Floats) -> Floats:
        return np.column_stack([*_section(kind, half[level], level, thick[level] * measures.depth, p, q), heights])[
            points
        ]

    rings = [
        section(k, rim, level * height + cap * bend)
        for k, (level, bend) in enumerate(zip(kind.levels, follow, strict=True))
    ]
    top = section(last, inner, height + cap)
    end = section(0, inner, np.full(len(p), kind.levels[0] * height))
    return np.concatenate([*rings, top, end])


def _section(kind: Kind, half: float, level: int, depth: float, p: Floats, q: Floats) -> tuple[Floats, Floats]:
    """x and y (N,), mm, of points p, q (N,) of the square from -1 to 1, in the section at a level of half width
    `half`, mm."""
    roundness = kind.round[level]
    x = p * np.sqrt(1 - roundness * q**2 / 2)
    y = q * np.sqrt(1 - roundness * p**2 / 2)
    labial, lingual = kind.labial[level] * depth, kind.lingual[level] * depth
    # A lingual side in front of the axis, as behind a cutting edge, is no other case: y runs from it to the labial one.
    return half * x * (1 + kind.taper * np.minimum(q, 0)), (labial - lingual) / 2 + y * (labial + lingual) / 2


@cache
def _square() -> tuple[Floats, Floats]:
    """p (mesial to distal) and q (lingual to labial), (25,), of the grid's points, -1 to 1."""
    q, p = np.meshgrid(np.linspace(-1, 1, SIDE), np.linspace(-1, 1, SIDE), indexing="ij")
    return p.ravel(), q.ravel()


@cache
def _rim() -> Ints:
    """The points (16,) of the grid along its rim, counter-clockwise from the mesial lingual corner."""
    grid = np.arange(SIDE * SIDE, dtype=np.int32).reshape(SIDE, SIDE)
    return np.concatenate([grid[0, :-1], grid[:-1, -1], grid[-1, :0:-1], grid[:0:-1, 0]])


@cache
def _inner() -> Ints:
    """The points (9,) of the grid within its rim."""
    return np.setdiff1d(np.arange(SIDE * SIDE, dtype=np.int32), _rim())


@cache
def crown_quads() -> Ints:
    """Quads (112, 4) of a tooth's vertices, as `crown` orders them, counter-clockwise seen from outside."""
    levels = len(_table()["levels"])
    step = np.arange(RING)
    after = (step + 1) % RING
    sides = [
        np.stack([k * RING + step, k * RING + after, (k + 1) * RING + after, (k + 1) * RING + step], axis=1)
        for k in range(levels - 1)
    ]
    grid = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    cells = np.stack([grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]], axis=-1).reshape(-1, 4)

    def placed(ring: int, inner: int) -> Ints:
        number = np.empty(SIDE * SIDE, np.int64)
        number[_rim()] = ring * RING + step
        number[_inner()] = inner + np.arange(len(_inner()))
        return np.asarray(number[cells], np.int32)

    top = placed(levels - 1, levels * RING)
    end = placed(0, levels * RING + len(_inner()))[:, ::-1]
    return np.concatenate([*sides, top, end]).astype(np.int32)


def crown_uv(name: str) -> Floats:
    """UV (112, 4, 2) of a tooth's quads: rings around its cap, the root's end in a strip below.

    name: such as "upper_left_canine"; it has a rectangle of its own in the atlas. Teeth of the right side are drawn
        mirrored, as they are.
    """
    levels = _table()["levels"]
    p, q = _square()
    rim, inner = _rim(), _inner()
    radii = np.interp(levels, (levels[0], levels[-1]), (1.0, CAP_RADIUS))
    square = np.column_stack([p, q])
    places = np.concatenate([*(radius * square[rim] for radius in radii), CAP_RADIUS * square[inner], square[inner]])
    quads = crown_quads()
    uv = places[quads] * (1 - 2 * ISLAND_MARGIN)
    uv[..., 1] = ROOT_STRIP + (1 - ROOT_STRIP) * (uv[..., 1] + 1) / 2
    uv[..., 0] = (uv[..., 0] + 1) / 2
    count = (SIDE - 1) ** 2
    end = _root_uv()[quads[-count:]]
    uv[-count:] = np.stack([0.5 + 0.4 * ROOT_STRIP * end[..., 0], ROOT_STRIP * (0.5 + 0.4 * end[..., 1])], axis=-1)
    left, low, width, height = tooth_cell(name)
    if "_right_" in name:
        uv[..., 0] = 1 - uv[..., 0]
    return np.asarray((left, low) + uv * (width, height), np.float32)


def _root_uv() -> Floats:
    """Places (114, 2) of the root's end on the grid, -1 to 1; 0 for vertices that are not of it."""
    p, q = _square()
    levels, square = len(_table()["levels"]), np.column_stack([p, q])
    places = np.zeros((levels * RING + 2 * len(_inner()), 2))
    places[:RING] = square[_rim()]
    places[-len(_inner()) :] = square[_inner()]
    return np.asarray(places, np.float32)
