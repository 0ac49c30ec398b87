"""Colours are where they belong: skin tones, hair, eyes, lips, beards and make-up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from skimage.color import rgb2lab

from clip_head.core.errors import ClipHeadError
from clip_head.core.types import Floats
from clip_head.training.skins import SkinAssets, albedo_at, load_assets
from clip_head.training.skins.bake import bake_albedo
from clip_head.training.skins.locate import SurfacePoints, closest
from clip_head.training.teacher.appearance import HAIR, TONES, Appearance
from clip_head.training.teacher.dataset import Template

pytestmark = pytest.mark.slow

PLAIN = Appearance(skins=(("young_lightskinned_male_", 1.0),), seed=5, brows=99)
FOREHEAD, CHEEK, MOUTH_CENTRE, CHIN = (0.0, 0.2, 0.2), (0.13, -0.1, 0.19), (0.0, -0.254, 0.2), (0.0, -0.36, 0.13)
SOCKET, BESIDE_MOUTH, BACK = (0.118, 0.1, 0.23), (0.13, -0.24, 0.18), (0.0, 0.1, -0.35)
EYE = (0.118, 0.033, 0.255)


def colour(assets: SkinAssets, appearance: Appearance, place: tuple[float, float, float]) -> Floats:
    """Mean sRGB of the template around the point nearest to a place."""
    rng = np.random.default_rng(0)
    at = np.array(place, np.float32) + rng.normal(0, 0.003, (60, 3)).astype(np.float32)
    face, bary = closest(assets.template.vertices, assets.template.faces, at)
    return albedo_at(assets, appearance, face, bary, np.zeros(len(at), np.float32), at).mean(axis=0)


def lab(rgb: Floats) -> Floats:
    return rgb2lab(np.asarray(rgb)[None, None])[0, 0]


def test_missing_assets_are_named(tmp_path: Path, template: Template) -> None:
    with pytest.raises(ClipHeadError, match=str(tmp_path / "nowhere")):
        load_assets(tmp_path / "nowhere", template)


def test_same_appearance_same_colours(assets: SkinAssets) -> None:
    rng = np.random.default_rng(3)
    face = rng.integers(len(assets.template.faces), size=500).astype(np.int32)
    bary = rng.dirichlet((1, 1, 1), 500).astype(np.float32)
    at = rng.normal(0, 0.3, (500, 3)).astype(np.float32)
    hair = rng.random(500).astype(np.float32)
    joker = replace(PLAIN, make_up="joker", beard="full", freckles=1.0)
    first = albedo_at(assets, joker, face, bary, hair, at)
    assert first.tobytes() == albedo_at(assets, joker, face, bary, hair, at).tobytes()
    assert first.min() >= 0 and first.max() <= 1
    assert not np.array_equal(first, albedo_at(assets, replace(joker, seed=6), face, bary, hair, at))


def test_tones_run_from_light_to_dark(assets: SkinAssets) -> None:
    lightness = [lab(colour(assets, replace(PLAIN, tone=tone, flush=0.0), FOREHEAD))[0] for tone in TONES]
    assert np.all(np.diff(lightness) < -2)
    assert lightness == pytest.approx([tone[0] for tone in TONES.values()], abs=4)


@pytest.mark.parametrize("name", HAIR)
def test_hair_has_the_colour_of_its_name(assets: SkinAssets, name: str) -> None:
    rng = np.random.default_rng(4)
    at = rng.normal(0, 0.25, (2000, 3)).astype(np.float32)
    face, bary = np.zeros(2000, np.int32), np.tile(np.array([1, 0, 0], np.float32), (2000, 1))
    strands = albedo_at(assets, replace(PLAIN, hair=name), face, bary, np.ones(2000, np.float32), at)
    middle = lab(strands.mean(axis=0))
    distances = {other: float(np.linalg.norm(middle - lab(np.array(rgb)))) for other, rgb in HAIR.items()}
    assert min(distances, key=lambda other: distances[other]) == name
    assert distances[name] < 9
    assert strands.std(axis=0).max() > 0.004


def test_eyes_look_forward(assets: SkinAssets) -> None:
    blue, brown = replace(PLAIN, eyes="blue"), replace(PLAIN, eyes="brown")
    beside = (EYE[0] + 0.016, EYE[1], 0.252)
    assert colour(assets, blue, EYE).max() < 0.35
    ring = colour(assets, blue, beside)
    assert ring[2] > ring[0] + 0.15
    ring = colour(assets, brown, beside)
    assert ring[0] > ring[2] + 0.03


def test_lipstick_stays_on_the_lips(assets: SkinAssets) -> None:
    painted = replace(PLAIN, lips="red")
    red = colour(assets, painted, MOUTH_CENTRE)
    assert red[0] > 0.5 and red[0] > 3 * red[1]
    np.testing.assert_allclose(colour(assets, painted, CHEEK), colour(assets, PLAIN, CHEEK), atol=1e-6)


def test_joker_is_white_with_dark_sockets_and_a_wide_red_mouth(assets: SkinAssets) -> None:
    joker = replace(PLAIN, make_up="joker", tone="brown")
    assert colour(assets, joker, FOREHEAD).min() > 0.75
    assert colour(assets, joker, SOCKET).max() < colour(assets, joker, FOREHEAD).max() - 0.15
    for place in (MOUTH_CENTRE, BESIDE_MOUTH):
        red = colour(assets, joker, place)
        assert red[0] > 0.45 and red[0] > 1.5 * red[1]
    np.testing.assert_allclose(
        colour(assets, joker, BACK), colour(assets, replace(PLAIN, tone="brown"), BACK), atol=0.02
    )


@pytest.mark.parametrize(
    "make_up", ["clown", "skull", "zombie", "football", "tribal", "smoky", "goth", "mime", "cat", "tiger"]
)
def test_make_up_paints_the_face_only(assets: SkinAssets, make_up: str) -> None:
    places = (FOREHEAD, CHEEK, MOUTH_CENTRE, SOCKET, (0.0, -0.1, 0.23), (0.118, 0.07, 0.2))
    painted = replace(PLAIN, make_up=make_up)
    moved = [np.abs(colour(assets, painted, place) - colour(assets, PLAIN, place)).max() for place in places]
    assert max(moved) > 0.1
    if make_up != "zombie":
        np.testing.assert_allclose(colour(assets, painted, BACK), colour(assets, PLAIN, BACK), atol=1e-6)


def test_beards_grow_on_the_chin(assets: SkinAssets) -> None:
    plain, bearded = PLAIN, replace(PLAIN, beard="full", own_hair="black")
    assert lab(colour(assets, bearded, CHIN))[0] < lab(colour(assets, plain, CHIN))[0] - 25
    np.testing.assert_allclose(colour(assets, bearded, FOREHEAD), colour(assets, plain, FOREHEAD), atol=1e-6)


@pytest.mark.parametrize(("marks", "place"), [({"scar": "cheek"}, (0.178, -0.127, 0.17)),
                                              ({"tattoo": "teardrop"}, (0.155, -0.055, 0.19))])  # fmt: skip
def test_scars_and_tattoos_are_on_their_side(
    assets: SkinAssets, marks: dict[str, str], place: tuple[float, float, float]
) -> None:
    other = (-place[0], *place[1:])
    for side, here, there in ((1, place, other), (-1, other, place)):
        marked = Appearance(skins=PLAIN.skins, seed=5, brows=99, side=side, **marks)  # type: ignore[arg-type]
        assert np.abs(colour(assets, marked, here) - colour(assets, PLAIN, here)).max() > 0.04
        np.testing.assert_allclose(colour(assets, marked, there), colour(assets, PLAIN, there), atol=1e-6)


def test_materials_take_the_whole_head(assets: SkinAssets) -> None:
    bronze = colour(assets, replace(PLAIN, material="bronze"), CHEEK)
    assert np.linalg.norm(lab(bronze) - lab(np.array((0.45, 0.29, 0.15)))) < 15


def test_baked_colours_are_carried_past_the_edge(assets: SkinAssets) -> None:
    mask = np.zeros((64, 64), dtype=bool)
    mask[20:40, 20:40] = True
    at = np.tile(np.array(FOREHEAD, np.float32), (400, 1))
    face, bary = closest(assets.template.vertices, assets.template.faces, at)
    picture = bake_albedo(assets, PLAIN, SurfacePoints(face, bary, np.zeros(400, np.float32), at), mask)
    assert picture.dtype == np.uint8 and picture.shape == (64, 64, 3)
    np.testing.assert_array_equal(picture[30, 41], picture[30, 39])
    np.testing.assert_array_equal(picture[0, 0], picture[20, 20])
