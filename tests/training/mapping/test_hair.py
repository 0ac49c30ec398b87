"""MLP_hair: what its captions ask for, and that it learns them."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pytest
import torch

from clip_head.core.mapping.hair import load_hair_mapping
from clip_head.core.models import EMBEDDED
from clip_head.core.text import load_text_model
from clip_head.training.language.grooms import HELD_OUT
from clip_head.training.mapping import hair
from clip_head.training.mapping.hair_captions import (
    DEGREES,
    GROOMS,
    KINDS,
    draw_captions,
    draw_hair,
    one_of,
    worn,
)
from clip_head.training.teacher.identities import describe


def test_probabilities_sum_to_one_and_none_is_the_last() -> None:
    assert one_of("hair", "bald")[-1] == 1.0
    assert one_of("beard", "none")[-1] == 1.0
    short = one_of("hair", "short")
    assert (short > 0).sum() > 1 and short.sum() == pytest.approx(1.0)


def test_people_wear_what_suits_them_and_any_style_at_times() -> None:
    thirds = {"african": 1 / 3, "asian": 1 / 3, "caucasian": 1 / 3}
    man, woman, girl = (worn(describe(g, a, thirds, 0.5, {})) for g, a in ((0.0, 40), (1.0, 40), (1.0, 8)))
    for probabilities in (man, woman, girl):
        assert probabilities.sum() == pytest.approx(1.0, abs=1e-5) and probabilities.min() > 0
    names = [*GROOMS["hair"], "bald"]
    assert man[names.index("crewcut")] > 10 * woman[names.index("crewcut")]
    assert woman[names.index("pixie")] > 10 * man[names.index("pixie")]
    assert man[-1] > girl[-1]


def test_captions_say_what_they_ask_for() -> None:
    wearers, sayings = draw_captions(30, 300, 0)
    assert {one.kind for one in wearers} == {one.kind for one in sayings} == set(KINDS)
    for one in sayings:
        assert one.text and one.degrees.shape == (len(DEGREES),)
        assert np.abs(one.degrees).max() <= 1
        if one.styles is not None:
            assert one.styles.sum() == pytest.approx(1.0) and len(one.styles) == len(GROOMS[one.kind]) + 1
    messy = [one for one in sayings if "messy" in one.text and one.kind == "hair" and "less" not in one.text]
    assert messy and all(one.degrees[DEGREES.index("messiness")] > 0.2 for one in messy)
    left = [one for one in sayings if "parted on the left" in one.text]
    assert all(one.part is not None and one.part > 0 for one in left)


def test_held_out_phrases_are_not_said_in_training() -> None:
    rng = np.random.default_rng(3)
    for _ in range(400):
        words, _ = draw_hair(rng)
        assert not [phrase for phrase in HELD_OUT if words.endswith(f"with {phrase}")]


def test_draws_are_the_seeds() -> None:
    (_, one), (_, same), (_, other) = (draw_captions(2, 20, seed) for seed in (0, 0, 1))
    assert [saying.text for saying in one] == [saying.text for saying in same] != [saying.text for saying in other]


@pytest.mark.slow(minutes=1)
def test_a_short_training_writes_a_folder_that_loads_and_has_learnt(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    hair.add_arguments(parser)
    places = ["--work", str(tmp_path / "work"), "--out", str(tmp_path / "hair")]
    args = parser.parse_args(["--people", "30", "--sayings", "200", "--steps", "60", *places])
    hair.run(args)
    text = load_text_model(EMBEDDED / "text")
    mapping = load_hair_mapping(tmp_path / "hair", 512)
    assert mapping.names == {kind: tuple(names) for kind, names in GROOMS.items()}
    assert not list((tmp_path / "work").glob("*_checkpoint.pt"))
    wearers, sayings = draw_captions(30, 200, 0)
    rows = hair.embedded(tmp_path / "work", text, [*(one.text for one in wearers), *(one.text for one in sayings)])
    examples = hair.examples_of("brows", wearers, sayings, rows)
    torch.manual_seed(0)
    inputs, _, what = hair.paired(examples, 64, silent=0.0)
    start = len(GROOMS["hair"]) + len(GROOMS["beard"])
    with torch.inference_mode():
        scores = mapping.networks[0](inputs)[:, start : start + len(GROOMS["brows"])]
    whole = torch.cat([scores, torch.zeros(64, 1)], dim=1)
    right = (whole.argmax(dim=1) == examples.styles[what].argmax(dim=1)).float().mean()
    assert right > 0.4, "one in seven by chance"
