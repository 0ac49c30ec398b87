"""Every model that texturing needs, loaded once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..nphm.model import HeadNetwork
from ..text import TextModel
from ..types import Floats
from .albedo.canonical import Canonical, load_canonical
from .albedo.skin_detail import SkinDetail, load_skin_detail
from .painter.load import load_painter
from .painter.paint import Painter
from .painter.upscale import Upscaler, load_upscaler
from .regions import region_weights
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
        if self.canonical is None:
            return None
        return region_weights(self.network, self.canonical.points, self.canonical.mesh).eyes


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
