"""The aligned UV: the head cut at the neck and down the back, laid out on one fixed curve by two harmonic functions."""

from .corners import corner_uv
from .layout import Layout, load_layout
from .maps import carry_to_all, draw_uv_maps
from .place import REMEDY, place
from .unwrap import unwrap

__all__ = [
    "REMEDY",
    "Layout",
    "carry_to_all",
    "corner_uv",
    "draw_uv_maps",
    "load_layout",
    "place",
    "unwrap",
]
