"""What is known of the template for fitting it: which of its surface shows, what may be under hair, how heads vary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from ..normals import area_weighted_normals
from ..nphm.embedded import EmbeddedNPHM
from ..nphm.embedded_network import HAIR_CLAMP
from ..nphm.grids import sample_grid
from ..types import Bools, Floats, Ints

#: Height above the skin, units (4 mm), at which it is seen whether a vertex lies in the open: the part of it that the
#: nearest skin is away there, above which it does.
HEIGHT, OPEN = 0.016, 0.5
#: Height on the template below which nothing is fitted, units: surfaces end at the neck.
LOWEST = -0.55
#: Thickness of a beard, and distance to hair, units (1 mm), from which on a vertex counts as under it.
UNDER = 0.004
#: Regions that surfaces of other models may have otherwise, or not at all.
HIDDEN = ("mouth", "left_eye", "right_eye")


@dataclass(frozen=True)
class FitTemplate:
    """The template of an embedded NPHM as it is fitted to surfaces.

    network: the head model.
    vertices (V, 3), faces (F, 3): of its surface, units.
    exposed (V,): which vertices lie in the open, and not within eyes, mouth, lips or nostrils.
    bare (V,): which of them are the face's, and under no hair or beard that the model knows.
    axes (K, D): along which codes of heads vary, deviations being one; D counts the codes without hair and beard.
    """

    network: EmbeddedNPHM
    vertices: Floats
    faces: Ints
    exposed: Bools
    bare: Bools
    axes: Floats

    @staticmethod
    def of(network: EmbeddedNPHM, axes: Floats) -> FitTemplate:
        """The template of a head model. Parameters as of the class."""
        vertices, faces = network.sheet_vertices.numpy(), network.sheet_faces.numpy()
        masks, config = network.region_masks, network.config
        above = vertices + HEIGHT * area_weighted_normals(vertices, faces)
        with torch.inference_mode():
            room = network.template_distance(torch.from_numpy(above)).numpy() / HEIGHT
            at = network.sheet_vertices
            covered = np.zeros(len(vertices), bool)
            for grid in network.hair_grids:
                distance = sample_grid(grid.float(), at, config.hair_origin, config.hair_spacing) * (HAIR_CLAMP / 127)
                covered |= distance.numpy() < UNDER
            for grid in network.beard_grids:
                covered |= sample_grid(grid, at, config.beard_origin, config.beard_spacing).numpy() > UNDER
        exposed = (room > OPEN) & (vertices[:, 1] > LOWEST)
        for name in HIDDEN:
            exposed &= ~masks[name]
        return FitTemplate(network, vertices, faces, exposed, exposed & masks["face"] & ~covered, axes)

    def placed(self, code: Floats) -> Floats:
        """Where its vertices (V, 3) are on the head of a code (D_id,), units."""
        with torch.inference_mode():
            members = self.network.members(torch.from_numpy(code))
            return (self.network.sheet_vertices + members.displacement(self.network.sheet_vertices)).numpy()
