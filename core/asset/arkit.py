"""The 52 facial actions of ARKit, and poses of them by name. Imports no torch.

The visemes are those that speech software names: silence, then PP as in "put", FF, TH, DD, kk, CH, SS, nn, RR, and the
vowels aa, E, ih, oh, ou.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from math import prod
from pathlib import Path

from ..types import Floats

#: What joins the names of actions to that of the key that corrects them together, and what follows there the name of
#: one that is corrected where it is half done.
JOIN, HALF = "_", "half"
#: How the names of the actions begin that shut an eye.
_BLINK = "eyeBlink"
#: The names in Apple's order of ARKit's blend shape locations; and kind of pose -> name -> action -> value.
_NAMES, _POSES = (Path(__file__).with_name(f"{name}.json") for name in ("arkit", "poses"))


@cache
def arkit_actions() -> tuple[str, ...]:
    """The names of the 52 facial actions, in ARKit's order."""
    return tuple(json.loads(_NAMES.read_text(encoding="utf-8")))


def action_weights(z_exp: Floats, actions: tuple[str, ...]) -> dict[str, float]:
    """ARKit name -> strength, for all 52 in ARKit's order; no eye is shut more than wholly, or its lids would cross.

    z_exp (D_exp,): strengths of the head model's actions.
    actions: their names; they hold ARKit's.
    """
    weights = {name: float(z_exp[actions.index(name)]) for name in arkit_actions()}
    return {name: min(max(value, 0.0), 1.0) if name.startswith(_BLINK) else value for name, value in weights.items()}


@cache
def poses() -> dict[str, dict[str, dict[str, float]]]:
    """The 23 "expressions" and the 15 "visemes": name -> ARKit name -> value, 0 to 1, for all 52."""
    table = json.loads(_POSES.read_text(encoding="utf-8"))
    return {
        kind: {name: {action: pose.get(action, 0.0) for action in arkit_actions()} for name, pose in named.items()}
        for kind, named in table.items()
    }


def as_pose(pose: str | Mapping[str, float]) -> dict[str, float]:
    """A pose as tables of data have it: ARKit name -> value; others are 0.

    pose: that itself, or "kind/name" of one of `poses`.
    """
    if isinstance(pose, str):
        kind, _, name = pose.partition("/")
        return poses()[kind][name]
    return dict(pose)


@cache
def factors(key: str) -> tuple[tuple[str, bool], ...]:
    """What the strength of a key is the product of: actions, and of each whether its value v counts, or 4 v (1 - v),
    which is 1 where it is half done and 0 where it is done wholly or not at all.

    key: an action's name; or that of a key which corrects some, as "one_other", "one_half" or "one_other_half".
    """
    words = key.split(JOIN)
    return tuple((word, after == HALF) for word, after in zip(words, [*words[1:], ""], strict=True) if word != HALF)


def key_strength(name: str, pose: Mapping[str, float]) -> float:
    """How strong a key is in a pose: the product of its `factors`.

    name: of an action, or of a key that corrects some.
    pose: ARKit name -> strength; others are 0.
    """
    values = [(pose.get(one, 0.0), half) for one, half in factors(name)]
    return prod(4 * value * (1 - value) if half else value for value, half in values)


def other_side(key: str) -> str:
    """The name of a key's mirror image; its own where it has none."""
    return re.sub("Left|Right", lambda side: "Right" if side[0] == "Left" else "Left", key)
