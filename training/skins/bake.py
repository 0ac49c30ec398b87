"""`python -m training skins`: teacher albedo baked into the canonical head's UV, with control images and captions.

    python -m training skins --assets MAKEHUMAN --count 4000

Every head is drawn once, as the NPHM that the painter will meet moves it, and coloured several times. Written to
--out, per picture: NUMBER_albedo.png and NUMBER.json (captions, head, style, appearance, control); the last is written
last, so that a second call goes on where the first was stopped. controls/ has the UV normal map of every head.
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
from clip_head.core.texture.albedo.canonical import Canonical, load_canonical
from clip_head.core.texture.template import load_template
from clip_head.core.types import Bools, Bytes, Floats
from clip_head.core.uv import draw_uv_maps, encode_normals
from clip_head.core.uv.raster import dilate
from clip_head.training.language.appearance_captions import brief_caption, caption, skin_caption
from clip_head.training.language.expressions import draw_expression
from clip_head.training.language.sentences import draw_style
from clip_head.training.nphm.projection import Projection, load_projection
from clip_head.training.teacher.dataset import (
    Attributes,
    TeacherDataset,
    Template,
    head_vertices,
    load_teacher,
    train_indices,
)

from ..teacher.appearance import MAKE_UP, Appearance, sample_appearance, wears_make_up
from .albedo import albedo_at
from .assets import SkinAssets, load_assets
from .locate import SurfacePoints, closest

#: Captions of a picture: whole sentences, of the colours alone, and brief ones.
WHOLE, OF_COLOURS, BRIEF = 11, 5, 4
#: Each tenth head is drawn from those held out of NPHM's training, and is held out of the painter's.
HELD_OUT = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--assets", type=Path, required=True, help="folder of the CC0 MakeHuman assets")
    parser.add_argument("--out", type=Path, default=Path("out/training/skins"))
    parser.add_argument("--count", type=int, default=4000, help="pictures")
    parser.add_argument("--per-head", type=int, default=8, help="pictures of each head")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--canonical", type=Path, default=EMBEDDED / "texture", help="folder of the canonical head")
    parser.add_argument("--nphm", type=Path, default=EMBEDDED / "nphm", help="the embedded NPHM's folder")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rare", type=float, default=1.0, help="times as often: make-up, scars, tattoos, odd tones")
    parser.add_argument("--make-up", nargs="+", choices=MAKE_UP, help="only grown women, in one of these at random")
    parser.add_argument("--captions-anew", action="store_true", help="bake nothing; caption anew what is there")
    parser.add_argument("--part", type=int, nargs=2, default=(0, 1), help="this and the number of calls that share")


def run(args: argparse.Namespace) -> None:
    """Bake what is missing of args.count pictures."""
    dataset = load_teacher(args.teacher)
    assets = load_assets(args.assets, dataset.template)
    canonical = load_canonical(args.canonical)
    if canonical is None:
        raise SystemExit(f"There is no canonical head in {args.canonical}: run the canonical stage first.")
    ground = Ground(canonical, dataset.template, args.size)
    decoder = load_decoder(args.nphm, dataset)
    (args.out / "controls").mkdir(parents=True, exist_ok=True)
    train, people = train_indices(dataset), enumerate(dataset.attributes)
    drawn = [index for index, person in people if not args.make_up or wears_make_up(person)]
    learnt, held_out = np.intersect1d(drawn, train), np.setdiff1d(drawn, train)
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
        index = int(rng.choice(held_out if number % HELD_OUT == HELD_OUT - 1 else learnt))
        control = args.out / "controls" / f"{number:05d}.png"
        if not control.is_file():
            placed = decoder.place(index, canonical.mesh.vertices)
            _save_png(control, encode_normals(canonical.control(placed, args.size).normal))
        for k in missing:
            rng = np.random.default_rng((args.seed, number, k))
            person = dataset.attributes[index]
            style = draw_style(person, sorted(dataset.styles), rng)
            appearance = sample_appearance(person, rng, assets.names, args.rare, args.make_up)
            _save_png(args.out / f"{k:05d}_albedo.png", bake_albedo(assets, appearance, ground.spots, ground.mask))
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
class Ground:
    """What all pictures are painted on: the canonical head's UV at `size` pixels, and the template under it."""

    canonical: Canonical
    template: Template
    size: int

    @cached_property
    def mask(self) -> Bools:
        """(size, size) the chart."""
        return draw_uv_maps(self.canonical.mesh, self.size).mask

    @cached_property
    def spots(self) -> SurfacePoints:
        """The template under every texel of the chart, in reading order; the scalp counts as hair."""
        places = draw_uv_maps(self.canonical.mesh, self.size).position[self.mask]
        face, bary = closest(self.template.vertices, self.template.faces, places)
        return SurfacePoints(face, bary, load_template(EMBEDDED / "texture").scalp_weight(places), places)


