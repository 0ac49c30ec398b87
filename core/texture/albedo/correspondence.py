"""The place in the canonical UV of every texel of a head's own UV, by which pictures are carried either way."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import map_coordinates, spline_filter
from skimage.transform import resize

from ...parts import by_parts
from ...types import Bools, Edit, Floats, UnwrappedMesh
from ...uv.maps import at_texels, rasterise_uv
from ...uv.raster import dilate
from ..template import TemplateFacts
from .canonical import Canonical


@dataclass(frozen=True)
class UVCorrespondence:
    """The canonical place of every texel of a head's chart.

    mask (H, W): the head's chart, of N texels in reading order.
    uv (N, 2): their places in the canonical UV.
    points (N, 3): their template points, units.
    same: whether the head's UV is the canonical one, as that of all assets is: they share mask and points.
    """

    mask: Bools
    uv: Floats
    points: Floats
    same: bool = False

    def to_head(self, image: Floats, order: int = 3, texels: Bools | None = None) -> Floats:
        """A canonical image, read at the head's texels.

        image (S, S, C): in the canonical UV.
        order: of the splines that interpolate it.
        texels (N,): those that are wanted; None: all.
        Returns (N, C), or as many rows as are wanted.
        """
        size = len(image)
        if self.same and image.shape[:2] == self.mask.shape:
            values = np.asarray(image[self.mask], np.float32)
            return values if texels is None else values[texels]
        splines = [spline_filter(c, order, np.float32, "nearest") if order > 1 else c for c in np.moveaxis(image, 2, 0)]

        def read(uv: Floats) -> Floats:
            pixels = np.stack([(1 - uv[:, 1]) * size - 0.5, uv[:, 0] * size - 0.5])
            channels = [map_coordinates(c, pixels, np.float32, order, "nearest", prefilter=False) for c in splines]
            return np.stack(channels, axis=1)

        return by_parts(read, self.uv if texels is None else self.uv[texels])

    def to_canonical(self, values: Floats, size: int) -> Floats:
        """Values of the head's texels as a canonical image.

        values (N, C): at the head's texels.
        size: S, side of the image.
        Returns (S, S, C): the mean where several texels come to one, elsewhere the nearest.
        """
        column = np.clip(self.uv[:, 0] * size, 0, size - 1).astype(np.int64)
        row = np.clip((1 - self.uv[:, 1]) * size, 0, size - 1).astype(np.int64)
        flat = row * size + column
        count = np.bincount(flat, minlength=size * size)
        sums = [np.bincount(flat, values[:, c], minlength=size * size) for c in range(values.shape[1])]
        image = (np.stack(sums, axis=1) / np.maximum(count, 1)[:, None]).astype(np.float32)
        return dilate(image.reshape(size, size, -1), (count > 0).reshape(size, size), float("inf"))

    def edit_to_canonical(self, edit: Edit, hair: Floats | None, template: TemplateFacts, size: int) -> Edit:
        """An edit of the head's own albedo as one of the canonical picture.

        The canonical scalp takes colours from the head's hair, everything else from its skin. On a bald head the scalp
        takes those of the nearest skin.

        edit: of the head's own albedo.
        hair (N,): weight of hair at each texel of the chart, 0 to 1; None for a bald head.
        template: where the canonical scalp is.
        size: side of the canonical picture, pixels.
        """
        hair_weight = np.zeros(len(self.uv), np.float32) if hair is None else hair
        # Texels that show hair where the canonical head does, and skin likewise.
        alike = np.abs(hair_weight - template.scalp_weight(self.points)) < 0.5
        alike |= ~alike.any()
        texels = _at_size(edit.albedo.astype(np.float32), self.mask)[self.mask]
        part = UVCorrespondence(self.mask, self.uv[alike], self.points[alike])
        albedo = np.round(part.to_canonical(texels[alike], size)).clip(0, 255).astype(np.uint8)
        if edit.mask is None:
            return replace(edit, albedo=albedo)
        weights = _at_size(edit.mask.astype(np.float32)[..., None], self.mask)[self.mask]
        return replace(edit, albedo=albedo, mask=self.to_canonical(weights, size)[..., 0])


def find_correspondence(canonical: Canonical, mesh: UnwrappedMesh, size: int) -> UVCorrespondence:
    """Find the place in the canonical UV of every texel of a head's own UV.

    canonical: the canonical head.
    mesh: the head, with template points.
    size: side, in texels, of its own UV.
    Raises ValueError for a mesh without template points.
    """
    if mesh.template_points is None:
        raise ValueError("the mesh has no template points")
    same = canonical.holds(mesh)
    uv = mesh.uv if same else canonical.uv_of(mesh)
    mask = rasterise_uv(mesh, size, size)[0] >= 0
    uv, points = (at_texels(values, mesh, mask.shape) for values in (uv, mesh.template_points))
    return UVCorrespondence(mask, uv, points, same)


def _at_size(image: Floats, mask: Bools) -> Floats:
    """An image (h, w, C) at the size of the mask (H, W)."""
    return image if image.shape[:2] == mask.shape else resize(image, (*mask.shape, image.shape[2]), order=1)
