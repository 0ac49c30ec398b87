"""The codes of heads: where the anchors lie, and principal components around each of them and of the whole head."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from clip_head.core.nphm.embedded_network import ANCHORS, SYMMETRIC
from clip_head.core.types import Floats, Ints
from clip_head.training.teacher.dataset import SKIN, TeacherDataset, head_vertices, train_indices

#: Sizes of the global code and of each of the 39 local ones: numbers of principal components. Real faces need more
#: than mixtures of a sculptor's shapes do.
GLOBAL_SIZE, LOCAL_SIZE = 128, 24
#: Number of vertices around an anchor whose principal components are its local code.
LOCAL_VERTICES = 280
#: Radius of a member, as a multiple of its anchor's mean distance to the four nearest, and the limits, units.
RADIUS_FACTOR, RADIUS_LIMITS = 1.4, (0.16, 0.42)
#: Height above which anchors lie, units: below is the neck, which hardly varies.
LOWEST_ANCHOR = -0.5
#: Factors of x, y, z that mirror a point in the head's plane of symmetry.
MIRROR = np.array([-1, 1, 1], dtype=np.float32)
#: Global codes use every fourth vertex of the template: neighbours move nearly alike.
_GLOBAL_STRIDE = 4


@dataclass(frozen=True)
class Codes:
    """How heads become codes, by whitened principal components.

    anchor_vertices: (39,) indices of the template's vertices that are anchors.
    radii: (39,) of the members, units.
    global_mean, global_components: (3 V',), (G, 3 V') mean and components of every fourth vertex, units.
    local_vertices: (39, 280) indices of the vertices around each anchor; those of a pair mirror each other.
    local_means, local_components: (39, 280, 3), (39, L, 840) mean and components of these, relative to the anchor.
    """

    anchor_vertices: Ints
    radii: Floats
    global_mean: Floats
    global_components: Floats
    local_vertices: Ints
    local_means: Floats
    local_components: Floats

    def save(self, path: Path) -> None:
        """Write the fields, under their names, to an .npz file."""
        np.savez(path, **{name: getattr(self, name) for name in self.__dataclass_fields__})

    @staticmethod
    def load(path: Path) -> Codes:
        """Read what save wrote."""
        with np.load(path) as arrays:
            return Codes(**{name: arrays[name] for name in Codes.__dataclass_fields__})

    def encode(self, vertices: Floats) -> tuple[Floats, Floats]:
        """Global (G,) and local (39, L) codes of a head, by projection onto the components.

        vertices: (V, 3) of the head in canonical pose, in the teacher's topology, units.
        """
        shared = self.global_components @ (vertices[::_GLOBAL_STRIDE].ravel() - self.global_mean)
        local = np.stack(
            [
                self.local_components[k] @ (_around(vertices, self, k) - self.local_means[k]).ravel()
                for k in range(ANCHORS)
            ]
        )
        return shared.astype(np.float32), local.astype(np.float32)


def fit_codes(dataset: TeacherDataset, report: Callable[[str], None]) -> Codes:
    """Place the anchors and fit the principal components on the training heads.

    dataset: the teacher's heads.
    report: called with what is being done.
    """
    template = dataset.template
    anchors = place_anchors(dataset)
    positions = template.vertices[anchors]
    distances = np.sort(np.linalg.norm(positions[:, None] - positions[None], axis=2), axis=1)
    radii = np.clip(RADIUS_FACTOR * distances[:, 1:5].mean(axis=1), *RADIUS_LIMITS).astype(np.float32)
    local_vertices = cKDTree(template.vertices).query(positions, LOCAL_VERTICES)[1].astype(np.int32)
    twins = mirror_twins(template.vertices)
    local_vertices[1:SYMMETRIC:2] = twins[local_vertices[0:SYMMETRIC:2]]
    report("reading the training heads")
    heads = np.stack([head_vertices(dataset, i) for i in train_indices(dataset)])
    report("principal components")
    mean, components = whitened_pca(heads[:, ::_GLOBAL_STRIDE].reshape(len(heads), -1), GLOBAL_SIZE)
    empty = np.zeros(0, dtype=np.float32)
    without_local = Codes(anchors, radii, mean, components, local_vertices, empty, empty)
    local_means, local_components = [], []
    for member in range(ANCHORS):
        # Both members of a pair share their components: of the left data and the right data mirrored.
        first = member - member % 2
        pair = (first, first + 1) if member < SYMMETRIC else (member,)
        data = np.concatenate([np.stack([_around(head, without_local, m).ravel() for head in heads]) for m in pair])
        local_mean, basis = whitened_pca(data, LOCAL_SIZE)
        local_means.append(local_mean.reshape(-1, 3))
        local_components.append(basis)
    return Codes(anchors, radii, mean, components, local_vertices, np.stack(local_means), np.stack(local_components))


def _around(vertices: Floats, codes: Codes, member: int) -> Floats:
    """(280, 3) the vertices around a member's anchor, relative to it, mirrored for the second of a pair."""
    local = vertices[codes.local_vertices[member]] - vertices[codes.anchor_vertices[member]]
    return local * MIRROR if member < SYMMETRIC and member % 2 else local


