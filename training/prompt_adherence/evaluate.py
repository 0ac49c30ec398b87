"""Do heads obey words? Measured on meshes, in words that training never saw; never on the model's own embeddings.

    python -m training.evaluate obedience --models weights/embedded

Prompts take the pipeline's own way to the codes; the codes move the teacher's template, on which millimetres are
measured (obedience_measures). What is asked stands in obedience_suite.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from itertools import combinations, product
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from clip_head.core.models import EMBEDDED
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.pipeline import Models, load_models, read_words
from clip_head.core.types import MILLIMETRES_PER_UNIT, Floats, HeadRequest, Ints, Latents
from clip_head.training.prompt_adherence.measures import MEASURES, Places, find_places, vertices_of
from clip_head.training.prompt_adherence.suite import BEARDS, EXPRESSIONS, HAIR, OPPOSITES, Opposites
from clip_head.training.teacher.dataset import TeacherDataset, load_teacher

SEEDS = range(8)
#: Who a shape is said of, in turn with the seeds.
CARRIERS = ("a man with {}", "face of a young woman with {}", "an old man with {}, laughing", "an asian woman with {}")
#: What a composition of four says beside two shapes: a man or a woman, and the hair.
PEOPLE = {"man": "a {} man", "woman": "a {} woman"}
AGES = ("young", "middle-aged", "old")
PLAIN_HAIR = {"afro": "an afro", "bob": "a bob", "ponytail": "a ponytail", "mohawk": "a mohawk", "bun": "a bun",
              "curly": "short curly hair", "long": "long straight hair", "buzz": "a buzz cut"}  # fmt: skip
COMPOSITIONS = 120
#: How much wider the neck of a man is than that of a woman who is described with the same words, millimetres.
MALE_NECK = 4.0
DIVERSE = ("a man", "an old woman with a big nose", "a girl with a ponytail", "an african man with a beard")
FACE_POINTS = 1500


@dataclass(frozen=True)
class Asked:
    """One pair of opposites over the seeds: words, the amount, and by how much the measure differed, per seed."""

    measure: str
    more: str
    less: str
    unseen: bool
    amount: float
    found: list[float]


@dataclass(frozen=True)
class Judge:
    """What turns prompts into measures: models, the dataset with template and expressions, places and vertices."""

    models: Models
    dataset: TeacherDataset
    places: Places

    @property
    def network(self) -> EmbeddedNPHM:
        network = self.models.nphm.network
        assert isinstance(network, EmbeddedNPHM)
        return network


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the evaluation."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--models", type=Path, default=EMBEDDED)
    parser.add_argument("--out", type=Path, default=Path("out/evaluation"), help="folder for obedience.json")
    parser.add_argument("--failures", type=int, default=25, help="how many of the worst pairs are printed")


def run(args: argparse.Namespace) -> dict[str, float]:
    """Print the figures and what failed, and write everything to args.out."""
    dataset = load_teacher(args.teacher, ("bald",))
    judge = Judge(load_models(args.models), dataset, find_places(dataset.template))
    pairs = ask_opposites(judge)
    expressions = ask_expressions(judge)
    hair, beards = ask_hair(judge, HAIR, "hair"), ask_hair(judge, BEARDS, "beard")
    figures = pair_figures(pairs)
    figures |= degree_figures(judge)
    figures["expressions in unseen words"] = mean_right(expressions)
    figures["hair in unseen words"], figures["beards in unseen words"] = mean_right(hair), mean_right(beards)
    figures |= composition_figures(judge)
    figures |= diversity_figures(judge)
    figures |= disjoint_figures(judge)
    for name, value in figures.items():
        print(f"{name:<72} {value:.3f}")
    worst = sorted(pairs, key=lambda pair: np.mean(pair.found) / pair.amount)[: args.failures]
    for pair in worst:
        print(f"{np.mean(pair.found):7.2f} of {pair.amount:5.2f}  {pair.measure}: {pair.more!r} / {pair.less!r}")
    for table in (expressions, hair, beards):
        for asked, answers in table.items():
            wrong = [answer for answer in answers if answer != asked[0]]
            if wrong:
                print(f"{asked[0]:<24} {asked[1]!r} was {sorted(set(wrong))} {len(wrong)} times of {len(answers)}")
    args.out.mkdir(parents=True, exist_ok=True)
    everything = {"figures": figures, "pairs": [asdict(pair) for pair in pairs]}
    for name, table in (("expressions", expressions), ("hair", hair), ("beards", beards)):
        everything[name] = [{"asked": a, "words": w, "found": found} for (a, w), found in table.items()]
    (args.out / "obedience.json").write_text(json.dumps(everything, indent=1) + "\n", encoding="utf-8")
    return figures


def mean_right(table: dict[tuple[str, str], list[str]]) -> float:
    """Share of answers that are what was asked."""
    return float(np.mean([answer == asked for (asked, _), answers in table.items() for answer in answers]))


def latents_of(judge: Judge, prompt: str, seed: int, variation: float = 1.0) -> Latents:
    """The codes of a prompt, the pipeline's own way."""
    return read_words(HeadRequest(prompt, seed=seed, variation=variation), judge.models)


