"""The baked training pairs: albedo, UV normal map and captions of one head each, as the skins stage writes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from clip_head.core.types import Bytes


@dataclass(frozen=True)
class Pair:
    """One colouring of one teacher head: where its maps are, and what one would say of it.

    name is the same for all its files; facts is what else is known of it (head, style, appearance).
    """

    name: str
    albedo: Path
    control: Path
    captions: tuple[str, ...]
    facts: dict[str, Any]

    @property
    def held_out(self) -> bool:
        """Each tenth head is held out of training, in all its colourings; a growing folder never moves one."""
        return int(self.facts["head"]) % 10 == 9


def list_pairs(folder: Path) -> list[Pair]:
    """Every finished pair in the folder so far."""
    pairs = []
    for path in sorted(folder.glob("*.json")):
        facts = json.loads(path.read_text(encoding="utf-8"))
        if "captions" in facts:
            albedo, control = (path.with_name(f"{path.stem}_{kind}.png") for kind in ("albedo", "normal"))
            pairs.append(Pair(path.stem, albedo, control, tuple(facts["captions"]), facts))
    return pairs


def read_picture(path: Path) -> Bytes:
    """(H, W, 3) sRGB or encoded normals."""
    return np.asarray(Image.open(path).convert("RGB"))
