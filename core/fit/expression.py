"""From how a surface moves to the strengths of the facial actions that move the template alike."""

from __future__ import annotations

import numpy as np
import torch
from scipy.optimize import lsq_linear

from ..nphm.embedded import EmbeddedNPHM
from ..types import Bools, Floats

#: Weight of the prior, which draws strengths to zero, as a part of the mean square of what the actions move.
PRIOR = 0.005
#: The action that is left out: it closes the lips of an open jaw, and is nothing on its own.
LEFT_OUT = "mouthClose"


def fit_expression(network: EmbeddedNPHM, offsets: Floats, counts: Bools) -> Floats:
    """The strengths of the actions (D_exp,), each from 0 to 1, that move vertices about as they were moved.

    network: the head model.
    offsets (V, 3): of the vertices of its template's surface, from the canonical head with its mouth a little open to
        the head with its expression, units.
    counts (V,): whose are known.
    """
    kept = [number for number, name in enumerate(network.actions) if name != LEFT_OUT]
    places = network.action_index.long(), network.action_vertex.long()
    stored = torch.zeros(network.exp_size, *offsets.shape).index_put(places, network.action_offset, accumulate=True)
    moves = stored.numpy()[kept][:, counts].reshape(len(kept), -1).astype(np.float64)
    moved = (offsets - network.closing.numpy())[counts].ravel()
    products = moves @ moves.T
    prior = PRIOR * float(np.mean(np.diag(products))) * np.eye(len(kept))
    # The same least squares on as many rows as there are actions.
    root = np.linalg.cholesky(products + prior)
    solved = lsq_linear(root.T, np.linalg.solve(root, moves @ moved), bounds=(0.0, 1.0))
    strengths = np.zeros(network.exp_size, np.float32)
    strengths[kept] = solved.x
    return strengths
