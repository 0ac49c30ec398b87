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

#: Numbers in double precision.
Array = np.ndarray

#: File with points and normals (N, 6) of the mean head's surface, units, in random order: any first part of it is
#: spread all over the head. Made by `python -m training.nphm.mean_head`.
MEAN_HEAD = Path(__file__).parent / "layouts" / "mean_head.npy"

#: Number of turns about the vertical that the fit starts from, evenly spaced: from 45 degrees apart it converges.
_TURNS = 8
#: Heights of the mesh, as multiples of the mean head's, that the fit starts from: a bust is twice as high as a head.
_HEIGHTS = (0.85, 1.0, 1.25, 1.6, 2.2)


@dataclass(frozen=True)
class _Stage:
    """One stage of the fit, from coarse to fine.

    targets, samples: number of points of the mean head and of the mesh that are compared.
    rounds: of matching them and moving the mesh.
    to_planes: whether only the distance along the normals counts (see `_fit`).
    """

    targets: int
    samples: int
    rounds: int
    to_planes: bool


#: All starts are tried roughly, the best few of them longer, and the best of these with many points. The numbers were
#: chosen by trial.
_STAGES = (_Stage(500, 4000, 8, False), _Stage(500, 4000, 30, False), _Stage(3000, 40000, 40, True))
#: Number of poses that go on from one stage to the next, and of those of heads under hair, which look more alike.
_BEST, _BEST_UNDER_HAIR = 3, 6
#: The fit of the mesh's mirror image to the mesh, which shows how far it leans.
_SYMMETRY = _Stage(2000, 20000, 20, True)
#: Turn of the mirror image, radians, above which the match is wrong. It is twice the lean, here 11 degrees.
_MOST_LEANING = 0.4
#: Mean distance, units (3.5 mm), up to which a mesh fits so closely all round that it has no large volume of hair.
_CLOSE = 0.014
#: Cost of a pose, units, up to which a mesh counts as a head under hair: heads with hair of the embedded models reach
#: 0.09, a torus has 0.19.
_HEAD_UNDER_HAIR = 0.1
#: Fraction of the mean head's points that count, those that fit best: a hat or missing ears are left out.
_FITTING = 0.75
#: The mean head's face, which no hair covers: a box (x, y, z) from and to, units.
_FACE = np.array([[-0.27, -0.42, 0.12], [0.27, 0.12, np.inf]])
#: What a point of the face adds to a pose's cost at most, units (25 mm).
_LOST = 0.1
#: What it adds to a pose's cost if all points of the mean head lie under hair, units (5 mm).
_COVERED = 0.02
#: Number of points on which the asymmetry of a pose is measured.
_MIRRORED = 300
#: Height y, units, above which it is measured: shoulders may be turned.
_ABOVE = -0.5
#: Cosine of the most that a head under hair may lean from the vertical, 26 degrees: leaning more, hair fits faces, too.
_UPRIGHT = 0.9
#: Cosine of the largest angle between the normals of matched points, 73 degrees: with a larger one they lie on opposite
#: sides of something.
_SAME_SIDE = 0.3
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
    """A similarity transform of a mesh: x -> scale x rotation^T + translation, for rows x.

    scale: factor.
    rotation (3, 3): matrix.
    translation (3,): units.
    residual: mean distance of the points that count from the mean head, units; infinite where too few do.
    cost: what poses are compared by, units: the residual, and what the face, hair and asymmetry add.
    """

    scale: float
    rotation: Array
    translation: Array
    residual: float = np.inf
    cost: float = np.inf

    def apply(self, points: Array) -> Array:
        """Points (n, 3) of the mesh, in the mean head's frame."""
        return self.scale * points @ self.rotation.T + self.translation

    def invert(self, points: Array) -> Array:
        """Points (n, 3) of the mean head's frame, in the mesh's."""
        return (points - self.translation) @ self.rotation / self.scale


def place(mesh: ForeignMesh) -> HeadMesh:
    """The mesh, rotated, scaled and moved onto the mean head in NPHM's frame. It has no expression.

    mesh: of any size, at any place, upright.
    Raises MeshError where nothing of the mesh has a head's shape.
    """
    if len(mesh.faces) < _LEAST_FACES or not np.isfinite(mesh.vertices).all():
        raise MeshError(f"The mesh has {len(mesh.faces)} usable triangles, too few for a head.", REMEDY)
    vertices = mesh.vertices.astype(np.float64)
    pose = _best_pose(vertices, mesh.faces)
    if pose.residual > _CLOSE:
        under_hair = _best_pose_under_hair(vertices, mesh.faces)
        if under_hair.residual < _CLOSE and under_hair.cost < _HEAD_UNDER_HAIR:
            pose = under_hair
    if pose.residual > _NO_HEAD:
        distance = "far from one's"
        if np.isfinite(pose.residual):
            distance = f"{pose.residual * MILLIMETRES_PER_UNIT:.0f} mm from a head's"
        raise MeshError(
            "The mesh does not look like a head: turned and scaled as well as can be, its surface still lies "
            f"{distance}.",
            REMEDY,
        )
    placed = _upright(pose.apply(vertices), mesh.faces).astype(np.float32)
    return HeadMesh(placed, mesh.faces, np.zeros_like(placed))


