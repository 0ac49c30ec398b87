"""Heights from the slopes that a normal map holds, on the vertices of a mesh, and values of a mesh drawn into images.

With numpy alone: Blender's own Python has no scipy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..core.types import Bools, Floats, Ints

#: Length, metres, beyond which heights fade: what is wider is the mesh's own shape, and no relief on it.
_BROADEST = 0.008
#: Cosine of the steepest angle between a map's normal and the mesh's; steeper ones are edges of the chart.
_STEEPEST = 0.3
#: The search for heights ends at this fraction of where it began, and after so many steps in any case.
_TOLERANCE, _STEPS = 1e-3, 300
#: Samples along a quad's side for each pixel that it spans; and how many samples are drawn at once.
_DENSITY, _CHUNK = 1.5, 1 << 21


@dataclass(frozen=True)
class Surface:
    """A mesh of V vertices and Q quads with its tangent frames.

    points (V, 3): metres.
    quads (Q, 4): vertices.
    uv (Q, 4, 2): at the corners.
    normals (V, 3): unit normals of the smooth surface.
    tangents (Q, 4, 4): directions in which u grows at the corners, and the sign of those in which v does.
    skin (Q,): which quads lie on the chart of the skin's pictures.
    """

    points: Floats
    quads: Ints
    uv: Floats
    normals: Floats
    tangents: Floats
    skin: Bools

    @property
    def frames(self) -> Floats:
        """(Q, 4, 3, 3): tangent, bitangent and normal at the corners."""
        normal = self.normals[self.quads]
        tangent = self.tangents[..., :3]
        return np.stack([tangent, np.cross(normal, tangent) * self.tangents[..., 3:], normal], axis=-2)


def relief_heights(surface: Surface, normal_map: Floats) -> Floats:
    """Heights (V,), metres along the normals, of the relief whose slopes a normal map shows: those that fit best on the
    edges of the mesh. The mean along any stretch of 8 mm and more stays near 0.

    surface: finer than the relief.
    normal_map (H, W, 3): in the tangent space of the surface, OpenGL's convention, -1 to 1, row 0 on top.
    """
    quads = surface.quads
    gradients = _gradients(surface, normal_map)
    edges = np.unique(np.sort(np.stack([quads, np.roll(quads, -1, 1)], -1).reshape(-1, 2), axis=1), axis=0)
    first, second = edges.T
    along = surface.points[second] - surface.points[first]
    rises = np.einsum("ec,ec->e", (gradients[first] + gradients[second]) / 2, along).astype(np.float64)
    squared = np.einsum("ec,ec->e", along, along)

    count = len(surface.points)
    degree = np.bincount(edges.ravel(), minlength=count)
    area = np.bincount(edges.ravel(), squared.repeat(2), count) / np.maximum(degree, 1)
    held = area / _BROADEST**2

    def applied(heights: np.ndarray) -> np.ndarray:
        """The equations' left side: what the edges at each vertex ask of it, and what holds it near 0."""
        return held * heights + _divergence(heights[second] - heights[first], first, second, count)

    wanted = _divergence(rises, first, second, count)
    return _conjugate_gradients(applied, wanted, held + degree).astype(np.float32)


