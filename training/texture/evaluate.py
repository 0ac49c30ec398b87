"""Whether the painter does what the words say, on heads held out of its training.

    python -m training.evaluate texture --assets MAKEHUMAN --prompts 200

Each prompt names a few attributes of one held-out head: skin tone, hair, eyes, lips, beard, make-up or material. The
teacher colours the same head with every kind of an attribute; what was painted counts as that kind whose colouring it
is nearest to, where these colourings differ. So a wrong kind, or a right one at the wrong place, is a miss. Written to
--out: every picture beside the teacher's, and a page to look through; the figures go into the model's model.json.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from PIL import Image
from skimage.color import rgb2lab
from tqdm import tqdm

from clip_head.core.models import EMBEDDED
from clip_head.core.text import TextModel, load_text_model
from clip_head.core.texture.albedo.canonical import load_canonical
from clip_head.core.texture.painter.load import load_painter
from clip_head.core.texture.painter.paint import Painter, paint_albedo
from clip_head.core.types import Bytes, Floats, UVMaps
from clip_head.training.language import appearance_captions as captions
from clip_head.training.skins.assets import SkinAssets, load_assets
from clip_head.training.skins.bake import BakeTarget, bake_albedo, load_decoder
from clip_head.training.teacher.appearance import HAIR, TONES, Appearance, sample_appearance
from clip_head.training.teacher.dataset import Attributes, TeacherDataset, load_teacher, train_indices
from clip_head.training.texture.model import describe_painter
from clip_head.training.texture.picture_statistics import frechet, sharpness

#: Attribute of an Appearance -> its kinds, with the names of each.
NAMES: dict[str, Mapping[str, tuple[str, ...]]] = {
    "tone": captions.TONE_NAMES,
    "hair": captions.HAIR_NAMES,
    "eyes": captions.EYE_NAMES,
    "lips": captions.LIP_NAMES,
    "beard": captions.BEARD_NAMES,
    "make_up": captions.MAKE_UP_NAMES,
    "material": captions.MATERIAL_NAMES,
}
#: The largest error of a skin tone that counts as right, in CIE Lab (1976).
TONE_ERROR = 6.0
#: Side of the pictures in which kinds are compared, pixels.
SMALL = 128
#: Seeds whose pictures for the same prompt are compared, and the side of these pictures, pixels.
SEEDS, SEED_SIZE = 8, 128
#: Hair colours that lie less apart than this, in CIE Lab (1976), count as the same.
HAIR_DISTANCE = 14.0
#: Texels count where the teacher's colourings of the kinds differ by more than this fraction of the most.
DIFFERING = 0.3
#: The seed of question N is (QUESTION_SEED, N).
QUESTION_SEED = 7


@dataclass(frozen=True)
class Question:
    """A prompt, and the colours that it asks for on one head.

    prompt: the words.
    appearance: the colours; what the prompt does not name is as usual.
    asked: attribute that the prompt names -> the kinds that its word may mean ("light skin" is fair or light).
    control: maps of the head in the canonical UV.
    """

    prompt: str
    appearance: Appearance
    asked: Mapping[str, tuple[str, ...]]
    control: UVMaps


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the evaluation."""
    parser.add_argument("--weights", type=Path, default=EMBEDDED / "texture")
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text")
    parser.add_argument("--nphm", type=Path, default=EMBEDDED / "nphm")
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--assets", type=Path, required=True, help="folder of the CC0 MakeHuman assets")
    parser.add_argument("--prompts", type=int, default=200)
    parser.add_argument("--out", type=Path, default=Path("out/evaluation/texture"))


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Print the figures, write the page, and keep the figures in the folder's model.json.

    args: of add_arguments.
    """
    exam = write_exam(args)
    painter = exam.painter
    figures, pictures, verdicts = examine(exam, painter)
    figures |= {
        "seeds_differ_lab": round(diversity(painter, exam.questions[: 3 * len(NAMES) : len(NAMES)]), 2),
        "prompts": args.prompts,
    }
    write_page(args.out, exam.questions, pictures, exam.targets, verdicts, figures)
    print(figures)
    describe_painter(args.weights, painter.card.source, figures)
    return figures


@dataclass(frozen=True)
class Exam:
    """Questions for a painter, and what its answers are measured with.

    painter: to be evaluated.
    text: the text model.
    assets: the teacher's textures.
    small: the canonical UV at the size of the comparison.
    questions: N of them.
    targets: N pictures (S, S, 3), the teacher's.
    """

    painter: Painter
    text: TextModel
    assets: SkinAssets
    small: BakeTarget
    questions: list[Question]
    targets: list[Bytes]


def write_exam(args: argparse.Namespace) -> Exam:
    """The painter in args.weights, and args.prompts questions on heads held out of its training.

    args: of the evaluation.
    """
    text = load_text_model(args.text)
    painter = load_painter(args.weights, text)
    canonical = load_canonical(args.weights)
    if canonical is None:
        raise SystemExit(f"{args.weights} has no canonical head to lay the teacher's colours on.")
    dataset = load_teacher(args.teacher)
    assets = load_assets(args.assets, dataset.template)
    decoder = load_decoder(args.nphm, dataset)
    held_out = np.setdiff1d(np.arange(len(dataset.attributes)), train_indices(dataset))
    small, full = (BakeTarget(canonical, dataset.template, size) for size in (SMALL, painter.size))
    questions = []
    for number in range(args.prompts):
        rng = np.random.default_rng((QUESTION_SEED, number))
        index = int(rng.choice(held_out))
        control = canonical.control(decoder.place(index, canonical.points), painter.size)
        questions.append(ask(dataset, assets, index, list(NAMES)[number % len(NAMES)], control, rng))
    targets = [bake_albedo(assets, question.appearance, full.points, full.mask) for question in questions]
    return Exam(painter, text, assets, small, questions, targets)


def examine(exam: Exam, painter: Painter) -> tuple[dict[str, float], list[Bytes], list[list[Verdict]]]:
    """Figures, pictures and verdicts of a painter.

    exam: the questions.
    painter: the exam's own, perhaps with other settings.
    """
    questions = tqdm(exam.questions, desc="painting", mininterval=10)
    pictures = [paint_albedo(painter, q.control, q.prompt, number, painter.size) for number, q in enumerate(questions)]
    questions = tqdm(exam.questions, desc="judging", mininterval=10)
    verdicts = [judge(exam.assets, exam.small, q, picture) for q, picture in zip(questions, pictures, strict=True)]
    figures = {
        **summary(verdicts),
        "sharpness_of_teachers": round(sharpness(pictures) / sharpness(exam.targets), 3),
        "tower_frechet_distance": round(frechet(exam.text, pictures, exam.targets), 4),
    }
    return figures, pictures, verdicts


def ask(
    dataset: TeacherDataset, assets: SkinAssets, index: int, attribute: str, control: UVMaps, rng: Generator
) -> Question:
    """A prompt for one head that names one attribute, and with it hair or skin where they show.

    dataset, assets: the teacher's heads and textures.
    index: of the head.
    attribute: to be named; another one where the person has no such.
    control: maps of the head in the canonical UV.
    rng: of the draws.
    """
    person = dataset.attributes[index]
    while True:
        appearance = sample_appearance(person, rng, assets.names)
        own_colours = appearance.material == "none" and appearance.make_up == "none"
        has_name = own_colours and getattr(appearance, attribute) in NAMES[attribute]
        if not has_name and attribute in ("tone", "hair", "eyes"):
            continue  # draw again
        kinds = [kind for kind in NAMES[attribute] if suits(person, attribute, kind)]
        if not kinds:
            attribute = "hair"
            continue
        if attribute not in ("tone", "hair", "eyes"):
            appearance = replace(appearance, material="none", make_up="none")
            appearance = as_kind(appearance, attribute, str(rng.choice(kinds)))
        break
    attributes = [attribute]
    if attribute != "material":
        attributes += [name for name in ("hair", "tone") if name != attribute and attribute != "make_up"]
    appearance = replace(appearance, undertone="neutral", shade=(0.0, 0.0, 0.0), hair_shade=(0.0, 0.0, 0.0))
    # What is seldom on a face is there only where the prompt names it.
    usual: dict[str, Any] = {"scar": "none", "tattoo": "none", "lips": "natural", "beard": "none"}
    appearance = replace(appearance, **{name: kind for name, kind in usual.items() if name != attribute})
    attributes = [name for name in attributes if getattr(appearance, name) in NAMES[name]]
    words = {name: str(rng.choice(NAMES[name][getattr(appearance, name)])) for name in attributes}
    asked = {name: tuple(kind for kind, names in NAMES[name].items() if word in names) for name, word in words.items()}
    if attribute == "material":
        return Question(words[attribute], appearance, asked, control)
    phrases = [f"{word} {name}" if name in ("hair", "eyes") else word for name, word in words.items()]
    who = " ".join(word for word in (person.age_word, person.noun) if word)
    return Question(f"{article(who)} {who} with {' and '.join(phrases)}", appearance, asked, control)


def as_kind(appearance: Appearance, attribute: str, kind: str) -> Appearance:
    """The same colours but for one attribute.

    appearance: the colours.
    attribute: the field that is changed.
    kind: its new value.
    """
    change: dict[str, Any] = {attribute: kind}
    return replace(appearance, **change)


def suits(person: Attributes, attribute: str, kind: str) -> bool:
    """Whether one would ask for this on this person: beards on grown men, lipstick and make-up on the grown.

    person: the one.
    attribute: a key of NAMES.
    kind: one of its kinds.
    """
    if kind in ("none", "natural") and attribute != "make_up":
        return False
    if attribute == "beard":
        return person.gender < 0.5 and person.age > 20
    return attribute not in ("lips", "make_up") or person.age > 16


def article(words: str) -> str:
    """The article, "a" or "an", before words."""
    return "an" if words[:1] in "aeiou" else "a"


@dataclass(frozen=True)
class Verdict:
    """What a painted picture shows of an attribute.

    attribute: a key of NAMES.
    asked: the kinds that the prompt's word may mean.
    shown: the kind whose colouring the picture is nearest to.
    error: mean difference, in CIE Lab (1976), from the nearest of the asked kinds or a colour between two of them, over
        the texels where kinds differ.
    """

    attribute: str
    asked: tuple[str, ...]
    shown: str
    error: float

    @property
    def right(self) -> bool:
        """Tones count by their error, all else by what is nearest."""
        return self.error <= TONE_ERROR if self.attribute == "tone" else self.shown in self.asked


def judge(assets: SkinAssets, ground: BakeTarget, question: Question, picture: Bytes) -> list[Verdict]:
    """What a picture shows of every attribute that was asked for. Prompts for make-up leave the skin's tone open: there
    the picture is compared with every kind on every tone.

    assets: the teacher's textures.
    ground: the canonical UV at the size of the comparison.
    question: the prompt.
    picture: (H, W, 3).
    """
    painted = lab_of(np.asarray(Image.fromarray(picture).resize((ground.size,) * 2, Image.Resampling.BOX)), ground)
    verdicts = []
    for attribute, asked in question.asked.items():
        kinds = list(dict.fromkeys([*asked, *alternatives(attribute)]))
        tones = TONES if attribute == "make_up" else (question.appearance.tone,)
        people = [replace(question.appearance, tone=tone) for tone in tones]
        colourings = [[as_kind(person, attribute, kind) for person in people] for kind in kinds]
        labs = np.stack(  # (kinds, tones, N, 3)
            [
                [lab_of(bake_albedo(assets, colours, ground.points, ground.mask), ground) for colours in row]
                for row in colourings
            ]
        )
        weight = labs.std(axis=0).mean(axis=(0, 2))
        weight = np.where(weight > DIFFERING * weight.max(), weight, 0)
        distance = np.average(np.linalg.norm(labs - painted, axis=3), axis=2, weights=weight).min(axis=1)
        mean_errors = np.average(painted - labs[: len(asked)], axis=2, weights=weight)
        error = min(least_error(mean_errors[:, k]) for k in range(len(people)))
        verdicts.append(Verdict(attribute, asked, kinds[int(distance.argmin())], error))
    return verdicts


def least_error(errors: Floats) -> float:
    """The smallest error, in CIE Lab, to one of the kinds that a word may mean, or to a colour between two neighbours:
    "dark skin" is brown, dark, and all that lies between.

    errors: (K, 3) differences from the K kinds, in their order.
    """
    least = float(np.linalg.norm(errors, axis=1).min())
    for error, next_error in pairwise(errors):
        step = next_error - error
        fraction = np.clip(-(error @ step) / max(float(step @ step), 1e-9), 0, 1)
        least = min(least, float(np.linalg.norm(error + fraction * step)))
    return least


def alternatives(attribute: str) -> list[str]:
    """The kinds that a picture is compared with, one of each colour: shades of a colour count as the same.

    attribute: a key of NAMES.
    """
    if attribute == "hair":
        return apart(
            {name: np.asarray(rgb2lab(np.array([[colour]])))[0, 0] for name, colour in HAIR.items()}, HAIR_DISTANCE
        )
    if attribute == "tone":
        return apart({name: np.array(tone) for name, tone in TONES.items()}, 2 * TONE_ERROR)
    if attribute == "eyes":
        return ["blue", "brown", "green", "grey"]
    extra = ["natural"] if attribute == "lips" else ["none"]
    return [*extra, *(kind for kind in NAMES[attribute] if kind not in extra)]


def apart(labs: Mapping[str, np.ndarray], least: float) -> list[str]:
    """Names of which no two colours are nearer to each other than a distance; of nearer ones the first.

    labs: name -> (3,) CIE Lab.
    least: the distance (CIE 1976).
    """
    chosen: list[str] = []
    for name, lab in labs.items():
        if all(np.linalg.norm(lab - labs[other]) >= least for other in chosen):
            chosen.append(name)
    return chosen


def lab_of(picture: Bytes, ground: BakeTarget) -> Floats:
    """(N, 3) CIE Lab of the texels in the chart.

    picture: (S, S, 3) sRGB bytes.
    ground: the canonical UV at that size, with N texels in its chart.
    """
    return np.asarray(rgb2lab(picture / 255), np.float32)[ground.mask]


def summary(verdicts: list[list[Verdict]]) -> dict[str, float]:
    """Fraction of the asked attributes that are right, by attribute, and the median error of skin tones.

    verdicts: of each picture.
    """
    flat = [verdict for of_picture in verdicts for verdict in of_picture]
    fractions = {
        f"{name}_right": round(float(np.mean([verdict.right for verdict in flat if verdict.attribute == name])), 3)
        for name in NAMES
        if any(verdict.attribute == name for verdict in flat)
    }
    tones = [verdict.error for verdict in flat if verdict.attribute == "tone"]
    return fractions | ({"tone_error_lab": round(float(np.median(tones)), 2)} if tones else {})


def diversity(painter: Painter, questions: list[Question]) -> float:
    """Mean difference of two seeds' pictures for the same prompt, CIE Lab (1976).

    painter: paints them.
    questions: whose prompts are painted.
    """
    differences = []
    for question in questions:
        labs = np.stack(
            [
                rgb2lab(paint_albedo(painter, question.control, question.prompt, k, SEED_SIZE) / 255)
                for k in range(SEEDS)
            ]
        )
        differences.append(np.linalg.norm(labs[1:] - labs[:-1], axis=-1).mean())
    return float(np.mean(differences))


def write_page(
    folder: Path,
    questions: list[Question],
    pictures: list[Bytes],
    targets: list[Bytes],
    verdicts: list[list[Verdict]],
    figures: Mapping[str, float],
) -> None:
    """Write index.html: every painted picture beside the teacher's, with what was asked and what it shows.

    folder: to write to.
    questions, pictures, targets, verdicts: N of each.
    figures: name -> value, for the table at the top.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number, (question, picture, target, of_picture) in enumerate(
        zip(questions, pictures, targets, verdicts, strict=True)
    ):
        both = np.concatenate([picture, target], axis=1)
        Image.fromarray(both).resize((512, 256), Image.Resampling.BOX).save(folder / f"{number:03d}.jpg", quality=88)
        results = "; ".join(
            f"{v.attribute}: {' or '.join(v.asked)} {'✓' if v.right else f'✗ {v.shown}'} ({v.error:.0f})"
            for v in of_picture
        )
        rows.append(
            f'<figure><img src="{number:03d}.jpg"><figcaption><b>{escape(question.prompt)}</b><br>{escape(results)}'
            "</figcaption></figure>"
        )
    head = "".join(f"<tr><td>{escape(name)}</td><td>{value}</td></tr>" for name, value in figures.items())
    style = "body{font:14px sans-serif} figure{display:inline-block;width:512px;margin:8px;vertical-align:top}"
    page = (
        f"<!doctype html><meta charset='utf-8'><title>Painted and target</title><style>{style}</style>"
        f"<h1>Painted (left) and the teacher's (right)</h1><table>{head}</table>{''.join(rows)}"
    )
    (folder / "index.html").write_text(page, encoding="utf-8")
