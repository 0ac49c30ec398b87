"""How good grooms are: guides in the skin of heads, seconds for a head, and how far guides fill their style's volume.

    python -m benchmarks.grooms
    python -m benchmarks.grooms --heads 3 --styles bob01 full
    python -m benchmarks.grooms --heads 50 --first 50

Heads are those of eight prompts in turns, each time another person of it. The silhouettes of guides, closed over gaps
of 24 mm, and of the volume of their style are compared on the template as seen from the front and from the side: their
common part of both together.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import torch
from scipy import ndimage

from clip_head.core.asset.head import place_head
from clip_head.core.asset.template import AssetTemplate
from clip_head.core.hair.library import BROWS, GroomLibrary, Stored, load_grooms
from clip_head.core.hair.place import Surface, grooms_of
from clip_head.core.hair.skin import Skin
from clip_head.core.models import EMBEDDED
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.pipeline import load_models, read_words
from clip_head.core.types import MILLIMETRES_PER_UNIT, Bools, Floats, Hairstyle, HeadRequest

#: The heads.
PROMPTS = (
    "a man",
    "a woman",
    "a child",
    "a fat old man",
    "a thin old woman with a big nose",
    "a baby",
    "a man with big ears and a long face",
    "a woman with a small head and a high forehead",
)
#: Side of a pixel of a silhouette, units (2 mm), and radius by which gaps are closed, pixels.
PIXEL, CLOSED = 0.008, 6
#: Depth in the skin that is counted, mm.
DEEP = 0.5


def main() -> None:
    """Measure what the command line names, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--grooms", type=Path, default=EMBEDDED / "grooms")
    parser.add_argument("--heads", type=int, default=len(PROMPTS))
    parser.add_argument("--first", type=int, default=0, help="number of the first head (default: 0)")
    parser.add_argument("--styles", nargs="+", default=None, help="of hair or beard; default: all")
    options = parser.parse_args()
    models = load_models()
    template = models.asset
    assert template is not None and isinstance(template.network, EmbeddedNPHM)
    library = load_grooms(options.grooms, template.network.sheet.vertices)
    config = template.network.config
    every = [name for name, stored in library.grooms.items() if stored.kind != "lashes"]
    names = [name for name in every if options.styles is None or name in options.styles]
    rows = {name: Measured() for name in names}
    for number in range(options.first, options.first + options.heads):
        request = HeadRequest(PROMPTS[number % len(PROMPTS)], seed=number // len(PROMPTS))
        head = measured(template, library, names, read_words(request, models).z_id)
        rows = {name: row.with_head(head[name]) for name, row in rows.items()}
        print(f"head {number}: {sum(each.inside for each in head.values())} points inside", file=sys.stderr, flush=True)
    points, inside = (sum(getattr(row, field) for row in rows.values()) for field in ("points", "inside"))
    print(f"{options.heads} heads x {len(rows)} styles: {inside} of {points:,} points deeper than {DEEP} mm")
    print(f"{'style':>12} {'guides':>6} {'seconds':>8} {'inside':>7} {'deepest mm':>10} {'front':>6} {'side':>6}")
    for name, row in rows.items():
        stored, views = library.grooms[name], ["", ""]
        if name in config.styles:
            views = [f"{overlap(template.network, name, stored, axis):.2f}" for axis in (2, 0)]
        print(
            f"{name:>12} {len(stored.points):>6} {row.seconds:>8.2f} {row.inside:>7} {row.deepest:>10.2f}"
            f" {views[0]:>6} {views[1]:>6}"
        )


@dataclass(frozen=True)
class Measured:
    """What was found of a style.

    seconds: of the processor for all grooms of a head, most on any.
    points: of guides that were looked at.
    inside: of those, how many lie deeper than DEEP.
    deepest: depth, mm.
    """

    seconds: float = 0.0
    points: int = 0
    inside: int = 0
    deepest: float = 0.0

    def with_head(self, other: Measured) -> Measured:
        """The same, of more heads."""
        return Measured(
            max(self.seconds, other.seconds),
            self.points + other.points,
            self.inside + other.inside,
            max(self.deepest, other.deepest),
        )


def measured(template: AssetTemplate, library: GroomLibrary, names: Sequence[str], code: Floats) -> dict[str, Measured]:
    """What is found of each style on one head.

    template: of the heads; library: its grooms.
    names: of the styles and beards.
    code: z_id of the head.
    """
    with torch.inference_mode():
        field = template.network.at(torch.from_numpy(code))
    placed, level = place_head(template, code), template.head.levels[0]
    surface = Surface(template.head.sheet, level.quads, level.uv, placed.neutral)
    skin = Skin(surface.vertices, surface.quads)
    found = {}
    for name in names:
        began = process_time()
        grooms = grooms_of(library, field, wearing(library, name), surface)
        seconds = process_time() - began
        points = np.concatenate([groom.points.reshape(-1, 3) for groom in grooms])
        depth = -skin.nearest(points)[0] * MILLIMETRES_PER_UNIT
        found[name] = Measured(seconds, len(points), int((depth > DEEP).sum()), float(depth.max(initial=0.0)))
    return found


def wearing(library: GroomLibrary, name: str) -> Hairstyle:
    """One groom alone, with the brows that everybody has.

    library: that has it.
    name: of one of any kind.
    """
    worn: dict[str, Any] = {"brows": {BROWS: 1.0}} | {library.grooms[name].kind: {name: 1.0}}
    return Hairstyle(**worn)


def overlap(network: EmbeddedNPHM, style: str, stored: Stored, axis: int) -> float:
    """The common part of the silhouettes of a style's guides and of its volume along an axis, 0 to 1.

    network: of the head model.
    style: a name of its.
    stored: its guides.
    axis: 0 from the side, 2 from the front.
    """
    config = network.config
    grid = network.hair_grids[config.styles.index(style)].numpy()
    index = np.argwhere(grid < 0)
    # A node stands for the box around it.
    box = np.stack(np.meshgrid(*[np.linspace(-0.4, 0.4, 3)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    volume = (index[:, None] + box).reshape(-1, 3) * config.hair_spacing + np.array(config.hair_origin)
    outside = network.template_distance(torch.from_numpy(volume.astype(np.float32))).numpy() > 0
    fine = np.linspace(0, stored.points.shape[1] - 1, 200)
    low = np.minimum(fine.astype(int), stored.points.shape[1] - 2)
    share = (fine - low)[None, :, None]
    lines = stored.points[:, low] * (1 - share) + stored.points[:, low + 1] * share
    seen = [silhouette(points, axis) for points in (volume[outside], lines.reshape(-1, 3))]
    return float((seen[0] & seen[1]).sum() / (seen[0] | seen[1]).sum())


def silhouette(points: Floats, axis: int) -> Bools:
    """The picture (H, W) of points (N, 3) seen along an axis, with its gaps closed."""
    plane = np.delete(points, axis, axis=1)
    cells = np.round((plane + 1.0) / PIXEL).astype(int)
    picture = np.zeros((round(2 / PIXEL), round(2 / PIXEL)), bool)
    picture[cells[:, 0], cells[:, 1]] = True
    disc = np.hypot(*np.mgrid[-CLOSED : CLOSED + 1, -CLOSED : CLOSED + 1]) <= CLOSED
    return np.asarray(ndimage.binary_closing(picture, disc))


if __name__ == "__main__":
    main()
