"""Captioned renders of heads of known z_id: what the contrastive training and MLP_id see (CLIP-Head, section 2.1).

    python -m training words_renders --assets ASSETS --count 10000
    python -m training words_renders --assets ASSETS --count 10000 --diffusion FOLDER

Every pair is a person of its own, drawn as the teacher's heads are and encoded to z_id, with a hair style, an
expression, colours, and a yaw. The head is what the embedded NPHM decodes of z_id; its normals are rendered. The image
is made from them by Stable Diffusion under a ControlNet for normal maps, where --diffusion names such a pipeline in
diffusers' layout (as save_pretrained writes it, safetensors only), and else shows the teacher's own textures in soft
light. One person in ten is held out. Kept in parts, so that a second call goes on; written as one renders.npz:

    images (N, SIZE, SIZE, 3) sRGB bytes; captions (N, CAPTIONS); z_id (N, 64 + 39 L) without hair; style, beard,
    expression (N,) names; held_out (N,) 0 or 1.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator
from tqdm import trange

from clip_head.core.fit.identity import displacement_basis
from clip_head.core.models import EMBEDDED
from clip_head.core.types import Bytes, Floats, Ints
from clip_head.core.uv.view import RasterisedView, rasterised_view
from clip_head.training.language.appearance_captions import caption
from clip_head.training.language.expressions import HELD_OUT, PHRASES
from clip_head.training.language.sentences import draw_style
from clip_head.training.nphm.projection import Projection, load_projection
from clip_head.training.skins.albedo import albedo_at
from clip_head.training.skins.assets import SkinAssets, load_assets, smooth_field
from clip_head.training.skins.locate import HAIRLINE_BORDER, HAIRLINE_ROUNDS, HAIRLINE_WIDTH
from clip_head.training.teacher.appearance import Appearance, sample_appearance
from clip_head.training.teacher.dataset import (
    Attributes,
    TeacherDataset,
    expression_offsets,
    follow_base,
    interpolate,
    load_teacher,
)
from clip_head.training.teacher.identities import (
    IdentityBasis,
    base_vertices,
    basis_of,
    random_person,
    shape_reading,
    template_base,
    with_seen,
)
from clip_head.training.text.diffusion import Painter, load_painter

#: Side of an image, pixels; the image tower reads a little less, 64.
SIZE = 80
#: Images are drawn larger by this factor, then averaged, against jagged edges.
OVERSAMPLING = 2
#: Half of the height of the view, and its middle, units.
HALF_HEIGHT, MIDDLE = 0.56, np.array([0.0, 0.06, -0.12], dtype=np.float32)
#: Direction towards the light, of about length 1: from the viewer's upper right.
LIGHT = np.array([0.35, 0.5, 0.8], dtype=np.float32) / np.float32(1.006)
#: Shading is AMBIENT + FROM_ABOVE times the normal's y + DIFFUSE times its cosine to the light.
AMBIENT, FROM_ABOVE, DIFFUSE = 0.5, 0.125, 0.5
#: Standard deviations of a view's yaw and pitch, radians, and range of its background's grey.
YAW_DEVIATION, PITCH_DEVIATION, BACKGROUND = 0.35, 0.1, (0.3, 0.7)
#: Probability of a neutral expression, and that a caption leaves out a neutral one, and another one.
NEUTRAL, NEUTRAL_UNMENTIONED, UNMENTIONED = 0.25, 0.8, 0.05
#: Renders in a file: what an interruption costs at most.
PART = 100
#: Captions of a render.
CAPTIONS = 6
#: Every caption is the longest of so many draws, and of this many characters at most, which the text tower reads whole:
#: so it describes much of the picture.
CAPTION_DRAWS, MOST_CHARACTERS = 4, 190
#: One person in so many is held out.
HELD_OUT_EVERY = 10
#: Side of the normal map that Stable Diffusion is given, pixels.
HINT_SIZE = 512


@dataclass(frozen=True)
class View:
    """Camera of a render, without perspective.

    yaw: of the head to its left, radians.
    pitch: of the head downwards, radians.
    background: its grey, 0 to 1.
    """

    yaw: float
    pitch: float
    background: float


@dataclass(frozen=True)
class Scene:
    """What one render shows.

    person: who it is.
    z_id: identity code without hair.
    style, expression: names in the teacher dataset.
    appearance: colours.
    view: of the camera.
    """

    person: Attributes
    z_id: Floats
    style: str
    expression: str
    appearance: Appearance
    view: View


@dataclass(frozen=True)
class Studio:
    """All that renders are made with, read once.

    dataset: the teacher's heads, hair and expressions.
    assets: the teacher's textures.
    basis: displacements of the base mesh that make a person.
    reading: what reads shapes off them (identities.shape_reading).
    mean_base: (B, 3) its vertices on the mean adult, units.
    projection: from heads to z_id.
    mean, axes: (3 V,), (Z, 3 V) displacements of the template's V vertices by the embedded NPHM: mean + z_id @ axes.
    is_hair: style -> (Vu,) 0 skin to 1 hair.
    """

    dataset: TeacherDataset
    assets: SkinAssets
    basis: IdentityBasis
    reading: tuple[Floats, Ints]
    mean_base: Floats
    projection: Projection
    mean: Floats
    axes: Floats
    is_hair: dict[str, Floats]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--assets", type=Path, required=True, help="folder of the CC0 MakeHuman assets")
    parser.add_argument("--nphm", type=Path, default=EMBEDDED / "nphm", help="folder of the NPHM")
    parser.add_argument("--diffusion", type=Path, help="folder of a StableDiffusionControlNetPipeline for normal maps")
    parser.add_argument("--out", type=Path, default=Path("out/training/words"))
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> None:
    """Draw what is missing of args.count renders, then join the parts."""
    studio = open_studio(args.teacher, args.assets, args.nphm)
    paint = load_painter(args.diffusion, SIZE) if args.diffusion else None
    parts = args.out / "renders"
    parts.mkdir(parents=True, exist_ok=True)
    paths = [parts / f"{args.seed}_{start:06d}.npz" for start in range(0, args.count, PART)]
    for number in trange(len(paths), desc="renders", unit=f" x {PART}"):
        if not paths[number].is_file():
            records = draw_records(studio, range(number * PART, (number + 1) * PART), args.seed, paint)
            arrays = {name: np.stack([record[name] for record in records]) for name in records[0]}
            temporary = paths[number].with_suffix(".tmp.npz")
            np.savez_compressed(temporary, **arrays)
            temporary.replace(paths[number])
    loaded = [dict(np.load(path)) for path in paths]
    joined = {name: np.concatenate([part[name] for part in loaded])[: args.count] for name in loaded[0]}
    np.savez_compressed(args.out / "renders.npz", **joined)


def open_studio(teacher: Path, assets: Path, nphm: Path) -> Studio:
    """Read what renders are made with; raises ClipHeadError where something is missing."""
    dataset = load_teacher(teacher)
    network, projection = load_projection(nphm, dataset.template)
    basis = basis_of(teacher)
    displacements = displacement_basis(network, dataset.template.vertices)
    return Studio(
        dataset,
        load_assets(assets, dataset.template),
        basis,
        shape_reading(basis),
        template_base(basis),
        projection,
        displacements[0].ravel(),
        displacements[1:].reshape(len(displacements) - 1, -1),
        {name: hair_fraction(style.is_hair, style.faces) for name, style in dataset.styles.items()},
    )


def hair_fraction(is_hair: np.ndarray, faces: Ints) -> Floats:
    """(Vu,) 0 skin to 1 hair with a smooth hairline; the mesh's own mask would leave it jagged.

    is_hair: (Vu,) the mesh's mask.
    faces: (F, 3) vertex indices of the mesh.
    """
    if not is_hair.any():
        return is_hair.astype(np.float32)
    smooth = smooth_field(is_hair, faces, HAIRLINE_ROUNDS)
    return np.clip((smooth - HAIRLINE_BORDER) / HAIRLINE_WIDTH, 0, 1).astype(np.float32)


def draw_records(
    studio: Studio, indices: range, seed: int, paint: Painter | None = None
) -> list[dict[str, np.ndarray]]:
    """The renders of these numbers with their captions, and what they show, as arrays by name.

    studio: what they are made with.
    indices: their numbers, each with random numbers of its own.
    seed: of all renders.
    paint: makes an image of normals; None: the teacher's textures.
    """
    template = studio.dataset.template
    rngs = [np.random.default_rng([seed, 7, index]) for index in indices]
    people = [with_seen(studio.basis, *studio.reading, random_person(rng, studio.basis.mode_count)) for rng in rngs]
    base_offsets = [base_vertices(studio.basis, person) - studio.mean_base for person in people]
    true_offsets = [studio.dataset.subdivision @ offsets for offsets in base_offsets]
    heads = [(template.vertices + offsets).astype(np.float32) for offsets in true_offsets]
    z_id = np.stack([studio.projection.code(head) for head in heads])
    decoded_offsets = (studio.mean + z_id @ studio.axes).reshape(len(z_id), -1, 3)
    records = []
    for row, index in enumerate(indices):
        scene = draw_scene(studio, people[row], z_id[row], rngs[row])
        surface = scene_surface(studio.dataset, scene, base_offsets[row], decoded_offsets[row] - true_offsets[row])
        captions = scene_captions(scene, rngs[row])
        if paint:
            faces = studio.dataset.styles[scene.style].faces
            image = paint(normal_map(rasterised(surface, faces, scene.view, HINT_SIZE)), captions[0], index)
        else:
            image = textured(studio, scene, surface)
        record = {
            "images": image,
            "captions": np.array(captions, dtype="U300"),
            "z_id": scene.z_id.astype(np.float16),
            "style": np.array(scene.style, dtype="U20"),
            "beard": np.array(scene.appearance.beard, dtype="U20"),
            "expression": np.array(scene.expression, dtype="U30"),
            "held_out": np.array(int(index % HELD_OUT_EVERY == HELD_OUT_EVERY - 1)),
        }
        records.append(record)
    return records


def draw_scene(studio: Studio, person: Attributes, z_id: Floats, rng: Generator) -> Scene:
    """Hair, expression, colours and a view for a person with this identity code."""
    style = draw_style(person, sorted(studio.dataset.styles), rng)
    expression = "neutral" if rng.random() < NEUTRAL else str(rng.choice(list(PHRASES)))
    appearance = sample_appearance(person, rng, studio.assets.names)
    view = View(
        float(rng.normal(0, YAW_DEVIATION)), float(rng.normal(0, PITCH_DEVIATION)), float(rng.uniform(*BACKGROUND))
    )
    return Scene(person, z_id, style, expression, appearance, view)


def scene_surface(dataset: TeacherDataset, scene: Scene, displacement: Floats, correction: Floats) -> Floats:
    """The vertices (Vu, 3) of a scene's head with its hair and expression, units.

    dataset: the teacher's heads.
    scene: what is shown.
    displacement: (B, 3) of the teacher's base mesh, which hair follows, units.
    correction: (V, 3) from the teacher's head to NPHM's, units.
    """
    hair = dataset.styles[scene.style]
    head = dataset.template.vertices + (dataset.subdivision @ displacement).astype(np.float32) + correction
    # Lips that cross are not seen at this size, and would take most of the time.
    offsets = correction + expression_offsets(dataset, scene.expression, head, separate=False)
    offsets = interpolate(offsets, dataset.template.faces, hair.template_face, hair.template_bary)
    return follow_base(hair, displacement) + offsets * hair.follow[:, None]


def scene_captions(scene: Scene, rng: Generator) -> list[str]:
    """CAPTIONS sentences that describe much of a render of the scene, in words that training may see.

    scene: what is shown.
    rng: of the draws.
    """
    phrases = [phrase for phrase in PHRASES[scene.expression] if phrase not in HELD_OUT]

    def draw_caption() -> str:
        unmentioned = rng.random() < (NEUTRAL_UNMENTIONED if scene.expression == "neutral" else UNMENTIONED)
        phrase = "" if unmentioned else str(rng.choice(phrases))
        return caption(scene.person, scene.appearance, scene.style, phrase, rng)

    def length_within_limit(words: str) -> int:
        return len(words) if len(words) <= MOST_CHARACTERS else -len(words)

    return [max((draw_caption() for _ in range(CAPTION_DRAWS)), key=length_within_limit) for _ in range(CAPTIONS)]


def textured(studio: Studio, scene: Scene, surface: Floats) -> Bytes:
    """An image (SIZE, SIZE, 3) of the scene in the teacher's own textures, under soft light.

    studio: what it is made with.
    scene: what is shown.
    surface: (Vu, 3) of scene_surface, units.
    """
    hair = studio.dataset.styles[scene.style]
    view = rasterised(surface, hair.faces, scene.view, SIZE * OVERSAMPLING)
    visible = np.unique(view.corners)
    colours = np.zeros((len(surface), 3), np.float32)
    colours[visible] = albedo_at(
        studio.assets,
        scene.appearance,
        hair.template_face[visible],
        hair.template_bary[visible],
        studio.is_hair[scene.style][visible],
        hair.vertices[visible],
    )
    return shaded(view, colours, scene.view.background)


def rasterised(vertices: Floats, faces: Ints, view: View, size: int) -> RasterisedView:
    """What a camera sees of a surface.

    vertices: (V, 3) units, in the frame of the heads.
    faces: (F, 3) vertex indices.
    view: of the camera.
    size: pixels along a side.
    """
    turned = (vertices - MIDDLE) @ rotation(view.yaw, view.pitch).T
    return rasterised_view(turned, faces, HALF_HEIGHT, size)


def shaded(view: RasterisedView, colours: Floats, background: float) -> Bytes:
    """An image (H / OVERSAMPLING, W / OVERSAMPLING, 3) of sRGB bytes.

    view: of the surface, H x W pixels.
    colours: (V, 3) sRGB of its vertices, 0 to 1.
    background: its grey, 0 to 1.
    """
    normal = view.normals
    shade = AMBIENT + FROM_ABOVE * normal[:, 1:2] + DIFFUSE * np.maximum(normal @ LIGHT, 0)[:, None]
    image = np.full((*view.covered.shape, 3), background, np.float32)
    image[view.covered] = np.einsum("pk,pkc->pc", view.weights, colours[view.corners]) * shade
    size = len(image) // OVERSAMPLING
    small = image.reshape(size, OVERSAMPLING, size, OVERSAMPLING, 3).mean(axis=(1, 3))
    return (small.clip(0, 1) * 255 + 0.5).astype(np.uint8)


def normal_map(view: RasterisedView) -> Bytes:
    """An image (H, W, 3) of the normals, from -1 to 1 as 0 to 255, as ControlNets for normals read them; the
    background faces the camera."""
    image = np.zeros((*view.covered.shape, 3), np.float32)
    image[..., 2] = 1.0
    image[view.covered] = view.normals
    return np.round((image + 1) * 127.5).astype(np.uint8)


def rotation(yaw: float, pitch: float) -> Floats:
    """The rotation (3, 3) of a head to its left by yaw, then downwards by pitch, radians."""
    cy, sy, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    return (about_x @ about_y).astype(np.float32)
