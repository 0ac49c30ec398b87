"""Grooms on heads: rooted on the skin, outside it, the same for the same code, and none for the bald."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from clip_head.core.asset.head import place_head
from clip_head.core.asset.template import AssetTemplate
from clip_head.core.hair.library import BROWS, LASHES, GroomLibrary, Stored
from clip_head.core.hair.place import BEARD, HAIR, Surface, blended, grooms_of
from clip_head.core.hair.shaping import lengthened
from clip_head.core.hair.skin import Skin
from clip_head.core.pipeline import Models, read_words
from clip_head.core.types import MILLIMETRES_PER_UNIT, Floats, Groom, GroomLook, Hairstyle, HeadRequest

pytestmark = pytest.mark.slow(minutes=0.6)

#: Beards among the names below.
BEARDS = ("full", "stubble", "long", "goatee")
#: Heads of very different sizes and shapes.
PROMPTS = ("a baby", "a fat old man with big ears", "a thin woman with a long face")


@pytest.fixture(scope="module")
def template(models: Models) -> AssetTemplate:
    assert models.asset is not None
    return models.asset


@pytest.fixture(scope="module")
def library(template: AssetTemplate) -> GroomLibrary:
    assert template.grooms is not None
    return template.grooms


@pytest.fixture(scope="module")
def plain(template: AssetTemplate) -> Floats:
    """The mean head's code."""
    return np.zeros(template.network.id_size, np.float32)


@pytest.fixture(scope="module", params=PROMPTS)
def code(request: pytest.FixtureRequest, models: Models) -> Floats:
    return read_words(HeadRequest(request.param), models).z_id


def wearing(*names: str) -> Hairstyle:
    """Some styles of hair and of beard, by name, and brows."""
    beards = {name: 1.0 for name in names if name in BEARDS}
    return Hairstyle({name: 1.0 for name in names if name not in BEARDS}, beards, {BROWS: 1.0})


def on_head(
    template: AssetTemplate, library: GroomLibrary, z_id: Floats, hairstyle: Hairstyle
) -> tuple[Surface, dict[str, Groom]]:
    """The skin of a head, and its grooms by name."""
    with torch.inference_mode():
        field = template.network.at(torch.from_numpy(z_id))
    level = template.head.levels[0]
    surface = Surface(template.head.sheet, level.quads, level.uv, place_head(template, z_id).neutral)
    return surface, {groom.name: groom for groom in grooms_of(library, field, hairstyle, surface)}


def test_guides_are_rooted_on_the_skin_and_stay_outside(
    template: AssetTemplate, library: GroomLibrary, code: Floats
) -> None:
    for names in (("bob01", "full"), ("curly", "stubble"), ("bun", "long")):
        surface, grooms = on_head(template, library, code, wearing(*names))
        assert list(grooms) == [HAIR, BEARD, BROWS, LASHES]
        skin = Skin(surface.vertices, surface.quads)
        for groom in grooms.values():
            assert np.isfinite(groom.points).all() and groom.points.dtype == np.float32
            np.testing.assert_allclose(groom.barycentric.sum(axis=1), 1, atol=1e-5)
            at = np.einsum("nk,nkc->nc", groom.barycentric, surface.vertices[groom.corners])
            assert np.linalg.norm(groom.points[:, 0] - at, axis=1).max() * MILLIMETRES_PER_UNIT < 0.1
            depth = -skin.nearest(groom.points.reshape(-1, 3))[0] * MILLIMETRES_PER_UNIT
            assert depth.max() < 0.5, f"{groom.name} of {names}"


def test_corners_are_triangles_of_the_head_and_the_uv_is_theirs(
    template: AssetTemplate, library: GroomLibrary, plain: Floats
) -> None:
    surface, grooms = on_head(template, library, plain, wearing("wavy", "full"))
    triangles = {tuple(sorted(one)) for one in Skin(surface.vertices, surface.quads).triangles.tolist()}
    for groom in grooms.values():
        assert {tuple(sorted(one)) for one in groom.corners.tolist()} <= triangles
        assert groom.root_uv.shape == (len(groom.points), 2)
        assert 0 <= groom.root_uv.min() <= groom.root_uv.max() <= 1
        of_vertex = np.full((len(surface.vertices), 2), np.nan, np.float32)
        of_vertex[surface.quads] = surface.uv
        expected = np.einsum("nk,nkc->nc", groom.barycentric, of_vertex[groom.corners])
        # Vertices on the seam have two places in the UV, of which this knows one.
        assert (np.abs(expected - groom.root_uv).max(axis=1) < 1e-4).mean() > 0.97


