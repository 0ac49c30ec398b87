"""`python -m training skin_detail`: the atlas of pores, fine lines and brow hairs, from the CC0 MakeHuman skins.

    python -m training skin_detail --assets MAKEHUMAN --teacher out/training/teacher

Lines and mottling are taken from the skins, at their places. Pixels of the skins, 0.4 mm wide, are too coarse for
pores: these are a repeating tile, made of many patches of smooth skin, whose pixels become canonical texels of 0.16 mm.
Brow hairs are noise, averaged along the direction in which brows grow. Wrinkles are drawn by hand (wrinkles.py); which
words ask for marks is learnt (marks.py).
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter, map_coordinates, minimum_filter
from scipy.spatial import cKDTree

from clip_head.core.errors import ClipHeadError
from clip_head.core.models import EMBEDDED
from clip_head.core.text import load_text_model
from clip_head.core.texture.albedo.canonical import load_canonical
from clip_head.core.texture.albedo.marks import FILE as MARKS
from clip_head.core.texture.albedo.marks import load_marks
from clip_head.core.texture.albedo.skin_detail import FILE, STEP, WRINKLE_STEP, SkinDetail, enlarged, save_skin_detail
from clip_head.core.texture.procedural import smooth_step
from clip_head.core.texture.template import load_template
from clip_head.core.types import Bools, Floats
from clip_head.core.uv import draw_uv_maps
from clip_head.core.uv.raster import dilate
from clip_head.training.nphm.projection import load_projection
from clip_head.training.skin_detail.marks import fit_marking
from clip_head.training.skin_detail.wrinkles import fit_ageing, grooved
from clip_head.training.skins.assets import smooth_field, template_fields
from clip_head.training.skins.locate import closest
from clip_head.training.teacher.dataset import (
    LEFT_EYE,
    MOUTH,
    RIGHT_EYE,
    SKIN,
    Template,
    head_vertices,
    interpolate,
    load_teacher,
)

#: The skin that the lines are taken from, a young one, whose lines suit everybody; and those that the pores are.
LINES = "young_lightskinned_female_diffuse3"
PORES = (LINES, "middleage_lightskinned_female_diffuse2")
#: Standard deviation of the Gaussian that is subtracted, pixels of a skin, for lines and for pores: what is wider is no
#: detail but paint.
_LINES_WIDTH, _PORES_WIDTH = 5.0, 2.5
#: Side of the pores' tile and of the patches that it is made of, pixels, and number of patches along it, which overlap.
_TILE, _PATCH, _ACROSS = 256, 40, 32
#: Standard deviation of the pores, and contrast of the strongest line, relative to the brightness.
_PORE_CONTRAST, _STRONGEST = 0.032, 0.12
#: Texels darker than this, relative to the brightness, are moles where there are none within so many pixels of the
#: mirrored place.
_MOLE_CONTRAST, _MIRROR_REACH = 0.035, 9
#: Distance from eyes and mouth within which there are no lines, units.
_RIM = 0.035
#: Half of a brow hair's length and how wide it is, in texels of 2048.
_HAIR_REACH, _HAIR_WIDTH = 20, 0.9
#: Direction in which brows grow: (distance from the plane of symmetry, units; degrees from outwards to upwards), linear
#: between. Drawn by eye.
_GROWTH = ((0.03, 85.0), (0.07, 55.0), (0.12, 25.0), (0.19, 0.0), (0.26, -20.0))


@dataclass(frozen=True)
class Place:
    """The canonical UV at S pixels, with N texels in its chart.

    mask: (S, S) the chart.
    uv: (N, 2) in MakeHuman's textures.
    points: (N, 3) of the template.
    fields: name -> (N,) from 0 to 1, how far a texel is eye, lip, brow, ...
    """

    mask: Bools
    uv: Floats
    points: Floats
    fields: dict[str, Floats]

    def image(self, values: Floats) -> Floats:
        """(S, S) of values (N,), carried past the chart's edge."""
        picture = np.zeros((*self.mask.shape, 1), np.float32)
        picture[self.mask, 0] = values
        return dilate(picture, self.mask, 8.0)[..., 0]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--assets", type=Path, required=True, help="folder of the CC0 MakeHuman assets")
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--canonical", type=Path, default=EMBEDDED / "texture", help="folder of the canonical head")
    parser.add_argument("--nphm", type=Path, default=EMBEDDED / "nphm", help="whose codes tell the age")
    parser.add_argument("--out", type=Path, default=EMBEDDED / "texture" / FILE)
    parser.add_argument("--size", type=int, default=2048, help="texels along a side of the canonical UV")
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text", help="the text model that the painter reads")
    parser.add_argument("--marks", type=Path, default=EMBEDDED / "texture", help="folder of the list of marks")
    parser.add_argument("--captions", type=int, default=10000, help="from which the words for marks are learnt")
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> None:
    """Make the atlas. The texture model's model.json stays as it is.

    args: of add_arguments.
    """
    canonical = load_canonical(args.canonical)
    if canonical is None:
        raise SystemExit(f"There is no canonical head in {args.canonical}: run the canonical stage first.")
    marks = load_marks(args.marks)
    dataset = load_teacher(args.teacher, styles=())
    template = dataset.template
    maps = draw_uv_maps(canonical.mesh, args.size // 2)
    place = locate_fields(template, maps.mask, maps.position[maps.mask])
    skins = {name: read_skin(args.assets, name) for name in {LINES, *PORES}}
    rng = np.random.default_rng(args.seed)
    _, projection = load_projection(args.nphm, template)
    codes = np.stack([projection.code(head_vertices(dataset, k)) for k in range(len(dataset.attributes))])
    atlas = SkinDetail(
        _bytes(pore_tile([skins[name] for name in PORES], place, rng) / STEP),
        np.round(255 * place.image(porous(place))).astype(np.uint8),
        _bytes(without_moles(place.image(drawn_lines(skins[LINES], place))) / STEP),
        _bytes(127 * brow_hairs(place, args.size, rng)),
        _bytes(place.image(grooved(place.points)) / WRINKLE_STEP),
        fit_ageing(codes, np.array([person.age for person in dataset.attributes], np.float32)),
        marks,
        fit_marking(load_text_model(args.text), list(marks), dataset.attributes, args.captions, rng),
    )
    save_skin_detail(atlas, args.out)
    if args.out.parent.resolve() != args.marks.resolve():
        shutil.copyfile(args.marks / MARKS, args.out.parent / MARKS)
    print(f"{args.out}: {args.out.stat().st_size / 2**20:.2f} MB")


def read_skin(folder: Path, name: str) -> Floats:
    """The brightness (H, W), 0 to 1, of a skin.

    folder: of the MakeHuman assets.
    name: of the skin's file, without ending.

    Raises ClipHeadError where it is not there.
    """
    path = folder / "skins" / f"{name}.png"
    if not path.is_file():
        raise ClipHeadError(f"There is no {path}.", "Name the folder of the CC0 MakeHuman system assets with --assets.")
    return np.asarray(Image.open(path).convert("L"), np.float32) / 255


def locate_fields(template: Template, mask: Bools, points: Floats) -> Place:
    """The template under the canonical texels.

    template: the teacher's.
    mask: (S, S) the chart of the canonical UV.
    points: (N, 3) of the template under its texels.
    """
    face, bary = closest(template.vertices, template.faces, points)
    fields = template_fields(template)
    eyes = np.zeros(len(template.vertices), bool)
    eyes[template.faces[template.part != SKIN]] = True
    fields["eyes"] = smooth_field(eyes, template.faces, 1)
    for name, rounds in (("brows", 16), ("nose", 6)):
        there = template.regions.get(name, np.zeros(len(template.vertices), bool))
        fields[name] = smooth_field(there, template.faces, rounds)
    values = interpolate(np.stack(list(fields.values()), axis=1), template.faces, face, bary)
    here = dict(zip(fields, values.T, strict=True))
    # The balls and what is in the mouth have no skin at all, however near it is.
    here["eyes"] = np.maximum(here["eyes"], template.part[face] != SKIN)
    opened = points[np.isin(template.part[face], (LEFT_EYE, RIGHT_EYE, MOUTH))]
    here["openings"] = np.zeros(len(points), np.float32)
    if len(opened):
        here["openings"] += np.clip(1 - cKDTree(opened).query(points, distance_upper_bound=_RIM)[0] / _RIM, 0, 1)
    uv = np.einsum("nk,nkc->nc", bary, template.uv[face])
    return Place(mask, uv.astype(np.float32), points, here)


def relative_detail(light: Floats, width: float) -> Floats:
    """(H, W) contrast of every pixel to its surroundings, relative to their brightness.

    light: (H, W) brightness, 0 to 1.
    width: standard deviation of the surroundings, pixels.
    """
    around = gaussian_filter(light, width)
    return np.asarray(light / np.maximum(around, 0.02) - 1, np.float32)


def porous(place: Place) -> Floats:
    """(N,) strength of pores, 0 to 1: most on the nose, few on lips, none on eyes and in the mouth.

    place: the canonical UV.
    """
    f = place.fields
    bare = (1 - smooth_step(f["eyes"])) * (1 - smooth_step(f["mouth"]))
    return np.asarray((bare * (1 - 0.75 * f["lips"]) * (0.75 + 0.25 * f["nose"])).clip(0, 1), np.float32)


def drawn_lines(light: Floats, place: Place) -> Floats:
    """(N,) relative brightness of a skin's lines and mottling: none on the scalp, where hair is painted, nor around
    eyes and mouth, which are open at other places in the skin than on the canonical head.

    light: (H, W) brightness of the skin, 0 to 1.
    place: the canonical UV.
    """
    f = place.fields
    bare = f["trusted"] * (1 - smooth_step(f["nostrils"])) * (1 - f["ears"])
    bare = (
        bare * (1 - load_template(EMBEDDED / "texture").scalp_weight(place.points)) * (1 - smooth_step(f["openings"]))
    )
    lines = _at(relative_detail(light, _LINES_WIDTH), place.uv)
    return np.asarray(bare * _STRONGEST * np.tanh(lines / _STRONGEST), np.float32)


def without_moles(lines: Floats) -> Floats:
    """Lines without moles, which are dark on one side of the face alone: all heads share these lines, and one person's
    moles would be recognised on each.

    lines: (S, S) of drawn_lines.
    """
    other_side = minimum_filter(lines[:, ::-1], _MIRROR_REACH)
    return np.where((lines < -_MOLE_CONTRAST) & (other_side > -_MOLE_CONTRAST), -_MOLE_CONTRAST, lines)


def pore_tile(skins: list[Floats], place: Place, rng: np.random.Generator) -> Floats:
    """A tile (T, T) that repeats, of standard deviation _PORE_CONTRAST: patches of forehead and cheeks, turned at
    random, each fading into its neighbours so that the contrast is the same everywhere.

    skins: (H, W) brightness of each, 0 to 1.
    place: the canonical UV.
    rng: of the draws.
    """
    x, y, z = place.points.T
    smooth = (z > 0.1) & (
        ((np.abs(x) < 0.1) & (y > 0.19) & (y < 0.22))
        | ((np.abs(x) > 0.13) & (np.abs(x) < 0.17) & (np.abs(y + 0.1) < 0.04))
    )
    spots = place.uv[smooth]
    fine = [relative_detail(light, _PORES_WIDTH) for light in skins]
    fade = np.hanning(_PATCH + 2)[1:-1]
    weight = np.outer(fade, fade).astype(np.float32)
    tile, power = np.zeros((2, _TILE, _TILE), np.float32)
    step = _TILE // _ACROSS
    for top in range(0, _TILE, step):
        for left in range(0, _TILE, step):
            light = fine[rng.integers(len(fine))]
            u, v = spots[rng.integers(len(spots))]
            row = int(np.clip((1 - v) * light.shape[0] - _PATCH / 2, 0, light.shape[0] - _PATCH))
            column = int(np.clip(u * light.shape[1] - _PATCH / 2, 0, light.shape[1] - _PATCH))
            patch = np.rot90(light[row : row + _PATCH, column : column + _PATCH], rng.integers(4))
            patch = (patch - patch.mean()) / max(float(patch.std()), 1e-6)
            rows, columns = ((start + np.arange(_PATCH)) % _TILE for start in (top, left))
            tile[np.ix_(rows, columns)] += weight * patch
            power[np.ix_(rows, columns)] += weight**2
    tile /= np.sqrt(power)
    # Pores are dark dots in even skin: this keeps the differences of dark pixels and flattens those of light ones.
    tile = -np.logaddexp(0, -1.5 * tile / max(float(tile.std()), 1e-6))
    tile -= tile.mean()
    return np.asarray(_PORE_CONTRAST * tile / max(float(tile.std()), 1e-6), np.float32)


def brow_hairs(place: Place, size: int, rng: np.random.Generator) -> Floats:
    """(size, size) a pattern of hairs, -1 to 1, where brows may be: noise, averaged along the direction in which they
    grow (line integral convolution, Cabral and Leedom, 1993).

    place: the canonical UV.
    size: texels along a side of the pattern.
    rng: of the noise.
    """
    brows, across = (enlarged(place.image(values), size) for values in (place.fields["brows"], place.points[:, 0]))
    brows = brows * enlarged(place.image((place.points[:, 2] > 0).astype(np.float32)), size)
    row, column = np.nonzero(brows > 0.01)
    pattern = np.zeros((size, size), np.float32)
    if not len(row):
        return pattern
    outwards = np.sign(across)
    angle = np.radians(np.interp(np.abs(across), *np.array(_GROWTH).T)).astype(np.float32)
    noise = gaussian_filter(rng.normal(size=(size, size)).astype(np.float32), _HAIR_WIDTH * size / 2048)
    sums = np.zeros(len(row), np.float32)
    for direction in (1, -1):
        position = np.stack([row, column]).astype(np.float32)
        for _ in range(max(round(_HAIR_REACH * size / 2048), 1)):
            sums += map_coordinates(noise, position, order=1)
            texel = tuple(np.clip(np.rint(position), 0, size - 1).astype(int))
            position += direction * np.stack([-np.sin(angle[texel]), outwards[texel] * np.cos(angle[texel])])
    pattern[row, column] = sums / sums.std()
    # Less its local mean over the brows: the mean over all texels, divided by that of the brows' mask.
    in_brows = brows > 0.01
    mean, coverage = (gaussian_filter(image, 6.0 * size / 2048) for image in (pattern, in_brows.astype(np.float32)))
    pattern[in_brows] -= mean[in_brows] / np.maximum(coverage[in_brows], 1e-3)
    return np.asarray(smooth_step(8 * brows) * np.tanh(0.8 * pattern), np.float32)


def _at(image: Floats, uv: Floats) -> Floats:
    """(N,) values of an image (H, W) at texture coordinates uv (N, 2), linear."""
    height, width = image.shape
    return np.asarray(
        map_coordinates(image, [(1 - uv[:, 1]) * height - 0.5, uv[:, 0] * width - 0.5], order=1), np.float32
    )


def _bytes(values: Floats) -> np.ndarray:
    return np.round(values).clip(-127, 127).astype(np.int8)
