"""Points that are prepared once lie where the head model places them anew each time."""

from __future__ import annotations

import numpy as np
import torch

from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import load_nphm
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.fixed_points import FixedPoints


def test_prepared_points_lie_where_others_do() -> None:
    network = load_nphm(EMBEDDED / "nphm").network
    assert isinstance(network, EmbeddedNPHM)
    generator = torch.Generator().manual_seed(4)
    points = network.sheet_vertices[::7]
    with torch.inference_mode():
        fixed = FixedPoints.of(network.members(torch.zeros(network.id_size)), points)
        for scale in (0.0, 0.3):
            z_id = scale * torch.randn(network.id_size, generator=generator)
            placed = fixed.placed(network.members(z_id))
            np.testing.assert_allclose(placed, network.at(z_id).place_template(points), atol=1e-6)
        assert float((placed - points).abs().max()) > 0.01
        warped = fixed.placed(network.members(z_id, lambda u: 0.1 * u))
        np.testing.assert_allclose(warped, placed + 0.1 * points, atol=1e-6)
