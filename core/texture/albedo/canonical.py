"""The canonical head: one bald mean head in the aligned UV, on which the embedded painter paints all people.

Every point of a head that the embedded NPHM decodes knows its point of the template. So the control image is the
head's normals drawn where the template's points lie on the canonical head, and what is painted there is carried back
to the head's own UV point by point: eyes, lips and brows of the texture lie on those of the mesh whatever the
shape, the hair and the expression. In the canonical texture the scalp always shows hair; where a head is bald, the
skin of its brow goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates, spline_filter
from scipy.spatial import cKDTree
from skimage.transform import resize

from ...errors import ModelError
from ...parts import by_parts
from ...types import Bools, Bytes, Edit, Floats, UnwrappedMesh, UVMaps
from ...uv import draw_uv_maps
from ...uv.raster import dilate, interpolate, rasterise
from .seam import smooth_step
from .skin_detail import SMALLEST, SkinDetail, shaded, with_detail
from .strands import with_strands

FILE = "canonical.npz"
#: Side of the image of places in which a template point is looked up.
_LOOKUP = 512
#: What lies before this plane z = 0 may be looked up from both sides of the image, behind it only from its own.
_FRONT = 0.0
#: Where the canonical scalp's hair begins and is sure, and where its skin ends, as _edge counts; the widths over which
#: the sure colours of skin and of hair are spread, as shares of the image, and the side of the image it is done on.
_SCALP_LOW, _SCALP_HIGH, _SKIN_END = 0.055, 0.085, 0.035
_SPREAD, _SMALL = (0.02, 0.05, 0.12, 0.3), 128
#: Distance of both sides of the hair from their mean, in bytes, up to which it is the painter's wavering.
_WAVERING = 24.0


@dataclass(frozen=True)
class Canonical:
    """The canonical head as a mesh (its vertices are template points) whose UV everything painted is laid out in."""

    mesh: UnwrappedMesh

    @property
    def points(self) -> Floats:
        """The template points (V, 3) of its vertices."""
        return self.mesh.vertices

    def control(self, vertices: Floats, size: int) -> UVMaps:
        """The control image: the head whose places for the canonical vertices are `vertices` (V, 3), drawn where the
        canonical head lies in its UV, at `size` pixels."""
        return draw_uv_maps(replace(self.mesh, vertices=vertices), size)

    @cached_property
    def places(self) -> UVMaps:
        """Template points by texel of the canonical UV."""
        return draw_uv_maps(self.mesh, _LOOKUP)

    def uv_of(self, mesh: UnwrappedMesh) -> Floats:
        """Where on the canonical head the vertices of a head in its own UV lie: (V, 2).

        Vertices of either side of the seam are looked for on that side, so that no triangle runs across the image.
        Raises ValueError for a mesh without template points.
        """
        if mesh.template_points is None:
            raise ValueError("the mesh has no template points")
        left = mesh.uv[:, 0] < 0.5
        found = np.empty((len(mesh.uv), 2), np.float32)
        for side, here in ((0, left), (1, ~left)):
            found[here] = self._looked_up(mesh.template_points[here], side)
        return found

    def _looked_up(self, points: Floats, side: int) -> Floats:
        tree, place, uv, inverse = self._sides[side]
        _, nearest = tree.query(points, workers=-1)
        moved = np.einsum("nij,nj->ni", inverse[nearest], points - place[nearest])
        # Hair stands off the canonical skin: there the nearest texel itself will do.
        return np.asarray(uv[nearest] + np.clip(moved, -1 / _LOOKUP, 1 / _LOOKUP), np.float32)

    @cached_property
    def _sides(self) -> tuple[tuple[cKDTree, Floats, Floats, Floats], ...]:
        """For the left and the right of the image: a tree of template points, these, their uv, and what turns a small
        step of a template point into one of uv (N, 2, 3)."""
        maps = self.places
        row, column = np.nonzero(maps.mask)
        size = len(maps.mask)
        uv = np.stack([(column + 0.5) / size, 1 - (row + 0.5) / size], axis=1).astype(np.float32)
        place = maps.position[maps.mask]
        down, right = (np.gradient(maps.position, axis=axis)[maps.mask] * size for axis in (0, 1))
        step = np.stack([right, -down], axis=2).astype(np.float64)
        squared = np.einsum("nki,nkj->nij", step, step)
        # Where the layout is squeezed to a line, no step is trusted.
        squared += 1e-2 * np.trace(squared, axis1=1, axis2=2)[:, None, None] * np.eye(2) + 1e-12 * np.eye(2)
        inverse = (np.linalg.inv(squared) @ step.transpose(0, 2, 1)).astype(np.float32)
        sides = []
        for own in (uv[:, 0] < 0.5, uv[:, 0] >= 0.5):
            near = own | (place[:, 2] > _FRONT)
            sides.append((cKDTree(place[near]), place[near], uv[near], inverse[near]))
        return tuple(sides)


def load_canonical(folder: Path) -> Canonical | None:
    """The canonical head that a texture model paints on, or None where it paints in every head's own UV.

    Raises ModelError when the file is damaged.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as a:
            points, faces, uv, source = (a[name] for name in ("points", "faces", "uv", "source"))
        if faces.max() >= len(points) or len(uv) != len(points) or len(source) != len(points):
            raise ValueError("its arrays do not fit together")
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"The canonical head {path} cannot be read ({error}).",
            "Restore the folder from the release it came from.",
        ) from error
    points = points.astype(np.float32)
    return Canonical(
        UnwrappedMesh(
            points,
            faces.astype(np.int32),
            np.zeros_like(points),
            uv.astype(np.float32),
            source.astype(np.int32),
            points,
        )
    )


