"""Codes of heads for an NPHM that is already trained."""

import numpy as np
import pytest
import torch

from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import load_nphm
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.types import MILLIMETRES_PER_UNIT
from clip_head.training.nphm.projection import Projection
from clip_head.training.teacher.generate import build_template
from clip_head.training.teacher.identities import base_vertices, build_basis, mean_adult
from clip_head.training.teacher.template import build_topology

pytestmark = pytest.mark.slow


def test_a_head_that_the_network_decoded_is_given_its_code_again() -> None:
    network = load_nphm(EMBEDDED / "nphm").network
    assert isinstance(network, EmbeddedNPHM)
    topology = build_topology()
    template = build_template(topology, base_vertices(build_basis(topology.base), mean_adult()))
    projection = Projection.onto(network, template)
    seen = np.flatnonzero(template.regions["face"])[::20]
    for seed in range(2):
        code = np.zeros(network.id_size, np.float32)
        width = len(projection.matrix)
        code[:width] = np.random.default_rng(seed).normal(size=width)
        head = moved(network, template.vertices, code)
        found = projection.code(head)
        shared = found[: network.config.global_size]
        again = np.zeros_like(code)
        again[:width] = found
        apart = np.linalg.norm(moved(network, template.vertices[seen], again) - head[seen], axis=1)
        assert apart.mean() * MILLIMETRES_PER_UNIT < 0.05
        assert np.corrcoef(shared, code[: len(shared)])[0, 1] > 0.95


def moved(network: EmbeddedNPHM, points: np.ndarray, code: np.ndarray) -> np.ndarray:
    with torch.inference_mode():
        return points + network.members(torch.from_numpy(code)).displacement(torch.from_numpy(points)).numpy()
