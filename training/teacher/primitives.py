"""Signed distances of simple shapes and their smooth union, to build hair and beards from.

Distances are negative inside. Source: I. Quilez, Distance functions and Smooth minimum (iquilezles.org/articles). The
smooth minimum and maximum here round half as much as his polynomial ones, whose last term is not halved.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from clip_head.core.types import Floats


def smooth_minimum(first: Floats, second: Floats, width: float) -> Floats:
    """The union of two shapes with a rounded joint: the polynomial smooth minimum of their distances.

    first, second: signed distances at the same points, units.
    width: the result is the plain minimum where they differ by more than this, units.
    Returns: the signed distance of the union, within width / 8 of the minimum.
    """
    weight = np.clip(0.5 + 0.5 * (second - first) / width, 0, 1)
    return np.asarray(second + weight * (first - second) - 0.5 * width * weight * (1 - weight), np.float32)


def smooth_maximum(first: Floats, second: Floats, width: float) -> Floats:
    """The intersection of two shapes with a rounded edge: the polynomial smooth maximum of their distances.

    first, second: signed distances at the same points, units.
    width: the result is the plain maximum where they differ by more than this, units.
    Returns: the signed distance of the intersection, within width / 8 of the maximum.
    """
    weight = np.clip(0.5 + 0.5 * (first - second) / width, 0, 1)
    return np.asarray(second + weight * (first - second) + 0.5 * width * weight * (1 - weight), np.float32)


def cubic_step(value: Floats) -> Floats:
    """The cubic step 3 t^2 - 2 t^3 of t = value, limited to 0 to 1: shading languages' smoothstep from 0 to 1.

    value: of any shape.
    Returns: 0 where value is below 0, 1 where it is above 1, smooth between.
    """
    t = np.clip(value, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def tube(points: Floats, path: Sequence[tuple[float, float, float]], radii: Sequence[float]) -> Floats:
    """About the signed distance to a chain of round cones; exact where the radius does not change.

    points: (P, 3) units.
    path: the nodes of the chain, units.
    radii: radius at each node, units; linear between.
    Returns: (P,) units.
    """
    nodes, nearest = np.array(path, np.float32), np.full(len(points), np.inf, np.float32)
    for start, end, first, last in zip(nodes, nodes[1:], radii, radii[1:], strict=False):
        axis = end - start
        t = np.clip((points - start) @ axis / (axis @ axis), 0, 1)
        distance = np.linalg.norm(points - start - t[:, None] * axis, axis=1)
        nearest = np.minimum(nearest, distance - (first + t * (last - first)))
    return nearest.astype(np.float32)


def ellipsoid(points: Floats, centre: tuple[float, float, float], radii: tuple[float, float, float]) -> Floats:
    """About the signed distance to an ellipsoid; exact to first order at its surface.

    points: (P, 3) units.
    centre: its centre, units.
    radii: along x, y and z, units.
    Returns: (P,) units.
    """
    scaled = (points - np.array(centre, np.float32)) / np.array(radii, np.float32)
    norm = np.linalg.norm(scaled, axis=1)
    slope = np.linalg.norm(scaled / np.array(radii, np.float32), axis=1)
    return (norm * (norm - 1) / np.maximum(slope, 1e-6)).astype(np.float32)


def polygon_distance(points: Floats, polygon: Floats) -> Floats:
    """Signed distance to a polygon in the plane, its sign by the even-odd rule.

    points: (P, 2) units.
    polygon: (N, 2) corners in order, units.
    Returns: (P,) units.
    """
    nearest = np.full(len(points), np.inf)
    inside = np.zeros(len(points), dtype=bool)
    for start, end in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        side = end - start
        t = np.clip((points - start) @ side / (side @ side), 0, 1)
        nearest = np.minimum(nearest, np.linalg.norm(points - start - t[:, None] * side, axis=1))
        crosses = (start[1] > points[:, 1]) != (end[1] > points[:, 1])
        if side[1] != 0:
            inside ^= crosses & (points[:, 0] < start[0] + (points[:, 1] - start[1]) / side[1] * side[0])
    return np.where(inside, -nearest, nearest).astype(np.float32)


def mirror_to_left(points: Floats) -> Floats:
    """Points brought over to the head's left side, so that one shape stands for both.

    points: (P, 3) in the frame of the heads.
    Returns: (P, 3) with the absolute value of x.
    """
    across = np.abs(points * np.array([1, 0, 0], np.float32))
    return (points * np.array([0, 1, 1], np.float32) + across).astype(np.float32)
