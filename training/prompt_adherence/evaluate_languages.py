"""Are prompts of other languages, and prompts with typing errors, understood as their English ones are?

    python -m training.evaluate languages

Each sentence of the suite becomes codes in English and in every language, the pipeline's own way; a translation is
understood where its code lies near that of its English sentence, measured by how far the codes of the suite lie apart.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from clip_head.core.models import EMBEDDED
from clip_head.core.pipeline import Models, load_models, read_words
from clip_head.core.types import Floats, HeadRequest
from clip_head.training.prompt_adherence.evaluate import CARRIERS as PARTS
from clip_head.training.prompt_adherence.evaluate import EXPRESSION_CARRIERS
from clip_head.training.prompt_adherence.languages import CARRIERS, TYPING_ERRORS, prompt_in, suite_words

#: A code is near another where they differ by less than this part of the mean distance of all codes from their mean.
NEAR = 0.5
#: File of the figures.
FILE = "languages.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the evaluation."""
    parser.add_argument("--models", type=Path, default=EMBEDDED)
    parser.add_argument("--languages", nargs="+", choices=sorted(CARRIERS), default=sorted(CARRIERS))
    parser.add_argument("--every", type=int, default=1, help="of how many sentences one is asked")
    parser.add_argument("--out", type=Path, default=Path("out/evaluation"), help=f"folder for {FILE}")


def run(args: argparse.Namespace) -> dict[str, float]:
    """Print the figures, and write them to args.out."""
    models = load_models(args.models)
    figures = {f"understood, {name}": share for name, share in shares(models, args.languages, args.every).items()}
    typed, meant = list(TYPING_ERRORS)[:: args.every], list(TYPING_ERRORS.values())[:: args.every]
    figures["understood, typing errors"] = float(np.mean(near(codes(models, typed, 0), codes(models, meant, 0))))
    for name, value in figures.items():
        print(f"{name:<40} {value:.3f}")
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / FILE).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return figures


def shares(models: Models, languages: Sequence[str], every: int = 1) -> dict[str, float]:
    """For each language the fraction of the suite's sentences that is understood.

    models: loaded.
    languages: codes of CARRIERS.
    every: of how many sentences one is asked.
    """
    asked = {kind: words[::every] for kind, words in suite_words().items()}
    english = {"parts": PARTS, "expressions": EXPRESSION_CARRIERS}
    meant = {
        kind: codes(models, [prompt_in("en", each, english) for each in words], number)
        for number, (kind, words) in enumerate(asked.items())
    }
    result = {}
    for language in tqdm(languages, desc="languages", mininterval=5):
        understood: list[bool] = []
        for number, (kind, words) in enumerate(asked.items()):
            prompts = [prompt_in(language, each, CARRIERS[language]) for each in words]
            understood += near(codes(models, prompts, number), meant[kind])
        result[language] = float(np.mean(understood))
    return result


def codes(models: Models, prompts: Sequence[str], number: int) -> Floats:
    """Of each prompt, z_id (number 0) or z_exp (number 1) of the mean head of its words (N, D)."""
    latents = [read_words(HeadRequest(prompt, variation=0.0), models) for prompt in prompts]
    return np.stack([(each.z_id, each.z_exp)[number] for each in latents])


def near(said: Floats, meant: Floats) -> list[bool]:
    """Whether each code lies near the one that was meant.

    said, meant: (N, D) codes of N sentences.
    """
    spread = np.linalg.norm(meant - meant.mean(axis=0), axis=1).mean()
    return [bool(distance < NEAR * spread) for distance in np.linalg.norm(said - meant, axis=1)]
