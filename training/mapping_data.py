"""What the mapping networks learn from: people as codes, sentences about them, sentences about expressions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from clip_head.core.types import Bools, Floats, Ints
from clip_head.training.captions import caption
from clip_head.training.nphm_data import Codes
from clip_head.training.skins.appearance import sample_appearance
from clip_head.training.teacher.dataset import Attributes, TeacherDataset
from clip_head.training.teacher.identities import base_vertices, build_basis, mean_adult, random_person
from clip_head.training.teacher.template import build_topology
from clip_head.training.words_expressions import PHRASES, draw_expression, expression_sentence
from clip_head.training.words_people import (
    draw_style,
    features,
    person_sentence,
    says_hair,
    shape_sentence,
    spoken_shapes,
    style_shares,
)


@dataclass(frozen=True)
class People:
    """Synthetic people and what they are to NPHM: attributes, codes (N, 64 + 39 L) without hair, features (N, K)."""

    attributes: list[Attributes]
    codes: Floats
    features: Floats


def draw_people(dataset: TeacherDataset, codes: Codes, count: int, seed: int) -> People:
    """New people, drawn as the teacher's heads were (from another stream), encoded by NPHM's projections."""
    topology = build_topology()
    basis = build_basis(topology.base)
    mean = base_vertices(basis, mean_adult())
    attributes = [random_person(np.random.default_rng([seed, 1, k])) for k in range(count)]
    found = np.stack(
        [
            encode(codes, dataset.template.vertices + dataset.subdivision @ (base_vertices(basis, person) - mean))
            for person in tqdm(attributes, "people", mininterval=5)
        ]
    )
    return People(attributes, found, np.stack([features(person) for person in attributes]))


def encode(codes: Codes, vertices: Floats) -> Floats:
    """z_id (64 + 39 L,) without hair of canonical head vertices (V, 3)."""
    shared, local = codes.encode(vertices.astype(np.float32))
    return np.concatenate([shared, local.ravel()])


@dataclass(frozen=True)
class PeopleSentences:
    """Sentences, whom they are about (N,), how likely each hair style is (N, S + 1), the last being bald: the style
    they were said of where they mention hair, and else those that the person might wear; and which of the person's
    shapes they mention (N, K), in the order of SHAPES."""

    texts: list[str]
    person: Ints
    styles: Floats
    shapes: Bools


def people_sentences(people: list[Attributes], styles: tuple[str, ...], each: int, seed: int) -> PeopleSentences:
    """`each` sentences about every person, with a hair style of its own each time, and one for every shape of theirs.

    In long sentences a shape is a faint trace, and which noun an adjective belongs to takes many sentences to learn.
    """
    rng = np.random.default_rng([seed, 2])
    wearable = [*styles, "bald"]
    texts, who, worn, shapes = [], [], [], []
    for index, person in enumerate(people):
        for number in range(each + len(person.words)):
            style = draw_style(person, wearable, rng)
            if number >= each:
                texts.append(shape_sentence(person, person.words[number - each], rng))
            elif rng.random() < 0.5:
                texts.append(person_sentence(person, style, rng))
            else:
                texts.append(_looking(person, style, rng))
            who.append(index)
            said = np.eye(len(wearable))[wearable.index(style)]
            hair_said = number < each and says_hair(texts[-1])
            worn.append(said if hair_said else style_shares(person, wearable, 0.9))
            shapes.append(spoken_shapes(person, texts[-1]))
    return PeopleSentences(texts, np.array(who, np.int32), np.array(worn, np.float32), np.stack(shapes))


def _looking(person: Attributes, style: str, rng: np.random.Generator, phrase: str | None = None) -> str:
    """What one would say of the person in some skin, paint or material: these decide neither shape nor expression."""
    if phrase is None:
        phrase = draw_expression(rng)[1]
    return caption(person, sample_appearance(person, rng, ("any",)), style, phrase, rng)


#: Adverbs and how strong they make an expression.
STRENGTHS = (("slightly", 0.5), ("a little", 0.5), ("very", 1.12), ("extremely", 1.2))
#: Named expressions that read well after an adverb.
GRADED = ("happy", "sad", "angry", "surprised", "fearful", "disgusted", "worried", "furious")


def expression_sentences(
    dataset: TeacherDataset, count: int, seed: int, held_out: bool = False
) -> tuple[list[str], Floats, list[str]]:
    """Sentences, the action weights (N, 52) they ask for, and the names of the expressions."""
    rng = np.random.default_rng([seed, 3 + held_out])
    texts, weights, names = [], [], []
    for _ in range(count):
        name, phrase = draw_expression(rng, held_out)
        code = action_weights(dataset, name)
        if not held_out and phrase and name in GRADED and phrase in PHRASES[name][:2] and rng.random() < 0.3:
            adverb, strength = STRENGTHS[rng.integers(len(STRENGTHS))]
            phrase, code = f"{adverb} {phrase}", strength * code
        if rng.random() < 0.7:
            texts.append(expression_sentence(phrase, rng))
        else:
            person = random_person(rng)
            texts.append(_looking(person, draw_style(person, (*dataset.styles,), rng), rng, phrase))
        weights.append(code)
        names.append(name)
    return texts, np.stack(weights), names


def action_weights(dataset: TeacherDataset, name: str) -> Floats:
    """z_exp (52,) of a named expression: the weights of the facial actions."""
    table = dataset.expressions.table[name]
    return np.array([table.get(action, 0.0) for action in dataset.expressions.actions], dtype=np.float32)


def load_or_draw_people(path: Path, dataset: TeacherDataset, codes: Codes, count: int, seed: int) -> People:
    """draw_people, kept in a file as long as NPHM's projections stay the same."""
    if path.is_file():
        with np.load(path) as arrays:
            if len(arrays["codes"]) == count and np.array_equal(arrays["mark"], codes.global_mean):
                attributes = [random_person(np.random.default_rng([seed, 1, k])) for k in range(count)]
                return People(attributes, arrays["codes"], arrays["features"])
    people = draw_people(dataset, codes, count, seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, codes=people.codes, features=people.features, mark=codes.global_mean)
    return people
