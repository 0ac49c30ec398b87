"""Brows, beards, lines of lids and lips that are painted where the head has none are gone; all else stays."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import load_nphm
from clip_head.core.texture.albedo.bare_face import (
    _BROW,
    BareFace,
    bare_face,
    beard_colour,
    lip_weight,
    wears_make_up,
)
from clip_head.core.texture.albedo.canonical import Canonical
from clip_head.core.texture.regions import Regions, region_weights
from clip_head.core.texture.template import TemplateFacts
from clip_head.core.uv.maps import texels_on_mesh
from clip_head.core.uv.raster import interpolate

SKIN, BROW, LIPS, BLACK = (
    np.array(colour, np.float32) for colour in ((205, 165, 140), (60, 45, 35), (190, 60, 60), 3 * (30,))
)


@pytest.fixture(scope="module")
def regions(canonical: Canonical) -> Regions:
    return region_weights(load_nphm(EMBEDDED / "nphm").network, canonical.points, canonical.mesh)


@pytest.fixture(scope="module")
def lips_and_eyes(canonical: Canonical, regions: Regions) -> tuple[np.ndarray, np.ndarray]:
    """Where the canonical picture shows lips and eyes, as the painter has them."""
    values = np.stack([regions.lips, regions.eyes], axis=1)
    shown = interpolate(values, canonical.mesh.faces, *texels_on_mesh(canonical.mesh, canonical.places))
    return shown[..., 0] > 0.5, shown[..., 1] > 0.5


def brow_at(points: np.ndarray) -> np.ndarray:
    x, y = np.abs(points[..., 0]), points[..., 1]
    return (points[..., 2] > 0) & (x > 0.05) & (x < 0.2) & (np.abs(y - np.interp(x, *_BROW)) < 0.014)


def beard_at(points: np.ndarray) -> np.ndarray:
    return (points[..., 2] > -0.05) & (points[..., 1] < -0.21)


@pytest.fixture
def painted(canonical: Canonical, lips_and_eyes: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """A shaven face: dark brows, red lips, black round the eyes."""
    points = canonical.places.position
    lips, eyes = lips_and_eyes
    picture = np.broadcast_to(SKIN, (*lips.shape, 3)).copy()
    picture[brow_at(points)] = BROW
    picture[lips] = LIPS
    row, column = np.nonzero(eyes)
    for step in range(-3, 4):
        picture[row + step, column] = BLACK
    picture[eyes] = 230
    return picture.astype(np.uint8)


def test_painted_brows_are_gone_and_the_rest_of_the_skin_stays(
    painted: np.ndarray, canonical: Canonical, template: TemplateFacts, regions: Regions
) -> None:
    points = canonical.places.position
    face = bare_face(painted, canonical, template, regions)
    assert np.abs(face.picture[brow_at(points)] - SKIN).max() < 6 < np.abs(painted[brow_at(points)] - SKIN).min()
    elsewhere = canonical.places.mask & (points[..., 2] > 0) & (np.abs(points[..., 1] + 0.06) < 0.03)
    elsewhere |= canonical.places.mask & (points[..., 1] > 0.15)
    np.testing.assert_array_equal(face.picture[elsewhere], painted[elsewhere])
    assert face.bearded == 0


def test_a_painted_beard_is_gone_and_its_colour_known(
    painted: np.ndarray, canonical: Canonical, template: TemplateFacts, regions: Regions
) -> None:
    points = canonical.places.position
    grown = beard_at(points) & canonical.places.mask & (lip_weight(points) == 0)
    bearded = painted.copy()
    bearded[grown] = BLACK
    face = bare_face(bearded, canonical, template, regions)
    assert face.bearded > 0.9
    np.testing.assert_allclose(face.beard, BLACK, atol=12)
    assert np.percentile(np.abs(face.picture[grown] - SKIN), 95) < 8


def test_lips_end_where_those_of_the_geometry_do(
    painted: np.ndarray,
    canonical: Canonical,
    template: TemplateFacts,
    regions: Regions,
    lips_and_eyes: tuple[np.ndarray, np.ndarray],
) -> None:
    weight, lips = lip_weight(canonical.places.position), lips_and_eyes[0]
    picture = bare_face(painted, canonical, template, regions).picture
    outside, inside = lips & (weight == 0), lips & (weight == 1)
    assert outside.sum() > 200 and np.abs(picture[outside] - SKIN).max() < 8
    np.testing.assert_array_equal(picture[inside], painted[inside])


def test_shut_lids_are_skin_a_little_darker_and_redder(
    painted: np.ndarray, canonical: Canonical, template: TemplateFacts, regions: Regions
) -> None:
    lids = (painted == BLACK).all(axis=2)
    shown = bare_face(painted, canonical, template, regions).picture[lids].mean(axis=0)
    assert (shown > 0.7 * SKIN).all() and (shown < SKIN).all() and shown[0] / shown[1] > 1.04 * SKIN[0] / SKIN[1]


def test_make_up_stays(
    painted: np.ndarray,
    canonical: Canonical,
    template: TemplateFacts,
    regions: Regions,
    lips_and_eyes: tuple[np.ndarray, np.ndarray],
) -> None:
    picture = bare_face(painted, canonical, template, regions, make_up=True).picture
    for kept in (lips_and_eyes[0], (painted == BLACK).all(axis=2)):
        np.testing.assert_array_equal(picture[kept], painted[kept])
    assert wears_make_up("A man with Joker makeup") and not wears_make_up("a man who makes up stories")


def test_a_beard_has_the_hairs_colour_unless_another_was_clearly_painted() -> None:
    def colour(hair: np.ndarray, beard: np.ndarray, bearded: float) -> np.ndarray:
        return beard_colour(hair, BareFace(np.zeros((1, 1, 3), np.uint8), beard, bearded))

    white = np.array([220, 218, 215], np.float32)
    np.testing.assert_allclose(colour(BROW, SKIN, 0.0), BROW, atol=1)
    np.testing.assert_allclose(colour(BROW, BROW + 15, 1.0), BROW, atol=1)
    np.testing.assert_allclose(colour(BROW, white, 1.0), white, atol=1)


def test_the_border_of_the_lips_is_the_same_on_both_sides_and_closes() -> None:
    middle = np.array([[0.0, -0.21, 0.26], [0.0, -0.27, 0.24], [0.0, -0.19, 0.26], [0.0, -0.30, 0.23]])
    np.testing.assert_array_equal(lip_weight(middle), [1, 1, 0, 0])
    side = np.array([[0.05, -0.205, 0.24], [0.1, -0.246, 0.2]])
    other = side * np.array([-1.0, 1.0, 1.0])
    np.testing.assert_array_equal(lip_weight(side), lip_weight(other))
    assert lip_weight(side)[1] == 0
