"""Several expressions at once ("eyes closed and mouth wide open", "not sad but angry"): each phrase is mapped alone,
and the face does what they say together.

The weights of an expression are those of the ARKit actions. Every action has the greatest weight that a phrase gives
it; what a later phrase decides overrules the actions that contradict it. A phrase that denies something asks for
nothing. This goes beyond the paper, in which one embedding says all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from ..types import Floats

#: Actions that a face cannot do at the same time, in pairs: of each side with its own, and without sides. JSON.
_ANTAGONISTS = Path(__file__).with_name("antagonists.json")
#: From this weight on an action rules out those that contradict it: fainter ones are undertones ("half smiling").
DECISIVE = 0.5
#: Least weight of some action of a phrase that is understood alone; with others the sentence is read as a whole.
CLEAR = 0.35


@cache
def antagonists() -> dict[str, frozenset[str]]:
    """Action -> the actions that a face cannot do at the same time."""
    table = json.loads(_ANTAGONISTS.read_text(encoding="utf-8"))
    pairs = [(f"{a}{side}", f"{b}{side}") for a, b in table["both_sides"] for side in ("Left", "Right")]
    pairs += [(a, b) for a, b in table["single"]]
    pairs += [(b, a) for a, b in pairs]
    return {action: frozenset(b for a, b in pairs if a == action) for action, _ in pairs}


def together(alone: Floats, denied: Sequence[bool], actions: Sequence[str]) -> Floats | None:
    """The weights (E,) of an expression in several phrases; None where they are not to be told apart: where all deny
    something, or none does and one of them is not understood alone.

    alone (P, E): the weights that each phrase asks for by itself, in order.
    denied: P times whether the phrase says what is not done.
    actions: names of the E actions.
    """
    asking = [weights for weights, no in zip(alone, denied, strict=True) if not no]
    clear = [weights for weights in asking if weights.max() >= CLEAR]
    if not asking or (not any(denied) and len(clear) < len(asking)):
        return None
    result = np.zeros(len(actions), np.float32)
    for weights in clear:
        result[np.isin(actions, list(overruled(dict(zip(actions, weights, strict=True)))))] = 0.0
        result = np.maximum(result, weights)
    return result


def overruled(weights: Mapping[str, float]) -> set[str]:
    """The actions that something decisive contradicts.

    weights: action -> weight.
    """
    return {other for action, w in weights.items() if w >= DECISIVE for other in antagonists().get(action, ())}
