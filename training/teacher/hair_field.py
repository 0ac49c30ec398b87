"""The signed distance of head and hair on grids: what grows on the scalp, where hair must not be, holes filled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from tqdm import tqdm

from clip_head.core.types import Floats
from clip_head.core.uv import load_layout

from .dataset import Template
from .distance import signed_distance
from .hair_styles import HAIRLINES
from .primitives import ellipsoid, mirror_to_left, polygon_distance

#: Spacing of the grid of a hair style's signed distance, units (4.5 mm): under half of the thinnest card.
SPACING = 0.018
#: How far down hair may reach, units, in the frame of the heads; the grid goes two steps farther.
LOWEST = -0.62
#: First point of the grid of a hair style, units, in the frame of the heads, and its number of points along x, y and z:
#: room for the widest style.
GRID_ORIGIN = np.array([-0.62, LOWEST - 2 * SPACING, -0.98], np.float32)
GRID_SHAPE = (70, 78, 78)
#: Hair ends this far above the plane in which the neck is cut, units (9 mm), so that only the neck is cut open there.
END_GAP = 0.035
#: Thickness of hair on the scalp grows from 0 at the hairline to its full value over this depth, units (10 mm).
HAIRLINE_RAMP = 0.04
#: z of the vertical axis x = 0 that lies inside head and neck at every height, units.
HEAD_AXIS_Z = -0.25
#: Spacing of the head's grid in the face, units (1.75 mm): lids and lips keep their shape.
FACE_SPACING = 0.007
#: The grid of the head's signed distance: intervals (from, to, step) for each of x, y and z. From and to are in units,
#: steps in multiples of the spacing in the face. Fine in the face, coarser at the ears and behind.
HEAD_AXES = (
    ((-0.6, -0.33, 3), (-0.33, -0.19, 1.5), (-0.19, 0.19, 1), (0.19, 0.33, 1.5), (0.33, 0.6, 3)),
    ((-1.3, -0.72, 8), (-0.72, -0.34, 3), (-0.34, 0.13, 1), (0.13, 0.72, 3)),
    ((-0.95, -0.26, 3), (-0.26, 0.02, 1.7), (0.02, 0.4, 1)),
)


@dataclass(frozen=True)
class HeadField:
    """The template's signed distance on a rectilinear grid that is fine in the face.

    axes: coordinates of the grid along x, y and z, units, in the frame of the heads.
    distance: (X, Y, Z) units, negative inside.
    """

    axes: tuple[Floats, Floats, Floats]
    distance: Floats


def head_field(template: Template, spacing: float = FACE_SPACING) -> HeadField:
    """Sample the template's signed distance.

    template: the mean head.
    spacing: of the grid in the face, units; see HEAD_AXES for the rest.
    Returns: the distance on the grid.
    """
    x, y, z = (
        np.concatenate([np.arange(low, high, step * spacing) for low, high, step in parts]).astype(np.float32)
        for parts in HEAD_AXES
    )
    points = np.stack(np.meshgrid(x, y, z, indexing="ij"), axis=-1).reshape(-1, 3)
    chunks = np.array_split(points, max(1, len(points) // 100_000))
    values = [signed_distance(template.vertices, template.faces, c) for c in tqdm(chunks, "head distance", leave=False)]
    return HeadField((x, y, z), np.concatenate(values).reshape(len(x), len(y), len(z)))


def sample_rectilinear(values: Floats, axes: tuple[Floats, Floats, Floats], points: Floats) -> Floats:
    """Trilinear interpolation on a rectilinear grid.

    values: (X, Y, Z) on the grid.
    axes: coordinates of the grid along x, y and z.
    points: (P, 3) in the same frame; outside the grid the nearest border counts.
    Returns: (P,) values.
    """
    index = [np.interp(points[:, k], axes[k], np.arange(len(axes[k]))) for k in range(3)]
    return ndimage.map_coordinates(values, index, order=1, mode="nearest")


def end_plane_distance(points: Floats) -> Floats:
    """Signed distance to the half-space in which hair may be: above the plane where it ends, over the cut of the neck.

    points: (..., 3) units, in the frame of the heads.
    Returns: (...,) units, positive below the plane.
    """
    neck = load_layout().neck
    norm = np.hypot(1.0, neck.slope)
    return np.asarray((neck.slope * points[..., 2] + neck.height - points[..., 1]) / norm + END_GAP, np.float32)


def face_window(points: Floats) -> Floats:
    """About the signed distance to the space in front of the face that hair leaves free.

    points: (P, 3) units, in the frame of the heads.
    Returns: (P,) units, negative inside that space.
    """
    x, y, z = points.T
    ellipse = np.sqrt((x / 0.205) ** 2 + ((y + 0.13) / 0.27) ** 2)
    return np.maximum((ellipse - 1) * 0.2, 0.02 - z).astype(np.float32)


def hairline_depth(points: Floats, hairline: str) -> Floats:
    """How deep points lie inside a hairline, seen from the side, and from its bays at the temples.

    points: (P, 3) units, in the frame of the heads.
    hairline: a key of hair_styles.HAIRLINES.
    Returns: (P,) units, negative outside.
    """
    line = HAIRLINES[hairline]
    depth = -polygon_distance(points[:, [2, 1]], np.array(line.profile, np.float32))
    if line.temple_centre and line.temple_radii:
        depth = np.minimum(depth, ellipsoid(mirror_to_left(points), line.temple_centre, line.temple_radii))
    return depth


def scalp_thickness(points: Floats, hairline: str, thickness: float) -> Floats:
    """Thickness of the hair that grows on the scalp.

    points: (P, 3) units, in the frame of the heads.
    hairline: a key of hair_styles.HAIRLINES.
    thickness: deep inside the hairline, units.
    Returns: (P,) units: 0 outside the hairline, growing over HAIRLINE_RAMP.
    """
    return (thickness * np.clip(hairline_depth(points, hairline) / HAIRLINE_RAMP, 0, 1)).astype(np.float32)


def fill_towards_axis(hair: Floats, origin: Floats, spacing: float = SPACING) -> Floats:
    """Fill everything between the hair and the head's vertical axis, in each horizontal slice of the grid.

    Cards are thin shells that stand off cheek, ear and neck, with holes between them. Filled, every point of the hair
    is joined to the axis by a straight line inside its slice; so no slice has a hole, and the hair has no handle. In
    polar coordinates this is the running minimum of the distance from outside to the axis, which leaves the outer
    surface as it is, and smooth.

    hair: (X, Y, Z) signed distance of the hair, units, negative inside, on a grid.
    origin: (3,) its first point, units, in the frame of the heads.
    spacing: of the grid, units.
    Returns: (X, Y, Z) signed distance of the filled hair, exact at the outer surface only.
    """
    axes = [origin[k] + spacing * np.arange(hair.shape[k]) for k in range(3)]
    largest_radius = float(np.hypot(np.abs(axes[0]).max(), np.abs(axes[2] - HEAD_AXIS_Z).max()))
    radius = np.arange(0.0, largest_radius, 0.5 * spacing)
    # One column per degree, and one more at either end, so that interpolation goes around.
    columns = 360
    angle = np.arange(-1, columns + 2) * (2 * np.pi / columns)
    level = np.arange(hair.shape[1], dtype=np.float64)
    r, y, t = np.meshgrid(radius, level, angle, indexing="ij")
    x = (r * np.sin(t) - origin[0]) / spacing
    z = (r * np.cos(t) + HEAD_AXIS_Z - origin[2]) / spacing
    polar = ndimage.map_coordinates(hair, [x, y, z], order=3, mode="nearest")
    polar = np.minimum.accumulate(polar[::-1], axis=0)[::-1]

    across, forward = np.meshgrid(axes[0], axes[2] - HEAD_AXIS_Z, indexing="ij")
    row = np.broadcast_to((np.hypot(across, forward) / (0.5 * spacing))[:, None], hair.shape)
    column = (np.arctan2(across, forward) % (2 * np.pi)) * (columns / (2 * np.pi)) + 1
    filled = ndimage.map_coordinates(
        polar,
        [row, np.broadcast_to(level[:, None], hair.shape), np.broadcast_to(column[:, None], hair.shape)],
        order=1,
        mode="nearest",
    )
    return np.minimum(hair, filled).astype(np.float32)


def close_voids(head: Floats, hair: Floats, smoothing: float, spacing: float = SPACING) -> Floats:
    """Smooth the hair, and fill the voids between it and the head that are not connected with the space outside.

    head, hair: (X, Y, Z) signed distances, units, negative inside, on a grid.
    smoothing: standard deviation of a Gaussian, in grid points.
    spacing: of the grid, units.
    Returns: (X, Y, Z) signed distance of the hair.
    """
    smooth = ndimage.gaussian_filter(hair, smoothing, mode="nearest")
    empty = np.minimum(head, smooth) > 0
    component, _ = ndimage.label(empty)
    voids = empty & (component != component[0, -1, -1])  # a corner of the grid, which lies outside
    return np.where(voids, np.minimum(smooth, -0.25 * spacing), smooth).astype(np.float32)
