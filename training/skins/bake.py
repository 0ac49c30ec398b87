"""`python -m training skins`: teacher albedo baked into the aligned UV, with control images and captions.

    python -m training skins --assets MAKEHUMAN --count 1500

Every head is unwrapped once and coloured several times. Written to --out, per picture: NUMBER_albedo.png,
NUMBER_normal.png (the control image) and NUMBER.json (captions, head, style, appearance); the last is written last, so
that a second call goes on where the first was stopped. geometry/ keeps the unwrapped heads for other colours.
"""

from __future__ import annotations

import argparse
import json
import shutil
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from clip_head.core.types import Bytes, HeadMesh
from clip_head.core.uv import draw_uv_maps, encode_normals, load_layout, unwrap
from clip_head.core.uv.raster import dilate, rasterise
from clip_head.core.uv.raster import interpolate as to_pixels
from clip_head.training.captions import caption, skin_caption
from clip_head.training.teacher.dataset import (
    Attributes,
    TeacherDataset,
    interpolate,
    load_teacher,
    teacher_mesh,
    train_indices,
)
from clip_head.training.words_people import draw_style

from .albedo import albedo_at
from .appearance import Appearance, sample_appearance
from .assets import SkinAssets, load_assets
from .locate import SurfacePoints, locate

CAPTIONS = 8
#: Pixels that colours are carried past the chart's edge, per 256 pixels of size.
_MARGIN = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--assets", type=Path, required=True, help="folder of the CC0 MakeHuman assets")
    parser.add_argument("--out", type=Path, default=Path("out/training/skins"))
    parser.add_argument("--count", type=int, default=1500, help="pictures")
    parser.add_argument("--per-head", type=int, default=6, help="pictures of each unwrapped head")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> None:
    """Bake what is missing of args.count pictures."""
    dataset = load_teacher(args.teacher)
    assets = load_assets(args.assets, dataset.template)
    (args.out / "geometry").mkdir(parents=True, exist_ok=True)
    heads = range(-(-args.count // args.per_head))
    for number in tqdm(heads, desc="heads", mininterval=5):
        pictures = range(number * args.per_head, min((number + 1) * args.per_head, args.count))
        missing = [k for k in pictures if not (args.out / f"{k:05d}.json").is_file()]
        if not missing:
            continue
        index, style = draw_head(dataset, args.seed, number)
        geometry = args.out / "geometry" / f"{number:05d}"
        if not geometry.with_suffix(".npz").is_file():
            unwrap_head(dataset, index, style, args.size, geometry)
        spots, mask = read_geometry(geometry.with_suffix(".npz"))
        for k in missing:
            rng = np.random.default_rng((args.seed, number, k))
            person = dataset.attributes[index]
            appearance = sample_appearance(person, rng, assets.names)
            _save_png(args.out / f"{k:05d}_albedo.png", bake_albedo(assets, appearance, spots, mask))
            shutil.copyfile(geometry.with_suffix(".png"), args.out / f"{k:05d}_normal.png")
            entry = {
                "captions": write_captions(person, appearance, style, rng),
                "head": index,
                "style": style,
                "appearance": asdict(appearance),
            }
            temporary = args.out / f"{k:05d}.json.part"
            temporary.write_text(json.dumps(entry) + "\n", encoding="utf-8")
            temporary.replace(args.out / f"{k:05d}.json")


def draw_head(dataset: TeacherDataset, seed: int, number: int) -> tuple[int, str]:
    """Head and hair style of the unwrapped head `number`; heads held out of training are not drawn."""
    rng = np.random.default_rng((seed, number))
    index = int(rng.integers(len(train_indices(dataset))))
    if "bald" in dataset.styles and rng.random() < 0.1:
        return index, "bald"
    return index, draw_style(dataset.attributes[index], sorted(dataset.styles), rng)


def unwrap_head(dataset: TeacherDataset, index: int, style: str, size: int, path: Path) -> None:
    """Write path.png, the control image, and path.npz, the template point under every texel of the chart."""
    hair = dataset.styles[style]
    surface = teacher_mesh(dataset, index, style)
    template = dataset.template
    under = interpolate(template.vertices, template.faces, hair.template_face, hair.template_bary)
    # The places in the template's frame ride along where an expression would: both are linear on every face.
    mesh = unwrap(HeadMesh(surface.vertices, surface.faces, hair.vertices, under), load_layout())
    places = mesh.expression_offsets
    pixels = np.stack([mesh.uv[:, 0] * size, (1 - mesh.uv[:, 1]) * size], axis=1)
    face, bary = rasterise(pixels, None, mesh.faces, size, size)
    mask = face >= 0
    spots = locate(template, hair, to_pixels(places, mesh.faces, face, bary)[mask])
    _save_png(path.with_suffix(".png"), encode_normals(draw_uv_maps(mesh, size).normal))
    temporary = path.with_suffix(".part.npz")
    np.savez(
        temporary,
        mask=np.packbits(mask),
        size=np.array(size),
        face=spots.template_face,
        bary=spots.template_bary.astype(np.float16),
        hair=np.round(spots.is_hair * 255).astype(np.uint8),
        positions=spots.positions.astype(np.float16),
    )
    temporary.replace(path.with_suffix(".npz"))


def read_geometry(path: Path) -> tuple[SurfacePoints, np.ndarray]:
    """What unwrap_head wrote: the points, and the mask (H, W) of texels that they fill in reading order."""
    with np.load(path) as a:
        size = int(a["size"])
        mask = np.unpackbits(a["mask"])[: size * size].reshape(size, size).astype(bool)
        spots = SurfacePoints(
            a["face"], a["bary"].astype(np.float32), a["hair"] / np.float32(255), a["positions"].astype(np.float32)
        )
    return spots, mask


def bake_albedo(assets: SkinAssets, appearance: Appearance, spots: SurfacePoints, mask: np.ndarray) -> Bytes:
    """(H, W, 3) sRGB bytes; colours are carried a little past the chart's edge, and beyond stands grey."""
    colours = albedo_at(
        assets, appearance, spots.template_face, spots.template_bary, spots.is_hair, spots.positions
    )
    picture = np.zeros((*mask.shape, 3), dtype=np.float32)
    picture[mask] = colours
    picture = dilate(picture, mask, _MARGIN * len(mask) / 256)
    filled = dilate(mask.astype(np.float32), mask, _MARGIN * len(mask) / 256) > 0
    picture[~filled] = 0.5
    return np.round(picture * 255).astype(np.uint8)


def write_captions(person: Attributes, appearance: Appearance, style: str, rng: np.random.Generator) -> list[str]:
    """What a user might have asked for to get this head: whole sentences, and words for the colours alone."""
    whole = partial(caption, person, appearance, style, "")
    return [*(whole(rng) for _ in range(CAPTIONS - 3)), *(skin_caption(appearance, style, rng) for _ in range(3))]


def _save_png(path: Path, picture: Bytes) -> None:
    Image.fromarray(picture).save(path, compress_level=3)
