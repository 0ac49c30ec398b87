"""Control image to textures, in three steps: painter/ paints the albedo, albedo/ composes it on a head, material/
derives the maps that follow from it. generate.py calls them in order."""

from .generate import texture
from .models import TextureModels, load_texture_models

__all__ = ["TextureModels", "load_texture_models", "texture"]
