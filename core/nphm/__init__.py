"""The neural head: identity codes to a surface, expression codes to offsets of it."""

from .model import NPHM, decode_head, extract_head, load_nphm, read_surface

__all__ = ["NPHM", "decode_head", "extract_head", "load_nphm", "read_surface"]
