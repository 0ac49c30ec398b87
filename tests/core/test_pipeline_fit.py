"""Heads of a head model without a template, as of the official NPHM: quads are laid on their surface."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch
from torch import Tensor

from clip_head.core.fit.template import FitTemplate
from clip_head.core.nphm import NPHM
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.embedded_head import EmbeddedHead
from clip_head.core.pipeline import Models, generate_head
from clip_head.core.types import Head, HeadRequest

pytestmark = pytest.mark.slow(minutes=2)

REQUEST = HeadRequest("a bald young woman, laughing", seed=5, resolution=128, texture_size=64)


@dataclass(frozen=True)
class Field:
    """A head of the embedded model, 4 % wider than that, of which nothing is known but its surface."""

    inside: EmbeddedHead
    frizz = 0.0

    def narrowed(self, points: Tensor) -> Tensor:
        return points / torch.tensor([1.04, 1.0, 1.0])

    def template_coordinates(self, points: Tensor) -> Tensor:
        return points[:, :0]

    def value(self, points: Tensor, coordinates: Tensor) -> Tensor:
        narrow = self.narrowed(points)
        return self.inside.value(narrow, self.inside.template_coordinates(narrow))

    distance = value

    def gradient(self, points: Tensor, coordinates: Tensor) -> Tensor:
        narrow = self.narrowed(points)
        return self.narrowed(self.inside.gradient(narrow, self.inside.template_coordinates(narrow)))

    def focus(self) -> None:
        return None

    def hair_weight(self, coordinates: Tensor) -> None:
        return None

    def beard_thickness(self, coordinates: Tensor) -> None:
        return None

    def place_template(self, points: Tensor) -> None:
        return None

    def express(self, vertices: Tensor, normals: Tensor, z_exp: Tensor) -> tuple[Tensor, None]:
        return self.inside.express(self.narrowed(vertices), normals, z_exp)[0], None


class Network:
    """The embedded model without what tells it from the official one."""

    actions: tuple[str, ...] = ()
    sheet = region_masks = None

    def __init__(self, inside: EmbeddedNPHM) -> None:
        self.inside = inside
        self.id_size, self.exp_size = inside.id_size, inside.exp_size
        self.steepness, self.box = inside.steepness, inside.box

    def at(self, z_id: Tensor) -> Field:
        bald = z_id.clone()
        bald[-len(self.inside.config.styles) - len(self.inside.config.beards) :] = 0.0
        return Field(self.inside.at(bald))


@pytest.fixture(scope="module")
def others(models: Models) -> Models:
    network = models.nphm.network
    assert isinstance(network, EmbeddedNPHM)
    assert models.mapping.basis is not None
    card = replace(models.nphm.card, name="another head model")
    return replace(models, decoder=NPHM(card, Network(network)), fit=FitTemplate.of(network, models.mapping.basis))


@pytest.fixture(scope="module")
def head(others: Models) -> Head:
    return generate_head(REQUEST, others)


def test_it_becomes_an_asset_that_lies_on_the_surface(head: Head) -> None:
    assert head.asset is not None
    assert {"Head", "Eye Left", "Upper Teeth", "Lashes"} <= {part.name for part in head.asset.parts}
    assert head.fit_mm is not None
    assert head.fit_mm < 0.3
    names = [card.name for card in head.models if card.kind == "nphm"]
    assert names[0] == "another head model"
    assert len(names) == 2, "both models are named, for their licences"


def test_the_asset_has_the_surfaces_width_and_expression(head: Head, others: Models) -> None:
    raw = generate_head(replace(REQUEST, surface="raw"), others)
    assert raw.asset is None
    assert raw.fit_mm is None
    assert head.asset is not None
    ours, theirs = head.asset.parts[0].vertices, raw.mesh.vertices
    above = -0.3
    widths = [np.ptp(v[v[:, 1] > above][:, 0]) for v in (ours, theirs)]
    assert abs(widths[0] - widths[1]) * 250 < 3
    weights = head.asset.weights
    assert weights["mouthSmileLeft"] > 0.25, "who laughs smiles"


def test_it_is_painted_in_the_canonical_uv(head: Head, models: Models) -> None:
    own = generate_head(REQUEST, models)
    np.testing.assert_array_equal(head.mesh.uv, own.mesh.uv)
    assert head.textures.albedo[head.maps.mask].std(axis=0).min() > 3.0
    assert "Eye" in head.part_images
