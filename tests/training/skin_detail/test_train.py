"""The atlas of skin detail, made of tiny skins on a tiny head."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.types import Floats
from clip_head.training.skin_detail.train import (
    Place,
    brow_hairs,
    drawn_lines,
    pore_tile,
    porous,
    relative_detail,
    without_moles,
)

SIDE = 128


@pytest.fixture(scope="module")
def skin() -> Floats:
    """A skin with fine grain, twice as bright on the right."""
    light = np.random.default_rng(3).normal(0.4, 0.02, (256, 256)).astype(np.float32)
    light[:, 128:] *= 2
    return light


@pytest.fixture(scope="module")
def place() -> Place:
    """A flat face from the front: eyes and brows are squares of it."""
    row, column = np.mgrid[:SIDE, :SIDE]
    uv = np.stack([(column + 0.5) / SIDE, 1 - (row + 0.5) / SIDE], axis=-1).reshape(-1, 2).astype(np.float32)
    points = np.column_stack([0.6 * uv - 0.3, np.full(len(uv), 0.2, np.float32)]).astype(np.float32)
    x, y, _ = points.T
    nothing = np.zeros(len(uv), np.float32)
    names = ("lips", "ears", "mouth", "nostrils", "nose")
    eyes = ((np.abs(np.abs(x) - 0.12) < 0.05) & (np.abs(y) < 0.03)).astype(np.float32)
    fields = dict.fromkeys(names, nothing) | {
        "trusted": nothing + 1,
        "eyes": eyes,
        "openings": eyes,
        "brows": ((np.abs(np.abs(x) - 0.12) < 0.08) & (np.abs(y - 0.1) < 0.04)).astype(np.float32),
    }
    return Place(np.ones((SIDE, SIDE), bool), uv, points, fields)


def test_detail_does_not_know_how_bright_a_skin_is(skin: Floats) -> None:
    detail = relative_detail(skin, 3.0)
    left, right = detail[:, 20:100], detail[:, 156:236]
    assert left.std() == pytest.approx(right.std(), rel=0.1)
    assert abs(left.mean()) < 0.002


def test_pores_repeat_without_a_seam_and_are_as_strong_everywhere(skin: Floats, place: Place) -> None:
    tile = pore_tile([skin], place, np.random.default_rng(0))
    assert abs(tile.mean()) < 1e-4
    step = np.abs(np.diff(tile, axis=0)).mean()
    assert np.abs(tile[0] - tile[-1]).mean() < 1.3 * step
    quarters = [part.std() for half in np.split(tile, 2) for part in np.split(half, 2, axis=1)]
    assert max(quarters) < 1.25 * min(quarters)
    assert (pore_tile([skin], place, np.random.default_rng(0)) == tile).all()


def test_eyes_have_neither_pores_nor_lines(skin: Floats, place: Place) -> None:
    eyes = place.fields["eyes"] == 1
    assert (porous(place)[eyes] == 0).all()
    lines = drawn_lines(skin, place)
    assert (lines[eyes] == 0).all()
    assert lines[~eyes].std() > 0.01


def test_hairs_grow_in_brows_outwards_and_even_out(place: Place) -> None:
    hairs = brow_hairs(place, 2 * SIDE, np.random.default_rng(0))
    image = place.image(place.fields["brows"]).repeat(2, axis=0).repeat(2, axis=1)
    assert np.abs(hairs[image == 0]).mean() < 0.05
    inside = hairs[image == 1]
    assert inside.std() > 0.1
    assert abs(inside.mean()) < 0.25 * inside.std()


def test_a_head_without_brows_has_none(place: Place) -> None:
    bald = Place(place.mask, place.uv, place.points, place.fields | {"brows": np.zeros(SIDE**2, np.float32)})
    assert not brow_hairs(bald, SIDE, np.random.default_rng(0)).any()


def test_a_dark_spot_of_one_side_is_no_detail_of_everybody() -> None:
    lines = np.zeros((64, 64), np.float32)
    lines[20, 10:20] = lines[20, 44:54] = -0.1  # a line on both sides
    lines[40, 12] = -0.1  # a mole
    kept = without_moles(lines)
    assert (kept[20] == lines[20]).all()
    assert kept[40].min() > -0.05
