"""The line where the lips meet: on every head it is shaped as on the usual one, and only moved, bent and widened.

Targets of ancestries and lips displace either lip on its own; summed, the lips gape, pass through each other or let the
mouth's inside show between them, and no common displacement shuts them. So close to this line both lips, and what lies
behind them, follow one smooth displacement along the mouth: the mean of what was asked of both.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from clip_head.core.types import Floats, Ints

from .cavities import Cavities
from .registration import half_rings

#: Up to the first distance from the line, units (1.5 mm), vertices follow it altogether, from the second on, units
#: (12 mm), not at all: with a second of 9 mm one lip in thirty still gaped, and full lips need their outer part.
FOLLOWS_UNTIL, FREE_FROM = 0.006, 0.048
#: Degree of the polynomial across the mouth that the common displacement is: up to S-shapes of slanted mouths.
DEGREE = 4


def lip_line_weights(closed: Floats, cavities: Cavities) -> tuple[Ints, sp.csr_matrix]:
    """The vertices (K,) that follow the line where the lips meet, and the weights (K, B) of what they are moved by.

    closed: (B, 3) of the base mesh with closed lips, units.
    cavities: of the base mesh.
    Returns: vertices and weights; the latter times a head's displacements (B, 3) is what to add to them.
    """
    rim = cavities.lips
    far = cKDTree(closed[rim]).query(closed)[0]
    fading = np.clip((FREE_FROM - far) / (FREE_FROM - FOLLOWS_UNTIL), 0.0, 1.0)
    part = fading**2 * (3.0 - 2.0 * fading)
    near = np.flatnonzero(part)
    across = closed[:, 0].astype(np.float64) / np.abs(closed[rim, 0]).max()
    lengths = np.zeros(len(closed))
    for half in half_rings(closed, rim):
        lengths[half] += np.abs(np.gradient(across[half]))
    weights = np.sqrt(lengths[rim])[:, None]
    powers = np.vander(across.clip(-1.0, 1.0), DEGREE + 1)
    common = powers[near] @ (np.linalg.pinv(weights * powers[rim]) * weights.T)
    rows, columns = np.meshgrid(np.arange(len(near)), rim, indexing="ij")
    entries = ((part[near, None] * common).ravel(), (rows.ravel(), columns.ravel()))
    own = (part[near], (np.arange(len(near)), near))
    shape = (len(near), len(closed))
    return near, (sp.csr_matrix(entries, shape=shape) - sp.csr_matrix(own, shape=shape)).astype(np.float32)
