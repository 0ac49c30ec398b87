"""Control image to textures: ControlNet_uv with latent diffusion for the albedo, and the maps that follow from it."""

from .albedo.beard import tint_beard
from .albedo.canonical import Canonical, Registration, dress, load_canonical, register
from .albedo.irises import with_irises
from .albedo.marks import affirmed, mark_tints, read_marks, side_of
from .albedo.seam import match_seam
from .albedo.skin_detail import SkinDetail, load_skin_detail
from .edit import keep_rest
from .material.maps import derive_maps
from .material.substance import has_skin, in_hue_of_material
from .material.tangent import tangent_normals
from .painter.load import load_painter
from .painter.paint import Painter, paint_albedo
from .painter.upscale import Upscaler, load_upscaler, upscale
from .regions import region_weights

__all__ = [
    "Canonical",
    "Painter",
    "Registration",
    "SkinDetail",
    "Upscaler",
    "affirmed",
    "derive_maps",
    "dress",
    "has_skin",
    "in_hue_of_material",
    "keep_rest",
    "load_canonical",
    "load_painter",
    "load_skin_detail",
    "load_upscaler",
    "mark_tints",
    "match_seam",
    "paint_albedo",
    "read_marks",
    "region_weights",
    "register",
    "side_of",
    "tangent_normals",
    "tint_beard",
    "upscale",
    "with_irises",
]
