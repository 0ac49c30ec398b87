"""What is left of a surface when the head model fits it as well as it can: a smooth displacement of the template.

Rounds of closest points in which smoothness weighs less and less draw the template's surface onto the other one. What
lies in the open is drawn; the inner edges of lids, lips and nostrils go smoothly with their neighbours, and eyes and
the inside of the mouth as the mean of what is around them. Points that are farther from the surface than some
millimetres, as at a hole, are not drawn; of a head with hair only the bare face is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
import torch
from scipy.sparse.linalg import splu
from scipy.spatial import cKDTree
from torch import Tensor

from ..normals import area_weighted_normals
from ..types import Bools, Floats, Ints
from .target import ALIKE, Target
from .template import HIDDEN, FitTemplate

#: Weight of smoothness in each round, where that of a vertex's distance is 1; and the distances, units (15 to 4 mm), at
#: which a vertex is no longer pulled. In the first rounds the direction of the surface counts for much, so
#: that lids come to lids; ears, thin and folded, are drawn from the second on.
STIFF = tuple((smoothness, 0.06) for smoothness in (1000.0, 1000.0, 300.0, 300.0, 100.0, 100.0, 30.0, 30.0))
SOFT = ((10.0, 0.032), (3.0, 0.024), (1.0, 0.02), (0.3, 0.016))
EARS_FROM = 1
#: The same distance for heads with hair, units (5 mm).
HAIR_REACH = 0.02
#: Vertices whose normal's cosine with the surface's is smaller (53 degrees) are not drawn.
COSINE = 0.6
#: How much of the weight of smoothness holds displacements back that nothing draws.
SCREENING = 1e-4
#: How many vertices of the skin each of an eyeball's goes with.
LINKS = 4
#: How many vertices the displacement of a point off the surface is the mean of, and the width of the Gaussian that
#: weights them, a part of the nearest one's distance.
NEIGHBOURS, BLUR = 48, 0.5


@dataclass(frozen=True)
class Warp:
    """A displacement of the template that is given on its surface.

    vertices (V, 3): of the template's surface, units.
    offsets (V, 3): by which they are displaced on a head, units.
    """

    vertices: Floats
    offsets: Floats

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(self.vertices)

    def at(self, points: Floats) -> Floats:
        """The displacements (N, 3), units, of template points (N, 3): of a vertex its own; farther off the surface the
        mean of ever more vertices."""
        distance, near = self._tree.query(points, min(NEIGHBOURS, len(self.vertices)))
        width = BLUR * distance[:, :1] + 1e-5
        weights = np.exp(-(distance**2 - distance[:, :1] ** 2) / width**2)
        weights /= weights.sum(axis=1, keepdims=True)
        return np.asarray(np.einsum("nk,nkc->nc", weights, self.offsets[near]), np.float32)

    def __call__(self, points: Tensor) -> Tensor:
        """`at`, for the head model's points."""
        return torch.from_numpy(self.at(points.numpy()))


def fit_warp(template: FitTemplate, start: Floats, target: Target, hairy: bool) -> Warp:
    """The smooth displacement that lays a head on a surface.

    template: of the head model.
    start (V, 3): its vertices on the head, units.
    target: the surface, in the head's frame.
    hairy: whether much of it is no skin.
    """
    laplacian = _laplacian(template)
    stiffness = laplacian.T @ laplacian + SCREENING * sp.identity(len(start))
    ears = template.network.region_masks["ears"]
    offsets = np.zeros_like(start)
    alike = Target(target.vertices, target.faces, ALIKE)
    # Of a head with hair, the bare face alone counts, and softly: at the edge of hair it would rise in a step.
    rounds = tuple((smoothness, HAIR_REACH) for smoothness, _ in STIFF) if hairy else STIFF + SOFT
    for number, (smoothness, reach) in enumerate(rounds):
        drawn = template.bare if hairy else template.exposed & ~ears if number < EARS_FROM else template.exposed
        surface = alike if number < len(STIFF) else target
        weights, places = _pull(start + offsets, template.faces, surface, drawn, reach)
        system = (sp.diags(weights) + smoothness * stiffness).tocsc()
        goal = weights[:, None] * (places - start)
        offsets = _solved(system, goal)
    masks = template.network.region_masks
    inner = np.any([masks[name] for name in HIDDEN], axis=0)
    within, around = laplacian[inner][:, inner].tocsc(), laplacian[inner][:, ~inner]
    offsets[inner] = splu(within).solve(-(around @ offsets[~inner]).astype(np.float64))
    return Warp(template.vertices, offsets)


def _pull(at: Floats, faces: Ints, target: Target, drawn: Bools, reach: float) -> tuple[Floats, Floats]:
    """How strongly vertices are drawn (V,), 0 to 1, and where to (V, 3), units.

    at (V, 3): where they are; faces (F, 3): their triangles.
    target: the surface.
    drawn (V,): which may be.
    reach: as of STIFF.
    """
    normals = area_weighted_normals(at, faces)
    places, facing = at.copy(), normals.copy()
    places[drawn], facing[drawn] = target.closest(at[drawn], normals[drawn])
    distance = np.linalg.norm(places - at, axis=1)
    agree = (normals * facing).sum(axis=1) > COSINE
    # Tukey's biweight: a pull that never quite ends would in time draw a scalp onto hair.
    weights = (drawn & agree) * (1 - np.minimum(distance / reach, 1.0) ** 2) ** 2
    return weights, places


def _solved(system: sp.csc_matrix, goal: Floats) -> Floats:
    """The solution (V, C) of a symmetric, positive definite system (V, V) for a right side (V, C)."""
    factors = splu(system, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    return np.asarray(factors.solve(goal), np.float32)


def _laplacian(template: FitTemplate) -> sp.csr_matrix:
    """(V, V) from values at the vertices to how far each is from the mean of its neighbours. An eyeball, which hangs
    together with nothing, has the nearest vertices of the skin for neighbours."""
    vertices, faces = template.vertices, template.faces
    count = len(vertices)
    edges = faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    masks = template.network.region_masks
    for name in ("left_eye", "right_eye"):
        ball = np.flatnonzero(masks[name])
        skin = np.setdiff1d(np.arange(count), ball)
        near = skin[cKDTree(vertices[skin]).query(vertices[ball], LINKS)[1]]
        edges = np.concatenate([edges, np.column_stack([np.repeat(ball, LINKS), near.ravel()])])
    graph = sp.csr_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(count, count))
    graph = ((graph + graph.T) > 0).astype(float)
    degrees = np.maximum(np.asarray(graph.sum(axis=1)).ravel(), 1)
    return (sp.identity(count) - sp.diags(1 / degrees) @ graph).tocsr()
