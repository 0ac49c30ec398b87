"""Pictures as bytes: PNG files, the same bytes for the same pixels, and directions as colours.

Written here, because scene/ needs it inside Blender, whose own Python has numpy but no image library.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np

from .types import Bytes, Floats


def encode_png(image: Bytes) -> bytes:
    """A picture as a PNG file without metadata.

    image (H, W, 3 or 4), or (H, W) in greys: sRGB or data bytes, row 0 on top.
    """
    height, width = image.shape[:2]
    channels = image.shape[2] if image.ndim == 3 else 1
    rows = np.ascontiguousarray(image).reshape(height, width * channels)
    # Filter 2, "up": each row as its difference from the one above, which compresses skin to about half.
    filtered = np.empty((height, 1 + width * channels), np.uint8)
    filtered[:, 0] = 2
    filtered[0, 1:] = rows[0]
    filtered[1:, 1:] = rows[1:] - rows[:-1]
    header = struct.pack(">IIBBBBB", width, height, 8, {1: 0, 3: 2, 4: 6}[channels], 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(filtered.tobytes(), 6)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def encode_normals(normal: Floats) -> Bytes:
    """Normals (..., 3) as RGB bytes (n + 1) / 2: x red, y green, z blue. Where there is none (the zero vector, outside
    the chart and its margin) this gives the middle grey 128, which stands for "no direction"."""
    return np.clip(np.round((normal + 1.0) * 127.5), 0, 255).astype(np.uint8)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
