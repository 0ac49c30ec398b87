"""The head's quads on the template: what is the same for all heads but their positions.

The surface of the embedded NPHM's template is one Catmull-Clark step of a base mesh: four quads in a row share the
middle of a base quad, and their first corners are its corners. So the base level lies on the same vertices. There the
mouth and the eye sockets are flat membranes, which an SDF needs; the asset model says how deep they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import torch
from scipy.sparse.linalg import splu
from scipy.spatial import cKDTree

from ..errors import ModelError
from ..hair.library import GroomLibrary
from ..models import RESTORE, load_tensors, open_model_folder
from ..nphm import NPHM
from ..nphm.embedded import EmbeddedNPHM
from ..nphm.fixed_points import FixedPoints
from ..nphm.sheet import closest_barycentric
from ..types import AssetLevel, Bools, Floats, Ints, ModelCard, UnwrappedMesh
from .arkit import arkit_actions
from .eyes import SEAT_RINGS
from .lashes import LASH_RINGS, RimIds, Rims, lid_rims

#: File of the asset model's folder.
WEIGHTS = "asset.safetensors"
#: Rings of the lids' edges that parts are built on (see lashes.lid_rims): those that lie on the eyeball, the rim, and
#: all that may.
CONTACT, RIM = (-2, -1), 0
RINGS = tuple(sorted({RIM, *CONTACT, *LASH_RINGS, *SEAT_RINGS}))
#: Materials of the head, in the order of AssetLevel.material.
MATERIALS = ("Skin", "Mouth")
#: Width of the strip of the canonical UV, on either side of its middle, in which quads of both sides are looked up: in
#: front the chart is in one piece, and at the back of the head its two edges are far from there.
SHARED_STRIP = 0.05
#: How far the inside of mouth and sockets is held back by the bone (see harmonic_follow): after seven edges, 15 mm, a
#: third is left of what lips and lids do; else a kiss would draw the palate out through the nose.
HELD_BACK = 0.02
#: How many triangles are tried for the one nearest to a point: the nearest middle may be a neighbour's.
CANDIDATES = 24
#: A vertex and its mirror image are nearer to each other's places than this, units (0.25 mm).
SYMMETRIC = 1e-3


@dataclass(frozen=True)
class HeadTemplate:
    """The head's quads on the template.

    points: (V, 3) template points, units, mouth slightly open; those of coarser levels come first.
    sheet: (V,) the vertex of the network's sheet that each is.
    levels: of detail, from fine to coarse.
    mirror: (V,) the vertex that is each one's mirror image.
    inner: (I,) vertices in the mouth and in the eye sockets; on the network's sheet most are flat membranes.
    rim: (R,) vertices around those.
    follow: (I, R) how far each inner vertex goes with each of the rim; rows sum to nearly 1 beside it, to less deep
        within.
    jaw: (V,) how far vertices go with the jaw, 0 to 1.
    regions: name -> (V,) mask.
    """

    points: Floats
    sheet: Ints
    levels: tuple[AssetLevel, ...]
    mirror: Ints
    inner: Ints
    rim: Ints
    follow: Floats
    jaw: Floats
    regions: dict[str, Bools]


@dataclass(frozen=True)
class LidRims:
    """The edges of the lids.

    ids: of RINGS (see lashes.lid_rims), vertices of the network's sheet (K, P) along left upper, left lower, right
        upper and right lower lid, from corner to corner.
    """

    ids: RimIds

    def some(self, rings: Sequence[int]) -> RimIds:
        """The vertices (K, P) of some of RINGS, lid by lid."""
        rows = [RINGS.index(ring) for ring in rings]
        a, b, c, d = (ids[rows] for ids in self.ids)
        return a, b, c, d

    def of(self, rings: Sequence[int], sheet: Floats) -> Rims:
        """The places (K, P, 3) of some of RINGS on a sheet (Vs, 3), lid by lid."""
        a, b, c, d = (sheet[ids] for ids in self.some(rings))
        return a, b, c, d

    def contacts(self, sheet: Floats) -> tuple[Floats, Floats]:
        """Where the lids of the left and of the right eye touch the eyeball (M, 3), on a sheet (Vs, 3)."""
        edges = [ring.reshape(-1, 3) for ring in self.of(CONTACT, sheet)]
        return np.concatenate(edges[:2]), np.concatenate(edges[2:])


@dataclass(frozen=True)
class AssetTemplate:
    """The asset model.

    card: its name, licence and source.
    network: the head model on whose template all lies.
    head: the head's quads.
    rims: of its lids.
    tensors: what else the model's file holds, by name, for the parts within the head.
    grooms: guides of its hair; None where none are loaded.
    """

    card: ModelCard
    network: EmbeddedNPHM
    head: HeadTemplate
    rims: LidRims
    tensors: dict[str, npt.NDArray[Any]]
    grooms: GroomLibrary | None = None

    @cached_property
    def fixed(self) -> FixedPoints:
        """The template points that every head is built of, ready for all heads: the sheet's vertices, the head's inner
        vertices, the jaw's hinge."""
        within = np.vstack([self.head.points[self.head.inner], self.tensors["hinge"]]).astype(np.float32)
        points = torch.cat([torch.from_numpy(self.network.sheet.vertices), torch.from_numpy(within)])
        with torch.inference_mode():
            return FixedPoints.of(self.network.members(torch.zeros(self.network.id_size)), points)


