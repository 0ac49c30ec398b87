"""A picture that was painted on the canonical head."""

import numpy as np
import pytest

from clip_head.core.texture.albedo.canonical import Canonical
from clip_head.core.texture.template import TemplateFacts
from clip_head.core.uv import draw_uv_maps

SIZE = 256


@pytest.fixture(scope="module")
def picture(canonical: Canonical, template: TemplateFacts) -> np.ndarray:
    """Skin with a smooth change over it, blue hair on the scalp."""
    maps = draw_uv_maps(canonical.mesh, SIZE)
    row, column = np.mgrid[:SIZE, :SIZE] / SIZE
    skin = np.stack([150 + 60 * row, 110 + 40 * column, 90 + 0 * row], axis=-1)
    covered = np.zeros((SIZE, SIZE, 1))
    covered[maps.mask, 0] = template.scalp_weight(maps.position[maps.mask])
    return np.round(skin + covered * (np.array([20, 30, 200]) - skin)).astype(np.uint8)
