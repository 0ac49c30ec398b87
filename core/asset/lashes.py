"""Eyelashes: a thin curved strip of quads for each lash, rooted along the edges of the lids, that go where those go.

Where the edges are is known of the template once: its quads form rings around each eye (nphm.slit). On a head, and in
every pose of it, the same lashes are planted on the edges anew, so that they turn with the lids: the key of an action
is the difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from ..nphm.slit import INWARDS, EyeGrid
from ..types import AssetLevel, AssetPart, Bools, Floats, Ints

#: Rings of the lids of a head: their points (K, P, 3), units, or their vertices' ids (K, P), of the left upper, left
#: lower, right upper and right lower lid, each from the inner to the outer corner.
Rims = tuple[Floats, Floats, Floats, Floats]
RimIds = tuple[Ints, Ints, Ints, Ints]
#: Rings that lashes are rooted on and pass, as of `lid_rims`.
LASH_RINGS = (1, 2, 3, 4, 5, 6, 7)
#: Least motion of a rim, units (0.01 mm), that makes an action one of the lashes.
_LEAST_MOTION = 4e-5
#: Cross-sections of a lash, from root to tip, as parts of its length, and their widths as parts of the root's.
_ALONG, _TAPER = np.array([0.0, 0.35, 0.7, 1.0]), np.array([1.0, 0.85, 0.55, 0.08])
#: Width of a root as a part of the eye's (0.2 mm): twice what people have, since a strip is flat.
_WIDTH = 0.008


@dataclass(frozen=True)
class _Row:
    """How the lashes of a lid grow; lengths are parts of the eye's width, which is about 27 mm.

    count: of lashes.
    length: of the longest ones.
    begins, ends: parts of the way from the inner to the outer corner between which they grow.
    lift: how steeply they leave the lid, upwards where positive, a slope.
    curl: how much they bend towards the forehead (upper) or the cheek (lower), a slope at the tip.
    fan: how much they lean towards the nearer corner of the eye, a slope.
    """

    count: int
    length: float
    begins: float
    ends: float
    lift: float
    curl: float
    fan: float


_UPPER = _Row(110, 0.32, 0.07, 0.985, -0.1, 0.85, 0.55)
_LOWER = _Row(48, 0.17, 0.16, 0.96, 0.1, 0.75, 0.5)
#: Distance of lashes from skin that hangs over them, a part of the eye's width (0.3 mm), and the lowest that they leave
#: the lid for it, a slope.
_CLEARANCE, _DOWNWARDS = 0.011, -0.5
#: How much single lashes differ in length and direction; and seed of how.
_UNEVEN_LENGTH, _UNEVEN_DIRECTION, _SEED = 0.2, 0.12, 7


def lid_rims(vertices: Floats, faces: Ints, left_eyeball: Bools, rings: Sequence[int] = (0,)) -> RimIds:
    """The vertices of rings along the edges of the lids of a template, from corner to corner.

    vertices (V, 3): units; symmetric, but for rounding.
    faces (F, 3): pairs of triangles that were one quad.
    left_eyeball (V,): True on the left eyeball.
    rings: which K: 0 is the rim between whose halves one sees the eye; 1, 2 are the rings next to it on the face, and
        -1, -2 those within the eye, where the lids lie on the eyeball.
    Returns the ids (K, P) of left upper, left lower, right upper and right lower lid; the right ones are the mirror
    images of the left ones. Raises ValueError for a template without rings around its left eye.
    """
    grid = EyeGrid.on(vertices, faces, left_eyeball)
    if grid is None:
        raise ValueError("the template has no rings of edges around its left eye")
    left = grid.vertices[[INWARDS + ring for ring in rings]].astype(np.int32)
    _, mirrored = cKDTree(vertices).query(vertices[left] * np.array([-1.0, 1.0, 1.0], np.float32))
    right = mirrored.astype(np.int32)
    return left[:, grid.upper], left[:, grid.lower], right[:, grid.upper], right[:, grid.lower]


def lash_part(rims: Rims, posed: Mapping[str, Rims], centres: Floats, longer: float = 1.0) -> AssetPart:
    """The lashes of both eyes of a head, with the actions that move its lids as keys.

    rims: LASH_RINGS of `lid_rims`; they are rooted on the first and pass below or above the others, units.
    posed: ARKit name -> the same with that action at 1, units.
    centres (2, 3): of the left and of the right eyeball, units.
    longer: how many times as long they are as people's usually.
    """
    # Lashes do not shrink where a smile brings the corners of an eye together: the neutral widths count throughout.
    widths = [float(np.linalg.norm(upper[0, -1] - upper[0, 0])) for upper in (rims[0], rims[2])]
    moving = {
        action: edges
        for action, edges in posed.items()
        if max(np.abs(a - b).max() for a, b in zip(rims, edges, strict=True)) > _LEAST_MOTION
    }
    # All poses at once, of which the first is at rest.
    together = [np.stack(edges) for edges in zip(rims, *moving.values(), strict=True)]
    vertices, *others = _lashes((together[0], together[1], together[2], together[3]), centres, widths)
    vertices, *others = (_longer(each.reshape(-1, len(_ALONG), 2, 3), longer) for each in (vertices, *others))
    one = _strips(_UPPER.count + _LOWER.count)
    count = len(vertices) // 2
    both = np.concatenate([one, one[:, ::-1] + count])
    uv = _strip_uv(len(both)).astype(np.float32)
    # As seen from the tip on, the strip's sides change places in the mirror.
    uv[len(one) :] = uv[len(one) :, ::-1]
    level = AssetLevel(both.astype(np.int32), uv, np.zeros(len(both), np.int32))
    keys = {action: other - vertices for action, other in zip(moving, others, strict=True)}
    mirror = np.roll(np.arange(2 * count, dtype=np.int32), count)
    return AssetPart("Lashes", vertices, (level,), ("Lashes",), keys, mirror=mirror)


def _lashes(rims: Rims, centres: Floats, widths: Sequence[float]) -> Floats:
    """The vertices (E, V, 3) of all lashes on edges: first the left eye's, then the right eye's in the same order.

    rims: as of lash_part, of E poses (E, K, P, 3) each; centres: as there.
    widths: of the left and of the right eye, units.
    """
    sides = []
    for first, centre, width, sign in ((0, centres[0], widths[0], 1.0), (2, centres[1], widths[1], -1.0)):
        flip = np.array([sign, 1.0, 1.0])
        for edge, row, up in ((rims[first], _UPPER, 1.0), (rims[first + 1], _LOWER, -1.0)):
            sides.append(flip * _row(edge * flip, centre * flip, width, row, up))
    return np.concatenate(sides, axis=1).astype(np.float32)


def lash_spines(edges: tuple[Floats, Floats], centre: Floats, steps: Floats) -> Floats:
    """The middle lines (L, A, 3) of the lashes of the left eye: first those of the upper lid.

    edges: LASH_RINGS of `lid_rims` (K, P, 3) of the left upper and lower lid, units.
    centre (3,): of the left eyeball, units.
    steps (A,): parts of the length of a lash, from 0, the root, to 1.
    """
    width = float(np.linalg.norm(edges[0][0, -1] - edges[0][0, 0]))
    rows = ((edges[0], _UPPER, 1.0), (edges[1], _LOWER, -1.0))
    spines = [_spines(edge, centre, width, row, up, steps)[0] for edge, row, up in rows]
    return np.concatenate(spines).astype(np.float32)


def lash_strands(rims: Rims, centres: Floats, steps: Floats, longer: float) -> tuple[Floats, Floats]:
    """The lashes of a head as strands that go with the strips of `lash_part`, each with its own.

    rims, centres, longer: as of `lash_part`.
    steps (A,): as of `lash_spines`.
    Returns their middle lines (L, A, 3), units, and where they are rooted in the UV of the strips (L, 2).
    """
    mirror = np.array([-1.0, 1.0, 1.0], np.float32)
    left = lash_spines((rims[0], rims[1]), centres[0], steps)
    right = lash_spines((rims[2] * mirror, rims[3] * mirror), centres[1] * mirror, steps) * mirror
    lines = _longer(np.concatenate([left, right])[:, :, None], longer).reshape(-1, len(steps), 3)
    roots = _strip_uv(len(lines) * (len(_ALONG) - 1))[:: len(_ALONG) - 1].mean(axis=1)
    return lines, roots.astype(np.float32)


def _longer(lashes: Floats, longer: float) -> Floats:
    """Lashes (L, A, S, 3) of S points at each of A places, the first of which are their roots, as points (L * A * S, 3)
    of lashes so many times as long and no broader."""
    middle = lashes[:, :1].mean(axis=2, keepdims=True)
    along = lashes.mean(axis=2, keepdims=True) - middle
    return np.asarray((lashes + (longer - 1.0) * along).reshape(-1, 3))


def _row(rings: Floats, centre: Floats, width: float, row: _Row, up: float) -> Floats:
    """The vertices (E, L * 8, 3) of the lashes of one lid of the left eye in E poses, as of `_spines`."""
    spine, along, towards = _spines(rings, centre, width, row, up, _ALONG)
    # Strips lie across their lash, turned to and fro, so that some are seen broad from everywhere.
    roll = np.where(np.arange(row.count) % 2 == 0, 0.6, -0.6)[:, None]
    side = np.cos(roll) * along + np.sin(roll) * towards
    half = 0.5 * _WIDTH * width * _TAPER[:, None] * side[..., None, :]
    return np.stack([spine - half, spine + half], axis=-2).reshape(len(rings), -1, 3)


def _spines(
    rings: Floats, centre: Floats, width: float, row: _Row, up: float, steps: Floats
) -> tuple[Floats, Floats, Floats]:
    """The middle lines (..., L, A, 3) of the lashes of one lid of the left eye, and the directions (..., L, 3) along
    the lid and across it.

    rings (..., K, P, 3): as of lash_part, units; centre (3,): of the eyeball; width: of the eye, units.
    up: 1 on the upper lid, -1 on the lower one; steps (A,): as of lash_spines.
    """
    chance = np.random.default_rng(_SEED + int(up)).uniform(-1.0, 1.0, (4, row.count))
    place = (np.arange(row.count) + 0.5 + 0.4 * chance[0]) / row.count
    place = row.begins + (row.ends - row.begins) * place
    root, along = _on_line(rings[..., 0, :, :], place)
    out = root - centre
    out -= np.einsum("...c,...c->...", out, along)[..., None] * along
    out /= np.linalg.norm(out, axis=-1, keepdims=True)
    towards = up * np.cross(out, along)  # of the left eye, `along` points outwards, to +x
    lean = row.fan * (2 * place - 1) + _UNEVEN_DIRECTION * chance[1]
    lift = row.lift + _UNEVEN_DIRECTION * chance[2]
    # Short at both corners, longest on the outer third.
    size = np.sin(np.pi * place**1.25) ** 0.5 * (1 + _UNEVEN_LENGTH * chance[3])
    length = row.length * width * np.clip(0.35 + 0.65 * size, 0.3, None)
    steepest, moved = _below_the_fold(rings, place, root, out, towards, row.curl / length, _CLEARANCE * width)
    root, lift = root + moved, np.minimum(lift, steepest)
    start = out + lift[..., None] * towards + 0.5 * lean[:, None] * along
    bend = row.curl * towards + 0.5 * lean[:, None] * along
    speed = np.linalg.norm(start, axis=-1) + 0.5 * row.curl
    part = (steps * (length / speed)[..., None])[..., None]
    spine = root[..., None, :] + part * (start[..., None, :] + steps[:, None] * bend[..., None, :])
    return spine, along, towards


def _below_the_fold(
    rings: Floats, place: Floats, root: Floats, out: Floats, towards: Floats, curl: Floats, clearance: float
) -> tuple[Floats, Floats]:
    """How lashes grow that do not run into the skin of their lid where that hangs over them.

    rings (..., K, P, 3): of the lid, units; place (L,): of the lashes, parts of its length.
    root, out, towards (..., L, 3): where they begin, and the axes in which they are drawn.
    curl (L,): how much steeper they get, slope per unit of way; clearance: from the skin, units.
    Returns the steepest that they may leave the lid (..., L), slopes, and by how much they begin elsewhere (..., L, 3),
    units: where that would be too steep they come out under the fold.
    """
    skin = _points_on(rings[..., 1:, :, :], place) - root[..., None, :, :]
    forward, above = (np.einsum("...knc,...nc->...kn", skin, axis) for axis in (out, towards))
    slope = (above - clearance) / np.maximum(forward, clearance) - curl * forward
    slope[forward < clearance] = np.inf
    worst = np.argmin(slope, axis=-2)[..., None, :]
    steepest, far, high = (np.take_along_axis(each, worst, axis=-2)[..., 0, :] for each in (slope, forward, above))
    under = ((_DOWNWARDS - steepest) / -_DOWNWARDS).clip(0.0, 1.0)[..., None]
    moved = far[..., None] * out + (high - clearance)[..., None] * towards
    return np.maximum(steepest, _DOWNWARDS), np.where(under > 0, under * moved, 0.0)


def _on_line(line: Floats, place: Floats) -> tuple[Floats, Floats]:
    """Points (..., N, 3) at parts of the length (N,) of lines (..., P, 3), and their smooth direction there."""
    around = np.concatenate([place, np.clip(place + 0.06, 0, 1), np.clip(place - 0.06, 0, 1)])
    points, ahead, behind = np.split(_points_on(line, around), 3, axis=-2)
    direction = ahead - behind
    return points, direction / np.linalg.norm(direction, axis=-1, keepdims=True)


def _points_on(line: Floats, place: Floats) -> Floats:
    """Points (..., N, 3) at parts of the length (N,) of lines (..., P, 3)."""
    length = np.zeros(line.shape[:-1])
    np.cumsum(np.linalg.norm(np.diff(line, axis=-2), axis=-1), axis=-1, out=length[..., 1:])
    length /= length[..., -1:]
    before = (length[..., None, :] <= place[:, None]).sum(axis=-1) - 1
    before = before.clip(0, line.shape[-2] - 2)
    low, high = (np.take_along_axis(length, before + step, axis=-1) for step in (0, 1))
    share = (place - low) / np.maximum(high - low, 1e-12)
    start, end = (np.take_along_axis(line, (before + step)[..., None], axis=-2) for step in (0, 1))
    return np.asarray(start + share[..., None] * (end - start))


def _strips(count: int) -> Ints:
    """Quads (count * 3, 4) of strips of 4 cross-sections of 2 vertices each."""
    first = (np.arange(count)[:, None] * 2 * len(_ALONG) + np.arange(len(_ALONG) - 1) * 2).reshape(-1, 1)
    quads: Ints = first + np.array([0, 1, 3, 2])
    return quads


def _strip_uv(count: int) -> Floats:
    """UV (count, 4, 2) of the quads of strips: each strip has a column of its own, its root at the bottom."""
    steps = len(_ALONG) - 1
    low, high = (np.tile(part, count // steps) for part in (_ALONG[:-1], _ALONG[1:]))
    left = np.repeat(np.arange(count // steps), steps) * (steps / count)
    right = left + steps / count
    corners = [(left, low), (right, low), (right, high), (left, high)]
    return np.stack([np.stack(corner, axis=-1) for corner in corners], axis=1)
