"""Teacher pairs for ControlNet_uv: albedo and UV normal map of teacher heads in the aligned UV, with captions.

    python -m training skins --assets FOLDER --heads 300 --looks 6

Unwrapping a head costs more than colouring it, so every head is coloured several times. A pair is written whole
(its json last), so that a second call goes on where the first one stopped.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import dataclass
from pathlib import Path

import igl
import numpy as np
from PIL import Image
from tqdm import tqdm

from clip_head.core.errors import MeshError
from clip_head.core.types import Bools, Bytes, Floats, HeadMesh, Ints
from clip_head.core.uv import draw_uv_maps, load_layout, unwrap
from clip_head.core.uv.layout import Layout
from clip_head.core.uv.maps import encode_normals
from clip_head.core.uv.raster import dilate, interpolate, rasterise
from clip_head.training.captions import caption, skin_caption
from clip_head.training.teacher.dataset import TeacherDataset, Template, load_teacher, teacher_mesh, train_indices
from clip_head.training.words_people import draw_style

from .albedo import albedo_at
from .appearance import sample_appearance
from .assets import SkinAssets, load_assets

#: Pixels that albedo is carried past the chart's edge, at 512.
MARGIN = 16
CAPTIONS = 6


@dataclass(frozen=True)
class Texels:
    """What the texels of one unwrapped head show: the template point (face, bary) below each, how much of it is hair,
    where it lies on the template; mask (H, W) has True for these N texels. control (H, W, 3): the UV normal map."""

    control: Bytes
    mask: Bools
    template_face: Ints
    template_bary: Floats
    is_hair: Floats
    positions: Floats


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--assets", type=Path, required=True, help="the CC0 MakeHuman system assets")
    parser.add_argument("--out", type=Path, default=Path("out/training/skins"))
    parser.add_argument("--heads", type=int, default=300, help="how many heads are unwrapped")
    parser.add_argument("--looks", type=int, default=6, help="how many colourings each gets")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first head, to share work among processes")


def run(args: argparse.Namespace) -> None:
    """Bake what is missing of heads x looks pairs."""
    dataset = load_teacher(args.teacher)
    assets = load_assets(args.assets, dataset.template)
    layout = load_layout()
    args.out.mkdir(parents=True, exist_ok=True)
    for number in tqdm(range(args.first, args.first + args.heads), desc="heads"):
        names = [f"{number * args.looks + look:05d}" for look in range(args.looks)]
        if not all((args.out / f"{name}.json").is_file() for name in names):
            bake_head(dataset, assets, layout, number, names, args)


def bake_head(
    dataset: TeacherDataset, assets: SkinAssets, layout: Layout, number: int, names: list[str], args: argparse.Namespace
) -> None:
    """Unwrap one head, colour it once for each name, write the pairs."""
    rng = np.random.default_rng([args.seed, number])
    heads = train_indices(dataset)
    head = heads[int(rng.integers(len(heads)))]
    attributes = dataset.attributes[head]
    style = draw_style(attributes, sorted(dataset.styles), rng)
    try:
        texels = draw_texels(dataset, head, style, layout, args.size)
    except MeshError as error:
        print(f"head {number} ({style}) is left out: {error}")
        return
    for name in names:
        appearance = sample_appearance(attributes, rng, assets.names)
        colours = albedo_at(
            assets, appearance, texels.template_face, texels.template_bary, texels.is_hair, texels.positions
        )
        said = [caption(attributes, appearance, style, "", rng) for _ in range(CAPTIONS)]
        said += [skin_caption(appearance, style, rng) for _ in range(2)]
        _write(args.out / f"{name}_albedo.png", lay_out(colours, texels.mask))
        _write(args.out / f"{name}_normal.png", texels.control)
        entries = {"captions": said, "head": head, "style": style, "appearance": appearance.__dict__}
        temporary = args.out / f"{name}.json.part"
        temporary.write_text(json.dumps(entries), encoding="utf-8")
        os.replace(temporary, args.out / f"{name}.json")


def draw_texels(dataset: TeacherDataset, head: int, style: str, layout: Layout, size: int) -> Texels:
    """Unwrap head and hair and find what each texel shows. Raises MeshError where the surface cannot be unwrapped."""
    hair, mesh = dataset.styles[style], teacher_mesh(dataset, head, style)
    # Whether a vertex is hair and where it lies on the template ride through the cuts as a head's own fields do.
    carried = np.repeat(mesh.is_hair[:, None], 3, axis=1).astype(np.float32)
    flat = unwrap(HeadMesh(mesh.vertices, mesh.faces.astype(np.int32), carried, hair.vertices), layout)
    maps = draw_uv_maps(flat, size)
    pixels = np.stack([flat.uv[:, 0] * size, (1.0 - flat.uv[:, 1]) * size], axis=1)
    face, bary = rasterise(pixels, None, flat.faces, size, size)
    mask = face >= 0
    assert flat.template_points is not None
    positions = interpolate(flat.template_points, flat.faces, face, bary)[mask].astype(np.float32)
    is_hair = interpolate(flat.expression_offsets, flat.faces, face, bary)[mask][:, 0].astype(np.float32)
    below, below_bary = on_template(dataset.template, positions)
    control = np.where(mask[..., None], encode_normals(maps.normal), 0).astype(np.uint8)
    return Texels(control, mask, below, below_bary, is_hair, positions)


def on_template(template: Template, points: Floats) -> tuple[Ints, Floats]:
    """The nearest point of the template's surface: face (N,) and barycentric coordinates (N, 3)."""
    vertices, faces = template.vertices.astype(np.float64), template.faces.astype(np.int64)
    _, face, foot = igl.point_mesh_squared_distance(points.astype(np.float64), vertices, faces)
    corners = vertices[faces[face]]
    bary = igl.barycentric_coordinates(foot, *(np.ascontiguousarray(corners[:, k]) for k in range(3)))
    return face.astype(np.int32), np.clip(bary, 0, 1).astype(np.float32)


def lay_out(colours: Floats, mask: Bools) -> Bytes:
    """(H, W, 3) bytes of the texels' colours, carried past the chart's edge."""
    image = np.zeros((*mask.shape, 3), dtype=np.float32)
    image[mask] = colours
    image = dilate(image, mask, MARGIN * len(mask) / 512)
    return np.clip(np.round(image * 255), 0, 255).astype(np.uint8)


def _write(path: Path, image: Bytes) -> None:
    Image.fromarray(image).save(path, compress_level=3)
