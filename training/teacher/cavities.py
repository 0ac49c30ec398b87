"""Where the base mesh turns inwards: its eye sockets and mouth, their rims, and the skin around them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from clip_head.core.types import Floats, Ints

from .base_mesh import load_base_mesh
from .scans import border_loops
from .template import Topology, head_quads


@dataclass(frozen=True)
class Cavities:
    """Vertices and quads of the head part of the base mesh, as indices into Topology.base.

    lids: the rims of the left and the right eye socket, closed rings: the edges of the lids.
    lips: the rim of the mouth, a closed ring: the lines where the lips meet.
    inside_sockets, inside_mouth: vertices within, without the rims.
    mouth_quads: (Q, 4) the mouth's.
    skin_quads: (Q, 4) the skin outside.
    eyeballs: vertices of the left and of the right eyeball.
    """

    lids: tuple[Ints, Ints]
    lips: Ints
    inside_sockets: Ints
    inside_mouth: Ints
    mouth_quads: Ints
    skin_quads: Ints
    eyeballs: tuple[Ints, Ints]


def find_cavities(topology: Topology) -> Cavities:
    """Find the cavities by what the base mesh says of its quads.

    topology: which base vertices are used.
    """
    mesh = load_base_mesh()
    selected = head_quads(mesh)
    quads = np.searchsorted(topology.base, mesh.quads[selected])
    group, x = mesh.group[selected], mesh.vertices[topology.base, 0]
    mouth, sockets = mesh.mouth[selected], mesh.eye_socket[selected]
    eyes = [group == f"helper-{side}-eye" for side in "lr"]
    skin = ~mouth & ~sockets & ~eyes[0] & ~eyes[1]
    outside = np.unique(quads[skin])

    def rim(of: np.ndarray) -> Ints:
        """The longest border of some quads that lies on the skin."""
        return max((loop for loop in border_loops(quads[of]) if np.isin(loop, outside).all()), key=len)

    centre = x[quads].mean(axis=1)
    sockets, mouth = sockets & ~eyes[0] & ~eyes[1], mouth & ~eyes[0] & ~eyes[1]
    return Cavities(
        (rim(sockets & (centre > 0)), rim(sockets & (centre < 0))),
        rim(mouth),
        np.setdiff1d(quads[sockets], outside),
        np.setdiff1d(quads[mouth], outside),
        quads[mouth],
        quads[skin],
        (np.unique(quads[eyes[0]]), np.unique(quads[eyes[1]])),
    )


def into_mouth(cavities: Cavities, displacements: Floats) -> Floats:
    """Displacements whose inside of the mouth follows its rim along the mesh, each side of it its own lip (harmonic).

    By distance in space the inside of either lip would follow both, and be torn where the mouth opens.

    cavities: of the base mesh.
    displacements: (B, 3) of its vertices.
    """
    quads, inside = cavities.mouth_quads, cavities.inside_mouth
    edges = np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2)
    count = len(displacements)
    graph = sp.csr_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(count, count))
    graph = ((graph + graph.T) > 0).astype(float).tocsr()[inside]
    degrees = sp.diags(np.asarray(graph.sum(axis=1)).ravel())
    rim = np.setdiff1d(quads, inside)
    followed = displacements.copy()
    followed[inside] = splu((degrees - graph[:, inside]).tocsc()).solve(
        graph[:, rim] @ displacements[rim].astype(float)
    )
    return followed
