"""`python -m training grooms`: guides of every hair style and beard, of brows and lashes, on the template.

    python -m training grooms --out weights/embedded/grooms

Nothing is learnt here: guides grow by the rows of grooms.json, within the volumes that the head model has of its
styles. A new style of strands for a volume is a new row.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tqdm import tqdm

from clip_head.core.asset.template import WEIGHTS as ASSET_WEIGHTS
from clip_head.core.hair.library import BROWS, LASHES, POINTS, WEIGHTS, Stored, packed
from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.nphm import load_nphm
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.types import Floats, GroomLook, ModelCard
from clip_head.training.teacher.hair_field import hairline_depth

from .face import BROW_HAIRS, brow_guides, lash_guides
from .fields import Distance, beard_distance, beard_thickness, hair_distance, skin_distance, smoothed
from .grow import AT_LINE, Space, grow
from .recipes import BEARDS, FACE, HAIR, Recipe
from .scalp import Roots, Skin, at_roots, draw_roots, spread, template_skin, thinned

#: Thickness of a beard at which it is as dense as can be, units (1.5 mm); stubble is thinner throughout.
DENSE_BEARD, DENSE_STUBBLE = 0.006, 0.002
#: How far a guide that lies in layers may leave its volume, units (3 mm), and a quarter as far any into the skin: those
#: few that stray farther are left out.
STRAY = 0.012
#: Density of short hair beside a strip of long hair, as a part of the strip's.
BESIDE = 0.4
#: Vertices deeper than this under the skin are those within mouth and sockets, units (1 mm).
WITHIN = -0.004
#: Regions on which no beard grows.
SHAVEN = ("mouth", "ears", "nose", "upper_lip", "lower_lip", "left_eyelids", "right_eyelids", "brows")
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
    """Every style that the head model knows, every beard, the brows and the lashes.

    template: what they grow on.
    part: of the guides that the table asks for.
    seed: of all that is drawn.
    only: names to grow; None: all.
    """
    config, stored = template.network.config, {}
    names = [name for name in (*config.styles, *config.beards, BROWS, LASHES) if only is None or name in only]
    for name in tqdm(names, "grooms"):
        if name in config.styles:
            stored[name] = hair(template, name, HAIR.get(name, Recipe()), part, seed)
        elif name in config.beards:
            stored[name] = beard(template, name, BEARDS.get(name, Recipe()), part, seed)
        elif name == BROWS:
            hairs = brow_guides(template.skin, template.distance, POINTS, max(8, round(part * BROW_HAIRS)), seed)
            stored[name] = on_face(template, *hairs, FACE[name])
        else:
            stored[name] = on_face(template, *lash_guides(template.network, template.skin, POINTS), FACE[name])
    return stored


def hair(template: Template, style: str, recipe: Recipe, part: float, seed: int) -> Stored:
    """The guides of a hair style; arguments as of `all_grooms`, recipe: how it grows."""
    skin = template.skin
    volume = hair_distance(template.network, style)
    depth = scalp_depth(skin, recipe)
    density = recipe.density * thinned(skin, depth, recipe.thinning)
    if recipe.sides:
        density[np.abs(skin.vertices[:, 0]) > recipe.strip] *= BESIDE
    roots = draw_roots(skin, density, round(part * recipe.guides), np.random.default_rng(seed))
    space = Space(template.distance, volume, smoothed(volume))
    points = grow(recipe, roots, at_roots(roots, depth), space, POINTS, seed)
    return kept_of(template, volume, recipe, roots, points, density)


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


def scalp_depth(skin: Skin, recipe: Recipe) -> Floats:
    """How deep the skin (V,) lies inside the hairline of a recipe, units, negative outside."""
    depth = hairline_depth(skin.vertices, recipe.hairline)
    if recipe.strip and not recipe.sides:
        depth = np.minimum(depth, recipe.strip - np.abs(skin.vertices[:, 0]))
    return np.asarray(depth, np.float32)


def beard(template: Template, name: str, recipe: Recipe, part: float, seed: int) -> Stored:
    """The guides of a beard; arguments as of `hair`."""
    skin, network = template.skin, template.network
    volume = beard_distance(network, name, template.distance)
    thickness = beard_thickness(network, name, skin.vertices)
    dense = DENSE_BEARD if recipe.confined else DENSE_STUBBLE
    density = np.clip(thickness / dense, 0, 1) * recipe.density
    density[template.distance.at(skin.vertices) < WITHIN] = 0.0
    for region in SHAVEN:
        density[skin.masks[region]] = 0.0
    roots = draw_roots(skin, density.astype(np.float32), round(part * recipe.guides), np.random.default_rng(seed))
    space = Space(template.distance, volume, smoothed(volume))
    points = grow(recipe, roots, AT_LINE * at_roots(roots, density), space, POINTS, seed)
    return kept_of(template, volume, recipe, roots, points, density.astype(np.float32))


def on_face(template: Template, roots: Roots, points: Floats, look: GroomLook) -> Stored:
    """Guides (N, POINTS, 3) with these roots, dense where they are rooted."""
    density = spread(template.skin, roots.points, SPREAD)
    return Stored(points, roots.corners, roots.barycentric, density, look)
