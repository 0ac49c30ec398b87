"""The tear line: a narrow moist strip that closes the groove between the edge of the lower lid and the eyeball.

Light on it is what makes an eye look wet. Like the lashes it is laid anew in every pose.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..types import AssetPart, Floats
from .eye_patches import eye_patches

#: Places along a lid at which the strip is laid, and where it begins and ends, as parts of the way from corner to
#: corner.
_PLACES, _BEGINS, _ENDS = 25, 0.04, 0.96
#: How far up the eyeball the strip reaches above the lid's edge, a part of the eyeball's radius (0.5 mm), and how far
#: it stays off both.
_CLIMBS, _STANDS_OFF = 0.035, 0.006
#: How hollow the strip is, 0 for straight to 1 for down in the corner between lid and eyeball.
_HOLLOW = 0.45


def tear_part(
    edges: tuple[Floats, Floats],
    posed: Mapping[str, tuple[Floats, Floats]],
    centres: Floats,
    radii: tuple[float, float],
) -> AssetPart:
    """The tear lines of both eyes of a head, with the actions that move its lower lids as keys.

    edges: of the left and of the right lower lid (P, 3), from the inner to the outer corner: ring 0 of
        `lashes.lid_rims`, units.
    posed: ARKit name -> the same with that action at 1, units.
    centres (2, 3), radii: of the left and of the right eyeball, units.
    """

    def both(lids: tuple[Floats, Floats]) -> Floats:
        strips = [_strip(lid, centre, radius) for lid, centre, radius in zip(lids, centres, radii, strict=True)]
        return np.concatenate(strips).astype(np.float32)

    return eye_patches("Tear Line", "Tear", both, edges, posed, (_PLACES, 3))


def _strip(edge: Floats, centre: Floats, radius: float) -> Floats:
    """The vertices (_PLACES * 3, 3) of a strip: at each place on the lid, in the hollow and on the eyeball.

    edge (P, 3): of a lower lid, units; centre (3,), radius: of the eyeball, units.
    """
    length = np.append(0.0, np.linalg.norm(np.diff(edge, axis=0), axis=1).cumsum())
    place = np.linspace(_BEGINS, _ENDS, _PLACES) * length[-1]
    lid = np.stack([np.interp(place, length, edge[:, k]) for k in range(3)], axis=1) - centre
    size = np.linalg.norm(lid, axis=1, keepdims=True)
    under = lid / size
    up = np.array([0.0, 1.0, 0.0]) - under[:, 1:2] * under
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    # Towards the corners of the eye, where the lids meet, it grows thin.
    thin = np.sin(np.pi * np.linspace(0.08, 0.92, _PLACES))[:, None] ** 0.5
    ball = under + _CLIMBS * thin * up
    ball *= (1 + _STANDS_OFF) * radius / np.linalg.norm(ball, axis=1, keepdims=True)
    size = np.maximum(size, (1 + _STANDS_OFF) * radius)
    lid = size * under + _STANDS_OFF * radius * up
    corner = (1 + _STANDS_OFF) * radius * under
    middle = (1 - _HOLLOW) * (lid + ball) / 2 + _HOLLOW * corner
    middle *= np.maximum(1.0, (1 + _STANDS_OFF) * radius / np.linalg.norm(middle, axis=1, keepdims=True))
    return np.stack([lid, middle, ball], axis=1).reshape(-1, 3) + centre
