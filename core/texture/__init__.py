"""Control image to textures, in three rooms: painter paints the albedo, albedo composes it on a head, material derives
the maps that follow from it. generate.py is the way through them."""

from .generate import texture
from .models import TextureModels, load_texture_models

__all__ = ["TextureModels", "load_texture_models", "texture"]
