"""A surface that the embedded head model did not make, as one of its heads and what is left: pose, identity, warp."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from ..errors import MeshError
from ..normals import area_weighted_normals
from ..nphm import DecodedHead
from ..nphm.embedded import EmbeddedNPHM
from ..types import MILLIMETRES_PER_UNIT, HeadMesh, Latents
from .expression import fit_expression
from .identity import fit_identity
from .pose import STILL, Similarity, find_pose
from .target import Target
from .template import FitTemplate
from .warp import COSINE, Warp, fit_warp

#: Every how many vertices of the bare face are laid on a surface to find its pose.
FACE_STEP = 6
#: Mean distance of the bare face from a surface, millimetres, above which that is no face.
NO_FACE = 1.5
#: Part of the bare face whose surface faces the same way, below which that is no face.
LEAST_FACING = 0.7
#: Distance from a surface, units (2 mm), up to which it is known how a vertex moves.
MOVED_WITH = 0.008
#: What an artist can do about a surface that is refused.
REMEDY = "Take the raw surface as it is (--surface raw), or other words or another seed."


@dataclass(frozen=True)
class HeadFit:
    """A head of the embedded model that lies on a surface.

    latents: its codes in the embedded model.
    warp: what the surface differs by from the model's head.
    pose: of the surface, with which it lies on that head.
    distance_mm: mean distance of what lies in the open of its face, without beard, from the surface.
    """

    latents: Latents
    warp: Warp
    pose: Similarity
    distance_mm: float

    def decoded(self, network: EmbeddedNPHM) -> DecodedHead:
        """The head as the embedded model's.

        network: the model that it was fitted by.
        """
        z_id, z_exp = torch.from_numpy(self.latents.z_id), torch.from_numpy(self.latents.z_exp)
        with torch.inference_mode():
            return DecodedHead(network, network.at(z_id, self.warp), z_id, z_exp)


def fit_head(template: FitTemplate, mesh: HeadMesh, keep_size: bool = True) -> HeadFit:
    """The head of the embedded model, and its warp, that lie on a surface.

    template: of the embedded model.
    mesh: canonical, with its mouth shut or a little open, and what its expression adds.
    keep_size: whether its size is right as it is: it then also stands about where NPHM's heads stand.
    Raises MeshError where the surface is no head.
    """
    target = Target(mesh.vertices, mesh.faces)
    bare = np.flatnonzero(template.bare)[::FACE_STEP]
    normals = area_weighted_normals(template.vertices, template.faces)
    try:
        found = find_pose(target, template.vertices[bare], normals[bare], keep_size)
    except MeshError as error:
        raise MeshError(error.cause, REMEDY) from error
    identity = fit_identity(template, target, [STILL, found] if keep_size else [found], keep_size)
    turned = Target(identity.pose.applied(mesh.vertices), mesh.faces)
    start = template.placed(identity.code)
    warp = fit_warp(template, start, turned, identity.hairy)

    at = start + warp.offsets
    facing = area_weighted_normals(at, template.faces)
    corners, barycentric = turned.locate(at, facing)
    places = np.einsum("nk,nkc->nc", barycentric, turned.vertices[corners])
    there = np.einsum("nk,nkc->nc", barycentric, turned.normals[corners])
    distance = np.linalg.norm(places - at, axis=1)
    same_side = (facing * there).sum(axis=1) > COSINE
    distance_mm = MILLIMETRES_PER_UNIT * float(distance[template.bare].mean())
    if distance_mm > NO_FACE or same_side[template.bare].mean() < LEAST_FACING:
        raise MeshError(
            f"The surface has no face that a head's quads could be laid on: they stay {distance_mm:.1f} mm away.",
            REMEDY,
        )
    strengths = np.zeros(template.network.exp_size, np.float32)
    if mesh.expression_offsets.any():
        moved = np.einsum("nk,nkc->nc", barycentric, mesh.expression_offsets[corners])
        known = template.exposed & same_side & (distance < MOVED_WITH)
        moved = identity.pose.scale * moved @ identity.pose.rotation.T
        strengths = fit_expression(template.network, np.asarray(moved, np.float32), known)
    return HeadFit(Latents(identity.code, strengths), warp, identity.pose, distance_mm)
