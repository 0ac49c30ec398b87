"""What was painted on the canonical head is composed on others: skin, and hair where it grows."""

from __future__ import annotations

import numpy as np

from clip_head.core.texture.albedo.canonical import Canonical
from clip_head.core.texture.albedo.composite import composite_albedo, split_layers, symmetrised
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


def test_hair_is_alike_on_both_sides_unless_they_differ_much() -> None:
    wavering = np.full((16, 16, 3), 150, np.float32)
    wavering[:, :8] += 20
    assert np.ptp(symmetrised(wavering)) < 1e-3
    halves = np.full((16, 16, 3), 30, np.float32)
    halves[:, :8] = (230, 60, 180)
    assert (symmetrised(halves) == halves).all()
