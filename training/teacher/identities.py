"""Random people: phenotype and local shapes, the head that they make, and the words for it.

A person is a set of attributes (dataset.Attributes). Their head is linear in the displacement fields ("targets") of
the base mesh: MakeHuman's phenotype targets for age, gender, ancestry and weight, plus the local shapes of shapes.json;
and, where there are scans, the mean and the modes of real people. Words are decided by what is then seen of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from clip_head.core.types import Floats, Ints
from clip_head.training.engine.tables import check_keys, load_table

from .base_mesh import RACES, load_base_mesh, load_target, phenotype_targets, phenotype_weights
from .cavities import find_cavities
from .dataset import MAJORITY, Attributes
from .measures import read_shapes_of, reading_matrix
from .modes import (
    RealPeople,
    follow_lids,
    follow_lip_line,
    load_people,
    part_of_age,
    random_weights,
    seat_eyeballs,
    weighted_modes,
)
from .template import TRANSLATION, build_topology

#: File of what scans add, in the folder of a dataset.
PEOPLE_FILE = "people.npz"
#: Weight of the action jawOpen in the canonical pose, 0 to 1: the lips are a few millimetres apart, so that a surface
#: between them exists and a signed distance can separate them.
CANONICAL_JAW = 0.12
#: Above this absolute value a local shape is named among a person's words: more than WEAK_LIMIT, so that only shapes
#: drawn as strong are named.
WORD_THRESHOLD = 0.55
#: Age ranges in years, and the probability of each. Chosen by hand: fewer children and more old people than in a
#: population. Inside a range the age is uniform.
AGE_RANGES: dict[tuple[int, int], float] = {
    (4, 12): 0.09,
    (13, 19): 0.07,
    (20, 38): 0.34,
    (38, 60): 0.22,
    (60, 90): 0.28,
}
#: Ages in years at which "boy" or "girl" ends, "young" ends and "middle-aged" ends: ordinary use of the words.
CHILD_UNTIL, YOUNG_UNTIL, MIDDLE_AGED_UNTIL = 13, 36, 60
#: Values of gender between which a grown-up is called a person, neither man nor woman.
NEITHER_MAN_NOR_WOMAN = (0.2, 0.8)
#: Weights (0 thin to 1 heavy) below which somebody is called thin, and above which heavy.
THIN_BELOW, HEAVY_ABOVE = 0.2, 0.78

# How random_person draws, chosen by hand:

#: Probability of a person between man and woman; all others deviate from 0 or 1 by this standard deviation.
BETWEEN_GENDERS_PROBABILITY, GENDER_DEVIATION = 0.08, 0.08
#: Concentration of the Dirichlet distribution of ancestries: of people nearly of one ancestry, with its probability,
#: and of all others, whose mixtures are uniform.
ONE_ANCESTRY_CONCENTRATION, ONE_ANCESTRY_PROBABILITY, MIXED_CONCENTRATION = 0.12, 0.7, 1.0
#: Standard deviation of weak local shapes, and the largest absolute value that they reach.
WEAK_DEVIATION, WEAK_LIMIT = 0.18, 0.45
#: Number of strong local shapes (from, up to below), and range of their absolute values.
STRONG_COUNT, STRONG_RANGE = (2, 8), (0.35, 1.25)
#: Muscle of everybody, 0 to 1, and what the local shape "jaw" at 1 adds to it: strong jaws come with muscle.
MUSCLE, MUSCLE_PER_JAW = 0.5, 0.25


@dataclass(frozen=True)
class Shape:
    """A local shape of a head, whose value lies between -1 and 1.

    more: names of the targets that value +1 adds, all with the same weight.
    less: names of the targets that value -1 adds; empty where the shape has one end only.
    more_word, less_word: what one says of either end; "" where nobody names it.
    strength: weight of the targets at value +1.
    less_scale: weight at -1 divided by the weight at +1.
    """

    more: tuple[str, ...]
    less: tuple[str, ...] = ()
    more_word: str = ""
    less_word: str = ""
    strength: float = 1.0
    less_scale: float = 1.0


@dataclass(frozen=True)
class Bump:
    """A smooth displacement that MakeHuman has no target for: around a point on the head's left, and mirrored.

    centre: (3,) units, on the base mesh in the frame of the heads.
    radii: (3,) units; outside this ellipsoid nothing moves.
    push: (3,) units, displacement at the centre; its x points away from the plane of symmetry.
    """

    centre: tuple[float, float, float]
    radii: tuple[float, float, float]
    push: tuple[float, float, float]


def read_shapes(path: Path) -> tuple[dict[str, Shape], dict[str, Bump], dict[str, dict[str, float]]]:
    """Read the table of local shapes.

    path: JSON file with the sections "shapes" (name -> fields of Shape), "bumps" (target name -> fields of Bump) and
        "trends" ("age", "weight", "gender" -> {shape: value}).
    Returns: SHAPES, BUMPS and TRENDS.
    Raises: ModelError when a key is missing or unknown.
    """
    table = load_table(path, ("shapes", "bumps", "trends"))
    for name, entry in table["shapes"].items():
        check_keys(
            f"{path.name}: {name}", entry, ("more", "strength"), ("less", "more_word", "less_word", "less_scale")
        )
    for name, entry in table["bumps"].items():
        check_keys(f"{path.name}: {name}", entry, ("centre", "radii", "push"))
    check_keys(f"{path.name}: trends", table["trends"], ("age", "weight", "gender"))
    for name, entry in table["trends"].items():
        check_keys(f"{path.name}: {name}", entry, (), table["shapes"])
    return (
        {name: Shape(**entry) for name, entry in table["shapes"].items()},
        {name: Bump(**entry) for name, entry in table["bumps"].items()},
        table["trends"],
    )


#: Name -> local shape. The order is that of the shapes in a draw and in IdentityBasis.
SHAPES: dict[str, Shape]
#: Name of a target ("own/...") -> bump. Sizes chosen by eye on renders.
BUMPS: dict[str, Bump]
#: What age (from 45 to 90 years), weight (from middling to heavy; negative to slim) and gender (from androgynous to
#: female; negative to male) add to the values of local shapes, since MakeHuman's own targets of these hardly reach the
#: face. Chosen by eye on renders.
TRENDS: dict[str, dict[str, float]]
SHAPES, BUMPS, TRENDS = read_shapes(Path(__file__).with_name("shapes.json"))


@dataclass(frozen=True)
class IdentityBasis:
    """Displacements of the B base vertices in use, in units, in the frame of the heads.

    phenotype: (96, B, 3), in the order of base_mesh.phenotype_targets.
    more, less: (S, B, 3), in the order of SHAPES, at values +1 and -1.
    jaw: (B, 3) the action jawOpen.
    eyes: (B,) weights whose product with positions is the point between the eyeballs.
    rest: (B, 3) positions of the base mesh.
    people: what scans add; None: heads are mixtures of MakeHuman's targets alone.
    """

    phenotype: Floats
    more: Floats
    less: Floats
    jaw: Floats
    eyes: Floats
    rest: Floats
    people: RealPeople | None = None

    @property
    def mode_count(self) -> int:
        """Number of the scans' modes; 0 without scans."""
        return 0 if self.people is None else len(self.people.modes)


