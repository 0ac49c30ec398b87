"""The picture of an eye has a round iris of the wanted colour in its middle; the colours are those of a painting."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.asset.eyes import LIMBUS, PUPIL, eye_uv
from clip_head.core.asset.iris import eye_colours, eye_picture
from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import load_nphm
from clip_head.core.texture.albedo.canonical import load_canonical
from clip_head.core.texture.regions import region_weights
from clip_head.core.texture.template import load_template
from clip_head.core.uv.maps import texels_on_mesh
from clip_head.core.uv.raster import interpolate

BLUE, WHITE = np.array([60.0, 100.0, 190.0], np.float32), np.array([220.0, 214.0, 210.0], np.float32)


def radii(size):
    """Distance of each pixel from the middle, 1 at the limbus."""
    row, column = np.indices((size, size)) + 0.5
    limbus = eye_uv(np.array([LIMBUS, 0.0, np.sqrt(1 - LIMBUS**2)]))[0] - 0.5
    return np.hypot(row / size - 0.5, column / size - 0.5) / limbus


@pytest.mark.parametrize("size", [128, 512])
def test_iris_and_pupil_are_round_and_in_the_middle(size):
    picture, radius = eye_picture(BLUE, WHITE, 3, size).astype(float), radii(size)
    assert picture.shape == (size, size, 3)
    assert picture[radius < 0.85 * PUPIL].max() < 12
    iris = picture[(radius > 1.3 * PUPIL) & (radius < 0.8)]
    assert np.abs(np.median(iris, axis=0) - BLUE).max() < 35
    assert (iris[:, 2] > iris[:, 0]).mean() > 0.97
    white = picture[(radius > 1.2) & (radius < 1.8)]
    assert white.min() > 150
    row, column = np.nonzero(picture.max(axis=2) < 12)
    assert row.mean() == pytest.approx((size - 1) / 2, abs=0.5)
    assert column.mean() == pytest.approx((size - 1) / 2, abs=0.5)


def test_the_ring_around_the_iris_is_dark_and_the_white_is_pinker_behind():
    picture, radius = eye_picture(BLUE, WHITE, 3).astype(float), radii(512)
    ring, middle = (picture[(radius > a) & (radius < b)].mean() for a, b in ((0.9, 0.97), (0.5, 0.7)))
    assert ring < 0.7 * middle
    near, far = (picture[(radius > a) & (radius < b)].mean(axis=0) for a, b in ((1.15, 1.4), (2.5, 3.0)))
    assert far[0] - far[1] > near[0] - near[1] + 8


def test_the_seed_changes_fibres_and_not_colours():
    one, same, other = (eye_picture(BLUE, WHITE, seed, 256) for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()
    assert np.abs(one.mean(axis=(0, 1)) - other.mean(axis=(0, 1))).max() < 3


def test_colours_are_read_where_they_were_painted():
    canonical, template = load_canonical(EMBEDDED / "texture"), load_template(EMBEDDED / "texture")
    assert canonical is not None
    eyes = region_weights(load_nphm(EMBEDDED / "nphm").network, canonical.points, canonical.mesh).eyes
    weights = interpolate(eyes[:, None], canonical.mesh.faces, *texels_on_mesh(canonical.mesh, canonical.places))[
        ..., 0
    ]
    picture = np.full((512, 512, 3), (200, 160, 140), np.uint8)
    for half in (np.s_[:, :256], np.s_[:, 256:]):
        seen = weights[half] > 0.2
        column = np.nonzero(seen)[1]
        across = np.abs(np.arange(256) - column.mean())[None] < 1.35 * column.std()
        picture[half][seen] = WHITE
        picture[half][seen & across] = BLUE
    iris, white = eye_colours(picture, canonical, template, eyes)
    assert np.abs(iris - BLUE).max() < 12
    assert white[0] - white[2] < 20 and white.min() > 150
    no_iris, no_white = eye_colours(picture[::64, ::64], canonical, template, np.zeros_like(eyes))
    assert no_iris.shape == no_white.shape == (3,)
