"""Teacher albedo: shading-free colours of synthetic heads, from the CC0 MakeHuman skins, irises and eyebrows."""

from .albedo import albedo_at
from .assets import SkinAssets, load_assets

__all__ = ["SkinAssets", "albedo_at", "load_assets"]
