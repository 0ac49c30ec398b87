"""The points that an artist's head is placed on: the embedded NPHM's mean head above the neck's cut."""

from __future__ import annotations

import numpy as np

from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import decode_head, extract_head, load_nphm
from clip_head.core.types import Latents
from clip_head.core.uv import load_layout
from clip_head.core.uv.place import MEAN_HEAD, sample_surface

#: Resolution of the extraction, cells along the box, and number of points.
_RESOLUTION, _POINTS = 96, 3000


def main() -> None:
    """Write MEAN_HEAD."""
    nphm, neck = load_nphm(EMBEDDED / "nphm"), load_layout().neck
    codes = Latents(np.zeros(nphm.network.id_size, np.float32), np.zeros(nphm.network.exp_size, np.float32))
    head = extract_head(decode_head(nphm, codes), _RESOLUTION)
    above = (head.vertices @ neck.normal > neck.height)[head.faces].all(axis=1)
    points, normals = sample_surface(head.vertices.astype(np.float64), head.faces[above], _POINTS)
    shuffled = np.random.default_rng(0).permutation(_POINTS)
    np.save(MEAN_HEAD, np.concatenate([points, normals], axis=1)[shuffled].astype(np.float16))


if __name__ == "__main__":
    main()
