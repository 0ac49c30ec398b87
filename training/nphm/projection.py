"""From a head to its identity code in an embedded NPHM, by least squares with the codes' Gaussian prior.

Two cases. Projection: the head has the teacher's topology, so that it is known where each template vertex lies.
fit_identity: only points and normals of its surface are known, as of a scan; since heads are linear in the codes,
iterated closest points converge in a few rounds: pair every model point with the nearest point of the scan, solve for
the code, repeat.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from clip_head.core.errors import ModelError
from clip_head.core.fit.identity import displacement_basis
from clip_head.core.nphm import load_nphm
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.types import Floats, Ints
from clip_head.training.teacher.dataset import SKIN, Template
from clip_head.training.teacher.distance import sample_surface

# Of fit_identity:

#: Number of model points that are paired with the scan.
MODEL_POINTS = 4000
#: Weight of the prior in each round, in square millimetres, codes having unit variance: strong at first, while points
#: are paired wrongly. Chosen by hand.
PRIORS = (30.0, 10.0, 3.0, 1.0, 0.3, 0.1, 0.05, 0.05, 0.05, 0.05)
#: Weight of a pair's distance within the tangent plane, where that along the normal is 1: surfaces may slide on each
#: other.
TANGENTIAL_WEIGHT = 0.1
#: Pairs farther apart than this, units (3 mm), and than so many times the median distance of all pairs are left out.
PAIR_DISTANCE, PAIR_MEDIANS = 0.012, 3.0
#: Pairs are left out whose normals have a smaller cosine than this (53 degrees).
PAIR_COSINE = 0.6
#: Height above which surfaces are fitted, units: scans end at the neck.
LOWEST_FITTED = -0.5

# Of Projection:

#: Number of vertices that a projection uses, and the weight of its prior, in square millimetres for each vertex.
PROJECTED, PROJECTED_PRIOR = 5000, 2e-5
#: Height above which vertices are used, units: below, no head is extracted.
LOWEST = -0.75

#: One millimetre in units.
MILLIMETRE = 0.004


@dataclass(frozen=True)
class Projection:
    """A linear map from heads of the teacher's topology to codes of a trained NPHM, whose decoded heads come nearest to
    them. It needs the network alone, not the codes that it was trained with.

    vertices: (N,) indices of the template's vertices that are used.
    rest: (3N,) their positions on the head of code zero, units.
    matrix: (D, 3N) from their displacement from there to a code without hair and beard.
    """

    vertices: Ints
    rest: Floats
    matrix: Floats

    @staticmethod
    def onto(network: EmbeddedNPHM, template: Template) -> Projection:
        """The projection onto a network.

        network: the embedded NPHM.
        template: the teacher's mean head, which the network was trained on.
        """
        skin = np.unique(template.faces[template.part == SKIN])
        skin = skin[template.vertices[skin, 1] > LOWEST]
        used = np.random.default_rng(0).permutation(skin)[:PROJECTED].astype(np.int32)
        basis = displacement_basis(network, template.vertices[used])
        design = basis[1:].reshape(len(basis) - 1, -1).astype(np.float64)
        prior = PROJECTED_PRIOR * len(used) * MILLIMETRE**2
        matrix = np.linalg.solve(design @ design.T + prior * np.eye(len(design)), design)
        rest = template.vertices[used].ravel() + basis[0].ravel()
        return Projection(used, rest, matrix.astype(np.float32))

    def code(self, vertices: Floats) -> Floats:
        """The code (D,) of a head, without hair and beard.

        vertices: (V, 3) of the head, in the teacher's topology, units.
        """
        return np.asarray(self.matrix @ (vertices[self.vertices].ravel() - self.rest), np.float32)


def load_projection(folder: Path, template: Template) -> tuple[EmbeddedNPHM, Projection]:
    """An embedded NPHM and the projection onto it.

    folder: of the NPHM.
    template: the teacher's mean head, which it was trained on.

    Raises ModelError when the folder is missing, damaged, or of another kind.
    """
    network = load_nphm(folder).network
    if not isinstance(network, EmbeddedNPHM):
        raise ModelError(f"The NPHM in {folder} is not of the embedded kind.", "Name the folder of the embedded NPHM.")
    return network, Projection.onto(network, template)


def fit_identity(network: EmbeddedNPHM, points: Floats, normals: Floats, seed: int = 0) -> Floats:
    """The identity code (id_size,) of the bald, clean-shaven head that fits a scan; where the scan has no points, the
    prior decides.

    network: the embedded NPHM.
    points: (N, 3) of the scan, in NPHM's frame, units.
    normals: (N, 3) of the scan's points, of length 1.
    seed: of the model points that are paired with the scan.
    """
    rng = np.random.default_rng(seed)
    sheet, faces = network.sheet_vertices.numpy(), network.sheet_faces.numpy()
    faces = faces[sheet[faces].mean(axis=1)[:, 1] > LOWEST_FITTED]
    samples = sample_surface(sheet, faces, MODEL_POINTS, rng, by_area=0.6)
    corners = np.concatenate([sheet[faces[samples.face, k]] for k in range(3)])
    unique, inverse = np.unique(corners, axis=0, return_inverse=True)
    basis = displacement_basis(network, unique)
    triangles = inverse.reshape(3, -1)  # corner k of each sample's face -> row of unique
    tree = cKDTree(points)
    code = np.zeros(len(basis) - 1)
    for prior in PRIORS:
        vertices = unique + np.tensordot(np.concatenate([[1.0], code]), basis, axes=1)
        a, b, c = vertices[triangles]
        model_points = np.einsum("nk,nkc->nc", samples.bary, np.stack([a, b, c], axis=1))
        model_normals = np.cross(b - a, c - a)
        model_normals /= np.linalg.norm(model_normals, axis=1, keepdims=True) + 1e-20
        distance, nearest = tree.query(model_points)
        paired = (model_normals * normals[nearest]).sum(axis=1) > PAIR_COSINE
        paired &= distance < max(PAIR_DISTANCE, PAIR_MEDIANS * float(np.median(distance[paired])))
        normal, bary = normals[nearest[paired]], samples.bary[paired]
        # How the paired points move with the code (D, P, 3), and where they must move to from code zero (P, 3).
        by_code = sum(bary[:, k, None] * basis[1:, triangles[k, paired]] for k in range(3))
        target = (points[nearest[paired]] - model_points[paired]) / MILLIMETRE
        target = target + np.tensordot(code, by_code, axes=1) / MILLIMETRE
        along_normal = np.einsum("knc,nc->nk", by_code, normal) / MILLIMETRE
        anywhere = np.moveaxis(by_code, 0, -1).reshape(-1, len(code)) * (TANGENTIAL_WEIGHT / MILLIMETRE)
        design = np.concatenate([along_normal, anywhere])
        targets = np.concatenate([(target * normal).sum(axis=1), TANGENTIAL_WEIGHT * target.ravel()])
        moments = design.T @ design + prior * np.eye(len(code))
        code = np.linalg.solve(moments, design.T @ targets)
    hair_and_beard = np.zeros(network.id_size - len(code))
    return np.concatenate([code, hair_and_beard]).astype(np.float32)
