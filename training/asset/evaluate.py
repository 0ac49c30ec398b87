"""How good heads of quads are: how near to the raw surface, and what folds, gapes, crosses or comes through the skin.

The heads are those that the teacher held out of every training, bald, by their projection onto the head model's codes.
Poses are what an artist gets: the sums of shape keys.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from clip_head.core.asset.arkit import action_weights
from clip_head.core.asset.arkit import poses as expressions
from clip_head.core.asset.assemble import teeth_of
from clip_head.core.asset.bones import head_bones, template_joints
from clip_head.core.asset.build import EYES, eye_parts, head_part, mouth_parts
from clip_head.core.asset.eyes import MATERIALS as EYE_MATERIALS
from clip_head.core.asset.head import PlacedHead, key_poses, place_head, posed_by
from clip_head.core.asset.template import (
    CONTACT,
    MATERIALS,
    RINGS,
    AssetTemplate,
    HeadTemplate,
    arkit_actions,
)
from clip_head.core.asset.unfold import fold_cosine, unfolded
from clip_head.core.mapping import map_expression
from clip_head.core.models import EMBEDDED
from clip_head.core.nphm.embedded_head import EmbeddedHead
from clip_head.core.nphm.heights import depth_below
from clip_head.core.pipeline import Models, load_models
from clip_head.core.text import encode_text
from clip_head.core.types import MILLIMETRES_PER_UNIT, AssetPart, Bools, Floats, HeadRequest, Ints
from clip_head.training.language.expressions import PHRASES
from clip_head.training.nphm.evaluate import head_code
from clip_head.training.nphm.projection import Projection
from clip_head.training.teacher.dataset import held_out_indices, load_teacher

from .crossing import SEEN, VISIBLE, Pose, crossed, crossing
from .triangles import crossing_pairs, triangles

#: Side of the squares in which the skin's heights are kept, units (0.8 mm), and the same seen from the middle of an
#: eyeball, radians (0.25 mm on it).
CELL, ANGLE_CELL = 0.0032, 0.02
#: How far the skin around the mouth reaches beyond the teeth, units (15 mm).
AROUND_TEETH = 0.06
#: Materials of an eyeball's quads that touch its lids.
OUTSIDE_OF_EYE = (EYE_MATERIALS.index("Sclera"), EYE_MATERIALS.index("Cornea"))
#: Angle from the gaze up to which eyeballs are looked at, radians: lids end there.
FRONT_OF_EYE = 1.2
#: Regions whose triangles may cross each other.
MAY_CROSS = ("upper_lip", "lower_lip", "left_eyelids", "right_eyelids", "nostrils")
#: What gaps between lids and eyeballs are called among what comes out.
GAPS = "lid gaps"
#: Strength of tongueOut from which on the tongue may be outside.
TONGUE_OUT = 0.05


@dataclass(frozen=True)
class Built:
    """A head: its parts by name, and what they were made from."""

    placed: PlacedHead
    field: EmbeddedHead
    parts: dict[str, AssetPart]


@dataclass(frozen=True)
class Watched:
    """The skin of the finest level that parts may come out through: triangles of the head's vertices.

    skin: (F, 3) all of it but the mouth's inside and the sockets.
    lids: of the left and of the right eye (F, 3), from the rim outwards.
    contact: of either eye, the rings (K, P) of its lids that touch its ball.
    upper, lower: (F, 3) around the mouth, what stays with the skull and what goes with the jaw.
    lips: (F, 3) the upper and the lower one.
    """

    skin: Ints
    lids: tuple[Ints, Ints]
    contact: tuple[Ints, Ints]
    upper: Ints
    lower: Ints
    lips: tuple[Ints, Ints]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the evaluation."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--weights", type=Path, default=EMBEDDED, help="folder of all models")
    parser.add_argument("--heads", type=int, default=50, help="how many of the heads held out")
    parser.add_argument("--pair-heads", type=int, default=2, help="how many of them with all pairs of actions")


def run(args: argparse.Namespace) -> dict[str, float | str]:
    """Print the figures and return them by name.

    args: of add_arguments.
    """
    dataset, models = load_teacher(args.teacher), load_models(args.weights)
    template = models.asset
    if template is None:
        raise SystemExit(f"The models in {args.weights} make no assets.")
    projection = Projection.onto(template.network, dataset.template)
    held_out = held_out_indices(dataset)
    indices = [int(i) for i in held_out[:: max(1, len(held_out) // args.heads)][: args.heads]]
    codes = {index: head_code(dataset, template.network, projection, index) for index in indices}
    poses = all_poses(models)
    rows, depths = [], []
    for index, code in codes.items():
        built = build(template, code)
        watched = watched_skin(template, built)
        rows.append(surface_figures(template.head, built, watched))
        depths.append({name: piercing(built, watched, pose) for name, pose in poses.items()})
        print(f"head {index}: {' '.join(f'{name} {value:.3g}' for name, value in rows[-1].items())}", flush=True)
    pairs = [crossing(template, place_head(template, code), poses) for code in list(codes.values())[: args.pair_heads]]
    figures: dict[str, float | str] = {"heads": len(rows)}
    for name in rows[0]:
        values = [row[name] for row in rows]
        figures |= {name: round(float(np.mean(values)), 3), f"worst_{name}": round(max(values), 3)}
    figures |= pierced(indices, depths) | crossed(pairs)
    figures["command"] = f"python -m training.evaluate asset --heads {args.heads} --pair-heads {args.pair_heads}"
    for name, figure in figures.items():
        print(f"{name:<42} {figure}")
    return figures


def all_poses(models: Models) -> dict[str, Pose]:
    """Neutral, each action at 1, mouthClose with the open jaw that it is meant for, those of the eyes half done, and
    the 23 expressions twice: of the pose library, and as the mapping reads the first phrase of each.

    models: loaded.
    """
    poses: dict[str, Pose] = {"at rest": {}, **{name: key_poses()[name] for name in arkit_actions()}}
    poses |= {f"half {name}": {name: 0.5} for name in arkit_actions() if name.startswith("eye")}
    poses |= {f"{name} of the library": pose for name, pose in expressions()["expressions"].items()}
    for name, phrases in PHRASES.items():
        embedding = encode_text(models.text, [models.mapping.sentence.format(phrases[0])])[0]
        code = map_expression(models.mapping, embedding)
        poses[name] = action_weights(code, models.nphm.network.actions)
    return poses


@torch.inference_mode()
def build(template: AssetTemplate, z_id: Floats) -> Built:
    """The parts of a head that may meet: skin, eyeballs, teeth and tongue.

    template: the asset model.
    z_id (D_id,): identity.
    """
    placed, field = place_head(template, z_id), template.network.at(torch.from_numpy(z_id))
    joints = field.place_template(torch.from_numpy(template_joints(template.tensors["hinge"]))).numpy()
    bones = head_bones(joints, placed.eyes, placed.radii)
    teeth = teeth_of(HeadRequest("a person"))
    parts = [head_part(template, placed), *eye_parts(template, placed)]
    parts += mouth_parts(template, placed, field, bones, teeth)
    return Built(placed, field, {part.name: part for part in parts})


def watched_skin(template: AssetTemplate, built: Built) -> Watched:
    """The skin that parts of a head may come out through.

    template: the asset model.
    built: the head.
    """
    head = template.head
    level = head.levels[0]
    inner = np.zeros(len(head.points), bool)
    inner[head.inner] = True
    skin = triangles(level.quads[level.material == MATERIALS.index("Skin")])
    skin = skin[~inner[skin].any(axis=1)]
    number = np.full(len(template.network.sheet.vertices), -1)
    number[head.sheet] = np.arange(len(head.sheet))
    lids, contact = [], []
    for first in (0, 2):
        both = np.concatenate([number[ids] for ids in template.rims.ids[first : first + 2]], axis=1)
        mask = np.zeros(len(head.points), bool)
        mask[both[[row for row, ring in enumerate(RINGS) if ring not in CONTACT]]] = True
        lids.append(skin[mask[skin].all(axis=1)])
        contact.append(both[[RINGS.index(ring) for ring in CONTACT]].astype(np.int32))
    at = built.placed.neutral
    teeth = np.concatenate([built.parts[name].vertices for name in ("Upper Teeth", "Lower Teeth", "Tongue")])
    low, high = teeth.min(axis=0) - AROUND_TEETH, teeth.max(axis=0) + AROUND_TEETH
    low[0], high[0], high[2] = -np.inf, np.inf, np.inf  # the cheeks may lie farther out
    near = skin[((at > low) & (at < high))[skin].all(axis=(1, 2))]
    goes = head.jaw[near].mean(axis=1) > 0.5
    upper_lip, lower_lip = (skin[head.regions[name][skin].all(axis=1)] for name in ("upper_lip", "lower_lip"))
    return Watched(skin, (lids[0], lids[1]), (contact[0], contact[1]), near[~goes], near[goes], (upper_lip, lower_lip))


def posed(part: AssetPart, pose: Pose) -> Floats:
    """The vertices (V, 3) of a part in a pose, units."""
    return np.asarray(part.vertices + posed_by(part.keys, pose))


@torch.inference_mode()
def surface_figures(head: HeadTemplate, built: Built, watched: Watched) -> dict[str, float]:
    """What a neutral head shows: distances to the raw surface, mm, of what is seen from the front, and of all of the
    face, folds and inner edges that the raw surface has not included; quads that fold; gaps between lids and eyes, mm.

    head: the quads on the template.
    built: the head.
    watched: its skin.
    """
    placed = built.placed
    used = np.unique(watched.skin)
    in_face = used[head.regions["face"][used]]
    at = torch.from_numpy(placed.opened[in_face])
    away = MILLIMETRES_PER_UNIT * built.field.distance(at, built.field.template_coordinates(at)).abs().numpy()
    depth = depth_below(placed.opened, in_face, watched.skin, 2, CELL)
    seen = away[depth < VISIBLE]
    folded, turned = flipped(head, placed.neutral)
    coarser = {
        f"folded_quads_of_level_{number}": float(
            (fold_cosine(unfolded(placed.neutral, level.quads), level.quads) < 0).sum()
        )
        for number, level in enumerate(head.levels[1:], 1)
    }
    gap = MILLIMETRES_PER_UNIT * np.concatenate([gaps(built, watched, side, {}) for side in (0, 1)])
    crossing = np.any([head.regions[name] for name in MAY_CROSS], axis=0)
    return {
        "face_to_raw_mm": float(seen.mean()),
        "face_to_raw_95th_percentile_mm": float(np.percentile(seen, 95)),
        "all_face_to_raw_95th_percentile_mm": float(np.percentile(away, 95)),
        "folded_quads": float(folded.sum()),
        **coarser,
        "turned_quads": float(turned.sum()),
        "crossing_triangles": float(len(crossing_pairs(placed.neutral, watched.skin[crossing[watched.skin].all(1)]))),
        "eye_gap_mm": float(gap.max()),
    }


def gaps(built: Built, watched: Watched, side: int, pose: Pose) -> Floats:
    """How far the lids of an eye are from its ball and cornea (P,), units, at each place along them; there is no gap
    where the nearest of the rings touches it or lies within.

    built: the head; watched: its skin.
    side: 0 for the left eye, 1 for the right one.
    pose: strengths of the actions.
    """
    eye = built.placed.balls[side]
    away = posed(built.parts["Head"], pose)[watched.contact[side]] - eye.centre
    distance = np.linalg.norm(away, axis=-1)
    gap: Floats = (distance - eye.reach(away / distance[..., None], eye.gaze(pose))).min(axis=0)
    return gap


def flipped(head: HeadTemplate, vertices: Floats) -> tuple[Bools, Bools]:
    """Which quads of the skin (Q,) are folded, their two triangles facing more than 90 degrees apart, and which are
    turned, facing more than 90 degrees from where the same quad faces on the template.

    vertices (V, 3): of a head, units.
    """
    level = head.levels[0]
    faces = triangles(level.quads[level.material == MATERIALS.index("Skin")])

    def normals(at: Floats) -> Floats:
        a, b, c = (at[faces[:, k]] for k in range(3))
        return np.asarray(np.cross(b - a, c - a).reshape(-1, 2, 3))

    now, before = normals(vertices), normals(head.points)
    folded = (now[:, 0] * now[:, 1]).sum(axis=1) < 0
    turned = (now.sum(axis=1) * before.sum(axis=1)).sum(axis=1) < 0
    return folded, turned


def piercing(built: Built, watched: Watched, pose: Pose) -> dict[str, float]:
    """How far parts come out through the skin in a pose, mm, 0 where they do not.

    An eyeball comes out where it is farther from its middle than all skin of its lids in the same direction. Teeth and
    tongue come out through the skin of their own jaw where all of it lies behind them, seen from the front, and through
    the cheeks, likewise from the side; an open mouth has no skin in these places. "over the other lip": teeth in front
    of the other jaw's lip, which bites on a lip do, too. "lid gaps": between lids and eyeballs.

    built: the head.
    watched: its skin.
    pose: strengths of the actions.
    """
    skin, ball = posed(built.parts["Head"], pose), built.parts["Eye Left"].levels[0]
    outside = np.unique(ball.quads[np.isin(ball.material, OUTSIDE_OF_EYE)])
    found: dict[str, list[float]] = defaultdict(list)
    for (name, _), centre, lids in zip(EYES, built.placed.eyes, watched.lids, strict=True):
        found["eyes"].append(out_of_lids(skin, lids, posed(built.parts[name], pose)[outside], centre))
        found["caruncles"].append(out_of_lids(skin, lids, posed(built.parts["Caruncles"], pose), centre))
    found[GAPS] += [MILLIMETRES_PER_UNIT * max(0.0, float(gaps(built, watched, side, pose).max())) for side in (0, 1)]
    out_of: dict[str, list[tuple[str, Ints]]] = {
        "Upper Teeth": [("upper teeth", watched.upper), ("over the other lip", watched.lips[1])],
        "Lower Teeth": [("lower teeth", watched.lower), ("over the other lip", watched.lips[0])],
        "Tongue": [("tongue", watched.lower)],
    }
    sides = np.array([[1.0, 1.0, 1.0], [-1.0, 1.0, 1.0]], np.float32)
    around = np.concatenate([watched.upper, watched.lower])
    cheeks = [around[(skin[around][:, :, 0] * flip[0] > 0).all(axis=1)] for flip in sides]
    for name, through in out_of.items():
        if name == "Tongue" and pose.get("tongueOut", 0.0) > TONGUE_OUT:
            continue
        points = posed(built.parts[name], pose)
        for what, faces in through:
            found[what].append(in_front(skin, faces, points, 2))
        for flip, cheek in zip(sides, cheeks, strict=True):
            on_side = points[points[:, 0] * flip[0] > 0]
            found["cheeks"].append(in_front(skin * flip, cheek, on_side * flip, 0))
    return {what: max(depths) for what, depths in found.items()}


def in_front(skin: Floats, faces: Ints, points: Floats, axis: int, cell: float = CELL) -> float:
    """How far the foremost of points (N, 3) lies in front of all skin along an axis, units of that axis in mm; 0 where
    none does or where there is no skin.

    skin (V, 3): units; faces (F, 3): of it.
    cell: side of the squares in which heights are kept.
    """
    at = np.concatenate([skin, points]).astype(np.float32)
    depth = depth_below(at, np.arange(len(skin), len(at), dtype=np.int32), faces, axis, cell)
    return float(MILLIMETRES_PER_UNIT * max(0.0, -depth[np.isfinite(depth)].min(initial=0.0)))


def out_of_lids(skin: Floats, lids: Ints, eye: Floats, centre: Floats) -> float:
    """How far an eyeball's outside comes out through its lids, mm.

    skin (V, 3): units; lids (F, 3): triangles of it.
    eye (N, 3): points of the eyeball, units.
    centre (3,): of the eyeball, units.
    """

    def around(points: Floats) -> Floats:
        x, y, z = np.moveaxis(points - centre, -1, 0)
        radius = np.sqrt(x**2 + y**2 + z**2)
        return np.stack([np.arctan2(x, z), np.arcsin(y / np.maximum(radius, 1e-9)), radius], axis=-1)

    seen = around(eye)
    return in_front(around(skin), lids, seen[np.abs(seen[:, 0]) < FRONT_OF_EYE], 2, ANGLE_CELL)


def pierced(heads: list[int], depths: list[dict[str, dict[str, float]]]) -> dict[str, float | str]:
    """Of each part: on how many heads it comes out through the skin in any pose, and how far, where and when at worst;
    every pose in which one does is printed.

    heads: their indices.
    depths: of each head, pose -> part -> mm, as of `piercing`.
    """
    figures: dict[str, float | str] = {}
    for part in depths[0]["at rest"]:
        worst = {pose: [head.get(pose, {}).get(part, 0.0) for head in depths] for pose in depths[0]}
        for pose, values in worst.items():
            if max(values) > SEEN:
                count, at = sum(value > SEEN for value in values), heads[int(np.argmax(values))]
                print(f"  {part}: {count:>3} heads, {max(values):5.2f} mm at worst (head {at}) in {pose}")
        deepest = max(worst, key=lambda pose: max(worst[pose]))
        each = np.max(list(worst.values()), axis=0)
        name = part.replace(" ", "_") + ("" if part == GAPS else "_out")
        figures[f"heads_with_{name}"] = int((each > SEEN).sum())
        figures[f"{name}_mm"] = round(float(each.max()), 3)
        figures[f"{name}_in"] = f"{deepest}, head {heads[int(np.argmax(worst[deepest]))]}" if each.max() else ""
    return figures