def _best_pose(vertices: Array, faces: Array) -> _Pose:
    """The pose in which the mesh lies closest to the mean head."""
    poses = _starts(vertices, _mean_head()[0])
    for stage in _STAGES:
        sides = _sides(vertices, faces, stage)
        fitted = (_fit(pose, *sides, stage.rounds, stage.to_planes) for pose in poses)
        poses = sorted(fitted, key=lambda pose: pose.residual)[:_BEST]
    return poses[0]


def _best_pose_under_hair(vertices: Array, faces: Array) -> _Pose:
    """The pose in which the mesh is about symmetric, has the mean head's face, and covers the rest of it.

    After the first stage the best two of every turn go on, since only the end shows which turn is right.
    """
    poses = _starts(vertices, _mean_head()[0])
    for number, stage in enumerate(_STAGES):
        sides = _sides(vertices, faces, stage)
        fitted = [
            _with_asymmetry(_fit(pose, *sides, stage.rounds, stage.to_planes, allow_hair), sides[0][0])
            for allow_hair in ((False, True) if number == 0 else (True,))
            for pose in poses
        ]
        if number == 0:
            poses = [pose for turn in range(_TURNS) for pose in sorted(fitted[turn::_TURNS], key=_cost)[:2]]
        else:
            poses = sorted(fitted, key=_cost)[:_BEST_UNDER_HAIR]
    return poses[0]


def _sides(vertices: Array, faces: Array, stage: _Stage) -> tuple[tuple[Array, Array], cKDTree, tuple[Array, Array]]:
    """What `_fit` compares: points and normals of the mesh, a tree of the points, and the same of the mean head."""
    source = sample_surface(vertices, faces, stage.samples)
    points, normals = _mean_head()
    return source, cKDTree(source[0]), (points[: stage.targets], normals[: stage.targets])


def _cost(pose: _Pose) -> float:
    return pose.cost