@dataclass(frozen=True)
class Decoder:
    """An embedded NPHM, and how the teacher's heads become codes of it."""

    network: EmbeddedNPHM
    projection: Projection
    dataset: TeacherDataset

    def place(self, index: int, points: Floats) -> Floats:
        """Where template points (V, 3) lie on a teacher's head, as NPHM has it."""
        code = self.projection.code(head_vertices(self.dataset, index))
        z_id = np.zeros(self.network.id_size, np.float32)
        z_id[: len(code)] = code
        with torch.inference_mode():
            moved = self.network.members(torch.from_numpy(z_id)).displacement(torch.from_numpy(points))
        return points + moved.numpy()


def load_decoder(folder: Path, dataset: TeacherDataset) -> Decoder:
    """The model in `folder`."""
    return Decoder(*load_projection(folder, dataset.template), dataset)


def bake_albedo(assets: SkinAssets, appearance: Appearance, spots: SurfacePoints, mask: Bools) -> Bytes:
    """(H, W, 3) sRGB bytes; the colours of the chart's edge are carried beyond it."""
    colours = albedo_at(assets, appearance, spots.template_face, spots.template_bary, spots.is_hair, spots.positions)
    picture = np.zeros((*mask.shape, 3), dtype=np.float32)
    picture[mask] = colours
    return np.round(dilate(picture, mask, float("inf")) * 255).astype(np.uint8)


def write_captions(person: Attributes, appearance: Appearance, style: str, rng: np.random.Generator) -> list[str]:
    """What a user might have asked for to get this head: whole sentences, words for the colours alone, and as few words
    as will do. Half of the sentences speak of an expression, too, which says nothing of the colours: prompts do so."""
    phrases = [draw_expression(rng)[1] if rng.random() < 0.7 else "" for _ in range(WHOLE)]
    whole = [caption(person, appearance, style, phrase, rng) for phrase in phrases]
    colours = [skin_caption(appearance, style, rng) for _ in range(OF_COLOURS)]
    return [*whole, *colours, *(brief_caption(person, appearance, style, rng) for _ in range(BRIEF))]


def write_captions_anew(path: Path, dataset: TeacherDataset, rng: np.random.Generator) -> None:
    """Say what a finished picture shows by the words of today."""
    entry = json.loads(path.read_text(encoding="utf-8"))
    looks = entry["appearance"]
    for name in ("skins", "shade", "hair_shade"):
        looks[name] = tuple(looks[name])
    captions = write_captions(dataset.attributes[entry["head"]], Appearance(**looks), entry["style"], rng)
    _save_json(path, entry | {"captions": captions})


def _save_json(path: Path, entry: dict[str, Any]) -> None:
    temporary = path.with_suffix(".json.part")
    temporary.write_text(json.dumps(entry) + "\n", encoding="utf-8")
    temporary.replace(path)


def _save_png(path: Path, picture: Bytes) -> None:
    Image.fromarray(picture).save(path, compress_level=1)
