"""What holds the face in place: springs that draw it to its place in the layout.

A fixed rim alone leaves the face where the shape of the rest puts it: hair or a longer neck shifts it by a tenth of
the image. So each vertex of the face, as far as it is seen freely from the front, is tied by a weak spring to the
place that the layout gives to its point of the template (where a model knows none: to its own point, since all heads
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
#: The face: middle and half widths of a box with soft edges, units.
_CENTRE, _REACH = np.array([0.0, -0.07, 0.08]), np.array([0.26, 0.36, 0.25])
#: The front view in which hidden places are found: pixels per unit (0.8 mm each), and its left and top edge, units.
_SCALE, _LEFT, _TOP = 320.0, -0.7, 0.7
#: A step in depth that hides something, and how far from it the springs are at full strength again, units (15, 20 mm).
_STEP, _CLEARANCE = 0.06, 0.08
#: Steps of depth part the front view into sheets where they come nearer to each other than this, units (5 mm).
_NARROW = 0.02
#: How far behind the front view's depth a vertex is still seen, units (5 mm).
_SEEN = 0.02
#: A depth, units, that is behind everything.
_NOWHERE = -9.0
#: Springs weaker than this, 0 to 1, are none: a part that hangs on by little follows even the weakest.
_WEAKEST = 0.1


@dataclass(frozen=True)
class FacePlace:
    """Where the face lies in the image: u - 0.5 (odd in x) and v (even in x) as polynomials of a template point."""

    odd: Array
    even: Array

    def at(self, points: Array) -> Array:
        """uv (V, 2) of template points (V, 3)."""
        odd, even = polynomial_terms(points)
        return np.stack([0.5 + odd @ self.odd, even @ self.even], 1)


def polynomial_terms(points: Array) -> tuple[Array, Array]:
    """The terms up to the third degree that are odd (V, 7) and even (V, 13) in x."""
    x, y, z = points.T
    odd = np.stack([x, x * y, x * z, x**3, x * y * y, x * y * z, x * z * z], 1)
    one = np.ones_like(x)
    even = [one, y, z, x * x, y * y, z * z, y * z, x * x * y, x * x * z, y**3, y * y * z, y * z * z, z**3]
    return odd, np.stack(even, 1)


def face_weight(points: Array) -> Array:
    """(V,): 1 in the middle of the face, falling to 0 at the ears, the throat and the hair."""
    return np.exp(-0.5 * (((points - _CENTRE) / _REACH) ** 2).sum(axis=1) ** 2)


def spring_weight(surface: Surface, template_points: Array) -> Array:
    """(V,) in [0, 1]: how firmly each vertex is held. Nothing is held that is hidden from the front, nor near where
    something hangs before the face: there the surface in between needs room."""
    weight = face_weight(template_points)
    weight = weight * _visibility(surface.points, surface.faces, weight)
    return np.clip((weight - _WEAKEST) / (1 - _WEAKEST), 0.0, 1.0)


def _visibility(points: Array, faces: Index, face: Array) -> Array:
    """(V,) 0 to 1: how freely each vertex (V, 3) is seen from the front, on the sheet with most of the face (V,)."""
    width = int(-2 * _LEFT * _SCALE)
    pixels = np.stack([(points[:, 0] - _LEFT) * _SCALE, (_TOP - points[:, 1]) * _SCALE], 1)
    face_index, barycentric = rasterise(pixels, -points[:, 2], faces, width, width)
    depth = np.where(face_index >= 0, interpolate(points[:, 2], faces, face_index, barycentric), _NOWHERE)
    steps = ndimage.grey_dilation(depth, size=3) - ndimage.grey_erosion(depth, size=3) > _STEP
    clearance = ndimage.distance_transform_edt(~steps) / _SCALE
    sheets, _ = ndimage.label(clearance > _NARROW)
    column, row = np.clip(pixels.astype(np.int64), 0, width - 1).T
    weight = np.bincount(sheets[row, column], face, sheets.max() + 1)
    weight[0] = 0
    room = (
        np.where(sheets == np.argmax(weight), np.clip(clearance / _CLEARANCE, 0, 1), 0.0) if weight.any() else 0 * depth
    )
    in_front = points[:, 2] > depth[row, column] - _SEEN
    return np.asarray(np.where(in_front, room[row, column] ** 2, 0.0))
