"""The caruncle and the plica semilunaris: the pink flesh in the inner corner of an eye, and the fold before it.

Without them the white of the eye would go into the corner. Like the lashes they are laid anew in every pose, from lid
to lid; where these shut, they are flat.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..types import AssetPart, Floats
from .eye_patches import eye_patches
from .eyes import Eye
from .lashes import Rims

#: Ring of the lids' edges, as of `lashes.lid_rims`, between which it lies.
CARUNCLE_RING = -1
#: Vertices from the corner to the plica's edge, and from lid to lid.
_ALONG, _ACROSS = 12, 9
#: How far the plica's edge is from the corner, a part of the eye's width (5.5 mm).
_LENGTH = 0.2
#: Where on that way the caruncle ends and the plica's fold is highest, and how wide that is.
_CARUNCLE, _PLICA, _FOLD = 0.62, 0.82, 0.1
#: How high caruncle and plica rise, parts of the eye's width (1 and 0.3 mm) where the lids are open; and the distance
#: of the lids, a part of that width, from which on they rise so far.
_RISES, _FOLD_RISES, _OPEN = 0.036, 0.011, 0.2
#: How far its edge on the eyeball lies within that, a part of its radius, and the rest above it at least.
_WITHIN, _ABOVE = 0.006, 0.003


def caruncle_part(edges: Rims, posed: Mapping[str, Rims], eyes: tuple[Eye, Eye]) -> AssetPart:
    """The caruncles of both eyes of a head, with the actions that move its lids as keys.

    edges: CARUNCLE_RING of `lashes.lid_rims` (P, 3), units: of left upper, left lower, right upper, right lower lid,
        from the inner to the outer corner.
    posed: ARKit name -> the same with that action at 1, units.
    eyes: the left and the right eyeball.
    """
    widths = [float(np.linalg.norm(edges[lid][-1] - edges[lid][0])) for lid in (0, 2)]

    def both(lids: Rims) -> Floats:
        sides = [_patch(lids[2 * k], lids[2 * k + 1], eye, widths[k]) for k, eye in enumerate(eyes)]
        return np.concatenate(sides).astype(np.float32)

    return eye_patches("Caruncles", "Caruncle", both, edges, posed, (_ALONG, _ACROSS))


def _patch(upper: Floats, lower: Floats, eye: Eye, width: float) -> Floats:
    """The vertices (_ALONG * _ACROSS, 3) of a caruncle: from the corner on, each time from the lower lid to the upper.

    upper, lower (P, 3): edges of the lids from the inner corner on, units.
    eye: the eyeball.
    width: of the eye, units.
    """
    place = np.linspace(0.0, 1.0, _ALONG)
    low, high = (_from_corner(lid, _LENGTH * width * place) - eye.centre for lid in (lower, upper))
    across = np.linspace(0.0, 1.0, _ACROSS)[:, None]
    flat = low[:, None] + across * (high - low)[:, None]
    distance = np.linalg.norm(flat, axis=-1)
    # A dome from lid to lid that begins at the corner, and a fold before it that goes down to the eyeball.
    arch = np.sin(np.pi * across[:, 0]) ** 1.6
    dome = np.sin(np.pi * (place / _CARUNCLE).clip(0.0, 1.0))
    fold = np.exp(-(((place - _PLICA) / _FOLD) ** 2))
    open_ = (np.linalg.norm(high - low, axis=1) / (_OPEN * width)).clip(0.0, 1.0)
    height = width * (open_ * (_RISES * dome + _FOLD_RISES * fold))[:, None] * arch
    ends = np.where(place > _PLICA, (place - _PLICA) / (1.0 - _PLICA), 0.0)
    base = eye.radius * (1 + _ABOVE - (_ABOVE + _WITHIN) * ends**2)[:, None]
    sunk = np.where(ends[:, None] > 0, base, np.maximum(distance, base))
    return (flat * ((sunk + height) / distance)[..., None]).reshape(-1, 3) + eye.centre


def _from_corner(line: Floats, way: Floats) -> Floats:
    """Points (N, 3) of a line (P, 3) at ways (N,) along it, units."""
    length = np.append(0.0, np.linalg.norm(np.diff(line, axis=0), axis=1).cumsum())
    return np.stack([np.interp(way, length, line[:, k]) for k in range(3)], axis=1)
