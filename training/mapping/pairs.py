"""Captions and codes: everything that MLP_id and MLP_exp are trained on, in one file that is shipped with the models.

    python -m training pairs --out weights/embedded/pairs

With it, `python -m training mapping` fits both networks to any text model, without the teacher and without anny.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import Generator
from tqdm import tqdm

from clip_head.core.errors import ModelError
from clip_head.core.models import EMBEDDED, open_model_folder, write_model_json
from clip_head.core.types import Bools, Floats, Ints, ModelCard
from clip_head.training.language.compounds import draw_asked, draw_worded, true_denial
from clip_head.training.language.expressions import COLOURS, NEUTRAL_ASIDES, expression_sentence
from clip_head.training.language.features import NAMED, expression_table, z_exp_of
from clip_head.training.language.hair import BEARDS, HAIR_WORDS, HIDDEN_BY, STYLES, style_family
from clip_head.training.language.sentences import HeadDescription, sentence, style_probabilities
from clip_head.training.language.shapes import SHAPE_WORDS
from clip_head.training.mapping.encoder import Encoder, principal_axes
from clip_head.training.mapping.people import (
    BEARDED,
    as_character,
    default_person,
    draw_age,
    draw_ancestry,
    implied,
    settled,
)
from clip_head.training.nphm.projection import Projection, load_projection
from clip_head.training.teacher.base_mesh import RACES
from clip_head.training.teacher.dataset import LICENCE, Attributes, TeacherDataset, load_teacher
from clip_head.training.teacher.identities import SHAPES, describe

#: File of the arrays in the folder of the pairs.
FILE = "pairs.npz"
#: The extremes of the shapes that have words, (shape, +1 or -1), in the order of the answers of MLP_id.
SHAPE_EXTREMES = tuple(SHAPE_WORDS)
#: Axes, beside the shapes, along which the seed varies people of whom a prompt says nothing.
PHENOTYPE_AXES = ("female", "old", "african", "asian", "weight")
#: All axes along which the seed varies people.
VARIATION_AXES = (*PHENOTYPE_AXES, *SHAPES)
#: Number of principal components that are kept of the codes of people without shapes: these hold 99.99 % of their
#: variance.
COMPONENTS = 32
#: Ranges of the absolute values of shapes that are said faintly, plainly and strongly; the limits FAINT and STRONG of
#: language.degrees lie between them.
SHAPE_STRENGTHS = ((0.2, 0.4), (0.6, 0.9), (1.05, 1.25))
#: Probability of each of these three.
STRENGTH_PROBABILITIES = (0.22, 0.48, 0.3)
#: Probability of 0, 1, ... 5 shapes in one sentence.
SHAPE_COUNT_PROBABILITIES = (0.12, 0.33, 0.2, 0.14, 0.13, 0.08)
#: Weights, 0 to 1, of people who are said to be thin or fat, from very thin to very fat.
BODY_WEIGHTS = (0.0, 0.12, 0.12, 0.35, 0.65, 0.88, 0.88, 1.0)
#: Values of gender that are said (male, neither, female), and the probability of each.
GENDERS, GENDER_PROBABILITIES = (0.0, 0.5, 1.0), (0.49, 0.02, 0.49)
#: Probability of "none" and of each beard, where a beard is mentioned.
NO_BEARD, EVERY_BEARD = 0.1, 0.15
#: Probability that a beard (or that there is none) is mentioned, of all but women and the young.
BEARD_MENTIONED = 0.22
#: Probability of a long description, and of a character ("a pirate"). Few are long: with many, sentences about two
#: shapes were learnt worse.
LONG_DESCRIPTION, CHARACTER = 0.12, 0.12
#: Probability of 3, 4, ... 6 shapes in a long description.
LONG_SHAPE_COUNT_PROBABILITIES = (0.35, 0.35, 0.2, 0.1)
#: Probability that a long description mentions a thing.
MENTIONED_AT_LENGTH = {"gender": 0.9, "age": 0.4, "ancestry": 0.15, "weight": 0.2, "style": 0.75}
#: Probability that a description with one shape says nothing else, and that any other is a full one.
ONLY_SHAPE, FULL_DESCRIPTION = 0.35, 0.2
#: Probability that an ordinary description mentions a thing, and that a full one does.
MENTIONED = {
    "gender": (0.7, 0.95), "age": (0.3, 0.9), "ancestry": (0.2, 0.4), "weight": (0.13, 0.13), "style": (0.27, 0.75),
}  # fmt: skip
#: Probability that a sentence about a head has an expression, a colour of hair, an aside: these do not change the code.
EXPRESSION_BESIDE, COLOUR_BESIDE, ASIDE_BESIDE = 0.15, 0.12, 0.12
#: Probability that it ends with something that the person does not have, or with what moves no surface.
DENIAL_BESIDE = 0.1
#: Weight of what suits people, the rest being any style alike, in the probabilities of styles of which nothing is said
#: (typical of style_probabilities).
TYPICAL_STYLE = 0.95
#: First word of a shape's name -> the region of the face that it belongs to, where that is another word.
REGIONS = {
    "eyelid": "eye", "lips": "mouth", "cupids": "mouth", "laugh": "mouth", "nostrils": "nose", "temples": "forehead",
    "cheekbones": "cheek", "cheeks": "cheek", "jaw": "chin", "bite": "chin", "double": "neck", "skull": "head",
    "oval": "head", "round": "head", "square": "head", "triangular": "head", "diamond": "head",
}  # fmt: skip


@dataclass(frozen=True)
class Pairs:
    """N captions about heads, M about expressions, and the codes that they ask for: code of caption n =
    mean + people[person[n]] @ axes + ends[n] @ directions. Fields are saved under their names.

    texts: N captions about heads.
    person: (N,) row of people that each caption asks for.
    people: (P, C) codes of the P different people without shapes, as coordinates along the principal axes.
    ends: (N, E) how far each caption asks for each extreme of SHAPE_EXTREMES; 0 where it does not mention it.
    said: (N, 4) whether each caption settles gender, age, ancestry, weight.
    style: (N,) index of the hair style in STYLES, S for bald, -1 where the caption asks for none.
    worn: (P, S + 1) probability that each of the people wears each style, or is bald, where hair is not mentioned.
    beard: (N,) index of the beard in beards, B for none, -1 where the caption does not mention any.
    mean: (D,) mean code of the people.
    axes: (C, D) principal axes of their codes.
    directions: (E, D) difference that each extreme makes to a code at value 1.
    ways: (K + M, D) difference that one unit along each of VARIATION_AXES, and then along each of the scans' modes,
        makes to a code.
    readings: (S, S + M) what is seen of each of SHAPES where each of them is 1, and where each mode is.
    phrases: M captions about expressions.
    expression: (M,) row of expressions of what each of these asks for alone and not faintly; -1 for all others:
        several at once, less of one, none of one.
    z_exp: (M, 52) what each of them asks for.
    expressions: (X, 52) z_exp of every named expression, then of every single movement.
    beards: names of the B beards.
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
    readings: Floats
    phrases: list[str]
    expression: Ints
    z_exp: Floats
    expressions: Floats
    beards: tuple[str, ...] = BEARDS


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
    """Draw the pairs and write args.out.

    args: of add_arguments.
    """
    dataset = load_teacher(args.teacher, styles=())
    held_out = None if args.everything else False
    _, projection = load_projection(args.nphm, dataset.template)
    pairs = draw_pairs(dataset, projection, args.sentences, args.expressions, args.seed, held_out)
    source = f"python -m training pairs --sentences {args.sentences} --expressions {args.expressions}"
    source += f"{' --everything' if args.everything else ''} --seed {args.seed}"
    save_pairs(args.out, pairs, f"{source}, on synthetic people of anny")


