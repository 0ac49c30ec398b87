"""How well words reach codes: attributes of mapped identities, degrees, compositions, hair, beards, expressions.

    python -m training.evaluate words

Attributes are read back from z_id by a linear probe, fitted on the teacher's heads; what words do to meshes is measured
by prompt_adherence.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.random import Generator

from clip_head.core.mapping import Mapping, load_mapping, map_expression, map_identity
from clip_head.core.models import EMBEDDED, open_model_folder, write_model_json
from clip_head.core.text import TextModel, load_text_model
from clip_head.core.types import Floats
from clip_head.training.language.features import expression_table
from clip_head.training.language.hair import BEARD_WORDS, BEARDS, HAIR_WORDS, HELD_OUT_HAIR, STYLES, style_family
from clip_head.training.language.people_phrases import ANCESTRIES
from clip_head.training.language.sentences import FEATURES, HeadDescription, features, sentence
from clip_head.training.mapping.descriptions import SHAPE_EXTREMES, expression_sentences
from clip_head.training.nphm.projection import Projection, load_projection
from clip_head.training.teacher.dataset import TeacherDataset, head_vertices, load_teacher
from clip_head.training.teacher.expressions import TABLE
from clip_head.training.text.embeddings import embed

#: Seeds of every prompt.
SEEDS = range(3)
#: Value of a shape, read back from a code, above which the head counts as having it: about half of a faint one.
THERE = 0.2
#: Value of the features "old" and "child", read back from a code, above which the head counts as such.
AGED = 0.25
#: Values of shapes that are asked for as faint, plain and strong: on the three sides of the limits of language.degrees.
FAINT, PLAIN, STRONG = 0.45, 0.75, 1.1
#: Number of sentences that ask for four shapes each.
FOURS = 100
#: Number of sentences about expressions that are drawn.
EXPRESSIONS = 500
#: Ridge of the probe's regression, per head: keeps it stable where codes hardly vary.
RIDGE = 1e-3

#: Prompts -> (prompts, seeds, K) FEATURES of the heads that they become.
Reader = Callable[[Sequence[str]], Floats]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the evaluation."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--nphm", type=Path, default=EMBEDDED / "nphm")
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text")
    parser.add_argument("--mapping", type=Path, default=EMBEDDED / "mapping")


def run(args: argparse.Namespace) -> dict[str, float]:
    """Print the figures of the mapping, write them into its model.json, and return them.

    args: of add_arguments.
    """
    text, mapping = load_text_model(args.text), load_mapping(args.mapping)
    dataset = load_teacher(args.teacher, styles=())
    probe = head_probe(dataset, load_projection(args.nphm, dataset.template)[1])

    def read(prompts: Sequence[str]) -> Floats:
        codes = np.array([[map_identity(mapping, e, seed) for seed in SEEDS] for e in embed(text, list(prompts))])
        return codes[..., : len(probe) - 1] @ probe[:-1] + probe[-1]

    figures = people_figures(read) | shape_figures(read) | worn_figures(text, mapping)
    figures |= expression_figures(text, mapping, dataset.expressions.actions)
    opened = open_model_folder(args.mapping, "mapping")
    if "--everything" in opened.card.source:  # it was trained on what is called unseen here
        figures = {name: value for name, value in figures.items() if "unseen" not in name}
    for name, value in figures.items():
        print(f"{name:<48} {value:.3f}")
    rounded = {name: round(value, 4) for name, value in figures.items()}
    write_model_json(args.mapping, opened.card, opened.config, rounded, list(opened.files))
    return figures


def head_probe(dataset: TeacherDataset, projection: Projection) -> Floats:
    """Linear map (D + 1, K) from [code, 1] to FEATURES, fitted on the teacher's heads.

    dataset: the teacher.
    projection: from its heads to codes.
    """
    codes = np.stack([projection.code(head_vertices(dataset, k)) for k in range(len(dataset.attributes))])
    return fit_probe(codes, np.stack([features(person) for person in dataset.attributes]))


def fit_probe(codes: Floats, targets: Floats) -> Floats:
    """Linear map (D + 1, K) from [code, 1] to numbers, by ridge regression; (D + 1,) for one number each.

    codes: (N, D).
    targets: (N, K) or (N,), the numbers.
    """
    design = np.hstack([codes, np.ones((len(codes), 1), np.float32)]).astype(np.float64)
    ridge = RIDGE * len(codes) * np.eye(design.shape[1])
    return np.linalg.solve(design.T @ design + ridge, design.T @ targets).astype(np.float32)


def people_figures(read: Reader) -> dict[str, float]:
    """The fractions of mapped heads (prompts x seeds) that show age, gender and ancestry of the words.

    read: what features the heads of prompts have.
    """

    def feature(prompts: list[str], name: str) -> Floats:
        return read(prompts)[..., FEATURES.index(name)]

    who = ["{} person", "{} man with a big nose", "face of a {} woman with blond hair", "{} woman"]
    old = feature([w.format(adjective) for w in who for adjective in ("old", "elderly")], "old")
    young = feature([w.format("young") for w in who], "old")
    frames = ["a young {}", "face of an old {} with freckles", "an asian {}", "a {} with blue eyes", "{}"]
    women = feature([frame.format(noun) for frame in frames for noun in ("woman", "lady")], "female")
    men = feature([frame.format(noun) for frame in frames for noun in ("man", "gentleman")], "female")
    children = feature(["a little girl", "a boy", "an african child", "a 6-year-old boy", "a schoolgirl"], "child")
    return {
        "age: old told from young": float(((old > AGED).mean() + (young < AGED).mean()) / 2),
        "gender: women and men": float(((women > 0).mean() + (men < 0).mean()) / 2),
        "children": float((children > AGED).mean()),
        "ancestry: of three": ancestry_accuracy(read),
    }


def ancestry_accuracy(read: Reader) -> float:
    """How often the largest of three ancestries is the one that the words name.

    read: what features the heads of prompts have.
    """
    right = []
    for number, name in enumerate(("african", "asian", "caucasian")):
        prompts = [f"{who} {word}" for word in ANCESTRIES[name].words.all for who in ("an old", "a face of a young")]
        values = read([f"{prompt} {noun}" for prompt in prompts for noun in ("man", "woman with long hair")])
        african, asian = values[..., FEATURES.index("african")], values[..., FEATURES.index("asian")]
        fractions = np.stack([african, asian, 1 - african - asian])
        right.append((fractions.argmax(axis=0) == number).mean())
    return float(np.mean(right))


def shape_figures(read: Reader) -> dict[str, float]:
    """How shapes show that sentences speak of: alone, in wordings that training never saw, four together, by degree.

    read: what features the heads of prompts have.
    """
    rng = np.random.default_rng(0)

    def values(descriptions: list[HeadDescription], held_out: bool = False) -> list[Floats]:
        """For each, the values (shapes, seeds) of its shapes, positive where they go the way they should."""
        read_back = read([sentence(description, rng, held_out=held_out) for description in descriptions])
        return [
            np.stack([np.sign(v) * row[:, FEATURES.index(name)] for name, v in description.shapes.items()])
            for row, description in zip(read_back, descriptions, strict=True)
        ]

    def alone(strength: float, held_out: bool = False) -> Floats:
        descriptions = [
            HeadDescription(gender, 30.0, shapes={name: sign * strength})
            for name, sign in SHAPE_EXTREMES
            for gender in (0.0, 1.0)
        ]
        return np.concatenate(values(descriptions, held_out))

    faint, plain, strong = alone(FAINT), alone(PLAIN), alone(STRONG)
    fours = [_four_shapes(rng) for _ in range(FOURS)]
    unseen = alone(PLAIN, held_out=True)
    return {
        "shapes: seen wordings": float((plain > THERE).mean()),
        "shapes: unseen wordings": float((unseen > THERE).mean()),
        "shapes: each of four": float((np.concatenate(values(fours)) > THERE).mean()),
        "shapes: faint": float(faint.mean()),
        "shapes: plain": float(plain.mean()),
        "shapes: strong": float(strong.mean()),
    }


def _four_shapes(rng: Generator) -> HeadDescription:
    """A man or a woman with four shapes."""
    order = [SHAPE_EXTREMES[number] for number in rng.permutation(len(SHAPE_EXTREMES))]
    shapes = {name: PLAIN * sign for name, sign in order}
    return HeadDescription(float(rng.integers(2)), shapes=dict(list(shapes.items())[:4]))


def worn_figures(text: TextModel, mapping: Mapping) -> dict[str, float]:
    """The fraction of heads (prompts x seeds) with the hair style or the beard that was asked for.

    text: the text model.
    mapping: the networks that are evaluated.
    """
    figures = {}
    for label, table, people in (
        ("hair style", HAIR_WORDS, ("a man", "a young woman")),
        ("beard", BEARD_WORDS, ("a man", "an old man")),
    ):
        for kind in ("seen", "unseen"):
            right = []
            for target, words in table.items():
                if target in BEARDS[mapping.beards :]:
                    continue  # this mapping is older than the beard
                chosen = [phrase for phrase in words.all if (phrase in HELD_OUT_HAIR) == (kind == "unseen")]
                for embedding in embed(text, [f"{who} with {phrase}" for phrase in chosen for who in people]):
                    codes = [map_identity(mapping, embedding, seed) for seed in SEEDS]
                    right += [worn(code, mapping.beards, label == "beard") == target for code in codes]
            figures[f"{label}: {kind} wordings"] = float(np.mean(right))
    return figures


def worn(z_id: Floats, beards: int, beard: bool) -> str:
    """The beard, or the family of the hair style, of the largest weight in an identity code; "none" or "bald" where all
    weights are 0.

    z_id: (id_size,), which ends with the weights of styles and of beards.
    beards: how many beards it has, the first of BEARDS.
    beard: True for the beard, False for the hair style.
    """
    styles, beard_weights = np.split(z_id[-len(STYLES) - beards :], [len(STYLES)])
    if beard:
        return BEARDS[int(beard_weights.argmax())] if beard_weights.any() else "none"
    return style_family(STYLES[int(styles.argmax())]) if styles.any() else "bald"


def expression_figures(text: TextModel, mapping: Mapping, actions: Sequence[str]) -> dict[str, float]:
    """How often the named expression nearest to MLP_exp's output is the one asked for, in wordings that training never
    saw and in ones it did. Left out are single movements, and what asks for several expressions, for none, or for less
    of one, which may lie nearer to another.

    text: the text model.
    mapping: the networks that are evaluated.
    actions: names of the 52 actions.
    """
    table = expression_table(actions)[: len(TABLE)]
    figures = {}
    for label, held_out in (("expression: unseen wordings", True), ("expression: seen wordings", False)):
        texts, targets, _ = expression_sentences(EXPRESSIONS, 12345, actions, held_out)
        full = np.flatnonzero((targets >= 0) & (targets < len(table)))
        z_exp = np.stack([map_expression(mapping, row) for row in embed(text, [texts[i] for i in full])])
        nearest = np.linalg.norm(z_exp[:, None] - table, axis=2).argmin(axis=1)
        figures[label] = float((nearest == targets[full]).mean())
    return figures
