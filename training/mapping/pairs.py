"""Captions and codes: everything that MLP_id and MLP_exp are trained on, in one file that is shipped with the models.

    python -m training pairs --out weights/embedded/pairs

With it, `python -m training mapping` fits both networks to any text model, without the teacher and without anny.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import Generator
from tqdm import tqdm

from clip_head.core.errors import ModelError
from clip_head.core.models import EMBEDDED, open_model_folder, write_model_json
from clip_head.core.types import Bools, Floats, Ints, ModelCard
from clip_head.training.language.expressions import COLOURS, draw_expression, expression_sentence, reworded
from clip_head.training.language.hair import BEARDS, HAIR_WORDS, HIDDEN_BY, STYLES, style_family
from clip_head.training.language.people_phrases import ANCESTRIES
from clip_head.training.language.sentences import NEUTRAL_ASIDES, Said, sentence, style_shares
from clip_head.training.language.shapes import SHAPE_WORDS
from clip_head.training.nphm.projection import Projection, load_projection
from clip_head.training.teacher.base_mesh import RACES
from clip_head.training.teacher.dataset import Attributes, TeacherDataset, load_teacher
from clip_head.training.teacher.expressions import TABLE
from clip_head.training.teacher.identities import (
    SHAPES,
    base_vertices,
    build_basis,
    describe,
    mean_adult,
)
from clip_head.training.teacher.template import build_topology

FILE = "pairs.npz"
#: The ends of the shapes that have words, in the order of the answers of MLP_id.
ENDS = tuple(SHAPE_WORDS)
#: Directions in which people differ when nothing is said of them, beside the shapes.
PHENOTYPE_WAYS = ("female", "old", "african", "asian", "weight")
WAYS = (*PHENOTYPE_WAYS, *SHAPES)
#: Principal components that are kept of the codes of people without shapes.
COMPONENTS = 32
#: Years of the person of whom no age is said.
ADULT = 32
AGES = ((4, 7), (6, 13), (13, 19), (19, 34), (28, 45), (40, 60), (62, 84), (80, 90))
AGE_SHARES = (0.12, 0.12, 0.09, 0.17, 0.08, 0.14, 0.2, 0.08)
#: Values of shapes that are said faintly, plainly and strongly (as words_people tells them apart).
STRETCHES = ((0.2, 0.4), (0.6, 0.9), (1.05, 1.25))
#: Weights of people who are said to be thin or fat, from very thin to very fat.
WEIGHTS = (0.0, 0.12, 0.12, 0.35, 0.65, 0.88, 0.88, 1.0)
#: Beside the first word of a shape's name, what belongs to the same region of the face.
REGIONS = {
    "eyelid": "eye", "lips": "mouth", "cupids": "mouth", "laugh": "mouth", "nostrils": "nose", "temples": "forehead",
    "cheekbones": "cheek", "cheeks": "cheek", "jaw": "chin", "bite": "chin", "double": "neck", "skull": "head",
    "oval": "head", "round": "head", "square": "head", "triangular": "head", "diamond": "head",
}  # fmt: skip
#: Adverbs and how strong they make an expression.
STRENGTHS = (
    ("slightly", 0.5), ("a little", 0.5), ("a bit", 0.5), ("somewhat", 0.5), ("faintly", 0.5), ("barely", 0.4),
    ("very", 1.2), ("extremely", 1.2), ("really", 1.15), ("terribly", 1.2), ("intensely", 1.2),
)  # fmt: skip


@dataclass(frozen=True)
class Pairs:
    """N sentences about heads, M about expressions, and the codes that they ask for.

    texts (N): sentences; person (N,): rows of people (P, C), the principal components of the codes of a person without
    shapes; ends (N, E): values of the ends of shapes that are said, in the order of ENDS; said (N, 4): whether gender,
    age, ancestry, weight are said; style (N,): number of a style, S for bald, -1 where hair is not spoken of and
    worn (P, S + 1) tells what such a person wears; beard (N,): number of a beard, B for none.
    mean (D,), axes (C, D), directions (E, D): code = mean + components @ axes + ends @ directions.
    ways (K, D): how codes move along WAYS.
    phrases (M): sentences about expressions; expression (M,): rows of expressions (X, 52); strength (M,): their factor.
    """

    texts: list[str]
    person: Ints
    people: Floats
    ends: Floats
    said: Bools
    style: Ints
    worn: Floats
    beard: Ints
    mean: Floats
    axes: Floats
    directions: Floats
    ways: Floats
    phrases: list[str]
    expression: Ints
    strength: Floats
    expressions: Floats


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--nphm", type=Path, default=EMBEDDED / "nphm", help="the NPHM whose codes are learnt")
    parser.add_argument("--out", type=Path, default=EMBEDDED / "pairs")
    parser.add_argument("--sentences", type=int, default=120000)
    parser.add_argument("--expressions", type=int, default=20000, help="sentences about expressions")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--everything", action="store_true", help="say also the wordings that are else kept to see how unseen ones fare"
    )


def run(args: argparse.Namespace) -> None:
    """Draw the pairs and write args.out."""
    dataset = load_teacher(args.teacher, styles=())
    kept = None if args.everything else False
    _, codes = load_projection(args.nphm, dataset.template)
    pairs = draw_pairs(dataset, codes, args.sentences, args.expressions, args.seed, kept)
    source = f"python -m training pairs --sentences {args.sentences} --expressions {args.expressions}"
    source += f"{' --everything' if args.everything else ''} --seed {args.seed}"
    save_pairs(args.out, pairs, f"{source}, on synthetic people of anny")


def save_pairs(folder: Path, pairs: Pairs, source: str) -> None:
    """Write the folder of the pairs, numbers as float16."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for name, value in vars(pairs).items():
        if isinstance(value, list):
            arrays[name] = np.frombuffer("\n".join(value).encode(), np.uint8)
        else:
            arrays[name] = value.astype(np.float16) if value.dtype == np.float32 else value
    np.savez_compressed(folder / FILE, **arrays)
    card = ModelCard("pairs", "Captions and codes of synthetic heads", "CC0-1.0", source)
    config = {"styles": list(STYLES), "beards": list(BEARDS), "ends": [list(end) for end in ENDS], "ways": list(WAYS)}
    write_model_json(folder, card, config, {}, [FILE])


