"""How well words reach codes: attributes of mapped identities, degrees, compositions, hair, beards, expressions.

    python -m training.evaluate words

Attributes are read back from z_id by a linear probe, fitted on the teacher's heads; obedience on meshes is measured by
`python -m training.evaluate obedience`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from clip_head.core.mapping import Mapping, load_mapping, map_expression, map_identity
from clip_head.core.models import EMBEDDED, open_model_folder, write_model_json
from clip_head.core.text import TextModel, load_text_model
from clip_head.core.types import Floats
from clip_head.training.language.hair import BEARD_WORDS, BEARDS, HAIR_WORDS, HELD_OUT_HAIR, STYLES, style_family
from clip_head.training.language.people_phrases import ANCESTRIES
from clip_head.training.language.sentences import FEATURES, Said, features, sentence
from clip_head.training.mapping.pairs import ENDS, expression_sentences, expression_table
from clip_head.training.nphm.projection import Projection, load_projection
from clip_head.training.teacher.dataset import TeacherDataset, head_vertices, load_teacher
from clip_head.training.text.embeddings import embed

SEEDS = range(3)
#: A shape is there from this value on.
THERE = 0.2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the evaluation."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--nphm", type=Path, default=EMBEDDED / "nphm")
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text")
    parser.add_argument("--mapping", type=Path, default=EMBEDDED / "mapping")


def run(args: argparse.Namespace) -> dict[str, float]:
    """Print the figures of the mapping and write them into its model.json."""
    text, mapping = load_text_model(args.text), load_mapping(args.mapping)
    dataset = load_teacher(args.teacher, styles=())
    probe = head_probe(dataset, load_projection(args.nphm, dataset.template)[1])

    def read(prompts: Sequence[str]) -> Floats:
        codes = np.array([[map_identity(mapping, e, seed) for seed in SEEDS] for e in embed(text, list(prompts))])
        return codes[..., : len(probe) - 1] @ probe[:-1] + probe[-1]

    figures = people_figures(read) | shape_figures(read) | worn_figures(text, mapping)
    figures |= expression_figures(text, mapping, expression_table(dataset.expressions.actions))
    opened = open_model_folder(args.mapping, "mapping")
    if "--everything" in opened.card.source:  # it was trained on what is called unseen here
        figures = {name: value for name, value in figures.items() if "unseen" not in name}
    for name, value in figures.items():
        print(f"{name:<48} {value:.3f}")
    rounded = {name: round(value, 4) for name, value in figures.items()}
    write_model_json(args.mapping, opened.card, opened.config, rounded, list(opened.files))
    return figures


def head_probe(dataset: TeacherDataset, codes: Projection) -> Floats:
    """Linear map (D + 1, K) that reads FEATURES off codes and a one, fitted on the teacher's heads."""
    found = np.stack([codes.code(head_vertices(dataset, k)) for k in range(len(dataset.attributes))])
    return fit_probe(found, np.stack([features(person) for person in dataset.attributes]))


def fit_probe(codes: Floats, wanted: Floats) -> Floats:
    """Linear map (D + 1, K) that reads numbers (N, K) off codes (N, D) and a one; (D + 1,) for numbers (N,)."""
    design = np.hstack([codes, np.ones((len(codes), 1), np.float32)]).astype(np.float64)
    ridge = 1e-3 * len(codes) * np.eye(design.shape[1])
    return np.linalg.solve(design.T @ design + ridge, design.T @ wanted).astype(np.float32)


def people_figures(read: Callable[[Sequence[str]], Floats]) -> dict[str, float]:
    """Shares of mapped heads (prompts x seeds) that show age, gender and ancestry of the words.

    read: prompts -> (prompts, seeds, K) features of the heads that they become.
    """

    def of(prompts: list[str], name: str) -> Floats:
        return read(prompts)[..., FEATURES.index(name)]

    who = ["{} person", "{} man with a big nose", "face of a {} woman with blond hair", "{} woman"]
    old, young = (of([w.format(a) for w in who for a in words], "old") for words in (("old", "elderly"), ("young",)))
    nouns = ["a young {}", "face of an old {} with freckles", "an asian {}", "a {} with blue eyes", "{}"]
    women = of([n.format(w) for n in nouns for w in ("woman", "lady")], "female")
    men = of([n.format(w) for n in nouns for w in ("man", "gentleman")], "female")
    children = of(["a little girl", "a boy", "an african child", "a 6-year-old boy", "a schoolgirl"], "child")
    right = []
    for nation in ("african", "asian", "caucasian"):
        prompts = [f"{w} {n}" for n in ANCESTRIES[nation][1] for w in ("an old", "a face of a young")]
        found = read([f"{p} {noun}" for p in prompts for noun in ("man", "woman with long hair")])
        african, asian = found[..., FEATURES.index("african")], found[..., FEATURES.index("asian")]
        shares = np.stack([african, asian, 1 - african - asian])
        right.append((shares.argmax(axis=0) == ("african", "asian", "caucasian").index(nation)).mean())
    return {
        "age: old told from young": float(((old > 0.25).mean() + (young < 0.25).mean()) / 2),
        "gender: women and men": float(((women > 0).mean() + (men < 0).mean()) / 2),
        "children": float((children > 0.25).mean()),
        "ancestry: of three": float(np.mean(right)),
    }


