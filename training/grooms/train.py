"""`python -m training grooms`: guides of every hair style and beard, of brows, lashes and further hair of the face, on
the template.

    python -m training grooms --out weights/embedded/grooms

Nothing is learnt here: guides grow by the rows of grooms.json and beards.json, within the volumes that the head model
has of its styles, or where a beard is drawn on the skin; brows by those of face.json. A new style is a new row.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tqdm import tqdm

from clip_head.core.asset.template import WEIGHTS as ASSET_WEIGHTS
from clip_head.core.hair.library import POINTS, WEIGHTS, Stored, packed
from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.nphm import load_nphm
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.types import Floats, GroomLook, ModelCard

from .beards import beard_density, beard_volume, joined, off_lips
from .bundles import Bundles, apart, patches
from .cuts import density_at, scalp_depth
from .face import BROW_SHAPES, LASH_SHAPES, brow_guides, lash_guides
from .fields import Distance, hair_distance, skin_distance, smoothed
from .grow import AT_LINE, FINE, Space, grow, off_skin
from .recipes import BEARDS, EARS, HAIR, NOSE, Recipe
from .rows import Rows, beside_rows, cornrows
from .scalp import Roots, Skin, at_roots, draw_roots, spread, template_skin, thinned
from .shapes import Shape, shaped
from .strands import resampled

#: How far a guide that lies in layers may leave its volume, units (3 mm), and a quarter as far any into the skin: those
#: few that stray farther are left out.
STRAY = 0.012
#: Density of short hair beside a strip of long hair, as a part of the strip's.
BESIDE = 0.4
#: Radius within which hairs of brows and lashes make their skin dense, units (2 mm).
SPREAD = 0.008


@dataclass(frozen=True)
class Template:
    """What all guides grow on.

    network: the head model.
    skin: of its template; distance: to it.
    """

    network: EmbeddedNPHM
    skin: Skin
    distance: Distance


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--nphm", type=Path, default=EMBEDDED / "nphm", help="the head model whose styles these are")
    parser.add_argument("--asset", type=Path, default=EMBEDDED / "asset", help="the asset model of the same template")
    parser.add_argument("--out", type=Path, default=EMBEDDED / "grooms")
    parser.add_argument("--only", nargs="+", metavar="STYLE", help="grow these styles alone, to look at them")
    parser.add_argument("--part", type=float, default=1.0, help="of the guides that the table asks for")
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> None:
    """Write the folder of grooms."""
    network = load_nphm(args.nphm).network
    assert isinstance(network, EmbeddedNPHM)
    kept = load_file(args.asset / ASSET_WEIGHTS)["kept"].numpy().astype(bool)
    template = Template(network, template_skin(network, kept), skin_distance(network))
    stored = all_grooms(template, args.part, args.seed, args.only)
    args.out.mkdir(parents=True, exist_ok=True)
    tensors, config = packed(stored)
    save_file({name: torch.from_numpy(array) for name, array in tensors.items()}, args.out / WEIGHTS)
    card = ModelCard("grooms", "CLIP-Head grooms, embedded", "CC0-1.0", "python -m training grooms")
    figures = {"grooms": len(stored), "guides": sum(len(one.points) for one in stored.values())}
    write_model_json(args.out, card, config, figures, [WEIGHTS])
    print(f"{args.out}: {figures}")


def all_grooms(template: Template, part: float, seed: int, only: list[str] | None = None) -> dict[str, Stored]:
    """Every style, every beard, and whatever else grows on a face, of the tables.

    template: what they grow on.
    part: of the guides that the table asks for.
    seed: of all that is drawn.
    only: names to grow; None: all.
    """
    stored: dict[str, Stored] = {}
    drawn = {"beard": BEARDS, "nose": NOSE, "ears": EARS}
    kinds = {name: kind for kind, rows in drawn.items() for name in rows}
    names = [name for name in (*HAIR, *kinds, *BROW_SHAPES, *LASH_SHAPES) if only is None or name in only]
    for name in tqdm(names, "grooms"):
        if name in HAIR:
            stored[name] = hair(template, name, HAIR[name], part, seed)
        elif name in kinds:
            kind = kinds[name]
            stored[name] = replace(beard(template, name, drawn[kind][name], part, seed), kind=kind)
        elif name in BROW_SHAPES:
            hairs = brow_guides(template.skin, template.distance, BROW_SHAPES[name], POINTS, part, seed)
            stored[name] = on_face(template, *hairs, GroomLook(**BROW_SHAPES[name].look), "brows")
        else:
            lashes = lash_guides(template.network, template.skin, LASH_SHAPES[name], POINTS)
            stored[name] = on_face(template, *lashes, GroomLook(**LASH_SHAPES[name].look), "lashes")
    return stored


def hair(template: Template, style: str, recipe: Recipe, part: float, seed: int) -> Stored:
    """The guides of a hair style; arguments as of `all_grooms`, recipe: how it grows."""
    skin, style = template.skin, recipe.volume or style
    volume = hair_distance(template.network, style)
    if recipe.shape:
        volume = shaped(Shape(**recipe.shape), template.distance, volume)
    depth = scalp_depth(recipe, skin.vertices)
    density = recipe.density * thinned(skin, depth, recipe.thinning) * density_at(recipe, skin.vertices)
    if recipe.sides:
        density[np.abs(skin.vertices[:, 0]) > recipe.strip] *= BESIDE
    space = Space(template.distance, volume, smoothed(volume))
    if recipe.bundles:
        roots, points = in_bundles(skin, space, recipe, depth, density, part, seed)
    elif recipe.rows:
        rows, rng = Rows(**recipe.rows), np.random.default_rng(seed)
        density *= beside_rows(rows, skin.vertices, recipe.parting)
        roots = draw_roots(skin, density, round(part * recipe.guides), rng)
        points = off_skin(cornrows(rows, roots, template.distance, POINTS, rng), template.distance)
    else:
        if recipe.parting:
            density *= patches(skin.vertices, np.array(recipe.ties, np.float32), recipe.parting)
        roots = draw_roots(skin, density, round(part * recipe.guides), np.random.default_rng(seed))
        points = grow(recipe, roots, at_roots(roots, depth), space, POINTS, seed)
    return replace(kept_of(template, volume, recipe, roots, points, density), volume=style)


def in_bundles(
    skin: Skin, space: Space, recipe: Recipe, depth: Floats, density: Floats, part: float, seed: int
) -> tuple[Roots, Floats]:
    """Roots (N) and guides (N, POINTS, 3) of hair in bundles; its partings are taken off the density.

    skin: of the template; space: what they grow in.
    recipe: of the style.
    depth: (V,) of the skin inside the hairline, units.
    density: (V,) of strands.
    part, seed: as of `all_grooms`.
    """
    bundles = Bundles(**recipe.bundles)
    centres = draw_roots(skin, density, max(4, round(part * bundles.count)), np.random.default_rng(seed))
    axes = apart(grow(recipe, centres, at_roots(centres, depth), space, FINE, seed), bundles.radius, space.skin)
    density *= patches(skin.vertices, centres.points, recipe.parting)
    return centres, off_skin(resampled(axes, POINTS), space.skin)


def kept_of(
    template: Template, volume: Distance, recipe: Recipe, roots: Roots, points: Floats, density: Floats
) -> Stored:
    """The groom of guides (N, POINTS, 3), without those that stray.

    template: what they grow on.
    volume: the distance to their style's.
    recipe: of the style.
    roots: N.
    points: of the guides, units.
    density: (V,).
    """
    kept = (template.distance.at(points) > -STRAY / 4).all(axis=1)
    if recipe.confined and recipe.layers and not recipe.ties:
        kept &= (volume.at(points) < STRAY).all(axis=1)
    roots = roots.some(kept)
    return Stored(points[kept], roots.corners, roots.barycentric, density, GroomLook(**recipe.look))


def beard(template: Template, name: str, recipe: Recipe, part: float, seed: int) -> Stored:
    """The guides of a beard, or of other hair that is drawn on the skin; arguments as of `hair`."""
    skin, network, own = template.skin, template.network, recipe.volume or name
    pieces = []
    for piece in (recipe, *(Recipe(**row) for row in recipe.also)):
        volume = beard_volume(network, own, piece, template.distance)
        density = beard_density(network, own, piece, skin, template.distance)
        roots = draw_roots(skin, density, round(part * piece.guides), np.random.default_rng(seed))
        space = Space(template.distance, volume, smoothed(volume))
        points = grow(piece, roots, AT_LINE * at_roots(roots, density), space, POINTS, seed)
        bare = off_lips(points, skin)
        pieces.append(kept_of(template, volume, piece, roots.some(bare), points[bare], density))
    return replace(joined(pieces), kind="beard", volume=recipe.volume if recipe.strokes else own)


def on_face(template: Template, roots: Roots, points: Floats, look: GroomLook, kind: str) -> Stored:
    """Guides (N, POINTS, 3) with these roots, of this kind, dense where they are rooted."""
    density = spread(template.skin, roots.points, SPREAD)
    return Stored(points, roots.corners, roots.barycentric, density, look, kind)