def save_pairs(folder: Path, pairs: Pairs, source: str) -> None:
    """Write the folder of the pairs, numbers as float16.

    folder: where to.
    pairs: what to write.
    source: the command that made them, and from what, for model.json.
    """
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for name, value in vars(pairs).items():
        if name == "beards":
            continue  # in model.json
        if isinstance(value, list):
            arrays[name] = np.frombuffer("\n".join(value).encode(), np.uint8)
        else:
            arrays[name] = value.astype(np.float16) if value.dtype == np.float32 else value
    np.savez_compressed(folder / FILE, **arrays)
    card = ModelCard("pairs", "Captions and codes of synthetic heads", LICENCE, source)
    config: dict[str, Any] = {
        "styles": list(STYLES),
        "beards": list(pairs.beards),
        "ends": [list(end) for end in SHAPE_EXTREMES],
    }
    config["ways"] = list(VARIATION_AXES)
    write_model_json(folder, card, config, {}, [FILE])


def load_pairs(folder: Path) -> Pairs:
    """What save_pairs wrote.

    folder: where it lies.

    Raises ModelError when it is missing, damaged, or of other shapes than these sources.
    """
    opened = open_model_folder(folder, "pairs")
    with np.load(folder / FILE) as arrays:
        read = dict(arrays)
    # Pairs of earlier versions have no modes of scans, and read no shapes.
    read.setdefault("readings", np.zeros((0, len(read["ways"])), np.float32))
    extremes = [tuple(end) for end in opened.config["ends"]]
    if extremes != list(SHAPE_EXTREMES) or opened.config["ways"] != list(VARIATION_AXES):
        raise ModelError(
            f"The pairs in {folder} speak of other shapes than this version of CLIP-Head.",
            "Restore the folder from the same release, or make it again: python -m training pairs.",
        )
    texts = {name: bytes(read.pop(name)).decode().split("\n") for name in ("texts", "phrases")}
    numbers = {name: a.astype(np.float32) if a.dtype == np.float16 else a for name, a in read.items()}
    beards = tuple(opened.config["beards"])
    fields: dict[str, Any] = texts | _with_mixtures(numbers, len(beards)) | {"beards": beards}
    return Pairs(**fields)


