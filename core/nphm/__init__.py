"""The neural head: identity codes to a surface, expression codes to offsets of it."""

from .model import (
    NPHM,
    DecodedHead,
    SurfaceFacts,
    decode_head,
    extract_head,
    find_head,
    find_template_points,
    load_nphm,
    place_template,
    read_surface,
)

__all__ = [
    "NPHM",
    "DecodedHead",
    "SurfaceFacts",
    "decode_head",
    "extract_head",
    "find_head",
    "find_template_points",
    "load_nphm",
    "place_template",
    "read_surface",
]
