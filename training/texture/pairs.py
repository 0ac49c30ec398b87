"""The baked training pairs: albedo, UV normal map and captions of one head each, as the skins stage writes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from skimage.draw import polygon2mask

from clip_head.core.types import Bools, Bytes
from clip_head.core.uv import load_layout


@dataclass(frozen=True)
class Pair:
    """One colouring of one teacher head.

    name: the path that all its files begin with.
    albedo: file of the albedo in the canonical UV.
    control: file of the head's UV normal map.
    captions: what one would say of it.
    facts: all of its NUMBER.json (head, held_out, style, appearance, ...), as training/skins/bake.py writes it.
    """

    name: str
    albedo: Path
    control: Path
    captions: tuple[str, ...]
    facts: dict[str, Any]

    @property
    def held_out(self) -> bool:
        """Whether the head is held out of training, in all its colourings."""
        return bool(self.facts["held_out"])


def list_pairs(*folders: Path) -> list[Pair]:
    """Every pair that is finished by now.

    folders: of the pairs.
    """
    pairs = []
    for path in (path for folder in folders for path in sorted(folder.glob("*.json"))):
        facts = json.loads(path.read_text(encoding="utf-8"))
        if "captions" in facts:
            albedo, control = path.with_name(f"{path.stem}_albedo.png"), path.parent / facts["control"]
            pairs.append(Pair(str(path.with_suffix("")), albedo, control, tuple(facts["captions"]), facts))
    return pairs


def read_picture(path: Path) -> Bytes:
    """(H, W, 3) bytes: sRGB or encoded normals.

    path: of the picture.
    """
    return np.asarray(Image.open(path).convert("RGB"))


def read_control(path: Path) -> Bytes:
    """(H, W, 3) the control image as the painter makes it: encoded normals, black outside the chart.

    path: of the UV normal map.
    """
    picture = read_picture(path)
    return np.where(chart_mask(len(picture))[..., None], picture, 0).astype(np.uint8)


@cache
def chart_mask(size: int) -> Bools:
    """(size, size) the texels whose centres lie inside the outline of the layout's chart.

    size: pixels of a side.
    """
    u, v = load_layout().outline.T
    return polygon2mask((size, size), np.stack([(1 - v) * size - 0.5, u * size - 0.5], axis=1))
