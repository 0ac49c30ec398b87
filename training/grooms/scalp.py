"""Where hair is rooted on the template: its skin, how dense strands stand on it, and roots drawn evenly from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from clip_head.core.asset.template import base_quads, closest_on, quads_of
from clip_head.core.nphm.embedded_network import EmbeddedNetwork
from clip_head.core.types import Bools, Floats, Ints

from .fields import unit

#: How many candidates each root is chosen from.
CANDIDATES = 6
#: Depth over which hair thins out along its line, units (9 mm), and how far the line itself wavers, units (2.5 mm).
THINNING, WAVERING = 0.036, 0.010
#: Depth on the template behind which its skin is the nape, heights between which hair thins out over a longer way there
#: the lower it grows, units, and how many times as long that is at most.
NAPE_BACK, NAPE_TOP, NAPE_END, NAPE_THINNING = -0.22, 0.0, -0.16, 2.5


@dataclass(frozen=True)
class Skin:
    """The template's skin.

    vertices: (V, 3) of the network's sheet, units.
    triangles: (F, 3) halves of the head's quads, vertices of the sheet.
    normals: (V, 3) unit vectors.
    masks: region -> (V,).
    """

    vertices: Floats
    triangles: Ints
    normals: Floats
    masks: dict[str, Bools]


@dataclass(frozen=True)
class Roots:
    """Places on the skin.

    corners: (N, 3) vertices of the sheet.
    barycentric: (N, 3).
    points, normals: (N, 3) units, unit vectors.
    """

    corners: Ints
    barycentric: Floats
    points: Floats
    normals: Floats

    def some(self, chosen: Ints | Bools) -> Roots:
        """Those of a choice (M,) of them."""
        return Roots(self.corners[chosen], self.barycentric[chosen], self.points[chosen], self.normals[chosen])


def template_skin(network: EmbeddedNetwork, kept: Bools) -> Skin:
    """The skin of the head model's template.

    network: of the head model.
    kept: (B,) base quads that the asset uses (see core/asset/template.py).
    """
    sheet, masks = network.sheet, network.region_masks
    eyes = masks["left_eye"] | masks["right_eye"]
    quads = quads_of(sheet.faces)
    quads = quads[~eyes[quads].all(axis=1)]
    assert len(base_quads(quads)) == len(kept)
    quads = quads[np.repeat(kept, 4)]
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    corners = sheet.vertices[triangles]
    area = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(sheet.vertices)
    for corner in range(3):
        np.add.at(normals, triangles[:, corner], area)
    return Skin(sheet.vertices, triangles, unit(normals), masks)


def thinned(skin: Skin, depth: Floats, thinning: float = THINNING) -> Floats:
    """Density (V,), 0 to 1, of hair that is this deep (V,), units, inside its line: it thins out along the line, which
    wavers as on people, and most at the nape.

    skin: of the template.
    depth: negative outside.
    thinning: depth over which it thins out, units; over more at the nape.
    """
    _, y, z = skin.vertices.T
    nape = np.clip((NAPE_TOP - y) / (NAPE_TOP - NAPE_END), 0, 1) * (z < NAPE_BACK)
    over = thinning * (1 + (NAPE_THINNING - 1) * nape)
    density = bordered(skin.vertices, depth, over, WAVERING)
    density[skin.masks["ears"]] = 0.0
    return density


def bordered(points: Floats, depth: Floats, thinning: Floats | float, wavering: float) -> Floats:
    """Density (N,), 0 to 1, of hair at points (N, 3) that lie this deep (N,), units, inside its border.

    points: units; depth: negative outside.
    thinning: depth over which it thins out; wavering: how far the border strays to either side, units.
    """
    x, y, z = points.T
    wave = np.sin(55 * x + 3 * np.sin(40 * y)) + 0.7 * np.sin(83 * np.abs(x) - 61 * z + 1.3) + 0.5 * np.sin(117 * y)
    inside = np.clip((depth + wavering * (wave / 2.2 - 0.4)) / thinning, 0, 1)
    return np.asarray(inside * inside * (3 - 2 * inside), np.float32)


def draw_roots(skin: Skin, density: Floats, count: int, rng: np.random.Generator) -> Roots:
    """Roots that lie evenly where there is density, no matter how little: each as far as can be from those before.

    skin: of the template.
    density: (V,) 0 to 1.
    count: of roots.
    rng: draws the candidates.
    Returns: fewer roots than asked for, or none, where there is no density.
    """
    triangles = skin.triangles[(density[skin.triangles] > 0).any(axis=1)]
    if not len(triangles):
        return Roots(np.zeros((0, 3), np.int32), *(np.zeros((0, 3), np.float32) for _ in range(3)))
    corners = skin.vertices[triangles]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    many = CANDIDATES * count
    chosen = rng.choice(len(triangles), 3 * many, p=area / area.sum())
    barycentric = rng.dirichlet([1.0, 1.0, 1.0], 3 * many).astype(np.float32)
    local = (density[triangles[chosen]] * barycentric).sum(axis=1)
    kept = np.flatnonzero(rng.random(3 * many) < 0.25 + 0.75 * local)
    kept = kept[local[kept] > 0.08][:many]
    roots = roots_at(skin, triangles[chosen[kept]], barycentric[kept])
    return roots.some(farthest(roots.points, min(count, len(kept))))


def roots_at(skin: Skin, corners: Ints, barycentric: Floats) -> Roots:
    """The roots at these places.

    skin: of the template.
    corners: (N, 3) vertices of the sheet.
    barycentric: (N, 3).
    """
    points = np.einsum("nk,nkc->nc", barycentric, skin.vertices[corners]).astype(np.float32)
    normals = unit(np.einsum("nk,nkc->nc", barycentric, skin.normals[corners]))
    return Roots(corners.astype(np.int32), barycentric.astype(np.float32), points, normals)


def farthest(points: Floats, count: int) -> Ints:
    """Indices (count,) of points (N, 3), each as far as can be from all before it: farthest point sampling."""
    chosen = np.zeros(count, np.int32)
    distance = np.full(len(points), np.inf)
    for k in range(1, count):
        distance = np.minimum(distance, ((points - points[chosen[k - 1]]) ** 2).sum(axis=1))
        chosen[k] = distance.argmax()
    return chosen


def at_roots(roots: Roots, values: Floats) -> Floats:
    """Values (V,) of the skin at roots (N,)."""
    return np.asarray((values[roots.corners] * roots.barycentric).sum(axis=1), np.float32)


def spread(skin: Skin, points: Floats, radius: float) -> Floats:
    """Density (V,), 0 to 1, of a cloud of points on the skin: how many lie within a radius, as a part of the most.

    skin: of the template.
    points: (P, 3) units.
    radius: units.
    """
    count = cKDTree(points).query_ball_point(skin.vertices, radius, return_length=True)
    return np.asarray(np.minimum(1.0, count / max(np.quantile(count[count > 0], 0.7), 1)), np.float32)


def nearest_roots(skin: Skin, points: Floats) -> Roots:
    """The places on the skin nearest to points (N, 3), units."""
    corners, barycentric = closest_on(points, skin.vertices, skin.triangles)
    return roots_at(skin, corners, barycentric)
