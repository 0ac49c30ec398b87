"""What the expressions do to lips and lids of a head of the embedded NPHM: gaps between the lips, eyes that do not
shut, lips that cross."""

from __future__ import annotations

import numpy as np
import torch
from scipy.spatial import cKDTree

from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.lips import Lips
from clip_head.core.types import MILLIMETRES_PER_UNIT, Bools, Floats, Ints
from clip_head.core.uv.raster import rasterise
from clip_head.training.teacher.dataset import LEFT_EYE, MOUTH, RIGHT_EYE, TeacherDataset, Template

#: Size of a pixel of the images in which openings are measured, millimetres: finer than any gap that one sees.
PIXEL = 0.15
#: Distance from the eyeballs beyond which a blink may move nothing, millimetres: eyelids end before.
REST = 12.0
#: The part that each eye's region is.
EYES = {"left_eye": LEFT_EYE, "right_eye": RIGHT_EYE}
#: Actions, by the start of their names, that open the mouth.
OPENING = ("jawOpen", "mouthFunnel", "mouthPucker", "mouthUpperUp", "mouthLowerDown", "mouthStretch", "tongueOut")


@torch.no_grad()
def canonical_vertices(network: EmbeddedNPHM, template: Template, z_id: Floats) -> Floats:
    """The template's vertices (V, 3) on the head of an identity code, in canonical pose, units.

    network: the embedded NPHM.
    template: the teacher's mean head.
    z_id: (id_size,) identity code.
    """
    points = torch.from_numpy(template.vertices)
    return (points + network.members(torch.from_numpy(z_id)).displacement(points)).numpy()


def expression_figures(dataset: TeacherDataset, network: EmbeddedNPHM, heads: list[Floats]) -> dict[str, float]:
    """Figures over several heads, of each the worst.

    lip_gap_*_mm: height of the opening between the lips, seen from the front, in neutral and in the expressions that
    do not open the mouth. lip_crossing_*_mm: how deep one lip goes into the other, over the named expressions and over
    single actions. Others as of lid_figures.

    dataset: the teacher's heads.
    network: the embedded NPHM.
    heads: identity codes (id_size,) of the heads.
    """
    template = dataset.template
    upper, lower = (template.regions[name] for name in ("upper_lip", "lower_lip"))
    lips = Lips.on(template.vertices, template.faces, upper, lower)
    actions = network.config.actions
    named = {
        name: np.array([weights.get(action, 0.0) for action in actions], np.float32)
        for name, weights in dataset.expressions.table.items()
    }
    single = dict(zip(actions, np.eye(len(actions), dtype=np.float32), strict=True))
    shut = [
        name for name, weights in dataset.expressions.table.items() if not any(a.startswith(OPENING) for a in weights)
    ]
    gaps: dict[str, list[float]] = {name: [] for name in shut}
    lids: list[dict[str, float]] = []
    crossings: dict[str, dict[str, float]] = {"expressions": {}, "actions": {}}
    for z_id in heads:
        vertices = canonical_vertices(network, template, z_id)

        def posed(z_exp: Floats, canonical: Floats = vertices) -> Floats:
            offsets: Floats = network.sheet_offsets(torch.from_numpy(canonical), torch.from_numpy(z_exp)).numpy()
            return canonical + offsets

        blink = single["eyeBlinkLeft"] + single["eyeBlinkRight"]
        lids.append(lid_figures(template, *(posed(weight * blink) for weight in (0.0, 0.5, 1.0))))
        for kind, table in (("expressions", named), ("actions", single)):
            for name, z_exp in table.items():
                moved = posed(z_exp)
                crossings[kind][name] = max(lip_crossing(lips, moved), crossings[kind].get(name, 0.0))
                if kind == "expressions" and name in gaps:
                    gaps[name].append(lip_gap(template, moved))
    figures = {
        "lip_gap_neutral_mm": max(gaps.pop("neutral")),
        "lip_gap_shut_expressions_mm": max(map(max, gaps.values())),
    }
    print("lips stay open most in:", ", ".join(f"{name} {max(gap):.2f} mm" for name, gap in gaps.items()))
    figures["eye_open_half_blink_least"] = min(entry["eye_open_half_blink"] for entry in lids)
    figures["eye_open_half_blink_greatest"] = max(entry["eye_open_half_blink"] for entry in lids)
    figures |= {name: max(entry[name] for entry in lids) for name in lids[0] if name != "eye_open_half_blink"}
    for kind, depths in crossings.items():
        figures[f"lip_crossing_{kind}_mm"] = max(depths.values())
        worst = sorted(depths.items(), key=lambda entry: -entry[1])[:4]
        print(f"lips cross most in {kind}:", ", ".join(f"{name} {depth:.2f} mm" for name, depth in worst))
    return figures


