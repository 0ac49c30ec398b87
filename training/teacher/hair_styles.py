"""What the hair styles are called and how each is made: the table hair_styles.json."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .tables import as_tuples, check_keys, read_table


@dataclass(frozen=True)
class StyleRecipe:
    """How one hair style is named and made.

    phrases: what one calls it.
    hairline: a key of HAIRLINES.
    card_radius: half the thickness given to its cards, units; None: hair_cards.CARD_RADIUS.
    grown_layer: thickness of hair grown on the scalp without cards or a volume, units; None where it has either.
    fill: whether everything between the cards and the head is hair; False where hair stands off the neck, as a
        ponytail does.
    """

    phrases: tuple[str, ...]
    hairline: str = "full"
    card_radius: float | None = None
    grown_layer: float | None = None
    fill: bool = True


@dataclass(frozen=True)
class Hairline:
    """The border of the scalp that grows hair.

    profile: corners (z, y) of a polygon around it, seen from the side, units.
    temple_centre, temple_radii: an ellipsoid on the head's left, mirrored to the right, that stays bare: the bay of a
        receding hairline, units; None: no bay.
    """

    profile: tuple[tuple[float, float], ...]
    temple_centre: tuple[float, float, float] | None = None
    temple_radii: tuple[float, float, float] | None = None


def read_hair_styles(path: Path) -> tuple[dict[str, StyleRecipe], dict[str, Hairline]]:
    """Read the table of hair styles.

    path: JSON file with the sections "styles" (name -> fields of StyleRecipe) and "hairlines" (name -> fields of
        Hairline).
    Returns: STYLES and HAIRLINES.
    Raises: ClipHeadError when a key is missing or unknown.
    """
    table: dict[str, Any] = as_tuples(read_table(path, ("styles", "hairlines")))
    for name, entry in table["styles"].items():
        check_keys(entry, ("phrases",), ("hairline", "card_radius", "grown_layer", "fill"), f"{path.name}: {name}")
    for name, entry in table["hairlines"].items():
        check_keys(entry, ("profile",), ("temple_centre", "temple_radii"), f"{path.name}: {name}")
    return (
        {name: StyleRecipe(**entry) for name, entry in table["styles"].items()},
        {name: Hairline(**entry) for name, entry in table["hairlines"].items()},
    )


#: Name -> recipe. A style of the assets that is not among them is made of its cards and called by its name.
STYLES: dict[str, StyleRecipe]
#: Name -> hairline. Drawn by eye over the template's profile.
HAIRLINES: dict[str, Hairline]
STYLES, HAIRLINES = read_hair_styles(Path(__file__).with_name("hair_styles.json"))