def test_density_is_on_its_own_part_of_the_skin(template: AssetTemplate, library: GroomLibrary, plain: Floats) -> None:
    _, grooms = on_head(template, library, plain, wearing("slicked", "full"))
    regions, points = template.head.regions, template.head.points
    for name in ("nose", "left_eye", "ears", "mouth", "upper_lip", "lower_lip", "left_cheek"):
        if name in regions:
            assert grooms[HAIR].density[regions[name]].max() == 0, name
    assert grooms[HAIR].density[points[:, 1] < -0.35].max() == 0, "none on the throat"
    assert grooms[HAIR].density[(points[:, 1] > 0.42)].min() > 0.9, "all of the crown"
    assert grooms[BEARD].density[regions["chin"]].mean() > 0.5
    assert grooms[BEARD].density[points[:, 1] > 0.06].max() == 0
    haired = grooms[BROWS].density > 0.1
    assert haired.sum() > 60 and (np.abs(points[haired, 0]) > 0.025).all()
    assert points[haired, 1].min() > 0.03 and points[haired, 1].max() < 0.12
    for groom in grooms.values():
        assert groom.density.shape == (len(points),)
        assert 0 <= groom.density.min() < groom.density.max() <= 1


def test_the_bald_and_shaven_have_brows_and_lashes_alone(
    template: AssetTemplate, library: GroomLibrary, plain: Floats
) -> None:
    _, grooms = on_head(template, library, plain, wearing())
    assert list(grooms) == [BROWS, LASHES]


def test_brows_are_left_out_and_unknown_grooms_too(
    template: AssetTemplate, library: GroomLibrary, plain: Floats
) -> None:
    _, grooms = on_head(template, library, plain, Hairstyle({"a style of tomorrow": 1.0}))
    assert list(grooms) == [LASHES]


def test_degrees_shape_the_hair_and_nothing_else(template: AssetTemplate, library: GroomLibrary, plain: Floats) -> None:
    usual, longer = wearing("bob01", "full"), replace(wearing("bob01", "full"), length=0.8)
    (_, before), (_, after) = (on_head(template, library, plain, style) for style in (usual, longer))
    lengths = [np.linalg.norm(np.diff(g[HAIR].points, axis=1), axis=2).sum(axis=1) for g in (before, after)]
    assert np.median(lengths[1]) > 1.3 * np.median(lengths[0])
    np.testing.assert_array_equal(before[BEARD].points, after[BEARD].points)


def test_same_hairstyle_same_bytes(template: AssetTemplate, library: GroomLibrary, plain: Floats) -> None:
    style = wearing("short02", "goatee")
    (_, first), (_, again) = (on_head(template, library, plain, style) for _ in range(2))
    for one, other in zip(first.values(), again.values(), strict=True):
        for field in ("points", "corners", "barycentric", "root_uv", "density"):
            assert getattr(one, field).tobytes() == getattr(other, field).tobytes()


def bundle(place: float, way: tuple[float, float, float], density: float) -> Stored:
    """Ten straight guides in a row, which begin at x = place."""
    roots = np.stack([place + np.linspace(0, 0.02, 10), np.zeros(10), np.zeros(10)], axis=1)
    points = roots[:, None] + np.linspace(0, 1, 5)[None, :, None] * np.array(way)
    corners = np.zeros((10, 3), np.int32)
    nowhere = np.zeros((10, 3), np.float32)
    return Stored(points.astype(np.float32), corners, nowhere, np.full(4, density, np.float32), GroomLook())


def test_a_blend_lies_between_its_styles(library: GroomLibrary) -> None:
    both = replace(library, grooms={"up": bundle(0, (0, 1, 0), 1.0), "front": bundle(0, (0, 0, 1), 0.5)})
    blend = blended(both, {"up": 0.6, "front": 0.4})
    assert blend is not None
    np.testing.assert_allclose(blend.points[:, -1, 1:], np.tile([0.6, 0.4], (10, 1)), atol=1e-5)
    np.testing.assert_array_equal(blend.points[:, 0], both.grooms["up"].points[:, 0])
    np.testing.assert_allclose(blend.density, 0.8)


def test_guides_far_from_the_other_styles_keep_their_own_shape(library: GroomLibrary) -> None:
    both = replace(library, grooms={"up": bundle(0, (0, 1, 0), 1.0), "front": bundle(0.5, (0, 0, 1), 1.0)})
    blend = blended(both, {"up": 0.6, "front": 0.4})
    assert blend is not None
    np.testing.assert_allclose(blend.points, both.grooms["up"].points, atol=1e-6)


def test_what_is_missing_to_one_shortens(library: GroomLibrary) -> None:
    alone = replace(library, grooms={"up": bundle(0, (0, 1, 0), 1.0)})
    blend = blended(alone, {"up": 0.5})
    assert blend is not None
    np.testing.assert_allclose(blend.points[:, -1, 1], 0.5, atol=1e-6)
    assert blended(alone, {"up": 0.005}) is None and blended(alone, {}) is None
    assert blended(alone, {"up": 1.0}) is alone.grooms["up"]


def test_a_bent_line_is_cut_along_itself() -> None:
    line = np.array([[[0, 0, 0], [1, 0, 0], [1, 1, 0]]], np.float32)
    np.testing.assert_allclose(lengthened(line, 0.75), np.array([[[0, 0, 0], [0.75, 0, 0], [1, 0.5, 0]]]))
    np.testing.assert_allclose(lengthened(line, 1.0), line)
