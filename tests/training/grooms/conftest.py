"""What all grooms grow on."""

from __future__ import annotations

import pytest
from safetensors.torch import load_file

from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import load_nphm
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.training.grooms.fields import skin_distance
from clip_head.training.grooms.scalp import template_skin
from clip_head.training.grooms.train import Template


@pytest.fixture(scope="session")
def template() -> Template:
    network = load_nphm(EMBEDDED / "nphm").network
    assert isinstance(network, EmbeddedNPHM)
    kept = load_file(EMBEDDED / "asset" / "asset.safetensors")["kept"].numpy().astype(bool)
    return Template(network, template_skin(network, kept), skin_distance(network))
