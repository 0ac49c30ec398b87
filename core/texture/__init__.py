"""Control image to textures: ControlNet_uv with latent diffusion for the albedo, and the maps that follow from it."""

from .beard import tint_beard
from .canonical import Canonical, Registration, dress, load_canonical, register
from .edit import keep_rest
from .irises import with_irises
from .load import load_painter
from .maps import derive_maps
from .marks import affirmed, mark_tints, read_marks, side_of
from .painter import Painter, paint_albedo
from .regions import region_weights
from .seam import match_seam
from .skin_detail import SkinDetail, load_skin_detail
from .substance import has_skin, in_hue_of_material
from .tangent import tangent_normals
from .upscale import Upscaler, load_upscaler, upscale

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