def load_pairs(folder: Path) -> Pairs:
    """What save_pairs wrote. Raises ModelError when it is missing, damaged, or of other shapes than these sources."""
    opened = open_model_folder(folder, "pairs")
    with np.load(folder / FILE) as arrays:
        read = {name: arrays[name] for name in Pairs.__dataclass_fields__}
    if [tuple(end) for end in opened.config["ends"]] != list(ENDS) or opened.config["ways"] != list(WAYS):
        raise ModelError(
            f"The pairs in {folder} speak of other shapes than this version of CLIP-Head.",
            "Restore the folder from the same release, or make it again: python -m training pairs.",
        )
    texts = {name: bytes(read.pop(name)).decode().split("\n") for name in ("texts", "phrases")}
    numbers = {name: a.astype(np.float32) if a.dtype == np.float16 else a for name, a in read.items()}
    fields: dict[str, Any] = texts | numbers
    return Pairs(**fields)


def draw_pairs(
    dataset: TeacherDataset,
    codes: Projection,
    sentences: int,
    expressions: int,
    seed: int,
    held_out: bool | None = False,
) -> Pairs:
    """Draw what is said, put it into words, and encode the heads that it asks for by NPHM's projections.

    held_out: None says also the wordings that are kept from training else.
    """
    encoder = Encoder(dataset, codes)
    rng = np.random.default_rng([seed, 2])
    drawn = [draw_said(rng) for _ in range(sentences)]
    texts = [draw_sentence(said, rng, held_out) for said in tqdm(drawn, "sentences", mininterval=5)]
    default = [default_person(said) for said in drawn]
    kinds = sorted({(p.gender, p.age, tuple(p.ancestry.values()), p.weight) for p in default})
    row = {kind: number for number, kind in enumerate(kinds)}
    people = [describe(g, a, dict(zip(RACES, f, strict=True)), w, {}) for g, a, f, w in kinds]
    found = np.stack([encoder(person) for person in tqdm(people, "people", mininterval=5)])
    mean, axes = principal_axes(found, COMPONENTS)
    phrases, expression, strength = expression_sentences(expressions, seed, held_out)
    return Pairs(
        texts,
        np.array([row[p.gender, p.age, tuple(p.ancestry.values()), p.weight] for p in default], np.int32),
        (found - mean) @ axes.T,
        np.stack([end_values(said.shapes) for said in drawn]),
        np.array([[v is not None for v in (s.gender, s.age, s.ancestry, s.weight)] for s in drawn]),
        np.array([draw_style_of(said, rng) for said in drawn], np.int16),
        np.stack([style_shares(person, (*STYLES, "bald"), 0.95) for person in people]).astype(np.float32),
        np.array([BEARDS.index(s.beard) if s.beard in BEARDS else len(BEARDS) for s in drawn], np.int8),
        mean,
        axes,
        np.stack([encoder.along({name: float(sign)}) for name, sign in ENDS]),
        encoder.ways(),
        phrases,
        expression,
        strength,
        expression_table(dataset.expressions.actions),
    )


