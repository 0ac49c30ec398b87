"""Checks of heads that are to be painted, before any work: what cannot be painted is refused in a moment.

Numpy alone, since this runs in Blender's own Python as well.
"""

from __future__ import annotations

import numpy as np

from .errors import MeshError, RequestError
from .types import ForeignMesh, UnwrappedMesh

#: Least and greatest number of triangles of an artist's head: with fewer it shows no face, with more unwrapping takes
#: all memory.
TRIANGLES = (100, 5_000_000)
#: Ratio of a mesh's smallest to its largest extent (standard deviations), below which it is flat. Heads have 0.6 and
#: more, the mask of a face has 0.2.
_FLAT = 0.03
#: The remedy for a mesh that is no head.
_ANOTHER = "Select the head itself."
#: How far a UV may leave the unit square by rounding.
_BEYOND = 1e-3
#: Least and greatest area of all triangles of a head's UV together, unit squares. CLIP-Head's own have 0.85.
_COVERED = (0.05, 1.2)
#: Greatest area of all triangles' bounding boxes together, unit squares: it bounds the work of drawing them.
#: CLIP-Head's own have 2.3 to 2.5.
_MOST_BOXES = 20.0


def check_foreign_mesh(mesh: ForeignMesh, name: str) -> None:
    """Raise MeshError unless the mesh may be a head, by facts that are quickly seen. Its shape is examined later.

    mesh: an artist's.
    name: of its object, for the message.
    """
    count, (low, high) = len(mesh.faces), TRIANGLES
    if count < low:
        raise MeshError(f"The mesh of {name} has {count} triangles, too few for a head.", _ANOTHER)
    if count > high:
        raise MeshError(
            f"The mesh of {name} has {count} triangles, too many to unwrap.", f"Decimate it to less than {high}."
        )
    used = mesh.vertices[np.unique(mesh.faces)].astype(np.float64)
    if not np.isfinite(used).all():
        raise MeshError(f"The mesh of {name} has points that are not finite.", "Remove them in Edit Mode.")
    extent = np.ptp(used, axis=0).max()
    if extent == 0:
        raise MeshError(f"The mesh of {name} has all its points in one place.", _ANOTHER)
    if _flatness(used / extent) < _FLAT:
        raise MeshError(f"The mesh of {name} is flat, which no head is.", _ANOTHER)


def check_own_uv(mesh: UnwrappedMesh, name: str) -> None:
    """Raise RequestError unless a head's UV is as CLIP-Head makes it: in the unit square, covering it once at most.

    mesh: a head of CLIP-Head's, as it is read from its object.
    name: of the object, for the message.
    """
    corners = mesh.uv[mesh.faces].astype(np.float64)
    if not np.isfinite(mesh.vertices).all() or not len(corners):
        cause = "its mesh has no faces, or points that are not finite"
    elif not np.isfinite(corners).all():
        cause = "some of its coordinates are not finite"
    elif corners.min() < -_BEYOND or corners.max() > 1 + _BEYOND:
        cause = f"it leaves the unit square (from {corners.min():.3g} to {corners.max():.3g})"
    else:
        a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        area = 0.5 * float(np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum())
        boxes = float(np.ptp(corners, axis=1).prod(axis=1).sum())
        if _COVERED[0] <= area <= _COVERED[1] and boxes <= _MOST_BOXES:
            return
        cause = f"its triangles cover {area:.3g} times the unit square, their boxes {boxes:.3g} times"
    raise RequestError(
        f"The UV map of {name} is not as CLIP-Head made it: {cause}.",
        "Undo the change; or remove the UV map and paint the mesh as your own head (--texture, Texture This Head), "
        "which unwraps it anew.",
    )


def _flatness(points: np.ndarray) -> float:
    """The least standard deviation of points (N, 3) along any axis, over the greatest."""
    centred = points - points.mean(axis=0)
    spread = np.linalg.eigvalsh(centred.T @ centred / len(points)).clip(0)
    return float(np.sqrt(spread[0] / spread[-1]))
