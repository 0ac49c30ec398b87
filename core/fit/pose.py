"""Where a head's surface stands, how it is turned and how large it is, beside the template."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from ..types import Floats, ForeignMesh
from ..uv import place
from .target import Target

#: Turns about the vertical, degrees, of what `place` finds, from which the face is looked for: hair may hide which way
#: a head looks.
TURNS = (0.0, 90.0, 180.0, 270.0)
#: Rounds of closest points in which the face is laid on, and the part of its points that count, those that fit best.
ROUNDS, FITTING = 12, 0.8
#: What a point of the face adds to a pose's cost at most, units (15 mm).
LOST = 0.06


@dataclass(frozen=True)
class Similarity:
    """A point p goes to scale rotation p + shift.

    scale: factor.
    rotation (3, 3): matrix.
    shift (3,): units.
    """

    scale: float
    rotation: Floats
    shift: Floats

    def applied(self, points: Floats) -> Floats:
        """Where points (..., 3) go."""
        return np.asarray(self.scale * points @ self.rotation.T + self.shift, np.float32)

    def after(self, first: Similarity) -> Similarity:
        """This one after another one."""
        shift = self.scale * self.rotation @ first.shift + self.shift
        return Similarity(self.scale * first.scale, self.rotation @ first.rotation, shift)

    @property
    def inverse(self) -> Similarity:
        """What brings points back."""
        return Similarity(1 / self.scale, self.rotation.T, -self.rotation.T @ self.shift / self.scale)


#: All stays.
STILL = Similarity(1.0, np.eye(3, dtype=np.float32), np.zeros(3, np.float32))


def find_pose(target: Target, face: Floats, normals: Floats, keep_size: bool) -> Similarity:
    """What brings a head onto the template: of several starts, the one after which the face lies nearest.

    target: the head's surface, +y up; in NPHM's frame, about, where its size is kept, else of any size at any place.
    face (N, 3): points of the template's face, which no hair hides, units.
    normals (N, 3): unit normals there.
    keep_size: whether its size is right as it is.
    Raises MeshError where nothing has a head's shape.
    """
    corners = target.faces.ravel()
    foreign = ForeignMesh(target.vertices, target.faces, corners, np.arange(len(corners), dtype=np.int32) // 3)
    placed = similarity(target.vertices, place(foreign).vertices, keep_size)
    starts = [_turned(turn, placed.applied(target.vertices)).after(placed) for turn in TURNS]
    starts += [STILL] if keep_size else []
    fitted = [_face_fitted(start, target, face, normals, keep_size) for start in starts]
    return min(fitted, key=lambda pair: pair[0])[1]


def similarity(points: Floats, goals: Floats, keep_size: bool) -> Similarity:
    """The similarity that takes points (N, 3) nearest to their goals (N, 3); without scale where the size is kept.

    Source: S. Umeyama, Least-squares estimation of transformation parameters between two point patterns, PAMI 1991.
    """
    middle, goal = points.mean(axis=0, dtype=np.float64), goals.mean(axis=0, dtype=np.float64)
    before, after = points - middle, goals - goal
    u, spread, vt = np.linalg.svd(after.T @ before)
    mirror = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation = (u * mirror) @ vt
    scale = 1.0 if keep_size else float((spread * mirror).sum() / (before**2).sum())
    return Similarity(scale, rotation.astype(np.float32), (goal - scale * rotation @ middle).astype(np.float32))


def _turned(degrees: float, vertices: Floats) -> Similarity:
    """A turn about the vertical through the middle of vertices (V, 3)."""
    rotation = Rotation.from_euler("y", degrees, degrees=True).as_matrix().astype(np.float32)
    middle = (vertices.min(axis=0) + vertices.max(axis=0)) / 2
    return Similarity(1.0, rotation, middle - rotation @ middle)


def _face_fitted(
    pose: Similarity, target: Target, face: Floats, normals: Floats, keep_size: bool
) -> tuple[float, Similarity]:
    """The mean distance of the face's points from the surface, capped at LOST, and the pose, after some rounds of
    closest points. Parameters as of `find_pose`."""
    for _ in range(ROUNDS):
        back = pose.inverse
        places, _ = target.closest(back.applied(face), normals @ pose.rotation)
        placed = pose.applied(places)
        distance = np.linalg.norm(placed - face, axis=1)
        near = np.argsort(distance)[: int(FITTING * len(face))]
        cost = float(np.minimum(distance, LOST).mean())
        pose = similarity(placed[near], face[near], keep_size).after(pose)
    return cost, pose
