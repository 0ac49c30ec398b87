"""The second half of the method, with the embedded models: on the canonical head, and on a head's own UV."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import NPHM, DecodedHead, decode_head, extract_head, load_nphm
from clip_head.core.text import load_text_model
from clip_head.core.texture import TextureModels, load_texture_models, texture
from clip_head.core.texture.albedo.strands import strand_pattern
from clip_head.core.texture.generate import paint_on_own_uv
from clip_head.core.types import Edit, HeadRequest, Latents, UnwrappedMesh, UVMaps
from clip_head.core.uv import draw_uv_maps, load_layout, unwrap

pytestmark = pytest.mark.slow(minutes=0.8)

REQUEST = HeadRequest("a young woman with red lips", texture_size=128)


@pytest.fixture(scope="module")
def nphm() -> NPHM:
    return load_nphm(EMBEDDED / "nphm")


@pytest.fixture(scope="module")
def models(nphm: NPHM) -> TextureModels:
    text = load_text_model(EMBEDDED / "text")
    return load_texture_models(EMBEDDED / "texture", EMBEDDED / "upscaler", nphm.network, text)


@pytest.fixture(scope="module")
def head(nphm: NPHM) -> DecodedHead:
    """The mean head."""
    network = nphm.network
    return decode_head(nphm, Latents(np.zeros(network.id_size, np.float32), np.zeros(network.exp_size, np.float32)))


@pytest.fixture(scope="module")
def mesh(head: DecodedHead) -> UnwrappedMesh:
    return unwrap(extract_head(head, 64), load_layout())


@pytest.fixture(scope="module")
def maps(mesh: UnwrappedMesh) -> UVMaps:
    return draw_uv_maps(mesh, REQUEST.texture_size)


def test_every_model_that_painted_is_named_with_its_licence(
    models: TextureModels, head: DecodedHead, mesh: UnwrappedMesh, maps: UVMaps
) -> None:
    _, painted = texture(REQUEST, mesh, maps, head, None, models)
    assert [card.kind for card in painted.models] == ["texture"], "nothing was enlarged"
    large = replace(REQUEST, texture_size=2 * models.painter.size)
    textures, painted = texture(large, mesh, draw_uv_maps(mesh, large.texture_size), head, None, models)
    assert [card.kind for card in painted.models] == ["texture", "upscaler"]
    assert all(card.licence for card in painted.models)
    assert len(textures.albedo) == large.texture_size


def test_without_template_the_head_is_painted_in_its_own_uv(
    models: TextureModels, head: DecodedHead, mesh: UnwrappedMesh, maps: UVMaps
) -> None:
    own = paint_on_own_uv(REQUEST, mesh, maps, None, models)
    some = np.arange(maps.mask.sum()) % 5 == 0
    expected = strand_pattern(maps.position[maps.mask][some], models.template.crown)
    np.testing.assert_array_equal(own.pattern_at(some), expected)
    assert own.wrinkles is None
    unknown, _ = texture(REQUEST, mesh, maps, None, None, models)
    plain, _ = texture(REQUEST, mesh, maps, head, None, replace(models, canonical=None))
    assert np.abs(unknown.albedo.astype(int) - own.albedo)[maps.mask].mean() < 3, "the seam is matched, no more"
    assert unknown.coat.max() == 0 < plain.coat.max(), "where eyes and lips are is known with a head model alone"


def test_the_words_for_the_skin_are_painted_and_a_statue_stays_one(
    models: TextureModels, head: DecodedHead, mesh: UnwrappedMesh, maps: UVMaps
) -> None:
    assert REQUEST.looks == REQUEST.prompt
    assert replace(REQUEST, skin="green eyes").looks == "green eyes"
    statue = replace(REQUEST, prompt="a bronze statue", skin="green eyes")
    textures, _ = texture(statue, mesh, maps, head, None, models)
    assert textures.metallic == 1


def test_an_edit_of_no_strength_leaves_the_albedo_to_the_byte(
    models: TextureModels, head: DecodedHead, mesh: UnwrappedMesh, maps: UVMaps
) -> None:
    albedo = np.random.default_rng(0).integers(0, 256, (128, 128, 3)).astype(np.uint8)
    textures, _ = texture(REQUEST, mesh, maps, head, Edit(albedo, 0.0), models)
    np.testing.assert_array_equal(textures.albedo, albedo)
