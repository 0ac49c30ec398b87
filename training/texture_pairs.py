"""The baked training pairs: albedo, UV normal map and captions of one head each, as the skins stage writes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from clip_head.core.types import Bytes


@dataclass(frozen=True)
class Pair:
    """One teacher head: where its maps are, and what one would say of it. `name` is the same for all its files."""

    name: str
    albedo: Path
    control: Path
    captions: tuple[str, ...]

    @property
    def held_out(self) -> bool:
        """Each tenth pair is held out of training; by number, so that a growing folder never moves one."""
        return int("".join(c for c in self.name if c.isdigit()) or 0) % 10 == 9


def list_pairs(folder: Path) -> list[Pair]:
    """Every pair in the folder so far."""
    pairs = []
    for path in sorted(folder.glob("*.json")):
        entries = json.loads(path.read_text(encoding="utf-8"))
        if "captions" in entries:
            name = path.stem
            albedo, control = folder / f"{name}_albedo.png", folder / f"{name}_normal.png"
            pairs.append(Pair(name, albedo, control, tuple(entries["captions"])))
    return pairs


def read_picture(path: Path) -> Bytes:
    """(H, W, 3) sRGB or encoded normals."""
    return np.asarray(Image.open(path).convert("RGB"))
