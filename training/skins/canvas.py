"""Soft masks on the face, in the frame of the heads, mirrored left and right, to paint make-up and hair with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from clip_head.core.models import EMBEDDED
from clip_head.core.texture.procedural import fractal_noise
from clip_head.core.texture.template import load_template
from clip_head.core.types import Floats
from clip_head.training.teacher.primitives import cubic_step

#: An sRGB colour, 0 to 1 per channel.
Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Canvas:
    """Where the N painted points lie.

    positions: (N, 3) on the template, units, in the frame of the heads.
    lips, ears: (N,) how far a point is part of them, 0 to 1.
    eyes: (N,) signed distance from the eyes' opening seen from the front, units, negative inside.
    seed: of the noise.
    """

    positions: Floats
    lips: Floats
    ears: Floats
    eyes: Floats
    seed: int

    @property
    def x(self) -> Floats:
        """(N,) distance from the plane of symmetry, units."""
        return np.abs(self.positions[:, 0])

    @property
    def y(self) -> Floats:
        """(N,) height, units."""
        return self.positions[:, 1]

    @property
    def z(self) -> Floats:
        """(N,) depth, forwards, units."""
        return self.positions[:, 2]

    @cached_property
    def scalp_height(self) -> Floats:
        """(N,) height over the plane that bounds the scalp, units."""
        return load_template(EMBEDDED / "texture").scalp_height(self.positions)

    @property
    def jaw_rise(self) -> Floats:
        """(N,) units by which the lower border of the face lies higher than at the chin: it rises towards the ears."""
        return 0.65 * np.maximum(0.1 - self.positions[:, 2], 0)

    def noise(self, cells_per_unit: float, layer: int) -> Floats:
        """Fractal noise in space.

        cells_per_unit: random values per unit of length.
        layer: number of the noise; another number gives other values.
        Returns: (N,) about -1 to 1.
        """
        return fractal_noise(self.positions * np.float32(cells_per_unit), self.seed + 101 * layer, 2)


def smoothstep(low: float, high: float, values: Floats) -> Floats:
    """The smoothstep of shading languages: a cubic from 0 to 1.

    low, high: values at which it is 0 and 1; low may exceed high, so that it falls.
    values: (N,) where it is evaluated.
    Returns: (N,) 0 to 1.
    """
    return cubic_step((values - low) / (high - low))


def ellipse(canvas: Canvas, x: float, y: float, rx: float, ry: float, soft: float = 0.25, rough: float = 0.0) -> Floats:
    """An ellipse on both sides of the front of the face.

    canvas: the points.
    x, y: its centre, units.
    rx, ry: its radii along x and y, units.
    soft: half the width of its soft rim, relative to the radius.
    rough: amplitude of noise in its rim, relative to the radius.
    Returns: (N,) opacity, 0 to 1.
    """
    distance = np.hypot((canvas.x - x) / rx, (canvas.y - y) / ry)
    if rough:
        distance = distance + rough * canvas.noise(28, 1)
    return smoothstep(1 + soft, 1 - soft, distance) * smoothstep(-0.03, 0.06, canvas.z)


def stroke(canvas: Canvas, start: tuple[float, float], end: tuple[float, float], wide: float, tip: float) -> Floats:
    """A brush stroke on both sides of the front of the face.

    canvas: the points.
    start, end: (x, y) of its ends, units.
    wide, tip: half its width at the start and at the end, units; linear between.
    Returns: (N,) opacity, 0 to 1.
    """
    origin, axis = np.array(start), np.array(end) - np.array(start)
    px, py = canvas.x - origin[0], canvas.y - origin[1]
    t = np.clip((px * axis[0] + py * axis[1]) / (axis @ axis), 0, 1)
    width = wide + (tip - wide) * t
    return smoothstep(1.25, 0.75, np.hypot(px - t * axis[0], py - t * axis[1]) / width) * smoothstep(
        -0.03, 0.06, canvas.z
    )


def blend(rgb: Floats, colour: Colour, opacity: Floats) -> Floats:
    """Alpha-blend one colour over others.

    rgb: (N, 3) the colours below.
    colour: the colour above, in the same space.
    opacity: (N,) 0 to 1.
    Returns: (N, 3).
    """
    return rgb + opacity[:, None] * (np.array(colour, dtype=np.float32) - rgb)


def face_mask(canvas: Canvas, rough: float = 0.0) -> Floats:
    """The face from the hairline to under the chin and up to the ears.

    canvas: the points.
    rough: amplitude of noise in its rim, 0 to 1.
    Returns: (N,) opacity, 0 to 1.
    """
    noise = rough * canvas.noise(14, 2)
    front = smoothstep(-0.16, -0.06, canvas.z + 0.05 * noise) * smoothstep(
        0.10, 0.055, canvas.scalp_height + 0.04 * noise
    )
    return front * smoothstep(-0.45, -0.41, canvas.y - canvas.jaw_rise + 0.02 * noise) * (1 - canvas.ears)
