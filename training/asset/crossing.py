"""How far lips and lids pass each other in poses and in pairs of actions: where that is much more than in either alone,
a corrective key is due (core/asset/correctives.json).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np

from clip_head.core.asset.head import PlacedHead, as_keys, key_poses, posed_by
from clip_head.core.asset.template import AssetTemplate, arkit_actions, closest_on
from clip_head.core.nphm.heights import depth_below
from clip_head.core.nphm.lips import Lips
from clip_head.core.nphm.slit import EDGE, INWARDS, EyeFrame, EyeGrid, profile
from clip_head.core.types import MILLIMETRES_PER_UNIT, Floats

#: A pose: strength of each action by ARKit's name; those that are 0 may be missing.
Pose = Mapping[str, float]
#: By the names of poses or of two actions: how far lips lie within each other, what of that is seen, and how far lids
#: lie beyond each other, mm.
Crossing = dict[tuple[str, ...], tuple[float, float, float]]
#: What these are called in figures.
NAMES = ("lips", "lips_seen", "lids")
#: Depth from which on lips or lids cross, mm: less is not seen.
SEEN = 0.1
#: Depth below the skin in front of it down to which a vertex is seen from the front, units (0.25 mm).
VISIBLE = 0.001
#: Side of the squares, seen from the front, in which it is looked which lip hides the other, units (0.4 mm).
LIP_CELL = 0.0016
#: Number of places, from corner to corner, at which it is seen whether lids cross; of worst pairs that are listed.
LID_PLACES, LISTED = 40, 10


def crossing(template: AssetTemplate, placed: PlacedHead, poses: Mapping[str, Pose]) -> Crossing:
    """Of all poses and all pairs of actions, each at 1 and mouthClose with an open jaw: how deep the lips lie within
    each other and what of that is seen, and how far the lids of an eye lie beyond each other, mm; of lids, beyond where
    they do at rest, as they do at blunt corners.

    template: the asset model.
    placed: the head.
    poses: by name.
    """
    face = template.network.face
    assert face is not None
    keys, near = as_keys(placed.sheet_poses), face.lips.near
    grids = [lids.grid for lids in face.lids.values()]
    frames = [EyeFrame.of(grid, placed.sheet) for grid in grids]
    least = [lid_heights(grid, frame, placed.sheet).clip(max=0.0) for grid, frame in zip(grids, frames, strict=True)]

    def depths(offsets: Floats) -> tuple[float, float, float]:
        at = placed.sheet + offsets
        lips = lip_depths(face.lips, at[near]) if offsets[near].any() else (0.0, 0.0)
        lids = [
            radius * float((rest - lid_heights(grid, frame, at)).max())
            for grid, frame, radius, rest in zip(grids, frames, placed.radii, least, strict=True)
        ]
        return *lips, MILLIMETRES_PER_UNIT * max(0.0, *lids)

    still = np.zeros_like(placed.sheet)
    pairs = combinations(arkit_actions(), 2)
    tried: dict[tuple[str, ...], Pose] = {(name,): pose for name, pose in poses.items()}
    tried |= {(one, other): {**key_poses()[one], **key_poses()[other]} for one, other in pairs}
    return {names: depths(still + posed_by(keys, pose)) for names, pose in tried.items()}


def lip_depths(lips: Lips, at: Floats) -> tuple[float, float]:
    """How deep the vertices of each lip lie within the other at most, mm: of all, which press on each other within a
    closed mouth, and of those that are seen from the front. 0 for less than SEEN.

    lips: of the head model's template.
    at (M, 3): the vertices near the mouth, units.
    """
    beyond, deepest, seen = MILLIMETRES_PER_UNIT * np.abs(lips.crossing(at)), 0.0, 0.0
    faces = np.concatenate([lips.upper.faces, lips.lower.faces])
    for lip, other in ((lips.upper, lips.lower), (lips.lower, lips.upper)):
        deep = lip.vertices[beyond[lip.vertices] > SEEN].astype(np.int32)
        if not len(deep):
            continue
        # Where lips stand upright, one is far beyond the other upwards, but not far within it.
        corners, barycentric = closest_on(at[deep], at, other.faces)
        away = np.linalg.norm(np.einsum("nk,nkc->nc", barycentric, at[corners]) - at[deep], axis=1)
        depth = np.minimum(beyond[deep], MILLIMETRES_PER_UNIT * away)
        outside = depth_below(at, deep, faces, 2, LIP_CELL) < VISIBLE
        deepest, seen = max(deepest, float(depth.max())), max(seen, float(depth[outside].max(initial=0.0)))
    return deepest, seen


def lid_heights(grid: EyeGrid, frame: EyeFrame, vertices: Floats) -> Floats:
    """How high each ring (K, P) of the edge of an upper lid lies above the same ring of the lower one, radians around
    the eyeball.

    grid: the skin around an eye; frame: of that eye.
    vertices (V, 3): of the head model's sheet, units.
    """
    edge = grid.vertices[INWARDS - EDGE[0] : INWARDS + EDGE[1] + 1]
    along, height, _ = frame.turned(vertices[edge].astype(np.float64))
    places = np.linspace(along[EDGE[0], grid.upper[0]], along[EDGE[0], grid.upper[-1]], LID_PLACES + 2)[1:-1]
    upper, lower = (
        np.stack([profile(along[k, lid], height[k, lid], places) for k in range(len(edge))])
        for lid in (grid.upper, grid.lower)
    )
    return np.asarray(upper - lower)


def crossed(heads: list[Crossing]) -> dict[str, float | str]:
    """The greatest crossing of lips and of lids in any pose, and how much more they cross in a pair of actions than in
    either alone, mm; and in how many pairs. The worst pairs and all poses in which they cross are printed.

    heads: of each, what `crossing` says.
    """
    figures: dict[str, float | str] = {}
    for k, what in enumerate(NAMES):
        worst = {names: max(head[names][k] for head in heads) for names in heads[0]}
        two = [names for names in worst if len(names) == 2]
        pairs = {names: max(head[names][k] - max(head[name,][k] for name in names) for head in heads) for names in two}
        ordered = sorted(pairs, key=lambda names: -pairs[names])
        for names in ordered[:LISTED]:
            depths = f"{worst[names]:6.2f} mm, {pairs[names]:6.2f} more than alone"
            print(f"  {what} cross by {depths}, in {' + '.join(names)}")
        alone = sorted((names for names in worst if len(names) == 1), key=lambda names: -worst[names])
        said = ", ".join(f"{names[0]} {worst[names]:.2f} mm" for names in alone if worst[names] > SEEN)
        print(f"  {what} cross in {said}")
        figures[f"{what}_cross_alone_mm"] = round(worst[alone[0]], 3)
        figures[f"{what}_cross_alone_in"] = alone[0][0]
        figures[f"{what}_cross_in_pairs"] = sum(depth > SEEN for depth in pairs.values())
        figures[f"{what}_cross_in_pairs_mm"] = round(max(pairs.values()), 3)
    return figures
