"""The facial actions as scans of real faces show them, instead of those that came with the base mesh.

ICT-FaceKit scanned ARKit's actions, two of them side by side (browInnerUp, cheekPuff), all but tongueOut. How their
displacements get onto the base mesh is the registration's knowledge: it is handed in as a function. Eyeballs, which the
registration only moves as a whole, and the tongue keep the present actions.

Source: USC Institute for Creative Technologies, ICT-FaceKit, https://github.com/ICT-VGL/ICT-FaceKit (MIT).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np

from clip_head.core.errors import ModelError
from clip_head.core.types import Bools, Floats

from .dataset import Expressions
from .template import Topology

#: From displacements (S, 3) of the scans' vertices, in their units, to those (B, 3) of the base vertices, units.
Carry = Callable[[Floats], Floats]
#: Ends of the scans' names, and of ARKit's.
SIDES = {"_L": "Left", "_R": "Right"}
#: Actions, by the start of their names, that turn eyeballs; all others leave them where they are.
LOOKS = "eyeLook"


def scanned_actions(names: Sequence[str], deltas: Floats) -> dict[str, Floats]:
    """The scans' actions under ARKit's names.

    names: of the N scanned actions: "jawOpen", "mouthSmile_L", "browInnerUp_R".
    deltas: (N, S, 3) displacement of each, in the scans' units.
    Returns: ARKit name -> (S, 3); the halves of actions that ARKit does not split are added.
    """
    actions = {}
    for name, delta in zip(names, deltas, strict=True):
        actions[name[:-2] + SIDES[name[-2:]] if name[-2:] in SIDES else name] = delta.astype(np.float32)
    for joined in ("browInnerUp", "cheekPuff"):
        halves = [actions.pop(joined + side) for side in SIDES.values() if joined + side in actions]
        if halves:
            actions[joined] = np.sum(halves, axis=0)
    return actions


def with_scanned_actions(
    expressions: Expressions, topology: Topology, regions: dict[str, Bools], actions: dict[str, Floats], carry: Carry
) -> Expressions:
    """The expressions with the scans' actions in the place of the present ones.

    expressions: the present ones.
    topology: from the base mesh to the template.
    regions: name -> (V,) masks, as of template.build_regions.
    actions: ARKit name -> (S, 3) displacement of the scans' vertices, in the scans' units, as of scanned_actions.
    carry: from displacements of the scans' vertices to those of the base vertices.
    Returns: the same actions in the same order; those that no scan shows, the closing of the canonical mouth and the
        named mixtures are the present ones.
    Raises: ModelError when the scans name an action that ARKit does not.
    """
    unknown = sorted(set(actions) - set(expressions.actions))
    if unknown:
        raise ModelError(
            f"The scans name actions that are not ARKit's: {', '.join(unknown)}.", "Check the scans' expression_names."
        )
    eyes = regions["left_eye"] | regions["right_eye"]
    basis = expressions.basis.copy()
    for index, name in enumerate(expressions.actions):
        if name in actions:
            carried = (topology.subdivision @ carry(actions[name])).astype(np.float32)
            carried[eyes] = basis[index, eyes] if name.startswith(LOOKS) else 0.0
            basis[index] = carried
    return dataclasses.replace(expressions, basis=basis)
