"""Eyeballs are closed, round and where the lids want them; they look ahead, and turn without leaving their place."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.asset.eyes import (
    LIMBUS,
    MATERIALS,
    PUPIL,
    SEAT_RINGS,
    Eye,
    eye_angles,
    eye_part,
    eye_uv,
    eyeball,
    fit_sphere,
    seated_lids,
)
from clip_head.core.asset.lashes import lid_rims
from clip_head.core.asset.motion import turn_between
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.types import MILLIMETRES_PER_UNIT, AssetPart, Floats

SCLERA, IRIS, PUPIL_CUP, CORNEA = range(4)


def edges(quads):
    return np.concatenate([np.stack([quads[:, k], quads[:, (k + 1) % 4]], axis=1) for k in range(4)])


def used(part_or_level, material):
    return np.unique(part_or_level.quads[part_or_level.material == material])


def eye_on(head, side: int) -> Eye:
    ball = head.balls[side]
    posed = {name: points[ball] for name, points in head.posed.items()}
    upper, lower = (head.neutral[head.rim[2 * side + lid][0]] for lid in (0, 1))
    return Eye.on(head.neutral[ball], head.touching(side), upper, lower, posed)


def part_on(head, side: int) -> AssetPart:
    return eye_part("Eye", eye_on(head, side))


def gaze(vertices: Floats, part: AssetPart, centre: Floats) -> Floats:
    """The unit vector from the centre through the middle of the pupil."""
    away = vertices[used(part.levels[0], PUPIL_CUP)].mean(axis=0) - centre
    return np.asarray(away / np.linalg.norm(away))


def test_a_sphere_is_found_from_a_part_of_it():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(200, 3))
    points[:, 2] = np.abs(points[:, 2])
    points = 0.06 * points / np.linalg.norm(points, axis=1, keepdims=True) + [0.1, 0.03, 0.2]
    centre, radius = fit_sphere(points.astype(np.float32))
    np.testing.assert_allclose(centre, [0.1, 0.03, 0.2], atol=1e-5)
    assert radius == pytest.approx(0.06, abs=1e-5)


@pytest.mark.parametrize("limbus", [LIMBUS, 0.2])
def test_sclera_and_cornea_are_one_closed_surface_that_faces_outwards(limbus):
    vertices, level = eyeball(limbus)
    shell = level.quads[np.isin(level.material, [SCLERA, CORNEA])]
    directed = edges(shell)
    pairs = set(map(tuple, directed.tolist()))
    assert len(pairs) == len(directed)
    assert all((b, a) in pairs for a, b in pairs)
    corners = vertices[shell]
    normals = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    assert (np.einsum("qc,qc->q", normals, corners.mean(axis=1)) > 0).all()
    assert 600 <= len(level.quads) <= 1000
    assert len(np.unique(level.quads)) == len(vertices)


@pytest.mark.parametrize("limbus", [LIMBUS, 0.2])
def test_the_iris_has_a_hole_and_lies_within_the_shell(limbus):
    vertices, level = eyeball(limbus)
    assert np.bincount(level.material).min() > 0 and len(MATERIALS) == 4
    iris, cup, cornea = (vertices[used(level, k)] for k in (IRIS, PUPIL_CUP, CORNEA))
    radius = np.hypot(iris[:, 0], iris[:, 1])
    assert radius.min() == pytest.approx(PUPIL * limbus, rel=1e-3)
    assert radius.max() > limbus > np.sort(radius)[-33]
    assert np.linalg.norm(iris, axis=1).max() < 1
    assert cup[:, 2].max() <= iris[:, 2].min() + 1e-6
    assert cornea[np.argmin(np.hypot(*cornea[:, :2].T)), 2] > 1.015
    sclera = np.linalg.norm(vertices[used(level, SCLERA)], axis=1)
    np.testing.assert_allclose(sclera, 1, atol=1e-5)


def test_uv_is_within_the_picture_and_nowhere_turned_over():
    vertices, level = eyeball()
    assert level.uv.min() >= 0 and level.uv.max() <= 1
    u, v = np.moveaxis(level.uv, -1, 0)
    area = (u * np.roll(v, -1, axis=1) - v * np.roll(u, -1, axis=1)).sum(axis=1)
    assert (area > 0).all()
    pupil = level.uv[level.material == PUPIL_CUP]
    np.testing.assert_allclose(pupil.reshape(-1, 2).mean(axis=0), 0.5, atol=1e-4)
    points = vertices[used(level, SCLERA)]
    points = points[points[:, 2] > -0.9]
    angle, around = eye_angles(eye_uv(points))
    np.testing.assert_allclose(angle, np.arccos(points[:, 2]), atol=1e-3)
    np.testing.assert_allclose(around, np.arctan2(points[:, 1], points[:, 0]), atol=1e-3)


def test_kabsch_finds_a_turn():
    angle = 0.3
    turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    points = np.random.default_rng(1).normal(size=(50, 3)).astype(np.float32)
    np.testing.assert_allclose(turn_between(points, (points @ turn.T + 0.2).astype(np.float32)), turn, atol=1e-5)


@pytest.mark.parametrize("side", [0, 1])
def test_lids_lie_on_the_eyeball(eyes_of_heads, side):
    for head in eyes_of_heads:
        centre, radius = fit_sphere(head.touching(side))
        for lid in (2 * side, 2 * side + 1):
            rings = head.neutral[np.concatenate([head.contact[lid], head.rim[lid]])]
            gap = MILLIMETRES_PER_UNIT * (np.linalg.norm(rings - centre, axis=2) - radius)
            assert gap.min(axis=0).max() < 0.36, "the lid stands off"
            assert gap[-1].min() > -0.15, "the eyeball sticks out through the lid's edge"


def test_a_shut_lid_hides_the_eyeball(eyes_of_heads):
    for head in eyes_of_heads:
        eye = part_on(head, 0)
        centre, radius = fit_sphere(head.touching(0))
        cornea = np.linalg.norm(eye.vertices - centre, axis=1).max()
        for lid in (0, 1):
            skin = head.posed["eyeBlinkLeft"][head.lash[lid]]
            distance = np.linalg.norm(skin - centre, axis=2)
            assert distance.min() > radius
        assert (cornea - radius) * MILLIMETRES_PER_UNIT < 1.0


@pytest.mark.parametrize("side", [0, 1])
def test_eyes_look_ahead_and_show_their_pupils(eyes_of_heads, side):
    for head in eyes_of_heads:
        eye = part_on(head, side)
        centre, _ = fit_sphere(head.touching(side))
        ahead = gaze(eye.vertices, eye, centre)
        assert abs(ahead[0]) < 1e-3
        assert -0.08 < ahead[1] < 1e-3
        edges = [head.neutral[head.rim[2 * side + lid][0]] for lid in (0, 1)]
        upper, lower = (np.interp(centre[0], *edge[np.argsort(edge[:, 0])].T[:2]) for edge in edges)
        pupil = eye.vertices[used(eye.levels[0], PUPIL_CUP)]
        assert pupil[:, 1].max() < upper
        iris = eye.vertices[used(eye.levels[0], CORNEA)]
        assert 9.5 < MILLIMETRES_PER_UNIT * np.ptp(iris[:, 0]) < 12.5
        assert 0.2 < MILLIMETRES_PER_UNIT * (iris[:, 1].max() - upper) < 3.2, "sleepy, or staring"
        assert -2.0 < MILLIMETRES_PER_UNIT * (lower - iris[:, 1].min()) < 1.0, "white below the iris"


def test_only_gazes_turn_the_eye_and_each_in_its_direction(eyes_of_heads):
    for head in eyes_of_heads:
        left, right = (part_on(head, side) for side in (0, 1))
        assert set(left.keys) == {"eyeLookUpLeft", "eyeLookDownLeft", "eyeLookOutLeft"}
        assert set(right.keys) == {"eyeLookInRight"}
        centre, _ = fit_sphere(head.touching(0))
        before = gaze(left.vertices, left, centre)
        moved = {name: gaze(left.vertices + offset, left, centre) - before for name, offset in left.keys.items()}
        assert moved["eyeLookUpLeft"][1] > 0.12
        assert moved["eyeLookDownLeft"][1] < -0.25
        assert moved["eyeLookOutLeft"][0] > 0.3
        aside = gaze(right.vertices + right.keys["eyeLookInRight"], right, fit_sphere(head.touching(1))[0])
        assert aside[0] > 0.3
        for offset in left.keys.values():
            distance = np.linalg.norm(left.vertices + offset - centre, axis=1)
            np.testing.assert_allclose(distance, np.linalg.norm(left.vertices - centre, axis=1), atol=1e-5)


def test_a_gaze_downwards_is_seen_under_its_lid(eyes_of_heads):
    for head in eyes_of_heads:
        eye = part_on(head, 0)
        turned = eye.vertices + eye.keys["eyeLookDownLeft"]
        upper = head.posed["eyeLookDownLeft"][head.rim[0][0]]
        order = np.argsort(upper[:, 0])
        middle = turned[used(eye.levels[0], PUPIL_CUP)].mean(axis=0)
        assert middle[1] < np.interp(middle[0], upper[order, 0], upper[order, 1])


@pytest.mark.parametrize("limbus", [LIMBUS, 0.2])
def test_an_eye_reaches_as_far_as_its_vertices_wherever_it_looks(limbus):
    turn = np.array([0.1, -0.4, 0.0])
    eye = Eye(np.array([0.1, 0.0, 0.2], np.float32), 0.05, limbus, -0.1, {"eyeLookInLeft": turn})
    part = eye_part("Eye Left", eye)
    outside = np.unique(np.concatenate([used(part.levels[0], SCLERA), used(part.levels[0], CORNEA)]))
    for pose in ({}, {"eyeLookInLeft": 1.0}):
        away = (part.vertices + pose.get("eyeLookInLeft", 0.0) * part.keys["eyeLookInLeft"])[outside] - eye.centre
        distance = np.linalg.norm(away, axis=1)
        np.testing.assert_allclose(eye.reach(away / distance[:, None], eye.gaze(pose)), distance, atol=1e-5)
    assert eye.reach(eye.gaze({}), eye.gaze({})) > 1.015 * eye.radius
    assert eye.reach(-eye.gaze({}), eye.gaze({})) == pytest.approx(eye.radius)


def test_lids_touch_the_eyeball_and_no_cornea_comes_through(eyes_of_heads, models):
    network = models.nphm.network
    assert isinstance(network, EmbeddedNPHM)
    sheet = network.sheet
    rings = lid_rims(sheet.vertices, sheet.faces, network.region_masks["left_eye"], SEAT_RINGS)
    touching = np.array(SEAT_RINGS) < 0
    for head in eyes_of_heads:
        eyes = eye_on(head, 0), eye_on(head, 1)
        names = "eyeLookDownLeft", "eyeLookInRight", "eyeBlinkLeft"
        for sheet_posed, pose in ((head.neutral, {}), *((head.posed[name], {name: 1.0}) for name in names)):
            seated = seated_lids(sheet_posed, rings, eyes, pose)
            for lid, ids in enumerate(rings):
                eye = eyes[lid // 2]
                away = seated[ids] - eye.centre
                distance = np.linalg.norm(away, axis=2)
                off = MILLIMETRES_PER_UNIT * (distance - eye.reach(away / distance[..., None], eye.gaze(pose)))
                assert off[~touching].min() > 0.09, "the eyeball comes through"
                assert off[touching].min() > -0.06
                if not pose:
                    assert off[touching].min(axis=0).max() < 0.01, "a lid stands off"
            moved = np.linalg.norm(seated - sheet_posed, axis=1)
            assert set(np.flatnonzero(moved > 1e-6)) <= set(np.concatenate([ids.ravel() for ids in rings]))
            assert moved.max() * MILLIMETRES_PER_UNIT < 2.01
