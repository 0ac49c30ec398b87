"""Single movements of a face ("one eyebrow raised"), and how they and the named expressions combine.

An expression is the weights of the ARKit actions, action -> weight. Where two are asked for at once, each action has
the larger of its weights; of two actions that contradict each other (a smile and a frown) only the later one's stays.
A feature wins over a mood, for it says exactly what it wants: it sets its actions, also to 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from clip_head.core.mapping.expressions import overruled
from clip_head.core.types import Floats
from clip_head.training.engine.tables import check_keys
from clip_head.training.language.tables import load_phrases
from clip_head.training.teacher.expressions import TABLE

#: Action -> weight; beyond 1 exaggerates, 0 says that it is not done.
Weights = dict[str, float]
#: Parts of the face that can do one thing at a time.
ZONES = ("eyes", "brows", "mouth", "jaw", "nose")


@dataclass(frozen=True)
class Feature:
    """One movement of the face.

    zone: one of ZONES.
    alone: whether its phrases mean this and no more when nothing else is said; those of "winking" are an expression.
    weights: of its actions; 0 for those that it rules out.
    phrases: as they follow a comma.
    """

    zone: str
    alone: bool
    weights: Weights
    phrases: tuple[str, ...]


def _both(actions: Iterable[str]) -> list[tuple[str, str]]:
    """(action of the left, of the right) of actions without Left and Right."""
    return [(f"{action}Left", f"{action}Right") for action in actions]


def _feature(name: str, entry: dict[str, Any]) -> Feature:
    """One entry of features.json."""
    check_keys(f"{name} in features.json", entry, ("zone", "alone", "phrases"), ("both_sides", "single"))
    mirrored = entry.get("both_sides", {})
    pairs = zip(_both(mirrored), mirrored.values(), strict=True)
    weights = {action: weight for sides, weight in pairs for action in sides} | entry.get("single", {})
    return Feature(entry["zone"], entry["alone"], weights, entry["phrases"])


_TABLE = load_phrases("features", ("features",))
#: Name -> feature.
FEATURES: dict[str, Feature] = {name: _feature(name, entry) for name, entry in _TABLE["features"].items()}
#: Expressions that have a name -> their weights: the named expressions, then the single movements that have words of
#: their own. To keep the mouth closed is none: that is neutral.
NAMED: dict[str, Weights] = TABLE | {
    name: feature.weights for name, feature in FEATURES.items() if feature.alone and any(feature.weights.values())
}


def both_moods(first: Weights, second: Weights) -> Weights:
    """Two expressions at once: the larger weight of every action; what the second decides overrules the first.

    first, second: the weights.
    """
    kept = _without_antagonists(first, second)
    return {action: max(w[action] for w in (kept, second) if action in w) for action in kept | second}


def with_feature(weights: Weights, feature: Weights) -> Weights:
    """An expression with a movement that is asked for beside it, and that overrules it.

    weights: of the expression.
    feature: the movement's weights.
    """
    return _without_antagonists(weights, feature) | feature


def _without_antagonists(weights: Weights, deciding: Weights) -> Weights:
    """The weights of all actions that nothing decisive contradicts."""
    contradicted = overruled(deciding)
    return {action: weight for action, weight in weights.items() if action not in contradicted}


def expression_table(actions: Sequence[str]) -> Floats:
    """(X, 52) z_exp of what has a name, in the order of NAMED: the named expressions, then the single movements.

    actions: names of the 52 actions.
    """
    return np.stack([z_exp_of(weights, actions) for weights in NAMED.values()])


def z_exp_of(weights: Weights, actions: Sequence[str]) -> Floats:
    """(52,) weights of the facial actions.

    weights: action -> weight.
    actions: names of the 52 actions.
    """
    return np.array([weights.get(action, 0.0) for action in actions], np.float32)