def _with_mixtures(arrays: dict[str, Any], beards: int) -> dict[str, Any]:
    """The arrays of pairs, made new where they are of before expressions were mixed: those have one named expression
    with a strength for every phrase, and do not tell who is said to have no beard from whose beard nobody mentions."""
    if "strength" not in arrays:
        return arrays
    kept = {name: array for name, array in arrays.items() if name != "strength"}
    strength, expression, beard = arrays["strength"], arrays["expression"], arrays["beard"]
    return kept | {
        "expression": np.where(strength < 1, -1, expression),
        "z_exp": strength[:, None] * arrays["expressions"][expression],
        "beard": np.where(beard == beards, -1, beard),
    }


def draw_pairs(
    dataset: TeacherDataset,
    projection: Projection,
    sentences: int,
    expressions: int,
    seed: int,
    held_out: bool | None = False,
) -> Pairs:
    """Draw descriptions, put them into words, and encode the heads that they ask for.

    dataset: the teacher.
    projection: from its heads to codes.
    sentences: N, the number of captions about heads.
    expressions: M, the number of captions about expressions.
    seed: of all that is drawn.
    held_out: False: only wordings that training may use; None: also those that are kept for evaluation.
    """
    encoder = Encoder(dataset, projection)
    rng = np.random.default_rng([seed, 2])
    descriptions = [draw_description(rng) for _ in range(sentences)]
    texts = [draw_sentence(d, rng, held_out) for d in tqdm(descriptions, "sentences", mininterval=5)]
    said = np.array([settled(description) for description in descriptions])
    descriptions = [implied(description, rng) for description in descriptions]
    person_of_caption = [default_person(description) for description in descriptions]
    phenotypes = sorted({_phenotype(person) for person in person_of_caption})
    row = {phenotype: number for number, phenotype in enumerate(phenotypes)}
    people = [
        describe(gender, age, dict(zip(RACES, fractions, strict=True)), weight, {})
        for gender, age, fractions, weight in phenotypes
    ]
    encoded = np.stack([encoder(person) for person in tqdm(people, "people", mininterval=5)])
    mean, axes = principal_axes(encoded, COMPONENTS)
    phrases, expression, z_exp = expression_sentences(expressions, seed, dataset.expressions.actions, held_out)
    styles = (*STYLES, "bald")
    return Pairs(
        texts=texts,
        person=np.array([row[_phenotype(person)] for person in person_of_caption], np.int32),
        people=(encoded - mean) @ axes.T,
        ends=np.stack([extreme_values(d.shapes) for d in descriptions]),
        said=said,
        style=np.array([draw_style_of(d, rng) for d in descriptions], np.int16),
        worn=np.stack([style_probabilities(person, styles, TYPICAL_STYLE) for person in people]).astype(np.float32),
        beard=np.array([beard_index(d.beard) for d in descriptions], np.int8),
        mean=mean,
        axes=axes,
        directions=np.stack([encoder.shape_offset({name: float(sign)}) for name, sign in SHAPE_EXTREMES]),
        ways=np.concatenate([encoder.variation(), encoder.modes()]),
        readings=encoder.readings(),
        phrases=phrases,
        expression=expression,
        z_exp=z_exp,
        expressions=expression_table(dataset.expressions.actions),
    )


