"""What was painted on the canonical head is composed on others: skin, and hair where it grows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.transform import resize

from clip_head.core.texture.albedo.canonical import Canonical
from clip_head.core.texture.albedo.composite import (
    _SPREAD_SIZE,
    _SPREAD_TRUST,
    _SPREAD_WIDTHS,
    composite_albedo,
    pattern_at,
    split_layers,
    spread,
    symmetrised,
)
from clip_head.core.texture.albedo.correspondence import find_correspondence
from clip_head.core.texture.template import TemplateFacts
from clip_head.core.uv import draw_uv_maps

from .conftest import SIZE


def test_a_bald_head_wears_no_hair(canonical: Canonical, template: TemplateFacts, picture: np.ndarray) -> None:
    texels = find_correspondence(canonical, canonical.mesh, SIZE)
    bald = composite_albedo(canonical, picture, texels, template, None)[texels.mask].astype(int)
    assert (bald[:, 2] < bald[:, 0]).all(), "no texel is blue"


def test_hair_is_of_the_scalps_colour_wherever_it_grows(
    canonical: Canonical, template: TemplateFacts, picture: np.ndarray
) -> None:
    texels = find_correspondence(canonical, canonical.mesh, SIZE)
    everywhere = composite_albedo(canonical, picture, texels, template, np.ones(len(texels.uv), np.float32))[
        texels.mask
    ].astype(int)
    assert (everywhere[:, 2] > everywhere[:, 0] + 50).mean() > 0.99
    assert everywhere[:, 2].std() > 5, "it has strands"


def test_the_face_stays_as_it_was_painted(canonical: Canonical, template: TemplateFacts, picture: np.ndarray) -> None:
    maps = draw_uv_maps(canonical.mesh, SIZE)
    face = maps.mask & (template.scalp_height(maps.position) < 0.0)
    assert (split_layers(canonical, picture, template).skin[face] == picture[face]).all()


def test_hair_and_skin_arespread_as_gaussiansspread_them(
    canonical: Canonical, template: TemplateFacts, picture: np.ndarray
) -> None:
    """The same as with filters over the picture: matrices are quicker, and nothing else."""
    weight = np.zeros((SIZE, SIZE), np.float32)
    weight[SIZE // 4 : SIZE // 2, SIZE // 3 : SIZE // 2] = 1
    values = picture.astype(np.float32)
    small = [
        resize(image, (_SPREAD_SIZE, _SPREAD_SIZE, image.shape[2]), order=1, anti_aliasing=True)
        for image in (values * weight[..., None], weight[..., None])
    ]
    total, remaining = 0.0, 1.0
    for width in _SPREAD_WIDTHS:
        sums, weights = (gaussian_filter(image, (width * _SPREAD_SIZE, width * _SPREAD_SIZE, 0)) for image in small)
        trust = 1.0 if width == _SPREAD_WIDTHS[-1] else np.clip(weights / _SPREAD_TRUST, 0, 1)
        total = total + remaining * trust * sums / np.maximum(weights, 1e-6)
        remaining = remaining * (1 - trust)
    np.testing.assert_allclose(spread(values, weight), resize(total, values.shape, order=1), atol=0.05)


def test_a_pattern_is_the_same_whether_it_is_kept_or_not(canonical: Canonical, template: TemplateFacts) -> None:
    texels = find_correspondence(canonical, canonical.mesh, SIZE)
    assert texels.same
    some = np.arange(len(texels.uv)) % 3 == 0
    kept = pattern_at(texels, some, template.crown)
    np.testing.assert_array_equal(kept, pattern_at(replace(texels, same=False), some, template.crown))


def test_hair_is_alike_on_both_sides_unless_they_differ_much() -> None:
    wavering = np.full((16, 16, 3), 150, np.float32)
    wavering[:, :8] += 20
    assert np.ptp(symmetrised(wavering)) < 1e-3
    halves = np.full((16, 16, 3), 30, np.float32)
    halves[:, :8] = (230, 60, 180)
    assert (symmetrised(halves) == halves).all()
