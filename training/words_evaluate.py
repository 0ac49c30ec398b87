"""How well words reach heads: retrieval, attributes of mapped identities, hair styles, unseen phrasings of expressions.

    python -m training.evaluate words

Attributes are read back from z_id by a linear probe, fitted on synthetic people whose attributes are known.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from clip_head.core.mapping import Mapping, load_mapping, map_expression, map_identity
from clip_head.core.models import EMBEDDED, open_model_folder, write_model_json
from clip_head.core.text import TextModel, load_text_model
from clip_head.core.types import Floats
from clip_head.training.mapping import fit_probe, hair_styles
from clip_head.training.mapping_data import action_weights, expression_sentences, load_or_draw_people, people_sentences
from clip_head.training.nphm_data import Codes
from clip_head.training.teacher.dataset import TeacherDataset, held_out_indices, load_teacher
from clip_head.training.teacher.identities import SHAPES
from clip_head.training.words_expressions import PHRASES
from clip_head.training.words_people import FEATURES, HAIR_WORDS, NATIONS, style_family
from clip_head.training.words_text import pooled_states, project

#: Spoken shapes that must be visible: words, feature, sign.
SHAPE_PROMPTS = [
    (word, name, sign)
    for name, shape in SHAPES.items()
    for word, sign in ((shape.more_word, 1), (shape.less_word, -1))
    if word
]
SEEDS = range(5)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the evaluation."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--codes", type=Path, default=Path("out/training/nphm/codes.npz"))
    parser.add_argument("--people", type=Path, default=Path("out/training/mapping/evaluation_people.npz"))
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text")
    parser.add_argument("--mapping", type=Path, default=EMBEDDED / "mapping")


def run(args: argparse.Namespace) -> dict[str, float]:
    """Print the figures of the mapping and write them into its model.json."""
    text, mapping, dataset = load_text_model(args.text), load_mapping(args.mapping), load_teacher(args.teacher)
    people = load_or_draw_people(args.people, dataset, Codes.load(args.codes), 1500, seed=1)
    probe = fit_probe(people.codes, people.features)
    figures = attribute_figures(text, mapping, probe)
    figures |= hair_figures(text, mapping, hair_styles(dataset))
    figures |= expression_figures(text, mapping, dataset)
    figures |= held_out_figures(text, mapping, dataset, probe)
    for name, value in figures.items():
        print(f"{name:<48} {value:.3f}")
    opened = open_model_folder(args.mapping, "mapping")
    rounded = {name: round(value, 4) for name, value in figures.items()}
    write_model_json(args.mapping, opened.card, opened.config, rounded, list(opened.files))
    return figures


def embed(text: TextModel, prompts: list[str]) -> Floats:
    """core.text.encode_text, quicker for many short prompts."""
    return project(text, pooled_states(text, prompts))


def mapped_features(
    text: TextModel, mapping: Mapping, probe: Floats, prompts: list[str], seeds: range = SEEDS
) -> Floats:
    """(prompts, seeds, K) features of the heads that the prompts become."""
    embeddings = embed(text, prompts)
    codes = np.array([[map_identity(mapping, e, seed) for seed in seeds] for e in embeddings])
    return codes[..., : len(probe) - 1] @ probe[:-1] + probe[-1]


def attribute_figures(text: TextModel, mapping: Mapping, probe: Floats) -> dict[str, float]:
    """Shares of mapped heads (prompts x seeds) that show what the words say."""

    def of(prompts: list[str], name: str) -> Floats:
        return mapped_features(text, mapping, probe, prompts)[..., FEATURES.index(name)]

    who = ["{} person", "{} man with a big nose, laughing", "face of a {} woman with blond hair", "an {} woman, angry"]
    old, young = (of([w.format(a) for w in who for a in words], "old") for words in (("old", "elderly"), ("young",)))
    nouns = ["a young {}", "face of an old {} with freckles", "an asian {}, smiling", "a {} with blue eyes", "{}"]
    women = of([n.format(w) for n in nouns for w in ("woman", "lady")], "female")
    men = of([n.format(w) for n in nouns for w in ("man", "gentleman")], "female")
    children = of(["a little girl", "a boy, laughing", "an african child", "a 6-year-old boy", "a schoolgirl"], "child")
    figures = {
        "age: old told from young": float(((old > 0.25).mean() + (young < 0.25).mean()) / 2),
        "gender: women and men": float(((women > 0).mean() + (men < 0).mean()) / 2),
        "children": float((children > 0.25).mean()),
    }
    right = []
    for nation in ("african", "asian", "caucasian"):
        prompts = [f"{w} {n}" for n in NATIONS[nation] for w in ("an old", "a face of a young")]
        prompts = [f"{p} {noun}" for p in prompts for noun in ("man", "woman with long hair, happy")]
        found = mapped_features(text, mapping, probe, prompts)
        african, asian = found[..., FEATURES.index("african")], found[..., FEATURES.index("asian")]
        shares = np.stack([african, asian, 1 - african - asian])
        right.append((shares.argmax(axis=0) == ("african", "asian", "caucasian").index(nation)).mean())
    figures["ancestry: of three"] = float(np.mean(right))
    articles = ["" if word.endswith("s") else "a " for word, _, _ in SHAPE_PROMPTS]
    said = [f"{article}{word}" for article, (word, _, _) in zip(articles, SHAPE_PROMPTS, strict=True)]
    prompts = [f"an old man with {s}, laughing" for s in said] + [f"a young asian woman with {s}" for s in said]
    found = mapped_features(text, mapping, probe, prompts)
    shown: dict[str, list[float]] = {}
    for row, (word, name, sign) in enumerate(SHAPE_PROMPTS):
        values = sign * found[[row, row + len(said)]][..., FEATURES.index(name)]
        shown.setdefault("all shapes", []).append(float((values > 0.15).mean()))
        shown.setdefault("mean strength of a spoken shape", []).append(float(values.mean()))
        if word in KEY_SHAPES:
            shown.setdefault(f"shape: {word}", []).append(float((values > 0.15).mean()))
    return figures | {name: float(np.mean(values)) for name, values in shown.items()}


KEY_SHAPES = ("big nose", "small nose", "wide jaw", "slim jaw", "large ears", "small ears", "full lips", "thin lips",
              "big eyes", "chubby cheeks", "long chin", "wide mouth")  # fmt: skip


def hair_figures(text: TextModel, mapping: Mapping, styles: tuple[str, ...]) -> dict[str, float]:
    """Share of prompts x seeds whose head wears a style of the family that was asked for."""
    right = []
    for family, words in HAIR_WORDS.items():
        prompts = [f"{who} with {word}" for word in words for who in ("a face of a man", "a young woman")]
        for embedding in embed(text, prompts):
            for seed in SEEDS:
                block = map_identity(mapping, embedding, seed)[-len(styles) :]
                worn = style_family(styles[int(block.argmax())]) if block.any() else "bald"
                right.append(worn == family)
    return {"hair style": float(np.mean(right))}


def expression_figures(text: TextModel, mapping: Mapping, dataset: TeacherDataset) -> dict[str, float]:
    """Nearest named expression of MLP_exp's answer, for wordings that training never saw and for ones it did."""
    names = list(PHRASES)
    table = np.stack([action_weights(dataset, name) for name in names])
    figures = {}
    for label, held_out in (("expression: unseen wordings", True), ("expression: seen wordings", False)):
        texts, _, asked = expression_sentences(dataset, 500, seed=12345, held_out=held_out)
        plain = [i for i, t in enumerate(texts) if "slightly" not in t and "a little" not in t]
        found = np.stack([map_expression(mapping, e) for e in embed(text, [texts[i] for i in plain])])
        nearest = np.linalg.norm(found[:, None] - table, axis=2).argmin(axis=1)
        figures[label] = float(np.mean([names[k] == asked[i] for k, i in zip(nearest, plain, strict=True)]))
    return figures


def held_out_figures(text: TextModel, mapping: Mapping, dataset: TeacherDataset, probe: Floats) -> dict[str, float]:
    """On sentences about held-out heads: are the mentioned shapes there?"""
    heads = [dataset.attributes[i] for i in held_out_indices(dataset)]
    said = people_sentences(heads, hair_styles(dataset), 4, seed=999)
    found = mapped_features(text, mapping, probe, said.texts, range(2))
    gender, shapes = [], []
    for row, (sentence, index) in enumerate(zip(said.texts, said.person, strict=True)):
        person = heads[index]
        padded = f" {sentence.replace(',', ' ')} "
        if any(f" {noun} " in padded for noun in ("man", "woman", "boy", "girl", "lady", "guy", "gentleman")):
            gender += list((found[row, :, 0] > 0) == (person.gender > 0.5))
        for word, name, sign in SHAPE_PROMPTS:
            if f" {word} " in padded:
                shapes += list(sign * found[row, :, FEATURES.index(name)] > 0.15)
    return {"held-out heads: gender": float(np.mean(gender)), "held-out heads: spoken shapes": float(np.mean(shapes))}
