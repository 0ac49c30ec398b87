"""The grooms' file: guides of every hair style, every beard, of brows and lashes, on the head model's template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import ModelError
from ..models import RESTORE, load_tensors, open_model_folder
from ..types import Floats, GroomLook, Ints, ModelCard

#: File of the folder.
WEIGHTS = "grooms.safetensors"
#: Points on a guide.
POINTS = 24
#: Names of the grooms that every head has.
BROWS, LASHES = "Eyebrows", "Eyelashes"
#: What a groom is hair of.
KINDS = ("hair", "beard", "brows", "lashes", "nose", "ears")
#: Positions are stored as differences from the root in steps of this, units (0.0125 mm): up to 1.6 units fit.
STEP = 5e-5
#: Largest values of bytes and of 16 bits.
_BYTE, _SHORT = 255, 65535


@dataclass(frozen=True)
class Stored:
    """Guides on the template.

    points: (N, K, 3) from root to tip, units.
    corners: (N, 3) vertices of the head model's sheet, all of one triangle of the head.
    barycentric: (N, 3) where between them the root lies.
    density: (Vs,) of strands at the sheet's vertices, 0 to 1.
    look: of the strands between guides.
    kind: one of KINDS.
    volume: the head model's style, or beard, that stands for this one on its raw surface; "" for brows and lashes.
    """

    points: Floats
    corners: Ints
    barycentric: Floats
    density: Floats
    look: GroomLook
    kind: str = "hair"
    volume: str = ""


@dataclass(frozen=True)
class GroomLibrary:
    """All grooms by name: among them every style and beard of the head model, "Eyebrows" and "Eyelashes".

    card: the model's name, licence and source.
    grooms: name -> guides.
    """

    card: ModelCard
    grooms: dict[str, Stored]


def packed(grooms: Mapping[str, Stored]) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """The tensors and the config in which grooms are stored.

    grooms: name -> guides; at least one.
    """
    every = list(grooms.values())
    roots = np.concatenate([one.points[:, 0] for one in every])
    offsets = np.concatenate([one.points[:, 1:] for one in every]) - roots[:, None]
    tensors = {
        "offsets": np.round(offsets / STEP).astype(np.int16),
        "corners": np.concatenate([one.corners for one in every]).astype(np.int32),
        "barycentric": np.round(np.concatenate([one.barycentric for one in every])[:, :2] * _BYTE).astype(np.uint8),
        "density": np.stack([np.round(one.density * _BYTE) for one in every]).astype(np.uint8),
    }
    entries = {
        name: {"kind": one.kind, "volume": one.volume, "guides": len(one.points), "look": asdict(one.look)}
        for name, one in grooms.items()
    }
    return tensors, {"grooms": entries}


def load_grooms(folder: Path, sheet: Floats) -> GroomLibrary:
    """The grooms of a head model's template.

    folder: of the grooms.
    sheet: (Vs, 3) vertices of the template, units.
    Raises ModelError when the folder is damaged, or made for another template.
    """
    opened = open_model_folder(folder, "grooms")
    tensors = {name: tensor.numpy() for name, tensor in load_tensors(opened, WEIGHTS).items()}
    entries = opened.config["grooms"]
    counts = [entry["guides"] for entry in entries.values()]
    wanted = {
        "offsets": (sum(counts), POINTS - 1, 3),
        "corners": (sum(counts), 3),
        "barycentric": (sum(counts), 2),
        "density": (len(entries), len(sheet)),
    }
    shapes = {name: tensor.shape for name, tensor in tensors.items()}
    corners = tensors.get("corners", np.zeros(0))
    if shapes != wanted or (len(corners) and not 0 <= corners.min() <= corners.max() < len(sheet)):
        raise ModelError(f"The grooms in {folder} do not fit the head model: their templates differ.", RESTORE)
    first = tensors["barycentric"].astype(np.float32) / _BYTE
    barycentric = np.column_stack([first, 1 - first.sum(axis=1)]).astype(np.float32)
    roots = np.einsum("nk,nkc->nc", barycentric, sheet[corners])
    offsets = np.concatenate([np.zeros((len(roots), 1, 3)), tensors["offsets"] * STEP], axis=1)
    points = (roots[:, None] + offsets).astype(np.float32)
    ends = np.cumsum(counts)
    grooms = {}
    for row, (name, entry) in enumerate(entries.items()):
        rows = slice(ends[row] - counts[row], ends[row])
        density = tensors["density"][row].astype(np.float32) / _BYTE
        placed = (points[rows], corners[rows].astype(np.int32), barycentric[rows], density)
        grooms[name] = Stored(*placed, GroomLook(**entry["look"]), entry["kind"], entry["volume"])
    return GroomLibrary(opened.card, grooms)
