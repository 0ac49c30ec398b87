"""Guides grow where hair grows, within the volume of their style, out of the skin, and the same again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.spatial import cKDTree

from clip_head.core.hair.library import BROWS, LASHES, Stored, load_grooms
from clip_head.core.models import EMBEDDED
from clip_head.core.types import MILLIMETRES_PER_UNIT, Floats

pytest.importorskip("anny")
from clip_head.training.grooms.cuts import scalp_depth
from clip_head.training.grooms.fields import beard_distance, hair_distance
from clip_head.training.grooms.recipes import BEARDS, HAIR, Recipe
from clip_head.training.grooms.train import Template, all_grooms, hair

pytestmark = pytest.mark.slow(minutes=0.5)

#: Styles that are the same on both sides.
SYMMETRIC = ("afro01", "buzz", "mohawk", "pigtails", "bun", "wavy", "long02")
#: Part of the guides that tests grow.
PART = 0.15


@pytest.fixture(scope="module")
def shipped(template: Template) -> dict[str, Stored]:
    return load_grooms(EMBEDDED / "grooms", template.network.sheet.vertices).grooms


def lengths(points: Floats) -> Floats:
    """Of guides (N,), mm."""
    return np.linalg.norm(np.diff(points, axis=1), axis=2).sum(axis=1) * MILLIMETRES_PER_UNIT


def test_every_style_and_beard_of_the_head_model_has_a_row(template: Template) -> None:
    config = template.network.config
    assert set(config.styles) <= set(HAIR) and set(config.beards) <= set(BEARDS)
    assert {row.volume or name for name, row in HAIR.items()} == set(config.styles)
    drawn = {row.volume for row in BEARDS.values() if row.strokes}
    assert drawn <= {"", *config.beards} and "" in drawn
    assert {row.volume or name for name, row in BEARDS.items() if not row.strokes} == set(config.beards)


def test_a_style_grows_again_to_the_same_bytes(template: Template) -> None:
    first, again = (all_grooms(template, PART, 3, ["sidepart", "goatee", BROWS]) for _ in range(2))
    assert {name: (one.kind, one.volume) for name, one in first.items()} == {
        "sidepart": ("hair", "sidepart"),
        "goatee": ("beard", "goatee"),
        BROWS: ("brows", ""),
    }
    for name, one in first.items():
        for field in ("points", "corners", "barycentric", "density"):
            assert getattr(one, field).tobytes() == getattr(again[name], field).tobytes()
    other = all_grooms(template, PART, 4, ["sidepart"])["sidepart"]
    assert other.points.shape != first["sidepart"].points.shape or (other.points != first["sidepart"].points).any()


def test_no_guide_of_any_style_is_in_the_skin(template: Template, shipped: dict[str, Stored]) -> None:
    for name, one in shipped.items():
        inner = one.points[:, 1:].reshape(-1, 3)
        depth = -template.network.template_distance(torch.from_numpy(inner)).numpy() * MILLIMETRES_PER_UNIT
        assert depth.max() < 0.5, name


def test_guides_stay_in_the_volume_of_their_style(template: Template, shipped: dict[str, Stored]) -> None:
    for name in ("bob01", "curly", "slicked", "wavy", "mohawk"):
        outside = hair_distance(template.network, name).at(shipped[name].points.reshape(-1, 3))
        assert np.quantile(outside, 0.99) * MILLIMETRES_PER_UNIT < 6, name
    volume = beard_distance(template.network, "full", template.distance)
    assert np.quantile(volume.at(shipped["full"].points.reshape(-1, 3)), 0.95) * MILLIMETRES_PER_UNIT < 6


def test_the_crown_is_bare_where_hair_is_lost(template: Template, shipped: dict[str, Stored]) -> None:
    crown = template.skin.vertices[:, 1] > 0.4
    assert shipped["balding"].density[crown].max() == 0 and shipped["bob02"].density[crown].min() > 0.9
    temples = (np.abs(template.skin.vertices[:, 0]) > 0.14) & (template.skin.vertices[:, 2] > 0.0)
    temples &= template.skin.vertices[:, 1] > 0.3
    assert shipped["receding"].density[temples].mean() < 0.5 * shipped["buzz"].density[temples].mean()


def test_hair_thins_out_along_its_line(template: Template) -> None:
    one = hair(template, "buzz", HAIR["buzz"], PART, 0)
    depth = scalp_depth(HAIR["buzz"], template.skin.vertices)
    ears = template.skin.masks["ears"]
    assert one.density[depth < -0.02].max() == 0
    assert one.density[(depth > 0.1) & ~ears].min() > 0.9
    edge = one.density[(depth > 0.0) & (depth < 0.03) & ~ears]
    assert 0.1 < edge.mean() < 0.7


@pytest.mark.parametrize("name", SYMMETRIC)
def test_symmetric_styles_are_nearly_symmetric(shipped: dict[str, Stored], name: str) -> None:
    points = shipped[name].points.reshape(-1, 3)
    mirrored = points * np.array([-1, 1, 1], np.float32)
    distance = cKDTree(points).query(mirrored)[0] * MILLIMETRES_PER_UNIT
    assert np.quantile(distance, 0.9) < 8
    assert abs(shipped[name].points[:, 0, 0].mean()) * MILLIMETRES_PER_UNIT < 3


def test_lengths_are_those_of_their_styles(shipped: dict[str, Stored]) -> None:
    assert np.median(lengths(shipped["buzz"].points)) < 12 < np.median(lengths(shipped["short02"].points))
    assert np.median(lengths(shipped["long01"].points)) > 1.5 * np.median(lengths(shipped["short02"].points))
    assert lengths(shipped["stubble"].points).max() < 5
    assert lengths(shipped["long"].points).max() > 80
    assert 4 < np.median(lengths(shipped[BROWS].points)) < 10
    assert 3 < np.median(lengths(shipped[LASHES].points)) < 11


def test_brows_and_lashes_are_mirrored_and_lashes_point_forwards(shipped: dict[str, Stored]) -> None:
    for name in (BROWS, LASHES):
        points = shipped[name].points
        half = len(points) // 2
        np.testing.assert_allclose(points[:half] * [-1, 1, 1], points[half:], atol=0.002)
    lashes = shipped[LASHES].points
    assert (lashes[:, -1, 2] - lashes[:, 0, 2]).mean() * MILLIMETRES_PER_UNIT > 2


def test_hair_that_is_tied_goes_through_its_tie(shipped: dict[str, Stored]) -> None:
    for name in ("bun", "topknot", "ponytail01", "pigtails", "braid01"):
        ties = np.array(HAIR[name].ties)
        near = np.linalg.norm(shipped[name].points[:, :, None] - ties, axis=3).min(axis=(1, 2))
        assert np.quantile(near, 0.95) * MILLIMETRES_PER_UNIT < 30, name


def test_a_new_style_is_a_row(template: Template) -> None:
    """A style with a part, in the volume of another."""
    row = Recipe(part=((0.1, 0.4, -0.3), (0.1, 0.38, 0.0)), gravity=0.5, longest=0.2, mirrored=False)
    one = hair(template, "bob02", row, PART, 0)
    away = one.points[:, -1, 0] - one.points[:, 0, 0]
    top = one.points[:, 0, 1] > 0.35
    assert (away[top & (one.points[:, 0, 0] < 0.05)] < 0).mean() > 0.8
    assert lengths(one.points).max() < 0.21 * MILLIMETRES_PER_UNIT
    shorter = hair(template, "bob02", replace(row, longest=0.1), PART, 0)
    assert lengths(shorter.points).max() < 0.11 * MILLIMETRES_PER_UNIT
