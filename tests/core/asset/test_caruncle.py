"""Caruncles fill the inner corners of the eyes, from lid to lid, outside the eyeball, and go where the lids go."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.asset.caruncle import CARUNCLE_RING, caruncle_part
from clip_head.core.asset.template import AssetTemplate
from clip_head.core.pipeline import Models
from clip_head.core.types import MILLIMETRES_PER_UNIT, AssetPart

from .conftest import WORDS, Heads

pytestmark = pytest.mark.slow(minutes=0.5)


@pytest.fixture(scope="module")
def template(models: Models) -> AssetTemplate:
    assert models.asset is not None
    return models.asset


@pytest.fixture(scope="module", params=WORDS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def part_of(heads: Heads, name: str) -> AssetPart:
    return next(part for part in heads.asset(name).parts if part.name == "Caruncles")


def test_they_lie_in_the_inner_corners_and_face_outwards(heads: Heads, template: AssetTemplate, name: str) -> None:
    part, placed = part_of(heads, name), heads.placed(name)
    assert part.materials == ("Caruncle",) and len(part.levels[0].quads) < 200
    rims = template.rims.of((CARUNCLE_RING,), placed.sheet)
    for side, (points, quads) in enumerate(
        zip(np.split(part.vertices, 2), np.split(part.levels[0].quads, 2), strict=True)
    ):
        eye, upper, lower = placed.balls[side], rims[2 * side][0], rims[2 * side + 1][0]
        width = np.linalg.norm(upper[-1] - upper[0])
        assert np.linalg.norm(points - upper[0], axis=1).max() < 0.3 * width
        distance = (np.linalg.norm(points - eye.centre, axis=1) - eye.radius) * MILLIMETRES_PER_UNIT
        assert distance.max() < 4.0, "it stands out of the lids"
        assert 0.3 < (distance > 0).mean() < 1.0, "its edge alone is within the eyeball"
        corners = part.vertices[quads]
        normals = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
        outwards = np.einsum("qc,qc->q", normals, corners.mean(axis=1) - eye.centre) > 0
        assert outwards.mean() > 0.9
        # It rises between the lids.
        grid = points.reshape(12, 9, 3)
        rise = np.linalg.norm(grid - eye.centre, axis=2)
        middle = rise[1:8, 4] - np.maximum(rise[1:8, 0], rise[1:8, -1])
        assert middle.max() * MILLIMETRES_PER_UNIT > 0.2
        assert np.abs(lower[0] - upper[0]).max() < 1e-6


def test_a_shut_eye_has_a_flat_one_and_the_other_eye_keeps_its_own(heads: Heads, name: str) -> None:
    part = part_of(heads, name)
    assert "tongueOut" not in part.keys and {"eyeBlinkLeft", "eyeBlinkRight"} <= set(part.keys)
    left, right = np.split(part.keys["eyeBlinkLeft"], 2)
    assert not right.any() and np.abs(left).max() * MILLIMETRES_PER_UNIT > 0.3
    shut = np.split(part.vertices + part.keys["eyeBlinkLeft"], 2)[0].reshape(12, 9, 3)
    opened = np.split(part.vertices, 2)[0].reshape(12, 9, 3)
    assert (
        np.linalg.norm(shut[1:, -1] - shut[1:, 0], axis=1).max()
        < 0.4 * np.linalg.norm(opened[1:, -1] - opened[1:, 0], axis=1).max()
    )


def test_both_are_of_one_order_and_mirror_images(heads: Heads, template: AssetTemplate) -> None:
    part, placed = part_of(heads, "child"), heads.placed("child")
    assert part.mirror is not None
    first, second = np.split(part.levels[0].quads, 2)
    np.testing.assert_array_equal(part.mirror[first], second[:, ::-1])
    flip = np.array([-1, 1, 1], np.float32)
    left = [ring[0] for ring in template.rims.of((CARUNCLE_RING,), placed.sheet)[:2]]
    eye = placed.balls[0]
    other = type(eye)(eye.centre * flip, eye.radius, eye.limbus, eye.pitch, {})
    made = caruncle_part((left[0], left[1], left[0] * flip, left[1] * flip), {}, (eye, other))
    np.testing.assert_allclose(made.vertices[part.mirror] * flip, made.vertices, atol=1e-6)
