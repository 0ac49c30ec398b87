"""Brows along their ridge, and lashes on the edges of the lids: the table face.json, a row for each shape."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from clip_head.core.asset.eyes import fit_sphere
from clip_head.core.asset.lashes import LASH_RINGS, lash_spines, lid_rims
from clip_head.core.nphm.embedded_network import EmbeddedNetwork
from clip_head.core.types import Floats
from clip_head.training.engine.tables import check_keys, load_table

from .fields import Distance, across, unit
from .grow import off_skin
from .scalp import Roots, Skin, nearest_roots

#: How far points in front of the face lie before they are put on it, units.
IN_FRONT = 0.4


@dataclass(frozen=True)
class BrowShape:
    """How the left brow is shaped; the right one is its mirror image. Lengths are units.

    line: nodes (x, y) of its middle from the nose on; the plain ones are the mean of the CC0 eyebrow cards of MakeHuman
        on this template.
    half: half its height at each node; length: of hairs there.
    hairs: how many.
    look: fields of core/types.GroomLook.
    wild: how much single hairs differ in direction.
    lift: how far they stand off the skin.
    """

    line: tuple[tuple[float, float], ...]
    half: tuple[float, ...]
    length: tuple[float, ...]
    hairs: int
    look: dict[str, Any]
    wild: float = 0.12
    lift: float = 0.012


@dataclass(frozen=True)
class LashShape:
    """How lashes differ from those of the head's own mesh.

    look: fields of core/types.GroomLook.
    longer: how many times as long they are.
    """

    look: dict[str, Any]
    longer: float = 1.0


def read_shapes(path: Path) -> tuple[dict[str, BrowShape], dict[str, LashShape]]:
    """Read the table of brows and lashes: name -> shape, of each.

    path: JSON file with the sections "brows" and "lashes".
    Raises: ModelError when a key is missing or unknown.
    """
    table = load_table(path, ("brows", "lashes"))
    for section, kind in (("brows", BrowShape), ("lashes", LashShape)):
        optional = [one.name for one in fields(kind) if one.default is not MISSING]
        keys = [one.name for one in fields(kind) if one.default is MISSING]
        for name, row in table[section].items():
            check_keys(f"{path.name}: {name}", row, keys, optional)
    return (
        {name: BrowShape(**row) for name, row in table["brows"].items()},
        {name: LashShape(**row) for name, row in table["lashes"].items()},
    )


#: Name of a groom of brows, of lashes -> its shape.
BROW_SHAPES, LASH_SHAPES = read_shapes(Path(__file__).with_name("face.json"))


def brow_guides(
    skin: Skin, distance: Distance, shape: BrowShape, count: int, part: float, seed: int
) -> tuple[Roots, Floats]:
    """Roots and guides (N, count, 3) of both brows: upwards at the nose, along the brow farther out.

    skin: of the template.
    distance: to it.
    shape: of a brow.
    count: of points on a guide.
    part: of the hairs that the shape asks for.
    seed: of how hairs differ.
    """
    line, hairs = np.array(shape.line), max(8, round(part * shape.hairs))
    rng = np.random.default_rng(seed)
    along = (np.arange(hairs) + 0.5) / hairs
    # Denser in the middle, thinner where it begins.
    along = np.clip(along + 0.04 * np.sin(2 * np.pi * along), 0.0, 1.0)
    golden = (np.arange(hairs) * 0.6180339887) % 1.0
    height = 2 * golden - 1
    stations = np.linspace(0, 1, len(line))
    middle = np.stack([np.interp(along, stations, line[:, k]) for k in range(2)], axis=1)
    half = np.interp(along, stations, shape.half)
    ahead = np.stack([np.interp(along + 0.03, stations, line[:, k]) for k in range(2)], axis=1)
    ahead = unit(np.column_stack([ahead - middle + 1e-9, np.zeros(hairs)]))
    places = np.column_stack([middle, np.full(hairs, IN_FRONT)])
    places[:, 0] -= 0.006 * (1 - along)
    places[:, 1] += height * half
    left = nearest_roots(skin, _onto_face(distance, places))
    up = np.array([0.0, 1.0, 0.0])
    # Upper hairs lie down and outwards, lower ones rise and come to meet them.
    rise = (
        np.interp(along, [0, 0.15, 0.4, 1], [1.5, 0.9, 0.45, 0.1])
        - np.interp(along, [0, 0.3, 1], [0.1, 0.45, 0.4]) * height
    )
    way = ahead + rise[:, None] * up + shape.wild * rng.normal(size=(hairs, 3))
    length = np.interp(along, stations, shape.length) * rng.uniform(0.8, 1.1, hairs) * (1 - 0.25 * np.abs(height))
    way = unit(across(way, left.normals))
    t = np.linspace(0, 1, count)[None, :, None]
    bent = unit(way - 0.35 * rise[:, None] * up + 0.25 * ahead)
    lines = left.points[:, None] + (length[:, None, None] * t) * ((1 - t) * way[:, None] + t * bent[:, None])
    lines = lines + (shape.lift * t * (1.2 - t)) * left.normals[:, None]
    return both_sides(skin, left, off_skin(lines.astype(np.float32), distance))


def lash_guides(network: EmbeddedNetwork, skin: Skin, shape: LashShape, count: int) -> tuple[Roots, Floats]:
    """Roots and guides (N, count, 3) of the lashes of both eyes.

    network: of the head model.
    skin: of the template.
    shape: of the lashes.
    count: of points on a guide.
    """
    sheet, mask = network.sheet, network.region_masks["left_eye"]
    rims = lid_rims(sheet.vertices, sheet.faces, mask, LASH_RINGS)
    contact = lid_rims(sheet.vertices, sheet.faces, mask, (-2, -1))
    centre, _ = fit_sphere(np.concatenate([sheet.vertices[ids].reshape(-1, 3) for ids in contact[:2]]))
    upper, lower = (sheet.vertices[ids] for ids in rims[:2])
    lines = lash_spines((upper, lower), centre, np.linspace(0, 1, count))
    lines = lines[:, :1] + shape.longer * (lines - lines[:, :1])
    return both_sides(skin, nearest_roots(skin, lines[:, 0]), lines)


def both_sides(skin: Skin, left: Roots, lines: Floats) -> tuple[Roots, Floats]:
    """Roots and guides of the left side and, mirrored, of the right.

    skin: of the template.
    left: roots, N.
    lines: (N, K, 3) that begin at or near them, units.
    """
    lines = lines + (left.points - lines[:, 0])[:, None]
    mirrored = lines * np.array([-1, 1, 1], np.float32)
    right = nearest_roots(skin, mirrored[:, 0])
    mirrored = mirrored + (right.points - mirrored[:, 0])[:, None]
    roots = Roots(
        *(
            np.concatenate([getattr(side, name) for side in (left, right)])
            for name in ("corners", "barycentric", "points", "normals")
        )
    )
    return roots, np.concatenate([lines, mirrored]).astype(np.float32)


def _onto_face(distance: Distance, places: Floats) -> Floats:
    """Points (N, 3) before the face, put on it along z."""
    points = places.astype(np.float32)
    for _ in range(60):
        points[:, 2] -= 0.8 * np.maximum(distance.at(points), 0)
    return points
