"""The neural head: identity codes to a surface, expression codes to offsets of it."""

from .model import NPHM, decode_head, extract_head, hair_share, load_nphm, surface_normals

__all__ = ["NPHM", "decode_head", "extract_head", "hair_share", "load_nphm", "surface_normals"]
