"""From a head's surface to its aligned UV: mended, cut, and laid out on the fixed curve (CLIP-Head, section 2.3)."""

from __future__ import annotations

import numpy as np

from ..errors import MeshError
from ..types import MILLIMETRES_PER_UNIT, HeadMesh, UnwrappedMesh
from .alignment import LENGTH, spring_weight
from .harmonic import Springs, along_curve, flipped, harmonic_map, unfold, vertex_scale
from .layout import Layout
from .repair import clean, keep_head, make_disc
from .seam import OpenHead, cut_neck, drop_parts, open_seam
from .surface import Array, Index, Surface

#: Strengths of the face's springs, 0 to 1, that are tried in order until nothing folds: without springs nothing can.
_STRENGTHS = (1.0, 0.3, 0.1, 0.0)
#: How often, at each strength, parts that the map shrinks to almost nothing are cut off.
_ATTEMPTS = 6
#: Scales of the map, as fractions of the median, below which a part counts as shrunk to nothing. The smallest is taken
#: that at least half of the folded triangles lie below.
_PINCHED = (1e-4, 2e-4, 5e-4, 1e-3)
#: Middle of a head's bounding box in NPHM's frame, units, from which a mesh may not be far.
_FRAME_CENTRE = np.array([0.0, 0.1, -0.28])


def unwrap(mesh: HeadMesh, layout: Layout) -> UnwrappedMesh:
    """Lay a head out flat, so that the same feature of every head comes to the same place of the image.

    mesh: closed or cut at the neck, in NPHM's frame; handles, islands and holes are mended first and named in
        `repairs`.
    layout: the curve that its rim is laid on.
    Raises MeshError when it is no head: empty, not finite, elsewhere, no neck, several large pieces.
    """
    _check(mesh)
    surface, repairs = clean(_as_surface(mesh))
    surface, done = keep_head(surface)
    repairs += done
    neck = layout.neck.for_head(surface, _template_points(surface))
    surface, done = keep_head(cut_neck(surface, neck))
    repairs += done
    surface, done = make_disc(surface)
    repairs += done

    head = open_seam(surface, neck)
    head, uv, cut_off = _flatten(head, layout)
    faces = head.surface.faces
    if cut_off:
        repairs.append(f"cut off {cut_off} {'part' if cut_off == 1 else 'parts'} hanging by a thread")
    folds = int(flipped(uv, faces).sum())
    if folds:
        repairs.append(f"left {folds} triangles folded in the UV")

    values = head.surface.values.astype(np.float32)
    return UnwrappedMesh(
        vertices=values[:, :3].copy(),
        faces=faces.astype(np.int32),
        expression_offsets=values[:, 3:6].copy(),
        uv=uv.astype(np.float32),
        source=head.source.astype(np.int32),
        template_points=None if mesh.template_points is None else values[:, 6:9].copy(),
        repairs=tuple(repairs),
    )


def _as_surface(mesh: HeadMesh) -> Surface:
    """The mesh as a Surface: columns 0 to 2 are positions, 3 to 5 offsets of the expression, 6 to 8 template points."""
    columns = [mesh.vertices, mesh.expression_offsets]
    if mesh.template_points is not None:
        columns.append(mesh.template_points)
    return Surface(np.concatenate(columns, axis=1).astype(np.float64), mesh.faces.astype(np.int64))


def _template_points(surface: Surface) -> Array | None:
    return surface.values[:, 6:9] if surface.values.shape[1] > 6 else None


def _rim_on_curve(head: OpenHead, layout: Layout) -> tuple[Index, Array]:
    """The rim's vertices (R,) and their uv (R, 2) on the layout's curve: by arc length within each stretch."""
    stretches = (
        (head.seam_left, layout.seam_left),
        (head.neck[: head.front + 1], layout.neck_left),
        (head.neck[head.front :], layout.neck_right[::-1]),
        (head.seam_right, layout.seam_right),
    )
    rims, places = [], []
    for stretch, curve in stretches:
        lengths = np.linalg.norm(np.diff(head.surface.points[stretch], axis=0), axis=1) + 1e-9
        rims.append(stretch)
        places.append(along_curve(curve, lengths))
    return np.concatenate(rims), np.concatenate(places)


def _flatten(head: OpenHead, layout: Layout) -> tuple[OpenHead, Array, int]:
    """The head, its uv (V, 2) and the number of parts that were cut off it for that.

    When something folds, parts so small in the image that rounding destroys them (big bubbles behind a pinhole) are
    cut off; otherwise the face's springs give way step by step. Without springs a convex layout cannot fold.
    """
    cut_off = 0
    for strength in _STRENGTHS if layout.face is not None else (0.0,):
        for _ in range(_ATTEMPTS):
            points, faces = head.surface.points, head.surface.faces
            rim, rim_uv = _rim_on_curve(head, layout)
            smooth = harmonic_map(points, faces, rim, rim_uv, _springs(head.surface, layout, strength))
            uv = unfold(smooth if layout.lens is None else layout.lens.magnified(smooth, layout.outline), faces, rim)
            folded = faces[flipped(uv, faces)]
            if not len(folded):
                return head, uv, cut_off
            scale = vertex_scale(points, faces, smooth)
            least = next((least for least in _PINCHED if (scale[folded] < least).any(axis=1).mean() >= 0.5), 0.0)
            if not least:
                break
            head, parts = drop_parts(head, scale < least)
            cut_off += parts
    return head, uv, cut_off


def _springs(surface: Surface, layout: Layout, strength: float) -> Springs | None:
    """The springs of the face, strength 0 to 1; None where the layout holds no face."""
    if layout.face is None or strength == 0:
        return None
    known = _template_points(surface)
    template = surface.points if known is None else known
    return Springs(layout.face.at(template), spring_weight(surface, template) * strength, LENGTH)


def _check(mesh: HeadMesh) -> None:
    """Raise MeshError for a mesh that is empty, inconsistent, not finite, or not where heads are."""
    if not len(mesh.faces) or not len(mesh.vertices):
        raise MeshError("The mesh is empty: it has no faces.", "Try another seed or another wording.")
    if mesh.faces.min() < 0 or mesh.faces.max() >= len(mesh.vertices):
        raise MeshError(
            f"The mesh has faces that name vertices beyond the {len(mesh.vertices)} it has.", "Export the mesh again."
        )
    broken = int(
        (~np.isfinite(mesh.vertices)).any(axis=1).sum() + (~np.isfinite(mesh.expression_offsets)).any(axis=1).sum()
    )
    if broken:
        raise MeshError(
            f"{broken} vertices of the mesh are at no place at all (their coordinates are not numbers).",
            "Try another seed; if it happens again, the model's weights are damaged.",
        )
    low, high = mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)
    size, centre = float(np.max(high - low)), (low + high) / 2
    if not 0.5 < size < 4 or np.abs(centre - _FRAME_CENTRE).max() > 0.6 * max(size, 1.0):
        distance = MILLIMETRES_PER_UNIT * np.abs(centre - _FRAME_CENTRE).max()
        raise MeshError(
            f"The mesh is not where a head should be: it measures {size * MILLIMETRES_PER_UNIT:.0f} mm and its middle "
            f"lies {distance:.0f} mm off.",
            "Scale it so that 1 unit is 250 mm, turn it to face +z with +y up, and put the origin between the ears' "
            "fronts.",
        )
