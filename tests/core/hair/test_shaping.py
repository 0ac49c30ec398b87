"""Degrees of hair: longer, curlier, fuller, messier guides, and parts on the other side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clip_head.core.hair.library import Stored
from clip_head.core.hair.shaping import (
    CENTRE,
    LONGEST,
    PART,
    SHORTEST,
    lengthened,
    part_of,
    shaped,
)
from clip_head.core.types import Floats, GroomLook, Hairstyle


def falling(part: float = 0.0) -> Stored:
    """Hair on the top of a ball that is parted at an x and falls to both sides."""
    rng = np.random.default_rng(1)
    angles = rng.uniform(-0.9, 0.9, (400, 2))
    outwards = np.column_stack([np.sin(angles[:, 0]), np.ones(400), np.sin(angles[:, 1])])
    outwards /= np.linalg.norm(outwards, axis=1, keepdims=True)
    roots = CENTRE + 0.3 * outwards
    sides = np.where(roots[:, 0] > part, 1.0, -1.0)
    way = np.column_stack([sides, np.zeros(400), np.zeros(400)])
    turn = np.linspace(0, 1.5, 24)[None, :, None]
    lines = roots[:, None] + 0.35 * (np.sin(turn) * way[:, None] + (np.cos(turn) - 1) * np.array([0, 1, 0]))
    shares = np.full((400, 3), 1 / 3, np.float32)
    return Stored(
        lines.astype(np.float32), np.zeros((400, 3), np.int32), shares, np.ones(3, np.float32), GroomLook(clump=0.3)
    )


def lengths(lines: Floats) -> Floats:
    return np.asarray(np.linalg.norm(np.diff(lines, axis=1), axis=2).sum(axis=1))


def test_without_degrees_a_style_is_the_very_same() -> None:
    stored = falling()
    back = shaped(stored, Hairstyle({"bob": 1.0}))
    np.testing.assert_array_equal(back.points, stored.points)
    assert back.look == stored.look


@pytest.mark.parametrize(
    "style",
    [
        Hairstyle(length=1),
        Hairstyle(length=-1),
        Hairstyle(volume=1),
        Hairstyle(volume=-1),
        Hairstyle(curl=1),
        Hairstyle(curl=-1),
        Hairstyle(messiness=1),
        Hairstyle(wetness=1),
        Hairstyle(part=-1),
    ],
)
def test_roots_stay_whatever_is_asked_for(style: Hairstyle) -> None:
    stored = falling(0.05)
    back = shaped(stored, style)
    assert np.isfinite(back.points).all() and back.points.dtype == np.float32
    assert back.points.shape == stored.points.shape
    np.testing.assert_allclose(back.points[:, 0], stored.points[:, 0], atol=1e-6)


def test_length_follows_its_degree() -> None:
    stored = falling()
    before = lengths(stored.points)
    ratios = [
        float(np.mean(lengths(shaped(stored, Hairstyle(length=at)).points) / before)) for at in (-1, -0.5, 0.5, 1)
    ]
    assert ratios == sorted(ratios)
    assert ratios[0] == pytest.approx(SHORTEST, abs=0.03)
    assert ratios[-1] == pytest.approx(LONGEST, abs=0.06)


def test_falling_hair_goes_on_down_and_standing_hair_up() -> None:
    stored = falling()
    longer = lengthened(stored.points, 1.8)
    assert (longer[:, -1, 1] < stored.points[:, -1, 1] - 0.1).all()
    up = stored.points[:, :1] + np.linspace(0, 0.2, 24)[None, :, None] * np.array([0, 1, 0])
    standing = lengthened(up.astype(np.float32), 1.8)
    np.testing.assert_allclose(standing[:, -1, 1] - up[:, 0, 1], 0.36, atol=0.02)


def test_volume_lifts_hair_from_the_head_and_lays_it_down() -> None:
    stored = falling()

    def height(style: Hairstyle) -> float:
        points = shaped(stored, style).points[:, 8]
        return float(np.linalg.norm(points - CENTRE, axis=1).mean())

    assert height(Hairstyle(volume=1)) > height(Hairstyle()) + 0.03
    assert height(Hairstyle(volume=-1)) < height(Hairstyle()) - 0.003
    assert height(Hairstyle(wetness=1)) < height(Hairstyle()) - 0.001


def test_curl_makes_a_guide_longer_on_its_way_and_straightness_shorter() -> None:
    stored = falling()
    curly = shaped(stored, Hairstyle(curl=1))
    assert lengths(curly.points).mean() > 1.05 * lengths(stored.points).mean()
    assert curly.look.curl > stored.look.curl
    assert shaped(stored, Hairstyle(curl=0.3)).look.curl == 0.0, "waves are the guides' own"
    straight = shaped(replace(curly), Hairstyle(curl=-1))
    assert lengths(straight.points).mean() < lengths(curly.points).mean() - 0.02
    assert straight.look.curl == 0.0


def test_messy_hair_strays_at_its_tips_and_wet_hair_gathers() -> None:
    stored = falling()
    messy = shaped(stored, Hairstyle(messiness=1))
    moved = np.linalg.norm(messy.points - stored.points, axis=2)
    assert moved[:, -1].mean() > max(0.03, 3 * moved[:, 4].mean())
    assert messy.look.frizz > stored.look.frizz and messy.look.clump < stored.look.clump
    wet = shaped(stored, Hairstyle(wetness=1))
    assert wet.look.clump > 0.85 and wet.look.frizz < stored.look.frizz
    again = shaped(stored, Hairstyle(messiness=1))
    np.testing.assert_array_equal(messy.points, again.points)


def test_the_part_is_found_where_there_is_one() -> None:
    for at in (-0.1, 0.0, 0.1):
        assert part_of(falling(at).points) == pytest.approx(at, abs=0.025)
    combed = falling()
    forwards = combed.points[:, :1] + np.linspace(0, 0.2, 24)[None, :, None] * np.array([0, 0, 1])
    assert part_of(forwards.astype(np.float32)) is None


@pytest.mark.parametrize("wanted", [-1.0, -0.5, 0.0, 0.8])
@pytest.mark.parametrize("own", [-0.08, 0.0, 0.08])
def test_hair_is_parted_where_words_want_it(own: float, wanted: float) -> None:
    back = shaped(falling(own), Hairstyle(part=wanted))
    assert part_of(back.points) == pytest.approx(wanted * PART, abs=0.03)


def test_what_is_not_parted_stays() -> None:
    stored = falling()
    forwards = stored.points[:, :1] + np.linspace(0, 0.2, 24)[None, :, None] * np.array([0, 0, 1])
    combed = replace(stored, points=forwards.astype(np.float32))
    np.testing.assert_array_equal(shaped(combed, Hairstyle(part=1)).points, combed.points)
