"""Several actions at once, where lids lie on an eyeball and lips on each other: keys are straight, so their sum knows
nothing of that. What it lacks is what a corrective key adds.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..nphm.face import BLINKS, Face
from ..types import Floats

#: Least motion of lids or lips, units (0.1 mm), that makes an action one of theirs.
_LEAST_MOTION = 4e-4


def together(face: Face | None, rest: Floats, keys: Mapping[str, Floats], pose: Mapping[str, float]) -> Floats:
    """What a pose adds to a head's sheet (V, 3), units: the sum of its actions; but a blink closes its part of what the
    others leave open, and where two of them move the lids, or the lips, these do not pass each other.

    face: the template's; None where the head model knows none: the sum.
    rest (V, 3): the sheet's vertices on a head, neutral, units.
    keys: ARKit name -> what the action at 1 adds to them (V, 3), units.
    pose: ARKit name -> strength.
    """
    blinks = face.own_blinks if face is not None else frozenset()
    acting = {name: strength for name, strength in pose.items() if name not in blinks}
    added = np.zeros_like(rest)
    for name, strength in acting.items():
        added += np.float32(strength) * keys[name]
    if face is None:
        return added
    if sum(_moves(keys[name][face.lips.near]) for name in acting) > 1:
        added = face.lips.separate(rest, added)
    for region, lids in face.lids.items():
        skin = lids.grid.vertices
        blink = pose.get(BLINKS[region], 0.0)
        if blink or sum(_moves(keys[name][lids.grid.edges]) for name in acting) > 1:
            added[skin] = lids.on_head(rest).meet(rest + added, blink) - rest[skin]
    return added


def _moves(offsets: Floats) -> bool:
    """Whether offsets (..., 3), units, are more than nothing."""
    return float(np.abs(offsets).max()) > _LEAST_MOTION
