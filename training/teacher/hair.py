"""Hair styles on the template: closed volumes made of MakeHuman's hair cards, joined with the head."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import scipy.sparse as sp

from clip_head.core.types import Floats

from .dataset import HairStyle, Template, save_style
from .template import Topology


def build_styles(
    assets: Path | None, topology: Topology, mean: Floats, template: Template, out: Path, fresh: bool
) -> None:
    """Write one file per style into `out`."""
    save_style(out / "bald.npz", bald_style(topology, template))


def bald_style(topology: Topology, template: Template) -> HairStyle:
    """No hair: the template itself."""
    count = len(template.vertices)
    first = np.zeros(count, np.int32)
    bary = np.zeros((count, 3), np.float32)
    for corner in range(3):
        first[template.faces[:, corner]] = np.arange(len(template.faces))
    bary[np.arange(count), np.argmax(template.faces[first] == np.arange(count)[:, None], axis=1)] = 1
    return HairStyle(
        "bald", ("bald", "bald head", "no hair", "shaved head"), None, np.zeros(3, np.float32), 0.0, template.vertices, template.faces, first, bary,
        np.zeros(count, bool), np.ones(count, np.float32), sp.csr_matrix(topology.subdivision),
        np.zeros((count, 3), np.float32), np.zeros((3, 2), np.int32), np.ones(3, np.float32),
    )  # fmt: skip
