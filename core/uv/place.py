"""A head from elsewhere, of any size and facing anywhere, is brought to where heads are: NPHM's frame."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from ..errors import MeshError
from ..types import MILLIMETRES_PER_UNIT, ForeignMesh, HeadMesh

Array = np.ndarray

#: File with points and normals (N, 6) of the mean head's surface, units, in random order: any first part of it is
#: spread all over the head. Made by `python -m training mean_head`.
MEAN_HEAD = Path(__file__).parent / "layouts" / "mean_head.npy"

#: Turns about the vertical that the fit starts from, evenly spaced: 45 degrees apart, it finds the rest by itself.
_TURNS = 8
#: Heights of the mesh, as multiples of the mean head's, that the fit starts from: a bust is twice as high as a head.
_HEIGHTS = (0.85, 1.0, 1.25, 1.6, 2.2)


@dataclass(frozen=True)
class _Stage:
    """One stage of the fit, from coarse to fine.

    targets, samples: points of the mean head and of the mesh that are compared.
    rounds: of matching them and moving the mesh.
    slide: whether only the distance along the normals counts (see `_settle`).
    """

    targets: int
    samples: int
    rounds: int
    slide: bool


#: All starts are tried roughly, the best few of them longer, and the best of these with many points.
_STAGES = (_Stage(500, 4000, 8, False), _Stage(500, 4000, 30, False), _Stage(3000, 40000, 40, True))
#: Poses that go on from one stage to the next.
_BEST = 3
#: The same for the mesh and its own mirror image, which tells how far it leans.
_SYMMETRY = _Stage(2000, 20000, 20, True)
#: The mirror image turns by twice the lean: a turn of more than this, radians (11 degrees of lean), is a wrong match.
_MOST_LEANING = 0.4
#: Mean distance, units (3.5 mm), up to which a mesh fits so closely all round that it has no large volume of hair.
_CLOSE = 0.014
#: Cost up to which a mesh is a head under hair: heads with hair of the embedded models reach 0.09, a torus has 0.19.
_LIKE = 0.1
#: Fraction of the mean head's points, those that fit best, that must find the mesh: a hat or missing ears are left out.
_FITTING = 0.75
#: The mean head's face, which no hair covers: a box (x, y, z) from and to, units.
_FACE = np.array([[-0.27, -0.42, 0.12], [0.27, 0.12, np.inf]])
#: What a point of the face costs at most, and what the fraction of covered points is multiplied by, units.
_LOST, _COVERED = 0.1, 0.02
#: How far a pose is from symmetric is measured on so many points, and only above this height y, units: shoulders may
#: be turned.
_MIRRORED, _ABOVE = 300, -0.5
#: Cosine of the most that a head may lean from the vertical, 41 degrees.
_UPRIGHT = 0.75
#: Least cosine of the angle between normals of points that are matched, 73 degrees: others lie on opposite sides.
_ALIKE = 0.3
#: Mean distance, units (6.5 mm), of the points that fit, above which a mesh is no head.
_NO_HEAD = 0.026
#: Fewest triangles that can show a head.
_LEAST_FACES = 100
#: What an artist can do about a mesh that is refused.
REMEDY = (
    "Choose a mesh that is a head: upright, its skin in one piece with a neck below the chin and no large holes. "
    "Eyes, teeth and hair may be parts of their own, or other objects."
)


@dataclass(frozen=True)
class _Pose:
    """Where a mesh is put: x -> scale x rotation^T + move, for rows x.

    away: the mean distance, units, that it leaves.
    cost: what poses are compared by, units.
    """

    scale: float
    rotation: Array
    move: Array
    away: float = np.inf
    cost: float = np.inf

    def of(self, points: Array) -> Array:
        return self.scale * points @ self.rotation.T + self.move

    def back(self, points: Array) -> Array:
        return (points - self.move) @ self.rotation / self.scale


def place(mesh: ForeignMesh) -> HeadMesh:
    """The mesh, turned about, scaled and moved onto the mean head in NPHM's frame. It has no expression.

    mesh: of any size, at any place, upright.
    Raises MeshError where nothing of the mesh has a head's shape.
    """
    if len(mesh.faces) < _LEAST_FACES or not np.isfinite(mesh.vertices).all():
        raise MeshError(f"The mesh has {len(mesh.faces)} usable triangles, too few for a head.", REMEDY)
    vertices = mesh.vertices.astype(np.float64)
    pose = _fitted(vertices, mesh.faces)
    if pose.away > _CLOSE:
        hairy = _fitted_under_hair(vertices, mesh.faces)
        pose = hairy if hairy.away < _CLOSE and hairy.cost < _LIKE else pose
    if pose.away > _NO_HEAD:
        away = (
            f"{pose.away * MILLIMETRES_PER_UNIT:.0f} mm from a head's" if np.isfinite(pose.away) else "far from one's"
        )
        raise MeshError(
            f"The mesh does not look like a head: turned and scaled as well as can be, its surface still lies {away}.",
            REMEDY,
        )
    placed = _upright(pose.of(vertices), mesh.faces).astype(np.float32)
    return HeadMesh(placed, mesh.faces, np.zeros_like(placed))


def _fitted(vertices: Array, faces: Array) -> _Pose:
    """The pose in which the mesh lies closest to the mean head."""
    poses = _starts(vertices, _mean_head()[0])
    for stage in _STAGES:
        sides = _sides(vertices, faces, stage)
        settled = (_settle(pose, *sides, stage.rounds, stage.slide) for pose in poses)
        poses = sorted(settled, key=lambda pose: pose.away)[:_BEST]
    return poses[0]


def _fitted_under_hair(vertices: Array, faces: Array) -> _Pose:
    """The pose in which the mesh, about its plane of symmetry, has the mean head's face and covers the rest of it. Of
    every turn the best two go on, for which one is best shows only in the end."""
    poses = _starts(vertices, _mean_head()[0])
    for number, stage in enumerate(_STAGES):
        sides = _sides(vertices, faces, stage)
        settled = [
            _with_asymmetry(_settle(pose, *sides, stage.rounds, stage.slide, hairy), sides[0][0])
            for hairy in ((False, True) if number == 0 else (True,))
            for pose in poses
        ]
        if number == 0:
            settled = [pose for turn in range(_TURNS) for pose in sorted(settled[turn::_TURNS], key=_cost)[:2]]
        poses = settled if number == 0 else sorted(settled, key=_cost)[: _BEST + 1]
    return poses[0]


def _sides(vertices: Array, faces: Array, stage: _Stage) -> tuple[tuple[Array, Array], cKDTree, tuple[Array, Array]]:
    """What _settle compares: points of the mesh with their normals, their tree, and points of the mean head."""
    source = sample_surface(vertices, faces, stage.samples)
    points, normals = _mean_head()
    return source, cKDTree(source[0]), (points[: stage.targets], normals[: stage.targets])


def _cost(pose: _Pose) -> float:
    return pose.cost


def _with_asymmetry(pose: _Pose, source: Array) -> _Pose:
    """The pose, whose cost counts how far the points (n, 3) of the mesh's surface are from symmetric in it."""
    placed = pose.of(source)
    placed = placed[placed[:, 1] > _ABOVE]
    if pose.rotation[1, 1] < _UPRIGHT or len(placed) < _MIRRORED:
        return replace(pose, cost=np.inf)
    mirrored = placed[:: len(placed) // _MIRRORED] * [-1.0, 1.0, 1.0]
    return replace(pose, cost=pose.cost + float(cKDTree(placed).query(mirrored)[0].mean()))


def _upright(vertices: Array, faces: Array) -> Array:
    """The vertices, turned and moved by the little that makes x = 0 the plane of their own symmetry.

    A head fits the mean head about as well leaning a little to either side; its mirror image tells which is straight.
    """
    points, normals = sample_surface(vertices, faces, _SYMMETRY.samples)
    mirrored, mirrored_normals = (rows * [-1.0, 1.0, 1.0] for rows in (points, normals))
    some = np.random.default_rng(0).permutation(len(points))[: _SYMMETRY.targets]
    start = _Pose(1.0, np.eye(3), np.zeros(3))
    mirror = (mirrored, mirrored_normals), cKDTree(mirrored), (points[some], normals[some])
    pose = _settle(start, *mirror, _SYMMETRY.rounds, _SYMMETRY.slide)
    turn = Rotation.from_matrix(pose.rotation)
    half = Rotation.from_rotvec(turn.as_rotvec() / 2).as_matrix()
    if not np.isfinite(pose.away) or turn.magnitude() > _MOST_LEANING:
        return vertices
    return np.asarray((vertices - np.linalg.solve(np.eye(3) + half, pose.move)) @ half)


@lru_cache(maxsize=1)
def _mean_head() -> tuple[Array, Array]:
    """Points (N, 3) of the mean head above its neck's cut, in any order, and their unit normals (N, 3)."""
    stored = np.load(MEAN_HEAD, allow_pickle=False).astype(np.float64)
    return stored[:, :3], stored[:, 3:]


def _starts(source: Array, target: Array) -> list[_Pose]:
    """Upright poses that lay the mesh's top on the template's, for every turn and height."""
    top, bottom = source[:, 1].max(), source[:, 1].min()
    tall = target[:, 1].max() - target[:, 1].min()
    poses = []
    for height in _HEIGHTS:
        scale = tall * height / max(top - bottom, 1e-12)
        upper = source[source[:, 1] > top - 0.7 * tall / scale]
        middle = (upper.min(axis=0) + upper.max(axis=0)) / 2
        middle[1] = top
        goal = (target.min(axis=0) + target.max(axis=0)) / 2
        goal[1] = target[:, 1].max()
        for turn in np.arange(_TURNS) * (2 * np.pi / _TURNS):
            rotation = np.array(
                [[np.cos(turn), 0.0, np.sin(turn)], [0.0, 1.0, 0.0], [-np.sin(turn), 0.0, np.cos(turn)]]
            )
            poses.append(_Pose(scale, rotation, goal - scale * rotation @ middle))
    return poses


def _settle(
    pose: _Pose,
    source: tuple[Array, Array],
    tree: cKDTree,
    target: tuple[Array, Array],
    rounds: int,
    slide: bool = False,
    hairy: bool = False,
) -> _Pose:
    """The pose after rounds of matching every point of the template with the nearest of the mesh (trimmed ICP).

    hairy: the mesh may stand off the head: points under its surface, but for the face's, are not matched.
    slide: only the distance along the template's normals counts, which finds the last degrees of a round head."""
    points, normals = source
    goal, goal_normals = target
    face = ((goal > _FACE[0]) & (goal < _FACE[1])).all(axis=1)
    for _ in range(rounds):
        distance, nearest = tree.query(pose.back(goal))
        outwards = normals[nearest] @ pose.rotation.T
        covered = hairy & ~face & (((goal - pose.of(points[nearest])) * outwards).sum(axis=1) < 0)
        away = np.where((outwards * goal_normals).sum(axis=1) > _ALIKE, distance * pose.scale, np.inf)
        bare = np.flatnonzero(~covered)
        fitting = bare[np.argsort(away[bare])[: int(_FITTING * len(bare))]]
        mean = float(away[fitting].mean())
        cost = mean + float(np.minimum(away[face], _LOST).mean()) + _COVERED * float(covered.mean())
        if not np.isfinite(mean):
            # Too few points face each other: what is left decides how far off this pose is.
            fitting = bare[np.isfinite(away[bare])]
            if len(fitting) < 0.3 * len(bare):
                return _Pose(pose.scale, pose.rotation, pose.move)
            mean = cost = 10.0 + float(away[fitting].mean())
        pairs = points[nearest[fitting]], goal[fitting]
        pose = _slid(pose, *pairs, goal_normals[fitting], mean) if slide else _Pose(*_similarity(*pairs), mean)
        pose = replace(pose, cost=cost)
    return pose


def _slid(pose: _Pose, source: Array, target: Array, normals: Array, away: float) -> _Pose:
    """The pose, turned, grown and moved by the little that brings source (n, 3) closest to the planes through target
    (n, 3) across normals (n, 3)."""
    here = pose.of(source)
    middle = here.mean(axis=0)
    arm = here - middle
    columns = np.concatenate([np.cross(arm, normals), (arm * normals).sum(axis=1, keepdims=True), normals], axis=1)
    solution, *_ = np.linalg.lstsq(columns, ((target - here) * normals).sum(axis=1), rcond=None)
    turn, growth = Rotation.from_rotvec(solution[:3]).as_matrix(), float(np.exp(np.clip(solution[3], -0.2, 0.2)))
    rotation = turn @ pose.rotation
    move = growth * turn @ (pose.move - middle) + middle + solution[4:]
    return _Pose(pose.scale * growth, rotation, move, away)


def _similarity(source: Array, target: Array) -> tuple[float, Array, Array]:
    """Scale, rotation (3, 3) and move (3,) that bring source (n, 3) closest to target (Umeyama 1991).

    The scale is the ratio of spreads, which does not shrink when the pairs are loose."""
    middle, goal = source.mean(axis=0), target.mean(axis=0)
    a, b = source - middle, target - goal
    left, _, right = np.linalg.svd(b.T @ a)
    mirror = np.diag([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    rotation = left @ mirror @ right
    scale = float(np.sqrt((b**2).sum() / max((a**2).sum(), 1e-24)))
    return scale, rotation, goal - scale * rotation @ middle


def sample_surface(vertices: Array, faces: Array, count: int) -> tuple[Array, Array]:
    """Points (count, 3) spread evenly over the surface, always the same, and their unit normals, pointing outwards."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    crossed = np.cross(b - a, c - a)
    area = np.linalg.norm(crossed, axis=1)
    volume = float(np.einsum("fk,fk->", a - vertices.mean(axis=0), crossed))
    generator = np.random.default_rng(0)
    places = (np.arange(count) + generator.random(count)) / count * area.sum()
    face = np.searchsorted(np.cumsum(area), places).clip(0, len(faces) - 1)
    first, second = generator.random((2, count, 1))
    folded = first + second > 1
    first, second = np.where(folded, 1 - first, first), np.where(folded, 1 - second, second)
    points = a[face] + first * (b - a)[face] + second * (c - a)[face]
    normals = crossed[face] / np.maximum(area[face], 1e-24)[:, None]
    return points, normals if volume >= 0 else -normals