def moved(judge: Judge, z_id: Floats, ids: Ints) -> Floats:
    """(V, 3) template vertices, of which those in ids are where the identity has them."""
    vertices = judge.dataset.template.vertices.copy()
    with torch.inference_mode():
        members = judge.network.members(torch.from_numpy(z_id))
        vertices[ids] += members.displacement(torch.from_numpy(vertices[ids])).numpy()
    return vertices


def measured(judge: Judge, prompt: str, seed: int, measure: str) -> float:
    """A measure of the head that a prompt becomes."""
    vertices = moved(judge, latents_of(judge, prompt, seed).z_id, vertices_of(judge.places))
    return MEASURES[measure](vertices, judge.places)


def said(words: str, seed: int) -> str:
    """A whole prompt: words that begin with "=" as they are, others said of somebody."""
    return words[1:] if words.startswith("=") else CARRIERS[seed % len(CARRIERS)].format(words)


def ask_opposites(judge: Judge) -> list[Asked]:
    """Every pair of the suite, over the seeds."""
    answers = []
    for pair in tqdm(OPPOSITES, desc="opposites", mininterval=5):
        for number, (more, less) in enumerate(zip(pair.more, pair.less, strict=True)):
            found = [
                measured(judge, said(more, seed), seed, pair.measure)
                - measured(judge, said(less, seed), seed, pair.measure)
                for seed in SEEDS
            ]
            answers.append(Asked(pair.measure, more, less, number > 0, pair.amount, found))
    return answers


def pair_figures(pairs: list[Asked]) -> dict[str, float]:
    """Shares of pairs that obey by the stated amount: in the mean over the seeds, and seed by seed."""
    figures: dict[str, float] = {"pairs of opposites": len(pairs)}
    for label, chosen in (("", pairs), (", plain", [p for p in pairs if not p.unseen]),
                          (", unseen words", [p for p in pairs if p.unseen])):  # fmt: skip
        figures[f"opposites{label}: pairs, mean over seeds"] = float(
            np.mean([np.mean(pair.found) >= pair.amount for pair in chosen])
        )
        figures[f"opposites{label}: every seed counted"] = float(
            np.mean([value >= pair.amount for pair in chosen for value in pair.found])
        )
    return figures


def degree_figures(judge: Judge) -> dict[str, float]:
    """Share of graded shapes where "slightly" moves the measure less than the plain word, and "very" more."""
    ordered = []
    for pair in tqdm([p for p in OPPOSITES if p.graded], desc="degrees", mininterval=5):
        for words, sign in ((pair.more[0], 1), (pair.less[0], -1)):
            steps = [
                sign * np.mean([measured(judge, said(form, seed), seed, pair.measure) for seed in range(4)])
                for form in (graded(words, "slightly"), words, graded(words, "very"))
            ]
            ordered.append(steps[0] < steps[1] < steps[2])
    return {"degrees in order: slightly, plain, very": float(np.mean(ordered))}


