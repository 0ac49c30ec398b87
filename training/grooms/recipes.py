"""How the guides of each style grow: the table grooms.json, a row a style."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from clip_head.core.types import GroomLook
from clip_head.training.engine.tables import check_keys, load_table

Point = tuple[float, float, float]


@dataclass(frozen=True)
class Recipe:
    """How the guides of one hair style or beard grow; lengths are units, and weights are of directions of length 1.

    hairline: a key of training/teacher/hair_styles.json's hairlines.
    strip: half the width of the strip along the middle of the head that alone grows hair, 0 for all of the scalp.
    sides: how long hair is beside that strip; 0 for none there.
    thinning: depth over which hair thins out along its line.
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
    tail, thick: nodes of the line along which hair goes on from a tie, and how thick it is at each; mirrored for a
        second tie.
    turns: how often it winds around the tail's first node before, with its second as radii: a bun.
    strands: of a plait: how many.
    density: the greatest of strands.
    look: fields of core/types.GroomLook.
    """

    hairline: str = "full"
    strip: float = 0.0
    sides: float = 0.0
    thinning: float = 0.036
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
    tail: tuple[Point, ...] = ()
    thick: tuple[float, ...] = ()
    turns: float = 0.0
    strands: int = 0
    density: float = 1.0
    look: dict[str, Any] = field(default_factory=dict)


def read_recipes(path: Path) -> tuple[dict[str, Recipe], dict[str, Recipe], dict[str, GroomLook]]:
    """Read the table of grooms.

    path: JSON file with the sections "hair" (style -> fields of Recipe), "beards" (beard -> the same) and
        "face" ("Eyebrows", "Eyelashes" -> fields of core/types.GroomLook).
    Returns: these three.
    Raises: ModelError when a key is missing or unknown.
    """
    table = load_table(path, ("hair", "beards", "face"))
    names = tuple(one.name for one in fields(Recipe))
    for name, entry in [*table["hair"].items(), *table["beards"].items()]:
        check_keys(f"{path.name}: {name}", entry, (), names)
    return (
        {name: Recipe(**row) for name, row in table["hair"].items()},
        {name: Recipe(**row) for name, row in table["beards"].items()},
        {name: GroomLook(**row) for name, row in table["face"].items()},
    )


#: Name of a style, of a beard -> how it grows; "Eyebrows", "Eyelashes" -> how they look.
HAIR: dict[str, Recipe]
BEARDS: dict[str, Recipe]
FACE: dict[str, GroomLook]
HAIR, BEARDS, FACE = read_recipes(Path(__file__).with_name("grooms.json"))
