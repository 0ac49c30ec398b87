"""The head's quads on one person: neutral with closed lips, and what every facial action adds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch

from ..errors import ModelError
from ..fit.warp import Warp
from ..models import RESTORE
from ..types import Floats
from .arkit import arkit_actions, factors, key_strength, other_side
from .contact import together
from .eyes import SEAT_RINGS, Eye, seated_lids
from .motion import Rigid, hinged_motion, shift_motion
from .template import RIM, AssetTemplate, HeadTemplate
from .unfold import unfolded

#: Actions that break each other, or break half done, so that they need a key of their own (see arkit.factors); of what
#: is one-sided the left one is named. Found by measuring all pairs (training/asset/evaluate.py).
_CORRECTIVES = Path(__file__).with_name("correctives.json")
#: The action that turns the jaw about its hinge, and those that shift it; all others move the skin alone.
JAW_OPEN, JAW_SHIFTS = "jawOpen", ("jawForward", "jawLeft", "jawRight")
#: Regions of the network's sheet that are eyeballs, and how the names of actions begin that turn them.
EYE_REGIONS, LOOKS = ("left_eye", "right_eye"), "eyeLook"
#: The action that closes the lips of an open jaw.
MOUTH_CLOSE = "mouthClose"


@dataclass(frozen=True)
class PlacedHead:
    """The template on one person.

    neutral (V, 3): the head's vertices, units.
    opened (V, 3): the same with the mouth a little open, as the template has it.
    keys: name of key_poses -> what the key at 1 adds to them (V, 3).
    sheet (Vs, 3): the vertices of the network's sheet, neutral, units.
    sheet_poses: the same names -> all that its pose adds to these (Vs, 3).
    jaws: name of an action that moves the jaw's bone -> how.
    hinge (3,): of the jaw, units.
    balls: the left and the right eyeball.
    """

    neutral: Floats
    opened: Floats
    keys: dict[str, Floats]
    sheet: Floats
    sheet_poses: dict[str, Floats]
    jaws: dict[str, Rigid]
    hinge: Floats
    balls: tuple[Eye, Eye]

    @property
    def eyes(self) -> Floats:
        """The centres (2, 3) of the left and of the right eyeball, units."""
        return np.stack([ball.centre for ball in self.balls])

    @property
    def radii(self) -> tuple[float, float]:
        """The radii of the left and of the right eyeball, units."""
        return self.balls[0].radius, self.balls[1].radius


@dataclass(frozen=True)
class NeutralHead:
    """The template on one person without expression: what a skin is painted on, long before all keys are known.

    vertices (V, 3): the head's, units.
    opened (V, 3): the same with the mouth a little open, as the template has it.
    canonical (Vs, 3): the vertices of the network's sheet as that places them, mouth open, units.
    rest (Vs, 3): the same with closed lips and open eyes; sheet (Vs, 3): with lids that lie on the eyeballs.
    hinge (3,): of the jaw, units.
    """

    vertices: Floats
    opened: Floats
    canonical: Floats
    rest: Floats
    sheet: Floats
    hinge: Floats


def place_head(template: AssetTemplate, z_id: Floats, warp: Warp | None = None) -> PlacedHead:
    """The head of an identity code, with all keys.

    template: the asset model.
    z_id (D_id,): identity.
    warp: what the head has beyond the code (core/fit); None: nothing.
    Raises ModelError for NaN.
    """
    return place_keys(template, neutral_head(template, z_id, warp))


def neutral_head(template: AssetTemplate, z_id: Floats, warp: Warp | None = None) -> NeutralHead:
    """The head of an identity code, without keys.

    template, z_id, warp, errors: as of `place_head`.
    """
    network, head = template.network, template.head
    sheet = network.sheet.vertices
    with torch.inference_mode():
        placed = template.fixed.placed(network.members(torch.from_numpy(z_id), warp))
        if not bool(torch.isfinite(placed).all()):
            raise ModelError(
                "The head model computed a head that is not finite.", f"Its weights are damaged. {RESTORE}"
            )
        closed = network.sheet_offsets(placed[: len(sheet)], torch.zeros(network.exp_size)).numpy()
    canonical, deep, hinge = placed[: len(sheet)].numpy(), placed[len(sheet) : -1].numpy(), placed[-1].numpy()
    rest = canonical + closed
    neutral = seated_lids(rest, template.rims.some(SEAT_RINGS), eyeballs(template, rest, {}), {})
    # The lower lip goes with the teeth; the chin's skin is drawn over the bone, and goes farther.
    lip = np.flatnonzero(network.region_masks["lower_lip"])
    closing = hinged_motion(hinge, canonical[lip], neutral[lip])
    start = canonical[head.sheet]
    start[head.inner] = deep
    vertices = start + with_inner(head, start, (neutral - canonical)[head.sheet], closing)
    vertices = unfolded(vertices, head.levels[0].quads)
    return NeutralHead(vertices, start, canonical, rest, neutral, hinge)


def place_keys(template: AssetTemplate, neutral: NeutralHead) -> PlacedHead:
    """A neutral head with what every facial action adds to it.

    template: the asset model.
    neutral: the head.
    """
    network, head, rims, poses = template.network, template.head, template.rims, key_poses()
    singles = {name: poses[name] for name in arkit_actions()}
    with torch.inference_mode():
        moved = network.sheet_poses(torch.from_numpy(neutral.canonical), list(singles.values()))[1].numpy()
    rest, hinge, vertices = neutral.rest, neutral.hinge, neutral.vertices
    single = dict(zip(singles, moved, strict=True))
    balls = eyeballs(template, rest, single)
    seats = rims.some(SEAT_RINGS)
    straight = as_keys(single)
    posed: dict[str, Floats] = {}
    for name, pose in poses.items():
        offsets = single[name] if name in single else together(network.face, rest, straight, pose)
        posed[name] = seated_lids(rest + offsets, seats, balls, pose) - neutral.sheet
    keys = as_keys(posed)
    lip = np.flatnonzero(network.region_masks["lower_lip"])
    lips = neutral.sheet[lip]
    jaws = {name: shift_motion(lips, lips + posed[name][lip]) for name in JAW_SHIFTS}
    jaws[JAW_OPEN] = hinged_motion(hinge, lips, lips + posed[JAW_OPEN][lip])
    filled = with_inner(head, vertices, np.stack(list(keys.values()))[:, head.sheet], None)
    on_head = dict(zip(keys, filled, strict=True))
    on_head |= {name: with_inner(head, vertices, keys[name][head.sheet], jaw) for name, jaw in jaws.items()}
    return PlacedHead(vertices, neutral.opened, on_head, neutral.sheet, posed, jaws, hinge, balls)


def eyeballs(template: AssetTemplate, rest: Floats, poses: Mapping[str, Floats]) -> tuple[Eye, Eye]:
    """The left and the right eyeball of a head.

    template: the asset model.
    rest (Vs, 3): the vertices of the network's sheet, neutral, units.
    poses: ARKit name -> what the action at 1 adds to them (Vs, 3), of those that count; other names do not.
    """
    masks, rims = template.network.region_masks, template.rims
    contacts, edges = rims.contacts(rest), rims.of((RIM,), rest)

    def of_side(side: int) -> Eye:
        mask = masks[EYE_REGIONS[side]]
        turned = {name: (rest + moves)[mask] for name, moves in poses.items() if name.startswith(LOOKS)}
        return Eye.on(rest[mask], contacts[side], edges[2 * side][0], edges[2 * side + 1][0], turned)

    return of_side(0), of_side(1)


@cache
def key_poses() -> dict[str, dict[str, float]]:
    """The names of all keys -> the pose that each is made of, ARKit name -> strength: the 52 of ARKit, then those that
    correct them: "one_other" for two that break each other, "one_half" for one that breaks half done.

    mouthClose closes the lips of an open jaw, as ARKit means it: with the jaw closed they would have nowhere to go.
    """
    poses = {name: {name: 1.0} for name in arkit_actions()} | {MOUTH_CLOSE: {JAW_OPEN: 1.0, MOUTH_CLOSE: 1.0}}
    for left in json.loads(_CORRECTIVES.read_text(encoding="utf-8")):
        for key in (left, other_side(left)):
            of_each = [{one: 0.5} if half else poses[one] for one, half in factors(key)]
            poses[key] = {name: strength for pose in of_each for name, strength in pose.items()}
    return poses


def as_keys(poses: Mapping[str, Floats]) -> dict[str, Floats]:
    """What each key adds, in the pose that it is made of, to those that come before it.

    poses: name of a key -> all that its pose adds to a part's vertices (V, 3), units; those that do not move it may be
        missing.
    """
    keys: dict[str, Floats] = {}
    for name, before in _acting_before().items():
        if name in poses:
            others = [strength * keys[other] for other, strength in before.items() if other in keys]
            keys[name] = np.asarray(poses[name] - np.sum(others, axis=0), np.float32) if others else poses[name]
    return keys


@cache
def _acting_before() -> dict[str, dict[str, float]]:
    """The names of all keys -> those that come before it and act in its pose, and how strong they are there."""
    names = list(key_poses())
    strengths = {
        name: {other: key_strength(other, pose) for other in names[:number]}
        for number, (name, pose) in enumerate(key_poses().items())
    }
    return {name: {other: value for other, value in each.items() if value} for name, each in strengths.items()}


def posed_by(keys: Mapping[str, Floats], pose: Mapping[str, float]) -> Floats:
    """What keys add to the vertices of a part in a pose (V, 3), units.

    keys: name of key_poses -> (V, 3), units.
    pose: ARKit name -> strength; others are 0.
    """
    strengths = {name: key_strength(name, pose) for name in keys}
    return np.asarray(sum((strengths[name] * keys[name] for name in keys if strengths[name]), np.float32(0.0)))


def with_inner(template: HeadTemplate, rest: Floats, offsets: Floats, jaw: Rigid | None) -> Floats:
    """Offsets (..., V, 3) whose inner vertices go with the jaw's bone, and beyond that with the rim of lips and lids.

    template: which vertices these are.
    rest (V, 3): where the vertices start, units.
    offsets (..., V, 3): those of the skin are given, units.
    jaw: how the bone moves; None where it does not.
    """
    inner, rim = template.inner, template.rim
    bone = np.zeros_like(rest) if jaw is None else template.jaw[:, None] * (jaw.applied(rest) - rest)
    # All at once, as columns: one by one they would be read again for each.
    moved = np.moveaxis(offsets[..., rim, :] - bone[rim], -2, 0)
    followed = (template.follow @ moved.reshape(len(rim), -1)).reshape(len(inner), *moved.shape[1:])
    filled = offsets.copy()
    filled[..., inner, :] = bone[inner] + np.moveaxis(followed, 0, -2)
    return filled