def build_basis(base: Ints) -> IdentityBasis:
    """Read every target once.

    base: (B,) indices of the base vertices in use.
    Returns: the basis on these vertices.
    """
    mesh = load_base_mesh()
    rest = mesh.vertices[base] + TRANSLATION

    def total(names: tuple[str, ...], strength: float) -> Floats:
        if not names:
            return np.zeros((len(base), 3), np.float32)
        targets = [bump(name, rest) if name in BUMPS else load_target(name)[base] for name in names]
        return strength * np.sum(targets, axis=0)

    eyes = np.isin(base, mesh.quads[(mesh.group == "helper-l-eye") | (mesh.group == "helper-r-eye")]).astype(np.float32)
    return IdentityBasis(
        np.stack([load_target(name)[base] for name in phenotype_targets()]),
        np.stack([total(shape.more, shape.strength) for shape in SHAPES.values()]),
        np.stack([total(shape.less, shape.strength * shape.less_scale) for shape in SHAPES.values()]),
        load_target("facial/jawOpen")[base],
        eyes / eyes.sum(),
        rest,
    )


def basis_of(folder: Path) -> IdentityBasis:
    """The basis that a teacher dataset was made with.

    folder: of the dataset.
    """
    basis, people = build_basis(build_topology().base), folder / PEOPLE_FILE
    return replace(basis, people=load_people(people)) if people.is_file() else basis


def template_base(basis: IdentityBasis) -> Floats:
    """(B, 3) base vertices of the template, units: the mean adult without what scans add."""
    return base_vertices(replace(basis, people=None), mean_adult())


def word_directions(basis: IdentityBasis) -> Floats:
    """(5, B, 3) what gender, old age, two ancestries and weight change on the mean adult, units: words of their own,
    which the scans' modes must not say.

    basis: of the base vertices; what scans add is left out.
    """
    plain, even = replace(basis, people=None), dict.fromkeys(RACES, 1 / 3)

    def head(gender: float = 0.5, age: float = 30.0, ancestry: dict[str, float] = even, weight: float = 0.5) -> Floats:
        return base_vertices(plain, describe(gender, age, ancestry, weight, {}))

    mean = head()
    races = [head(ancestry={race: float(race == name) for race in RACES}) - mean for name in RACES[:2]]
    return np.stack([head(gender=1.0) - head(gender=0.0), head(age=80.0) - mean, *races, head(weight=1.0) - mean])


