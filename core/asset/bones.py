"""Bones of an asset, and how far every vertex goes with each.

root, two of the neck, head, jaw, three of the tongue lie where bones.json says on the template; the eyes', their target
and the lids' follow from the eyeballs of the head.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..texture.procedural import smooth_step
from ..types import Bone, Floats

#: Where the bones lie on the template, units, and through which planes the neck passes over from one to the next.
_TABLE = Path(__file__).with_name("bones.json")
#: How far before the eyes their target is, and how long its bone is, units (0.5 m and 25 mm).
TARGET_DISTANCE, TARGET_LENGTH = 2.0, 0.1
#: Bones of the lids -> the action that closes them, and the side of the eyeball's middle on which that lid lies.
LIDS = {
    "eyelid_upper.L": ("eyeBlinkLeft", 1.0),
    "eyelid_lower.L": ("eyeBlinkLeft", -1.0),
    "eyelid_upper.R": ("eyeBlinkRight", 1.0),
    "eyelid_lower.R": ("eyeBlinkRight", -1.0),
}
#: Way of a lid's vertex when it closes, units (2.5 mm), from which on it goes wholly with the lid's bone.
LID_MOVES = 0.01


@cache
def bone_table() -> dict[str, Any]:
    """bones.json."""
    table: dict[str, Any] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return table


def template_joints(hinge: Floats) -> Floats:
    """(2 N, 3) heads and tails of the N bones of bones.json on the template, units.

    hinge (3,): of the jaw, units.
    """
    ends = [bone[end] for bone in bone_table()["bones"].values() for end in ("head", "tail")]
    return np.array([hinge if isinstance(end, str) else end for end in ends], np.float32)


def head_bones(joints: Floats, centres: Floats, radii: tuple[float, float]) -> tuple[Bone, ...]:
    """The bones of a head, parents first.

    joints (2 N, 3): where `template_joints` lie on the head, units.
    centres (2, 3), radii: of the left and of the right eyeball, units.
    """
    bones = [
        Bone(name, joints[2 * k], joints[2 * k + 1], entry["parent"])
        for k, (name, entry) in enumerate(bone_table()["bones"].items())
    ]
    forwards, up = np.array([0.0, 0.0, 1.0], np.float32), np.array([0.0, 1.0, 0.0], np.float32)
    for side, centre, radius in zip("LR", centres, radii, strict=True):
        bones.append(Bone(f"eye.{side}", centre, centre + radius * forwards, "head"))
        for lid, slope in (("upper", 0.5), ("lower", -0.5)):
            bones.append(Bone(f"eyelid_{lid}.{side}", centre, centre + radius * (forwards + slope * up), "head"))
    target = centres.mean(axis=0) + TARGET_DISTANCE * forwards
    return (*bones, Bone("eye_target", target, target + TARGET_LENGTH * forwards, "root"))


def skin_weights(
    points: Floats, jaw: Floats, neutral: Floats, keys: Mapping[str, Floats], centres: Floats
) -> dict[str, Floats]:
    """How far the head's vertices go with each bone: name -> (V,), of which the sum is 1 everywhere.

    points (V, 3): template points, units.
    jaw (V,): how far they go with the jaw, 0 to 1.
    neutral (V, 3): their places on the head, units.
    keys: ARKit name -> offsets (V, 3), units.
    centres (2, 3): of the left and of the right eyeball, units.
    """
    weights: dict[str, Floats] = {"neck_01": np.ones(len(points), np.float32)}
    for name, plane in bone_table()["planes"].items():
        height = (points - np.array(plane["point"], np.float32)) @ np.array(plane["normal"], np.float32)
        passed = smooth_step(0.5 + height / plane["width"])
        weights = {other: weight * (1.0 - passed) for other, weight in weights.items()} | {name: passed}
    parts = {"jaw": jaw}
    for name, (action, above) in LIDS.items():
        middle = centres[0 if name.endswith("L") else 1]
        moved = (np.linalg.norm(keys[action], axis=1) / LID_MOVES).clip(0.0, 1.0)
        # The lower lid rises by a fifth of the way, the upper one comes down by the rest.
        moved *= (keys[action][:, 1] * above < 0.0) & (np.abs(neutral[:, 0] - middle[0]) < np.abs(middle[0]))
        parts[name] = np.asarray(moved, np.float32)
    for name, part in parts.items():
        weights = {other: weight * (1.0 - part) for other, weight in weights.items()} | {name: part}
    return {name: weight for name, weight in weights.items() if weight.any()}


def along_bones(points: Floats, bones: tuple[Bone, ...]) -> dict[str, Floats]:
    """Weights (V,) of points along a chain of bones, such as a tongue's: linear between the middles of the bones.

    points (V, 3): units.
    bones: of the chain, in order.
    """
    middles = np.array([(bone.head + bone.tail) / 2 for bone in bones])
    axis = middles[-1] - middles[0]
    places, at = (middles - middles[0]) @ axis, (points - middles[0]) @ axis
    return {
        bone.name: np.asarray(np.interp(at, places, row), np.float32)
        for bone, row in zip(bones, np.eye(len(bones)), strict=True)
    }
