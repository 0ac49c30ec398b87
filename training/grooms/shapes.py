"""Volumes of styles that the head model has none of: the skin offset by a thickness that differs by place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clip_head.core.types import Floats

from .fields import Distance

#: Height from which hair hangs, units: the middle of the forehead.
HANGING = 0.2
#: Centre, radii and height of a bump.
Bump = tuple[tuple[float, float, float], tuple[float, float, float], float]


@dataclass(frozen=True)
class Shape:
    """A volume of hair on the template, the same on both sides.

    thick: how far it reaches from the skin everywhere, units.
    bumps: where it reaches farther or, where negative, less far: centre, radii and height of each, units; its height
        falls off as a Gaussian whose standard deviations the radii are.
    top: height above which there is no hair, units: a flat top.
    curtain: hair that hangs: radii along x and z of an upright cylinder, z of its axis, the depth before which it is
        open, and the height of its end, units.
    joined: whether the volume that stands for the style on the raw surface belongs to it, too.
    """

    thick: float = 0.02
    bumps: tuple[Bump, ...] = ()
    top: float | None = None
    curtain: tuple[float, ...] = ()
    joined: bool = False


def shaped(shape: Shape, skin: Distance, volume: Distance) -> Distance:
    """The distance to a shape; near it, it is true only about.

    shape: of the style.
    skin: the distance to the template's skin.
    volume: the distance to the volume that stands for the style; its grid is used.
    """
    nodes = np.stack(np.meshgrid(*(np.arange(n) for n in volume.values.shape), indexing="ij"), axis=-1)
    points = (volume.origin + volume.spacing * nodes).astype(np.float32)
    values = skin.at(points) - thickness(shape, points)
    if shape.curtain:
        values = np.minimum(values, hanging(shape.curtain, points))
    if shape.joined:
        values = np.minimum(values, volume.values)
    if shape.top is not None:
        values = np.maximum(values, points[..., 1] - shape.top)
    return Distance(values.astype(np.float32), volume.origin, volume.spacing)


def hanging(curtain: tuple[float, ...], points: Floats) -> Floats:
    """The distance (...,) of points (..., 3) to a curtain of hair as of Shape, units, negative inside."""
    across, along, axis, front, low = curtain
    x, y, z = np.moveaxis(points, -1, 0)
    round_it = (np.hypot(x / across, (z - axis) / along) - 1) * min(across, along)
    return np.asarray(np.max([round_it, y - HANGING, low - y, z - front], axis=0), np.float32)


def thickness(shape: Shape, points: Floats) -> Floats:
    """How far a shape reaches from the skin at points (..., 3): (...,), units."""
    places = points.copy()
    places[..., 0] = np.abs(places[..., 0])
    thick = np.full(points.shape[:-1], shape.thick, np.float32)
    for centre, radii, height in shape.bumps:
        offset = (places - np.array(centre, np.float32)) / np.array(radii, np.float32)
        thick += height * np.exp(-0.5 * (offset**2).sum(axis=-1))
    return np.asarray(np.maximum(thick, 0), np.float32)