def graded(words: str, degree: str) -> str:
    """The words with an adverb before the adjective: after the article, where there is one."""
    mark = "=" if words.startswith("=") else ""
    article, _, rest = words.removeprefix("=").partition(" ")
    if article in ("a", "an"):
        return f"{mark}a {degree} {rest}"
    return f"{mark}{degree} {article} {rest}"


def action_offsets(judge: Judge, z_exp: Floats, ids: Ints) -> Floats:
    """Displacements (P, 3) of the template vertices `ids` by an expression code."""
    network = judge.network
    strength = torch.from_numpy(z_exp)[network.action_index.long()][:, None]
    offsets = network.closing.index_add(0, network.action_vertex, network.action_offset * strength)
    return offsets.numpy()[ids]


def ask_expressions(judge: Judge) -> dict[tuple[str, str], list[str]]:
    """The named expression whose landmarks moved most alike, for every unseen wording, said of four people."""
    actions, table = judge.network.config.actions, judge.dataset.expressions.table
    ids = vertices_of(judge.places)
    known = {
        name: action_offsets(judge, np.array([weights.get(a, 0.0) for a in actions], np.float32), ids)
        for name, weights in table.items()
    }
    people = ("a man, {}", "an old woman with a big nose, {}", "a boy {}", "an african lady with short hair, {}")
    answers: dict[tuple[str, str], list[str]] = {}
    for name, phrases in EXPRESSIONS.items():
        for phrase in phrases:
            found = [action_offsets(judge, latents_of(judge, who.format(phrase), 0).z_exp, ids) for who in people]
            answers[name, phrase] = [
                min(known, key=lambda other: float(np.square(known[other] - offsets).sum())) for offsets in found
            ]
    return answers


def ask_hair(judge: Judge, asked: dict[str, tuple[str, ...]], block: str) -> dict[tuple[str, str], list[str]]:
    """Which style (its family) or beard the heads of every prompt wear, over the seeds; nothing is "bald" or ""."""
    return {
        (name, prompt): [worn(judge, latents_of(judge, prompt, seed).z_id, block) for seed in SEEDS]
        for name, prompts in asked.items()
        for prompt in prompts
    }


def worn(judge: Judge, z_id: Floats, block: str) -> str:
    """The family of the style ("hair"), or the beard ("beard"), that an identity code wears most of."""
    styles, beards = judge.network.config.styles, judge.network.config.beards
    end = len(z_id) - len(beards)
    names, shares = (beards, z_id[end:]) if block == "beard" else (styles, z_id[end - len(styles) : end])
    if not len(shares) or shares.max() < 0.5:
        return "" if block == "beard" else "bald"
    return names[int(shares.argmax())].rstrip("0123456789")


def composition_figures(judge: Judge) -> dict[str, float]:
    """Sentences of four attributes (gender, hair, two shapes): how many keep each. A shape is kept when it moves by its
    amount against the same sentence with the opposite word; gender likewise, by the neck."""
    rng = np.random.default_rng(7)
    shapes = [pair for pair in OPPOSITES if not pair.more[0].startswith("=")]
    kept: dict[str, list[bool]] = {"gender": [], "hair": [], "first shape": [], "second shape": []}
    for seed in tqdm(range(COMPOSITIONS), desc="compositions", mininterval=5):
        one, two = (shapes[k] for k in rng.choice(len(shapes), 2, replace=False))
        while one.measure == two.measure:
            two = shapes[rng.integers(len(shapes))]
        family, age = str(rng.choice(list(PLAIN_HAIR))), str(rng.choice(AGES))
        gender, other = ("man", "woman") if rng.random() < 0.5 else ("woman", "man")
        words = {"who": gender, "one": str(one.more[0]), "two": str(two.less[0])}

        def sentence(who: str, first: str, second: str, hair: str = PLAIN_HAIR[family], age: str = age) -> str:
            return f"{PEOPLE[who].format(age)} with {hair}, {first} and {second}, smiling"

        as_asked = sentence(words["who"], words["one"], words["two"])
        opposite_one = sentence(words["who"], one.less[0], words["two"])
        opposite_two = sentence(words["who"], words["one"], two.more[0])
        vertices = {text: head_of(judge, text, seed) for text in (as_asked, opposite_one, opposite_two)}
        changed = head_of(judge, sentence(other, words["one"], words["two"]), seed)
        neck = MEASURES["width of the neck"]
        wider = neck(vertices[as_asked], judge.places) - neck(changed, judge.places)
        kept["gender"].append(wider * (1 if gender == "man" else -1) >= MALE_NECK)
        kept["hair"].append(worn(judge, latents_of(judge, as_asked, seed).z_id, "hair") == family)
        kept["first shape"].append(moved_by(judge, one, vertices[as_asked], vertices[opposite_one]))
        kept["second shape"].append(moved_by(judge, two, vertices[opposite_two], vertices[as_asked]))
    return {f"composition of four keeps: {name}": float(np.mean(values)) for name, values in kept.items()}


