"""The place in the canonical UV of every texel of a head's own UV, by which pictures are carried either way."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import map_coordinates, spline_filter
from skimage.transform import resize

from ...parts import by_parts
from ...types import Bools, Edit, Floats, UnwrappedMesh
from ...uv.raster import dilate, interpolate, rasterise
from ..template import TemplateFacts
from .canonical import Canonical


@dataclass(frozen=True)
class UVCorrespondence:
    """The canonical place of every texel of a head's chart.

    mask (H, W): the head's chart, of N texels in reading order.
    uv (N, 2): their places in the canonical UV.
    points (N, 3): their template points, units.
    """

    mask: Bools
    uv: Floats
    points: Floats

    def to_head(self, image: Floats, order: int = 3) -> Floats:
        """A canonical image, read at the head's texels.

        image (S, S, C): in the canonical UV.
        order: of the splines that interpolate it.
        Returns (N, C).
        """
        size = len(image)
        splines = [spline_filter(c, order, np.float32, "nearest") if order > 1 else c for c in np.moveaxis(image, 2, 0)]

        def read(uv: Floats) -> Floats:
            pixels = np.stack([(1 - uv[:, 1]) * size - 0.5, uv[:, 0] * size - 0.5])
            channels = [map_coordinates(c, pixels, np.float32, order, "nearest", prefilter=False) for c in splines]
            return np.stack(channels, axis=1)

        return by_parts(read, self.uv)

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
    pixels = np.stack([mesh.uv[:, 0] * size, (1 - mesh.uv[:, 1]) * size], axis=1)
    face, barycentric = rasterise(pixels, None, mesh.faces, size, size)
    mask = face >= 0
    values = np.concatenate([canonical.uv_of(mesh), mesh.template_points], axis=1)
    texels = interpolate(values, mesh.faces, face, barycentric)[mask]
    return UVCorrespondence(mask, texels[:, :2], texels[:, 2:])


def _at_size(image: Floats, mask: Bools) -> Floats:
    """An image (h, w, C) at the size of the mask (H, W)."""
    return image if image.shape[:2] == mask.shape else resize(image, (*mask.shape, image.shape[2]), order=1)
