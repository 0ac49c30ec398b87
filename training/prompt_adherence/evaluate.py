"""Do heads adhere to prompts? Measured on meshes, in words that training never saw, never on the model's embeddings.

    python -m training.evaluate obedience --models weights/embedded

Prompts take the pipeline's own way to the codes; the codes move the teacher's template, on which millimetres are
measured (measures.py, movements.py). What is asked stands in suite.json and compounds.json.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from itertools import combinations, product
from pathlib import Path

import numpy as np
from tqdm import tqdm

from clip_head.core.models import EMBEDDED
from clip_head.core.pipeline import load_models
from clip_head.core.types import MILLIMETRES_PER_UNIT, Floats
from clip_head.training.prompt_adherence.compositions import Composition, draw_compositions
from clip_head.training.prompt_adherence.evaluate_demands import person_figures
from clip_head.training.prompt_adherence.evaluator import (
    Evaluator,
    expression_offsets,
    latents_of,
    template_vertices,
    vertices_of_prompt,
    worn,
)
from clip_head.training.prompt_adherence.measures import MEASURES, find_places, vertices_of
from clip_head.training.prompt_adherence.movements import DEMANDS, demand_figures, evaluate_demands
from clip_head.training.prompt_adherence.results import (
    FILE,
    Answers,
    OppositesResult,
    print_failures,
    write_results,
)
from clip_head.training.prompt_adherence.suite import BEARDS, EXPRESSIONS, HAIR, OPPOSITES, Opposites
from clip_head.training.teacher.dataset import load_teacher

#: Seeds of every prompt: a head must adhere whatever the seed draws.
SEEDS = range(8)
#: Seeds of every degree of a shape; fewer, since three degrees are measured.
DEGREE_SEEDS = range(4)
#: Seeds of one prompt whose heads are compared with each other.
DIVERSITY_SEEDS = range(32)
#: Sentences that the words for a shape are put into, in turn with the seeds.
CARRIERS = ("a man with {}", "face of a young woman with {}", "an old man with {}, laughing", "an asian woman with {}")
#: Sentences that the words for an expression are put into.
EXPRESSION_CARRIERS = (
    "a man, {}", "an old woman with a big nose, {}", "a boy {}", "an african lady with short hair, {}",
)  # fmt: skip
#: Prompts in which expression words change while who it is stays, and the other way round.
IDENTITIES = (
    "an old man with a big nose", "a young african woman with long hair", "a chubby boy with freckles",
    "a bearded man with a wide jaw", "an asian girl with a ponytail and big eyes",
)  # fmt: skip
#: The seed of these prompts; any would do.
IDENTITY_SEED = 3
#: Prompts whose seeds must differ; the more is said, the less is left to differ in.
DIVERSE = ("a man", "an old woman with a big nose", "a girl with a ponytail", "an african man with a beard")
#: How much wider the neck of a man is than that of a woman who is described with the same words, millimetres.
MALE_NECK = 4.0
#: About as many vertices of the face are compared between seeds: enough for a mean, and quick to move.
FACE_POINTS = 1500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the evaluation."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--models", type=Path, default=EMBEDDED)
    parser.add_argument("--out", type=Path, default=Path("out/evaluation"), help=f"folder for {FILE}")
    parser.add_argument("--sections", nargs="+", choices=SECTIONS, default=SECTIONS, help="measure these only")
    parser.add_argument("--failures", type=int, default=25, help="how many of the worst opposites are printed")


def run(args: argparse.Namespace) -> dict[str, float]:
    """Print the figures and what failed, and write everything to args.out."""
    dataset = load_teacher(args.teacher, ("bald",))
    evaluator = Evaluator(load_models(args.models), dataset, find_places(dataset.template))
    results = evaluate_opposites(evaluator) if "opposites" in args.sections else []
    answers = {name: answer(evaluator) for name, answer in ANSWERED.items() if name in args.sections}
    figures = opposites_figures(results) if results else {}
    for name, measure in MEASURED.items():
        figures |= measure(evaluator) if name in args.sections else {}
    for name, table in answers.items():
        figures |= demand_figures(name, table) if name in DEMANDS else {f"{name} in unseen words": accuracy(table)}
    for name, value in figures.items():
        print(f"{name:<72} {value:.3f}")
    print_failures(results, answers, args.failures)
    args.out.mkdir(parents=True, exist_ok=True)
    write_results(args.out / FILE, figures, results, answers)
    return figures


def accuracy(answers: Answers) -> float:
    """The fraction of answers that are what was asked for.

    answers: of evaluate_expressions or evaluate_hair.
    """
    return float(np.mean([answer == target for (target, _), shown in answers.items() for answer in shown]))


def measure_of_prompt(evaluator: Evaluator, words: str, seed: int, measure: str) -> float:
    """A measure of the head that words become, in millimetres or degrees.

    evaluator: whose models are used.
    words: as in Contrast.
    seed: of what they leave open; also chooses who they are said of.
    measure: a key of MEASURES.
    """
    vertices = vertices_of_prompt(evaluator, whole_prompt(words, seed), seed)
    return MEASURES[measure](vertices, evaluator.places)


def whole_prompt(words: str, seed: int) -> str:
    """A whole prompt: words that begin with "=" as they are, others said of somebody.

    words: as in Contrast.
    seed: chooses of whom.
    """
    return words[1:] if words.startswith("=") else CARRIERS[seed % len(CARRIERS)].format(words)


def evaluate_opposites(evaluator: Evaluator) -> list[OppositesResult]:
    """Every pair of opposite prompts of the suite, over the seeds.

    evaluator: whose models are used.
    """
    results = []
    for opposites in tqdm(OPPOSITES, desc="opposites", mininterval=5):
        for contrast in opposites.contrasts:
            differences = [
                measure_of_prompt(evaluator, contrast.more, seed, opposites.measure)
                - measure_of_prompt(evaluator, contrast.less, seed, opposites.measure)
                for seed in SEEDS
            ]
            unseen = contrast is not opposites.plain
            results.append(OppositesResult(opposites.measure, contrast, unseen, opposites.amount, differences))
    return results


def opposites_figures(results: list[OppositesResult]) -> dict[str, float]:
    """The fraction of opposites that differ by the stated amount: in the mean over the seeds, and seed by seed.

    results: of evaluate_opposites.
    """
    figures: dict[str, float] = {"pairs of opposites": len(results)}
    plain, unseen = ([result for result in results if result.unseen == kind] for kind in (False, True))
    for label, chosen in (("", results), (", plain", plain), (", unseen words", unseen)):
        figures[f"opposites{label}: pairs, mean over seeds"] = float(
            np.mean([np.mean(result.differences) >= result.amount for result in chosen])
        )
        figures[f"opposites{label}: every seed counted"] = float(
            np.mean([difference >= result.amount for result in chosen for difference in result.differences])
        )
    return figures


def degree_figures(evaluator: Evaluator) -> dict[str, float]:
    """The fraction of graded shapes where "slightly" moves the measure less than the plain word, and "very" more.

    evaluator: whose models are used.
    """
    ordered = []
    for opposites in tqdm([o for o in OPPOSITES if o.graded], desc="degrees", mininterval=5):
        for words, sign in ((opposites.plain.more, 1), (opposites.plain.less, -1)):
            slightly, plainly, very = (
                sign * np.mean([measure_of_prompt(evaluator, form, seed, opposites.measure) for seed in DEGREE_SEEDS])
                for form in (with_degree(words, "slightly"), words, with_degree(words, "very"))
            )
            ordered.append(slightly < plainly < very)
    return {"degrees in order: slightly, plain, very": float(np.mean(ordered))}


def with_degree(words: str, degree: str) -> str:
    """The words with an adverb before the adjective: after the article, where there is one.

    words: as in Contrast.
    degree: the adverb.
    """
    mark = "=" if words.startswith("=") else ""
    article, _, rest = words.removeprefix("=").partition(" ")
    if article in ("a", "an"):
        return f"{mark}a {degree} {rest}"
    return f"{mark}{degree} {article} {rest}"


def evaluate_expressions(evaluator: Evaluator) -> Answers:
    """For every unseen wording, said of four people, the named expression whose displacements of the places' vertices
    are nearest to those of the prompt's z_exp.

    evaluator: whose models are used.
    """
    actions, table = evaluator.network.config.actions, evaluator.dataset.expressions.table
    ids = vertices_of(evaluator.places)
    named_offsets = {
        name: expression_offsets(evaluator, np.array([weights.get(a, 0.0) for a in actions], np.float32), ids)
        for name, weights in table.items()
    }

    def nearest(prompt: str) -> str:
        offsets = expression_offsets(evaluator, latents_of(evaluator, prompt, 0).z_exp, ids)
        return min(named_offsets, key=lambda name: float(np.square(named_offsets[name] - offsets).sum()))

    return {
        (name, words): [nearest(carrier.format(words)) for carrier in EXPRESSION_CARRIERS]
        for name, ways in EXPRESSIONS.items()
        for words in ways
    }


def evaluate_hair(evaluator: Evaluator, prompts: Mapping[str, tuple[str, ...]], block: str) -> Answers:
    """Which style (its family) or beard the heads of every prompt wear, over the seeds; nothing is "bald" or "".

    evaluator: whose models are used.
    prompts: what is asked for -> whole prompts.
    block: "hair" or "beard".
    """
    return {
        (name, prompt): [worn(evaluator, latents_of(evaluator, prompt, seed).z_id, block) for seed in SEEDS]
        for name, ways in prompts.items()
        for prompt in ways
    }


def composition_figures(evaluator: Evaluator) -> dict[str, float]:
    """Sentences of four attributes (gender, hair, two shapes): how many keep each. A shape is kept when it moves by its
    amount against the same sentence with the opposite word; gender likewise, by the neck.

    evaluator: whose models are used.
    """
    kept = [
        kept_attributes(evaluator, composition, seed)
        for seed, composition in enumerate(tqdm(draw_compositions(OPPOSITES), desc="compositions", mininterval=5))
    ]
    return {f"composition of four keeps: {name}": float(np.mean([k[name] for k in kept])) for name in kept[0]}


def kept_attributes(evaluator: Evaluator, composition: Composition, seed: int) -> dict[str, bool]:
    """Attribute -> whether the head of a composition has it.

    evaluator: whose models are used.
    composition: what is asked for.
    seed: of what it leaves open.
    """
    prompt = composition.prompt()
    vertices = vertices_of_prompt(evaluator, prompt, seed)
    without_first = vertices_of_prompt(evaluator, composition.prompt(first_opposed=True), seed)
    without_second = vertices_of_prompt(evaluator, composition.prompt(second_opposed=True), seed)
    other = vertices_of_prompt(evaluator, composition.prompt(gender_opposed=True), seed)
    neck = MEASURES["width of the neck"]
    wider = neck(vertices, evaluator.places) - neck(other, evaluator.places)
    return {
        "gender": wider * (1 if composition.gender == "man" else -1) >= MALE_NECK,
        "hair": worn(evaluator, latents_of(evaluator, prompt, seed).z_id, "hair") == composition.hair,
        "first shape": exceeds(evaluator, composition.first, vertices, without_first),
        "second shape": exceeds(evaluator, composition.second, without_second, vertices),
    }


def exceeds(evaluator: Evaluator, opposites: Opposites, more: Floats, less: Floats) -> bool:
    """Whether the measure of opposites is larger by their amount on one head than on the other.

    evaluator: whose places are measured.
    opposites: the measure and the amount.
    more, less: vertices (V, 3) of the heads, units.
    """
    measure = MEASURES[opposites.measure]
    return measure(more, evaluator.places) - measure(less, evaluator.places) >= opposites.amount


def diversity_figures(evaluator: Evaluator) -> dict[str, float]:
    """Mean distance of faces between 32 seeds of one prompt after rigid alignment, millimetres.

    evaluator: whose models are used.
    """
    face = np.flatnonzero(evaluator.dataset.template.regions["face"])
    ids = face[:: max(1, len(face) // FACE_POINTS)].astype(np.int32)
    means = []
    for prompt in DIVERSE:
        codes = [latents_of(evaluator, prompt, seed).z_id for seed in DIVERSITY_SEEDS]
        faces = [template_vertices(evaluator, z_id, ids)[ids] for z_id in codes]
        distances = [np.linalg.norm(aligned(a, b) - b, axis=1).mean() for a, b in combinations(faces, 2)]
        means.append(float(np.mean(distances)) * MILLIMETRES_PER_UNIT)
    return {
        "32 seeds: mean difference of faces, mm": float(np.mean(means)),
        "32 seeds: least of four prompts, mm": min(means),
    }


def aligned(points: Floats, target: Floats) -> Floats:
    """Points moved rigidly onto others as well as possible (Kabsch).

    points: (N, 3).
    target: (N, 3), where each should lie.
    """
    mean, target_mean = points.mean(axis=0), target.mean(axis=0)
    u, _, v = np.linalg.svd((points - mean).T @ (target - target_mean))
    rotation = u @ np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ v))]) @ v
    return np.asarray((points - mean) @ rotation + target_mean, np.float32)


def disjoint_figures(evaluator: Evaluator) -> dict[str, float]:
    """How often changes of expression words leave z_id bit-equal, and changes of identity words z_exp.

    evaluator: whose models are used.
    """
    expressions = [words for ways in EXPRESSIONS.values() for words in ways[:2]]
    codes = {
        (who, words): latents_of(evaluator, f"{who}, {words}" if words else who, IDENTITY_SEED)
        for who, words in product(IDENTITIES, ["", *expressions])
    }
    same_id = [
        codes[who, words].z_id.tobytes() == codes[who, ""].z_id.tobytes() for who in IDENTITIES for words in expressions
    ]
    same_exp = [
        codes[who, words].z_exp.tobytes() == codes[IDENTITIES[0], words].z_exp.tobytes()
        for who in IDENTITIES[1:]
        for words in expressions
    ]
    return {
        "z_id bit-equal when expression words change": float(np.mean(same_id)),
        "z_exp bit-equal when identity words change": float(np.mean(same_exp)),
    }


#: Section -> what its prompts were answered with.
ANSWERED: dict[str, Callable[[Evaluator], Answers]] = {
    "expressions": evaluate_expressions,
    "hair": partial(evaluate_hair, prompts=HAIR, block="hair"),
    "beards": partial(evaluate_hair, prompts=BEARDS, block="beard"),
    **{section: partial(evaluate_demands, section=section) for section in DEMANDS},
}
#: Section -> its figures.
MEASURED: dict[str, Callable[[Evaluator], dict[str, float]]] = {
    "degrees": degree_figures,
    "compositions": composition_figures,
    "diversity": diversity_figures,
    "disjoint": disjoint_figures,
    "people": person_figures,
}
#: All sections of the exam.
SECTIONS = ("opposites", *ANSWERED, *MEASURED)
