"""A head between two: shape and colours lie between, what cannot be halved is the nearer one's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clip_head.core.mix import mix_heads, mix_latents, mix_pictures
from clip_head.core.mixture import Mixture, Parent
from clip_head.core.pipeline import Models, generate_head, raw_surface
from clip_head.core.types import Asset, Head, HeadRequest, Latents

from .test_mixture import parent


def latents(*numbers: float) -> Latents:
    return Latents(np.array(numbers, np.float32), np.array(numbers[:2], np.float32))


def test_codes_lie_between_and_styles_are_the_nearer_ones() -> None:
    one, other = latents(0, 2, 1, 0), latents(4, 0, 0, 1)
    for fraction, styles in ((0.25, (1, 0)), (0.75, (0, 1)), (0.5, (0, 1))):
        mixed = mix_latents(one, other, fraction, styles=2)
        np.testing.assert_allclose(mixed.z_id, [4 * fraction, 2 - 2 * fraction, *styles])
        np.testing.assert_allclose(mixed.z_exp, [4 * fraction, 2 - 2 * fraction])
        assert mixed.z_id.dtype == np.float32


def test_at_the_ends_codes_are_those_of_the_heads_to_the_bit() -> None:
    one, other = latents(0.1, 0.7, 1, 0), latents(-0.3, 1e-7, 0, 1)
    np.testing.assert_array_equal(mix_latents(one, other, 0.0, 2).z_id, one.z_id)
    np.testing.assert_array_equal(mix_latents(one, other, 1.0, 2).z_id, other.z_id)


def test_pictures_are_halved_but_for_teeth_and_what_one_head_lacks() -> None:
    black, white = np.zeros((2, 2, 3), np.uint8), np.full((2, 2, 3), 200, np.uint8)
    first = replace(parent("a"), pictures={"Eye": black, "Teeth": black, "Beard": black})
    second = replace(parent("b"), pictures={"Eye": white, "Teeth": white, "Hair": white[:1]})
    mixed = mix_pictures(Mixture(first, second, 0.25, {}))
    assert {name: picture.max() for name, picture in mixed.items()} == {"Eye": 50, "Teeth": 0, "Beard": 0}
    mixed = mix_pictures(Mixture(first, second, 0.75, {}))
    assert {name: picture.max() for name, picture in mixed.items()} == {"Eye": 150, "Teeth": 200, "Hair": 200}


@pytest.fixture(scope="module")
def heads(models: Models) -> tuple[Head, Head]:
    """A bearded one, and one of another age, without a beard."""
    old = generate_head(HeadRequest("an old man with a full beard", seed=5, texture_size=64), models)
    young = generate_head(HeadRequest("an african girl with long hair", seed=1, texture_size=64), models)
    return old, young


def parent_of(head: Head) -> Parent:
    assert head.latents is not None
    return Parent(head.request, head.latents, head.textures.albedo, head.part_images, head.models, head.skin_tone)


def mixed(heads: tuple[Head, Head], fraction: float, models: Models) -> Head:
    weights = dict.fromkeys(asset_of(heads[0]).weights, 0.0) | {"jawOpen": 0.25}
    first, second = heads
    return mix_heads(Mixture(parent_of(first), parent_of(second), fraction, weights), models)


def asset_of(head: Head) -> Asset:
    assert head.asset is not None
    return head.asset


def names(head: Head) -> set[str]:
    return {part.name for part in asset_of(head).parts}


@pytest.mark.slow(minutes=2)
def test_at_the_ends_stand_the_heads_themselves(heads: tuple[Head, Head], models: Models) -> None:
    for fraction, head in enumerate(heads):
        end = mixed(heads, float(fraction), models)
        np.testing.assert_array_equal(end.textures.albedo, head.textures.albedo)
        assert names(end) == names(head)
        for part, wanted in zip(asset_of(end).parts, asset_of(head).parts, strict=True):
            np.testing.assert_array_equal(part.vertices, wanted.vertices)
        for name, picture in end.part_images.items():
            np.testing.assert_array_equal(picture, head.part_images[name])


@pytest.mark.slow(minutes=2)
def test_between_lie_shape_skin_and_eyes(heads: tuple[Head, Head], models: Models) -> None:
    between = mixed(heads, 0.3, models)
    one, other = (asset_of(head).parts[0].vertices for head in heads)
    shape = asset_of(between).parts[0].vertices
    away = np.linalg.norm(shape - (0.7 * one + 0.3 * other), axis=1) * 250
    assert np.median(away) < 0.01, "millimetres: linear but for closed lips and seated lids"
    assert np.linalg.norm(one - other, axis=1).mean() * 250 > 2
    assert "Beard" in names(between)
    albedo = [head.textures.albedo[between.maps.mask].astype(float).mean() for head in (heads[0], between, heads[1])]
    assert min(albedo[0], albedo[2]) < albedo[1] < max(albedo[0], albedo[2])
    eyes = [head.part_images["Eye"].astype(float) for head in (heads[0], heads[1], between)]
    np.testing.assert_allclose(eyes[2], 0.7 * eyes[0] + 0.3 * eyes[1], atol=0.51)
    assert asset_of(between).weights["jawOpen"] == 0.25
    assert between.request.prompt == "between an old man with a full beard and an african girl with long hair"
    assert {card.kind for card in between.models} >= {"text", "mapping", "nphm", "asset", "texture"}
    assert "Beard" not in names(mixed(heads, 0.6, models))


@pytest.mark.slow(minutes=2)
def test_where_a_beard_was_no_beard_is_seen_on_the_beardless(heads: tuple[Head, Head], models: Models) -> None:
    """Chin and cheeks have one tone, though the other head's chin is its beard's."""
    between = mixed(heads, 0.5, models)
    points, mask = between.mesh.template_points, between.maps.mask
    assert points is not None and between.maps.face is not None
    places = points[between.mesh.faces[between.maps.face[mask], 0]]
    chin = (np.abs(places[:, 0]) < 0.1) & (places[:, 1] < -0.3) & (places[:, 2] > 0.1)
    cheek = (np.abs(np.abs(places[:, 0]) - 0.18) < 0.05) & (np.abs(places[:, 1] + 0.03) < 0.05) & (places[:, 2] > 0)
    tones = [np.median(between.textures.albedo[mask][part].astype(float), axis=0) for part in (chin, cheek)]
    assert chin.sum() > 20
    assert cheek.sum() > 20
    assert np.abs(tones[0] - tones[1]).max() < 40


@pytest.mark.slow(minutes=2)
def test_the_raw_surface_of_the_codes_lies_on_the_asset(heads: tuple[Head, Head], models: Models) -> None:
    from scipy.spatial import cKDTree

    head = heads[1]
    assert head.latents is not None
    raw = raw_surface(head.latents, 128, models)
    part, template = asset_of(head).parts[0], asset_of(head).template_points
    assert template is not None
    face = part.vertices[(template[:, 2] > 0.2) & (part.groups["nose"] > 0.5)]
    assert np.median(cKDTree(raw.vertices).query(face)[0]) * 250 < 2.0, "millimetres, beside triangles of 2 mm"
    assert raw.uv.min() >= 0
    assert raw.uv.max() <= 1
