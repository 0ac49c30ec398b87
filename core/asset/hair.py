"""Hair and beard as closed volumes of quads, until strands grow: the head model's distances in the template's space.

There a head's hair is a blend of grids, so its surface is found without looking for any point's place on the template,
and then moved to the head like everything else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from scipy.spatial import cKDTree
from torch import Tensor

from ..nphm.embedded_head import EmbeddedHead
from ..nphm.grids import smooth_minimum
from ..types import AssetLevel, AssetPart, Floats, Ints
from .surface_nets import surface_nets

#: How deep under the skin volumes reach, units (4 mm), so that nothing is seen under their edges.
DEPTH = 0.016
#: Thickness below which hair and beard are paint alone, units (0.5 and 1.5 mm).
THINNEST_HAIR, THINNEST_BEARD = 0.002, 0.006
#: Distance from the volume up to which nodes of the grid count, units (15 mm).
BAND = 0.06
#: Largest distance from the crown that has a place of its own in the UV, units (500 mm).
LONGEST = 2.0
#: How many vertices of the skin move one of the beard.
ROOTS = 8
#: Names of the materials, which are those of the parts.
HAIR, BEARD = "Hair", "Beard"


@dataclass(frozen=True)
class _Box:
    """A part of a grid in the template's space.

    values (X, Y, Z): at its nodes.
    nodes (X, Y, Z, 3): their places, units.
    spacing: of neighbouring nodes, units.
    """

    values: Tensor
    nodes: Tensor
    spacing: float


def hair_part(field: EmbeddedHead, crown: tuple[float, float, float]) -> AssetPart | None:
    """The hair of a head; None for a bald one.

    field: the head.
    crown (3,): about which the UV lies, on the template, units.
    """
    if field.hair is None:
        return None
    config = field.network.config
    # Grids are blended at half the spacing that they are stored in: as fine as needed for looking hair up.
    box = _around(field.hair[::2, ::2, ::2], config.hair_origin, config.hair_spacing, BAND)
    skin = field.network.template_distance(box.nodes)
    volume = smooth_minimum(skin, box.values)
    values = torch.stack([volume, -(skin + DEPTH), THINNEST_HAIR - (skin - volume)]).amax(dim=0)
    made = _part(HAIR, field, replace(box, values=values), crown)
    return None if made is None else made[1]


def beard_part(
    field: EmbeddedHead, crown: tuple[float, float, float], points: Floats, closing: Floats, keys: dict[str, Floats]
) -> AssetPart | None:
    """The beard of a head, which moves with the skin that it grows on; None without one that is thick enough.

    field, crown: as in `hair_part`.
    points (V, 3): template points of the head's vertices, units.
    closing (V, 3): offsets that close the mouth, units.
    keys: ARKit name -> their offsets (V, 3), units.
    """
    if field.beard is None:
        return None
    config = field.network.config
    box = _around(-field.beard[::2, ::2, ::2], config.beard_origin, config.beard_spacing, -THINNEST_BEARD / 2)
    if not box.values.numel():
        return None
    thickness, skin = -box.values, field.network.template_distance(box.nodes)
    values = torch.stack([skin - thickness, -(skin + DEPTH), THINNEST_BEARD - thickness]).amax(dim=0)
    made = _part(BEARD, field, replace(box, values=values), crown)
    if made is None:
        return None
    template, part = made
    distance, near = cKDTree(points).query(template, ROOTS)
    weight = 1.0 / (distance + 1e-3) ** 2
    weight = (weight / weight.sum(axis=1, keepdims=True)).astype(np.float32)

    def rooted(offsets: Floats) -> Floats:
        return np.asarray(np.einsum("nk,nkc->nc", weight, offsets[near]), np.float32)

    moved = {name: rooted(offsets) for name, offsets in keys.items()}
    moved = {name: offsets for name, offsets in moved.items() if np.abs(offsets).max() > 4e-5}
    return AssetPart(part.name, part.vertices + rooted(closing), part.levels, part.materials, moved)


def polar_uv(points: Floats, crown: tuple[float, float, float], quads: Ints) -> Floats:
    """UV (Q, 4, 2) of quads about the crown: the angle about the vertical through it, from the face round, and the
    distance from it. Beyond 1 the first goes round once more, where a quad lies across the back of the head.

    points (V, 3): template points, units.
    crown (3,): units.
    quads (Q, 4).
    """
    x, y, z = (points - np.array(crown, np.float32)).T
    around = np.arctan2(x, z) / (2 * np.pi) + 0.5
    uv = np.stack([around, 1.0 - np.linalg.norm([x, y, z], axis=0) / LONGEST], axis=1)[quads]
    u = uv[..., 0]
    u += (np.ptp(u, axis=1, keepdims=True) > 0.5) & (u < 0.5)
    return np.asarray(uv.clip([0.0, 0.0], [2.0, 1.0]), np.float32)


def _around(grid: Tensor, origin: tuple[float, ...], spacing: float, band: float) -> _Box:
    """The box of a grid (X, Y, Z) in which values lie below `band`, and two nodes around it."""
    near = (grid < band).nonzero()
    low = (near.amin(dim=0) - 2).clamp_min(0) if len(near) else torch.zeros(3, dtype=torch.long)
    high = near.amax(dim=0) + 3 if len(near) else low
    values = grid[low[0] : high[0], low[1] : high[1], low[2] : high[2]]
    index = torch.stack(torch.meshgrid(*(torch.arange(n) for n in values.shape), indexing="ij"), dim=-1)
    return _Box(values, (index + low) * spacing + torch.tensor(origin), spacing)


def _outside(field: EmbeddedHead, points: Floats, quads: Ints) -> Ints:
    """The quads (P, 4) without those that lie deep under the skin, which nobody sees."""
    depth = -field.network.template_distance(torch.from_numpy(points)).numpy()
    return quads[depth[quads].min(axis=1) < DEPTH / 2]


def _part(
    name: str, field: EmbeddedHead, box: _Box, crown: tuple[float, float, float]
) -> tuple[Floats, AssetPart] | None:
    """The surface of zeros in a box on the head, and the template points of its vertices; None where there is none."""
    if not bool((box.values < 0).any()):
        return None
    vertices, quads = surface_nets(box.values.numpy())
    points = np.asarray(vertices * box.spacing + box.nodes[0, 0, 0].numpy(), np.float32)
    used, quads = np.unique(_outside(field, points, quads), return_inverse=True)
    points, quads = points[used], quads.reshape(-1, 4).astype(np.int32)
    with torch.inference_mode():
        placed = field.place_template(torch.from_numpy(points)).numpy()
    level = AssetLevel(quads, polar_uv(points, crown, quads), np.zeros(len(quads), np.int32))
    return points, AssetPart(name, placed, (level,), (name,))
