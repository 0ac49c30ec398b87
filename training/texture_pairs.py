"""The baked training pairs: albedo, UV normal map and caption of one head each, as the skins stage writes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from clip_head.core.types import Bytes


def read_albedos(folder: Path, held_out: bool) -> list[Bytes]:
    """Every baked albedo map (H, W, 3) so far; each tenth is held out of training."""
    paths = sorted(folder.glob("*albedo*.png"))
    chosen = [path for i, path in enumerate(paths) if (i % 10 == 9) == held_out]
    return [np.asarray(Image.open(path).convert("RGB")) for path in chosen]
