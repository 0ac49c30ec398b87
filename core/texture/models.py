"""Every model that texturing needs, loaded once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch

from ..nphm import DecodedHead, place_template
from ..nphm.embedded import EmbeddedNPHM
from ..nphm.embedded_head import EmbeddedHead
from ..nphm.fixed_points import FixedPoints
from ..nphm.model import HeadNetwork
from ..text import TextModel
from ..types import Floats
from .albedo.canonical import Canonical, load_canonical
from .albedo.skin_detail import SkinDetail, load_skin_detail
from .painter.load import load_painter
from .painter.paint import Painter
from .painter.upscale import Upscaler, load_upscaler
from .regions import Regions, region_weights
from .template import TemplateFacts, load_template


@dataclass(frozen=True)
class TextureModels:
    """The models of the second half of the method.

    network: the head model; its template is the one that all the following refer to.
    painter: ControlNet_uv with latent diffusion.
    template: places and planes of the template head.
    canonical: the head that the painter paints on; None where it paints in every head's own UV.
    upscaler: None where there is none: pictures are enlarged by interpolation.
    skin_detail: None where there is none.
    """

    network: HeadNetwork
    painter: Painter
    template: TemplateFacts
    canonical: Canonical | None = None
    upscaler: Upscaler | None = None
    skin_detail: SkinDetail | None = None

    @cached_property
    def canonical_eyes(self) -> Floats | None:
        """How far each of the canonical head's vertices (V,) is on an eye, 0 to 1; None without canonical head."""
        return None if self.canonical_regions is None else self.canonical_regions.eyes

    @cached_property
    def canonical_regions(self) -> Regions | None:
        """The regions of the canonical head's vertices; None without canonical head."""
        if self.canonical is None:
            return None
        return region_weights(self.network, self.canonical.points, self.canonical.mesh)

    def canonical_on(self, head: DecodedHead) -> Floats | None:
        """Where the canonical head's vertices lie on a head, neutral and bald: (V, 3), units; None where the painter
        paints on no canonical head, or the head's model has no template.

        head: decoded by `network`.
        """
        if self.canonical is None:
            return None
        if self._canonical_points is None or not isinstance(head.field, EmbeddedHead):
            return place_template(head, self.canonical.points)
        with torch.inference_mode():
            return self._canonical_points.placed(head.field.members).numpy()

    @cached_property
    def _canonical_points(self) -> FixedPoints | None:
        """The canonical head's vertices, ready for all heads of the embedded model."""
        if self.canonical is None or not isinstance(self.network, EmbeddedNPHM):
            return None
        with torch.inference_mode():
            members = self.network.members(torch.zeros(self.network.id_size))
            return FixedPoints.of(members, torch.from_numpy(self.canonical.points))


def load_texture_models(folder: Path, upscaler: Path, network: HeadNetwork, text: TextModel) -> TextureModels:
    """Load a texture model with what lies beside it, and an upscaler.

    folder: of the texture model.
    upscaler: folder of the upscaler; none is used where there is no such folder.
    network: the head model.
    text: the text model that a painter without text encoder reads words with.
    Raises ModelError naming what is missing, damaged or of another kind.
    """
    return TextureModels(
        network,
        load_painter(folder, text),
        load_template(folder),
        load_canonical(folder),
        load_upscaler(upscaler),
        load_skin_detail(folder),
    )
