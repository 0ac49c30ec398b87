"""PNG files as bytes, the same bytes for the same pixels."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from .types import Bytes, Floats


def encode_png(image: Bytes) -> bytes:
    """`image` (H, W, 3 or 4) sRGB or data bytes, row 0 on top, as a PNG file without metadata."""
    file = BytesIO()
    Image.fromarray(np.ascontiguousarray(image)).save(file, format="PNG", compress_level=6)
    return file.getvalue()


def encode_directions(directions: Floats) -> Bytes:
    """Unit vectors (..., 3) as the colours of a normal map: 0.5 + 0.5 n, rounded to bytes."""
    return np.clip(np.rint((directions * 0.5 + 0.5) * 255.0), 0, 255).astype(np.uint8)