def expression_table(actions: Sequence[str]) -> Floats:
    """(X, 52) z_exp of every named expression, in the order of TABLE: the weights of the facial actions."""
    return np.array([[weights.get(action, 0.0) for action in actions] for weights in TABLE.values()], np.float32)


class Encoder:
    """Codes (D,) without hair of people, by projection of the teacher's heads."""

    def __init__(self, dataset: TeacherDataset, codes: Projection) -> None:
        self.dataset, self.codes = dataset, codes
        self.basis = build_basis(build_topology().base)
        self.base = base_vertices(self.basis, mean_adult())
        self.mean = self(mean_adult())

    def __call__(self, person: Attributes) -> Floats:
        moved = self.dataset.subdivision @ (base_vertices(self.basis, person) - self.base)
        return self.codes.code((self.dataset.template.vertices + moved).astype(np.float32))

    def along(self, shapes: dict[str, float]) -> Floats:
        """How the code of the mean adult moves with shapes."""
        adult = mean_adult()
        return self(describe(adult.gender, adult.age, adult.ancestry, adult.weight, shapes)) - self.mean

    def ways(self) -> Floats:
        """(K, D) how codes move along WAYS: to a woman, to old age, to an ancestry, to weight, and with every shape."""
        even = mean_adult().ancestry

        def of(
            gender: float = 0.5, age: float = 35.0, ancestry: dict[str, float] = even, weight: float = 0.5
        ) -> Floats:
            return self(describe(gender, age, ancestry, weight, {}))

        african, asian = ({race: float(race == one) for race in RACES} for one in ("african", "asian"))
        phenotype = [of(1.0) - of(0.0), of(age=75.0) - of(), of(ancestry=african) - of(), of(ancestry=asian) - of()]
        phenotype[0] /= 2
        shapes = [
            (self.along({name: 1.0}) - self.along({name: -1.0})) / 2 if shape.less else self.along({name: 1.0})
            for name, shape in SHAPES.items()
        ]
        return np.stack([*phenotype, of(weight=1.0) - of(), *shapes]).astype(np.float32)


def draw_said(rng: Generator) -> Said:
    """What one may say of a head: every end of every shape is as likely as any other, also rare ones together.

    One sentence in five says all of who it is, and hair too.
    """
    count = int(rng.choice(6, p=[0.12, 0.33, 0.2, 0.14, 0.13, 0.08]))
    shapes: dict[str, float] = {}
    for number in rng.choice(len(ENDS), count, replace=False):
        name, sign = ENDS[number]
        low, high = STRETCHES[rng.choice(3, p=[0.22, 0.48, 0.3])]
        shapes[name] = sign * float(rng.uniform(low, high))
    if count == 1 and rng.random() < 0.35:
        return Said(shapes=shapes)
    much = rng.random() < 0.2
    said = Said(
        gender=float(rng.choice([0.0, 0.5, 1.0], p=[0.49, 0.02, 0.49]))
        if rng.random() < (0.95 if much else 0.7)
        else None,
        age=_draw_age(rng) if rng.random() < (0.9 if much else 0.3) else None,
        ancestry=str(rng.choice(list(ANCESTRIES))) if rng.random() < (0.4 if much else 0.2) else None,
        weight=float(rng.choice(WEIGHTS)) if rng.random() < 0.13 else None,
        shapes=shapes,
        style=str(rng.choice(list(HAIR_WORDS))) if rng.random() < (0.75 if much else 0.27) else None,
    )
    if said.gender == 1.0 or (said.age is not None and said.age < 18) or rng.random() > 0.2:
        return said
    beard = str(rng.choice(["none", *BEARDS], p=[0.1, *[0.18] * 5]))
    return Said(said.gender, said.age, said.ancestry, said.weight, shapes, said.style, beard)


