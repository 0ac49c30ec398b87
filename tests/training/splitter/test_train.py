"""The splitter's training: labelled sentences, and a small run of the whole stage."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from clip_head.core.models import EMBEDDED
from clip_head.core.text import load_text_model
from clip_head.core.text.split import WordJudge, load_splitter
from clip_head.training.__main__ import main as train
from clip_head.training.language.expressions import HELD_OUT
from clip_head.training.splitter import train as splitter

pytestmark = pytest.mark.slow

SENTENCES = 14


def test_labels_lie_on_the_words_that_they_are_about() -> None:
    rng = np.random.default_rng(0)
    sentences = [splitter.labelled_sentence(rng) for _ in range(400)]
    subjects = [[subject for _, _, subject in sentence.spans] for sentence in sentences]
    assert sum(splitter.EXPRESSION in some for some in subjects) > 100
    assert sum(splitter.LOOKS in some for some in subjects) > 100
    assert sum(not some for some in subjects) > 10
    for sentence in sentences:
        places = sorted((start, end) for start, end, _ in sentence.spans)
        assert all(end <= start for (_, end), (start, _) in pairwise(places))
        for start, end in places:
            words = sentence.text[start:end]
            assert words == words.strip() != ""
            assert (start == 0 or not sentence.text[start - 1].isalnum()) and not sentence.text[end : end + 1].isalnum()


def test_a_phrase_is_where_it_is_said_to_be() -> None:
    rng = np.random.default_rng(0)
    for phrase in ("smiling", "with a broad grin"):
        for _ in range(50):
            sentence, (start, end) = splitter.place_phrase("an old man with a beard, bald", phrase, rng)
            assert sentence[start:end].endswith(phrase)
    assert splitter.place_phrase("an old man", "", rng) == ("an old man", (0, 0))


def test_what_is_held_out_is_not_trained_on() -> None:
    rng = np.random.default_rng(0)
    phrases = [
        sentence.text[start:end]
        for sentence in (splitter.labelled_sentence(rng) for _ in range(500))
        for start, end, subject in sentence.spans
        if subject == splitter.EXPRESSION
    ]
    assert not HELD_OUT & set(phrases)
    assert not set(splitter.ADJECTIVES) & HELD_OUT


def test_a_small_run_learns_its_sentences_and_goes_on_after_an_interruption(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interruption: Callable[..., AbstractContextManager[None]]
) -> None:
    monkeypatch.setattr(splitter, "EVALUATED", 2)
    arguments = ["splitter", "--sentences", str(SENTENCES), "--rounds", "8", "--out"]
    with interruption(3):
        train([*arguments, str(tmp_path / "resumed")])
    assert (tmp_path / "resumed" / "checkpoint.pt").is_file()
    for folder in ("resumed", "whole"):
        train([*arguments, str(tmp_path / folder)])
    resumed, whole = ((tmp_path / folder / splitter.WEIGHTS).read_bytes() for folder in ("resumed", "whole"))
    assert resumed == whole
    assert sorted(path.name for path in (tmp_path / "resumed").iterdir()) == ["model.json", splitter.WEIGHTS]

    text = load_text_model(EMBEDDED / "text")
    rng = np.random.default_rng([0, 11])
    (batch,) = splitter.word_examples(text, [splitter.labelled_sentence(rng) for _ in range(SENTENCES)])

    def loss(network: WordJudge) -> float:
        with torch.no_grad():
            scores = network.eval()(batch.states.float(), batch.mask, batch.token_weights, batch.phrases.float())
            labels = batch.labels.flatten()
            return float(functional.cross_entropy(scores.flatten(0, 1), labels, ignore_index=splitter.NO_WORD))

    torch.manual_seed(0)
    assert loss(load_splitter(tmp_path / "whole", text).network) < 0.8 * loss(WordJudge(text))
