"""Teeth and gums of a jaw, tooth by tooth along the dental arch; how they come into a head, and move with its jaw.

They are made on the template. A head carries them there by an affine map, since teeth that followed the skin freely
would bend; its jaw moves the lower ones by rigid motions, for the same reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator

from ..nphm.heights import depth_below
from ..types import MILLIMETRES_PER_UNIT, AssetLevel, AssetPart, Floats, Ints
from .crowns import Measures, crown, crown_quads, crown_uv, kind_of, measures_of
from .tooth_style import QUARTER, ToothStyle, gum_cell

#: Least distance from teeth and gums to the skin in front of them, from front to back, units (4 mm): lips are thicker.
LIPS = 0.016
#: The same to the cheeks beside them, units (2 mm); and the least factor of an arch's width by which it makes room.
CHEEKS, NARROWEST = 0.008, 0.85
#: Part of an arch's width beyond which its teeth have cheeks beside them, and not lips.
BACK_TEETH = 0.7
#: Side of the squares, seen from the front, in which the skin's heights are kept, units (1.2 mm).
_CELL = 0.005
#: After how many rounds the map of a mouth stands still.
_MAP_ROUNDS = 4
#: Names of the materials.
MATERIALS = ("Teeth", "Gums")
#: Where the edges of the base mesh's arches, which meet edge to edge, are taken from there: by how much the upper ones
#: are lowered, so that they show below a lip at rest; by how much the lower ones are raised behind them, in front and
#: at the back; and by how much those are set back (overjet), mm.
_LOWERED, _RAISED, _OVERJET = 1.3, (2.0, 0.7), 2.6
#: Part of the way to the back over which the lower teeth go from the one to the other.
_RAISED_REACH = 0.6
#: Points of the line that is drawn through an arch's own points.
_FINE = 481
#: Gap that neighbours keep, mm.
_CONTACT = 0.05
#: Level of a crown, of crowns.Kind.levels, at which it is widest: where it stands on the arch.
_CREST = 3
#: Columns of the gums per tooth.
_COLUMNS = 6
#: How far, part of a crown's height, the gums reach up between two teeth.
_PAPILLA = 0.46
#: How high, mm above the necks, the gums reach at the middle of a tooth, and where one is missing.
_MARGIN, _RIDGE = 0.5, 1.5
#: Least that the gums reach from the necks towards the roots, mm.
_LEAST_GUM = 4.0
#: How far the gums reach past the last tooth, mm.
_END = 3.0
#: How crooked teeth are at 1, standard deviations: turn about the axis and tip, degrees, shift to the lips and height,
#: mm; the farthest, in standard deviations; and how much of that premolars and molars have.
_TURN, _TIP, _SHIFT, _RISE, _FARTHEST, _BACK = 24.0, 8.0, 1.4, 0.9, 1.6, 0.35
#: Fangs at 1: how much longer they are, how much more their edges rise to a point, and how sharp that is; and worn
#: teeth at 1: how much shorter they are, and how much of edges and cusps is gone.
_FANG_LENGTH, _FANG_POINT, _FANG_SHARP = 0.55, 0.6, 0.6
_WORN_LENGTH, _WORN_RELIEF = 0.22, 0.8
#: Buck teeth at 1: more torque, degrees; farther forwards, mm; wider and longer.
_BUCK_TORQUE, _BUCK_SHIFT, _BUCK_WIDTH, _BUCK_LENGTH = 9.0, 1.2, 0.08, 0.16


@dataclass(frozen=True)
class Arch:
    """The dental arch of a jaw on the template, from the right to the left, mirror-symmetric.

    jaw: "upper" or "lower".
    edge (K, 3): labial side of the edges, units.
    gum (K, 3): where the gums go over into the lips, units.
    """

    jaw: str
    edge: Floats
    gum: Floats


@dataclass(frozen=True)
class Seat:
    """Where a tooth stands.

    name: such as "upper_left_canine".
    vertices (114, 3): in place, mm.
    along: where on the line through all crowns' axes it stands, mm from the midline.
    neck: its measures there: how far its neck lies to the lips from that line and towards the edges, mm.
    measures: of the tooth; height: of its crown, mm; half: of its width, mm.
    """

    name: str
    vertices: Floats
    along: float
    neck: tuple[float, float]
    measures: Measures
    height: float
    half: float


def teeth_part(name: str, arch: Arch, style: ToothStyle) -> AssetPart:
    """Teeth and gums of a jaw, in the template's frame, mouth closed.

    name: of the part.
    arch: of the jaw.
    style: how the teeth are.
    Returns the part: materials MATERIALS, no keys; a group for each tooth; `mirror` where every tooth has its partner.
    """
    line = _line(arch)
    right, left = (_side(arch.jaw, side, line, style) for side in ("right", "left"))
    vertices, quads, uv, material = [], [], [], []
    spans: dict[str, tuple[int, int]] = {}
    count = 0
    for seat in (*right, *left):
        if seat.name in style.missing:
            continue
        flipped = (arch.jaw == "lower") != seat.name.startswith(f"{arch.jaw}_right")
        own, own_uv = crown_quads(), crown_uv(seat.name)
        vertices.append(seat.vertices)
        quads.append(count + (own[:, ::-1] if flipped else own))
        uv.append(own_uv[:, ::-1] if flipped else own_uv)
        material.append(np.zeros(len(own), np.int32))
        spans[seat.name] = (count, count + len(seat.vertices))
        count += len(seat.vertices)
    gum, gum_quads, gum_uv, gum_mirror = _gums(arch, line, right, left, style)
    vertices.append(gum)
    quads.append(count + gum_quads)
    uv.append(gum_uv)
    material.append(np.ones(len(gum_quads), np.int32))
    total = count + len(gum)
    groups = {}
    for tooth, (first, last) in spans.items():
        groups[tooth] = np.zeros(total, np.float32)
        groups[tooth][first:last] = 1.0
    level = AssetLevel(
        np.concatenate(quads).astype(np.int32), np.concatenate(uv).astype(np.float32), np.concatenate(material)
    )
    return AssetPart(
        name,
        np.asarray(np.concatenate(vertices) / MILLIMETRES_PER_UNIT, np.float32),
        (level,),
        MATERIALS,
        groups=groups,
        mirror=_mirror(spans, count + gum_mirror),
    )


def _mirror(spans: dict[str, tuple[int, int]], gum_mirror: Ints) -> Ints | None:
    """The mirror image of each vertex; None where a tooth has no partner."""
    mirror = []
    for tooth, (first, last) in spans.items():
        side, other = ("right", "left") if "_right_" in tooth else ("left", "right")
        partner = tooth.replace(f"_{side}_", f"_{other}_")
        if partner not in spans:
            return None
        mirror.append(np.arange(last - first) + spans[partner][0])
    return np.concatenate([*mirror, gum_mirror]).astype(np.int32)


@dataclass(frozen=True)
class _Line:
    """The line through the contacts of the teeth on the left half, at the edges' height.

    along (N,): mm from the midline; points (N, 3): mm; outward (N, 3): unit, level, to the lips.
    gum (N,): how far the gums reach from there towards the roots, mm.
    """

    along: Floats
    points: Floats
    outward: Floats
    gum: Floats

    def at(self, along: Floats) -> tuple[Floats, Floats]:
        """Points and outward directions (M, 3) at along (M,), mm; straight on beyond the end."""
        points, outward = (
            np.column_stack([np.interp(along, self.along, values[:, k]) for k in range(3)])
            for values in (self.points, self.outward)
        )
        outward /= np.linalg.norm(outward, axis=1, keepdims=True)
        beyond = np.maximum(along - self.along[-1], 0.0)[:, None]
        direction = self.points[-1] - self.points[-2]
        return points + beyond * direction / np.linalg.norm(direction), outward


def _line(arch: Arch) -> _Line:
    """The line on which the teeth of an arch stand."""
    half, count = len(arch.edge) // 2, len(arch.edge)
    fine = np.linspace(half, count - 1, _FINE)
    edge, gum = (
        CubicSpline(np.arange(count), points.astype(np.float64) * MILLIMETRES_PER_UNIT)(fine)
        for points in (arch.edge, arch.gum)
    )
    tangent = np.gradient(edge, axis=0)
    outward = np.column_stack([-tangent[:, 2], np.zeros(len(edge)), tangent[:, 0]])
    outward[0] = (0, 0, 1)
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    way = np.linspace(0, 1, len(edge))
    measures = measures_of(arch.jaw)
    widths = np.array([m.width for m in measures])
    middles = (np.cumsum(widths) - widths / 2) / widths.sum()
    inset = PchipInterpolator(np.r_[0, middles, 1], _ends([_contact(m)[0] for m in measures]))(way)
    points = edge - (inset + (_OVERJET if arch.jaw == "lower" else 0.0))[:, None] * outward
    if arch.jaw == "lower":
        points[:, 1] += _RAISED[1] + (_RAISED[0] - _RAISED[1]) * np.clip(1 - way / _RAISED_REACH, 0, 1) ** 2
    else:
        points[:, 1] -= _LOWERED
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    return _Line(along, points, outward, np.abs(gum[:, 1] - points[:, 1]))


def _contact(measures: Measures) -> tuple[float, float]:
    """How far the contacts of a tooth are behind its labial side, and its axis behind the contacts, mm."""
    kind = kind_of(measures.kind)
    labial, lingual = (measures.depth * float(side[_CREST]) for side in (kind.labial, kind.lingual))
    return (labial + lingual) / 2, (labial - lingual) / 2


def _ends(values: list[float]) -> list[float]:
    """The values with their first and last twice."""
    return [values[0], *values, values[-1]]


def _side(jaw: str, side: str, line: _Line, style: ToothStyle) -> list[Seat]:
    """The teeth of a quarter, from the midline to the back."""
    sign = 1.0 if side == "left" else -1.0
    seats = []
    along = style.gap / 2 if jaw == "upper" else 0.0
    for number, (tooth, measures) in enumerate(zip(QUARTER, measures_of(jaw), strict=True)):
        name = f"{jaw}_{side}_{tooth}"
        buck = style.buck if jaw == "upper" and number < 2 else 0.0
        fang = style.fangs * (1.0 if jaw == "upper" else 0.3) if tooth == "canine" else 0.0
        width = measures.width * style.size * (1 + _BUCK_WIDTH * buck)
        base = measures.height * style.size
        height = base * (1 + _FANG_LENGTH * fang + _BUCK_LENGTH * buck) * (1 - _WORN_LENGTH * style.wear)
        relief = style.size * (1 - _WORN_RELIEF * style.wear) * (1 + _FANG_POINT * fang)
        along += width / 2
        middle, outward = (array[0] for array in line.at(np.array([along])))
        axes = _axes(jaw, measures, outward, buck)
        turn, shift, rise = _out_of_line(style, name, number)
        local = crown(
            replace(measures, depth=measures.depth * style.size), width - _CONTACT, height, relief, _FANG_SHARP * fang
        )
        forwards = shift + _BUCK_SHIFT * buck - _contact(measures)[1] * style.size
        edge = middle + forwards * outward + (rise + measures.edge) * axes[2]
        neck = edge - base * axes[2]
        vertices = neck + (local @ turn.T) @ axes
        up = np.array([0.0, -1.0 if jaw == "upper" else 1.0, 0.0])
        own = (float((neck - middle) @ outward), float((neck - middle) @ up))
        seats.append(Seat(name, vertices * (sign, 1, 1), along, own, measures, height, width / 2))
        along += width / 2
    return seats


def _axes(jaw: str, measures: Measures, outward: Floats, buck: float) -> Floats:
    """Axes (3, 3) of a tooth of the left side, rows: distal, labial, from the neck to the edge."""
    up = np.array([0.0, -1.0 if jaw == "upper" else 1.0, 0.0])
    distal = np.array([outward[2], 0.0, -outward[0]])
    torque, tip = np.radians(measures.torque + _BUCK_TORQUE * buck), np.radians(measures.tip)
    labial = np.cos(torque) * outward - np.sin(torque) * up
    up = np.cos(torque) * up + np.sin(torque) * outward
    return np.stack([np.cos(tip) * distal + np.sin(tip) * up, labial, np.cos(tip) * up - np.sin(tip) * distal])


def _out_of_line(style: ToothStyle, name: str, number: int) -> tuple[Floats, float, float]:
    """How a crooked tooth stands out: its rotation (3, 3), its shift to the lips and its rise, mm."""
    rng = np.random.default_rng([abs(style.seed), *name.encode()])
    drawn = rng.standard_normal(4).clip(-_FARTHEST, _FARTHEST) * style.crooked * (1.0 if number < 3 else _BACK)
    about, tip = np.radians(drawn[0] * _TURN), np.radians(drawn[1] * _TIP)
    turn = np.array([[np.cos(about), -np.sin(about), 0], [np.sin(about), np.cos(about), 0], [0, 0, 1]])
    lean = np.array([[np.cos(tip), 0, np.sin(tip)], [0, 1, 0], [-np.sin(tip), 0, np.cos(tip)]])
    return lean @ turn, float(drawn[2] * _SHIFT), float(drawn[3] * _RISE)


def _gums(
    arch: Arch, line: _Line, right: list[Seat], left: list[Seat], style: ToothStyle
) -> tuple[Floats, Ints, Floats, Ints]:
    """The gums of a jaw: vertices (N, 3), mm, quads (M, 4), uv (M, 4, 2), and of each vertex its mirror image."""
    halves = [_half_gums(arch, line, seats, style) for seats in (right, left)]
    middle = (halves[0][0] * (-1, 1, 1) + halves[1][0]) / 2 * (0, 1, 1)
    columns = np.stack([*halves[0][:0:-1], middle, *halves[1][1:]])
    count, rows = columns.shape[:2]
    index = np.arange(count * rows, dtype=np.int32).reshape(count, rows)
    quads = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], axis=-1).reshape(-1, 4)
    u, v = np.meshgrid(np.linspace(0.005, 0.995, count), np.linspace(0.05, 0.95, rows), indexing="ij")
    low_u, low_v, width, height = gum_cell(arch.jaw)
    uv = np.stack([low_u + u * width, low_v + v * height], axis=-1).reshape(-1, 2)[quads]
    if arch.jaw == "upper":
        quads, uv = quads[:, ::-1], uv[:, ::-1]
    return columns.reshape(-1, 3), quads, uv, index[::-1].ravel()


def _half_gums(arch: Arch, line: _Line, seats: list[Seat], style: ToothStyle) -> Floats:
    """Columns (C, R, 3), mm, of the gums of one side, from the midline to the back; each from the lips over the necks
    of the teeth to the palate or the tongue."""
    steps = np.arange(_COLUMNS) / _COLUMNS
    bounds = np.array([0.0, *(seat.along + seat.half for seat in seats)])
    along = np.concatenate(
        [(bounds[:-1, None] + np.diff(bounds)[:, None] * steps).ravel(), bounds[-1:], bounds[-1:] + _END]
    )
    middles = np.array([seat.along for seat in seats])

    def between(values: list[float]) -> Floats:
        places = np.r_[0.0, middles, along[-1] + 1e-6]
        return np.asarray(PchipInterpolator(places, _ends(values))(along))

    toothed = np.array([seat.name not in style.missing for seat in seats], float)
    number = np.clip(np.searchsorted(bounds, along + 1e-6) - 1, 0, len(seats) - 1)
    half = np.array([seat.half for seat in seats])[number]
    off = np.minimum(np.abs(along - (bounds[:-1] + bounds[1:])[number] / 2) / half, 1.0)
    off[-2:] = 1.0
    kinds = [kind_of(seat.measures.kind) for seat in seats]
    depth = [seat.measures.depth * style.size for seat in seats]
    labial = between([k.labial[1] * d for k, d in zip(kinds, depth, strict=True)])
    lingual = between([k.lingual[1] * d for k, d in zip(kinds, depth, strict=True)])
    height = between([seat.height for seat in seats])
    present = between(list(toothed))
    margin = present * (_MARGIN + (_PAPILLA * height - _MARGIN) * off**2.2) + (1 - present) * _RIDGE
    margin[-2:] = (_MARGIN, -1.0)
    waist = 1 - 0.30 * off**2 * present
    end = np.ones(len(along))
    end[-1] = 0.55
    points, outward = line.at(along)
    neck_out, neck_rise = (between([seat.neck[k] for seat in seats]) for k in range(2))
    reach = np.maximum(np.interp(along, line.along, line.gum) + neck_rise, _LEAST_GUM)
    profile = _profile(labial * end, lingual * end, waist, margin, off, reach)
    out, rise = neck_out[:, None] + profile[..., 0], neck_rise[:, None] + profile[..., 1]
    up = np.array([0.0, -1.0 if arch.jaw == "upper" else 1.0, 0.0])
    columns = points[:, None] + out[..., None] * outward[:, None] + rise[..., None] * up
    sign = 1.0 if "_left_" in seats[0].name else -1.0
    return np.asarray(columns * (sign, 1, 1))


def _profile(labial: Floats, lingual: Floats, waist: Floats, margin: Floats, off: Floats, reach: Floats) -> Floats:
    """Sections (C, 12, 2) of the gums, mm: to the lips, and towards the edges, both from the necks.

    labial, lingual (C,): how far either side of a tooth is from its axis, mm.
    waist (C,): by what that is less between teeth.
    margin (C,): height of the gums' margin, mm.
    off (C,): 0 at the middle of a tooth, 1 between teeth.
    reach (C,): how far the gums reach towards the roots, mm.
    """
    root = 0.45 * (1 - off**2)  # the roots show as soft ridges
    a, b = labial * waist, lingual * waist
    zero = np.zeros(len(off))
    rows = [
        (labial + 1.8, -reach),
        (labial + 1.6, -0.65 * reach),
        (labial + 1.0 + root, -0.35 * reach),
        (a + 0.55 + 0.3 * root, margin - 1.1),
        (a + 0.15, margin),
        (a - 0.9, margin - 0.1),
        (zero, margin * 0.85 - 0.4),
        (-(b - 0.9), margin - 0.1),
        (-(b + 0.15), margin),
        (-(b + 0.55), margin - 1.1),
        (-(lingual + 1.3), zero - 3.0),
        (-(lingual + 2.2), zero - 6.0),
    ]
    return np.stack([np.stack([np.broadcast_to(x, off.shape), y], axis=-1) for x, y in rows], axis=1)


def mouth_map(points: Floats, moved: Floats) -> Floats:
    """The affine map (3, 4), units, of both arches into a head: [x, y, z, 1] @ map.T.

    An arch becomes as wide and as long as the head has it. The teeth keep their proportions, so that their heights,
    which nothing on the skin tells, follow the mean of these two.

    points (N, 3): of the arches on the template, such as both lines of edges, units.
    moved (N, 3): where the head has them, units.
    """
    start, goal = points.astype(np.float64), moved.astype(np.float64)
    plan = np.column_stack([start[:, 0], start[:, 2], np.ones(len(start))])
    up = np.array([0.0, 1.0, 0.0])
    for _ in range(_MAP_ROUNDS):
        right, front, shift = np.linalg.lstsq(plan, goal - start[:, 1:2] * up, rcond=None)[0]
        normal = np.cross(front, right)
        scale = np.sqrt(np.linalg.norm(right) * np.linalg.norm(front))
        up = normal / np.linalg.norm(normal) * scale
    return np.asarray(np.column_stack([right, up, front, shift]), np.float32)


def behind_lips(vertices: Floats, skin: Floats, faces: Ints, gap: float = LIPS) -> float:
    """By how much teeth must go back, units along z, at most 0, to leave a gap between them and the skin in front.

    vertices (N, 3): of the teeth on a head, units.
    skin (V, 3): of that head in the same pose, units.
    faces (F, 3): triangles of its skin, without the mouth's cavity.
    gap: units.
    """
    return min(_least_depth(vertices, skin, faces, 2) - gap, 0.0)


def within_cheeks(vertices: Floats, skin: Floats, faces: Ints) -> float:
    """The factor, 1 at most, of the width of teeth that leaves CHEEKS between them and the skin at their sides; its
    parameters are those of behind_lips."""
    factor = 1.0
    for side in (1.0, -1.0):
        flip = np.array([side, 1.0, 1.0], np.float32)
        here = vertices * flip
        here = here[here[:, 0] > BACK_TEETH * here[:, 0].max()]
        missing = CHEEKS - _least_depth(here, skin * flip, faces, 0)
        factor = min(factor, 1.0 - missing / float(here[:, 0].max()))
    return max(factor, NARROWEST)


def _least_depth(vertices: Floats, skin: Floats, faces: Ints, axis: int) -> float:
    """How far vertices (N, 3) at least lie below the outermost skin along an axis, units; infinite where none is."""
    at = np.concatenate([skin, vertices]).astype(np.float32)
    depth = depth_below(at, np.arange(len(skin), len(at), dtype=np.int32), faces, axis, _CELL)
    covered = depth[np.isfinite(depth)]
    return float(covered.min()) if len(covered) else np.inf


def carried(points: Floats, motion: Floats) -> Floats:
    """Where a map takes points.

    points (N, 3): units.
    motion (3, 4): rotation and shift side by side, as of mouth_map.
    Returns (N, 3), units.
    """
    return np.asarray(points @ motion[:, :3].T + motion[:, 3], np.float32)


def seated(part: AssetPart, place: Floats, motions: dict[str, Floats]) -> AssetPart:
    """A part of the template's mouth on a head.

    part: as teeth_part and tongue_part make it; offsets that it has already are turned along.
    place (3, 4): from the template to the head, mouth closed, as of mouth_map.
    motions: ARKit name -> motion (3, 4) on that head; empty for what hangs on the skull.
    """
    vertices = carried(part.vertices, place)
    keys = {name: np.asarray(offsets @ place[:, :3].T, np.float32) for name, offsets in part.keys.items()}
    for name, motion in motions.items():
        keys[name] = keys.get(name, np.float32(0)) + (carried(vertices, motion) - vertices)
    return replace(part, vertices=vertices, keys=keys)
