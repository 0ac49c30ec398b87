"""Strengths of actions from what a surface does."""

import numpy as np
import torch

from clip_head.core.fit.expression import fit_expression
from clip_head.core.fit.template import FitTemplate


def test_a_laugh_is_read_back_from_how_the_surface_moves(fit_template: FitTemplate) -> None:
    network = fit_template.network
    names, laugh = network.actions, {"jawOpen": 0.5, "mouthSmileLeft": 0.8, "mouthSmileRight": 0.7}
    z_exp = torch.tensor([laugh.get(name, 0.0) for name in names])
    with torch.inference_mode():
        offsets = (network.closing + network.action_offsets(z_exp)).numpy()
    offsets += np.random.default_rng(0).normal(scale=0.0004, size=offsets.shape).astype(np.float32)
    found = dict(zip(names, fit_expression(network, offsets, fit_template.exposed), strict=True))
    for name, strength in laugh.items():
        assert abs(found[name] - strength) < 0.15, name
    assert sum(found.values()) - sum(found[name] for name in laugh) < 0.8
    assert min(found.values()) >= 0
    assert found["mouthClose"] == 0


def test_a_neutral_surface_has_no_expression(fit_template: FitTemplate) -> None:
    network = fit_template.network
    assert fit_expression(network, network.closing.numpy(), fit_template.exposed).max() < 0.02
