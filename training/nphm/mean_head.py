"""`python -m training.nphm.mean_head`: points of the embedded NPHM's mean head above the neck's cut, which an artist's
head is registered to when it is brought into NPHM's frame. Written to core/uv, where MEAN_HEAD lies."""

from __future__ import annotations

import numpy as np

from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import decode_head, extract_head, load_nphm
from clip_head.core.types import Latents
from clip_head.core.uv import load_layout
from clip_head.core.uv.place import MEAN_HEAD, sample_surface

#: Resolution of the extraction, in cells along the box, and number of points: both coarse, since a head is placed by
#: its whole shape.
_RESOLUTION, _POINTS = 96, 3000


def main() -> None:
    """Write MEAN_HEAD: (_POINTS, 6) float16, positions in units and normals, in random order."""
    nphm, neck = load_nphm(EMBEDDED / "nphm"), load_layout().neck
    codes = Latents(np.zeros(nphm.network.id_size, np.float32), np.zeros(nphm.network.exp_size, np.float32))
    head = extract_head(decode_head(nphm, codes), _RESOLUTION)
    above_cut = (head.vertices @ neck.normal > neck.height)[head.faces].all(axis=1)
    points, normals = sample_surface(head.vertices.astype(np.float64), head.faces[above_cut], _POINTS)
    order = np.random.default_rng(0).permutation(_POINTS)
    np.save(MEAN_HEAD, np.concatenate([points, normals], axis=1)[order].astype(np.float16))


if __name__ == "__main__":
    main()