def load_asset(folder: Path, nphm: NPHM, canonical: UnwrappedMesh) -> AssetTemplate | None:
    """The asset model of a head model's template; None for a head model without one, such as the official.

    folder: of the asset model.
    nphm: the head model.
    canonical: the canonical head; its vertices are template points, its UV is that of everything that is painted.
    Raises ModelError when the folder is damaged, or made for another template.
    """
    network = nphm.network
    if not isinstance(network, EmbeddedNPHM) or not set(arkit_actions()) <= set(network.actions):
        return None
    opened = open_model_folder(folder, "asset")
    tensors = {name: tensor.numpy() for name, tensor in load_tensors(opened, WEIGHTS).items()}
    sheet, masks = network.sheet, network.region_masks
    if tensors["jaw"].shape != (len(sheet.vertices),):
        raise ModelError(
            f"The asset model in {folder} does not fit the head model {nphm.card.name}: their templates differ.",
            RESTORE,
        )
    rims = LidRims(lid_rims(sheet.vertices, sheet.faces, masks["left_eye"], RINGS))
    return AssetTemplate(opened.card, network, head_template(network, canonical, tensors), rims, tensors)


def head_template(
    network: EmbeddedNPHM, canonical: UnwrappedMesh, tensors: dict[str, npt.NDArray[Any]]
) -> HeadTemplate:
    """The head's quads, without its eyeballs.

    network: a head model whose eyes and mouth are named.
    canonical: as of `load_asset`.
    tensors: kept (B,) which of the base quads without those of the eyeballs are used; inner (I,) vertices of the sheet,
        inner_points (I, 3) where they lie on the template, units, and inner_deep (I,) whether the sheet has them
        elsewhere; jaw (Vs,) how far those of the sheet go with the jaw, 0 to 255; coarse (Q, 4) quads of the coarsest
        level.
    """
    sheet, masks = network.sheet, network.region_masks
    eyes = masks["left_eye"] | masks["right_eye"]
    all_quads = quads_of(sheet.faces)
    fine = all_quads[~eyes[all_quads].all(axis=1)][np.repeat(tensors["kept"].astype(bool), 4)]
    base, coarsest = base_quads(fine), np.asarray(tensors["coarse"], np.int32)
    used: list[Ints] = []
    for quads in (coarsest, base, fine):
        used.append(np.setdiff1d(quads, np.concatenate(used) if used else []))
    order = np.concatenate(used).astype(np.int32)
    number = np.full(len(sheet.vertices), -1, np.int32)
    number[order] = np.arange(len(order))

    within, deep = np.zeros((2, len(sheet.vertices)), bool)
    within[tensors["inner"]], deep[tensors["inner"]] = True, tensors["inner_deep"]
    levels = []
    for quads in (fine, base, coarsest):
        # By the flat membranes: they spread the mouth's inside over the chart, which its real depth would fold.
        uv = corner_uv(sheet.vertices, quads, canonical)
        levels.append(AssetLevel(number[quads], uv, deep[quads].all(axis=1).astype(np.int32)))
    points = sheet.vertices.copy()
    points[tensors["inner"]] = tensors["inner_points"]
    inner = np.flatnonzero(within[order]).astype(np.int32)
    rim, follow = harmonic_follow(number[fine], inner, len(order), HELD_BACK)
    regions = {name: mask[order] for name, mask in masks.items() if mask[order].any()}
    return HeadTemplate(
        points[order],
        order,
        tuple(levels),
        mirror_of(points[order]),
        inner,
        rim,
        follow,
        np.asarray(tensors["jaw"][order] / 255.0, np.float32),
        regions,
    )


def quads_of(faces: Ints) -> Ints:
    """The quads (Q, 4) that triangles (2 Q, 3) are halves of, two in a row.

    faces: pairs (a, b, c), (a, c, d).
    Raises ValueError for triangles that are no such pairs.
    """
    first, second = faces[0::2], faces[1::2]
    if len(first) != len(second) or (first[:, [0, 2]] != second[:, :2]).any():
        raise ValueError("the triangles are not halves of quads, two in a row")
    return np.column_stack([first, second[:, 2]]).astype(np.int32)


def base_quads(fine: Ints) -> Ints:
    """The quads (Q / 4, 4) of which these are one Catmull-Clark step.

    fine: (Q, 4) in fours that share their third corner.
    Raises ValueError for others.
    """
    fours = fine.reshape(-1, 4, 4)
    if (fours[:, :, 2] != fours[:, :1, 2]).any():
        raise ValueError("the quads are not those of a subdivided mesh, four in a row")
    return fours[:, :, 0]


