"""The template that is fitted, and surfaces of random people, as another head model would give them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from clip_head.core.fit.template import FitTemplate
from clip_head.core.mapping import load_mapping
from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import NPHM, decode_head, extract_head, load_nphm
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.types import Floats, HeadMesh, Latents


@pytest.fixture(scope="session")
def nphm() -> NPHM:
    return load_nphm(EMBEDDED / "nphm")


@pytest.fixture(scope="session")
def fit_template(nphm: NPHM) -> FitTemplate:
    axes = load_mapping(EMBEDDED / "mapping").basis
    assert isinstance(nphm.network, EmbeddedNPHM)
    assert axes is not None
    return FitTemplate.of(nphm.network, axes)


@pytest.fixture(scope="session")
def surface(nphm: NPHM, fit_template: FitTemplate) -> Callable[[str], tuple[HeadMesh, Floats]]:
    """From a hair style, "" for none, to a surface, and where the template's vertices truly lie on it (V, 3), units."""
    network, axes = fit_template.network, fit_template.axes

    @cache
    def extracted(style: str) -> tuple[HeadMesh, Floats]:
        z_id = np.zeros(network.id_size, np.float32)
        z_id[: axes.shape[1]] = 0.7 * np.random.default_rng(1).normal(size=len(axes)) @ axes
        if style:
            z_id[axes.shape[1] + network.config.styles.index(style)] = 1.0
        head = decode_head(nphm, Latents(z_id, np.zeros(network.exp_size, np.float32)))
        return extract_head(head, 160), fit_template.placed(z_id)

    return extracted