def mean_adult() -> Attributes:
    """The person the template shows: 30 years, between man and woman, in equal parts of each ancestry."""
    return describe(0.5, 30.0, dict.fromkeys(RACES, 1 / 3), 0.5, {})


def base_vertices(basis: IdentityBasis, person: Attributes) -> Floats:
    """A person's base vertices in canonical pose, with the point between the eyes where the mean adult has it.

    basis: of the B base vertices in use.
    person: whose head.
    Returns: (B, 3) units, in the frame of the heads.
    """
    weights = phenotype_weights(person.gender, person.age, _muscle(person), person.weight, person.ancestry)
    vertices = basis.rest + np.tensordot(weights, basis.phenotype, 1) + CANONICAL_JAW * basis.jaw
    trends = shape_trends(person)
    values = np.array([person.shapes.get(name, 0.0) + trends.get(name, 0.0) for name in SHAPES], dtype=np.float32)
    vertices = vertices + np.tensordot(np.maximum(values, 0), basis.more, 1)
    vertices = vertices + np.tensordot(np.maximum(-values, 0), basis.less, 1)
    if basis.people is not None:
        part = part_of_age(person.age)
        vertices = vertices + part * basis.people.mean
        if person.modes:
            vertices = vertices + part * weighted_modes(basis.people.modes, person.modes)
        vertices = follow_lip_line(vertices, template_base(basis) + part * basis.people.mean, basis.people)
        vertices = follow_lids(vertices, basis.rest + CANONICAL_JAW * basis.jaw, basis.people)
        vertices = seat_eyeballs(vertices, basis.people.eyeballs)
    return (vertices - basis.eyes @ vertices + basis.eyes @ basis.rest).astype(np.float32)


def shape_trends(person: Attributes) -> dict[str, float]:
    """What age, weight and gender add to a person's local shapes, beside the targets of the phenotype.

    person: whose head.
    Returns: name of a shape -> value to add.
    """
    age = min(max((person.age - 45) / 45, 0.0), 1.0)
    amounts = {"age": age, "weight": 2 * person.weight - 1, "gender": 2 * person.gender - 1}
    names = [name for cause in amounts for name in TRENDS[cause]]
    return {name: sum(TRENDS[cause].get(name, 0.0) * amount for cause, amount in amounts.items()) for name in names}


def bump(name: str, vertices: Floats) -> Floats:
    """The displacement field of one of BUMPS.

    name: a key of BUMPS.
    vertices: (B, 3) units, in the frame of the heads.
    Returns: (B, 3) displacement in units.
    """
    shape = BUMPS[name]
    mirrored = vertices * np.where(vertices[:, :1] < 0, [-1, 1, 1], [1, 1, 1])
    squared = (((mirrored - np.array(shape.centre)) / np.array(shape.radii)) ** 2).sum(axis=1)
    displacement = (np.clip(1 - squared, 0, 1) ** 2)[:, None] * np.array(shape.push)
    # The sign of x, smooth over 12 mm, so that both sides meet without a crease.
    displacement[:, 0] *= np.tanh(vertices[:, 0] / 0.05)
    return displacement.astype(np.float32)


def _muscle(person: Attributes) -> float:
    """MakeHuman's muscle of a person, 0 to 1, who has none of their own."""
    return MUSCLE + MUSCLE_PER_JAW * person.shapes.get("jaw", 0.0)


