"""The 52 facial actions of ARKit, and poses of them by name. Imports no torch.

The visemes are those that speech software names: silence, then PP as in "put", FF, TH, DD, kk, CH, SS, nn, RR, and the
vowels aa, E, ih, oh, ou.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from ..types import Floats

#: What joins the names of two actions to that of the key that corrects them together, and what follows the name of an
#: action that is corrected where it is half done.
JOIN, HALF = "_", "_half"
#: The names in Apple's order of ARKit's blend shape locations; and kind of pose -> name -> action -> value.
_NAMES, _POSES = (Path(__file__).with_name(f"{name}.json") for name in ("arkit", "poses"))


@cache
def arkit_actions() -> tuple[str, ...]:
    """The names of the 52 facial actions, in ARKit's order."""
    return tuple(json.loads(_NAMES.read_text(encoding="utf-8")))


def action_weights(z_exp: Floats, actions: tuple[str, ...]) -> dict[str, float]:
    """ARKit name -> strength, for all 52 in ARKit's order.

    z_exp (D_exp,): strengths of the head model's actions.
    actions: their names; they hold ARKit's.
    """
    return {name: float(z_exp[actions.index(name)]) for name in arkit_actions()}


@cache
def poses() -> dict[str, dict[str, dict[str, float]]]:
    """The 23 "expressions" and the 15 "visemes": name -> ARKit name -> value, 0 to 1, for all 52."""
    table = json.loads(_POSES.read_text(encoding="utf-8"))
    return {
        kind: {name: {action: pose.get(action, 0.0) for action in arkit_actions()} for name, pose in named.items()}
        for kind, named in table.items()
    }
