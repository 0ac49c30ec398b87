"""`python -m training skins`: teacher albedo baked into the aligned UV, with control images and captions.

    python -m training skins --assets MAKEHUMAN --count 1500

Every head is unwrapped once and coloured several times. Written to --out, per picture: NUMBER_albedo.png,
NUMBER_normal.png (the control image) and NUMBER.json (captions, head, style, appearance); the last is written last, so
that a second call goes on where the first was stopped. geometry/ keeps the unwrapped heads for other colours.

With --nphm, every head is the surface that NPHM decodes from its code, coloured by what the teacher's head has nearest
to it: of that kind are the control images that the painter will meet.
"""

from __future__ import annotations

import argparse
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.spatial import cKDTree
from tqdm import tqdm

from clip_head.core.errors import MeshError
from clip_head.core.nphm import NPHM, decode_head, extract_head, load_nphm
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.types import Bytes, Floats, HeadMesh, Latents, UnwrappedMesh
from clip_head.core.uv import Layout, draw_uv_maps, encode_normals, load_layout, unwrap
from clip_head.core.uv.raster import dilate, rasterise
from clip_head.core.uv.raster import interpolate as to_pixels
from clip_head.training.captions import caption, skin_caption
from clip_head.training.teacher.dataset import (
    LEFT_EYE,
    MOUTH,
    RIGHT_EYE,
    Attributes,
    TeacherDataset,
    Template,
    interpolate,
    load_teacher,
    teacher_mesh,
    train_indices,
)
from clip_head.training.words_expressions import draw_expression
from clip_head.training.words_people import draw_style

from .albedo import albedo_at
from .appearance import Appearance, sample_appearance
from .assets import SkinAssets, load_assets
from .locate import SurfacePoints, closest, locate

