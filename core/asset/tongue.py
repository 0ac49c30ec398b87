"""The tongue: a mesh of its own between the teeth, which lies on the floor of the mouth and can be put out."""

from __future__ import annotations

import numpy as np

from ..types import AssetLevel, AssetPart, Floats, Ints

#: Name of the part and of its material.
TONGUE = "Tongue"
#: The action that puts it out.
TONGUE_OUT = "tongueOut"


def tongue_part(vertices: Floats, quads: Ints, uv: Floats, mirror: Ints, out: Floats) -> AssetPart:
    """The tongue in the template's frame, mouth closed; teeth.seated brings it into a head and lets the jaw carry it.

    vertices (V, 3): units.
    quads (Q, 4): counter-clockwise seen from outside.
    uv (Q, 4, 2): at their corners.
    mirror (V,): of each vertex its mirror image.
    out (V, 3): offsets of TONGUE_OUT, units.
    """
    level = AssetLevel(quads, uv, np.zeros(len(quads), np.int32))
    return AssetPart(TONGUE, vertices, (level,), (TONGUE,), keys={TONGUE_OUT: out}, mirror=mirror)
