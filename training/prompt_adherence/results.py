"""What the evaluation of prompt adherence found, how it is printed and kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clip_head.training.prompt_adherence.suite import Contrast

#: File of the results in the folder of the evaluation.
FILE = "obedience.json"
#: (what was asked for, in which words) -> what the heads show, per seed or carrier.
Answers = dict[tuple[str, str], list[str]]


@dataclass(frozen=True)
class OppositesResult:
    """How one pair of opposite prompts differed.

    measure: a key of MEASURES.
    contrast: the words for more and less.
    unseen: whether training never said them.
    amount: by how much the measure must differ.
    differences: by how much it did, per seed.
    """

    measure: str
    contrast: Contrast
    unseen: bool
    amount: float
    differences: list[float]


def print_failures(results: list[OppositesResult], answers: Mapping[str, Answers], count: int) -> None:
    """Print the opposites that differed least, and every wording that was taken for something else.

    results: of evaluate_opposites.
    answers: kind -> its answers.
    count: how many opposites.
    """
    for result in sorted(results, key=lambda result: np.mean(result.differences) / result.amount)[:count]:
        words = f"{result.contrast.more!r} / {result.contrast.less!r}"
        print(f"{np.mean(result.differences):7.2f} of {result.amount:5.2f}  {result.measure}: {words}")
    for table in answers.values():
        for (target, words), shown in table.items():
            wrong = [answer for answer in shown if answer != target]
            if wrong:
                print(f"{target:<24} {words!r} was {sorted(set(wrong))} {len(wrong)} times of {len(shown)}")


def write_results(
    path: Path, figures: dict[str, float], results: list[OppositesResult], answers: Mapping[str, Answers]
) -> None:
    """Write everything that was measured, as report/page.py reads it.

    path: the file.
    figures: name -> value.
    results: of evaluate_opposites.
    answers: kind -> its answers.
    """
    everything: dict[str, object] = {"figures": figures}
    everything["pairs"] = [
        {
            "measure": result.measure,
            "more": result.contrast.more,
            "less": result.contrast.less,
            "unseen": result.unseen,
            "amount": result.amount,
            "found": result.differences,
        }
        for result in results
    ]
    for kind, table in answers.items():
        everything[kind] = [
            {"asked": target, "words": words, "found": shown} for (target, words), shown in table.items()
        ]
    path.write_text(json.dumps(everything, indent=1) + "\n", encoding="utf-8")
