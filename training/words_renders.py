"""Captioned renders of teacher heads: what the contrastive training and MLP_id look at.

    python -m training words_renders --count 1800

Every render shows a head of the dataset with a hair style, an expression, an appearance and a yaw of its own, soft
light, a grey background. Kept in parts, so that a second call goes on; written as one renders.npz of bytes.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator
from tqdm import trange

from clip_head.core.nphm.model import vertex_normals
from clip_head.core.types import Bytes, Floats, Ints
from clip_head.core.uv.raster import rasterise
from clip_head.training.teacher.dataset import (
    LEFT_EYE,
    MOUTH,
    RIGHT_EYE,
    Attributes,
    TeacherDataset,
    TeacherMesh,
    expression_offsets,
    held_out_indices,
    interpolate,
    load_teacher,
    mesh_offsets,
    teacher_mesh,
)
from clip_head.training.words_expressions import HELD_OUT, PHRASES
from clip_head.training.words_people import draw_style, person_sentence

SIZE = 112
#: Drawn this much larger, then averaged: edges without steps.
OVERSAMPLING = 2
#: Half of the height that is seen, and its middle, in units.
REACH, MIDDLE = 0.6, np.array([0.0, 0.06, -0.12], dtype=np.float32)
LIGHT = np.array([0.35, 0.5, 0.8], dtype=np.float32) / np.float32(1.006)
PART = 100
#: Radius of an iris, in units.
IRIS = 0.026
CAPTIONS = 6

#: Colours in sRGB. Skin by ancestry, darkest and lightest.
SKIN = {
    "african": ((0.22, 0.13, 0.09), (0.47, 0.31, 0.22)),
    "asian": ((0.72, 0.52, 0.38), (0.88, 0.72, 0.58)),
    "caucasian": ((0.78, 0.58, 0.48), (0.94, 0.78, 0.70)),
}
HAIR = {
    "black": (0.06, 0.05, 0.05), "brown": (0.27, 0.16, 0.09), "blond": (0.80, 0.65, 0.36), "red": (0.56, 0.19, 0.07),
    "grey": (0.55, 0.55, 0.56), "white": (0.88, 0.88, 0.88), "blue": (0.15, 0.25, 0.75), "pink": (0.90, 0.35, 0.60),
    "green": (0.18, 0.55, 0.22),
}  # fmt: skip
#: Paint on the face: colour of skin, lips and eyelids, None where bare, and what one calls it.
PAINTS = {
    "clown": ((0.95, 0.95, 0.95), (0.85, 0.05, 0.08), (0.15, 0.35, 0.85), ("with clown makeup", "with a clown face")),
    "joker": ((0.93, 0.93, 0.92), (0.70, 0.05, 0.08), (0.05, 0.05, 0.06), ("with joker makeup", "with joker paint")),
    "lipstick": (None, (0.75, 0.06, 0.12), None, ("with red lipstick", "with red lips")),
    "smoky": (None, None, (0.10, 0.08, 0.10), ("with dark eyeshadow", "with smoky eye makeup")),
}


@dataclass(frozen=True)
class Look:
    """Colours of a head, in sRGB, and what a caption may say of them."""

    skin: Floats
    lips: Floats
    lids: Floats
    hair: Floats
    hair_word: str
    asides: tuple[str, ...]


@dataclass(frozen=True)
class View:
    """Camera and light of a render: the head turned by yaw and pitch, in radians, seen without perspective."""

    yaw: float
    pitch: float
    background: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--out", type=Path, default=Path("out/training/words"))
    parser.add_argument("--count", type=int, default=1800)
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> None:
    """Draw what is missing of args.count renders, then join the parts."""
    dataset = load_teacher(args.teacher)
    parts = args.out / "renders"
    parts.mkdir(parents=True, exist_ok=True)
    paths = [parts / f"{args.seed}_{start:06d}.npz" for start in range(0, args.count, PART)]
    for number in trange(len(paths), desc="renders", unit=f" x {PART}"):
        if not paths[number].is_file():
            records = [draw_record(dataset, k, args.seed) for k in range(number * PART, (number + 1) * PART)]
            arrays = {name: np.stack([record[name] for record in records]) for name in records[0]}
            temporary = paths[number].with_suffix(".tmp.npz")
            np.savez_compressed(temporary, **arrays)
            temporary.replace(paths[number])
    loaded = [dict(np.load(path)) for path in paths]
    joined = {name: np.concatenate([part[name] for part in loaded])[: args.count] for name in loaded[0]}
    np.savez_compressed(args.out / "renders.npz", **joined)


def draw_record(dataset: TeacherDataset, index: int, seed: int) -> dict[str, np.ndarray]:
    """Render number `index` with its captions, and what it shows: head, style, expression."""
    rng = np.random.default_rng([seed, 7, index])
    head = index % len(dataset.attributes)
    person = dataset.attributes[head]
    style = draw_style(person, sorted(dataset.styles), rng)
    expression = "neutral" if rng.random() < 0.3 else str(rng.choice(list(PHRASES)))
    look = draw_look(person, rng)
    view = View(float(rng.normal(0, 0.35)), float(rng.normal(0, 0.1)), float(rng.uniform(0.3, 0.7)))
    mesh = teacher_mesh(dataset, head, style)
    image = draw(posed(dataset, mesh, expression), mesh.faces, vertex_colours(dataset, mesh, look), view)
    phrases = [phrase for phrase in PHRASES[expression] if phrase not in HELD_OUT]
    captions = []
    for _ in range(CAPTIONS):
        silent = rng.random() < (0.8 if expression == "neutral" else 0.15)
        phrase = "" if silent else str(rng.choice(phrases))
        asides = look.asides if rng.random() < 0.8 else ()
        captions.append(person_sentence(person, style, rng, phrase, look.hair_word, asides))
    return {
        "images": image,
        "captions": np.array(captions, dtype="U300"),
        "head": np.array(head),
        "style": np.array(style, dtype="U20"),
        "expression": np.array(expression, dtype="U30"),
        "held_out": np.array(int(head in held_out_indices(dataset))),
    }


def draw(vertices: Floats, faces: Ints, colours: Floats, view: View, size: int = SIZE) -> Bytes:
    """An image (size, size, 3) of sRGB bytes of a surface with one sRGB colour (0 to 1) per vertex."""
    turn = rotation(view.yaw, view.pitch)
    seen = (vertices - MIDDLE) @ turn.T
    full = size * OVERSAMPLING
    xy = np.stack([seen[:, 0], -seen[:, 1]], axis=1) * (full / 2 / REACH) + full / 2
    normals = vertex_normals(seen, faces)
    faces = faces[(normals[faces][..., 2] > 0).any(axis=1)]
    face, weights = rasterise(xy, -seen[:, 2], faces, full, full)
    covered = face >= 0
    corners = faces[face[covered]]
    normal = np.einsum("pk,pkc->pc", weights[covered], normals[corners])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
    shade = 0.5 + 0.25 * normal[:, 1:2] * 0.5 + 0.5 * np.maximum(normal @ LIGHT, 0)[:, None]
    image = np.full((full, full, 3), view.background, np.float32)
    image[covered] = np.einsum("pk,pkc->pc", weights[covered], colours[corners]) * shade
    small = image.reshape(size, OVERSAMPLING, size, OVERSAMPLING, 3).mean(axis=(1, 3))
    return (small.clip(0, 1) * 255 + 0.5).astype(np.uint8)


def rotation(yaw: float, pitch: float) -> Floats:
    """Turn the head to its left by yaw, then nod it down by pitch."""
    cy, sy, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    return (about_x @ about_y).astype(np.float32)


def posed(dataset: TeacherDataset, mesh: TeacherMesh, expression: str) -> Floats:
    """The vertices (Vu, 3) of a head with a named expression."""
    return mesh.vertices + mesh_offsets(mesh, dataset, expression_offsets(dataset, expression))


def draw_look(person: Attributes, rng: Generator) -> Look:
    """Colours such as the person might have; sometimes paint."""
    tone = rng.random()
    tones = [(1 - tone) * np.array(SKIN[race][0]) + tone * np.array(SKIN[race][1]) for race in person.ancestry]
    skin = np.average(tones, axis=0, weights=list(person.ancestry.values())).astype(np.float32)
    natural = {"black": 4.0, "brown": 3 * person.ancestry["caucasian"], "blond": 2 * person.ancestry["caucasian"]}
    natural |= {"red": person.ancestry["caucasian"], "grey": 6.0 * (person.age > 50), "white": 5.0 * (person.age > 60)}
    colours = dict.fromkeys(HAIR, 0.25) | natural
    chances = np.array([colours[name] + 0.05 for name in HAIR])
    word = str(rng.choice(list(HAIR), p=chances / chances.sum()))
    lips = skin * np.array([0.85, 0.62, 0.62], np.float32)
    lids = skin * np.float32(0.93)
    asides: tuple[str, ...] = ()
    if rng.random() < 0.25:
        painted_skin, painted_lips, painted_lids, said = PAINTS[str(rng.choice(list(PAINTS)))]
        skin = skin if painted_skin is None else np.array(painted_skin, np.float32)
        lips = lips if painted_lips is None else np.array(painted_lips, np.float32)
        lids = lids if painted_lids is None else np.array(painted_lids, np.float32)
        asides = (str(rng.choice(said)),)
    return Look(skin, lips, lids, np.array(HAIR[word], np.float32), word, asides)


def vertex_colours(dataset: TeacherDataset, mesh: TeacherMesh, look: Look) -> Floats:
    """One colour (Vu, 3) per vertex of a head with hair, from the regions of the template."""
    template = dataset.template
    colours = np.tile(look.skin, (len(template.vertices), 1))
    for region, colour in (
        ("left_eyelids", look.lids),
        ("right_eyelids", look.lids),
        ("upper_lip", look.lips),
        ("lower_lip", look.lips),
        ("brows", look.hair * np.float32(0.7)),
    ):
        colours[template.regions[region]] = colour
    colours[template.faces[np.isin(template.part, (LEFT_EYE, RIGHT_EYE))].ravel()] = (0.9, 0.9, 0.9)
    for side in ("left", "right"):
        away = np.linalg.norm(template.vertices - template.vertices[template.landmarks[f"{side}_pupil"]], axis=1)
        colours[template.regions[f"{side}_eye"] & (away < IRIS)] = (0.15, 0.1, 0.08)
    colours[template.faces[template.part == MOUTH].ravel()] = (0.35, 0.12, 0.12)
    found = interpolate(colours, template.faces, mesh.template_face, mesh.template_bary)
    found[mesh.is_hair] = look.hair
    return found
