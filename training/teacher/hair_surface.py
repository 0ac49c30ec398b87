"""From a hair style's signed distance to a surface that follows every head."""

from __future__ import annotations

import igl
import numpy as np
import scipy.sparse as sp
from scipy import ndimage
from skimage.measure import marching_cubes

from clip_head.core.types import Bools, Floats, Ints

from .dataset import HairStyle, Template
from .hair_field import SPACING
from .surroundings import sparse_rows, surrounding_weights
from .template import Topology

#: Distance from the skin at which hair takes part in facial expressions by 1/e only, units (12.5 mm); it falls as a
#: Gaussian, so that hair on the skin moves with it and hair that stands off stays.
FOLLOW_DISTANCE = 0.05


def extract_surface(values: Floats, axes: tuple[Floats, Floats, Floats]) -> tuple[Floats, Ints]:
    """Marching cubes on a rectilinear grid, closed at the grid's border; only the largest piece is kept.

    values: (X, Y, Z) signed distance, units, negative inside.
    axes: coordinates of the grid along x, y and z, units.
    Returns: vertices (V, 3) in units and faces (F, 3), counter-clockwise seen from outside.
    Source: T. Lewiner et al., Efficient implementation of Marching Cubes' cases, 2003 (scikit-image).
    """
    closed = values.copy()
    for axis in range(3):
        for end in (0, -1):
            border = np.moveaxis(closed, axis, 0)
            border[end] = np.maximum(border[end], 1e-3)
    index, faces, _, _ = marching_cubes(closed, 0.0, gradient_direction="descent")
    vertices = np.stack([np.interp(index[:, k], np.arange(len(axes[k])), axes[k]) for k in range(3)], axis=1)
    edges = (faces[:, [0, 1]].ravel(), faces[:, [1, 2]].ravel())
    graph = sp.coo_matrix((np.ones(len(faces) * 2), edges), (len(index),) * 2)
    _, label = sp.csgraph.connected_components(graph, directed=False)
    keep = label == np.argmax(np.bincount(label))
    renumber = np.cumsum(keep) - 1
    return vertices[keep].astype(np.float32), renumber[faces[keep[faces[:, 0]]]].astype(np.int32)


def project_to_zero_level(points: Floats, hair: Floats, origin: Floats) -> Floats:
    """Newton steps along the gradient to the smooth zero level of the hair's signed distance.

    Marching cubes interpolates linearly, which leaves terraces on thin hair. Only points close to the zero level move,
    not those of the layer on the scalp, which is finer than the grid.

    points: (P, 3) on the surface of head and hair, units.
    hair: (X, Y, Z) signed distance of the hair on a grid of SPACING, units.
    origin: (3,) its first point, units.
    Returns: (P, 3) units.
    """
    spline = ndimage.spline_filter(hair, order=3, mode="nearest")
    slopes = [ndimage.spline_filter(slope, order=3, mode="nearest") for slope in np.gradient(hair, SPACING)]

    def sample(values: Floats, at: Floats) -> Floats:
        index = ((at - origin) / SPACING).T
        return ndimage.map_coordinates(values, index, order=3, mode="nearest", prefilter=False)

    projected = points.copy()
    for _ in range(3):
        gradient = np.stack([sample(slope, projected) for slope in slopes], axis=1)
        squared = np.maximum((gradient**2).sum(axis=1, keepdims=True), 0.05)
        projected = projected - sample(spline, projected)[:, None] * gradient / squared
    near = np.linalg.norm(projected - points, axis=1, keepdims=True) < 0.25 * SPACING
    return np.where(near, projected, points).astype(np.float32)


def bind_to_template(
    name: str,
    phrases: tuple[str, ...],
    surface: tuple[Floats, Ints, Bools],
    grid: tuple[Floats, Floats],
    topology: Topology,
    template: Template,
) -> HairStyle:
    """Bind a surface to the base: skin vertices follow the nearest point of the template, hair vertices what is around
    them.

    name: of the style.
    phrases: what one calls it.
    surface: vertices (Vu, 3) on the template in units, faces (Fu, 3), is_hair (Vu,).
    grid: the hair's signed distance (X, Y, Z) on a grid of SPACING, and its first point (3,), units.
    topology: from the base mesh to the template.
    template: the mean head.
    Returns: the style.
    """
    vertices, faces, is_hair = surface
    hair, origin = grid
    squared, face, closest = igl.point_mesh_squared_distance(
        vertices.astype(np.float64), template.vertices.astype(np.float64), template.faces.astype(np.int64)
    )
    corners = template.vertices[template.faces[face]].astype(np.float64)
    bary = igl.barycentric_coordinates(closest, *(np.ascontiguousarray(corners[:, k]) for k in range(3)))
    vertices = np.where(is_hair[:, None], vertices, closest).astype(np.float32)
    on_template = sparse_rows(template.faces[face], bary, len(template.vertices))
    around = surrounding_weights(template.vertices, template.faces, vertices[is_hair], np.random.default_rng(0))
    rows = np.where(is_hair, len(vertices) + np.cumsum(is_hair) - 1, np.arange(len(vertices)))
    weights = sp.vstack([on_template, around]).tocsr()[rows] @ topology.subdivision
    follow = np.where(is_hair, np.exp(-squared / FOLLOW_DISTANCE**2), 1.0).astype(np.float32)
    return HairStyle(
        name=name,
        words=phrases,
        grid=hair,
        origin=origin,
        spacing=SPACING,
        vertices=vertices,
        faces=faces,
        template_face=face.astype(np.int32),
        template_bary=bary.astype(np.float32),
        is_hair=is_hair,
        follow=follow,
        weights=weights.tocsr().astype(np.float32),
    )
