"""Every head is laid on the canonical one point by point, and dressed in what was painted there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clip_head.core.errors import ModelError
from clip_head.core.texture import Canonical, dress, load_canonical, register
from clip_head.core.texture.albedo.canonical import FILE, alike_on_both_sides, scalp, take_apart
from clip_head.core.types import Edit
from clip_head.core.uv import draw_uv_maps

SIZE = 256


@pytest.fixture(scope="module")
def picture(canonical: Canonical) -> np.ndarray:
    """Skin with a smooth change over it, blue hair on the scalp."""
    maps = draw_uv_maps(canonical.mesh, SIZE)
    row, column = np.mgrid[:SIZE, :SIZE] / SIZE
    skin = np.stack([150 + 60 * row, 110 + 40 * column, 90 + 0 * row], axis=-1)
    covered = np.zeros((SIZE, SIZE, 1))
    covered[maps.mask, 0] = scalp(maps.position[maps.mask])
    return np.round(skin + covered * (np.array([20, 30, 200]) - skin)).astype(np.uint8)


def test_the_canonical_head_lies_on_itself(canonical: Canonical) -> None:
    off = np.linalg.norm(canonical.uv_of(canonical.mesh) - canonical.mesh.uv, axis=1) * 512
    assert np.median(off) < 0.05
    assert np.percentile(off, 99) < 1.5


def test_the_two_sides_of_the_seam_look_each_at_their_own(canonical: Canonical) -> None:
    mesh = canonical.mesh
    order = np.argsort(mesh.source, kind="stable")
    same = np.flatnonzero(mesh.source[order][1:] == mesh.source[order][:-1])
    twins = np.stack([order[same], order[same + 1]])
    found = canonical.uv_of(mesh)[twins, 0]
    assert len(same) > 50
    assert ((found < 0.5) == (mesh.uv[twins, 0] < 0.5)).all()


def test_no_triangle_runs_across_the_image(canonical: Canonical) -> None:
    corners = canonical.uv_of(canonical.mesh)[canonical.mesh.faces]
    assert np.ptp(corners, axis=1).max() < 0.1


def test_a_larger_head_has_the_same_control_image(canonical: Canonical) -> None:
    plain = canonical.control(canonical.points, 128)
    larger = canonical.control(1.3 * canonical.points + 0.1, 128)
    assert np.abs(plain.normal[plain.mask] - larger.normal[plain.mask]).max() < 1e-3


def test_a_bald_head_wears_no_hair(canonical: Canonical, picture: np.ndarray) -> None:
    laid = register(canonical, canonical.mesh, SIZE)
    bald = dress(canonical, picture, laid, None)[laid.mask].astype(int)
    assert (bald[:, 2] < bald[:, 0]).all(), "no texel is blue"


def test_hair_is_of_the_scalps_colour_wherever_it_grows(canonical: Canonical, picture: np.ndarray) -> None:
    laid = register(canonical, canonical.mesh, SIZE)
    everywhere = dress(canonical, picture, laid, np.ones(len(laid.uv), np.float32))[laid.mask].astype(int)
    assert (everywhere[:, 2] > everywhere[:, 0] + 50).mean() > 0.99
    assert everywhere[:, 2].std() > 5, "it has strands"


def test_the_face_stays_as_it_was_painted(canonical: Canonical, picture: np.ndarray) -> None:
    maps = draw_uv_maps(canonical.mesh, SIZE)
    face = maps.mask & (0.75 * maps.position[..., 1] - 0.66 * maps.position[..., 2] < 0.0)
    assert (take_apart(canonical, picture).skin[face] == picture[face]).all()


def test_an_albedo_goes_there_and_back(canonical: Canonical, picture: np.ndarray) -> None:
    laid = register(canonical, canonical.mesh, SIZE)
    hair = scalp(laid.points)
    mask = np.zeros((SIZE, SIZE), np.float32)
    mask[SIZE // 2 :] = 1
    moved = laid.edit_to_canonical(Edit(picture, 0.5, mask), hair, SIZE)
    inside = laid.mask & (np.abs(np.arange(SIZE) - SIZE // 2) > 3)[:, None]
    assert np.abs(moved.albedo.astype(int) - picture)[inside].mean() < 2
    assert moved.mask is not None
    assert np.abs(moved.mask - mask)[inside].mean() < 0.01
    assert moved.strength == 0.5


def test_a_mesh_that_knows_no_template_is_refused(canonical: Canonical) -> None:
    with pytest.raises(ValueError, match="template"):
        register(canonical, replace(canonical.mesh, template_points=None), SIZE)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    assert load_canonical(tmp_path) is None
    (tmp_path / FILE).write_bytes(b"nonsense")
    with pytest.raises(ModelError, match="canonical"):
        load_canonical(tmp_path)


def test_hair_is_alike_on_both_sides_unless_they_differ_much() -> None:
    wavering = np.full((16, 16, 3), 150, np.float32)
    wavering[:, :8] += 20
    assert np.ptp(alike_on_both_sides(wavering)) < 1e-3
    halves = np.full((16, 16, 3), 30, np.float32)
    halves[:, :8] = (230, 60, 180)
    assert (alike_on_both_sides(halves) == halves).all()
