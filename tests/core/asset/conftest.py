"""Heads of words, with what the embedded NPHM knows of their eyes and lids in some poses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
import torch

from clip_head.core.asset.assemble import asset_of
from clip_head.core.asset.head import PlacedHead, place_head
from clip_head.core.asset.lashes import LASH_RINGS, RimIds, Rims, lid_rims
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.embedded_head import EmbeddedHead
from clip_head.core.pipeline import Models, read_words
from clip_head.core.types import Asset, Bools, Floats, HeadRequest, Latents

PROMPTS = ("an adult woman", "a child", "an old man")
#: Heads of words that whole assets are made of, by what is special about them.
WORDS = {"bald": "a bald man, laughing", "bearded": "a man with a side part and a beard, winking", "child": "a child"}
ACTIONS = ("eyeBlinkLeft", "eyeLookUpLeft", "eyeLookDownLeft", "eyeLookOutLeft", "eyeLookInRight", "tongueOut")


@dataclass(frozen=True)
class Eyes:
    """The eyes of a head.

    neutral (V, 3), posed: the sheet's vertices, units.
    balls (V,): of the sheet's left and right eyeball; contact, rim, lash: vertices of lids, as of lid_rims.
    """

    neutral: Floats
    posed: dict[str, Floats]
    balls: tuple[Bools, Bools]
    contact: RimIds
    rim: RimIds
    lash: RimIds

    def lids(self, vertices: Floats, ids: RimIds) -> Rims:
        left_upper, left_lower, right_upper, right_lower = (vertices[one] for one in ids)
        return left_upper, left_lower, right_upper, right_lower

    def touching(self, side: int, vertices: Floats | None = None) -> Floats:
        """The points (M, 3) of the left (0) or right (1) lids that lie on the eyeball."""
        points = self.neutral if vertices is None else vertices
        return np.concatenate([points[ids].reshape(-1, 3) for ids in self.contact[2 * side : 2 * side + 2]])


@pytest.fixture(scope="session")
def eyes_of_heads(models: Models) -> list[Eyes]:
    network = models.nphm.network
    assert isinstance(network, EmbeddedNPHM)
    sheet, masks = network.sheet, network.region_masks
    contact, rim, lash = (
        lid_rims(sheet.vertices, sheet.faces, masks["left_eye"], rings) for rings in ((-2, -1), (0,), LASH_RINGS)
    )
    heads = []
    for prompt in PROMPTS:
        z_id = torch.from_numpy(read_words(HeadRequest(prompt), models).z_id)
        with torch.no_grad():
            canonical = network.sheet_vertices + network.members(z_id).displacement(network.sheet_vertices)

            def pose(strengths: dict[str, float], canonical: torch.Tensor = canonical) -> Floats:
                z_exp = torch.tensor([strengths.get(name, 0.0) for name in network.actions])
                posed: Floats = (canonical + network.sheet_offsets(canonical, z_exp)).numpy()
                return posed

            posed = {name: pose({name: 1.0}) for name in ACTIONS}
            balls = masks["left_eye"], masks["right_eye"]
            heads.append(Eyes(pose({}), posed, balls, contact, rim, lash))
    return heads


@dataclass(frozen=True)
class Heads:
    """The heads of WORDS, each made when it is first asked for by its name there.

    request, latents: of it.
    placed: the template on it.
    asset: of it, without pictures.
    field: the head model's.
    """

    request: Callable[[str], HeadRequest]
    latents: Callable[[str], Latents]
    placed: Callable[[str], PlacedHead]
    asset: Callable[[str], Asset]
    field: Callable[[str], EmbeddedHead]


@pytest.fixture(scope="session")
def heads(models: Models) -> Heads:
    template, network = models.asset, models.nphm.network
    assert template is not None and isinstance(network, EmbeddedNPHM)

    def request(name: str) -> HeadRequest:
        return HeadRequest(WORDS[name], seed=3)

    @cache
    def latents(name: str) -> Latents:
        return read_words(request(name), models)

    @cache
    def placed(name: str) -> PlacedHead:
        return place_head(template, latents(name).z_id)

    @cache
    def asset(name: str) -> Asset:
        return asset_of(request(name), latents(name), template, models.texture.template)

    @cache
    def field(name: str) -> EmbeddedHead:
        with torch.inference_mode():
            return network.at(torch.from_numpy(latents(name).z_id))

    return Heads(request, latents, placed, asset, field)