def shape_figures(read: Callable[[Sequence[str]], Floats]) -> dict[str, float]:
    """How spoken shapes show: alone, in wordings that training never saw, four together, and by degree."""
    rng = np.random.default_rng(0)

    def values(said: list[Said], held_out: bool = False) -> list[Floats]:
        """For each, the values (shapes, seeds) of what is said, positive where they go the way they should."""
        found = read([sentence(one, rng, held_out=held_out) for one in said])
        return [
            np.stack([np.sign(v) * found[k][:, FEATURES.index(name)] for name, v in one.shapes.items()])
            for k, one in enumerate(said)
        ]

    def alone(strength: float, held_out: bool = False) -> Floats:
        said = [Said(gender, 30.0, shapes={name: sign * strength}) for name, sign in ENDS for gender in (0.0, 1.0)]
        return np.concatenate(values(said, held_out))

    faint, plain, strong = alone(0.45), alone(0.75), alone(1.1)
    fours = []
    for _ in range(100):
        chosen = [ENDS[k] for k in rng.permutation(len(ENDS))]
        fours.append(Said(float(rng.integers(2)), shapes=dict(list({n: 0.75 * s for n, s in chosen}.items())[:4])))
    unseen = alone(0.75, held_out=True)
    return {
        "shapes: seen wordings": float((plain > THERE).mean()),
        "shapes: unseen wordings": float((unseen > THERE).mean()),
        "shapes: each of four": float((np.concatenate(values(fours)) > THERE).mean()),
        "shapes: faint": float(faint.mean()),
        "shapes: plain": float(plain.mean()),
        "shapes: strong": float(strong.mean()),
    }


def worn_figures(text: TextModel, mapping: Mapping) -> dict[str, float]:
    """Share of prompts x seeds whose head wears the hair style or the beard that was asked for."""
    figures = {}
    tables = (("hair style", HAIR_WORDS, "bald"), ("beard", BEARD_WORDS, "none"))
    for (label, table, none), who in zip(tables, (("a man", "a young woman"), ("a man", "an old man")), strict=True):
        for kind in ("seen", "unseen"):
            right = []
            for asked, phrases in table.items():
                chosen = [phrase for phrase in phrases if (phrase in HELD_OUT_HAIR) == (kind == "unseen")]
                for embedding in embed(text, [f"{w} with {phrase}" for phrase in chosen for w in who]):
                    for seed in SEEDS:
                        blocks = map_identity(mapping, embedding, seed)[-len(STYLES) - len(BEARDS) :]
                        block, names = (
                            (blocks[: len(STYLES)], STYLES) if none == "bald" else (blocks[len(STYLES) :], BEARDS)
                        )
                        right.append((style_family(names[int(block.argmax())]) if block.any() else none) == asked)
            figures[f"{label}: {kind} wordings"] = float(np.mean(right))
    return figures


def expression_figures(text: TextModel, mapping: Mapping, table: Floats) -> dict[str, float]:
    """Nearest named expression of MLP_exp's answer, for wordings that training never saw and for ones it did."""
    figures = {}
    for label, held_out in (("expression: unseen wordings", True), ("expression: seen wordings", False)):
        texts, asked, strength = expression_sentences(500, seed=12345, held_out=held_out)
        plain = np.flatnonzero(strength >= 1)
        found = np.stack([map_expression(mapping, e) for e in embed(text, [texts[i] for i in plain])])
        nearest = np.linalg.norm(found[:, None] - table, axis=2).argmin(axis=1)
        figures[label] = float((nearest == asked[plain]).mean())
    return figures
