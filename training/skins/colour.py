"""sRGB to CIE Lab and back, for lists of colours."""

from __future__ import annotations

import warnings

import numpy as np
from skimage.color import lab2rgb, rgb2lab

from clip_head.core.types import Floats

from .canvas import Colour


def to_lab(rgb: Floats) -> Floats:
    """Convert sRGB to CIE Lab (D65).

    rgb: (N, 3) 0 to 1.
    Returns: (N, 3) L from 0 to 100, a and b.
    """
    return np.asarray(rgb2lab(rgb[:, None, :])[:, 0], dtype=np.float32)


def lab_of(colour: Colour) -> Floats:
    """Convert one sRGB colour to CIE Lab (D65).

    colour: 0 to 1 per channel.
    Returns: (3,) L from 0 to 100, a and b.
    """
    return np.asarray(rgb2lab(np.array(colour, dtype=np.float64).reshape(1, 1, 3))[0, 0], dtype=np.float32)


def to_rgb(lab: Floats) -> Floats:
    """Convert CIE Lab (D65) to sRGB; colours that sRGB lacks are clipped on purpose, without a warning.

    lab: (N, 3) L from 0 to 100, a and b.
    Returns: (N, 3) 0 to 1.
    """
    lab = lab.copy()
    lab[:, 0] = np.clip(lab[:, 0], 0, 100)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.asarray(np.clip(lab2rgb(lab[:, None, :])[:, 0], 0, 1), dtype=np.float32)
