"""How heads meet demands.json: ages, ancestries and characters over prompts, long descriptions feature by feature."""

from __future__ import annotations

import numpy as np

from clip_head.core.types import Floats
from clip_head.training.prompt_adherence import demands
from clip_head.training.prompt_adherence.evaluator import (
    Evaluator,
    latents_of,
    template_vertices,
    vertices_of_prompt,
    worn,
)
from clip_head.training.prompt_adherence.measures import MEASURES, vertices_of
from clip_head.training.teacher.dataset import Attributes
from clip_head.training.teacher.identities import base_vertices, basis_of, template_base

#: Seeds of every character and every long description.
SEEDS = range(4)


def person_figures(evaluator: Evaluator) -> dict[str, float]:
    """The fraction of demands that heads meet, per section of demands.json.

    evaluator: whose models are used.
    """
    vertices = people_vertices(evaluator)

    def head(prompt: str) -> Floats:
        """The mean head of a prompt, at the vertices that are compared."""
        ids = vertices_of(evaluator.places)
        return template_vertices(evaluator, latents_of(evaluator, prompt, 0, variation=0.0).z_id, ids)[ids]

    ages, ancestries = [], []
    for entry in demands.AGES:
        found = demands.nearest_age(head(entry["prompt"]), entry["gender"], vertices)
        ages.append(demands.age_is_right(found, entry["age"]))
        if not ages[-1]:
            print(f"age {entry['age']:<20} {entry['prompt']!r} was {found:.0f}")
    for entry in demands.ANCESTRY_PROMPTS:
        fractions = demands.fractions_of(head(entry["prompt"]), entry["gender"], 32.0, vertices)
        ancestries.append(demands.ancestry_is_right(fractions, entry["ancestry"]))
        if not ancestries[-1]:
            print(f"{entry['ancestry']:<24} {entry['prompt']!r} was {fractions.round(2).tolist()}")
    figures = {"ages in years": float(np.mean(ages)), "ancestries": float(np.mean(ancestries))}
    answers: dict[str, list[bool]] = {}
    for entry in demands.CHARACTER_PROMPTS:
        mean_head = head(entry["prompt"])
        for seed in SEEDS:
            z_id = latents_of(evaluator, entry["prompt"], seed).z_id
            hair, beard = worn(evaluator, z_id, "hair"), worn(evaluator, z_id, "beard")
            for name, right in demands.character_answers(entry["character"], mean_head, hair, beard, vertices).items():
                answers.setdefault(f"characters: {name}", []).append(right)
    for demand in demands.LONG:
        for seed in SEEDS:
            for name, kept in kept_features(evaluator, demand, seed):
                answers.setdefault(f"long descriptions keep: {name}", []).append(kept)
    return figures | {name: float(np.mean(right)) for name, right in answers.items()}


def kept_features(evaluator: Evaluator, demand: demands.LongDemand, seed: int) -> list[tuple[str, bool]]:
    """What of a long description its head keeps: a shape where it moves by its amount against the same description with
    the opposite word.

    evaluator: whose models are used.
    demand: what is asked for.
    seed: of what it leaves open.
    """
    vertices = vertices_of_prompt(evaluator, demand.prompt(), seed)
    z_id = latents_of(evaluator, demand.prompt(), seed).z_id
    kept = []
    for number, (opposites, more) in enumerate(demand.shapes):
        other = vertices_of_prompt(evaluator, demand.prompt(number), seed)
        measure = MEASURES[opposites.measure]
        moved = measure(vertices, evaluator.places) - measure(other, evaluator.places)
        kept.append(("shapes", moved * (1 if more else -1) >= opposites.amount))
    kept += [("hair", worn(evaluator, z_id, "hair") == demand.hair)] if demand.hair else []
    return kept + ([("beard", worn(evaluator, z_id, "beard") == demand.beard)] if demand.beard else [])


def people_vertices(evaluator: Evaluator) -> demands.Vertices:
    """Vertices of the teacher's people at the places that are measured, each person's head made once.

    evaluator: whose teacher is used.
    """
    dataset, ids = evaluator.dataset, vertices_of(evaluator.places)
    basis = basis_of(dataset.folder)
    base, subdivision = template_base(basis), dataset.subdivision[ids]
    made: dict[tuple[float, float, tuple[float, ...]], Floats] = {}

    def vertices(person: Attributes) -> Floats:
        key = person.gender, person.age, tuple(person.ancestry.values())
        if key not in made:
            made[key] = dataset.template.vertices[ids] + subdivision @ (base_vertices(basis, person) - base)
        return made[key]

    return vertices
