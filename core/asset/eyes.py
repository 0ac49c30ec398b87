"""Eyeballs: a sphere with a cornea over an iris with a real pupil, where a head's lids want it.

The template's eyeballs are neither round nor have they a pupil, so that they can neither turn in their sockets nor
look at anything. But the lids were made to lie on them: a sphere through the inner edges of the lids, not through the
old eyeball, is what leaves no gap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from ..nphm.face import BLINKS
from ..types import AssetLevel, AssetPart, Floats, Ints
from .motion import turn_between

#: Materials of an eye, in the order of its quads' indices.
MATERIALS = ("Sclera", "Iris", "Pupil", "Cornea")
_SCLERA, _IRIS, _PUPIL, _CORNEA = range(4)
#: Radius of the limbus, where the cornea meets the sclera, and of the cornea's own sphere; the eyeball's is 1. People's
#: are 5.9, 7.8 and 12 mm. Lids give way to a cornea that turns under them, but straight keys only nearly go as it does:
#: it is flatter, and stands out by half as much.
LIMBUS, CORNEA = 0.42, 0.7
#: Radius of a head's limbus: half of people's, which from childhood on is nearly the same (5.7 mm), units, and a part
#: of the width of its eye, which heads out of proportion need; and its bounds as parts of the eyeball's radius: the
#: sphere that fits narrow lids may be much larger than an eyeball.
_HALF_OF_PEOPLES, _OF_WIDTH, _SMALLEST, _LARGEST = 0.0114, 0.1125, 0.18, 0.45
#: Radius of the pupil as a fraction of the limbus's: 2 mm.
PUPIL = 0.34
#: Quads along each side of the discs that close the poles; four times as many go around.
_SIDE = 8
_AROUND = 4 * _SIDE
#: Radii of the rings of the cornea and of the iris, fractions of the limbus's. The iris goes on behind the sclera.
_CORNEA_RINGS, _IRIS_RINGS = (0.5, 0.68, 0.84, 1.0), (1.03, 0.97, 0.84, 0.68, 0.5, PUPIL)
#: Angles between the gaze and the rings of the sclera behind the limbus, degrees: close where it bends.
_SCLERA_RINGS = (28.0, 33.0, 40.0, 49.0, 60.0, 73.0, 88.0, 104.0, 120.0, 136.0, 150.0, 160.0)
#: How far the iris's outer edge lies behind the limbus, and the edge of the pupil behind that.
_IRIS_BEHIND, _IRIS_DEPTH = 0.015, 0.03
#: Rings of the cup behind the pupil: fractions of the pupil's radius, and how far behind its edge.
_CUP_RINGS = ((0.96, 0.03), (0.9, 0.09))
#: Angle from the gaze, degrees, up to which the eye's picture is azimuthal equidistant, and the distance from its
#: centre there: what lies further behind is never seen and is squeezed into the rim, except the disc that closes the
#: back, which lies apart, in a corner: its middle and its radius.
_FRONT, _FRONT_RADIUS = 70.0, 0.42
_BACK_MIDDLE, _BACK_RADIUS = 0.065, 0.055
#: Rounds of Gauss and Newton in which the sphere is refined.
_ROUNDS = 8
#: How far the pupil stays below the edge of the upper lid, a fraction of the eyeball's radius, and the lowest that the
#: gaze is turned for that, radians.
_PUPIL_FREE, _LOWEST_GAZE = 0.03, 0.25
#: The lowest that the gaze is turned so that the iris reaches down to the lower lid, radians: 4 degrees still look
#: ahead, and white under an iris stares.
_LOWEST_AHEAD = 0.07
#: How much further than the template's eyes these turn, by what the action's name begins with: those turn by 10 to 15
#: degrees, people's by about 25. Lids that look down go down by 24 and would hide a pupil that did not; lids that look
#: up rise by 10.
_FURTHER = {"eyeLookDown": 1.9, "eyeLookIn": 1.8, "eyeLookOut": 1.8}
#: Rings of lids that lie on the eyeball or outside it, from those that touch it over the rim to where the lid ends, and
#: how far from it, units: those that touch it are brought to it, the inner one a little within; all others lie outside
#: it by at least 0.1 mm at the rim, and further on 0.75 mm.
SEAT_RINGS = tuple(range(-2, 16))
_TOUCH = np.array(SEAT_RINGS) < 0
_SEATS = np.where(_TOUCH, 0.0002 * (1 + np.array(SEAT_RINGS)), 0.0004 + 0.0008 * np.array(SEAT_RINGS)).clip(max=0.003)
#: Farthest that those are brought, units (2 mm); and of shut lids the outer one, where they meet already (0.75 mm).
_FARTHEST, _FARTHEST_SHUT = 0.008, 0.003
#: Least distance of the others from a cornea that turns under them, units (0.15 mm).
_OFF_CORNEA = 0.0006
#: The actions that shut the left and the right eye.
_BLINKS = tuple(BLINKS.values())
#: Least motion of an eye's points, units (0.025 mm), and least turn, radians, that make an action one of the eye.
_LEAST_MOTION, _LEAST_TURN = 1e-4, 0.01


def fit_sphere(points: Floats) -> tuple[Floats, float]:
    """The sphere with the least sum of squared distances from points (N, 3), units: its centre (3,) and radius."""
    points = points.astype(np.float64)
    middle = points.mean(axis=0)
    away = points - middle
    # |x - c|^2 = r^2 is linear in c and r^2 - c^2. That weights points by their distance; the rounds below do not.
    design = np.hstack([2 * away, np.ones((len(away), 1))])
    solution = np.linalg.lstsq(design, (away**2).sum(axis=1), rcond=None)[0]
    centre, radius = solution[:3], float(np.sqrt(max(solution[3] + solution[:3] @ solution[:3], 0.0)))
    for _ in range(_ROUNDS):
        offset = away - centre
        distance = np.linalg.norm(offset, axis=1)
        slope = np.hstack([offset / distance[:, None], np.ones((len(offset), 1))])
        step = np.linalg.lstsq(slope, distance - radius, rcond=None)[0]
        centre, radius = centre + step[:3], radius + float(step[3])
    return (middle + centre).astype(np.float32), radius


def eyeball(limbus: float = LIMBUS) -> tuple[Floats, AssetLevel]:
    """An eyeball of radius 1 around the origin that looks along +z: its vertices (V, 3) and quads.

    The sclera and the cornea are one closed surface; the iris and the cup behind its pupil are another within it, whose
    rim lies behind the sclera. UV: `eye_uv`'s, of an eyeball with the usual limbus, so that one picture serves all.

    limbus: its radius, at most that of the eyeball.
    """
    build = _Builder()
    limbus_height = np.sqrt(1 - LIMBUS**2)
    front = build.cap(_CORNEA_RINGS[0] * LIMBUS, _cornea_height, _CORNEA)
    for radius in _CORNEA_RINGS[1:]:
        front = build.band(front, radius * LIMBUS, float(_cornea_height(np.array(radius * LIMBUS))), _CORNEA)
    for angle in np.radians(_SCLERA_RINGS):
        front = build.band(front, float(np.sin(angle)), float(np.cos(angle)), _SCLERA)
    build.cap(float(np.sin(np.radians(_SCLERA_RINGS[-1]))), lambda radius: -np.sqrt(1 - radius**2), _SCLERA, front)

    def iris_height(radius: float) -> float:
        return float(limbus_height - _IRIS_BEHIND - _IRIS_DEPTH * (1 - radius) / (1 - PUPIL))

    inner = build.ring(_IRIS_RINGS[0] * LIMBUS, iris_height(_IRIS_RINGS[0]))
    for radius in _IRIS_RINGS[1:]:
        inner = build.band(inner, radius * LIMBUS, iris_height(radius), _IRIS, facing_front=True)
    bottom = iris_height(PUPIL) - _CUP_RINGS[-1][1]
    for fraction, depth in _CUP_RINGS:
        inner = build.band(inner, fraction * PUPIL * LIMBUS, iris_height(PUPIL) - depth, _PUPIL, facing_front=True)
    build.cap(_CUP_RINGS[-1][0] * PUPIL * LIMBUS, lambda radius: np.full_like(radius, bottom), _PUPIL, inner, True)
    points, level = build.finished()
    return _with_limbus(points, level, limbus), level


def _with_limbus(points: Floats, level: AssetLevel, limbus: float) -> Floats:
    """The vertices (V, 3) of the usual eyeball with another limbus: all within it grows with it, and the front of the
    sclera makes way."""
    usual = np.sqrt(1 - LIMBUS**2)
    angle = np.arccos(points[:, 2].clip(-1.0, 1.0))
    ends = np.pi / 2
    wanted = np.interp(angle, [np.arcsin(LIMBUS), ends], [np.arcsin(limbus), ends])
    wanted = np.where(angle < ends, wanted, angle)
    across = points[:, :2] / np.maximum(np.hypot(*points[:, :2].T), 1e-9)[:, None]
    moved = np.hstack([np.sin(wanted)[:, None] * across, np.cos(wanted)[:, None]])
    front = np.unique(level.quads[level.material != _SCLERA])
    moved[front] = (points[front] - [0, 0, usual]) * (limbus / LIMBUS) + [0, 0, np.sqrt(1 - limbus**2)]
    return moved.astype(np.float32)


def eye_uv(points: Floats) -> Floats:
    """UV (..., 2) of points (..., 3) of an eyeball of radius 1 and of the usual limbus that looks along +z.

    The gaze is in the middle; the distance from it is the angle from the gaze up to 70 degrees, and then grows less, up
    to the back. Cornea and iris count as the sphere before or behind them.
    """
    angle = np.arcsin(np.hypot(points[..., 0], points[..., 1]).clip(0.0, 1.0))
    angle = np.where(points[..., 2] > 0, angle, np.pi - angle)
    radius = np.interp(angle, np.radians([0.0, _FRONT, _SCLERA_RINGS[-1]]), [0.0, _FRONT_RADIUS, 0.5])
    across = points[..., :2] / np.maximum(np.linalg.norm(points[..., :2], axis=-1, keepdims=True), 1e-9)
    return np.asarray(0.5 + radius[..., None] * across, np.float32)


def eye_angles(uv: Floats) -> tuple[Floats, Floats]:
    """The inverse of eye_uv: the angle from the gaze (...,) and the angle around it (...,), from +x over +y, both
    radians, at uv (..., 2)."""
    x, y = np.moveaxis(uv - 0.5, -1, 0)
    angle = np.interp(np.hypot(x, y), [0.0, _FRONT_RADIUS, 0.5], np.radians([0.0, _FRONT, _SCLERA_RINGS[-1]]))
    return np.asarray(angle, np.float32), np.asarray(np.arctan2(y, x), np.float32)


@dataclass(frozen=True)
class Eye:
    """An eyeball on a head.

    centre (3,), radius: units.
    limbus: its radius as a part of the eyeball's.
    pitch: how far the neutral gaze is lifted, radians.
    turns: ARKit name -> the rotation vector (3,), radians, of its gaze with that action at 1.
    """

    centre: Floats
    radius: float
    limbus: float
    pitch: float
    turns: dict[str, Floats]

    @staticmethod
    def on(eye: Floats, contact: Floats, upper: Floats, lower: Floats, posed: Mapping[str, Floats]) -> Eye:
        """The eyeball that a head's lids want.

        eye (N, 3): the sheet's vertices of that eye on the neutral head, units.
        contact (M, 3): where the lids' inner edges lie on the eyeball: rings -2 and -1 of `lashes.lid_rims`, units.
        upper (P, 3), lower (P', 3): the edges of the lids from corner to corner, ring 0 of `lashes.lid_rims`, units.
        posed: ARKit name -> the sheet's vertices of that eye (N, 3) on the head with that action at 1, units.
        """
        centre, radius = fit_sphere(contact)
        width = float(np.linalg.norm(upper[-1] - upper[0]))
        limbus = float(np.clip((_HALF_OF_PEOPLES + _OF_WIDTH * width) / radius, _SMALLEST, _LARGEST))
        turns = {}
        for action, points in posed.items():
            if np.abs(points - eye).max() < _LEAST_MOTION:
                continue
            turn = Rotation.from_matrix(turn_between(eye, points)).as_rotvec()
            if np.linalg.norm(turn) > _LEAST_TURN:
                turns[action] = turn * next((far for begins, far in _FURTHER.items() if action.startswith(begins)), 1.0)
        pitch = _rest_pitch((upper - centre) / radius, (lower - centre) / radius, limbus)
        return Eye(centre, radius, limbus, pitch, turns)

    def gaze(self, pose: Mapping[str, float]) -> Floats:
        """The direction (3,) in which the eye looks in a pose: ARKit name -> strength; others are 0."""
        turn = sum((strength * self.turns[name] for name, strength in pose.items() if name in self.turns), np.zeros(3))
        ahead: Floats = Rotation.from_rotvec(turn).apply(_pitch(self.pitch)[:, 2])
        return ahead

    def reach(self, directions: Floats, gaze: Floats) -> Floats:
        """How far the eyeball and its cornea reach from the centre, units (...,).

        directions (..., 3): seen from the centre, of length 1.
        gaze (3,): the direction in which it looks.
        """
        size = self.limbus / LIMBUS
        height = np.sqrt(1 - self.limbus**2)
        middle = height - size * np.sqrt(CORNEA**2 - LIMBUS**2)
        cosine = directions @ gaze
        bulge = middle * cosine + np.sqrt(((size * CORNEA) ** 2 - middle**2 * (1 - cosine**2)).clip(0.0))
        reached: Floats = self.radius * np.where(cosine > height, np.maximum(bulge, 1.0), 1.0)
        return reached


def eye_part(name: str, eye: Eye) -> AssetPart:
    """An eyeball on a head, with the turns of its gaze as keys.

    name: of the part, such as "Eye Left".
    eye: where it lies and how it turns.
    """
    unit, level = eyeball(eye.limbus)
    ball = eye.radius * (unit.astype(np.float64) @ _pitch(eye.pitch).T)
    keys = {
        action: (Rotation.from_rotvec(turn).apply(ball) - ball).astype(np.float32) for action, turn in eye.turns.items()
    }
    return AssetPart(name, (eye.centre + ball).astype(np.float32), (level,), MATERIALS, keys)


def seated_lids(sheet: Floats, rings: Sequence[Ints], eyes: Sequence[Eye], pose: Mapping[str, float]) -> Floats:
    """A sheet in a pose (V, 3), units, whose lids touch the eyeballs and nowhere lie within: some that look down dip
    into a sphere, as they did not into the dented eyeballs that they were made for, and a cornea that turns lifts its
    lids.

    sheet (V, 3): units.
    rings: SEAT_RINGS of `lashes.lid_rims`: vertices (K, P) of left upper, left lower, right upper, right lower lid.
    eyes: the left and the right one.
    pose: ARKit name -> strength; others are 0.
    """
    seated = sheet.copy()
    for lid, ids in enumerate(rings):
        eye = eyes[lid // 2]
        distance, direction, least = _seats(sheet[ids], eye, pose)
        shut = float(np.clip(pose.get(_BLINKS[lid // 2], 0.0), 0.0, 1.0))
        farthest = _FARTHEST + shut * (_FARTHEST_SHUT - _FARTHEST) * (np.array(SEAT_RINGS) == -1)
        gap = _TOUCH[:, None] * (distance - least).clip(0.0, farthest[:, None])
        seated[ids] = eye.centre + direction * np.maximum(distance - gap, least)[..., None]
    return seated.astype(np.float32)


def _seats(lid: Floats, eye: Eye, pose: Mapping[str, float]) -> tuple[Floats, Floats, Floats]:
    """How far the rings of a lid (K, P, 3) are from the middle of their eyeball in a pose (K, P), units, in which
    direction (K, P, 3), and how far they should be at least (K, P)."""
    away = lid - eye.centre
    distance = np.linalg.norm(away, axis=-1)
    direction = away / distance[..., None]
    reach, seats = eye.reach(direction, eye.gaze(pose)), _SEATS[:, None]
    return distance, direction, np.maximum(eye.radius + seats, reach + np.minimum(seats, _OFF_CORNEA))


def _rest_pitch(upper: Floats, lower: Floats, limbus: float) -> float:
    """How far the neutral gaze is lifted, radians: 0 or less. Nearly straight ahead, the iris down to the lower lid;
    but under lids that hang so low that they would hide the pupil the gaze comes down to where that is seen.

    upper (P, 3), lower (P', 3): the lids' edges around an eyeball of radius 1; limbus: its radius.
    """
    above, below = (_height_ahead(edge) for edge in (upper, lower))
    ahead = max(below + float(np.arcsin(limbus)), -_LOWEST_AHEAD)
    highest = above - float(np.arcsin(PUPIL * limbus + _PUPIL_FREE))
    return float(np.clip(min(ahead, highest), -_LOWEST_GAZE, 0.0))


def _height_ahead(edge: Floats) -> float:
    """Height, radians, at which a lid's edge (P, 3) crosses the middle of an eyeball of radius 1."""
    order = np.argsort(edge[:, 0])
    return float(np.arcsin(np.clip(np.interp(0.0, edge[order, 0], edge[order, 1]), -1.0, 1.0)))


def _pitch(angle: float) -> Floats:
    """The rotation (3, 3) that lifts +z by an angle, radians, towards +y."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, cos, sin], [0.0, -sin, cos]])


def _cornea_height(radius: Floats) -> Floats:
    """z of the cornea at distances (...) from the axis."""
    middle = np.sqrt(1 - LIMBUS**2) - np.sqrt(CORNEA**2 - LIMBUS**2)
    height: Floats = middle + np.sqrt(CORNEA**2 - radius**2)
    return height


class _Builder:
    """Rings and discs around the z axis, joined by quads."""

    def __init__(self) -> None:
        self.points: list[Floats] = []
        self.quads: list[Ints] = []
        self.materials: list[Ints] = []

    def _add(self, points: Floats) -> int:
        first = sum(map(len, self.points))
        self.points.append(points)
        return first

    def _join(self, quads: Ints, material: int) -> None:
        self.quads.append(quads)
        self.materials.append(np.full(len(quads), material))

    def ring(self, radius: float, height: float) -> Ints:
        """A ring's vertices (A,), counter-clockwise seen from +z."""
        angle = np.arange(_AROUND) * 2 * np.pi / _AROUND
        points = np.stack([radius * np.cos(angle), radius * np.sin(angle), np.full(_AROUND, height)], axis=1)
        return self._add(points) + np.arange(_AROUND)

    def band(self, ring: Ints, radius: float, height: float, material: int, facing_front: bool = False) -> Ints:
        """Quads from a ring (A,) to a new one, which is returned (A,). They face away from the axis, or, where the new
        ring is the inner one, the front."""
        new = self.ring(radius, height)
        outer, inner = (ring, new) if facing_front else (new, ring)
        self._join(np.stack([inner, outer, np.roll(outer, -1), np.roll(inner, -1)], axis=1), material)
        return new

    def cap(
        self,
        radius: float,
        height: Callable[[Floats], Floats],
        material: int,
        ring: Ints | None = None,
        facing_front: bool = False,
    ) -> Ints:
        """A disc of squares, with z by distance from the axis, that closes a ring (A,) that is there already or, where
        that is None, begins a new one. Returns its rim (A,). A disc at the end of a surface faces the back, where it is
        not told otherwise."""
        side = np.linspace(-1.0, 1.0, _SIDE + 1)
        x, y = (axis.ravel() for axis in np.meshgrid(side, side, indexing="xy"))
        # Shirley's concentric map: squares around the origin become circles, on which places are evenly spaced.
        size = np.maximum(np.abs(x), np.abs(y))
        ratio = np.pi / 4 * np.where(np.abs(x) >= np.abs(y), y * np.sign(x), x * np.sign(y)) / np.maximum(size, 1e-9)
        angle = np.where(np.abs(x) >= np.abs(y), ratio + np.pi * (x < 0), np.pi / 2 - ratio + np.pi * (y < 0))
        points = np.stack([radius * size * np.cos(angle), radius * size * np.sin(angle), height(radius * size)], axis=1)
        rim = np.flatnonzero(size > 1 - 1e-9)
        place = np.round(angle[rim] / (2 * np.pi) * _AROUND).astype(int) % _AROUND
        rim = rim[np.argsort(place)]
        number = np.empty(len(points), dtype=int)
        new = np.ones(len(points), bool)
        if ring is not None:
            new[rim] = False
            number[rim] = ring
        number[new] = self._add(points[new]) + np.arange(new.sum())
        grid = number.reshape(_SIDE + 1, _SIDE + 1)
        quads = np.stack([grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]], axis=-1).reshape(-1, 4)
        self._join(quads if ring is None or facing_front else quads[:, ::-1], material)
        return number[rim]

    def finished(self) -> tuple[Floats, AssetLevel]:
        """The vertices (V, 3) and quads of all that was built."""
        points = np.concatenate(self.points).astype(np.float32)
        quads = np.concatenate(self.quads).astype(np.int32)
        corners = points[quads]
        uv = eye_uv(corners)
        edge = np.sin(np.radians(_SCLERA_RINGS[-1]))
        off_axis = np.linalg.norm(corners[..., :2], axis=-1)
        back = (corners[..., 2] < 0).all(axis=1) & (off_axis < edge + 1e-6).all(axis=1)
        # Mirrored, as it is seen from behind.
        uv[back] = _BACK_MIDDLE + _BACK_RADIUS / edge * corners[back][..., :2] * [-1, 1]
        material = np.concatenate(self.materials).astype(np.int32)
        return points, AssetLevel(quads, uv, material)