def lid_figures(template: Template, neutral: Floats, half: Floats, shut: Floats) -> dict[str, float]:
    """What a blink does to one head, seen from the front.

    eye_open_half_blink: visible area of the eyeballs half way, relative to that in neutral. lid_gap_mm: greatest height
    of what is still seen of them when shut. blink_moves_rest_mm: how far the blink moves anything more than REST from
    the eyes.

    template: the teacher's mean head.
    neutral, half, shut: (V, 3) of the head with the blinks at 0, 0.5 and 1, units.
    """
    eyeballs = template.regions["left_eye"] | template.regions["right_eye"]
    rest = cKDTree(template.vertices[eyeballs]).query(template.vertices)[0] * MILLIMETRES_PER_UNIT > REST
    moved = max(float(np.linalg.norm((pose - neutral)[rest], axis=1).max()) for pose in (half, shut))
    return {
        "eye_open_half_blink": eye_area(template, half) / eye_area(template, neutral),
        "lid_gap_mm": float(max(_eye_pixels(template, shut, eye).sum(axis=0).max() for eye in EYES) * PIXEL),
        "blink_moves_rest_mm": moved * MILLIMETRES_PER_UNIT,
    }


def lip_gap(template: Template, vertices: Floats) -> float:
    """Height of the highest opening between the lips, seen from the front, millimetres.

    template: the teacher's mean head.
    vertices: (V, 3) of the posed head, units.
    """
    lips = vertices[template.regions["upper_lip"] | template.regions["lower_lip"]]
    face = _front_view(vertices, template.faces, lips.min(axis=0), lips.max(axis=0))
    open_pixels = (face >= 0) & (template.part[face] == MOUTH)
    return float(open_pixels.sum(axis=0).max() * PIXEL)


def eye_area(template: Template, vertices: Floats) -> float:
    """How much of both eyeballs is seen from the front, square millimetres.

    template: the teacher's mean head.
    vertices: (V, 3) of the posed head, units.
    """
    return float(sum(_eye_pixels(template, vertices, eye).sum() for eye in EYES) * PIXEL**2)


def _eye_pixels(template: Template, vertices: Floats, eye: str) -> Bools:
    """(H, W) where an image from the front shows an eyeball. eye: name of its region; others as of eye_area."""
    ball = vertices[template.regions[eye]]
    face = _front_view(vertices, template.faces, ball.min(axis=0), ball.max(axis=0))
    return (face >= 0) & (template.part[face] == EYES[eye])


def lip_crossing(lips: Lips, vertices: Floats) -> float:
    """How far one lip lies beyond the other, millimetres, as Lips.crossing measures it; 0 where they do not cross.

    lips: of the template.
    vertices: (V, 3) of the posed head, units.
    """
    return float(np.abs(lips.crossing(vertices[lips.near])).max(initial=0.0) * MILLIMETRES_PER_UNIT)


def _front_view(vertices: Floats, faces: Ints, low: Floats, high: Floats) -> Ints:
    """(H, W) index of the face that each pixel of an image from the front shows; -1 where nothing is. low, high: (3,)
    corners of the box that the image frames, units."""
    scale = MILLIMETRES_PER_UNIT / PIXEL
    width, height = np.ceil((high - low)[:2] * scale).astype(int) + 1
    pixels = np.stack([vertices[:, 0] - low[0], high[1] - vertices[:, 1]], axis=1) * scale
    return rasterise(pixels, -vertices[:, 2], faces, int(height), int(width))[0]
