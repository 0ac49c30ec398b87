"""Hairstyles and the head model's own styles at the end of z_id."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from clip_head.core.hair.library import BROWS, GroomLibrary, Stored
from clip_head.core.hair.style import hairstyle_of_code, with_hairstyle
from clip_head.core.types import GroomLook, Hairstyle, Latents, ModelCard

CONFIG: Any = SimpleNamespace(styles=("short", "long"), beards=("full",))


def groom(kind: str, volume: str) -> Stored:
    nothing = np.zeros((0, 3), np.float32)
    return Stored(
        nothing[:, None], nothing.astype(np.int32), nothing, np.zeros(4, np.float32), GroomLook(), kind, volume
    )


@pytest.fixture
def library() -> GroomLibrary:
    grooms = {name: groom("hair", name) for name in CONFIG.styles} | {"full": groom("beard", "full")}
    grooms |= {"dreadlocks": groom("hair", "long"), "walrus": groom("beard", "full")}
    return GroomLibrary(ModelCard("grooms", "test", "CC0-1.0", "a test"), grooms)


def test_a_code_wears_what_it_ends_with() -> None:
    z_id = np.array([0.3, -0.2, 0.0, 1.0, 0.0], np.float32)
    assert hairstyle_of_code(z_id, CONFIG) == Hairstyle({"long": 1.0}, {}, {BROWS: 1.0})


def test_grooms_have_stand_ins_in_the_code_and_the_shape_stays(library: GroomLibrary) -> None:
    latents = Latents(np.array([0.3, -0.2, 1.0, 0.0, 0.0], np.float32), np.ones(2, np.float32))
    style = Hairstyle({"dreadlocks": 1.0}, {"walrus": 1.0})
    changed = with_hairstyle(latents, style, library, CONFIG)
    np.testing.assert_array_equal(changed.z_id, np.array([0.3, -0.2, 0.0, 1.0, 1.0], np.float32))
    np.testing.assert_array_equal(changed.z_exp, latents.z_exp)
    np.testing.assert_array_equal(latents.z_id, np.array([0.3, -0.2, 1.0, 0.0, 0.0], np.float32))


def test_the_bald_have_no_style_in_the_code(library: GroomLibrary) -> None:
    latents = Latents(np.ones(5, np.float32), np.zeros(2, np.float32))
    assert not with_hairstyle(latents, Hairstyle(), library, CONFIG).z_id[2:].any()


def test_there_and_back(library: GroomLibrary) -> None:
    latents = Latents(np.zeros(5, np.float32), np.zeros(2, np.float32))
    style = Hairstyle({"short": 0.75, "long": 0.25}, {"full": 1.0}, {BROWS: 1.0})
    assert hairstyle_of_code(with_hairstyle(latents, style, library, CONFIG).z_id, CONFIG) == style
