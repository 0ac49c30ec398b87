"""Codes of a head that is given as a surface alone: points and normals, as of a scan, in NPHM's frame.

The heads of the embedded model are linear in the codes, so iterated closest points converge in a few rounds: pair
every model point with the nearest point of the scan, solve for the codes by least squares with their Gaussian prior.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from scipy.spatial import cKDTree

from clip_head.core.errors import ModelError
from clip_head.core.nphm import load_nphm
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.embedded_network import ANCHORS
from clip_head.core.types import Floats, Ints
from clip_head.training.teacher.dataset import SKIN, Template
from clip_head.training.teacher.distance import sample_surface

#: Model points that are paired with the scan.
MODEL_POINTS = 4000
#: Weight of the prior in each round, in square millimetres, codes having unit variance: strong at first, while points
#: are paired wrongly.
PRIORS = (30.0, 10.0, 3.0, 1.0, 0.3, 0.1, 0.05, 0.05, 0.05, 0.05)
#: Weight of a shift along the surface beside one across it: surfaces may slide on each other.
ALONG = 0.1
#: Pairs count when they are closer than the larger of this, units, and so many times their median distance.
CLOSEST, MEDIANS = 0.012, 3.0
#: Pairs count when the cosine of their normals is larger.
SAME_NORMAL = 0.6
#: One millimetre in units.
MILLIMETRE = 0.004
#: Vertices that a projection uses, and the weight of its prior, square millimetres a vertex.
PROJECTED, PROJECTED_PRIOR = 5000, 2e-5
#: Height below which no head is extracted, and above which surfaces are fitted, units: scans end at the neck.
LOWEST, LOWEST_FITTED = -0.75, -0.5


@dataclass(frozen=True)
class Projection:
    """How heads of the teacher's topology become codes of an NPHM that is already trained, however its own training
    computed them: least squares in what every entry of the code moves, with the codes' Gaussian prior.

    vertices: (N,) of the template that are used.
    rest: (3N,) their places on the head of code zero.
    matrix: (D, 3N) from their displacement to a code without hair and beard.
    """

    vertices: Ints
    rest: Floats
    matrix: Floats

    @staticmethod
    def onto(network: EmbeddedNPHM, template: Template) -> Projection:
        """The projection onto a network whose template this is."""
        skin = np.unique(template.faces[template.part == SKIN])
        skin = skin[template.vertices[skin, 1] > LOWEST]
        chosen = np.random.default_rng(0).permutation(skin)[:PROJECTED].astype(np.int32)
        basis = displacement_basis(network, template.vertices[chosen])
        design = basis[1:].reshape(len(basis) - 1, -1).astype(np.float64)
        prior = PROJECTED_PRIOR * len(chosen) * MILLIMETRE**2
        matrix = np.linalg.solve(design @ design.T + prior * np.eye(len(design)), design)
        rest = template.vertices[chosen].ravel() + basis[0].ravel()
        return Projection(chosen, rest, matrix.astype(np.float32))

    def code(self, vertices: Floats) -> Floats:
        """Head vertices (V, 3) of the teacher's topology -> code (D,) without hair and beard."""
        return np.asarray(self.matrix @ (vertices[self.vertices].ravel() - self.rest), np.float32)


def load_projection(folder: Path, template: Template) -> tuple[EmbeddedNPHM, Projection]:
    """The embedded NPHM in `folder`, whose template this is, and the projection onto it. Raises ModelError when the
    folder is missing, damaged, or of another kind."""
    network = load_nphm(folder).network
    if not isinstance(network, EmbeddedNPHM):
        raise ModelError(f"The NPHM in {folder} is not of the embedded kind.", "Name the folder of the embedded NPHM.")
    return network, Projection.onto(network, template)


