"""What a request says beside the codes: age, teeth, the colour of a beard; and its pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from clip_head.core.asset.assemble import (
    COVERED,
    ROOTS,
    beard_colour,
    facts_by_template,
    part_images,
    teeth_of,
)
from clip_head.core.asset.template import skin_mesh
from clip_head.core.nphm import decode_head
from clip_head.core.pipeline import Models
from clip_head.core.texture.generate import Painted
from clip_head.core.types import HeadRequest, TextureSet
from clip_head.core.uv import draw_uv_maps
from clip_head.core.uv.maps import at_texels

from .conftest import Heads


def test_teeth_follow_words_age_and_seed() -> None:
    adult, child, old = (teeth_of(HeadRequest(words, seed=2)) for words in ("a man", "a child", "an old man"))
    assert child.size < adult.size == old.size == 1.0
    assert old.wear > adult.wear and sum(old.colour) < sum(adult.colour) < sum(child.colour)
    assert teeth_of(HeadRequest("a vampire with fangs")).fangs > 0.5
    assert teeth_of(HeadRequest("a pirate with a gold tooth")).gold
    assert teeth_of(HeadRequest("a man", seed=2)) == adult != teeth_of(HeadRequest("a man", seed=3))


def test_skin_words_say_nothing_of_teeth() -> None:
    plain = HeadRequest("a man", seed=2)
    assert teeth_of(replace(plain, skin="gold teeth", expression="a child")) == teeth_of(plain)


def test_a_beards_colour_is_the_median_where_it_covers_the_skin() -> None:
    albedo = np.array([[10, 20, 30], [200, 180, 170], [12, 22, 32], [90, 80, 70], [11, 21, 31]], np.uint8)
    thickness = np.array([2 * COVERED, 0.0, 3 * COVERED, 0.9 * COVERED, 1.1 * COVERED], np.float32)
    colour = beard_colour(albedo, thickness)
    assert colour is not None and colour.dtype == np.float32
    np.testing.assert_array_equal(colour, [11, 21, 31])


def test_stubble_or_no_beard_has_no_colour() -> None:
    albedo = np.full((3, 3), 90, np.uint8)
    assert beard_colour(albedo, None) is None
    assert beard_colour(albedo, np.full(3, COVERED, np.float32)) is None


def test_the_scalp_has_the_colour_of_hair_where_strands_grow(heads: Heads, models: Models) -> None:
    assert models.asset is not None
    asset = heads.asset("bearded")
    mesh = skin_mesh(models.asset.head, asset.parts[0].vertices)
    maps = draw_uv_maps(mesh, 64)
    facts = facts_by_template(decode_head(models.nphm, heads.latents("bearded")), mesh, maps, models.asset)
    hair = next(groom for groom in asset.grooms if groom.name == "Hair")
    assert facts.hair is not None and facts.hair.max() > 0.5 * ROOTS
    np.testing.assert_allclose(
        facts.hair, ROOTS * at_texels(hair.density[mesh.source], mesh, maps.mask.shape), atol=1e-6
    )


def test_only_a_bearded_head_has_a_picture_of_its_beard(heads: Heads, models: Models) -> None:
    """Of a skin that is painted by hand: light, with a dark beard."""
    assert models.asset is not None
    sizes = 48, 128
    for name, extra in (("bald", set[str]()), ("bearded", {"Beard"})):
        asset = heads.asset(name)
        mesh = skin_mesh(models.asset.head, asset.parts[0].vertices)
        maps = draw_uv_maps(mesh, sizes[0])
        facts = facts_by_template(decode_head(models.nphm, heads.latents(name)), mesh, maps, models.asset)
        assert (facts.beard is None) == (name == "bald")
        albedo = np.full((sizes[0], sizes[0], 3), 190, np.uint8)
        if facts.beard is not None:
            assert facts.beard.shape == (maps.mask.sum(),) and (facts.beard > COVERED).mean() > 0.01
            albedo[tuple(index[facts.beard > COVERED] for index in np.nonzero(maps.mask))] = 60
        flat = albedo[..., 0]
        textures = TextureSet(albedo, albedo, flat, flat, flat)
        picture = np.full((sizes[1], sizes[1], 3), 150, np.uint8)
        painted = Painted(
            albedo, lambda texels: np.zeros((texels.sum(), 4), np.float32), None, (), picture, picture.astype(float)
        )
        images = part_images(heads.request(name), painted, textures, facts, maps, models.texture)
        assert set(images) == {"Eye", "Teeth", "Hair"} | extra
        for image in images.values():
            assert image.dtype == np.uint8 and image.shape == (512, 512, 3)
        if extra:
            assert images["Beard"].mean() < 60 < images["Hair"].mean()
