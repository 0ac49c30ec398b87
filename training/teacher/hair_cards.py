"""MakeHuman's hair cards: strips of hair that hang on vertices of the base mesh and follow every head."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from clip_head.core.errors import ClipHeadError
from clip_head.core.types import Floats, Ints

from .base_mesh import UNITS_PER_DECIMETRE


@dataclass(frozen=True)
class Cards:
    """Hair cards and their binding: corners (P, 3) index the base vertices in use, weights (P, 3), offset (P, 3) on
    the base mesh's reference head, faces (F, 3). The offset is scaled, per axis, with the distance of the base vertices
    scale_pairs (3, 2), which is scale_reference (3,) on the reference head: the rule of .mhclo files."""

    corners: Ints
    weights: Floats
    offset: Floats
    faces: Ints
    scale_pairs: Ints
    scale_reference: Floats


def read_cards(folder: Path, base: Ints) -> Cards:
    """Read NAME.mhclo and NAME.obj from a folder NAME. base (B,): base mesh vertices in use.

    Raises ClipHeadError when the files are missing or bound to vertices that are not in use.
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
            f"The hair style {folder.name!r} hangs on base vertices outside the head ({missing[:5].tolist()}).",
            "Leave this style out.",
        )
    faces = []
    for line in mesh.read_text(encoding="utf-8").splitlines():
        if line.startswith("f "):
            ids = [int(corner.split("/")[0]) - 1 for corner in line.split()[1:]]
            faces += [[ids[0], a, b] for a, b in pairwise(ids[1:])]
    return Cards(
        np.searchsorted(base, corners).astype(np.int32),
        table[:, 3:6].astype(np.float32),
        (table[:, 6:9] * UNITS_PER_DECIMETRE).astype(np.float32),
        np.array(faces, dtype=np.int32),
        np.searchsorted(base, pairs).astype(np.int32),
        np.array([scales[axis][2] for axis in "xyz"], dtype=np.float32) * UNITS_PER_DECIMETRE,
    )


def card_vertices(cards: Cards, base_vertices: Floats) -> Floats:
    """(P, 3) the cards on a head with these base vertices (B, 3)."""
    carried = np.einsum("pk,pkc->pc", cards.weights, base_vertices[cards.corners])
    axes = np.arange(3)
    measures = np.abs(base_vertices[cards.scale_pairs[:, 0], axes] - base_vertices[cards.scale_pairs[:, 1], axes])
    return (carried + cards.offset * measures / cards.scale_reference).astype(np.float32)
