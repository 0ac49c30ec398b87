"""What holds the face in place: springs that draw it to its place in the layout.

A fixed rim alone leaves the face where the shape of the rest puts it: hair or a longer neck shifts it by a tenth of
the image. So each vertex of the face, as far as it is seen freely from the front, is tied by a weak spring to the
place that the layout gives to its template point (or, where a model has no template, to the point itself: all heads
share one frame). The springs work over distances of `LENGTH`; anything finer stays harmonic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from .raster import interpolate, rasterise
from .surface import Array, Index, Surface

#: Distance over which a spring of full strength overrules the harmonic map, units (15 mm).
LENGTH = 0.06
#: The face: middle of a box with soft edges, and half its size along x, y and z, units. Chosen by eye on renders.
_CENTRE, _REACH = np.array([0.0, -0.07, 0.08]), np.array([0.26, 0.36, 0.25])
#: The orthographic front view by which hidden vertices are found: pixels per unit (0.8 mm each), and its left and top
#: edge, x and y, units.
_SCALE, _LEFT, _TOP = 320.0, -0.7, 0.7
#: Least difference of depth between neighbouring pixels, units (15 mm), that counts as a step: something hangs before
#: something else there.
_STEP = 0.06
#: Distance from a step, units (20 mm), from which on the springs have their full strength.
_CLEARANCE = 0.08
#: Distance from a step, units (5 mm), from which on pixels belong to a sheet: sheets that hang together only by a
#: narrower strip are taken apart.
_NARROW = 0.02
#: How far behind the front view's depth a vertex may lie to count as seen, units (5 mm).
_SEEN = 0.02
#: Depth z, units, of pixels without surface: behind everything.
_NOWHERE = -9.0
#: Weight, 0 to 1, below which a spring is left out: a part that is joined by a thin neck follows even the weakest, and
#: folds.
_WEAKEST = 0.1


@dataclass(frozen=True)
class FacePlace:
    """Where the face lies in the image: polynomials of the third degree of a template point.

    odd (7,): coefficients of u - 0.5, which is odd in x.
    even (13,): coefficients of v, which is even in x.
    """

    odd: Array
    even: Array

    def at(self, points: Array) -> Array:
        """uv (V, 2) of template points (V, 3)."""
        odd, even = polynomial_terms(points)
        return np.stack([0.5 + odd @ self.odd, even @ self.even], 1)


def polynomial_terms(points: Array) -> tuple[Array, Array]:
    """The monomials of points (V, 3) up to the third degree that are odd (V, 7) and even (V, 13) in x."""
    x, y, z = points.T
    odd = np.stack([x, x * y, x * z, x**3, x * y * y, x * y * z, x * z * z], 1)
    one = np.ones_like(x)
    even = [one, y, z, x * x, y * y, z * z, y * z, x * x * y, x * x * z, y**3, y * y * z, y * z * z, z**3]
    return odd, np.stack(even, 1)


def face_weight(points: Array) -> Array:
    """How far template points (V, 3), units, belong to the face: (V,), 1 in its middle, falling to 0 at the ears, the
    throat and the hair."""
    return np.exp(-0.5 * (((points - _CENTRE) / _REACH) ** 2).sum(axis=1) ** 2)


def spring_weight(surface: Surface, template_points: Array) -> Array:
    """The weight of each vertex's spring: (V,), 0 to 1.

    Nothing is held that is hidden from the front, nor what lies near something that hangs before the face: there the
    surface in between needs room in the image.

    surface: the head, V vertices, in NPHM's frame.
    template_points (V, 3): units.
    """
    weight = face_weight(template_points)
    weight = weight * _visibility(surface.points, surface.faces, weight)
    return np.clip((weight - _WEAKEST) / (1 - _WEAKEST), 0.0, 1.0)


def _visibility(points: Array, faces: Index, face: Array) -> Array:
    """How freely each vertex is seen from the front, 0 to 1: (V,). Only the sheet with most of the face counts.

    points (V, 3), faces (F, 3): of the head, units.
    face (V,): how far each vertex belongs to the face.
    """
    width = int(-2 * _LEFT * _SCALE)
    pixels = np.stack([(points[:, 0] - _LEFT) * _SCALE, (_TOP - points[:, 1]) * _SCALE], 1)
    face_index, barycentric = rasterise(pixels, -points[:, 2], faces, width, width)
    depth = np.where(face_index >= 0, interpolate(points[:, 2], faces, face_index, barycentric), _NOWHERE)
    steps = ndimage.grey_dilation(depth, size=3) - ndimage.grey_erosion(depth, size=3) > _STEP
    clearance = ndimage.distance_transform_edt(~steps) / _SCALE
    sheets, _ = ndimage.label(clearance > _NARROW)
    column, row = np.clip(pixels.astype(np.int64), 0, width - 1).T
    face_in_sheet = np.bincount(sheets[row, column], face, sheets.max() + 1)
    face_in_sheet[0] = 0  # pixels of no sheet
    if not face_in_sheet.any():
        return np.zeros(len(points))
    room = np.where(sheets == np.argmax(face_in_sheet), np.clip(clearance / _CLEARANCE, 0, 1), 0.0)
    in_front = points[:, 2] > depth[row, column] - _SEEN
    return np.asarray(np.where(in_front, room[row, column] ** 2, 0.0))
