"""The neural head: identity codes to a surface, expression codes to offsets of it."""

from .model import NPHM, extract_head, load_nphm, surface_normals

__all__ = ["NPHM", "extract_head", "load_nphm", "surface_normals"]
