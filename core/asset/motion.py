"""Motions of whole parts: a rigid one for bones, an affine one that fits a part to a head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Floats


@dataclass(frozen=True)
class Rigid:
    """A rotation and a shift.

    rotation (3, 3), shift (3,): a point p goes to rotation p + shift; units.
    """

    rotation: Floats
    shift: Floats

    def applied(self, points: Floats) -> Floats:
        """Where points (..., 3) go, units."""
        return np.asarray(points @ self.rotation.T + self.shift, np.float32)

    @property
    def matrix(self) -> Floats:
        """(3, 4) the rotation, and the shift as its last column."""
        return np.column_stack([self.rotation, self.shift])


def turn_between(before: Floats, after: Floats) -> Floats:
    """The rotation (3, 3) about their means that best takes points (N, 3) to others (N, 3).

    Source: W. Kabsch, A solution for the best rotation to relate two sets of vectors, Acta Crystallographica 1976.
    """
    covariance = (after - after.mean(axis=0)).astype(np.float64).T @ (before - before.mean(axis=0))
    u, _, vt = np.linalg.svd(covariance)
    turn: Floats = u @ np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))]) @ vt
    return turn


def rigid_motion(rest: Floats, moved: Floats) -> Rigid:
    """The rotation and shift that bring points nearest to where they moved.

    rest, moved (N, 3): units.
    """
    rotation = turn_between(rest, moved)
    shift = moved.mean(axis=0, dtype=np.float64) - rotation @ rest.mean(axis=0, dtype=np.float64)
    return Rigid(np.asarray(rotation, np.float32), np.asarray(shift, np.float32))


def hinged_motion(hinge: Floats, rest: Floats, moved: Floats) -> Rigid:
    """The turn about an axis along x, and the shift, that bring the middle of points to where it moved.

    For the jaw: the skin of a chin slides on the bone, so that its own turn is less than the bone's.

    hinge (3,): a point on the axis, units.
    rest, moved (N, 3): units.
    """
    before, after = rest.mean(axis=0, dtype=np.float64) - hinge, moved.mean(axis=0, dtype=np.float64) - hinge
    angle = np.arctan2(after[2], after[1]) - np.arctan2(before[2], before[1])
    cosine, sine = np.cos(angle), np.sin(angle)
    rotation = np.array([[1.0, 0.0, 0.0], [0.0, cosine, -sine], [0.0, sine, cosine]])
    return Rigid(np.asarray(rotation, np.float32), np.asarray(after + hinge - rotation @ (before + hinge), np.float32))


def shift_motion(rest: Floats, moved: Floats) -> Rigid:
    """The mean shift of points.

    rest, moved (N, 3): units.
    """
    return Rigid(np.eye(3, dtype=np.float32), np.asarray((moved - rest).mean(axis=0), np.float32))