def head_of(judge: Judge, prompt: str, seed: int) -> Floats:
    """Template vertices (V, 3), those in places being where the prompt's head has them."""
    return moved(judge, latents_of(judge, prompt, seed).z_id, vertices_of(judge.places))


def moved_by(judge: Judge, pair: Opposites, more: Floats, less: Floats) -> bool:
    """Whether a pair's measure is larger by its amount on one head than on the other."""
    measure = MEASURES[pair.measure]
    return measure(more, judge.places) - measure(less, judge.places) >= pair.amount


def diversity_figures(judge: Judge) -> dict[str, float]:
    """Mean distance of faces between 32 seeds of one prompt after rigid alignment, millimetres."""
    face = np.flatnonzero(judge.dataset.template.regions["face"])
    ids = face[:: max(1, len(face) // FACE_POINTS)].astype(np.int32)
    means = []
    for prompt in DIVERSE:
        heads = [moved(judge, latents_of(judge, prompt, seed).z_id, ids)[ids] for seed in range(32)]
        apart = [np.linalg.norm(aligned(a, b) - b, axis=1).mean() for a, b in combinations(heads, 2)]
        means.append(float(np.mean(apart)) * MILLIMETRES_PER_UNIT)
    return {
        "32 seeds: mean difference of faces, mm": float(np.mean(means)),
        "32 seeds: least of four prompts, mm": min(means),
    }


def aligned(points: Floats, target: Floats) -> Floats:
    """Points (N, 3) moved rigidly onto target (N, 3) as well as possible (Kabsch)."""
    middle, goal = points.mean(axis=0), target.mean(axis=0)
    u, _, v = np.linalg.svd((points - middle).T @ (target - goal))
    turn = u @ np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ v))]) @ v
    return np.asarray((points - middle) @ turn + goal, np.float32)


def disjoint_figures(judge: Judge) -> dict[str, float]:
    """Shares of changes of expression words that leave z_id bit-equal, and of identity words that leave z_exp so."""
    people = ("an old man with a big nose", "a young african woman with long hair", "a chubby boy with freckles",
              "a bearded man with a wide jaw", "an asian girl with a ponytail and big eyes")  # fmt: skip
    phrases = [phrase for group in EXPRESSIONS.values() for phrase in group[:2]]
    codes = {
        (who, phrase): latents_of(judge, f"{who}, {phrase}" if phrase else who, 3)
        for who, phrase in product(people, ["", *phrases])
    }
    same_id = [codes[who, p].z_id.tobytes() == codes[who, ""].z_id.tobytes() for who in people for p in phrases]
    same_exp = [
        codes[who, p].z_exp.tobytes() == codes[people[0], p].z_exp.tobytes() for who in people[1:] for p in phrases
    ]
    return {
        "z_id bit-equal when expression words change": float(np.mean(same_id)),
        "z_exp bit-equal when identity words change": float(np.mean(same_exp)),
    }
