"""Which words are told to be not understood: of known ones as few as possible, of untaught ones most.

    python -m training.evaluate understood

prints both rates at the shipped thresholds of core/text/understood.py, and the thresholds that name the most untaught
words while hardly any known one is named: they are to be put there after the mapping was trained.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from tqdm import tqdm

from clip_head.core.models import EMBEDDED
from clip_head.core.pipeline import Models, load_models, word_changes
from clip_head.core.text import split_prompt
from clip_head.core.text.split import words_of
from clip_head.core.text.understood import NOISE_EXP, NOISE_ID, is_stop_word
from clip_head.core.types import HeadRequest
from clip_head.training.engine.tables import load_table
from clip_head.training.prompt_adherence.suite import BEARDS, EXPRESSIONS, HAIR, OPPOSITES

#: Fraction of known words that may be named by mistake.
MOST_MISTAKES = 0.03
#: Thresholds that are tried: of z_id, and of z_exp.
TRIED_ID, TRIED_EXP = np.arange(2.0, 14.1, 0.25), np.arange(0.2, 1.55, 0.1)
#: Of whom untaught things are said.
CARRIERS = ("an old man with {}", "a young woman with {}", "a man with a big nose and {}, laughing")

#: The tables of understood.json.
_TABLE = load_table(Path(__file__).with_name("understood.json"), ("untaught", "names", "wholes"))


@dataclass(frozen=True)
class Readings:
    """How far the codes move without each word of some prompts.

    words: how many words were looked at.
    changes: (N, 2) of z_id and z_exp, for those N of them that training did not teach by themselves.
    """

    words: int
    changes: np.ndarray

    def named(self, of_id: float, of_exp: float) -> float:
        """The fraction of the words that is named with these thresholds."""
        return float(((self.changes[:, 0] <= of_id) & (self.changes[:, 1] <= of_exp)).sum() / self.words)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the evaluation."""
    parser.add_argument("--models", type=Path, default=EMBEDDED)


def run(args: argparse.Namespace) -> dict[str, float]:
    """Print the rates and the best thresholds.

    args: of add_arguments.
    """
    models = load_models(args.models)
    known = read(models, [(prompt, content_words(prompt)) for prompt in known_prompts()])
    untaught = read(models, untaught_prompts())
    of_id, of_exp = best_thresholds(known, untaught)
    figures = {
        "known words named by mistake": known.named(NOISE_ID, NOISE_EXP),
        "untaught words named": untaught.named(NOISE_ID, NOISE_EXP),
        "best NOISE_ID": of_id,
        "best NOISE_EXP": of_exp,
        "known words named by mistake, with the best": known.named(of_id, of_exp),
        "untaught words named, with the best": untaught.named(of_id, of_exp),
    }
    for name, value in figures.items():
        print(f"{name:<48} {value:.3f}")
    return figures


def known_prompts() -> list[str]:
    """Whole prompts of the suite: they ask for what heads can show, mostly in unseen words."""
    opposites = [words for o in OPPOSITES for contrast in o.contrasts for words in (contrast.more, contrast.less)]
    prompts = [words[1:] if words.startswith("=") else f"a man with {words}" for words in opposites]
    prompts += [prompt for table in (HAIR, BEARDS) for ways in table.values() for prompt in ways]
    return prompts + [f"an old woman, {words}" for ways in EXPRESSIONS.values() for words in ways]


def untaught_prompts() -> list[tuple[str, list[str]]]:
    """Prompts with things that no head can show, and the words that should be named."""
    prompts = [(carrier.format(thing), thing.split()[-1:]) for thing in _TABLE["untaught"] for carrier in CARRIERS]
    prompts += [(f"a man who looks like {name}", name.split()) for name in _TABLE["names"]]
    return prompts + [(prompt, [word]) for prompt, word in _TABLE["wholes"]]


def content_words(prompt: str) -> list[str]:
    """The words of a prompt that mean something by themselves, each once.

    prompt: in any case.
    """
    return list(dict.fromkeys(word.text for word in words_of(prompt) if not is_stop_word(word.text)))


def read(models: Models, prompts: Sequence[tuple[str, Sequence[str]]]) -> Readings:
    """How far the codes move without the words that count.

    models: loaded.
    prompts: prompts, and their words that count.
    """
    changes = []
    for prompt, words in tqdm(prompts, desc="prompts", mininterval=5):
        split = split_prompt(models.splitter, prompt)
        moved = word_changes(HeadRequest(prompt), split, models)
        changes += [change for word, change in moved.items() if word in words]
    count = sum(len(words) for _, words in prompts)
    return Readings(count, np.array(changes, np.float32).reshape(-1, 2))


def best_thresholds(known: Readings, untaught: Readings) -> tuple[float, float]:
    """The thresholds of z_id and z_exp that name the most untaught words, of those with at most MOST_MISTAKES; of
    equals the smallest.

    known, untaught: what was read.
    """
    tried = [(float(a), float(b)) for a, b in product(TRIED_ID, TRIED_EXP) if known.named(a, b) <= MOST_MISTAKES]
    if not tried:
        return float(TRIED_ID[0]), float(TRIED_EXP[0])
    return max(tried, key=lambda pair: (untaught.named(*pair), -pair[0], -pair[1]))
