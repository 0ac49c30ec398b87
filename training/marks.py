"""Which words ask for freckles, pimples, age spots: weights for the painter's token states, learnt from captions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.random import Generator
from torch.nn import functional

from clip_head.core.text import TextModel, encode_tokens
from clip_head.core.texture.marks import MARKS
from clip_head.core.types import Floats
from clip_head.training.captions import ON_SKIN, caption, skin_caption
from clip_head.training.skins.appearance import sample_appearance
from clip_head.training.teacher.dataset import Attributes
from clip_head.training.words_expressions import draw_expression
from clip_head.training.words_hair import STYLES
from clip_head.training.words_people import draw_style

STEPS, RATE, DECAY = 600, 0.02, 1e-3
#: What one calls somebody who has them.
MARKED = {"freckles": ("freckled", "freckly"), "blemishes": ("pimply", "spotty"), "age_spots": ("age-spotted",)}
#: Captions whose tokens are worked out at a time.
_BATCH = 256


def fit_marking(text: TextModel, people: Sequence[Attributes], count: int, rng: Generator) -> Floats:
    """(K, C + 1) weights for read_marks: logistic regression of what `count` captions speak of, each by its token that
    says most."""
    told = [draw_caption(people[int(rng.integers(len(people)))], rng) for _ in range(count)]
    ways = [(*ON_SKIN[kind], *MARKED[kind]) for kind in MARKS]
    wanted = torch.tensor([[any(way in words for way in said) for said in ways] for words in told]).float()
    parts = [encode_tokens(text, told[start : start + _BATCH]) for start in range(0, count, _BATCH)]
    states = torch.from_numpy(np.concatenate(parts))
    spoken = states.abs().sum(dim=2) > 0
    longest = int(spoken.sum(dim=1).max())
    states, spoken = states[:, :longest], spoken[:, :longest]
    torch.manual_seed(0)
    reading = torch.nn.Linear(states.shape[2], len(MARKS))
    optimiser = torch.optim.AdamW(reading.parameters(), RATE, weight_decay=DECAY)
    for _ in range(STEPS):
        rows = torch.randint(count, (_BATCH,))
        score = reading(states[rows]).masked_fill(~spoken[rows, :, None], -1e4).amax(dim=1)
        loss = functional.binary_cross_entropy_with_logits(score, wanted[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    weights = torch.cat([reading.weight, reading.bias[:, None]], dim=1)
    return np.asarray(weights.detach().numpy(), np.float32)


def draw_caption(person: Attributes, rng: Generator) -> str:
    """What one may say of a person, every other time of one with marks."""
    appearance = sample_appearance(person, rng, ("young_lightskinned_female",))
    if rng.random() < 0.5:
        kind = str(rng.choice(list(MARKS)))
        if rng.random() < 0.2:
            return f"a {rng.choice(MARKED[kind])} {person.noun}"
        worn: dict[str, Any] = {kind: 1.0}
        appearance = replace(appearance, **worn)
    style = draw_style(person, (*STYLES, "bald"), rng)
    if rng.random() < 0.3:
        return skin_caption(appearance, style, rng)
    return caption(person, appearance, style, draw_expression(rng)[1] if rng.random() < 0.6 else "", rng)
