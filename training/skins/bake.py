"""`python -m training skins`: teacher albedo baked into the canonical head's UV, with control images and captions.

    python -m training skins --assets MAKEHUMAN --count 4000

Every head is drawn once, in the shape that the NPHM gives it, which is what the painter will meet, and coloured
several times. Written to --out, per picture: NUMBER_albedo.png and NUMBER.json (captions, head, style, appearance,
control); the .json is written last, so that a second call goes on where the first was stopped. controls/ has the UV
normal map of every head.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from clip_head.core.models import EMBEDDED
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.png import encode_normals
from clip_head.core.texture.albedo.canonical import Canonical, load_canonical
from clip_head.core.texture.template import load_template
from clip_head.core.types import Bools, Bytes, Floats
from clip_head.core.uv import draw_uv_maps
from clip_head.core.uv.raster import dilate
from clip_head.training.language.appearance_captions import brief_caption, caption, skin_caption
from clip_head.training.language.expressions import draw_expression
from clip_head.training.language.sentences import draw_style
from clip_head.training.nphm.projection import Projection, load_projection
from clip_head.training.teacher.appearance import MAKE_UP, Appearance, sample_appearance, wears_make_up
from clip_head.training.teacher.dataset import (
    Attributes,
    TeacherDataset,
    Template,
    head_vertices,
    load_teacher,
    train_indices,
)

from .albedo import albedo_at
from .assets import SkinAssets, load_assets
from .locate import SurfacePoints, closest

#: Numbers of captions of a picture: whole sentences, phrases for the colours alone, and brief ones. Together 20, so
#: that the painter hardly sees the same picture with the same words twice.
SENTENCES, COLOUR_PHRASES, BRIEF_CAPTIONS = 11, 5, 4
#: Probability that a sentence has an expression in it, which the colours do not show: prompts have one, too.
EXPRESSION_PROBABILITY = 0.7
#: One head of so many is drawn from those that are held out of NPHM's training, and is held out of the painter's, too.
HELD_OUT = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the stage to a parser."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"), help="the teacher dataset")
    parser.add_argument("--assets", type=Path, required=True, help="folder of the CC0 MakeHuman assets")
    parser.add_argument("--out", type=Path, default=Path("out/training/skins"), help="folder of the pictures")
    parser.add_argument("--count", type=int, default=4000, help="pictures")
    parser.add_argument("--per-head", type=int, default=8, help="pictures of each head")
    parser.add_argument("--size", type=int, default=512, help="pixels of a side")
    parser.add_argument("--canonical", type=Path, default=EMBEDDED / "texture", help="folder of the canonical head")
    parser.add_argument("--nphm", type=Path, default=EMBEDDED / "nphm", help="the embedded NPHM's folder")
    parser.add_argument("--seed", type=int, default=0, help="of heads, colours and captions")
    parser.add_argument("--rare", type=float, default=1.0, help="times as often: make-up, scars, tattoos, odd tones")
    parser.add_argument("--make-up", nargs="+", choices=MAKE_UP, help="only grown women, in one of these at random")
    parser.add_argument("--captions-anew", action="store_true", help="bake nothing; caption anew what is there")
    parser.add_argument("--part", type=int, nargs=2, default=(0, 1), help="this and the number of calls that share")


def run(args: argparse.Namespace) -> None:
    """Bake what is missing of args.count pictures.

    args: of add_arguments.
    Raises: ClipHeadError when the assets are incomplete, SystemExit when there is no canonical head.
    """
    dataset = load_teacher(args.teacher)
    assets = load_assets(args.assets, dataset.template)
    canonical = load_canonical(args.canonical)
    if canonical is None:
        raise SystemExit(f"There is no canonical head in {args.canonical}: run the canonical stage first.")
    target = BakeTarget(canonical, dataset.template, args.size)
    decoder = load_decoder(args.nphm, dataset)
    (args.out / "controls").mkdir(parents=True, exist_ok=True)
    train, people = train_indices(dataset), enumerate(dataset.attributes)
    suitable = [index for index, person in people if not args.make_up or wears_make_up(person)]
    training, held_out = np.intersect1d(suitable, train), np.setdiff1d(suitable, train)
    for number in tqdm(range(args.part[0], -(-args.count // args.per_head), args.part[1]), mininterval=10):
        pictures = range(number * args.per_head, min((number + 1) * args.per_head, args.count))
        missing = [k for k in pictures if not (args.out / f"{k:05d}.json").is_file()]
        if args.captions_anew:
            for k in set(pictures) - set(missing):
                rng = np.random.default_rng((args.seed, number, k, 1))
                write_captions_anew(args.out / f"{k:05d}.json", dataset, rng)
            continue
        if not missing:
            continue
        rng = np.random.default_rng((args.seed, number))
        index = int(rng.choice(held_out if number % HELD_OUT == HELD_OUT - 1 else training))
        control = args.out / "controls" / f"{number:05d}.png"
        if not control.is_file():
            vertices = decoder.place(index, canonical.mesh.vertices)
            _save_png(control, encode_normals(canonical.control(vertices, args.size).normal))
        for k in missing:
            rng = np.random.default_rng((args.seed, number, k))
            person = dataset.attributes[index]
            style = draw_style(person, sorted(dataset.styles), rng)
            appearance = sample_appearance(person, rng, assets.names, args.rare, args.make_up)
            _save_png(args.out / f"{k:05d}_albedo.png", bake_albedo(assets, appearance, target.points, target.mask))
            entry = {
                "captions": write_captions(person, appearance, style, rng),
                "head": index,
                "held_out": number % HELD_OUT == HELD_OUT - 1,
                "style": style,
                "control": f"controls/{control.name}",
                "appearance": asdict(appearance),
            }
            _save_json(args.out / f"{k:05d}.json", entry)


@dataclass(frozen=True)
class BakeTarget:
    """The picture that albedo is baked into, the same for all heads.

    canonical: the canonical head, in whose UV all heads are painted.
    template: the teacher's mean head.
    size: side of the picture, in pixels.
    """

    canonical: Canonical
    template: Template
    size: int

    @cached_property
    def mask(self) -> Bools:
        """(size, size) where the chart is."""
        return draw_uv_maps(self.canonical.mesh, self.size).mask

    @cached_property
    def points(self) -> SurfacePoints:
        """The template under every texel of the chart, in reading order; the scalp counts as hair."""
        positions = draw_uv_maps(self.canonical.mesh, self.size).position[self.mask]
        face, bary = closest(self.template.vertices, self.template.faces, positions)
        return SurfacePoints(face, bary, load_template(EMBEDDED / "texture").scalp_weight(positions), positions)


@dataclass(frozen=True)
class Decoder:
    """An embedded NPHM, and how the teacher's heads become codes of it.

    network: the NPHM.
    projection: from a head's vertices to its code.
    dataset: the heads.
    """

    network: EmbeddedNPHM
    projection: Projection
    dataset: TeacherDataset

    def place(self, index: int, points: Floats) -> Floats:
        """Move points of the template to a teacher's head, as the NPHM has it.

        index: of the head.
        points: (V, 3) on the template, units, in the frame of the heads.
        Returns: (V, 3) units.
        """
        code = self.projection.code(head_vertices(self.dataset, index))
        z_id = np.zeros(self.network.id_size, np.float32)
        z_id[: len(code)] = code
        with torch.inference_mode():
            displacement = self.network.members(torch.from_numpy(z_id)).displacement(torch.from_numpy(points))
        return points + displacement.numpy()


def load_decoder(folder: Path, dataset: TeacherDataset) -> Decoder:
    """Load an embedded NPHM.

    folder: of the model.
    dataset: the teacher's heads.
    Returns: the model with the projection of these heads.
    """
    return Decoder(*load_projection(folder, dataset.template), dataset)


def bake_albedo(assets: SkinAssets, appearance: Appearance, points: SurfacePoints, mask: Bools) -> Bytes:
    """Bake the albedo of a head; the colours of the chart's edge are dilated over the rest of the picture.

    assets: textures and the template.
    appearance: the colours of the head.
    points: of the N texels in the mask, in reading order.
    mask: (H, W) with N texels.
    Returns: (H, W, 3) sRGB bytes.
    """
    colours = albedo_at(
        assets, appearance, points.template_face, points.template_bary, points.is_hair, points.positions
    )
    picture = np.zeros((*mask.shape, 3), dtype=np.float32)
    picture[mask] = colours
    return np.round(dilate(picture, mask, float("inf")) * 255).astype(np.uint8)


def write_captions(person: Attributes, appearance: Appearance, style: str, rng: np.random.Generator) -> list[str]:
    """Draw captions: what a user might have asked for to get this head.

    person: who it is.
    appearance: its colours.
    style: its hair style.
    rng: source of the draw.
    Returns: SENTENCES whole sentences, COLOUR_PHRASES for the colours alone, BRIEF_CAPTIONS of few words.
    """
    expressions = [draw_expression(rng)[1] if rng.random() < EXPRESSION_PROBABILITY else "" for _ in range(SENTENCES)]
    sentences = [caption(person, appearance, style, expression, rng) for expression in expressions]
    colours = [skin_caption(appearance, style, rng) for _ in range(COLOUR_PHRASES)]
    return [*sentences, *colours, *(brief_caption(person, appearance, style, rng) for _ in range(BRIEF_CAPTIONS))]


def write_captions_anew(path: Path, dataset: TeacherDataset, rng: np.random.Generator) -> None:
    """Replace the captions of a finished picture by newly drawn ones.

    path: the picture's NUMBER.json.
    dataset: the heads.
    rng: source of the draw.
    """
    entry = json.loads(path.read_text(encoding="utf-8"))
    values = entry["appearance"]
    for name in ("skins", "shade", "hair_shade"):
        values[name] = tuple(values[name])
    captions = write_captions(dataset.attributes[entry["head"]], Appearance(**values), entry["style"], rng)
    _save_json(path, entry | {"captions": captions})


def _save_json(path: Path, entry: dict[str, Any]) -> None:
    """Write a file that is there in whole or not at all."""
    temporary = path.with_suffix(".json.part")
    temporary.write_text(json.dumps(entry) + "\n", encoding="utf-8")
    temporary.replace(path)


def _save_png(path: Path, picture: Bytes) -> None:
    """Write a picture (H, W, 3), compressed little, since there are thousands."""
    Image.fromarray(picture).save(path, compress_level=1)