def corner_uv(vertices: Floats, quads: Ints, canonical: UnwrappedMesh) -> Floats:
    """The canonical UV (Q, 4, 2) at the corners of quads: at the closest points of the canonical head, of each quad on
    its own side of the seam.

    vertices: (V, 3) template points, units.
    quads: (Q, 4).
    canonical: the canonical head, its vertices are template points.
    """
    uv = np.zeros((*quads.shape, 2), np.float32)
    points, middle = canonical.vertices, canonical.uv[:, 0].mean()
    across = canonical.uv[canonical.faces].mean(axis=1)[:, 0] - middle
    left = canonical.vertices[canonical.faces].mean(axis=1)[:, 0]
    towards = np.sign((across * left).sum())
    side = np.where(vertices[quads].mean(axis=1)[:, 0] >= 0, 1.0, -1.0)
    for sign in (1.0, -1.0):
        rows = np.flatnonzero(side == sign)
        ids, inverse = np.unique(quads[rows], return_inverse=True)
        faces = canonical.faces[sign * towards * across > -SHARED_STRIP]
        corners, barycentric = closest_on(vertices[ids], points, faces)
        at = np.einsum("nk,nkc->nc", barycentric, canonical.uv[corners])
        uv[rows] = at[inverse.reshape(-1, 4)]
    return uv


def closest_on(asked: Floats, points: Floats, faces: Ints) -> tuple[Ints, Floats]:
    """The places of a surface nearest to some points.

    asked: (N, 3) units.
    points: (V, 3) units; faces: (F, 3) triangles, small beside the distances between the surface's folds.
    Returns the corners (N, 3) of the triangles, and the barycentric coordinates (N, 3).
    """
    corners = points[faces].astype(np.float64)
    near = cKDTree(corners.mean(axis=1)).query(asked, CANDIDATES)[1]
    first, edges = corners[near, 0], corners[near, 1:] - corners[near, :1]
    barycentric = closest_barycentric(asked[:, None] - first, edges[:, :, 0], edges[:, :, 1])
    distance = np.linalg.norm(np.einsum("nfk,nfkc->nfc", barycentric, corners[near]) - asked[:, None], axis=2)
    rows, best = np.arange(len(asked)), distance.argmin(axis=1)
    return faces[near[rows, best]], np.asarray(barycentric[rows, best], np.float32)


def mirror_of(vertices: Floats) -> Ints:
    """For each vertex (V,) its mirror image in the plane x = 0.

    vertices: (V, 3) of a symmetric mesh, units.
    Raises ValueError where one has none.
    """
    distance, mirror = cKDTree(vertices).query(vertices * np.array([-1.0, 1.0, 1.0], np.float32))
    if distance.max() > SYMMETRIC or (mirror[mirror] != np.arange(len(vertices))).any():
        raise ValueError("the mesh is not symmetric")
    return np.asarray(mirror, np.int32)


def harmonic_follow(quads: Ints, inner: Ints, count: int, screening: float = 0.0) -> tuple[Ints, Floats]:
    """How inner vertices go with those around them: each as the mean of its neighbours along the edges.

    quads: (Q, 4) of a mesh of `count` vertices.
    inner: (I,) vertices that follow.
    screening: how far each is held back, as a part of the pull of one edge: after 1 / sqrt(screening) edges about a
        third of the motion is left.
    Returns the vertices (R,) around them, and weights (I, R) whose rows sum to 1 without screening.
    """
    edges = np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2)
    graph = sp.csr_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(count, count))
    rows = ((graph + graph.T) > 0).astype(float).tocsr()[inner]
    degrees = sp.diags(np.asarray(rows.sum(axis=1)).ravel())
    rim = np.setdiff1d(rows.indices, inner).astype(np.int32)
    weights = splu((degrees - rows[:, inner] + screening * sp.identity(len(inner))).tocsc()).solve(
        rows[:, rim].toarray()
    )
    return rim, np.asarray(weights, np.float32)


def skin_mesh(head: HeadTemplate, vertices: Floats) -> UnwrappedMesh:
    """The skin of the finest level in triangles, with a vertex for each UV of a vertex: what is painted on.

    head: the head's quads.
    vertices: (V, 3) of a person, units.
    """
    level = head.levels[0]
    skin = level.material == MATERIALS.index("Skin")
    quads, uv = level.quads[skin].ravel(), level.uv[skin].reshape(-1, 2)
    _, first, corner = np.unique(
        np.column_stack([quads.astype(np.float64), uv]), axis=0, return_index=True, return_inverse=True
    )
    source = quads[first]
    faces = corner.reshape(-1, 4)[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3).astype(np.int32)
    still = np.zeros((len(source), 3), np.float32)
    return UnwrappedMesh(vertices[source], faces, still, uv[first], source, head.points[source])