def whitened_pca(data: Floats, count: int) -> tuple[Floats, Floats]:
    """Mean (D,) and principal components (count, D), scaled so that their products with the centred data, which are the
    codes, have unit variance.

    data: (N, D).
    count: number of components.
    """
    mean = data.mean(axis=0)
    centred = data - mean
    if len(data) <= data.shape[1]:  # by the smaller of the two matrices of products
        values, vectors = np.linalg.eigh((centred @ centred.T).astype(np.float64))
        values, vectors = values[::-1][:count], vectors[:, ::-1][:, :count]
        basis = (vectors.T @ centred) / np.sqrt(values)[:, None]
    else:
        values, vectors = np.linalg.eigh((centred.T @ centred).astype(np.float64))
        values, basis = values[::-1][:count], vectors[:, ::-1][:, :count].T
    deviation = np.sqrt(np.maximum(values, 1e-12) / len(data))
    return mean.astype(np.float32), (basis / deviation[:, None]).astype(np.float32)


def mirror_twins(vertices: Floats) -> Ints:
    """(V,) for every vertex the index of the one nearest to its mirror image.

    vertices: (V, 3) of the template.
    """
    return cKDTree(vertices).query(vertices * MIRROR)[1].astype(np.int32)


def place_anchors(dataset: TeacherDataset) -> Ints:
    """(39,) indices of the template's vertices that are anchors, by farthest point sampling, twice as dense on face and
    ears: 16 mirrored pairs, then 7 on the midline.

    dataset: the teacher's heads.
    """
    template = dataset.template
    vertices = template.vertices
    skin = np.zeros(len(vertices), dtype=bool)
    skin[template.faces[template.part == SKIN]] = True
    skin &= vertices[:, 1] > LOWEST_ANCHOR
    spacing = np.where(template.regions["face"] | template.regions["ears"], 1.0, 2.0)
    twins = mirror_twins(vertices)
    middle = np.flatnonzero(skin & (np.abs(vertices[:, 0]) < 2e-3))
    left = np.flatnonzero(skin & (vertices[:, 0] > 0.03))
    distance = np.full(len(vertices), np.inf)  # of every vertex to the nearest anchor, relative to the spacing
    anchors: list[int] = []

    def add(index: int) -> None:
        nonlocal distance
        anchors.append(index)
        distance = np.minimum(distance, np.linalg.norm(vertices - vertices[index], axis=1) / spacing)

    add(template.landmarks["nose_tip"])
    while len(anchors) < ANCHORS - SYMMETRIC:
        add(int(middle[distance[middle].argmax()]))
    midline = list(anchors)
    pairs = []
    for _ in range(SYMMETRIC // 2):
        index = int(left[distance[left].argmax()])
        add(index)
        add(int(twins[index]))
        pairs += [index, int(twins[index])]
    return np.array(pairs + midline, dtype=np.int32)
