"""Lips, eyes, mouth, nostrils, ears, brows and nose on a head: soft weights, looked up at its template points.

The table is part of the embedded NPHM's weights: masks on the template's sheet, as the teacher drew them. Heads
without template points (other models, an artist's own mesh) have none: all of them is taken for skin.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from ..nphm.model import HeadNetwork
from ..remembered import remembered
from ..types import Bools, Floats, Ints, UnwrappedMesh
from ..uv.maps import normals_of

#: For each region: the masks of the sheet it is made of, and over how many rings of vertices it fades (one ring is
#: 2 to 3 mm). The lids close tightly on the eyes, so these fade least.
_TABLE: dict[str, tuple[tuple[str, ...], int]] = {
    "lips": (("upper_lip", "lower_lip"), 2),
    "eyes": (("left_eye", "right_eye"), 0),
    "mouth": (("mouth",), 1),
    "nostrils": (("nostrils",), 2),
    "ears": (("ears",), 4),
    "brows": (("brows",), 1),
    "nose": (("nose",), 6),
}


@dataclass(frozen=True)
class Regions:
    """How far points belong to each region, (N,) each, 0 to 1. They may overlap: lips and mouth, nose and nostrils."""

    lips: Floats
    eyes: Floats
    mouth: Floats
    nostrils: Floats
    ears: Floats
    brows: Floats
    nose: Floats

    @staticmethod
    def none(count: int) -> Regions:
        """The regions of `count` points of which nothing is known: skin."""
        return Regions(**{field.name: np.zeros(count, np.float32) for field in fields(Regions)})

    def stacked(self) -> Floats:
        """(N, 7), in the order of the fields."""
        return np.stack([getattr(self, field.name) for field in fields(self)], axis=1)

    @staticmethod
    def unstacked(weights: Floats) -> Regions:
        """Regions from (N, 7)."""
        return Regions(*(np.ascontiguousarray(weights[:, k]) for k in range(len(fields(Regions)))))


def region_weights(network: HeadNetwork, points: Floats | None, mesh: UnwrappedMesh) -> Regions:
    """The regions of a mesh's vertices.

    network: the head model that gave the points.
    points (V, 3): the vertices' template points, units; None where there are none.
    mesh: of V vertices.
    Returns weights that are all zero for a network without a template, and without points.
    """
    if points is None or network.sheet is None or network.region_masks is None:
        return Regions.none(len(mesh.vertices))
    # Lids and eyeballs lie close together: their directions tell them apart.
    return _looked_up(network, points, normals_of(mesh))


@remembered(2)
def _looked_up(network: HeadNetwork, points: Floats, normals: Floats) -> Regions:
    """The regions at template points (N, 3) with unit normals (N, 3)."""
    sheet, masks = network.sheet, network.region_masks
    assert sheet is not None and masks is not None
    nothing = np.zeros(len(sheet.vertices), dtype=bool)
    weights = [
        _faded(np.any([masks.get(name, nothing) for name in names], axis=0), sheet.faces, rings)
        for names, rings in _TABLE.values()
    ]
    return Regions.unstacked(sheet.interpolate(np.stack(weights, axis=1), points, normals).clip(0, 1))


def _faded(mask: Bools, faces: Ints, rings: int) -> Floats:
    """A mask (V,) of the vertices of faces (F, 3), averaged over the neighbours `rings` times: (V,), 0 to 1."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    degree = np.maximum(np.bincount(edges.ravel(), minlength=len(mask)), 1)
    values = mask.astype(np.float64)
    for _ in range(rings):
        sums = np.bincount(edges[:, 0], values[edges[:, 1]], len(mask))
        sums += np.bincount(edges[:, 1], values[edges[:, 0]], len(mask))
        values = 0.5 * (values + sums / degree)
    return values.astype(np.float32)
