"""Colours and lines that are painted on skin: the table paint.json."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clip_head.training.engine.tables import check_keys, load_table
from clip_head.training.teacher.appearance import BEARDS, LIPS, SCARS

from .canvas import Colour

#: Start and end of a line on the face: (x, y) in units, x from the plane of symmetry.
Line = tuple[tuple[float, float], tuple[float, float]]


def read_paint(path: Path) -> dict[str, Any]:
    """Read the table of paint.

    path: JSON file with the sections that are named below. Colours are sRGB, 0 to 1.
    Returns: the sections by name, with tuples for lists.
    Raises: ClipHeadError when a section is missing or unknown, or lacks a lipstick, beard or scar that heads can have.
    """
    sections = ("lipsticks", "beard_opacity", "moles", "scars", "clown_eyes", "war_paint", "flags", "tiger_stripes")
    table = load_table(path, (*sections, "robot_seams"))
    for section, names in (("lipsticks", LIPS), ("scars", SCARS), ("beard_opacity", BEARDS)):
        check_keys(f"{path.name}: {section}", table[section], set(names) - {"natural", "none"})
    return table


_TABLE = read_paint(Path(__file__).with_name("paint.json"))

#: Every value here was chosen by eye on renders. Colour of painted lips by name.
LIPSTICKS: dict[str, Colour] = _TABLE["lipsticks"]
#: Opacity of a beard's hair where it is densest, by name, 0 to 1.
BEARD_OPACITY: dict[str, float] = _TABLE["beard_opacity"]
#: Places of moles: (x, y) in units, x to the person's left.
MOLES: tuple[tuple[float, float], ...] = _TABLE["moles"]
#: The line of a scar by its place.
SCAR_LINES: dict[str, Line] = _TABLE["scars"]
#: Colours around a clown's eyes, one of which is drawn.
CLOWN_EYES: tuple[Colour, ...] = _TABLE["clown_eyes"]
#: Main colours of war paint, one of which is drawn.
WAR_PAINT: tuple[Colour, ...] = _TABLE["war_paint"]
#: Three stripes of a football fan's flag, one of which is drawn.
FLAGS: tuple[tuple[Colour, Colour, Colour], ...] = _TABLE["flags"]
#: Lines of a tiger's stripes, from their thick end.
TIGER_STRIPES: tuple[Line, ...] = _TABLE["tiger_stripes"]
#: Lines of the seams between a robot's panels.
ROBOT_SEAMS: tuple[Line, ...] = _TABLE["robot_seams"]