def beard_index(beard: str | None) -> int:
    """The index of a beard in BEARDS, B for "none", -1 where none is mentioned.

    beard: of a description.
    """
    return -1 if beard is None else BEARDS.index(beard) if beard in BEARDS else len(BEARDS)


def _phenotype(person: Attributes) -> tuple[float, float, tuple[float, ...], float]:
    """What tells people without shapes apart: gender, age, fractions of the ancestries, weight."""
    return person.gender, person.age, tuple(person.ancestry.values()), person.weight


def draw_description(rng: Generator) -> HeadDescription:
    """What one may say of a head: every extreme of every shape is as likely as any other, also rare ones together.

    One description in five, a full one, mentions most of gender, age and hair; some are long, some name a character.

    rng: draws the description.
    """
    if rng.random() < LONG_DESCRIPTION:
        least = 3
        count = least + int(rng.choice(len(LONG_SHAPE_COUNT_PROBABILITIES), p=LONG_SHAPE_COUNT_PROBABILITIES))
        return _draw_around(_draw_shapes(count, rng), MENTIONED_AT_LENGTH, rng)
    count = int(rng.choice(len(SHAPE_COUNT_PROBABILITIES), p=SHAPE_COUNT_PROBABILITIES))
    shapes = _draw_shapes(count, rng)
    if count == 1 and rng.random() < ONLY_SHAPE:
        return HeadDescription(shapes=shapes)
    full = rng.random() < FULL_DESCRIPTION
    description = _draw_around(shapes, {name: both[int(full)] for name, both in MENTIONED.items()}, rng)
    return as_character(description, rng) if rng.random() < CHARACTER else description


def _draw_shapes(count: int, rng: Generator) -> dict[str, float]:
    """As many shapes, of any extreme and strength."""
    shapes: dict[str, float] = {}
    for number in rng.choice(len(SHAPE_EXTREMES), count, replace=False):
        name, sign = SHAPE_EXTREMES[number]
        low, high = SHAPE_STRENGTHS[rng.choice(len(SHAPE_STRENGTHS), p=STRENGTH_PROBABILITIES)]
        shapes[name] = sign * float(rng.uniform(low, high))
    return shapes


def _draw_around(shapes: dict[str, float], probabilities: Mapping[str, float], rng: Generator) -> HeadDescription:
    """A description with these shapes and, by these probabilities, gender, age, ancestry, weight and style; at times
    with a beard."""

    def mentioned(name: str) -> bool:
        return bool(rng.random() < probabilities[name])

    description = HeadDescription(
        gender=float(rng.choice(GENDERS, p=GENDER_PROBABILITIES)) if mentioned("gender") else None,
        age=draw_age(rng) if mentioned("age") else None,
        ancestry=draw_ancestry(rng) if mentioned("ancestry") else None,
        weight=float(rng.choice(BODY_WEIGHTS)) if mentioned("weight") else None,
        shapes=shapes,
        style=str(rng.choice(list(HAIR_WORDS))) if mentioned("style") else None,
    )
    young = description.age is not None and description.age < BEARDED
    if description.gender == 1.0 or young or rng.random() > BEARD_MENTIONED:
        return description
    beard = str(rng.choice(["none", *BEARDS], p=[NO_BEARD, *[EVERY_BEARD] * len(BEARDS)]))
    return replace(description, beard=beard)


