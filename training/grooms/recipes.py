"""How the guides of each style grow: the tables grooms.json and beards.json, a row a style."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from clip_head.training.engine.tables import check_keys, load_table

Point = tuple[float, float, float]
Plane = tuple[float, float, float, float]
Cut = tuple[Plane, ...]
#: Nodes (x, y, z, half the width there) of a line on the skin, units.
Stroke = tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True)
class Recipe:
    """How the guides of one hair style or beard grow; lengths are units, and weights are of directions of length 1.

    volume: the head model's style or beard in whose volume it grows, and which stands for it on the raw surface; "":
        the one of its own name, and for what is drawn with strokes, none.
    hairline: a key of training/teacher/hair_styles.json's hairlines.
    strip: half the width of the strip along the middle of the head that alone grows hair, 0 for all of the scalp.
    sides: how long hair is beside that strip; 0 for none there.
    thinning: depth over which hair thins out along its line.
    peak: half the width and the reach of a peak in the middle of the hairline.
    bare: centre and radii of an ellipsoid, mirrored, in which none grows: a tonsure, or bays at the temples.
    shape: fields of shapes.Shape: what they are confined in instead of the volume.
    height: weights of |x|, y and z in the height by which hair is cut; of x where not `mirrored`.
    lengths, densities: (height, value), rising: the greatest length and density of hair by the height of its root.
    cuts: spaces in which there is no hair, each of planes (a, b, c, d): where a |x| + b y + c z < d for each of them.
    guides: how many.
    part: nodes of a line on the scalp from which hair falls away: a whorl where all are one place.
    away, gravity, comb: weights of the ways a strand goes: away from the part, down, and along a direction, which is
        mirrored to the right where `mirrored`.
    fringe: weights of the direction that hair above the forehead takes at first, as of `comb`.
    lift, stiff: weight with which strands leave the skin along its normal, and the length over which that fades.
    confined: whether they stay within the volume of their style; False for hair too short for it.
    layers: how strongly strands keep the layer of the volume that they belong to; 0: they fill it as they rise.
    longest: of a strand; uneven: the part of its length by which it may be shorter; shortest: the same of hair right on
        the hairline; fade: the same of hair on the nape, where it is cut shorter than on top.
    wild: how much single strands differ in direction.
    locks, gathered: how far locks lie apart, and how far strands gather in them at their tips, 0 to 1.
    ties: where hair is tied together, each the place for the roots nearest to it.
    tied_above: height on the template above which hair is tied, over the ears' front, while it falls loose below; None:
        all of it is tied.
    tail, thick: nodes of the line along which hair goes on from a tie, from the node nearest to that, and how thick it
        is along it; mirrored for ties on the other side.
    turns: how often it winds around the tail's first node before, with its second as radii: a bun.
    strands: of a plait: how many.
    parting: width of the bare skin between ties on either side, or between bundles; of rows as a part of their
        distance.
    bundles: fields of bundles.Bundles: locks or braids, whose middles grow by the recipe and are all guides.
    rows: fields of rows.Rows: cornrows.
    density: the greatest of strands.
    strokes: of a beard that is drawn on the skin, and not in a volume of the head model's; mirrored to the right.
    border: depth over which hair thins out along the border of strokes.
    thickness: of the layer on the skin in which such a beard lies, where it is confined.
    within: regions of the skin in which alone its strokes count, and where otherwise no beard grows; () for none.
    also: fields of further recipes by which guides of the same groom grow.
    look: fields of core/types.GroomLook.
    """

    volume: str = ""
    hairline: str = "full"
    strip: float = 0.0
    sides: float = 0.0
    thinning: float = 0.036
    peak: tuple[float, ...] = ()
    bare: tuple[Point, ...] = ()
    shape: dict[str, Any] = field(default_factory=dict)
    height: Point = (0.0, 1.0, 0.0)
    lengths: tuple[tuple[float, float], ...] = ()
    densities: tuple[tuple[float, float], ...] = ()
    cuts: tuple[Cut, ...] = ()
    guides: int = 900
    part: tuple[Point, ...] = ((0.02, 0.43, -0.36),)
    away: float = 1.0
    gravity: float = 0.0
    comb: Point = (0.0, 0.0, 0.0)
    fringe: Point = (0.0, 0.0, 0.0)
    mirrored: bool = True
    lift: float = 1.0
    stiff: float = 0.03
    confined: bool = True
    layers: float = 1.0
    longest: float = 2.0
    uneven: float = 0.12
    shortest: float = 0.4
    fade: float = 1.0
    wild: float = 0.08
    locks: float = 0.0
    gathered: float = 0.0
    ties: tuple[Point, ...] = ()
    tied_above: float | None = None
    tail: tuple[Point, ...] = ()
    thick: tuple[float, ...] = ()
    turns: float = 0.0
    strands: int = 0
    parting: float = 0.0
    bundles: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)
    density: float = 1.0
    strokes: tuple[Stroke, ...] = ()
    border: float = 0.012
    thickness: float = 0.04
    within: tuple[str, ...] = ()
    also: tuple[dict[str, Any], ...] = ()
    look: dict[str, Any] = field(default_factory=dict)


def read_recipes(path: Path, sections: tuple[str, ...]) -> list[dict[str, Recipe]]:
    """Read a table of grooms: name -> recipe, for each of its sections.

    path: JSON file.
    sections: that it has; each is name -> fields of Recipe.
    Raises: ModelError when a key is missing or unknown.
    """
    table, names = load_table(path, sections), tuple(one.name for one in fields(Recipe))
    for section in sections:
        for name, entry in table[section].items():
            for row in (entry, *entry.get("also", ())):
                check_keys(f"{path.name}: {name}", row, (), names)
    return [{name: Recipe(**row) for name, row in table[section].items()} for section in sections]


#: Name of a style -> how it grows.
(HAIR,) = read_recipes(Path(__file__).with_name("grooms.json"), ("hair",))
#: Name of a beard, of hair of the nose, of the ears -> how it grows.
BEARDS, NOSE, EARS = read_recipes(Path(__file__).with_name("beards.json"), ("beards", "nose", "ears"))
