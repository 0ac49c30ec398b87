"""Text embeddings to NPHM codes: MLP_id and MLP_exp (CLIP-Head, section 2.1)."""

from .expressions import together
from .mapping import (
    Mapping,
    compared_identities,
    drawn_ancestry,
    load_mapping,
    map_expression,
    map_identity,
    style_scores,
)
from .network import Clip2NPHM
from .phrases import Phrases

__all__ = [
    "Clip2NPHM",
    "Mapping",
    "Phrases",
    "compared_identities",
    "drawn_ancestry",
    "load_mapping",
    "map_expression",
    "map_identity",
    "style_scores",
    "together",
]
