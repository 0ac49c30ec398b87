"""Colours on both sides of the seam agree."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from clip_head.benchmarks.heads import rough_head
from clip_head.core.texture.albedo.seam import _colours, _twins, match_seam
from clip_head.core.types import UnwrappedMesh
from clip_head.core.uv import load_layout, unwrap


@pytest.fixture(scope="module")
def unwrapped() -> UnwrappedMesh:
    return unwrap(rough_head(1, 0.035, hair=False), load_layout())


def _difference(picture: np.ndarray, mesh) -> np.ndarray:
    left, right = _twins(mesh)
    values = picture.astype(np.float32)
    return np.abs(_colours(values, mesh.uv[left]) - _colours(values, mesh.uv[right]))


def test_the_sides_agree_and_the_face_is_untouched(unwrapped) -> None:
    noise = np.random.default_rng(0).normal(size=(256, 256, 3))
    smooth = gaussian_filter(noise, (6, 6, 0))
    picture = np.clip(128 + 600 * smooth, 0, 255).astype(np.uint8)
    matched = match_seam(picture, unwrapped)
    assert _difference(picture, unwrapped).mean() > 10
    assert _difference(matched, unwrapped).mean() < 2
    assert (matched[64:192, 64:192] == picture[64:192, 64:192]).all()


def test_what_agrees_stays(unwrapped) -> None:
    picture = np.full((128, 128, 3), 90, np.uint8)
    assert (match_seam(picture, unwrapped) == picture).all()