def _draw_age(rng: Generator) -> float:
    low, high = AGES[rng.choice(len(AGES), p=AGE_SHARES)]
    return float(rng.integers(low, high))


def draw_sentence(said: Said, rng: Generator, held_out: bool | None = False) -> str:
    """The words for it, at times with what says nothing of the head beside them."""
    phrase = draw_expression(rng, held_out)[1] if rng.random() < 0.15 else ""
    colour = str(rng.choice(COLOURS)) if rng.random() < 0.12 else ""
    asides = [str(rng.choice(NEUTRAL_ASIDES))] if rng.random() < 0.12 else []
    return sentence(said, rng, phrase, colour, asides, held_out)


def default_person(said: Said) -> Attributes:
    """The person without shapes of whom this is said: in all that is not, the middle of what people are."""
    gender = said.gender
    if gender is None:
        gender = 0.1 if said.beard in BEARDS else 0.5
    fractions = (1 / 3, 1 / 3, 1 / 3) if said.ancestry is None else ANCESTRIES[said.ancestry][0]
    age = ADULT if said.age is None else said.age
    weight = 0.5 if said.weight is None else said.weight
    return describe(gender, age, dict(zip(RACES, fractions, strict=True)), weight, {})


def end_values(shapes: dict[str, float]) -> Floats:
    """(E,) how far every end of ENDS is reached."""
    return np.array([max(0.0, sign * shapes.get(name, 0.0)) for name, sign in ENDS], np.float32)


def region(shape: str) -> str:
    """The region of the face that a shape belongs to."""
    first = shape.split("_")[0]
    return REGIONS.get(first, first)


def draw_style_of(said: Said, rng: Generator) -> int:
    """The number of a style of the family that is said, S for bald, -1 where nothing is said. Where the family has such
    that hide what else is spoken of and such that show it, those are drawn that show it."""
    if said.style is None:
        return -1
    if said.style == "bald":
        return len(STYLES)
    hide = {style for shape in said.shapes for style in HIDDEN_BY.get(region(shape), ())}
    family = [number for number, style in enumerate(STYLES) if style_family(style) == said.style]
    return int(rng.choice([number for number in family if STYLES[number] not in hide] or family))


def principal_axes(codes: Floats, count: int) -> tuple[Floats, Floats]:
    """Mean (D,) and orthonormal axes (count, D)."""
    mean = codes.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov((codes - mean).T))
    return mean, np.ascontiguousarray(axes[:, ::-1][:, :count].T, dtype=np.float32)


def expression_sentences(count: int, seed: int, held_out: bool | None = False) -> tuple[list[str], Ints, Floats]:
    """Sentences, the number of the expression in TABLE that each asks for, and its strength."""
    rng = np.random.default_rng([seed, 3 + bool(held_out)])
    names = list(TABLE)
    texts, numbers, strengths = [], [], []
    for _ in range(count):
        name, phrase = draw_expression(rng, held_out)
        strength = 1.0
        if phrase and " " not in phrase and name != "neutral" and not held_out and rng.random() < 0.3:
            adverb, strength = STRENGTHS[rng.integers(len(STRENGTHS))]
            phrase = f"{adverb} {phrase}"
        elif held_out is not True and rng.random() < 0.25:
            phrase = reworded(phrase, rng)
        texts.append(_expressing(phrase, rng))
        numbers.append(names.index(name))
        strengths.append(strength)
    return texts, np.array(numbers, np.int32), np.array(strengths, np.float32)


def _expressing(phrase: str, rng: Generator) -> str:
    """Words for an expression, most often alone, as they are cut out of a prompt."""
    kind = rng.random()
    if kind < 0.45:
        return phrase
    if kind < 0.6 and phrase:
        who = str(rng.choice(["a man", "a woman", "man", "woman", "a person", "he is", "she is", "someone", "a face"]))
        return f"{who} {phrase}" if not who.endswith("is") or not phrase.startswith("who") else phrase
    if kind < 0.85:
        return expression_sentence(phrase, rng)
    said = draw_said(rng)
    return sentence(said, rng, phrase)
