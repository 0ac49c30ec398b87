"""Pores, lines and brow hairs: finer than what is painted, and nothing else about it changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import uniform_filter

from clip_head.core.errors import ModelError
from clip_head.core.mapping import load_mapping, map_identity
from clip_head.core.models import EMBEDDED
from clip_head.core.text import encode_text, load_text_model
from clip_head.core.texture.albedo.canonical import Canonical
from clip_head.core.texture.albedo.composite import composite_albedo
from clip_head.core.texture.albedo.correspondence import UVCorrespondence, find_correspondence
from clip_head.core.texture.albedo.skin_detail import FILE, SkinDetail, load_skin_detail, save_skin_detail, with_detail
from clip_head.core.texture.material.substance import has_skin
from clip_head.core.texture.template import load_template
from clip_head.core.uv import draw_uv_maps

pytestmark = pytest.mark.slow

TEMPLATE = load_template(EMBEDDED / "texture")
SKIN = (190, 140, 115)
#: Places of the template: a cheek, the forehead, the tip of the nose.
CHEEK, FOREHEAD, NOSE = (0.15, -0.1, 0.18), (0.0, 0.2, 0.22), (0.0, -0.09, 0.29)


@pytest.fixture(scope="module")
def atlas() -> SkinDetail:
    loaded = load_skin_detail(EMBEDDED / "texture")
    assert loaded is not None
    return loaded


def window(
    canonical: Canonical, place: tuple[float, float, float], size: int = 2048, side: int = 192
) -> UVCorrespondence:
    """The canonical head found on itself, of which only the texels around a place of the template are drawn."""
    nearest = int(np.linalg.norm(canonical.points - np.array(place), axis=1).argmin())
    u, v = canonical.mesh.uv[nearest]
    top, left = int((1 - v) * size) - side // 2, int(u * size) - side // 2
    row, column = np.mgrid[top : top + side, left : left + side]
    mask = np.zeros((size, size), bool)
    mask[row, column] = True
    uv = np.stack([(column.ravel() + 0.5) / size, 1 - (row.ravel() + 0.5) / size], axis=1).astype(np.float32)
    return UVCorrespondence(mask, uv, np.repeat(canonical.points[nearest][None], side**2, axis=0))


def dressed(
    canonical: Canonical, picture: np.ndarray, texels: UVCorrespondence, atlas: SkinDetail | None
) -> np.ndarray:
    side = round(texels.mask.sum() ** 0.5)
    return (
        composite_albedo(canonical, picture, texels, TEMPLATE, None, detail=atlas)[texels.mask]
        .reshape(side, side, 3)
        .astype(np.float32)
    )


def flat(colour: tuple[int, int, int]) -> np.ndarray:
    return np.tile(np.array(colour, np.uint8), (256, 256, 1))


def fine(picture: np.ndarray) -> float:
    """Standard deviation, as a fraction of the brightness, of what is finer than four texels."""
    light = picture.mean(axis=-1)
    return float((light - uniform_filter(light, 4))[4:-4, 4:-4].std() / light.mean())


@pytest.mark.parametrize("place", [CHEEK, FOREHEAD, NOSE])
def test_skin_has_pores_and_keeps_its_colour(
    canonical: Canonical, atlas: SkinDetail, place: tuple[float, float, float]
) -> None:
    texels = window(canonical, place)
    plain, porous = (dressed(canonical, flat(SKIN), texels, detail) for detail in (None, atlas))
    assert fine(plain) < 0.002
    assert 0.01 < fine(porous) < 0.06
    assert np.abs(porous.mean(axis=(0, 1)) - plain.mean(axis=(0, 1))).max() < 1.2


def test_dark_skin_has_as_much_of_it_in_its_own_measure(canonical: Canonical, atlas: SkinDetail) -> None:
    texels = window(canonical, CHEEK)
    light, dark = (dressed(canonical, flat(colour), texels, atlas) for colour in ((200, 150, 130), (80, 55, 45)))
    assert fine(dark) == pytest.approx(fine(light), rel=0.2)


def test_pores_are_finer_than_half_a_millimetre(canonical: Canonical, atlas: SkinDetail) -> None:
    """A canonical texel of the cheek is 0.15 mm: three of them apart, little is left in common."""
    light = dressed(canonical, flat(SKIN), window(canonical, CHEEK), atlas).mean(axis=-1)
    light -= uniform_filter(light, 16)
    for axis in (0, 1):
        assert (light * np.roll(light, 3, axis)).mean() < 0.3 * (light**2).mean()


def test_small_textures_stay_as_they_were(canonical: Canonical, atlas: SkinDetail) -> None:
    texels = window(canonical, CHEEK, 512, 64)
    plain, asked = (dressed(canonical, flat(SKIN), texels, detail) for detail in (None, atlas))
    assert (plain == asked).all()


def test_eyes_stay(canonical: Canonical, atlas: SkinDetail) -> None:
    """Between the lids, which are no more than 5 mm apart before the pupils."""
    maps = draw_uv_maps(canonical.mesh, 1024)
    x, y, z = np.moveaxis(maps.position, -1, 0)
    ball = maps.mask & (np.abs(np.abs(x) - 0.118) < 0.025) & (y > 0.024) & (y < 0.032) & (z > 0.17)
    assert ball.sum() > 100
    assert (atlas.over(flat(SKIN), 1024)[ball] == 0).all()


def test_only_painted_brows_have_hairs(atlas: SkinDetail) -> None:
    bare = flat(SKIN)
    rows, columns = (slice(found.min() // 8, found.max() // 8) for found in np.nonzero(atlas.hairs))
    browed = bare.copy()
    middle = (rows.start + rows.stop) // 2
    browed[middle - 4 : middle + 4, columns] //= 2
    change = np.abs(atlas.over(browed, 2048) - atlas.over(bare, 2048))
    strip = change[8 * middle - 8 : 8 * middle + 8, 8 * columns.start : 8 * columns.stop]
    assert strip.max() > 0.2
    assert change[atlas.hairs == 0].max() == 0


def test_the_same_head_looks_the_same_and_white_stays_white(canonical: Canonical, atlas: SkinDetail) -> None:
    texels = window(canonical, NOSE)
    once, again = (dressed(canonical, flat(SKIN), texels, replace(atlas)) for _ in range(2))
    assert (once == again).all()
    assert (with_detail(np.full((3, 3), 255, np.float32), np.array([-0.2, 0, 0.2], np.float32)) == 255).all()


def test_a_whole_head_wears_it(canonical: Canonical, atlas: SkinDetail) -> None:
    texels = find_correspondence(canonical, canonical.mesh, 1024)
    plain, porous = (
        composite_albedo(canonical, flat(SKIN), texels, TEMPLATE, None, detail=detail)[texels.mask]
        for detail in (None, atlas)
    )
    assert np.abs(porous.astype(int) - plain).mean() > 1
    hair = np.ones(len(texels.uv), np.float32)
    assert (
        composite_albedo(canonical, flat(SKIN), texels, TEMPLATE, hair, detail=atlas)
        == composite_albedo(canonical, flat(SKIN), texels, TEMPLATE, hair)
    ).all()


def test_wrinkles_are_the_deeper_the_older_a_head_is(atlas: SkinDetail) -> None:
    mapping, text = load_mapping(EMBEDDED / "mapping"), load_text_model(EMBEDDED / "text")
    prompts = ["a girl", "a young man", "a middle-aged man", "a very old man"]
    codes = [map_identity(mapping, embedding, 0, 0.0) for embedding in encode_text(text, prompts)]
    girl, young, middle, old = (float(-atlas.wrinkled(code).min()) for code in codes)
    assert girl == young == 0
    assert 0 < middle < old
    assert 0.3 < old < 1.2, "millimetres"
    assert (atlas.wrinkled(np.zeros(3, np.float32)) == 0).all(), "another model's code"


def test_grooves_are_darker(canonical: Canonical) -> None:
    texels = window(canonical, FOREHEAD)
    depth = np.zeros(len(texels.uv), np.float32)
    depth[::2] = -0.5
    lined = (
        composite_albedo(canonical, flat(SKIN), texels, TEMPLATE, None, wrinkles=depth)[texels.mask]
        .astype(float)
        .mean(axis=1)
    )
    assert 0.7 < lined[::2].mean() / lined[1::2].mean() < 0.95


def test_what_is_no_flesh_has_no_pores() -> None:
    assert has_skin("", "an old man with silver hair")
    assert has_skin("a clown, laughing")
    assert not has_skin("", "a robot")
    assert not has_skin("a marble bust of a young man")
    assert not has_skin("bronze", "an old man")


def test_an_atlas_is_kept_and_a_damaged_one_named(tmp_path: Path, atlas: SkinDetail) -> None:
    assert load_skin_detail(tmp_path) is None
    save_skin_detail(atlas, tmp_path / FILE)
    kept = load_skin_detail(tmp_path)
    assert kept is not None
    assert (kept.hairs == atlas.hairs).all()
    assert list(kept.marks) == list(atlas.marks)
    assert (kept.marking == atlas.marking).all()
    whole = (tmp_path / FILE).read_bytes()
    for damaged in (b"nonsense", whole[: len(whole) // 2]):
        (tmp_path / FILE).write_bytes(damaged)
        with pytest.raises(ModelError, match="skin detail"):
            load_skin_detail(tmp_path)
    save_skin_detail(replace(atlas, pores=atlas.pores.astype(np.float32)), tmp_path / FILE)
    with pytest.raises(ModelError, match="skin detail"):
        load_skin_detail(tmp_path)


def test_marks_are_kept_by_name_and_without_names_in_the_lists_order(tmp_path: Path, atlas: SkinDetail) -> None:
    save_skin_detail(atlas, tmp_path / FILE)
    with np.load(tmp_path / FILE) as stored:
        arrays = {name: stored[name] for name in stored.files}
    turned = {"marking": arrays["marking"][::-1], "mark_names": arrays["mark_names"][::-1]}
    np.savez(tmp_path / FILE, **(arrays | turned))
    loaded = load_skin_detail(tmp_path)
    assert loaded is not None
    assert (loaded.marking == atlas.marking).all()
    nameless = {name: values for name, values in arrays.items() if name != "mark_names"}
    np.savez(tmp_path / FILE, **nameless)
    loaded = load_skin_detail(tmp_path)
    assert loaded is not None
    assert (loaded.marking == atlas.marking).all()
    arrays["mark_names"][0] = "dimples"
    np.savez(tmp_path / FILE, **arrays)
    with pytest.raises(ModelError, match="other marks"):
        load_skin_detail(tmp_path)
