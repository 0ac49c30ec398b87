"""The canonical head: one bald mean head in the aligned UV, on which the embedded painter paints all people.

Every point of a head that the embedded NPHM decodes knows its point of the template. So the control image is the
head's normals drawn where the template's points lie on the canonical head, and what is painted there is carried back
to the head's own UV point by point (correspondence.py): eyes, lips and brows of the texture lie on those of the mesh
whatever the shape, the hair and the expression. In the canonical texture the scalp always shows hair; where a head is
bald, the skin of its brow goes on (composite.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from ...errors import ModelError
from ...remembered import remembered
from ...types import Floats, UnwrappedMesh, UVMaps
from ...uv import draw_uv_maps

#: File of a texture model's folder that holds its canonical head.
FILE = "canonical.npz"
#: Side, in texels, of the image of template points in which a point is looked up: a texel is 0.6 mm of the face, and
#: the offset within a texel is solved for.
LOOKUP_SIZE = 512
#: Depth z, units, of the plane before which a point is looked up on both sides of the image: there the chart is in one
#: piece. Behind it the seam separates the sides, and a point is looked up on its own side alone.
_ONE_PIECE_BEFORE = 0.0
#: How far, in texels of LOOKUP_SIZE, nine in ten of a mesh's vertices may lie from their canonical places where the
#: mesh is said to lie in the canonical UV itself: what the lookup leaves open.
_SAME = 0.2


@dataclass(frozen=True, eq=False)
class Canonical:
    """The canonical head.

    mesh: its vertices are template points, its UV is the layout of everything that is painted.
    """

    mesh: UnwrappedMesh

    @property
    def points(self) -> Floats:
        """The template points (V, 3) of its vertices."""
        return self.mesh.vertices

    def control(self, vertices: Floats, size: int) -> UVMaps:
        """The control image of a head: its normals, drawn where the canonical head lies in its UV.

        vertices (V, 3): where the canonical head's vertices lie on that head, units.
        size: side of the image, pixels.
        """
        return draw_uv_maps(replace(self.mesh, vertices=vertices), size)

    @cached_property
    def places(self) -> UVMaps:
        """Template points by texel of the canonical UV, at LOOKUP_SIZE."""
        return draw_uv_maps(self.mesh, LOOKUP_SIZE)

    def uv_of(self, mesh: UnwrappedMesh) -> Floats:
        """Where the vertices of a head lie on the canonical head.

        Vertices of either side of the seam are looked up on that side, so that no triangle runs across the image.

        mesh: the head, V vertices with template points.
        Returns (V, 2), canonical uv. Raises ValueError for a mesh without template points.
        """
        if mesh.template_points is None:
            raise ValueError("the mesh has no template points")
        return self._places_of(mesh.uv, mesh.template_points)

    def holds(self, mesh: UnwrappedMesh) -> bool:
        """Whether the UV of a mesh is the canonical one, as that of all assets is. Parameters as in `uv_of`."""
        away = np.abs(self.uv_of(mesh) - mesh.uv).max(axis=1)
        return bool(np.percentile(away, 90) < _SAME / LOOKUP_SIZE)

    @remembered(2)
    def _places_of(self, uv: Floats, points: Floats) -> Floats:
        """Canonical uv (V, 2) of vertices with uv (V, 2) of their own and template points (V, 3)."""
        left = uv[:, 0] < 0.5
        places = np.empty((len(uv), 2), np.float32)
        for side, here in ((0, left), (1, ~left)):
            places[here] = self._looked_up(points[here], side)
        return places

    def _looked_up(self, points: Floats, side: int) -> Floats:
        """Canonical uv (N, 2) of template points (N, 3) on the left (0) or right (1) of the image."""
        tree, place, uv, inverse = self._sides[side]
        _, nearest = tree.query(points, workers=-1)
        offset = np.einsum("nij,nj->ni", inverse[nearest], points - place[nearest])
        # Points of hair stand off the canonical skin: their offset is no more than a texel.
        return np.asarray(uv[nearest] + np.clip(offset, -1 / LOOKUP_SIZE, 1 / LOOKUP_SIZE), np.float32)

    @cached_property
    def _sides(self) -> tuple[tuple[cKDTree, Floats, Floats, Floats], ...]:
        """For the left and the right of the image: a tree of N template points, these points (N, 3), their uv (N, 2),
        and matrices (N, 2, 3) that turn a small step of a template point into one of uv."""
        maps = self.places
        row, column = np.nonzero(maps.mask)
        size = len(maps.mask)
        uv = np.stack([(column + 0.5) / size, 1 - (row + 0.5) / size], axis=1).astype(np.float32)
        place = maps.position[maps.mask]
        down, right = (np.gradient(maps.position, axis=axis)[maps.mask] * size for axis in (0, 1))
        step = np.stack([right, -down], axis=2).astype(np.float64)
        squared = np.einsum("nki,nkj->nij", step, step)
        # Where the layout is squeezed to a line, this keeps the inverse small.
        squared += 1e-2 * np.trace(squared, axis1=1, axis2=2)[:, None, None] * np.eye(2) + 1e-12 * np.eye(2)
        inverse = (np.linalg.inv(squared) @ step.transpose(0, 2, 1)).astype(np.float32)
        sides = []
        for own in (uv[:, 0] < 0.5, uv[:, 0] >= 0.5):
            near = own | (place[:, 2] > _ONE_PIECE_BEFORE)
            sides.append((cKDTree(place[near]), place[near], uv[near], inverse[near]))
        return tuple(sides)


def load_canonical(folder: Path) -> Canonical | None:
    """The canonical head that a texture model paints on, or None where it paints in every head's own UV.

    folder: of the texture model. Raises ModelError when the file is damaged.
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
    """Write the canonical head into `folder`, beside a texture model's files."""
    mesh = canonical.mesh
    np.savez_compressed(
        folder / FILE,
        points=mesh.vertices.astype(np.float32),
        faces=mesh.faces.astype(np.int32),
        uv=mesh.uv.astype(np.float32),
        source=mesh.source.astype(np.int32),
    )
