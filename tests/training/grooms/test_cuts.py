"""Cut styles are cut as their names say: by length, by density, along planes, inside their hairlines."""

from __future__ import annotations

import numpy as np
import pytest
from safetensors.torch import load_file
from scipy.spatial import cKDTree

from clip_head.core.hair.library import Stored, load_grooms
from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import load_nphm
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.types import MILLIMETRES_PER_UNIT, Bools, Floats

pytest.importorskip("anny")
from clip_head.training.grooms.cuts import density_at, length_at, scalp_depth, uncut
from clip_head.training.grooms.recipes import Recipe
from clip_head.training.grooms.scalp import Skin, template_skin


@pytest.fixture(scope="module")
def network() -> EmbeddedNPHM:
    network = load_nphm(EMBEDDED / "nphm").network
    assert isinstance(network, EmbeddedNPHM)
    return network


@pytest.fixture(scope="module")
def skin(network: EmbeddedNPHM) -> Skin:
    kept = load_file(EMBEDDED / "asset" / "asset.safetensors")["kept"].numpy().astype(bool)
    return template_skin(network, kept)


@pytest.fixture(scope="module")
def shipped(network: EmbeddedNPHM) -> dict[str, Stored]:
    return load_grooms(EMBEDDED / "grooms", network.sheet.vertices).grooms


def lengths(points: Floats) -> Floats:
    """Of guides (N,), mm."""
    return np.linalg.norm(np.diff(points, axis=1), axis=2).sum(axis=1) * MILLIMETRES_PER_UNIT


def covered(points: Floats, places: Floats) -> Bools:
    """Which places (M, 2), x and y on the forehead, have a guide before them within 4 mm."""
    lines = np.concatenate([points[:, :-1] * (1 - t) + points[:, 1:] * t for t in np.linspace(0, 1, 6)], axis=1)
    seen = lines[lines[..., 2] > 0.05][:, :2]
    return np.asarray(cKDTree(seen).query(places)[0] < 0.016)


def test_a_line_is_cut_where_it_comes_into_the_space() -> None:
    down = np.linspace([0.1, 0.5, 0.0], [0.1, -0.5, 0.0], 11, dtype=np.float32)
    lines = np.stack([down, down * [-1, 1, 1], np.add(down, [0.3, 0, 0]), down[::-1]])
    space = ((0.0, 1.0, 0.0, 0.25), (1.0, 0.0, 0.0, 0.2))
    # Those within, on either side; one beside; and one that is rooted within.
    np.testing.assert_allclose(uncut(lines, (space,)), [0.25, 0.25, 1, 1], atol=1e-6)
    np.testing.assert_allclose(uncut(lines, ()), 1)


def test_length_and_density_go_by_height() -> None:
    recipe = Recipe(lengths=((0.0, 0.02), (0.2, 0.4)), densities=((0.0, 0.2), (0.2, 1.0)))
    points = np.array([[0, -1, 0], [0, 0.1, 0], [0.1, 1, 0]], np.float32)
    length = length_at(recipe, points, np.random.default_rng(0))
    assert (length <= [0.02, 0.21, 0.4]).all() and (length >= 0.8 * np.array([0.02, 0.21, 0.4])).all()
    np.testing.assert_allclose(density_at(recipe, points), [0.2, 0.6, 1.0], atol=1e-6)
    one_side = Recipe(lengths=((-0.1, 0.02), (0.1, 0.4)), height=(1, 0, 0), mirrored=False)
    right, left = length_at(one_side, np.array([[-0.2, 0, 0], [0.2, 0, 0]], np.float32), np.random.default_rng(0))
    assert right < 0.03 and left > 0.3


def test_a_peak_comes_forwards_in_the_middle_alone(skin: Skin) -> None:
    points = skin.vertices
    plain, peaked = scalp_depth(Recipe(), points), scalp_depth(Recipe(peak=(0.07, 0.05)), points)
    middle = (np.abs(points[:, 0]) < 0.03) & (points[:, 2] > 0.1)
    assert (peaked[middle] > plain[middle] + 0.02).all()
    np.testing.assert_array_equal(peaked[np.abs(points[:, 0]) > 0.07], plain[np.abs(points[:, 0]) > 0.07])


