"""Hair cards: ribbons of quads along the locks of guides, for games, in three levels of detail.

Every ribbon goes rigidly with the triangle of skin that its lock is rooted on: in all keys, and with its bones.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..types import MILLIMETRES_PER_UNIT, AssetLevel, AssetPart, Floats, Groom, GroomLook, Ints
from .atlas import Slot
from .ribbons import Ribbons, outwards, resampled, ribbons, unit

#: How far points (N, 3), units, lie outside the skin (N,), and the normals (N, 3) there; far off it any large number.
Nearest = Callable[[Floats], tuple[Floats, Floats]]
#: Name of the material of all cards, and the groups that say where between root and tip a vertex is, and on which card.
MATERIAL, ROOT_TIP, CARD_ID = "Hair Cards", "root_tip", "card_id"
#: Levels of detail.
LEVELS = 3
#: Numbers of cards, widths in mm, and which locks of the atlas are shown.
_TABLE = Path(__file__).with_name("cards.json")
#: Points on a line along which a card is laid.
POINTS = 17
#: Where on guides their shapes are compared.
COMPARED = (0, 0.12, 0.3, 0.55, 0.8, 1.0)
#: Rounds by which guides are parted into locks.
ROUNDS = 6
#: Length, mm, and bend, degrees, that make up a quad where there is no other reason.
QUAD_LENGTH, QUAD_BEND = 28.0, 35.0
#: Length of guides, mm, below which hair is in tufts, and in single strands, and a beard is stubble.
SHORT, CROPPED, STUBBLE = 55.0, 15.0, 5.0
#: Curls whose radius is more than this part of the length of a turn are coils; less than the other, none.
COILED, CURLED = 0.33, 0.06
#: Part by which a card is longer than its guide, since few strands on it reach its end.
LONGER = 0.07
#: How wide a card is: so many times the spread of the guides of its lock; and the narrowest, mm.
SPREAD, NARROWEST = 2.7, 2.0
#: The width of a card is at most this part of its length: short hair looks like feathers otherwise.
BROADEST = 1.1
#: Widths of a card at its root and tip, as parts of that in its middle.
ROOT_WIDTH, TIP_WIDTH = 0.8, 0.9
#: Distance from the skin that cards keep behind their root, units (0.5 mm).
CLEARANCE = 0.002
#: Below this height over the skin cards face as it does, units (8 mm).
LOW = 0.032
#: Motions smaller than these, units: of a root (0.02 mm), for its card to be still; of a card (0.1 mm), to be a key.
STILL, LEAST_KEY = 8e-5, 4e-4


@dataclass(frozen=True)
class Cards:
    """Cards of a groom in one level of detail.

    part: their mesh, with keys, bones, and the groups ROOT_TIP and CARD_ID.
    normals (V, 3): for shading, unit vectors.
    """

    part: AssetPart
    normals: Floats


@dataclass(frozen=True)
class _Chosen:
    """The lines of cards: which guide each follows, moved how far towards which other one, in which layer.

    guide, other (C,): indices; share (C,): 0 to 0.5.
    layer: name of each one's layer.
    """

    guide: Ints
    other: Ints
    share: Floats
    layer: list[str]

    def mixed(self, values: Floats) -> Floats:
        """Values of guides (N, ...) as the cards have them (C, ...)."""
        share = self.share.reshape(-1, *[1] * (values.ndim - 1))
        return np.asarray(values[self.guide] * (1 - share) + values[self.other] * share, np.float32)


def has_cards(groom: str) -> bool:
    """Whether a groom of this name becomes cards; lashes are strips of quads anyway."""
    return groom in _table()["grooms"]


def build_cards(groom: Groom, head: AssetPart, slots: tuple[Slot, ...], level: int, nearest: Nearest) -> Cards:
    """The cards of a groom.

    groom: guides on the head.
    head: the skin, with its keys and bones.
    slots: of the atlas.
    level: of detail, 0 the finest.
    nearest: finds the head's skin.
    """
    rng = np.random.default_rng(0)
    entry, detail = _table()["grooms"][groom.name], _table()["levels"][min(level, LEVELS - 1)]
    guides = resampled(groom.points, np.linspace(0, 1, POINTS))
    target = entry["quads"][min(level, LEVELS - 1)]
    wanted = complexity(guides)
    factor, fewest, most = detail["segments"]
    mean = float(np.clip(factor * wanted.mean(), fewest, most))
    chosen = _choose(guides, max(2, round(target / mean)), detail["layers"], rng)
    counts = _segments(wanted[chosen.guide], target, fewest, 2 * most)
    lines, widths = _lines(groom, guides, chosen, nearest), _widths(guides, chosen, entry["widest"], detail["wide"])
    out = _way_out(lines, guides, head, nearest)
    layers = [_table()["layers"][name] for name in chosen.layer]
    lift = np.array([row["lift"] for row in layers]) * rng.uniform(0.3, 1.0, len(layers)) / MILLIMETRES_PER_UNIT
    lines = lines + (lift[:, None] * np.minimum(np.linspace(0, 3, POINTS), 1))[..., None] * out
    roll = np.radians([row["roll"] for row in layers]) * rng.uniform(-1, 1, len(layers))
    spare = unit(rng.normal(0, 1, (len(layers), 3)).astype(np.float32))
    order = np.argsort(np.linalg.norm(lines.mean(axis=1) - _middle(head), axis=1))
    chosen, lines, widths, counts = _sorted(chosen, order), lines[order], widths[order], counts[order]
    strips = ribbons(lines, counts, widths, out[order], roll[order], spare[order])
    vertices = _out_of_skin(strips, nearest)
    kinds = _table()["kinds"][_style(groom.name, groom.look, guides)]
    choices = {layer: [slot for slot in slots if slot.kind == kind] for layer, kind in kinds.items()}
    uv = _uv(strips, [choices[layer] for layer in chosen.layer], rng)
    number = rng.permutation(len(order)) / max(len(order) - 1, 1)
    part = AssetPart(
        f"{groom.name} Cards",
        vertices,
        (AssetLevel(strips.quads, uv, np.zeros(len(strips.quads), np.int32)),),
        (MATERIAL,),
        _keys(groom, head, chosen, lines[:, 0], strips.of_vertex, vertices),
        {name: own[strips.of_vertex] for name, own in _bones(groom, head, chosen, tuple(entry["apart"])).items()},
        {ROOT_TIP: strips.along, CARD_ID: number[strips.of_vertex].astype(np.float32)},
    )
    return Cards(part, strips.normals)


def complexity(guides: Floats) -> Floats:
    """How many quads guides (N, K, 3), units, would like (N,), by their length and bend; not rounded."""
    steps = np.diff(guides, axis=1)
    length = np.linalg.norm(steps, axis=2).sum(axis=1) * MILLIMETRES_PER_UNIT
    run = unit(steps)
    bend = np.degrees(np.arccos((run[:, 1:] * run[:, :-1]).sum(axis=2).clip(-1, 1))).sum(axis=1)
    return np.asarray(length / QUAD_LENGTH + bend / QUAD_BEND, np.float32)


def locks(features: Floats, count: int, rng: np.random.Generator) -> Ints:
    """The guides (L,) about which the others gather: locks of like shape.

    features (N, D): of guides.
    count: of locks wanted.
    rng: chooses where to begin.
    """
    if count >= len(features):
        return np.arange(len(features), dtype=np.int32)
    centres = features[rng.choice(len(features), count, replace=False)]
    for _ in range(ROUNDS):
        own = _distances(features, centres).argmin(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, own, features)
        held = np.bincount(own, minlength=count)
        centres = np.where(held[:, None] > 0, sums / np.maximum(held, 1)[:, None], centres)
    return np.unique(_distances(centres, features).argmin(axis=1)).astype(np.int32)


def _choose(guides: Floats, count: int, layers: dict[str, float], rng: np.random.Generator) -> _Chosen:
    """The lines of so many cards, parted among layers by their shares."""
    features = _features(guides)
    chosen, others, shares, names = [], [], [], []
    for name, share in layers.items():
        number = max(1, round(count * share))
        base = locks(features, number, rng)
        missing = number - len(base)
        # More cards than guides: further ones lie between a guide and one beside it.
        more = base if missing <= 0 else np.concatenate([base, rng.choice(len(guides), missing, missing > len(guides))])
        near = _beside(features, more, 4)
        chosen.append(more)
        others.append(near[np.arange(len(more)), rng.integers(min(1, near.shape[1] - 1), near.shape[1], len(more))])
        moved = name != "base" or np.arange(len(more)) >= len(base)
        shares.append(np.where(moved, rng.uniform(0.1, 0.5, len(more)), 0.0))
        names += [name] * len(more)
    return _Chosen(np.concatenate(chosen), np.concatenate(others), np.concatenate(shares), names)


def _sorted(chosen: _Chosen, order: Ints) -> _Chosen:
    """The same in another order: outer cards are drawn after inner ones, where nothing else sorts them."""
    names = [chosen.layer[place] for place in order]
    return _Chosen(chosen.guide[order], chosen.other[order], chosen.share[order], names)


def _features(guides: Floats) -> Floats:
    """What guides are compared by (N, D): their places at COMPARED."""
    at = np.round(np.array(COMPARED) * (POINTS - 1)).astype(int)
    return np.asarray(guides[:, at].reshape(len(guides), -1), np.float32)


def _distances(one: Floats, other: Floats) -> Floats:
    """Squared distances (N, M) between rows (N, D) and (M, D)."""
    return np.asarray((one**2).sum(axis=1)[:, None] - 2 * one @ other.T + (other**2).sum(axis=1)[None], np.float32)


def _beside(features: Floats, chosen: Ints, count: int) -> Ints:
    """The guides (C, count) most like those chosen (C,), themselves first where no other is the same."""
    count = min(count, len(features))
    distance = _distances(features[chosen], features)
    distance[np.arange(len(chosen)), chosen] = -1.0
    near = np.argpartition(distance, count - 1, axis=1)[:, :count]
    rows = np.arange(len(chosen))[:, None]
    return np.asarray(near[rows, distance[rows, near].argsort(axis=1)], np.int32)


def _segments(wanted: Floats, target: int, fewest: int, most: int) -> Ints:
    """Quads along each card (C,), as they are `wanted` in proportion, in all as near to `target` as may be."""
    low, high = 0.0, 20.0
    for _ in range(30):
        middle = (low + high) / 2
        few = np.round(middle * wanted).clip(fewest, most).sum() < target
        low, high = (middle, high) if few else (low, middle)
    return np.asarray(np.round(high * wanted).clip(fewest, most), np.int32)


def _lines(groom: Groom, guides: Floats, chosen: _Chosen, nearest: Nearest) -> Floats:
    """The lines (C, POINTS, 3) of cards: rooted on the skin, and a little longer than their guides."""
    longer = 1 + LONGER if groom.name == "Hair" else 1.0
    lines = resampled(chosen.mixed(guides), np.linspace(0, longer, POINTS))
    for _ in range(2):
        height, normal = nearest(lines[:, 0])
        lines = lines - (height[:, None] * normal)[:, None] * np.linspace(1, 0, POINTS)[None, :, None]
    return np.asarray(lines, np.float32)


def _widths(guides: Floats, chosen: _Chosen, widest: float, wide: float) -> Floats:
    """The widths of cards (C, POINTS), units, by how far the guides of their locks spread.

    widest: mm; wide: how many times wider than that all are, where there are few.
    """
    features = _features(guides)
    widths = np.empty((len(chosen.guide), POINTS), np.float32)
    names = np.array(chosen.layer)
    for name in dict.fromkeys(chosen.layer):
        rows = np.flatnonzero(names == name)
        mates = _beside(features, chosen.guide[rows], int(np.ceil(1.5 * len(guides) / len(rows))) + 3)
        spread = guides[mates] - guides[chosen.guide[rows]][:, None]
        # Of a spread in two directions, that in one.
        rms = np.sqrt((spread**2).sum(axis=3).mean(axis=1) / 2)
        widths[rows] = SPREAD * rms * _table()["layers"][name]["wide"]
    taper = np.interp(np.linspace(0, 1, POINTS), [0, 0.2, 0.7, 1], [ROOT_WIDTH, 1, 1, TIP_WIDTH])
    # Locks that fan out at their tips are not as wide there as their guides are apart.
    widths = np.minimum(widths, 1.6 * np.median(widths, axis=1, keepdims=True))
    widths = np.clip(widths * taper, *np.array([NARROWEST, widest]) / MILLIMETRES_PER_UNIT)
    length = np.linalg.norm(np.diff(guides[chosen.guide], axis=1), axis=2).sum(axis=1, keepdims=True)
    wide_along = np.interp(np.linspace(0, 1, POINTS), [0, 0.2], [1.0, wide])  # not at roots, which lie on the skin
    return np.asarray(np.minimum(wide_along * widths, BROADEST * length), np.float32)


def _way_out(lines: Floats, guides: Floats, head: AssetPart, nearest: Nearest) -> Floats:
    """The way that cards face (C, POINTS, 3): out of the hair, and close to the skin as that does."""
    out = outwards(lines, guides.reshape(-1, 3), _middle(head))
    height, normal = nearest(lines.reshape(-1, 3))
    near = np.clip(1 - height / LOW, 0, 1).reshape(*lines.shape[:2], 1)
    return unit(out * (1 - near) + normal.reshape(lines.shape) * near)


def _middle(head: AssetPart) -> Floats:
    """The middle of the skull (3,), units: as far below the crown as half the head's depth. The mean of the vertices is
    nearer to the face, which has most of them."""
    low, high = head.vertices.min(axis=0), head.vertices.max(axis=0)
    middle = (low + high) / 2
    return np.array([middle[0], high[1] - (high[2] - low[2]) / 2, middle[2]], np.float32)


def _out_of_skin(strips: Ribbons, nearest: Nearest) -> Floats:
    """The vertices of ribbons, of which all behind the roots keep a distance from the skin."""
    vertices = strips.vertices.copy()
    wanted = CLEARANCE * np.minimum(5 * strips.along, 1)
    for _ in range(2):
        height, normal = nearest(vertices)
        vertices += (np.maximum(wanted - height, 0) * (strips.along > 0))[:, None] * normal
    return vertices


def _style(name: str, look: GroomLook, guides: Floats) -> str:
    """Which row of "kinds" the hair of a groom is, by its length and curls."""
    length = float(np.linalg.norm(np.diff(guides, axis=1), axis=2).sum(axis=1).mean()) * MILLIMETRES_PER_UNIT
    if name == "Eyebrows":
        return "brow"
    if name == "Beard":
        return "stubble" if length < STUBBLE else "beard"
    tight = look.curl / look.curl_length
    if tight > COILED:
        return "coiled"
    if tight > CURLED:
        return "curly"
    if length < CROPPED:
        return "cropped"
    return "short" if length < SHORT else "straight"


def _uv(strips: Ribbons, choices: list[list[Slot]], rng: np.random.Generator) -> Floats:
    """UV (Q, 4, 2) of ribbons: each on one of its slots, drawn at random, every other one mirrored."""
    drawn = [choice[rng.integers(len(choice))] for choice in choices]
    boxes = np.array([(slot.left, slot.low, slot.right, slot.high) for slot in drawn])
    boxes = np.where(rng.uniform(size=(len(boxes), 1)) < 0.5, boxes, boxes[:, [2, 1, 0, 3]])[strips.of_vertex]
    u = boxes[:, 0] + strips.across * (boxes[:, 2] - boxes[:, 0])
    v = boxes[:, 3] + strips.along * (boxes[:, 1] - boxes[:, 3])
    return np.asarray(np.stack([u, v], axis=1)[strips.quads], np.float32)


def _bones(groom: Groom, head: AssetPart, chosen: _Chosen, apart: tuple[str, ...]) -> dict[str, Floats]:
    """The weights (C,) of bones: those of the root's skin, but for bones that such hair does not go with.

    apart: beginnings of these bones' names; "head" moves it instead.
    """
    weights: dict[str, Floats] = {}
    for name, values in head.bone_weights.items():
        own = chosen.mixed((values[groom.corners] * groom.barycentric).sum(axis=1))
        target = "head" if name.startswith(apart) else name
        weights[target] = weights.get(target, np.zeros(len(own), np.float32)) + own
    total = sum(weights.values(), np.zeros(len(chosen.guide), np.float32))
    return {name: np.asarray(own / np.maximum(total, 1e-9), np.float32) for name, own in weights.items() if own.any()}


def _keys(
    groom: Groom, head: AssetPart, chosen: _Chosen, roots: Floats, of_vertex: Ints, vertices: Floats
) -> dict[str, Floats]:
    """The keys of cards: name -> offsets (V, 3), units, of those that move any.

    roots (C, 3): of the cards, units.
    of_vertex (V,): the card of each vertex (V, 3).
    """
    rest = _triangle_frames(head.vertices[groom.corners])
    arm, keys = vertices - roots[of_vertex], {}
    for name, offsets in head.keys.items():
        moves = offsets[groom.corners]
        shift = np.einsum("nk,nkc->nc", groom.barycentric, moves)
        if np.abs(shift).max() < STILL:
            continue
        turn = _triangle_frames(head.vertices[groom.corners] + moves) @ rest.swapaxes(1, 2)
        turn[np.abs(shift).max(axis=1) < STILL] = np.eye(3)
        turns, shifts = _orthonormal(chosen.mixed(turn)), chosen.mixed(shift)
        moved = np.einsum("vij,vj->vi", turns[of_vertex], arm) - arm + shifts[of_vertex]
        if np.abs(moved).max() > LEAST_KEY:
            keys[name] = np.asarray(moved, np.float32)
    return keys


def _orthonormal(matrices: Floats) -> Floats:
    """Rotations (N, 3, 3) near to matrices that are means of two."""
    first = unit(matrices[:, :, 0])
    second = unit(matrices[:, :, 1] - (matrices[:, :, 1] * first).sum(axis=1, keepdims=True) * first)
    return np.stack([first, second, np.cross(first, second)], axis=2)


def _triangle_frames(corners: Floats) -> Floats:
    """Frames (N, 3, 3) of triangles (N, 3, 3): their columns are unit vectors, the last at right angles to it."""
    along = corners[:, 1:] - corners[:, :1]
    normal = unit(np.cross(along[:, 0], along[:, 1]))
    # Halfway between two edges, so that none counts more.
    first = unit(unit(along[:, 0]) + unit(along[:, 1]))
    return np.stack([first, np.cross(normal, first), normal], axis=2)


@cache
def _table() -> dict[str, Any]:
    """cards.json."""
    table: dict[str, Any] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return table