def save_canonical(canonical: Canonical, folder: Path) -> None:
    """Write the canonical head beside a texture model's files."""
    mesh = canonical.mesh
    np.savez_compressed(
        folder / FILE,
        points=mesh.vertices.astype(np.float32),
        faces=mesh.faces.astype(np.int32),
        uv=mesh.uv.astype(np.float32),
        source=mesh.source.astype(np.int32),
    )


def scalp(points: Floats) -> Floats:
    """(N,) how far template points (N, 3) lie on the scalp, 0 to 1: there the canonical texture shows hair."""
    return smooth_step((_edge(points) - _SCALP_LOW) / (_SCALP_HIGH - _SCALP_LOW))


@dataclass(frozen=True)
class Layers:
    """What a canonical picture shows apart: skin (H, W, 3) all over the head, and hair's colour (H, W, 3) all over."""

    skin: Floats
    hair: Floats


def take_apart(canonical: Canonical, picture: Bytes) -> Layers:
    """The layers of a canonical picture (H, W, 3): skin goes on over the scalp, hair's broad colour over all."""
    size = len(picture)
    maps = canonical.places if size == _LOOKUP else draw_uv_maps(canonical.mesh, size)
    edge = _edge(maps.position)
    values = picture.astype(np.float32)
    # What the painter blurs over the scalp's line is neither skin nor hair: both begin a little beyond it.
    covered = maps.mask * smooth_step((edge - _SKIN_END) / 0.02)
    brow = maps.mask * smooth_step((edge + 0.10) / 0.05) * (1 - smooth_step((edge - _SKIN_END + 0.02) / 0.02))
    skin = values + covered[..., None] * (_spread(values, brow) - values)
    hair = _spread(values, (maps.mask & (edge > _SCALP_HIGH + 0.01)).astype(np.float32))
    return Layers(dilate(skin, maps.mask, float("inf")), alike_on_both_sides(hair))


def alike_on_both_sides(hair: Floats) -> Floats:
    """Hair's colours (H, W, 3) with both sides of the head alike where they are nearly so: the painter's colours waver,
    and grey hair that is lighter on one side looks dyed. Sides that differ much are meant to."""
    away = (hair[:, ::-1] - hair) / 2
    share = smooth_step(2 - np.linalg.norm(away, axis=2, keepdims=True) / _WAVERING)
    return np.asarray(hair + share * away, np.float32)


def _edge(points: Floats) -> Floats:
    """How far template points (..., 3) lie above the plane that ends the scalp, not quite in units."""
    return np.asarray(0.75 * points[..., 1] - 0.66 * points[..., 2], np.float32)


def _spread(values: Floats, weight: Floats) -> Floats:
    """Weighted means of values (H, W, 3), as near as there is weight."""
    small = [
        resize(image, (_SMALL, _SMALL, image.shape[2]), order=1, anti_aliasing=True)
        for image in (values * weight[..., None], weight[..., None].astype(np.float32))
    ]
    total = np.zeros((_SMALL, _SMALL, 3), np.float32)
    left = np.ones((_SMALL, _SMALL, 1), np.float32)
    for width in _SPREAD:
        sums, shares = (gaussian_filter(image, (width * _SMALL, width * _SMALL, 0)) for image in small)
        trust = np.clip(shares / 0.3, 0, 1) if width != _SPREAD[-1] else np.ones_like(shares)
        total += left * trust * sums / np.maximum(shares, 1e-6)
        left = left * (1 - trust)
    return np.asarray(resize(total, values.shape, order=1), np.float32)


