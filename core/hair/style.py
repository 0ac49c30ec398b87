"""What hair a head wears, and the styles of the head model that stand for it in an identity's code."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from ..nphm.embedded_network import EmbeddedConfig
from ..nphm.grids import blend_weights
from ..types import Floats, Hairstyle, Latents
from .library import BROWS, GroomLibrary


def hairstyle_of_code(z_id: Floats, config: EmbeddedConfig) -> Hairstyle:
    """What an identity wears by its code alone, with brows as everybody has them.

    z_id: (D_id,) the code, which ends with weights of the head model's styles, and then of its beards.
    config: of the head model.
    """
    hair, beard = _blocks(z_id, config)
    return Hairstyle(_named(config.styles, hair), _named(config.beards, beard), {BROWS: 1.0})


def with_hairstyle(latents: Latents, hairstyle: Hairstyle, library: GroomLibrary, config: EmbeddedConfig) -> Latents:
    """The codes of the head with other hair: in place of its styles those that stand for the grooms.

    latents: of the head.
    hairstyle: what it is to wear.
    library: of the template.
    config: of the head model.
    """
    z_id = latents.z_id.copy()
    blocks = _blocks(z_id, config)
    for block, names, weights in zip(
        blocks, (config.styles, config.beards), (hairstyle.hair, hairstyle.beard), strict=True
    ):
        block[:] = 0.0
        for name, weight in weights.items():
            volume = library.grooms[name].volume if name in library.grooms else name
            if volume in names:
                block[names.index(volume)] += weight
    return replace(latents, z_id=z_id)


def _blocks(z_id: Floats, config: EmbeddedConfig) -> tuple[Floats, Floats]:
    """The weights of styles (S,) and of beards (B,) at the end of a code, as views of it."""
    beards = len(z_id) - len(config.beards)
    return z_id[beards - len(config.styles) : beards], z_id[beards:]


def _named(names: tuple[str, ...], code: Floats) -> dict[str, float]:
    """Name -> weight of the styles in a code that have any."""
    weights = blend_weights(torch.from_numpy(np.ascontiguousarray(code))).tolist()
    return {name: weight for name, weight in zip(names, weights, strict=True) if weight > 0}
