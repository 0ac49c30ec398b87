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


def test_a_mesh_that_knows_no_template_is_refused(canonical: Canonical) -> None:
    with pytest.raises(ValueError, match="template"):
        find_correspondence(canonical, replace(canonical.mesh, template_points=None), SIZE)
