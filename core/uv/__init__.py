"""The aligned UV: the head cut at the neck and down the back, laid out on one fixed curve by two harmonic functions."""

from .layout import Layout, load_layout
from .maps import draw_uv_maps, encode_normals, vertex_normals
from .unwrap import unwrap

__all__ = ["Layout", "draw_uv_maps", "encode_normals", "load_layout", "unwrap", "vertex_normals"]
