"""The fixed curve on which the rim of every cut head lies: it aligns the UV, so that a feature is at the same place for
every head."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import ModelError
from .alignment import FacePlace
from .harmonic import doubled_areas
from .lens import Lens
from .seam import OFFICIAL_NECK, NeckPlane
from .surface import Array, boundary_loops

#: The layout that the embedded painter was trained in.
EMBEDDED_LAYOUT = Path(__file__).parent / "layouts" / "embedded.json"


@dataclass(frozen=True)
class Layout:
    """A closed curve in the unit square, counter-clockwise, in four stretches of points (n, 2), uv.

    Left and right are those of the image: the head's left side lies at the right.

    name: for people.
    seam_left, seam_right: from the crown down to the neck.
    neck_left, neck_right: from there to the middle of the throat.
    face: where the face is held; None for a map that follows the curve alone, as the official release's does.
    lens: enlarges the face inside the curve, once the harmonic functions are solved; None: nothing does.
    neck: the plane at which heads are cut off.
    """

    name: str
    seam_left: Array
    seam_right: Array
    neck_left: Array
    neck_right: Array
    face: FacePlace | None = None
    lens: Lens | None = None
    neck: NeckPlane = OFFICIAL_NECK

    @property
    def outline(self) -> Array:
        """The whole curve (n, 2), counter-clockwise from the crown."""
        parts = (self.seam_left, self.neck_left[1:], self.neck_right[::-1][1:], self.seam_right[::-1][1:-1])
        return np.concatenate(parts)

    def place(self, template_points: Array) -> Array:
        """Where the image shows template points of the face.

        template_points (V, 3): units.
        Returns uv (V, 2). Raises ValueError for a layout that does not hold the face.
        """
        if self.face is None:
            raise ValueError(f"the layout {self.name!r} does not hold the face")
        uv = self.face.at(template_points)
        return uv if self.lens is None else self.lens.magnified(uv, self.outline)


def load_layout(path: Path | None = None) -> Layout:
    """Load a layout.

    path: a .json as the embedded one, or an .obj, of which the rim of its UV is taken, such as the official release's
        reference_uv_vt_scaled.obj; None: the embedded layout.
    Raises ModelError when the file gives no simple closed curve.
    """
    file = EMBEDDED_LAYOUT if path is None else path
    try:
        text = file.read_text(encoding="utf-8")
        layout = _from_obj(file.stem, text) if file.suffix.lower() == ".obj" else _from_json(text)
    except OSError as error:
        raise ModelError(
            f"The UV layout {file} cannot be read ({error.strerror}).",
            "Reinstall CLIP-Head, or name another layout file.",
        ) from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise ModelError(
            f"{file} is not a UV layout ({error}).", "Restore the file from the release it came from."
        ) from error
    _check(layout, file)
    return layout


def _from_json(text: str) -> Layout:
    """The layout that a .json describes, as the embedded one's does (text: the file's)."""
    entries = json.loads(text)
    left, right, neck_left, neck_right = (
        np.array(entries[name], np.float64).reshape(-1, 2)
        for name in ("seam_left", "seam_right", "neck_left", "neck_right")
    )
    face = entries.get("face")
    place = None if face is None else FacePlace(np.array(face["odd"], float), np.array(face["even"], float))
    lens = Lens(**entries["lens"]) if "lens" in entries else None
    neck = NeckPlane(**entries["neck"]) if "neck" in entries else OFFICIAL_NECK
    return Layout(str(entries["name"]), left, right, neck_left, neck_right, place, lens, neck)


def _from_obj(name: str, text: str) -> Layout:
    """The layout whose curve is the rim of an OBJ's texture coordinates (text: the file's)."""
    positions, coordinates, corners = [], [], []
    for line in text.splitlines():
        kind, *entries = line.split() or [""]
        if kind == "v":
            positions.append([float(entry) for entry in entries[:3]])
        elif kind == "vt":
            coordinates.append([float(entry) for entry in entries[:2]])
        elif kind == "f":
            face = [[int(number or 0) for number in entry.split("/")[:2]] for entry in entries]
            if any(len(corner) < 2 for corner in face):
                raise ValueError("a face without texture coordinates")
            corners += [[face[0], face[k], face[k + 1]] for k in range(1, len(face) - 1)]
    table = np.array(corners, np.int64).reshape(-1, 3, 2)
    counts = np.array([len(positions), len(coordinates)])
    table = np.where(table < 0, table + counts, table - 1)
    if not len(table) or table.min() < 0 or (table >= counts).any():
        raise ValueError("no faces, or faces with wrong indices")
    points, uv = np.array(positions), np.array(coordinates)
    position_of_uv = np.zeros(len(uv), np.int64)
    position_of_uv[table[..., 1]] = table[..., 0]

    faces = table[..., 1]
    mirrored = float(doubled_areas(uv, faces).sum()) < 0
    rims = boundary_loops(faces[:, ::-1] if mirrored else faces)
    if not rims:
        raise ValueError("its texture coordinates have no rim")
    rim = max(rims, key=len)
    return _stretches(name, uv[rim], points[position_of_uv[rim]])


def _stretches(name: str, rim_uv: Array, rim_points: Array) -> Layout:
    """Divide a rim into the four stretches of a layout.

    Along the seam every position occurs twice, once per side, and on the neck once: so the neck's corners are where the
    sides of the seam come apart, and the crown is the single position amid the doubled ones.

    rim_uv (n, 2), rim_points (n, 3): in the order of the rim, counter-clockwise in the image.
    """
    _, place, times = np.unique(np.round(rim_points, 5), axis=0, return_inverse=True, return_counts=True)
    doubled = times[place.ravel()] == 2
    if not doubled.any() or doubled.all():
        raise ValueError("its rim has no seam whose two sides meet, or no neck")
    # The neck is the longest run of single positions; the crown's is the other.
    count = len(rim_uv)
    first = int(np.argmax([_run(~doubled, start) for start in range(count)]))
    length = _run(~doubled, first)
    order = (first - 1 + np.arange(count + 1)) % count
    neck, seam = order[: length + 2], order[length + 1 :]
    crown = len(seam) // 2
    # The throat: where the front half of the neck crosses the plane of the seam.
    sideways = np.abs(rim_points[neck, 0] - rim_points[seam, 0].mean())
    behind = rim_points[neck, 2] < rim_points[neck, 2].mean()
    middle = int(np.argmin(np.where(behind, np.inf, sideways)))
    return Layout(
        name,
        seam_left=rim_uv[seam[crown:]],
        seam_right=rim_uv[seam[: crown + 1]][::-1],
        neck_left=rim_uv[neck[: middle + 1]],
        neck_right=rim_uv[neck[middle:]][::-1],
    )


def _run(mask: np.ndarray, start: int) -> int:
    """How many entries of a mask (n,), closed to a ring, are True from `start` on."""
    rolled = np.roll(mask, -start)
    return len(mask) if rolled.all() else int(np.argmin(rolled))


def _check(layout: Layout, file: Path) -> None:
    """Raise ModelError unless the layout's curve is a simple one, counter-clockwise, within the unit square."""
    stretches = (layout.seam_left, layout.seam_right, layout.neck_left, layout.neck_right)
    outline = layout.outline
    following = np.roll(outline, -1, axis=0)
    area = 0.5 * float(np.sum(outline[:, 0] * following[:, 1] - outline[:, 1] * following[:, 0]))
    if any(len(stretch) < 2 for stretch in stretches) or not np.isfinite(outline).all():
        cause = "one of its stretches has fewer than two points, or a point is not a number"
    elif outline.min() < 0 or outline.max() > 1:
        cause = f"its curve leaves the unit square (from {outline.min():.3f} to {outline.max():.3f})"
    elif area <= 0:
        cause = "its curve runs clockwise"
    elif layout.lens is not None and not layout.lens.sees(outline):
        cause = f"its lens {layout.lens} has no positive power or does not see the whole curve"
    else:
        return
    raise ModelError(f"{file} is not a UV layout: {cause}.", "Restore the file from the release it came from.")
