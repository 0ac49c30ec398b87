"""Captions and codes: everything that MLP_id and MLP_exp are trained on, in one file that is shipped with the models.

    python -m training pairs --out weights/embedded/pairs

With it, `python -m training mapping` fits both networks to any text model, without the teacher and without anny.
"""

from __future__ import annotations

import argparse
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from clip_head.core.errors import ModelError
from clip_head.core.models import EMBEDDED, open_model_folder, write_model_json
from clip_head.core.types import Bools, Floats, Ints, ModelCard
from clip_head.training.language.features import expression_table
from clip_head.training.language.hair import BEARDS, STYLES
from clip_head.training.language.sentences import style_probabilities
from clip_head.training.mapping.descriptions import (
    SHAPE_EXTREMES,
    beard_index,
    draw_description,
    draw_sentence,
    draw_style_of,
    expression_sentences,
    extreme_values,
)
from clip_head.training.mapping.encoder import Encoder, principal_axes
from clip_head.training.mapping.people import (
    default_person,
    implied,
    settled,
)
from clip_head.training.nphm.projection import Projection, load_projection
from clip_head.training.teacher.base_mesh import RACES
from clip_head.training.teacher.dataset import LICENCE, Attributes, TeacherDataset, load_teacher
from clip_head.training.teacher.identities import SHAPES, describe

#: File of the arrays in the folder of the pairs.
FILE = "pairs.npz"
#: Axes, beside the shapes, along which the seed varies people of whom a prompt says nothing.
PHENOTYPE_AXES = ("female", "old", "african", "asian", "weight")
#: All axes along which the seed varies people.
VARIATION_AXES = (*PHENOTYPE_AXES, *SHAPES)
#: Number of principal components that are kept of the codes of people without shapes: these hold 99.99 % of their
#: variance.
COMPONENTS = 32
#: Weight of what suits people, the rest being any style alike, in the probabilities of styles of which nothing is said
#: (typical of style_probabilities).
TYPICAL_STYLE = 0.95


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
    source += ", on synthetic people of anny"
    save_pairs(args.out, pairs, source)


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
    # An .npz of LZMA: the captions are half as large as in the zip of savez_compressed, and are shipped.
    with zipfile.ZipFile(folder / FILE, "w") as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy")
            entry.compress_type = zipfile.ZIP_LZMA
            with archive.open(entry, "w") as file:
                np.lib.format.write_array(file, array)
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


def _phenotype(person: Attributes) -> tuple[float, float, tuple[float, ...], float]:
    """What tells people without shapes apart: gender, age, fractions of the ancestries, weight."""
    return person.gender, person.age, tuple(person.ancestry.values()), person.weight
