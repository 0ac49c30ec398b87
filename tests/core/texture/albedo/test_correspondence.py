"""Pictures are carried from the canonical UV to a head's own and back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clip_head.core.texture.albedo.canonical import Canonical
from clip_head.core.texture.albedo.correspondence import find_correspondence
from clip_head.core.texture.template import TemplateFacts
from clip_head.core.types import Edit

from .conftest import SIZE


def test_an_albedo_goes_there_and_back(canonical: Canonical, template: TemplateFacts, picture: np.ndarray) -> None:
    correspondence = find_correspondence(canonical, canonical.mesh, SIZE)
    hair = template.scalp_weight(correspondence.points)
    mask = np.zeros((SIZE, SIZE), np.float32)
    mask[SIZE // 2 :] = 1
    moved = correspondence.edit_to_canonical(Edit(picture, 0.5, mask), hair, template, SIZE)
    inside = correspondence.mask & (np.abs(np.arange(SIZE) - SIZE // 2) > 3)[:, None]
    assert np.abs(moved.albedo.astype(int) - picture)[inside].mean() < 2
    assert moved.mask is not None
    assert np.abs(moved.mask - mask)[inside].mean() < 0.01
    assert moved.strength == 0.5


def test_a_mesh_in_the_canonical_uv_wears_pictures_as_they_are(canonical: Canonical, picture: np.ndarray) -> None:
    correspondence = find_correspondence(canonical, canonical.mesh, SIZE)
    assert correspondence.same
    assert (correspondence.to_head(picture.astype(np.float32)) == picture[correspondence.mask]).all()
    # A picture of another size is interpolated, at the same places.
    large = np.repeat(np.repeat(picture.astype(np.float32), 2, axis=0), 2, axis=1)
    inside = np.abs(np.diff(picture.astype(int), axis=0, prepend=0)).max(axis=2)[correspondence.mask] == 0
    assert np.abs(correspondence.to_head(large, order=1) - picture[correspondence.mask])[inside].mean() < 2


def test_a_mesh_with_another_uv_is_looked_up(canonical: Canonical, picture: np.ndarray) -> None:
    shifted = replace(canonical.mesh, uv=canonical.mesh.uv + np.array([2 / SIZE, 0], np.float32))
    correspondence = find_correspondence(canonical, shifted, SIZE)
    assert not correspondence.same
    moved = np.zeros_like(picture)
    moved[correspondence.mask] = np.round(correspondence.to_head(picture.astype(np.float32), order=1)).clip(0, 255)
    expected = np.roll(picture, 2, axis=1)
    assert np.abs(moved.astype(int) - expected)[correspondence.mask].mean() < 2


def test_a_mesh_that_knows_no_template_is_refused(canonical: Canonical) -> None:
    with pytest.raises(ValueError, match="template"):
        find_correspondence(canonical, replace(canonical.mesh, template_points=None), SIZE)
