"""Random people: phenotype and local shapes, the head that they make, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clip_head.core.types import Floats, Ints

from .base_mesh import RACES, load_base_mesh, load_target, phenotype_targets, phenotype_weights
from .dataset import Attributes
from .template import TRANSLATION

#: jawOpen of the canonical pose: lips a few millimetres apart, so that a surface between them exists.
CANONICAL_JAW = 0.12


@dataclass(frozen=True)
class Shape:
    """A local shape: targets for +1 and -1, what one says at either end, how far the upper end goes, and the lower end
    as a share of it."""

    more: tuple[str, ...]
    less: tuple[str, ...]
    more_word: str = ""
    less_word: str = ""
    strength: float = 1.0
    less_share: float = 1.0


def _pair(folder: str, stem: str, more: str = "incr", less: str = "decr") -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (f"{folder}/{stem}-{more}",), (f"{folder}/{stem}-{less}",)


def _sides(folder: str, stem: str, more: str = "incr", less: str = "decr") -> tuple[tuple[str, ...], tuple[str, ...]]:
    ends = [tuple(f"{folder}/{side}-{stem}-{end}" for side in "lr") for end in (more, less)]
    return ends[0], ends[1]


SHAPES: dict[str, Shape] = {
    "head_width": Shape(*_pair("head", "head-scale-horiz"), "wide head", "narrow head", 0.5),
    "head_height": Shape(*_pair("head", "head-scale-vert"), "long face", "short face", 0.4),
    "head_depth": Shape(*_pair("head", "head-scale-depth"), "deep head", "shallow head", 0.6),
    "head_fat": Shape(*_pair("head", "head-fat"), "chubby face", "gaunt face", 0.9),
    "head_angle": Shape(*_pair("head", "head-angle", "out", "in"), strength=0.4),
    "head_back": Shape(*_pair("head", "head-back-scale-depth"), strength=0.5),
    "skull": Shape(
        ("head/head-back-scale-depth-incr", "forehead/forehead-scale-vert-incr", "forehead/forehead-trans-backward"),
        (), "long skull", "", 0.8,
    ),
    "oval": Shape(("head/head-oval",), (), "oval face", "", 0.8),
    "round": Shape(("head/head-round",), (), "round face", "", 0.9),
    "square": Shape(("head/head-square",), (), "square face", "", 0.9),
    "triangular": Shape(
        ("head/head-triangular",), ("head/head-invertedtriangular",), "pear-shaped face", "heart-shaped face", 0.8
    ),
    "diamond": Shape(("head/head-diamond",), (), "diamond-shaped face", "", 0.8),
    "forehead_height": Shape(*_pair("forehead", "forehead-scale-vert"), "high forehead", "low forehead", 0.45),
    "forehead_bulge": Shape(*_pair("forehead", "forehead-nubian"), "bulging forehead", "flat forehead", 0.4),
    "forehead_slope": Shape(
        *_pair("forehead", "forehead-trans", "forward", "backward"), "upright forehead", "sloping forehead", 0.6
    ),
    "temples": Shape(*_pair("forehead", "forehead-temple"), "broad temples", "sunken temples", 0.8),
    "brow_height": Shape(*_pair("eyebrows", "eyebrows-trans", "up", "down"), "high brows", "low brows", 0.7),
    "brow_angle": Shape(*_pair("eyebrows", "eyebrows-angle", "up", "down"), "drooping brows", "slanted brows", 0.7),
    "brow_ridge": Shape(*_pair("eyebrows", "eyebrows-trans", "forward", "backward"), "heavy brow", "flat brow", 0.6),
    "eye_size": Shape(*_sides("eyes", "eye-scale"), "big eyes", "small eyes", 1.3),
    "eye_height": Shape(*_sides("eyes", "eye-height2"), "round eyes", "narrow eyes", 1.0),
    "eye_distance": Shape(*_sides("eyes", "eye-trans", "out", "in"), "wide-set eyes", "close-set eyes", 0.6),
    "eye_level": Shape(*_sides("eyes", "eye-trans", "up", "down"), strength=0.4),
    "eye_depth": Shape(("own/eyes-back",), ("own/eyes-forward",), "deep-set eyes", "bulging eyes"),
    "eye_slant": Shape(*_sides("eyes", "eye-corner1", "up", "down"), "upturned eyes", "droopy eyes", 1.2),
    "eye_bags": Shape(*_sides("eyes", "eye-bag"), "bags under the eyes", "", 1.6),
    "eye_fold": Shape(*_sides("eyes", "eye-epicanthus", "in", "out"), strength=0.5),
    "eyelid_fold": Shape(*_sides("eyes", "eye-eyefold", "down", "up"), "hooded eyes", "", 0.9),
    "nose_size": Shape(
        ("nose/nose-scale-depth-incr", "nose/nose-scale-horiz-incr", "nose/nose-scale-vert-incr"),
        ("nose/nose-scale-depth-decr", "nose/nose-scale-horiz-decr", "nose/nose-scale-vert-decr"),
        "big nose", "small nose", 0.85, 0.5,
    ),
    "nose_length": Shape(*_pair("nose", "nose-scale-vert"), "long nose", "short nose", 0.7, 0.6),
    "nose_depth": Shape(*_pair("nose", "nose-scale-depth"), "prominent nose", "flat nose", 0.7, 0.6),
    "nose_width": Shape(
        ("nose/nose-width3-incr", "nose/nose-width2-incr"), ("nose/nose-width3-decr", "nose/nose-width2-decr"),
        "wide nose", "narrow nose", 0.7,
    ),
    "nose_hump": Shape(*_pair("nose", "nose-hump"), "hooked nose", "", 1.1),
    "nose_curve": Shape(*_pair("nose", "nose-curve", "concave", "convex"), "scooped nose", "", 0.7),
    "nose_point": Shape(*_pair("nose", "nose-point", "up", "down"), "upturned nose", "drooping nose", 0.8),
    "nose_bulb": Shape(("own/nose-round",), ("own/nose-sharp",), "bulbous nose", "pointed nose"),
    "nostrils": Shape(*_pair("nose", "nose-flaring"), "flared nostrils", "", 0.7),
    "nose_level": Shape(*_pair("nose", "nose-trans", "up", "down"), strength=0.3),
    "mouth_width": Shape(*_pair("mouth", "mouth-scale-horiz"), "wide mouth", "small mouth", 0.7),
    "lips": Shape(
        tuple(f"mouth/mouth-{lip}lip-{what}-incr" for lip in ("upper", "lower") for what in ("volume", "height")),
        tuple(f"mouth/mouth-{lip}lip-{what}-decr" for lip in ("upper", "lower") for what in ("volume", "height")),
        "full lips", "thin lips", 0.7,
    ),
    "mouth_corners": Shape(*_pair("mouth", "mouth-angles", "up", "down"), "upturned mouth", "downturned mouth", 0.6),
    "mouth_level": Shape(*_pair("mouth", "mouth-trans", "up", "down"), "short upper lip", "long upper lip", 0.4),
    "cupids_bow": Shape(*_pair("mouth", "mouth-cupidsbow"), strength=0.6),
    "laugh_lines": Shape(*_pair("mouth", "mouth-laugh-lines", "in", "out"), strength=0.6),
    "chin_prominence": Shape(*_pair("chin", "chin-prominent"), "prominent chin", "receding chin", 0.8),
    "chin_width": Shape(*_pair("chin", "chin-width"), "broad chin", "narrow chin", 0.8),
    "chin_height": Shape(*_pair("chin", "chin-height"), "long chin", "short chin", 0.7),
    "bite": Shape(*_pair("chin", "chin-prognathism"), "underbite", "overbite", 0.9),
    "chin_cleft": Shape(*_pair("chin", "chin-cleft"), "cleft chin", "", 1.3),
    "jaw": Shape(("own/jaw-wide",), ("own/jaw-narrow",), "wide jaw", "slim jaw"),
    "jaw_corners": Shape(*_pair("chin", "chin-bones"), strength=0.6),
    "jaw_drop": Shape(*_pair("chin", "chin-jaw-drop"), strength=0.4),
    "cheekbones": Shape(*_sides("cheek", "cheek-bones"), "high cheekbones", "flat cheekbones", 0.8),
    "cheeks": Shape(*_sides("cheek", "cheek-volume"), "chubby cheeks", "hollow cheeks", 0.8),
    "cheek_level": Shape(*_sides("cheek", "cheek-trans", "up", "down"), strength=0.5),
    "ear_size": Shape(*_sides("ears", "ear-scale"), "large ears", "small ears", 0.9),
    "ear_wing": Shape(*_sides("ears", "ear-wing"), "protruding ears", "pinned ears", 0.9),
    "ear_lobe": Shape(*_sides("ears", "ear-lobe"), "long earlobes", "small earlobes", 0.8),
    "ear_pointed": Shape(*_sides("ears", "ear-shape", "pointed", "round"), "pointed ears", "round ears", 1.0),
    "neck_width": Shape(*_pair("neck", "neck-scale-horiz"), "thick neck", "thin neck", 0.6),
    "neck_depth": Shape(*_pair("neck", "neck-scale-depth"), strength=0.5),
    "double_chin": Shape(*_pair("neck", "neck-double"), "double chin", "", 0.9),
    "skull_age": Shape(*_pair("head", "head-age"), strength=0.5),
}  # fmt: skip

#: What MakeHuman has no target for: a bump around a point and its mirror image, (centre, radii, push at the centre) in
#: units on the base mesh in NPHM's frame; x is pushed outwards.
BUMPS: dict[str, tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]] = {
    "own/eyes-back": ((0.115, 0.035, 0.14), (0.11, 0.075, 0.2), (0.0, 0.0, -0.026)),
    "own/eyes-forward": ((0.115, 0.035, 0.14), (0.09, 0.06, 0.2), (0.0, 0.0, 0.018)),
    "own/nose-round": ((0.03, -0.112, 0.265), (0.06, 0.05, 0.07), (0.024, -0.004, 0.006)),
    "own/nose-sharp": ((0.03, -0.112, 0.265), (0.06, 0.05, 0.07), (-0.018, 0.0, 0.006)),
    "own/jaw-wide": ((0.2, -0.27, -0.02), (0.2, 0.2, 0.2), (0.03, 0.0, 0.0)),
    "own/jaw-narrow": ((0.2, -0.27, -0.02), (0.2, 0.2, 0.2), (-0.024, 0.0, 0.0)),
}
#: How shapes lean with age (from 45 to 90 years), with weight (from middling to heavy; the other way to slim) and with
#: gender (from between to woman; the other way to man): MakeHuman's own targets of these hardly reach the face.
AGEING = {"eye_bags": 0.8, "laugh_lines": 0.9, "eyelid_fold": 0.6, "double_chin": 0.35, "cheeks": -0.5, "ear_size": 0.3,
          "ear_lobe": 0.5, "lips": -0.5, "nose_point": -0.4, "mouth_corners": -0.35, "skull_age": 1.0}  # fmt: skip
GAINING = {"head_fat": 0.9, "cheeks": 0.5, "double_chin": 0.6, "neck_width": 0.5}
FEMALE = {"brow_ridge": -0.3, "jaw": -0.25, "chin_width": -0.25, "lips": 0.2, "eye_size": 0.2, "brow_height": 0.15}

#: A shape this strong is spoken of.
SPOKEN = 0.55


@dataclass(frozen=True)
class IdentityBasis:
    """Displacements of the base vertices in use: phenotype (96, B, 3); more, less (S, B, 3) in the order of SHAPES;
    jaw (B, 3); eyes (B,): weights whose product with positions is the point between the eyeballs."""

    phenotype: Floats
    more: Floats
    less: Floats
    jaw: Floats
    eyes: Floats
    rest: Floats


def build_basis(base: Ints) -> IdentityBasis:
    """Read every target once, for the base vertices in use."""
    mesh = load_base_mesh()

    def total(names: tuple[str, ...], strength: float) -> Floats:
        found = [
            bump(name, mesh.vertices[base] + TRANSLATION) if name in BUMPS else load_target(name)[base]
            for name in names
        ]
        return strength * np.sum(found, axis=0) if names else zero

    zero = np.zeros((len(base), 3), np.float32)
    eyes = np.isin(base, mesh.quads[(mesh.group == "helper-l-eye") | (mesh.group == "helper-r-eye")]).astype(np.float32)
    return IdentityBasis(
        np.stack([load_target(name)[base] for name in phenotype_targets()]),
        np.stack([total(shape.more, shape.strength) for shape in SHAPES.values()]),
        np.stack([total(shape.less, shape.strength * shape.less_share) for shape in SHAPES.values()]),
        load_target("facial/jawOpen")[base],
        eyes / eyes.sum(),
        mesh.vertices[base] + TRANSLATION,
    )


def mean_adult() -> Attributes:
    """The person the template shows: 30 years, between man and woman, in equal parts of each ancestry."""
    return describe(0.5, 30.0, dict.fromkeys(RACES, 1 / 3), 0.5, {})


def base_vertices(basis: IdentityBasis, person: Attributes) -> Floats:
    """(B, 3) canonical base vertices of a person, with the point between the eyes where the mean adult has it."""
    weights = phenotype_weights(person.gender, person.age, _muscle(person), person.weight, person.ancestry)
    moved = basis.rest + np.tensordot(weights, basis.phenotype, 1) + CANONICAL_JAW * basis.jaw
    leaning = leanings(person)
    values = np.array([person.shapes.get(name, 0.0) + leaning.get(name, 0.0) for name in SHAPES], dtype=np.float32)
    moved = moved + np.tensordot(np.maximum(values, 0), basis.more, 1)
    moved = moved + np.tensordot(np.maximum(-values, 0), basis.less, 1)
    return (moved - basis.eyes @ moved + basis.eyes @ basis.rest).astype(np.float32)


def leanings(person: Attributes) -> dict[str, float]:
    """What age, weight and gender add to a person's shapes, beside the targets of the phenotype."""
    age = min(max((person.age - 45) / 45, 0.0), 1.0)
    shares = ((AGEING, age), (GAINING, 2 * person.weight - 1), (FEMALE, 2 * person.gender - 1))
    return {name: sum(table.get(name, 0.0) * share for table, share in shares) for table, _ in shares for name in table}


