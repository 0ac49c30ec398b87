"""Other hair by words on a head that is there: its shape and face stay, hair and scalp change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clip_head.core.change_hair import change_hair, on_mesh
from clip_head.core.errors import ModelError, RequestError
from clip_head.core.pipeline import Models, generate_head
from clip_head.core.types import Asset, Canvas, Edit, Floats, HairChange, Head, HeadRequest, UnwrappedMesh

REQUEST = HeadRequest("a woman with short black hair", seed=3, texture_size=64)


@pytest.fixture(scope="module")
def head(models: Models) -> Head:
    return generate_head(REQUEST, models)


def asset_of(head: Head) -> Asset:
    assert head.asset is not None
    return head.asset


def canvas_of(head: Head, painted: bool = True) -> Canvas:
    """As Blender gives it back."""
    edit = Edit(head.textures.albedo) if painted else None
    mesh = replace(head.mesh, expression_offsets=np.zeros_like(head.mesh.vertices))
    return Canvas(mesh, head.latents, edit, head.skin_tone, asset_of(head).hairstyle)


def changed(words: str, head: Head, models: Models, painted: bool = True) -> HairChange:
    return change_hair(replace(REQUEST, prompt=words, skin=REQUEST.prompt), canvas_of(head, painted), models)


def names(change: HairChange) -> list[str]:
    return [groom.name for groom in change.grooms]


def lengths(change: HairChange | Asset) -> Floats:
    points = next(groom.points for groom in change.grooms if groom.name == "Hair")
    return np.linalg.norm(np.diff(points, axis=1), axis=2).sum(axis=1)


@pytest.mark.slow(minutes=1.5)
def test_a_style_and_its_colour_come_by_words(head: Head, models: Models) -> None:
    change = changed("a long red braid", head, models)
    before = asset_of(head).hairstyle
    assert before is not None and head.latents is not None
    assert change.hairstyle.hair != before.hair and change.hairstyle.brows == before.brows
    assert names(change) == ["Hair", "Eyebrows", "Eyelashes"] and [part.name for part in change.parts] == ["Hair"]
    assert models.asset is not None
    styles = len(models.asset.network.config.styles) + len(models.asset.network.config.beards)
    np.testing.assert_array_equal(change.latents.z_id[:-styles], head.latents.z_id[:-styles])
    np.testing.assert_array_equal(change.latents.z_exp, head.latents.z_exp)
    assert (change.latents.z_id != head.latents.z_id).any()
    assert np.median(lengths(change)) > 2 * np.median(lengths(asset_of(head)))
    red, green, blue = change.part_images["Hair"][..., :3].reshape(-1, 3).mean(axis=0)
    assert red > 1.5 * green and red > 1.5 * blue
    assert change.textures is not None
    points, mask = head.mesh.template_points, head.maps.mask
    assert points is not None and head.maps.face is not None
    places = points[head.mesh.faces[head.maps.face[mask], 0]]
    cheek = (np.abs(np.abs(places[:, 0]) - 0.18) < 0.05) & (np.abs(places[:, 1] + 0.03) < 0.05) & (places[:, 2] > 0)
    crown = places[:, 1] > 0.4
    old, new = (textures.albedo[mask].astype(int) for textures in (head.textures, change.textures))
    assert cheek.sum() > 5 and np.abs(old - new)[cheek].max() == 0, "the face stays to the byte"
    assert np.abs(old - new)[crown].mean() > 20
    assert {card.kind for card in change.models} >= {"text", "hair", "grooms", "texture"}


@pytest.mark.slow(minutes=0.5)
def test_degrees_change_the_style_that_is_worn(head: Head, models: Models) -> None:
    before = asset_of(head).hairstyle
    assert before is not None
    change = changed("very messy", head, models, painted=False)
    assert change.hairstyle.hair == before.hair and change.hairstyle.messiness > 0.3
    assert change.textures is None and change.part_images == {}
    for one, groom in zip(change.grooms, asset_of(head).grooms, strict=True):
        assert one.name == groom.name and one.density.shape == (len(head.mesh.vertices),)
    longer = changed("much longer", head, models, painted=False)
    assert longer.hairstyle.hair == before.hair and np.median(lengths(longer)) > np.median(lengths(change))


@pytest.mark.slow(minutes=0.5)
def test_no_hair_is_hair_as_well_and_beards_and_brows_change_alone(head: Head, models: Models) -> None:
    before = asset_of(head).hairstyle
    assert before is not None
    bald = changed("bald", head, models, painted=False)
    assert names(bald) == ["Eyebrows", "Eyelashes"] and bald.parts == ()
    bearded = changed("a full beard", head, models, painted=False)
    assert bearded.hairstyle.hair == before.hair and list(bearded.hairstyle.beard)
    assert [part.name for part in bearded.parts] == ["Hair", "Beard"]
    assert bearded.parts[1].keys and bearded.parts[1].bone_weights
    browless = changed("no eyebrows", head, models, painted=False)
    assert browless.hairstyle == replace(before, brows={}) and "Eyebrows" not in names(browless)


@pytest.mark.slow(minutes=0.3)
def test_same_words_same_bytes(head: Head, models: Models) -> None:
    one, other = (changed("curly hair", head, models, painted=False) for _ in range(2))
    for first, second in zip(one.grooms, other.grooms, strict=True):
        assert first.points.tobytes() == second.points.tobytes()


@pytest.mark.slow(minutes=0.3)
def test_what_makes_no_sense_is_refused(head: Head, models: Models) -> None:
    with pytest.raises(RequestError, match="ask for no hair"):
        changed("a big nose", head, models)
    with pytest.raises(RequestError, match="no codes"):
        change_hair(REQUEST, replace(canvas_of(head), latents=None), models)
    with pytest.raises(ModelError, match="no grooms"):
        change_hair(REQUEST, canvas_of(head), replace(models, hair=None))


def test_vertices_are_the_meshs_where_it_has_them() -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0]], np.float32)
    sculpted = np.array([[0, 5, 0], [1, 6, 0]], np.float32)
    nothing = np.zeros((0, 3), np.int32)
    mesh = UnwrappedMesh(sculpted, nothing, sculpted * 0, sculpted[:, :2], np.arange(2, dtype=np.int32), points[:2])
    np.testing.assert_array_equal(on_mesh(points, points * 2, mesh), [[0, 5, 0], [1, 6, 0], [4, 0, 0]])
    np.testing.assert_array_equal(on_mesh(points, points * 2, replace(mesh, template_points=None)), points * 2)