def draw_sentence(description: HeadDescription, rng: Generator, held_out: bool | None = False) -> str:
    """The words for a description, at times with an expression, a colour or an aside, which do not change the code.

    description: what to say.
    rng: draws the words.
    held_out: as in language.sentences.sentence.
    """
    phrase = draw_asked(rng, held_out).phrase if rng.random() < EXPRESSION_BESIDE else ""
    colour = str(rng.choice(COLOURS)) if rng.random() < COLOUR_BESIDE else ""
    asides = [str(rng.choice(NEUTRAL_ASIDES))] if rng.random() < ASIDE_BESIDE else []
    text = sentence(description, rng, phrase, colour, asides, held_out)
    return f"{text}{true_denial(description, rng)}" if rng.random() < DENIAL_BESIDE else text


def extreme_values(shapes: dict[str, float]) -> Floats:
    """(E,) how far every extreme of SHAPE_EXTREMES is reached, 0 where it is not.

    shapes: name -> value.
    """
    return np.array([max(0.0, sign * shapes.get(name, 0.0)) for name, sign in SHAPE_EXTREMES], np.float32)


def region(shape: str) -> str:
    """The region of the face that a shape belongs to ("nose", "mouth", ...).

    shape: its name, whose first word is the region or a key of REGIONS.
    """
    first = shape.split("_")[0]
    return REGIONS.get(first, first)


def draw_style_of(description: HeadDescription, rng: Generator) -> int:
    """The index in STYLES of a style of the family that a description mentions, S for bald, -1 where it mentions none.
    Styles that hide a region whose shape is mentioned, too, are drawn only where the family has no others.

    description: what is said.
    rng: draws the style.
    """
    if description.style is None:
        return -1
    if description.style == "bald":
        return len(STYLES)
    hiding = {style for shape in description.shapes for style in HIDDEN_BY.get(region(shape), ())}
    family = [number for number, style in enumerate(STYLES) if style_family(style) == description.style]
    return int(rng.choice([number for number in family if STYLES[number] not in hiding] or family))


def expression_sentences(
    count: int, seed: int, actions: Sequence[str], held_out: bool | None = False
) -> tuple[list[str], Ints, Floats]:
    """M captions, the row (M,) of expression_table of what each asks for alone and not faintly, else -1, and the z_exp
    (M, 52) that it asks for.

    count: M.
    seed: of all that is drawn.
    actions: names of the 52 actions.
    held_out: as in draw_asked.
    """
    rng = np.random.default_rng([seed, 3 + bool(held_out)])
    names = list(NAMED)
    asked = [draw_worded(rng, held_out) for _ in range(count)]
    texts = [_expression_caption(expression.phrase, rng) for expression in asked]
    numbers = [names.index(expression.name) if expression.name in NAMED else -1 for expression in asked]
    codes = [z_exp_of(expression.weights, actions) for expression in asked]
    return texts, np.array(numbers, np.int32), np.array(codes, np.float32)


def _expression_caption(phrase: str, rng: Generator) -> str:
    """A caption about an expression: nearly half of the time the phrase alone, as the splitter cuts it out of a prompt;
    else said of somebody in few words, in expression_sentence's, or in a whole description's."""
    number = rng.random()
    if number < 0.45:
        return phrase
    if number < 0.6 and phrase:
        who = str(rng.choice(["a man", "a woman", "man", "woman", "a person", "he is", "she is", "someone", "a face"]))
        return f"{who} {phrase}" if not who.endswith("is") or not phrase.startswith("who") else phrase
    if number < 0.85:
        return expression_sentence(phrase, rng)
    return sentence(draw_description(rng), rng, phrase)