def draw(uv: Floats, values: Floats, size: tuple[int, int]) -> tuple[Floats, Bools]:
    """Values at the corners of quads as an image in their UV: each pixel has the mean of what falls into it.

    uv (Q, 4, 2): 0 to 1, v upwards.
    values (Q, 4, C): at the corners.
    size: height and width, pixels.
    Returns the image (H, W, C), row 0 on top, and which pixels lie on the chart (H, W); 0 outside.
    """
    height, width = size
    channels = values.shape[2]
    places = uv * np.array([width, -height]) + np.array([0, height])
    span = np.ptp(places, axis=1).max(axis=1)
    sums = np.zeros((channels + 1, height * width))
    sides = 2 ** np.ceil(np.log2(np.maximum(span * _DENSITY, 2.0))).astype(int)
    for side in np.unique(sides):
        chosen = np.flatnonzero(sides == side)
        step = max(1, _CHUNK // int(side) ** 2)
        for start in range(0, len(chosen), step):
            part = chosen[start : start + step]
            weights = _bilinear(int(side))
            spots = np.floor(weights @ places[part]).astype(np.int64).reshape(-1, 2)
            spots = spots.clip(0, (width - 1, height - 1))
            pixel = spots[:, 1] * width + spots[:, 0]
            sums[channels] += np.bincount(pixel, minlength=height * width)
            drawn = (weights @ values[part]).reshape(-1, channels)
            for channel in range(channels):
                sums[channel] += np.bincount(pixel, drawn[:, channel], height * width)
    sums = sums.reshape(channels + 1, height, width)
    mask = sums[channels] > 0
    image = np.moveaxis(sums[:channels], 0, -1)
    image[mask] /= sums[channels][mask][:, None]
    return image.astype(np.float32), mask


def spread(image: Floats, mask: Bools) -> Floats:
    """An image with a margin of a 64th of its side round the chart, whose pixels have the mean of their neighbours: so
    that filtering finds no edge there.

    image (H, W, C), mask (H, W): as `draw` gave them; beyond the margin nothing changes.
    """
    known = np.pad(mask, 1).astype(np.float32)
    padded = np.pad(image, ((1, 1), (1, 1), (0, 0)))
    around = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx]
    for _ in range(max(2, max(mask.shape) // 64)):
        # Only the ring of unknown pixels beside known ones is looked at.
        near = np.sum([np.roll(known, shift, (0, 1)) for shift in around], axis=0)
        rows, columns = np.nonzero((near[1:-1, 1:-1] > 0) & (known[1:-1, 1:-1] == 0))
        rows, columns = rows + 1, columns + 1
        total = sum(padded[rows + dy, columns + dx] * known[rows + dy, columns + dx][:, None] for dy, dx in around)
        weight = sum(known[rows + dy, columns + dx] for dy, dx in around)
        padded[rows, columns] = total / weight[:, None]
        known[rows, columns] = 1.0
    return np.asarray(padded[1:-1, 1:-1])


def sample(image: Floats, uv: Floats) -> Floats:
    """An image (H, W, C), row 0 on top, at points (..., 2) of its UV, v upwards: interpolated between the four nearest
    pixels."""
    height, width = image.shape[:2]
    x, y = uv[..., 0] * width - 0.5, (1.0 - uv[..., 1]) * height - 0.5
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    right, down = (x - column)[..., None], (y - row)[..., None]
    columns, rows = ((k.clip(0, n - 1), (k + 1).clip(0, n - 1)) for k, n in ((column, width), (row, height)))
    upper = image[rows[0], columns[0]] * (1 - right) + image[rows[0], columns[1]] * right
    lower = image[rows[1], columns[0]] * (1 - right) + image[rows[1], columns[1]] * right
    return np.asarray(upper * (1 - down) + lower * down)


def unit(vectors: Floats) -> Floats:
    """Vectors (..., 3) of length one; those of length zero stay."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))


def _gradients(surface: Surface, normal_map: Floats) -> Floats:
    """How the relief rises at each vertex, as a vector (V, 3) in the surface, without unit: the mean of its corners on
    the skin, 0 elsewhere."""
    quads = surface.quads[surface.skin]
    frames = surface.frames[surface.skin]
    shown = unit(sample(normal_map, surface.uv[surface.skin]))
    slopes = -shown[..., :2] / np.maximum(shown[..., 2:], _STEEPEST)
    rise = (slopes[..., None] * frames[..., :2, :]).sum(axis=-2).reshape(-1, 3)
    count = len(surface.points)
    corners = np.maximum(np.bincount(quads.ravel(), minlength=count), 1)
    return np.stack([np.bincount(quads.ravel(), rise[:, axis], count) / corners for axis in range(3)], axis=1)


def _divergence(rises: np.ndarray, first: Ints, second: Ints, count: int) -> np.ndarray:
    """What rises (E,) along edges from `first` to `second` add up to at each of `count` vertices."""
    return np.asarray(np.bincount(second, rises, count) - np.bincount(first, rises, count))


def _conjugate_gradients(
    applied: Callable[[np.ndarray], np.ndarray], wanted: np.ndarray, diagonal: np.ndarray
) -> np.ndarray:
    """The solution (V,) of symmetric equations, from 0.

    applied: gives the left side for a guess (V,).
    wanted (V,): the right side.
    diagonal (V,): of the equations' matrix.
    """
    solution = np.zeros_like(wanted)
    rest = wanted.copy()
    scaled = rest / diagonal
    direction, energy = scaled.copy(), float(rest @ scaled)
    enough = energy * _TOLERANCE**2
    for _ in range(_STEPS):
        if energy <= enough:
            break
        image = applied(direction)
        step = energy / float(direction @ image)
        solution += step * direction
        rest -= step * image
        scaled = rest / diagonal
        before, energy = energy, float(rest @ scaled)
        direction = scaled + energy / before * direction
    return solution


def _bilinear(side: int) -> Floats:
    """Weights (side * side, 4) of a quad's corners at points spread evenly over it."""
    along = (np.arange(side) + 0.5) / side
    s, t = (axis.ravel() for axis in np.meshgrid(along, along))
    return np.stack([(1 - s) * (1 - t), s * (1 - t), s * t, (1 - s) * t], axis=1)
