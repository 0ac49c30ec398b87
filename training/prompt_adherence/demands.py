"""What a head must be for ages in years, ancestries, characters and long descriptions; the prompts are demands.json's.

Ages, genders and ancestries are read off a head by the teacher's people whose vertices lie nearest to its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from clip_head.core.types import Floats
from clip_head.training.engine.tables import check_keys, load_table
from clip_head.training.language.characters import CHARACTERS
from clip_head.training.language.people_phrases import ANCESTRIES
from clip_head.training.prompt_adherence.suite import OPPOSITES, Opposites
from clip_head.training.teacher.base_mesh import RACES
from clip_head.training.teacher.dataset import Attributes
from clip_head.training.teacher.identities import describe

#: Ages in years of the people that heads are compared with.
COMPARED_AGES = (2, 4, 6, 8, 10, 12, 14, 16, 18, 21, 24, 27, 30, 34, 38, 42, 46, 50, 54, 58, 62, 66, 70, 74, 78, 82, 86,
                 90)  # fmt: skip
#: How far an age may be from the one that is asked for: a fraction of it, and at least so many years.
AGE_TOLERANCE, LEAST_AGE_TOLERANCE = 0.15, 3.0
#: How far fractions of ancestries may be from those that are asked for: half the sum of their differences.
ANCESTRY_TOLERANCE = 0.25
#: Years by which a character may be younger or older than one expects.
CHARACTER_TOLERANCE = 8.0

#: A person -> the vertices (V, 3) that are compared, units.
Vertices = Callable[[Attributes], Floats]


@dataclass(frozen=True)
class LongDemand:
    """A long description and what it asks for.

    template: the prompt, with {0}, {1} ... for the shapes.
    shapes: of the suite, each with whether more of it is asked for.
    hair, beard: what is worn; "" for what is not asked for.
    """

    template: str
    shapes: tuple[tuple[Opposites, bool], ...]
    hair: str
    beard: str

    def prompt(self, opposed: int | None = None) -> str:
        """The prompt; opposed: number of a shape of which the opposite is asked for."""
        words = [
            opposites.plain.more if more != (number == opposed) else opposites.plain.less
            for number, (opposites, more) in enumerate(self.shapes)
        ]
        return self.template.format(*words)


def _entries(name: str, keys: tuple[str, ...]) -> tuple[dict[str, Any], ...]:
    """The entries of one table of demands.json."""
    for entry in _TABLE[name]:
        check_keys(f"{name} in demands.json", entry, keys)
    return tuple(_TABLE[name])


def _long(entry: dict[str, Any]) -> LongDemand:
    """One of the long descriptions."""
    by_measure = {o.measure: o for o in OPPOSITES if not o.plain.more.startswith("=")}
    shapes = tuple((by_measure[measure], side == "more") for measure, side in entry["shapes"])
    return LongDemand(entry["prompt"], shapes, entry["hair"], entry["beard"])


_TABLE: Mapping[str, Any] = load_table(
    Path(__file__).with_name("demands.json"), ("ages", "ancestries", "characters", "long")
)
#: Prompts with an age in years: "prompt", "gender" (0 man, 1 woman), "age".
AGES = _entries("ages", ("prompt", "gender", "age"))
#: Prompts with an ancestry: "prompt", "gender", "ancestry" (a key of ANCESTRIES).
ANCESTRY_PROMPTS = _entries("ancestries", ("prompt", "gender", "ancestry"))
#: Prompts with a character: "prompt", "character" (a key of CHARACTERS).
CHARACTER_PROMPTS = _entries("characters", ("prompt", "character"))
#: Long descriptions.
LONG = tuple(_long(entry) for entry in _entries("long", ("prompt", "shapes", "hair", "beard")))


def demand_prompts() -> list[str]:
    """Every prompt of demands.json, lower case."""
    prompts = [entry["prompt"] for table in (AGES, ANCESTRY_PROMPTS, CHARACTER_PROMPTS) for entry in table]
    return [prompt.lower() for prompt in (*prompts, *(demand.prompt() for demand in LONG))]


def nearest_age(head: Floats, gender: float, vertices: Vertices) -> float:
    """The age in years of the person of this gender, and of a mixed ancestry, who is nearest to a head.

    head: (V, 3) vertices, units.
    gender: 0 man to 1 woman.
    vertices: of people.
    """
    mixed = dict.fromkeys(RACES, 1 / 3)

    def distance(age: int) -> float:
        return float(np.square(vertices(describe(gender, float(age), mixed, 0.5, {})) - head).sum())

    return float(min(COMPARED_AGES, key=distance))


def age_is_right(found: float, asked: float) -> bool:
    """Whether an age in years is near enough to the one that is asked for."""
    return abs(found - asked) <= max(AGE_TOLERANCE * asked, LEAST_AGE_TOLERANCE)


def fractions_of(head: Floats, gender: float, age: float, vertices: Vertices) -> Floats:
    """The fractions (3,) of African, Asian and European ancestry by which people of this gender and age come nearest to
    a head.

    head, gender, vertices: as of nearest_age.
    age: in years.
    """
    pure = [vertices(describe(gender, age, {race: float(race == name) for race in RACES}, 0.5, {})) for name in RACES]
    design = np.stack([(one - pure[2]).ravel() for one in pure[:2]], axis=1).astype(np.float64)
    african, asian = np.linalg.lstsq(design, (head - pure[2]).ravel(), rcond=None)[0]
    return np.array([african, asian, 1 - african - asian], np.float32)


def ancestry_is_right(found: Floats, name: str) -> bool:
    """Whether fractions (3,) are near enough to those of an ancestry. name: a key of ANCESTRIES."""
    return float(np.abs(found - np.array(ANCESTRIES[name].fractions)).sum()) / 2 <= ANCESTRY_TOLERANCE


def nearest_gender(head: Floats, age: float, vertices: Vertices) -> int:
    """0 or 1: whether a head is nearer to a man of this age and mixed ancestry, or to a woman. Parameters as above."""
    mixed = dict.fromkeys(RACES, 1 / 3)
    return int(
        np.argmin([np.square(vertices(describe(gender, age, mixed, 0.5, {})) - head).sum() for gender in (0.0, 1.0)])
    )


def character_answers(name: str, head: Floats, hair: str, beard: str, vertices: Vertices) -> dict[str, bool]:
    """Whether a head is what one expects of a character: "gender", "age", "hair" and "beard", those that it implies.

    name: a key of CHARACTERS.
    head, vertices: as of nearest_age.
    hair, beard: what the head wears, "bald" and "" for nothing.
    """
    character = CHARACTERS[name]
    first, last = character.ages
    age = nearest_age(head, round(character.gender), vertices)
    answers = {"age": first - CHARACTER_TOLERANCE <= age <= last + CHARACTER_TOLERANCE}
    if character.gender != 0.5 and first >= 13:
        answers["gender"] = nearest_gender(head, age, vertices) == round(character.gender)
    if character.styles:
        answers["hair"] = hair in character.styles
    if character.beards:
        answers["beard"] = beard in character.beards
    return answers
