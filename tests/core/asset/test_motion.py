"""Motions of parts: known turns and shifts are found again."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from clip_head.core.asset.motion import Rigid, hinged_motion, rigid_motion, shift_motion
from clip_head.core.types import Floats

HINGE = np.array([0.0, -0.05, -0.1], np.float32)


@pytest.fixture
def points() -> Floats:
    return np.random.default_rng(4).normal(size=(60, 3)).astype(np.float32) * 0.1 + np.array([0, -0.3, 0.2], np.float32)


def test_a_rotation_and_shift_are_found_and_can_be_applied(points: Floats) -> None:
    turn, shift = Rotation.from_rotvec([0.4, -0.2, 0.9]).as_matrix(), np.array([0.1, -0.2, 0.05])
    moved = (points @ turn.T + shift).astype(np.float32)
    found = rigid_motion(points, moved)
    np.testing.assert_allclose(found.rotation, turn, atol=1e-5)
    np.testing.assert_allclose(found.shift, shift, atol=1e-5)
    np.testing.assert_allclose(found.applied(points), moved, atol=1e-5)
    np.testing.assert_allclose(np.column_stack([points, np.ones(60)]) @ found.matrix.T, moved, atol=1e-5)


def test_a_mirror_image_is_no_rotation(points: Floats) -> None:
    found = rigid_motion(points, points * np.array([-1, 1, 1], np.float32))
    assert np.linalg.det(found.rotation) == pytest.approx(1.0, abs=1e-5)


def test_noise_is_averaged(points: Floats) -> None:
    noise = np.random.default_rng(5).normal(size=points.shape) * 0.002
    found = rigid_motion(points, (points + noise).astype(np.float32))
    assert np.abs(found.rotation - np.eye(3)).max() < 0.01 and np.abs(found.shift).max() < 0.004


@pytest.mark.parametrize("degrees", [-10.0, 15.0, 25.0])
def test_a_jaw_that_turns_about_its_hinge_is_found(points: Floats, degrees: float) -> None:
    turn = Rotation.from_euler("x", degrees, degrees=True)
    moved = (turn.apply(points - HINGE) + HINGE).astype(np.float32)
    found = hinged_motion(HINGE, points, moved)
    np.testing.assert_allclose(found.rotation, turn.as_matrix(), atol=1e-5)
    np.testing.assert_allclose(found.applied(HINGE), HINGE, atol=1e-5)


def test_a_hinge_turns_about_x_alone_and_takes_the_middle_to_its_place(points: Floats) -> None:
    # Skin slides over the bone: it turns less, goes aside and away from the hinge.
    moved = (points * 0.9 + np.array([0.01, -0.08, -0.03])).astype(np.float32)
    found = hinged_motion(HINGE, points, moved)
    np.testing.assert_array_equal(found.rotation[0], [1, 0, 0])
    np.testing.assert_array_equal(found.rotation[:, 0], [1, 0, 0])
    np.testing.assert_allclose(found.rotation @ found.rotation.T, np.eye(3), atol=1e-6)
    np.testing.assert_allclose(found.applied(points).mean(axis=0), moved.mean(axis=0), atol=1e-6)


def test_a_shift_is_the_points_mean(points: Floats) -> None:
    offsets = np.random.default_rng(6).normal(size=points.shape).astype(np.float32)
    found = shift_motion(points, points + offsets)
    np.testing.assert_array_equal(found.rotation, np.eye(3))
    np.testing.assert_allclose(found.shift, offsets.mean(axis=0), atol=1e-6)


def test_points_keep_their_shape_and_type() -> None:
    still = Rigid(np.eye(3, dtype=np.float32), np.zeros(3, np.float32))
    block = np.arange(24, dtype=np.float32).reshape(2, 4, 3)
    np.testing.assert_array_equal(still.applied(block), block)
    assert still.applied(block).dtype == np.float32