CAPTIONS = 8
ATTEMPTS = 8
LANDMARKS = ("nose_tip", "left_mouth_corner", "right_mouth_corner", "left_eye_outer", "right_eye_outer")
#: How far a landmark may lie from its place, as a share of the image.
TOLERANCE = 0.1
#: A landmark farther than this from the surface, in units, lies under hair.
HIDDEN = 0.02
#: What pooled_places tells: shares of 4 x 4 texels, and twice the place in the template's frame.
PLACES = ("hair", "lips", "ears", "eyes", "mouth", "x", "y", "z")
#: Of decoded heads: as the application makes them by default.
RESOLUTION = 256
#: Pixels that colours are carried past the chart's edge, per 256 pixels of size.
_MARGIN = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--assets", type=Path, required=True, help="folder of the CC0 MakeHuman assets")
    parser.add_argument("--out", type=Path, default=Path("out/training/skins"))
    parser.add_argument("--count", type=int, default=1500, help="pictures")
    parser.add_argument("--per-head", type=int, default=8, help="pictures of each unwrapped head")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--nphm", type=Path, help="folder of an embedded NPHM to decode the heads with")
    parser.add_argument("--codes", type=Path, default=Path("out/training/nphm/latents.npz"), help="its teacher codes")
    parser.add_argument("--styles", nargs="+", help="hair styles to draw from (default: all)")
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> None:
    """Bake what is missing of args.count pictures."""
    dataset = load_teacher(args.teacher, args.styles and tuple(args.styles))
    assets = load_assets(args.assets, dataset.template)
    decoder = load_decoder(args.nphm, args.codes) if args.nphm else None
    (args.out / "geometry").mkdir(parents=True, exist_ok=True)
    heads = range(-(-args.count // args.per_head))
    for number in tqdm(heads, desc="heads", mininterval=5):
        pictures = range(number * args.per_head, min((number + 1) * args.per_head, args.count))
        missing = [k for k in pictures if not (args.out / f"{k:05d}.json").is_file()]
        if not missing:
            continue
        geometry = args.out / "geometry" / f"{number:05d}"
        if not geometry.with_suffix(".npz").is_file():
            draw_geometry(dataset, assets, args.seed, number, args.size, geometry, decoder)
        index, style, spots, mask = read_geometry(geometry.with_suffix(".npz"))
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
                "geometry": f"geometry/{geometry.name}.npz",
                "appearance": asdict(appearance),
            }
            temporary = args.out / f"{k:05d}.json.part"
            temporary.write_text(json.dumps(entry) + "\n", encoding="utf-8")
            temporary.replace(args.out / f"{k:05d}.json")


@dataclass(frozen=True)
class Decoder:
    """An embedded NPHM and the codes (N, D) of the teacher's heads in it, hair left out."""

    nphm: NPHM
    codes: Floats

    def surface(self, index: int, style: str) -> HeadMesh:
        """The teacher's head with that hair, as NPHM decodes it."""
        network = self.nphm.network
        assert isinstance(network, EmbeddedNPHM)
        hair = np.array([name == style for name in network.config.styles], dtype=np.float32)
        z_id = np.concatenate([self.codes[index], hair]).astype(np.float32)
        return extract_head(
            decode_head(self.nphm, Latents(z_id, np.zeros(network.exp_size, dtype=np.float32))), RESOLUTION
        )


def load_decoder(folder: Path, codes: Path) -> Decoder:
    """The model in `folder` with the codes that its training left."""
    with np.load(codes) as arrays:
        return Decoder(load_nphm(folder), arrays["z_id"])


def draw_geometry(
    dataset: TeacherDataset,
    assets: SkinAssets,
    seed: int,
    number: int,
    size: int,
    path: Path,
    decoder: Decoder | None = None,
) -> None:
    """Write the unwrapped head `number`: path.png, the control image, and path.npz, see read_geometry and
    pooled_places.

    Heads held out of training are not drawn. A head whose face does not come to lie where the layout wants it is
    drawn anew, for what one texel shows should depend on words and normals alone.
    """
    layout = load_layout()
    for attempt in range(ATTEMPTS):
        rng = np.random.default_rng((seed, number, attempt))
        index = int(rng.integers(len(train_indices(dataset))))
        style = draw_style(dataset.attributes[index], sorted(dataset.styles), rng)
        if "bald" in dataset.styles and rng.random() < 0.1:
            style = "bald"
        try:
            mesh = unwrap_head(dataset, index, style, layout, decoder)
        except MeshError as error:
            print(f"head {index}, {style}: {error}", flush=True)
            continue
        spots, mask = spots_of(dataset, style, mesh, size)
        astray = misplacement(dataset.template, layout, spots, mask)
        if astray < TOLERANCE:
            break
        print(f"head {index}, {style}: the face lies {astray:.3f} of the image astray", flush=True)
    else:
        raise MeshError(f"No head of {ATTEMPTS} could be laid out.", "Look at the teacher dataset.")
    _save_png(path.with_suffix(".png"), encode_normals(draw_uv_maps(mesh, size).normal))
    temporary = path.with_suffix(".part.npz")
    np.savez(
        temporary,
        head=np.array(index),
        style=np.array(style),
        mask=np.packbits(mask),
        size=np.array(size),
        face=spots.template_face,
        bary=spots.template_bary.astype(np.float16),
        hair=np.round(spots.is_hair * 255).astype(np.uint8),
        positions=spots.positions.astype(np.float16),
        places=pooled_places(assets, spots, mask),
    )
    temporary.replace(path.with_suffix(".npz"))


def unwrap_head(
    dataset: TeacherDataset, index: int, style: str, layout: Layout, decoder: Decoder | None = None
) -> UnwrappedMesh:
    """One teacher head in the aligned UV; its expression_offsets hold the places in the template's frame, which ride
    along there because both are linear on every face (and nearly so on a decoded surface's small ones)."""
    template, hair = dataset.template, dataset.styles[style]
    surface = teacher_mesh(dataset, index, style)
    if decoder is None:
        under = interpolate(template.vertices, template.faces, hair.template_face, hair.template_bary)
        return unwrap(HeadMesh(surface.vertices, surface.faces, hair.vertices, under), layout)
    decoded = decoder.surface(index, style)
    face, bary = closest(surface.vertices, surface.faces, decoded.vertices)
    places = interpolate(hair.vertices, hair.faces, face, bary)
    return unwrap(HeadMesh(decoded.vertices, decoded.faces, places, decoded.template_points), layout)


def spots_of(
    dataset: TeacherDataset, style: str, mesh: UnwrappedMesh, size: int
) -> tuple[SurfacePoints, npt.NDArray[np.bool_]]:
    """The template under every texel of the chart, in reading order, and the chart's mask (size, size)."""
    pixels = np.stack([mesh.uv[:, 0] * size, (1 - mesh.uv[:, 1]) * size], axis=1)
    face, bary = rasterise(pixels, None, mesh.faces, size, size)
    mask = face >= 0
    places = to_pixels(mesh.expression_offsets, mesh.faces, face, bary)[mask]
    return locate(dataset.template, dataset.styles[style], places), mask


def misplacement(template: Template, layout: Layout, spots: SurfacePoints, mask: npt.NDArray[np.bool_]) -> float:
    """How far nose, eyes and mouth lie from where the layout wants them, as a share of the image: the worst of those
    that no hair hides; 1 where the nose is hidden."""
    if layout.face is None:
        return 0.0
    marks = template.vertices[[template.landmarks[name] for name in LANDMARKS]]
    distance, nearest = cKDTree(spots.positions).query(marks)
    row, column = (indices[nearest] for indices in np.nonzero(mask))
    found = np.stack([(column + 0.5) / mask.shape[1], 1 - (row + 0.5) / mask.shape[0]], axis=1)
    away = np.linalg.norm(found - layout.place(marks.astype(np.float64)), axis=1)
    if distance[0] > HIDDEN:
        return 1.0
    return float(away[distance <= HIDDEN].max())


def pooled_places(assets: SkinAssets, spots: SurfacePoints, mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.float16]:
    """(len(PLACES), H / 4, W / 4): what lies where, averaged over 4 x 4 texels; 0 outside the chart."""
    template = assets.template
    part = template.part[spots.template_face]
    fields = np.stack([assets.fields[name] for name in ("lips", "ears")], axis=1)
    lips, ears = interpolate(fields, template.faces, spots.template_face, spots.template_bary).T
    eyes, mouth, bare = np.isin(part, (LEFT_EYE, RIGHT_EYE)), part == MOUTH, 1 - spots.is_hair
    values = np.column_stack([spots.is_hair, lips * bare, ears * bare, eyes * bare, mouth * bare, 2 * spots.positions])
    image = np.zeros((*mask.shape, len(PLACES)), dtype=np.float32)
    image[mask] = values
    side = len(mask) // 4
    return image.reshape(side, 4, side, 4, -1).mean(axis=(1, 3)).transpose(2, 0, 1).astype(np.float16)


def read_geometry(path: Path) -> tuple[int, str, SurfacePoints, npt.NDArray[np.bool_]]:
    """What draw_geometry wrote: head, style, the points, and the mask (H, W) of texels that they fill in reading
    order."""
    with np.load(path) as a:
        size = int(a["size"])
        mask = np.unpackbits(a["mask"])[: size * size].reshape(size, size).astype(bool)
        spots = SurfacePoints(
            a["face"], a["bary"].astype(np.float32), a["hair"] / np.float32(255), a["positions"].astype(np.float32)
        )
        return int(a["head"]), str(a["style"]), spots, mask


def bake_albedo(assets: SkinAssets, appearance: Appearance, spots: SurfacePoints, mask: npt.NDArray[np.bool_]) -> Bytes:
    """(H, W, 3) sRGB bytes; colours are carried a little past the chart's edge, and beyond stands grey."""
    colours = albedo_at(assets, appearance, spots.template_face, spots.template_bary, spots.is_hair, spots.positions)
    picture = np.zeros((*mask.shape, 3), dtype=np.float32)
    picture[mask] = colours
    picture = dilate(picture, mask, _MARGIN * len(mask) / 256)
    filled = dilate(mask.astype(np.float32), mask, _MARGIN * len(mask) / 256) > 0
    picture[~filled] = 0.5
    return np.round(picture * 255).astype(np.uint8)


def write_captions(person: Attributes, appearance: Appearance, style: str, rng: np.random.Generator) -> list[str]:
    """What a user might have asked for to get this head: whole sentences, and words for the colours alone. Half of the
    sentences speak of an expression, too, which says nothing of the colours: prompts do so."""
    phrases = [draw_expression(rng)[1] if rng.random() < 0.7 else "" for _ in range(CAPTIONS - 2)]
    whole = [caption(person, appearance, style, phrase, rng) for phrase in phrases]
    return [*whole, *(skin_caption(appearance, style, rng) for _ in range(2))]


def _save_png(path: Path, picture: Bytes) -> None:
    Image.fromarray(picture).save(path, compress_level=1)