@torch.no_grad()
def displacement_basis(network: EmbeddedNPHM, points: Floats) -> Floats:
    """Displacements (1 + G + 39 L, N, 3) of template points by each entry of [1, global, 39 local codes].

    network: the embedded NPHM.
    points: (N, 3) of the template.
    """
    config = network.config
    at = torch.from_numpy(np.asarray(points, np.float32))
    members = network.members(torch.zeros(network.id_size))
    weights = members.blend_weights(at)
    weights = weights / weights.sum(dim=0)
    shared, size = 1 + config.global_size, config.local_size
    basis = torch.zeros(shared + ANCHORS * size, len(at), 3)
    anchor = torch.cat([network.mlp_pos.bias[:, None], network.mlp_pos.weight], dim=1).reshape(ANCHORS, 3, shared)
    for member in range(ANCHORS + 1):
        used = weights[member].nonzero()[:, 0]
        if not len(used):
            continue
        mirror, weight = network.mirror[member], weights[member, used, None, None]
        hidden = ((at[used] - members.rest[member]) * mirror) @ network.lin0.of_member(member)[0].T
        hidden = (hidden + network.lin0.of_member(member)[1]).sin()
        hidden = torch.nn.functional.silu(torch.nn.functional.linear(hidden, *network.lin1.of_member(member)))
        moves = torch.nn.functional.linear(hidden, *network.lin2.of_member(member)).unflatten(-1, (-1, 3)) * mirror
        moves = moves * weight
        basis[:shared, used] += moves[:, :shared].movedim(1, 0)
        if member < ANCHORS:
            basis[:shared, used] += (anchor[member].T[None] * weight).movedim(1, 0)
            start = shared + member * size
            basis[start : start + size, used] += moves[:, shared:].movedim(1, 0)
    return basis.numpy()


def fit_identity(network: EmbeddedNPHM, points: Floats, normals: Floats, seed: int = 0) -> Floats:
    """The identity code (id_size,) of the bald, clean-shaven head that fits a scan; where the scan has no points, the
    prior decides.

    network: the embedded NPHM.
    points: (N, 3) of the scan, in NPHM's frame, units.
    normals: (N, 3) of length 1.
    seed: of the model points that are paired with the scan.
    """
    rng = np.random.default_rng(seed)
    sheet, faces = network.sheet_vertices.numpy(), network.sheet_faces.numpy()
    above_neck = sheet[faces].mean(axis=1)[:, 1] > LOWEST_FITTED
    drawn = sample_surface(sheet, faces[above_neck], MODEL_POINTS, rng, by_area=0.6)
    ends = [sheet[faces[above_neck][drawn.face, k]] for k in range(3)]
    corners = np.concatenate(ends)
    unique, where = np.unique(corners, axis=0, return_inverse=True)
    basis = displacement_basis(network, unique)
    triangles = where.reshape(3, -1)
    tree = cKDTree(points)
    code = np.zeros(len(basis) - 1)
    for prior in PRIORS:
        moved = unique + np.tensordot(np.concatenate([[1.0], code]), basis, axes=1)
        a, b, c = moved[triangles]
        at = np.einsum("nk,nkc->nc", drawn.bary, np.stack([a, b, c], axis=1))
        facing = np.cross(b - a, c - a)
        facing /= np.linalg.norm(facing, axis=1, keepdims=True) + 1e-20
        away, near = tree.query(at)
        kept = (facing * normals[near]).sum(axis=1) > SAME_NORMAL
        kept &= away < max(CLOSEST, MEDIANS * float(np.median(away[kept])))
        normal, part = normals[near[kept]], drawn.bary[kept]
        own = sum(part[:, k, None] * basis[1:, triangles[k, kept]] for k in range(3))
        missing = (points[near[kept]] - at[kept]) / MILLIMETRE
        missing = missing + np.tensordot(code, own, axes=1) / MILLIMETRE
        across = np.einsum("knc,nc->nk", own, normal) / MILLIMETRE
        along = np.moveaxis(own, 0, -1).reshape(-1, len(code)) * (ALONG / MILLIMETRE)
        design = np.concatenate([across, along])
        wanted = np.concatenate([(missing * normal).sum(axis=1), ALONG * missing.ravel()])
        # The prior is as strong as one square millimetre of error per `prior` of all kept points' weight.
        moments = design.T @ design + prior * np.eye(len(code))
        code = np.linalg.solve(moments, design.T @ wanted)
    worn = np.zeros(network.id_size - len(code))
    return np.concatenate([code, worn]).astype(np.float32)