def random_person(rng: np.random.Generator, modes: int = 0, *, held_out: bool = False) -> Attributes:
    """Draw a person. Most are clearly men or women of one ancestry, some lie between; a few shapes are strong.

    rng: source of the draw; the same state gives the same person.
    modes: number of the scans' modes, whose weights are drawn, too.
    held_out: whether the person has the modes that training heads lack.
    Returns: the attributes, with their words; of a person with modes they are what was drawn, not yet what is seen.
    """
    gender = float(np.clip(rng.choice([0.0, 1.0]) + rng.normal(0, GENDER_DEVIATION), 0, 1))
    if rng.random() < BETWEEN_GENDERS_PROBABILITY:
        gender = float(rng.uniform(*NEITHER_MAN_NOR_WOMAN))
    low, high = list(AGE_RANGES)[rng.choice(len(AGE_RANGES), p=list(AGE_RANGES.values()))]
    age = float(rng.uniform(low, high))
    concentration = ONE_ANCESTRY_CONCENTRATION if rng.random() < ONE_ANCESTRY_PROBABILITY else MIXED_CONCENTRATION
    fractions = rng.dirichlet([concentration] * 3)
    ancestry = {race: float(fraction) for race, fraction in zip(RACES, fractions, strict=True)}
    weight = float(np.clip(rng.beta(2, 2), 0, 1))
    values = np.clip(rng.normal(0, WEAK_DEVIATION, len(SHAPES)), -WEAK_LIMIT, WEAK_LIMIT)
    strong = rng.choice(len(SHAPES), size=rng.integers(*STRONG_COUNT), replace=False)
    values[strong] = rng.choice([-1.0, 1.0], len(strong)) * rng.uniform(*STRONG_RANGE, len(strong))
    # A shape with one end only has no negative values.
    shapes = {
        name: float(value)
        for (name, shape), value in zip(SHAPES.items(), values, strict=True)
        if shape.less or value > 0
    }
    person = describe(gender, age, ancestry, weight, shapes)
    return replace(person, modes=tuple(random_weights(rng, modes, held_out=held_out).round(4).tolist()))


def shape_reading(basis: IdentityBasis) -> tuple[Floats, Ints]:
    """What reads SHAPES off displacements of skin: the matrix (S, U, 3) and the base vertices (U,) that it reads.

    basis: of the base vertices.
    """
    used = np.unique(find_cavities(build_topology()).skin_quads)
    return reading_matrix(template_base(basis), shape_fields(basis), used), used


def shape_fields(basis: IdentityBasis) -> Floats:
    """(S, B, 3) what each of SHAPES at 1 displaces, in the mean of both directions where it has two, units.

    basis: of the base vertices.
    """
    two_sided = np.array([bool(shape.less) for shape in SHAPES.values()])[:, None, None]
    fields = np.where(two_sided, (basis.more - basis.less) / 2, basis.more)
    if basis.people is None:
        return fields
    return np.stack([follow_lip_line(field, np.zeros_like(field), basis.people) for field in fields])


def with_seen(basis: IdentityBasis, reading: Floats, used: Ints, person: Attributes) -> Attributes:
    """A person whose words are what is seen: shapes are measured on the head, against people of that age and gender.

    basis: of the base vertices.
    reading: (S, U, 3) of measures.reading_matrix, for SHAPES.
    used: (U,) the vertices that it reads.
    person: whose head.
    Returns: the person with `seen` and words.
    """
    usual = describe(person.gender, person.age, dict.fromkeys(RACES, 1 / 3), 0.5, {})
    displacement = base_vertices(basis, person)[used] - base_vertices(basis, usual)[used]
    seen = read_shapes_of(reading, displacement, tuple(SHAPES))
    seen = {name: value for name, value in seen.items() if SHAPES[name].less or value > 0}
    described = describe(person.gender, person.age, person.ancestry, person.weight, seen)
    return replace(person, seen=seen, words=described.words)


def describe(
    gender: float, age: float, ancestry: dict[str, float], weight: float, shapes: dict[str, float]
) -> Attributes:
    """Put a person into words.

    gender: 0 male to 1 female.
    age: years.
    ancestry: fraction of each of base_mesh.RACES; they sum to 1.
    weight: 0 thin to 1 heavy.
    shapes: name of a local shape -> value, -1 to 1 (a draw goes to 1.25); shapes that are 0 may be left out.
    Returns: these values with noun, age word, ancestry word and the words of the strong shapes, strongest first.
    """
    child = age < CHILD_UNTIL
    male = gender < 0.5
    noun = ("boy" if male else "girl") if child else ("man" if male else "woman")
    if NEITHER_MAN_NOR_WOMAN[0] < gender < NEITHER_MAN_NOR_WOMAN[1] and not child:
        noun = "person"
    age_word = "" if child else "young" if age < YOUNG_UNTIL else "middle-aged" if age < MIDDLE_AGED_UNTIL else "old"
    major = max(RACES, key=lambda race: ancestry[race])
    strongest = sorted(
        (-abs(value), SHAPES[name].more_word if value > 0 else SHAPES[name].less_word)
        for name, value in shapes.items()
        if abs(value) > WORD_THRESHOLD
    )
    words = [word for _, word in strongest if word]
    if weight > HEAVY_ABOVE:
        words.append("heavy")
    if weight < THIN_BELOW:
        words.append("thin")
    ancestry_word = major if ancestry[major] > MAJORITY else "mixed"
    return Attributes(
        gender, age, ancestry, weight, shapes, noun, age_word, ancestry_word, tuple(words), seen=dict(shapes)
    )
