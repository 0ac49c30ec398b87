"""The grooms of a head: its styles' guides blended, moved like all of the template, and kept out of its skin."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from scipy.spatial import cKDTree

from ..nphm.embedded_head import EmbeddedHead
from ..types import Floats, Groom, Hairstyle, Ints
from .library import BROWS, LASHES, GroomLibrary, Stored
from .shaping import lengthened, shaped
from .skin import Skin

#: Names of the grooms of a head's hair and beard, and of the hair of its nose and ears.
HAIR, BEARD = "Hair", "Beard"
NOSE, EARS = "Nose Hair", "Ear Hair"
#: Weights of styles below this count as none: one per cent of a style is not seen.
LEAST_WEIGHT = 0.02
#: How far another style's guide may be rooted from one that it is blended with, units (15 mm).
NEAR_ROOT = 0.06
#: Distance that guides keep from the skin, units (0.6 mm), reached over the first few of them; lashes and brows less.
CLEARANCE = 0.0024
#: Up to this distance from the skin's vertices points are looked at, units (8 mm).
NEAR_SKIN = 0.032
#: Rounds of pushing points out of the skin: behind an ear one way out of it leads into it elsewhere.
ROUNDS = 4


@dataclass(frozen=True)
class Surface:
    """The head's quads on one person.

    sheet: (V,) the vertex of the head model's sheet that each is.
    quads: (Q, 4) of the finest level; uv: (Q, 4, 2) at their corners.
    vertices: (V, 3) neutral, units.
    """

    sheet: Ints
    quads: Ints
    uv: Floats
    vertices: Floats


def grooms_of(library: GroomLibrary, field: EmbeddedHead, hairstyle: Hairstyle, surface: Surface) -> tuple[Groom, ...]:
    """Hair, beard, brows, lashes, hair of nose and ears of a head, those that it has.

    library: of the template.
    field: the head.
    hairstyle: what it wears; grooms that the library lacks are left out.
    surface: its skin.
    """
    wanted = {HAIR: hairstyle.hair, BEARD: hairstyle.beard, BROWS: hairstyle.brows}
    wanted |= {LASHES: hairstyle.lashes or {LASHES: 1.0}, NOSE: hairstyle.nose, EARS: hairstyle.ears}
    blends = {name: blended(library, weights) for name, weights in wanted.items()}
    hair = blends[HAIR]
    if hair is not None:
        blends[HAIR] = shaped(hair, hairstyle)
    skin = Skin(surface.vertices, surface.quads)
    return tuple(_placed(name, stored, field, surface, skin) for name, stored in blends.items() if stored is not None)


def blended(library: GroomLibrary, weights: dict[str, float]) -> Stored | None:
    """The guides of a blend of styles: those of the heaviest one, each bent towards the nearest of the others; what is
    missing to a sum of one shortens them. None where nothing is left.

    library: of the template.
    weights: name -> weight; their sum is 1 at most.
    """
    known = {name for name, stored in library.grooms.items() if len(stored.points)}
    used = {name: weight for name, weight in weights.items() if weight >= LEAST_WEIGHT and name in known}
    if not used:
        return None
    first, *others = sorted(used, key=lambda name: -used[name])
    main = library.grooms[first]
    if used[first] > 1 - LEAST_WEIGHT:
        return main
    offsets, density = used[first] * (main.points - main.points[:, :1]), used[first] * main.density
    total = np.full(len(main.points), used[first])
    for name in others:
        other = library.grooms[name]
        distance, near = cKDTree(other.points[:, 0]).query(main.points[:, 0])
        weight = used[name] * (distance < NEAR_ROOT)
        offsets = offsets + weight[:, None, None] * (other.points - other.points[:, :1])[near]
        density = density + used[name] * other.density
        total = total + weight
    lines = main.points[:, :1] + offsets / total[:, None, None]
    return replace(main, points=lengthened(lines, min(1.0, sum(used.values()))), density=density.astype(np.float32))


def _placed(name: str, stored: Stored, field: EmbeddedHead, surface: Surface, skin: Skin) -> Groom:
    """A groom on a head."""
    number = np.zeros(surface.sheet.max() + 1, np.int32)
    number[surface.sheet] = np.arange(len(surface.sheet), dtype=np.int32)
    corners = number[stored.corners]
    found = skin.find(corners)
    triangles, uv = skin.triangles[found], surface.uv[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3, 2)[found]
    # In the order of the head's own triangles, to which the UV belongs.
    turn = (corners[:, None] == triangles[:, :, None]).argmax(axis=2)
    barycentric = np.take_along_axis(stored.barycentric, turn, axis=1)
    with torch.inference_mode():
        flat = field.place_template(torch.from_numpy(stored.points.reshape(-1, 3))).numpy()
    points = flat.reshape(stored.points.shape)
    roots = np.einsum("nk,nkc->nc", barycentric, surface.vertices[triangles])
    points = out_of_skin(points + (roots - points[:, 0])[:, None], skin, CLEARANCE)
    points[:, 0] = roots
    return Groom(
        name,
        points.astype(np.float32),
        triangles.astype(np.int32),
        barycentric.astype(np.float32),
        np.einsum("nk,nkc->nc", barycentric, uv).astype(np.float32),
        stored.density[surface.sheet],
        stored.look,
    )


def out_of_skin(lines: Floats, skin: Skin, clearance: float) -> Floats:
    """Lines (N, K, 3) whose points, but the first, keep a distance from the skin that grows from their roots on.

    lines: units.
    skin: of the head.
    clearance: the distance, units; a quarter of the way from the root where that is less.
    """
    points = lines[:, 1:].reshape(-1, 3).copy()
    way = np.linalg.norm(np.diff(lines, axis=1), axis=2).cumsum(axis=1).reshape(-1)
    wanted = np.minimum(clearance, way / 4)
    rows = np.flatnonzero(cKDTree(skin.vertices).query(points, distance_upper_bound=NEAR_SKIN)[0] < NEAR_SKIN)
    for _ in range(ROUNDS):
        distance, normal = skin.nearest(points[rows])
        missing = wanted[rows] - distance
        low = missing > 0
        rows = rows[low]
        points[rows] += missing[low, None] * normal[low]
    return np.concatenate([lines[:, :1], points.reshape(len(lines), -1, 3)], axis=1)