@pytest.mark.parametrize("style", ["undercut", "fade", "quiff", "fauxhawk"])
def test_sides_are_short_below_long_hair(shipped: dict[str, Stored], style: str) -> None:
    one = shipped[style]
    roots, length = one.points[:, 0], lengths(one.points)
    sides = (roots[:, 1] < 0.12) & (np.abs(roots[:, 0]) > 0.15)
    top = (roots[:, 1] > 0.36) & (np.abs(roots[:, 0]) < 0.1)
    assert np.median(length[top]) > 2.5 * np.quantile(length[sides], 0.9)
    assert np.quantile(length[sides], 0.9) < 15


def test_a_fade_thins_out_to_the_skin(skin: Skin, shipped: dict[str, Stored]) -> None:
    one, points = shipped["fade"], skin.vertices
    side = (np.abs(points[:, 0]) > 0.15) & ~skin.masks["ears"] & (points[:, 2] < -0.15)
    low, high = (side & (points[:, 1] > a) & (points[:, 1] < b) for a, b in ((-0.1, 0.05), (0.3, 0.4)))
    assert one.density[low].max() < 0.25 and one.density[high].mean() > 0.8


def test_a_flat_top_is_flat(shipped: dict[str, Stored]) -> None:
    points = shipped["flattop"].points
    top = points[(points[:, 0, 1] > 0.41) & (np.abs(points[:, 0, 0]) < 0.12)]
    heights = top[:, -1, 1] * MILLIMETRES_PER_UNIT
    assert len(top) > 20 and np.quantile(heights, 0.9) - np.quantile(heights, 0.1) < 8
    assert np.median(top[:, -1, 1] - top[:, 0, 1]) * MILLIMETRES_PER_UNIT > 12


def test_a_tonsure_is_bare_on_top_with_a_ring_around(skin: Skin, shipped: dict[str, Stored]) -> None:
    one, points = shipped["tonsure"], skin.vertices
    assert one.density[(points[:, 1] > 0.43) & (np.abs(points[:, 0]) < 0.08)].max() == 0
    ring = (points[:, 1] > 0.2) & (points[:, 1] < 0.28) & ~skin.masks["face"] & (points[:, 2] < -0.1)
    assert one.density[ring].min() > 0.8
    assert one.density[(np.abs(points[:, 0]) < 0.03) & (points[:, 1] > 0.36) & (points[:, 2] > 0.05)].max() > 0.8


@pytest.mark.parametrize("style", ["fringe", "hime", "bowl", "bob01"])
def test_a_fringe_covers_the_forehead_and_leaves_the_eyes_free(shipped: dict[str, Stored], style: str) -> None:
    points = shipped[style].points
    x, y = np.meshgrid(np.arange(-0.12, 0.13, 0.02), np.arange(0.16, 0.34, 0.02))
    assert covered(points, np.stack([x.ravel(), y.ravel()], axis=1)).mean() > 0.97
    before_eyes = (np.abs(points[..., 0]) < 0.1) & (points[..., 1] < 0.07) & (points[..., 2] > 0.0)
    assert not before_eyes.any()


def test_a_comb_over_goes_over_the_bare_top(shipped: dict[str, Stored]) -> None:
    points = shipped["combover"].points
    over = (points[:, 0, 0] > 0.1) & (points[:, -1, 0] < 0)
    assert over.sum() > 20
    assert np.median(points[over][..., 1].max(axis=1)) > 0.4
    assert (points[points[:, 0, 0] < -0.1][:, -1, 0] < 0).mean() > 0.95


def test_a_bowl_ends_along_one_line(shipped: dict[str, Stored]) -> None:
    points = shipped["bowl"].points
    height = points[..., 1] - 0.186 * points[..., 2]
    long = height[:, 0] > 0.12
    assert height[long, -1].min() * MILLIMETRES_PER_UNIT > 0.093 * MILLIMETRES_PER_UNIT - 3
    assert lengths(points[~long]).max() < 15


def test_a_mullet_is_short_in_front_and_long_behind(shipped: dict[str, Stored]) -> None:
    points = shipped["mullet"].points
    front, behind = points[:, 0, 2] > 0.0, points[:, 0, 2] < -0.4
    assert np.median(lengths(points[behind])) > 2 * np.median(lengths(points[front]))
    assert np.quantile(points[behind, -1, 1], 0.2) < -0.35
