"""Lashes grow on the edges of the lids, away from the eye, alike on both sides, and go where the lids go."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.asset.eyes import fit_sphere
from clip_head.core.asset.lashes import lash_part, lash_strands, lid_rims
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.types import MILLIMETRES_PER_UNIT, AssetPart, Floats

MIRROR = np.array([-1, 1, 1], np.float32)


def spheres(head) -> tuple[Floats, list[float]]:
    fits = [fit_sphere(head.touching(side)) for side in (0, 1)]
    return np.stack([centre for centre, _ in fits]), [radius for _, radius in fits]


@pytest.fixture(scope="module")
def parts(eyes_of_heads) -> list[AssetPart]:
    return [
        lash_part(
            head.lids(head.neutral, head.lash),
            {name: head.lids(points, head.lash) for name, points in head.posed.items()},
            spheres(head)[0],
        )
        for head in eyes_of_heads
    ]


def test_rims_run_from_corner_to_corner_and_mirror_each_other(models):
    network = models.nphm.network
    assert isinstance(network, EmbeddedNPHM)
    sheet = network.sheet
    left_upper, left_lower, right_upper, right_lower = lid_rims(
        sheet.vertices, sheet.faces, network.region_masks["left_eye"]
    )
    for upper, lower, side in ((left_upper, left_lower, 1), (right_upper, right_lower, -1)):
        assert (upper[:, [0, -1]] == lower[:, [0, -1]]).all()
        across = side * sheet.vertices[upper[0], 0]
        blunt = 0.04 * np.ptp(across)
        assert across[0] - across.min() < blunt and across.max() - across[-1] < blunt
        assert sheet.vertices[upper[0], 1].mean() > sheet.vertices[lower[0], 1].mean()
    for left, right in ((left_upper, right_upper), (left_lower, right_lower)):
        np.testing.assert_allclose(sheet.vertices[left] * MIRROR, sheet.vertices[right], atol=5e-4)


def test_a_template_without_rings_has_no_rims():
    vertices = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
    with pytest.raises(ValueError, match="rings"):
        lid_rims(vertices, np.array([[0, 1, 2], [3, 4, 5]], np.int32), np.arange(6) < 3)


def test_lashes_stay_outside_the_eyeball(eyes_of_heads, parts):
    for head, part in zip(eyes_of_heads, parts, strict=True):
        centres, radii = spheres(head)
        for pose in (0.0, 0.5, 1.0):
            vertices = part.vertices + pose * part.keys["eyeBlinkLeft"]
            for lashes, centre, radius in zip(np.split(vertices, 2), centres, radii, strict=True):
                distance = np.linalg.norm(lashes - centre, axis=1) - radius
                assert distance.min() * MILLIMETRES_PER_UNIT > -0.2
                tips = distance.reshape(-1, 8)[:, 6:]
                assert (tips > 0).all() and np.median(tips) * MILLIMETRES_PER_UNIT > 2


def test_lashes_are_as_long_as_peoples(eyes_of_heads, parts):
    for head, part in zip(eyes_of_heads, parts, strict=True):
        left = part.vertices[: len(part.vertices) // 2].reshape(-1, 4, 2, 3).mean(axis=2)
        length = np.linalg.norm(np.diff(left, axis=1), axis=2).sum(axis=1)
        upper = head.neutral[head.rim[0][0]]
        length /= np.linalg.norm(upper[-1] - upper[0])
        up = left[:, -1, 1] > left[:, 0, 1]
        assert 0.22 < length[:110].max() < 0.45
        assert 0.1 < length[110:].max() < 0.28
        assert up[:110].mean() > 0.8
        assert (~up[110:]).mean() > 0.8


def test_both_eyes_are_of_one_order_and_mirror_images(eyes_of_heads, parts):
    head, part = eyes_of_heads[0], parts[0]
    assert part.mirror is not None
    assert (part.mirror[part.mirror] == np.arange(len(part.vertices))).all()
    level = part.levels[0]
    left, right = np.split(level.quads, 2)
    assert (part.mirror[left] == right[:, ::-1]).all()
    rims = head.lids(head.neutral, head.lash)
    even = (rims[0], rims[1], rims[0] * MIRROR, rims[1] * MIRROR)
    centre = spheres(head)[0][0]
    made = lash_part(even, {}, np.stack([centre, centre * MIRROR]))
    np.testing.assert_allclose(made.vertices[part.mirror] * MIRROR, made.vertices, atol=1e-6)


def test_lashes_follow_a_blink_and_nothing_else_moves_them(eyes_of_heads, parts):
    for head, part in zip(eyes_of_heads, parts, strict=True):
        assert "tongueOut" not in part.keys
        assert {"eyeBlinkLeft", "eyeLookDownLeft"} <= set(part.keys)
        blink = part.keys["eyeBlinkLeft"]
        left, right = np.split(blink, 2)
        assert (right == 0).all()
        roots = left.reshape(-1, 8, 3)[:, 0]
        edge = head.posed["eyeBlinkLeft"][head.rim[0][0]] - head.neutral[head.rim[0][0]]
        assert roots[:110, 1].min() == pytest.approx(edge[:, 1].min(), abs=0.012)
        # What were two rows has become one.
        shut = (part.vertices + blink)[: len(left)].reshape(-1, 8, 3)[:, 0]
        upper, lower = shut[30:80], shut[130:145]
        line = np.interp(lower[:, 0], np.sort(upper[:, 0]), upper[np.argsort(upper[:, 0]), 1])
        assert np.abs(line - lower[:, 1]).max() * MILLIMETRES_PER_UNIT < 3.5


def test_strips_are_thin_and_end_in_a_point(parts):
    for part in parts:
        pairs = part.vertices.reshape(-1, 4, 2, 3)
        width = np.linalg.norm(pairs[:, :, 1] - pairs[:, :, 0], axis=2) * MILLIMETRES_PER_UNIT
        assert width.max() < 0.4
        assert (np.diff(width, axis=1) < 0).all()
        level = part.levels[0]
        assert part.materials == ("Lashes",)
        assert len(level.quads) == 3 * len(pairs)
        assert level.uv.min() >= 0 and level.uv.max() <= 1


@pytest.mark.parametrize("longer", [1.0, 1.35])
def test_each_strand_lies_along_a_strip_and_is_rooted_in_its_column(eyes_of_heads, longer):
    for head in eyes_of_heads:
        rims = head.lids(head.neutral, head.lash)
        part = lash_part(rims, {}, spheres(head)[0], longer)
        lines, roots = lash_strands(rims, spheres(head)[0], np.array([0.0, 0.35, 0.7, 1.0]), longer)
        strips = part.vertices.reshape(-1, 4, 2, 3).mean(axis=2)
        assert np.abs(lines - strips).max() * MILLIMETRES_PER_UNIT < 0.02
        root_quads = part.levels[0].uv[::3]
        assert ((roots > root_quads.min(axis=1)) & (roots < root_quads.max(axis=1))).all()
        assert len(np.unique(roots[:, 0])) == len(roots)


def test_longer_lashes_are_so_many_times_as_long_and_no_broader(eyes_of_heads):
    head = eyes_of_heads[0]
    rims = head.lids(head.neutral, head.lash)
    usual, long = (
        lash_part(rims, {}, spheres(head)[0], longer).vertices.reshape(-1, 4, 2, 3) for longer in (1.0, 1.35)
    )
    length, width = (
        [np.linalg.norm(np.diff(strips.mean(axis=2), axis=1), axis=2).sum(axis=1) for strips in (usual, long)],
        [np.linalg.norm(strips[:, :, 1] - strips[:, :, 0], axis=2) for strips in (usual, long)],
    )
    np.testing.assert_allclose(length[1], 1.35 * length[0], rtol=2e-3)
    np.testing.assert_allclose(width[1], width[0], atol=1e-6)
