"""Control image to textures: ControlNet_uv with latent diffusion for the albedo, and the tangent-space normal map."""

from .painter import Painter, load_painter, paint_albedo
from .tangent import tangent_normals

__all__ = ["Painter", "load_painter", "paint_albedo", "tangent_normals"]
