"""Contrastive training with a small image tower on coloured squares: it learns, and goes on after an interruption."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from clip_head.training.text import contrastive
from clip_head.training.text.contrastive import Captioned, fit, retrieval

SIDE, WIDTH = 16, 12


class Text(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Linear(WIDTH, 16)


class Clip(nn.Module):
    """As much of an open_clip model as the training touches."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        pooled = (nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(64, 16))
        self.visual = nn.Sequential(nn.Conv2d(3, 16, 3, stride=2), nn.BatchNorm2d(16), nn.ReLU(), *pooled)
        self.visual.image_size = SIDE  # type: ignore[assignment]
        self.text = Text()
        self.logit_scale = nn.Parameter(torch.tensor(np.log(1 / 0.07)))


@pytest.fixture
def data() -> Captioned:
    """Squares whose colour their captions' states tell; one in four is held out."""
    rng = np.random.default_rng(0)
    colours = rng.uniform(0, 1, (80, 3))
    images = np.broadcast_to(colours[:, None, None] * 255, (80, SIDE, SIDE, 3)).astype(np.uint8)
    states = np.tile(colours - 0.5, 4)[:, None] * rng.choice([0.9, 1.1], (80, 2, 1))
    return Captioned(images, states.astype(np.float32), (np.arange(80) % 4 == 3).astype(np.int32))


def test_colours_are_retrieved_and_an_interrupted_run_ends_with_the_same_bits(
    data: Captioned,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    interruption: Callable[..., AbstractContextManager[None]],
) -> None:
    monkeypatch.setattr(contrastive, "CHECKPOINT_EVERY", 5)

    def train_in(name: str) -> Clip:
        clip = Clip()
        fit(clip, data, Namespace(work=tmp_path / name, steps=80, batch=24, seed=0, fresh=False), "cpu")
        return clip

    whole = train_in("whole")
    with interruption(23):
        train_in("resumed")
    resumed = train_in("resumed").state_dict()
    for name, tensor in whole.state_dict().items():
        assert torch.equal(resumed[name], tensor), name
    untrained = Clip().eval()
    assert torch.equal(whole.text.proj.weight, untrained.text.proj.weight), "the text tower stays"
    assert not torch.equal(whole.logit_scale, untrained.logit_scale)
    ten = "R@10 of 100, caption to render"
    assert retrieval(whole, data, "cpu")[ten] > 0.85 > 0.7 > retrieval(untrained, data, "cpu")[ten]
