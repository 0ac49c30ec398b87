"""`python -m training skins_sheet`: a contact sheet of teacher heads in their colours, to look at."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from clip_head.core.normals import angle_weighted_normals
from clip_head.core.types import Bytes, Floats, Ints
from clip_head.core.uv.raster import rasterise
from clip_head.training.language.appearance_captions import caption
from clip_head.training.language.sentences import draw_style
from clip_head.training.skins.albedo import albedo_at
from clip_head.training.skins.assets import SkinAssets, load_assets
from clip_head.training.skins.locate import locate
from clip_head.training.teacher.appearance import MAKE_UP, MATERIALS, Appearance, sample_appearance
from clip_head.training.teacher.dataset import TeacherDataset, interpolate, load_teacher, teacher_mesh

#: Half of what a picture shows, from its middle to its edges, and the point in its middle; units.
_REACH, _MIDDLE = 0.6, np.array([0.0, 0.06, -0.12], dtype=np.float32)
#: Yaws that every head is shown from, radians: from the front, and from three quarters.
_YAWS = (0.0, 0.7)
#: sRGB of the background, each channel.
_BACKGROUND = 0.62
#: Direction towards the light; brightness of what it does not reach, and what it adds where it falls straight on.
_LIGHT, _AMBIENT, _DIFFUSE = np.array([-0.35, 0.5, 0.8], dtype=np.float32), 0.55, 0.5
#: Height of the caption below a head, and width of a letter, pixels.
_CAPTION, _LETTER = 26, 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--assets", type=Path, required=True, help="folder of the CC0 MakeHuman assets")
    parser.add_argument("--out", type=Path, default=Path("out/training/skins_sheet.png"))
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--count", type=int, default=16)
    parser.add_argument("--columns", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--style", help="one hair style for all")
    parser.add_argument("--make-up", choices=MAKE_UP, help="one make-up for all")
    parser.add_argument("--material", choices=MATERIALS, help="one material for all")


def run(args: argparse.Namespace) -> None:
    """Draw the sheet: every head from the front and from three quarters, its caption below."""
    dataset = load_teacher(args.teacher)
    assets = load_assets(args.assets, dataset.template)
    tiles = []
    for k in range(args.count):
        rng = np.random.default_rng((args.seed, k))
        index = int(rng.integers(len(dataset.attributes)))
        person = dataset.attributes[index]
        appearance = sample_appearance(person, rng, assets.names)
        style = args.style or draw_style(person, sorted(dataset.styles), rng)
        if args.make_up:
            hair = "green" if args.make_up == "joker" else appearance.hair
            appearance = replace(appearance, make_up=args.make_up, hair=hair)
        if args.material:
            appearance = replace(appearance, material=args.material)
        views = [render_head(dataset, assets, appearance, index, style, yaw, args.size) for yaw in _YAWS]
        tiles.append(_labelled(np.hstack(views), caption(person, appearance, style, "", rng)))
    rows = [np.hstack(tiles[k : k + args.columns]) for k in range(0, len(tiles), args.columns)]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.vstack([row for row in rows if row.shape == rows[0].shape])).save(args.out)


def render_head(
    dataset: TeacherDataset,
    assets: SkinAssets,
    appearance: Appearance,
    index: int,
    style: str,
    yaw: float,
    size: int,
) -> Bytes:
    """(size, size, 3) picture of a head under soft light.

    dataset: the teacher.
    assets: the skins.
    appearance: the head's colours.
    index: number of the head in the dataset.
    style: of its hair.
    yaw: how far it is turned, radians.
    size: pixels.
    """
    mesh, hair = teacher_mesh(dataset, index, style), dataset.styles[style]
    face, bary, shade = view(mesh.vertices, mesh.faces, yaw, 2 * size)
    covered = face >= 0
    points = locate(dataset.template, hair, interpolate(hair.vertices, hair.faces, face[covered], bary[covered]))
    colours = albedo_at(
        assets, appearance, points.template_face, points.template_bary, points.is_hair, points.positions
    )
    picture = np.full((2 * size, 2 * size, 3), _BACKGROUND, dtype=np.float32)
    picture[covered] = colours * shade[covered][:, None]
    small = np.clip(picture, 0, 1).reshape(size, 2, size, 2, 3).mean(axis=(1, 3))
    return np.round(small * 255).astype(np.uint8)


def view(vertices: Floats, faces: Ints, yaw: float, size: int) -> tuple[Ints, Floats, Floats]:
    """Face (H, W), barycentric coordinates (H, W, 3) and shade (H, W) of a mesh seen without perspective.

    vertices: (V, 3), units.
    faces: (F, 3).
    yaw: how far the mesh is turned, radians.
    size: H and W, pixels.
    """
    cosine, sine = np.cos(yaw), np.sin(yaw)
    rotation = np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]], dtype=np.float32)
    turned = (vertices - _MIDDLE) @ rotation.T
    xy = (np.stack([turned[:, 0], -turned[:, 1]], axis=1) / _REACH + 1) * size / 2
    face, bary = rasterise(xy, -turned[:, 2], faces, size, size)
    normals = angle_weighted_normals(vertices, faces) @ rotation.T
    brightness = _AMBIENT + _DIFFUSE * np.clip(normals @ (_LIGHT / np.linalg.norm(_LIGHT)), 0, 1)
    shade = np.zeros(face.shape, dtype=np.float32)
    covered = face >= 0
    shade[covered] = interpolate(brightness[:, None], faces, face[covered], bary[covered])[:, 0]
    return face, bary, shade


def _labelled(picture: Bytes, words: str) -> Bytes:
    image = Image.new("RGB", (picture.shape[1], picture.shape[0] + _CAPTION), "black")
    image.paste(Image.fromarray(picture))
    per_line = picture.shape[1] // _LETTER
    ImageDraw.Draw(image).text(
        (3, picture.shape[0]), f"{words[:per_line]}\n{words[per_line : 2 * per_line]}", fill="white"
    )
    return np.asarray(image)
