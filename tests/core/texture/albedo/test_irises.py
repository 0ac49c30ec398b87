"""Irises are where the eyes are, round on the eyeball, of the colour that was painted, and only where eyes have one."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.color import rgb2lab

from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import load_nphm
from clip_head.core.texture.albedo.canonical import Canonical
from clip_head.core.texture.albedo.irises import with_irises
from clip_head.core.texture.regions import region_weights
from clip_head.core.texture.template import load_template
from clip_head.core.types import Bytes, Floats
from clip_head.core.uv.maps import texels_on_mesh
from clip_head.core.uv.raster import interpolate

TEMPLATE = load_template(EMBEDDED / "texture")
SKIN, WHITE, BLUE = (200, 160, 140), (225, 220, 215), (60, 100, 190)


@pytest.fixture(scope="module")
def eyes(canonical: Canonical) -> Floats:
    return region_weights(load_nphm(EMBEDDED / "nphm").network, canonical.points, canonical.mesh).eyes


@pytest.fixture(scope="module")
def weights(canonical: Canonical, eyes: Floats) -> Floats:
    """How far each texel of a picture of 512 is on an eye."""
    on_mesh = texels_on_mesh(canonical.mesh, canonical.places)
    return np.asarray(interpolate(eyes[:, None], canonical.mesh.faces, *on_mesh)[..., 0])


def painted(weights: Floats, iris: tuple[int, int, int], white: tuple[int, int, int] = WHITE) -> Bytes:
    """A face with eyes of one colour over most of their width, as a painter blurs them."""
    picture = np.full((512, 512, 3), SKIN, np.uint8)
    for half in (np.s_[:, :256], np.s_[:, 256:]):
        seen, part = weights[half] > 0.2, picture[half]
        _, column = np.nonzero(seen)
        middle, wide = column.mean(), column.std()
        across = np.abs(np.arange(seen.shape[1]) - middle)[None] < 1.35 * wide
        part[seen] = white
        part[seen & across] = iris
    return picture


def test_eyes_get_a_pupil_each_and_keep_their_colour(canonical: Canonical, eyes: Floats, weights: Floats) -> None:
    before = painted(weights, BLUE)
    after = with_irises(before, canonical, TEMPLATE, eyes)
    for half in (np.s_[:, :256], np.s_[:, 256:]):
        inside = weights[half] > 0.99
        seen = after[half][inside].astype(float)
        dark, blue = seen.max(axis=1) < 30, seen[:, 2] - seen[:, 0] > 50
        assert 0.02 < dark.mean() < 0.15
        assert 0.1 < blue.mean() < 0.6
        assert np.abs(np.median(seen[blue], axis=0) - BLUE).max() < 25
        rows, columns = (axis - axis.mean() for axis in np.nonzero(inside))
        # The pupil lies about the middle of the opening.
        assert abs(rows[dark].mean()) < 0.7 * rows.std()
        assert abs(columns[dark].mean()) < 0.35 * columns.std()
    assert (after[weights == 0] == before[weights == 0]).mean() > 0.99


def test_the_pupil_is_round_on_the_eyeball(canonical: Canonical, eyes: Floats, weights: Floats) -> None:
    after = with_irises(painted(weights, BLUE), canonical, TEMPLATE, eyes)
    dark = (after.max(axis=2) < 60) & (weights > 0.99) & (canonical.places.position[..., 0] > 0)
    place = canonical.places.position[dark]
    width, height = np.ptp(place[:, 0]), np.ptp(place[:, 1])
    assert 0.008 < height < 0.03  # 2 to 7.5 mm
    assert height == pytest.approx(width, rel=0.25)


def test_both_eyes_have_one_colour(canonical: Canonical, eyes: Floats, weights: Floats) -> None:
    before = painted(weights, BLUE)
    green = painted(weights, (60, 140, 60))
    before[:, :256] = green[:, :256]
    after = with_irises(before, canonical, TEMPLATE, eyes).astype(float)
    sure = weights > 0.99
    left, right = (after[half][sure[half]].mean(axis=0) for half in (np.s_[:, :256], np.s_[:, 256:]))
    assert np.abs(left - right).max() < 6 < np.abs(np.array(BLUE) - (60, 140, 60)).max()


def test_statues_eyes_stay_blank(canonical: Canonical, eyes: Floats, weights: Floats) -> None:
    marble = np.random.default_rng(0).integers(200, 215, (512, 512, 3)).astype(np.uint8)
    assert np.abs(with_irises(marble, canonical, TEMPLATE, eyes).astype(int) - marble).max() <= 1


def test_lids_keep_their_make_up_and_lose_the_blurred_iris(canonical: Canonical, eyes: Floats, weights: Floats) -> None:
    smudged = painted(np.where(weights > 0.02, 1, 0), BLUE)
    rim = (weights > 0.02) & (weights < 0.1)
    hue = rgb2lab(with_irises(smudged, canonical, TEMPLATE, eyes))[rim][:, 2]
    assert np.median(rgb2lab(smudged)[rim][:, 2]) < -5 < 0 < np.median(hue)
    shadow = np.full((512, 512, 3), (90, 60, 150), np.uint8)
    shadow[weights > 0.2] = painted(weights, BLUE)[weights > 0.2]
    kept = with_irises(shadow, canonical, TEMPLATE, eyes)[(weights == 0)]
    assert np.abs(kept.astype(int) - (90, 60, 150)).max() < 12


@pytest.mark.parametrize("size", [16, 64, 256, 1024])
def test_pictures_of_every_size(canonical: Canonical, eyes: Floats, weights: Floats, size: int) -> None:
    picture = np.full((size, size, 3), SKIN, np.uint8)
    after = with_irises(picture, canonical, TEMPLATE, eyes)
    assert after.shape == picture.shape
    assert np.abs(after.astype(int) - picture).max() <= 1


def test_a_head_model_that_knows_no_eyes_changes_nothing(canonical: Canonical, weights: Floats) -> None:
    picture = painted(weights, BLUE)
    assert (with_irises(picture, canonical, TEMPLATE, np.zeros(len(canonical.points), np.float32)) == picture).all()
