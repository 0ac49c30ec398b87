"""MakeHuman's hair cards: textured strips that a .mhclo file binds to the base mesh."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import igl
import numpy as np

from clip_head.core.errors import ClipHeadError
from clip_head.core.types import Floats, Ints

from .base_mesh import UNITS_PER_DECIMETRE
from .hair_field import HEAD_AXIS_Z

#: Half the thickness given to a hair card, units (6 mm): neighbouring cards grow together. Chosen by eye on renders.
CARD_RADIUS = 0.024
#: Long hair is drawn in to this distance from the vertical axis of the head, units (105 mm), so that it fits the box in
#: which heads are extracted.
LONG_HAIR_RADIUS = 0.42


@dataclass(frozen=True)
class Cards:
    """Hair cards and their binding, by the rule of .mhclo files.

    corners: (P, 3) for every vertex of the cards, the three base vertices in use that it is bound to.
    weights: (P, 3) weights of these three; they sum to 1.
    offset: (P, 3) from their weighted mean to the vertex, units, on the base mesh's reference head.
    faces: (F, 3) vertex indices of the cards.
    scale_pairs: (3, 2) two base vertices in use for each of x, y, z: offsets grow with their distance along that axis.
    scale_reference: (3,) that distance on the reference head, units.
    """

    corners: Ints
    weights: Floats
    offset: Floats
    faces: Ints
    scale_pairs: Ints
    scale_reference: Floats


def read_cards(folder: Path, base: Ints) -> Cards:
    """Read NAME.mhclo and NAME.obj from a folder NAME.

    folder: of one hair style of the MakeHuman system assets.
    base: (B,) base mesh vertices in use.
    Returns: the cards, bound to positions in `base`.
    Raises: ClipHeadError when a file is missing, or a card is bound to a vertex that is not in use.
    """
    path = folder / f"{folder.name}.mhclo"
    mesh = path.with_suffix(".obj")
    if not path.is_file() or not mesh.is_file():
        raise ClipHeadError(
            f"The hair style {folder.name!r} is missing: {path} or {mesh} is not there.",
            "Point --assets at the unpacked MakeHuman system assets.",
        )
    scales: dict[str, tuple[int, int, float]] = {}
    rows: list[list[float]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.split()
        if len(words) == 4 and words[0] in ("x_scale", "y_scale", "z_scale"):
            scales[words[0][0]] = (int(words[1]), int(words[2]), float(words[3]))
        elif len(words) == 9 and words[0].isdigit():
            rows.append([float(word) for word in words])
        elif len(words) == 1 and words[0].isdigit():
            rows.append([float(words[0])] * 3 + [1.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    table = np.array(rows)
    corners = table[:, :3].astype(np.int32)
    pairs = np.array([scales[axis][:2] for axis in "xyz"], dtype=np.int32)
    missing = np.setdiff1d(np.concatenate([corners.ravel(), pairs.ravel()]), base)
    if len(missing):
        raise ClipHeadError(
            f"The hair style {folder.name!r} is bound to base vertices outside the head ({missing[:5].tolist()}).",
            "Leave this style out.",
        )
    return Cards(
        np.searchsorted(base, corners).astype(np.int32),
        table[:, 3:6].astype(np.float32),
        (table[:, 6:9] * UNITS_PER_DECIMETRE).astype(np.float32),
        _read_triangles(mesh),
        np.searchsorted(base, pairs).astype(np.int32),
        np.array([scales[axis][2] for axis in "xyz"], dtype=np.float32) * UNITS_PER_DECIMETRE,
    )


def _read_triangles(mesh: Path) -> Ints:
    """(F, 3) vertex indices of an .obj file; polygons are split into fans."""
    faces = []
    for line in mesh.read_text(encoding="utf-8").splitlines():
        if line.startswith("f "):
            ids = [int(corner.split("/")[0]) - 1 for corner in line.split()[1:]]
            faces += [[ids[0], a, b] for a, b in pairwise(ids[1:])]
    return np.array(faces, dtype=np.int32)


def card_vertices(cards: Cards, base_vertices: Floats) -> Floats:
    """The cards on a head.

    cards: the style's cards.
    base_vertices: (B, 3) of the head, units.
    Returns: (P, 3) vertices of the cards, units, in the same frame.
    """
    mean = np.einsum("pk,pkc->pc", cards.weights, base_vertices[cards.corners])
    axes = np.arange(3)
    measures = np.abs(base_vertices[cards.scale_pairs[:, 0], axes] - base_vertices[cards.scale_pairs[:, 1], axes])
    return (mean + cards.offset * measures / cards.scale_reference).astype(np.float32)


def draw_in_long_hair(vertices: Floats) -> Floats:
    """Long cards fan out over the shoulders: below the ears they are drawn in to LONG_HAIR_RADIUS.

    vertices: (P, 3) of the cards, units, in the frame of the heads.
    Returns: (P, 3) units; vertices above the ears or near the head's axis are where they were.
    """
    axis = np.array([0.0, HEAD_AXIS_Z], np.float32)
    radial = vertices[:, [0, 2]] - axis
    radius = np.linalg.norm(radial, axis=1)
    # Up to three quarters of the limit nothing changes; all beyond is compressed into the last quarter.
    excess = np.maximum(radius - 0.75 * LONG_HAIR_RADIUS, 0)
    last_quarter = 0.25 * LONG_HAIR_RADIUS
    limited = np.minimum(radius, 0.75 * LONG_HAIR_RADIUS) + last_quarter * (1 - np.exp(-excess / last_quarter))
    below_ears = np.clip((0.05 - vertices[:, 1]) / 0.25, 0, 1)
    scale = 1 + below_ears * (limited / np.maximum(radius, 1e-6) - 1)
    result = vertices.copy()
    result[:, [0, 2]] = axis + radial * scale[:, None]
    return result


def card_distance(vertices: Floats, faces: Ints, points: Floats, radius: float) -> Floats:
    """Signed distance to cards that are given a thickness.

    vertices: (V, 3) of the cards, units.
    faces: (F, 3) vertex indices.
    points: (P, 3) in the same frame.
    radius: half the thickness, units.
    Returns: (P,) unsigned distance minus the radius, units.
    """
    squared, _, _ = igl.point_mesh_squared_distance(
        points.astype(np.float64), vertices.astype(np.float64), faces.astype(np.int64)
    )
    return (np.sqrt(squared) - radius).astype(np.float32)