def _with_asymmetry(pose: _Pose, source: Array) -> _Pose:
    """The pose, with its cost raised by the mean distance of the mesh's points (n, 3) from their own mirror image."""
    placed = pose.apply(source)
    placed = placed[placed[:, 1] > _ABOVE]
    if pose.rotation[1, 1] < _UPRIGHT or len(placed) < _MIRRORED:
        return replace(pose, cost=np.inf)
    mirrored = placed[:: len(placed) // _MIRRORED] * [-1.0, 1.0, 1.0]
    return replace(pose, cost=pose.cost + float(cKDTree(placed).query(mirrored)[0].mean()))


def _upright(vertices: Array, faces: Array) -> Array:
    """The vertices (V, 3), rotated and moved by the little that makes x = 0 the plane of their own symmetry.

    A head fits the mean head about as well leaning a little to either side; its mirror image shows which is straight.
    """
    points, normals = sample_surface(vertices, faces, _SYMMETRY.samples)
    mirrored, mirrored_normals = (rows * [-1.0, 1.0, 1.0] for rows in (points, normals))
    some = np.random.default_rng(0).permutation(len(points))[: _SYMMETRY.targets]
    start = _Pose(1.0, np.eye(3), np.zeros(3))
    mirror = (mirrored, mirrored_normals), cKDTree(mirrored), (points[some], normals[some])
    pose = _fit(start, *mirror, _SYMMETRY.rounds, _SYMMETRY.to_planes)
    turn = Rotation.from_matrix(pose.rotation)
    half = Rotation.from_rotvec(turn.as_rotvec() / 2).as_matrix()
    if not np.isfinite(pose.residual) or turn.magnitude() > _MOST_LEANING:
        return vertices
    return np.asarray((vertices - np.linalg.solve(np.eye(3) + half, pose.translation)) @ half)


@lru_cache(maxsize=1)
def _mean_head() -> tuple[Array, Array]:
    """Points (N, 3) of the mean head above its neck's cut, in any order, and their unit normals (N, 3)."""
    stored = np.load(MEAN_HEAD, allow_pickle=False).astype(np.float64)
    return stored[:, :3], stored[:, 3:]


def _starts(source: Array, target: Array) -> list[_Pose]:
    """Upright poses in which the top of the mesh, source (V, 3), is at that of the mean head, target (N, 3): one for
    every height and turn, the turns of one height after each other."""
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


def _fit(
    pose: _Pose,
    source: tuple[Array, Array],
    tree: cKDTree,
    target: tuple[Array, Array],
    rounds: int,
    to_planes: bool = False,
    allow_hair: bool = False,
) -> _Pose:
    """The pose after some rounds of trimmed ICP: every point of the mean head is matched with the nearest of the mesh,
    and the mesh moved so that the best matches come together.

    pose: to start from.
    source: points (n, 3) of the mesh and their normals (n, 3).
    tree: of these points.
    target: points (m, 3) of the mean head and their normals (m, 3), units.
    rounds: how many.
    to_planes: only the distance along the mean head's normals counts (point-to-plane ICP), which finds the last degrees
        of a round head.
    allow_hair: points of the mean head under the mesh's surface, except the face's, are not matched: hair covers them.
    """
    points, normals = source
    goal, goal_normals = target
    face = ((goal > _FACE[0]) & (goal < _FACE[1])).all(axis=1)
    for _ in range(rounds):
        distance, nearest = tree.query(pose.invert(goal))
        outwards = normals[nearest] @ pose.rotation.T
        covered = allow_hair & ~face & (((goal - pose.apply(points[nearest])) * outwards).sum(axis=1) < 0)
        same_side = (outwards * goal_normals).sum(axis=1) > _SAME_SIDE
        distance = np.where(same_side, distance * pose.scale, np.inf)
        bare = np.flatnonzero(~covered)
        fitting = bare[np.argsort(distance[bare])[: int(_FITTING * len(bare))]]
        residual = float(distance[fitting].mean())
        cost = residual + float(np.minimum(distance[face], _LOST).mean()) + _COVERED * float(covered.mean())
        if not np.isfinite(residual):
            # Too few points face each other. Those that do still move the mesh; 10 units more than their distance put
            # this pose behind every other that is possible.
            fitting = bare[np.isfinite(distance[bare])]
            if len(fitting) < 0.3 * len(bare):
                return _Pose(pose.scale, pose.rotation, pose.translation)
            residual = cost = 10.0 + float(distance[fitting].mean())
        pairs = points[nearest[fitting]], goal[fitting]
        pose = _moved_to_planes(pose, *pairs, goal_normals[fitting]) if to_planes else _Pose(*_similarity(*pairs))
        pose = replace(pose, residual=residual, cost=cost)
    return pose


def _moved_to_planes(pose: _Pose, source: Array, target: Array, normals: Array) -> _Pose:
    """One step of point-to-plane ICP: the pose, rotated, scaled and moved by the little that brings source (n, 3)
    closest to the planes through target (n, 3) across normals (n, 3). Linearised in the rotation and the scale."""
    here = pose.apply(source)
    middle = here.mean(axis=0)
    arm = here - middle
    columns = np.concatenate([np.cross(arm, normals), (arm * normals).sum(axis=1, keepdims=True), normals], axis=1)
    solution, *_ = np.linalg.lstsq(columns, ((target - here) * normals).sum(axis=1), rcond=None)
    turn, growth = Rotation.from_rotvec(solution[:3]).as_matrix(), float(np.exp(np.clip(solution[3], -0.2, 0.2)))
    rotation = turn @ pose.rotation
    translation = growth * turn @ (pose.translation - middle) + middle + solution[4:]
    return _Pose(pose.scale * growth, rotation, translation)


def _similarity(source: Array, target: Array) -> tuple[float, Array, Array]:
    """Scale, rotation (3, 3) and translation (3,) that bring source (n, 3) closest to target (n, 3) (Umeyama 1991).

    But the scale is the ratio of the points' spreads, which does not shrink when matches are poor.
    """
    middle, goal = source.mean(axis=0), target.mean(axis=0)
    a, b = source - middle, target - goal
    left, _, right = np.linalg.svd(b.T @ a)
    mirror = np.diag([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    rotation = left @ mirror @ right
    scale = float(np.sqrt((b**2).sum() / max((a**2).sum(), 1e-24)))
    return scale, rotation, goal - scale * rotation @ middle


def sample_surface(vertices: Array, faces: Array, count: int) -> tuple[Array, Array]:
    """Points spread evenly over a surface, always the same.

    vertices (V, 3), faces (F, 3): of the surface, in any unit.
    count: how many points.
    Returns the points (count, 3) and their unit normals (count, 3), pointing outwards.
    """
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
