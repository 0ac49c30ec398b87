"""Control image to textures: ControlNet_uv with latent diffusion for the albedo, and the tangent-space normal map."""

from .edit import keep_rest
from .hairline import even_hair, part_hair, tint_beard
from .load import load_painter
from .painter import Painter, paint_albedo
from .seam import match_seam
from .tangent import tangent_normals

__all__ = [
    "Painter",
    "even_hair",
    "keep_rest",
    "load_painter",
    "match_seam",
    "paint_albedo",
    "part_hair",
    "tangent_normals",
    "tint_beard",
]