def bump(name: str, vertices: Floats) -> Floats:
    """(B, 3) displacement of vertices (B, 3) by one of BUMPS."""
    centre, radii, push = BUMPS[name]
    mirrored = vertices * np.where(vertices[:, :1] < 0, [-1, 1, 1], [1, 1, 1])
    near = np.clip(1 - (((mirrored - np.array(centre)) / np.array(radii)) ** 2).sum(axis=1), 0, 1) ** 2
    outwards = np.tanh(vertices[:, 0] / 0.05)
    found = near[:, None] * np.array(push)
    found[:, 0] *= outwards
    return found.astype(np.float32)


def _muscle(person: Attributes) -> float:
    return 0.5 + 0.25 * person.shapes.get("jaw", 0.0)


def random_person(rng: np.random.Generator) -> Attributes:
    """Draw a person. Most are clearly men or women of one ancestry, some lie between; a few shapes are strong."""
    gender = float(np.clip(rng.choice([0.0, 1.0]) + rng.normal(0, 0.08), 0, 1))
    if rng.random() < 0.08:
        gender = float(rng.uniform(0.2, 0.8))
    low, high = [(4, 12), (13, 19), (20, 38), (38, 60), (60, 90)][rng.choice(5, p=[0.09, 0.07, 0.34, 0.22, 0.28])]
    age = float(rng.uniform(low, high))
    sharpness = 0.12 if rng.random() < 0.7 else 1.0
    fractions = rng.dirichlet([sharpness] * 3)
    ancestry = {race: float(f) for race, f in zip(RACES, fractions, strict=True)}
    weight = float(np.clip(rng.beta(2, 2), 0, 1))
    values = np.clip(rng.normal(0, 0.18, len(SHAPES)), -0.45, 0.45)
    strong = rng.choice(len(SHAPES), size=rng.integers(2, 8), replace=False)
    values[strong] = rng.choice([-1.0, 1.0], len(strong)) * rng.uniform(0.35, 1.25, len(strong))
    shapes = {name: float(v) for (name, shape), v in zip(SHAPES.items(), values, strict=True) if shape.less or v > 0}
    return describe(gender, age, ancestry, weight, shapes)


def describe(
    gender: float, age: float, ancestry: dict[str, float], weight: float, shapes: dict[str, float]
) -> Attributes:
    """Put a person into words."""
    child = age < 13
    male = gender < 0.5
    noun = ("boy" if male else "girl") if child else ("man" if male else "woman")
    if 0.2 < gender < 0.8 and not child:
        noun = "person"
    age_word = "" if child else "young" if age < 36 else "middle-aged" if age < 60 else "old"
    major = max(RACES, key=lambda race: ancestry[race])
    spoken = sorted(
        (-abs(value), SHAPES[name].more_word if value > 0 else SHAPES[name].less_word)
        for name, value in shapes.items()
        if abs(value) > SPOKEN
    )
    words = [word for _, word in spoken if word]
    if weight > 0.78:
        words.append("heavy")
    if weight < 0.2:
        words.append("thin")
    ancestry_word = major if ancestry[major] > 0.6 else "mixed"
    return Attributes(gender, age, ancestry, weight, shapes, noun, age_word, ancestry_word, tuple(words))