@dataclass(frozen=True)
class Registration:
    """Which texel of the canonical UV every texel of a head's own UV corresponds to.

    mask (H, W): the head's chart; uv (N, 2): canonical places of its N texels; points (N, 3): their template points.
    """

    mask: Bools
    uv: Floats
    points: Floats

    def to_head(self, image: Floats, order: int = 3) -> Floats:
        """Values (N, C) at the head's texels of a canonical image (S, S, C), by splines of this order."""
        size = len(image)
        splines = [spline_filter(c, order, np.float32, "nearest") if order > 1 else c for c in np.moveaxis(image, 2, 0)]

        def read(uv: Floats) -> Floats:
            at = np.stack([(1 - uv[:, 1]) * size - 0.5, uv[:, 0] * size - 0.5])
            told = [map_coordinates(c, at, np.float32, order, "nearest", prefilter=False) for c in splines]
            return np.stack(told, axis=1)

        return by_parts(read, self.uv)

    def to_canonical(self, values: Floats, size: int) -> Floats:
        """A canonical image (size, size, C) of values (N, C) at the head's texels: where several lie in one of its
        texels their mean, elsewhere the nearest."""
        column = np.clip(self.uv[:, 0] * size, 0, size - 1).astype(np.int64)
        row = np.clip((1 - self.uv[:, 1]) * size, 0, size - 1).astype(np.int64)
        flat = row * size + column
        count = np.bincount(flat, minlength=size * size)
        sums = [np.bincount(flat, values[:, c], minlength=size * size) for c in range(values.shape[1])]
        image = (np.stack(sums, axis=1) / np.maximum(count, 1)[:, None]).astype(np.float32)
        return dilate(image.reshape(size, size, -1), (count > 0).reshape(size, size), float("inf"))

    def edit_to_canonical(self, edit: Edit, hair: Floats | None, size: int) -> Edit:
        """An edit of the head's own albedo as one of the canonical picture at `size` pixels.

        hair (N,): how far each texel of the chart is hair. Hair's colours go to the canonical scalp, those of skin
        everywhere else; a bald scalp's hair keeps the skin's colour.
        """
        covered = np.zeros(len(self.uv), np.float32) if hair is None else hair
        on_scalp = scalp(self.points)
        own = np.abs(covered - on_scalp) < 0.5
        own |= ~own.any()
        texels = _at_size(edit.albedo.astype(np.float32), self.mask)[self.mask]
        part = Registration(self.mask, self.uv[own], self.points[own])
        albedo = np.round(part.to_canonical(texels[own], size)).clip(0, 255).astype(np.uint8)
        if edit.mask is None:
            return replace(edit, albedo=albedo)
        shares = _at_size(edit.mask.astype(np.float32)[..., None], self.mask)[self.mask]
        return replace(edit, albedo=albedo, mask=self.to_canonical(shares, size)[..., 0])


def _at_size(image: Floats, mask: Bools) -> Floats:
    """An image (h, w, C) at the size of the mask (H, W)."""
    return image if image.shape[:2] == mask.shape else resize(image, (*mask.shape, image.shape[2]), order=1)


def register(canonical: Canonical, mesh: UnwrappedMesh, size: int) -> Registration:
    """Lay a head, in its own UV at `size` pixels, on the canonical one. Its mesh must have template points."""
    if mesh.template_points is None:
        raise ValueError("the mesh has no template points")
    pixels = np.stack([mesh.uv[:, 0] * size, (1 - mesh.uv[:, 1]) * size], axis=1)
    face, barycentric = rasterise(pixels, None, mesh.faces, size, size)
    mask = face >= 0
    values = np.concatenate([canonical.uv_of(mesh), mesh.template_points], axis=1)
    found = interpolate(values, mesh.faces, face, barycentric)[mask]
    return Registration(mask, found[:, :2], found[:, 2:])


def dress(
    canonical: Canonical,
    picture: Bytes,
    laid: Registration,
    hair: Floats | None,
    detail: SkinDetail | None = None,
    wrinkles: Floats | None = None,
    marks: Floats | None = None,
    frizz: float = 0.0,
) -> Bytes:
    """What was painted on the canonical head, (S, S, 3), on a head's own UV: (H, W, 3), carried past the chart's edge.

    hair (N,): how far each texel of the chart is hair, 0 to 1, None for a bald head. Hair is strands of the canonical
    scalp's colours, in the template's space, whatever its volume; all else shows the canonical skin. detail: what is
    finer than the picture on skin and brows; None, and small textures, have none. wrinkles (N,): heights of the texels,
    millimetres; grooves are darker. marks (N, 3): what spots leave of the skin's colours. frizz: how far hair is curls
    instead of strands.
    """
    layers = take_apart(canonical, picture)
    values = laid.to_head(layers.skin)
    size = len(laid.mask)
    if detail is not None and size >= SMALLEST:
        values = with_detail(values, laid.to_head(detail.over(picture, size)[..., None], order=1)[:, 0])
    if wrinkles is not None:
        values = shaded(values, wrinkles)
    if marks is not None:
        values = values * marks
    if hair is not None and hair.any():
        grown = hair > 0
        there = replace(laid, uv=laid.uv[grown], points=laid.points[grown])
        strands = by_parts(partial(with_strands, frizz=frizz), there.to_head(layers.hair, order=1), there.points)
        values[grown] += hair[grown, None] * (strands - values[grown])
    dressed = np.zeros((*laid.mask.shape, 3), np.float32)
    dressed[laid.mask] = values
    return np.round(dilate(dressed, laid.mask, float("inf"))).clip(0, 255).astype(np.uint8)
