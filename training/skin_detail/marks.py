"""Which words ask for freckles, scars and other marks: weights for the painter's token states, learnt from captions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.random import Generator
from torch.nn import functional

from clip_head.core.text import TextModel, encode_tokens
from clip_head.core.types import Floats
from clip_head.training.language.appearance_captions import ON_SKIN, SCAR_NAMES, TATTOO_NAMES, caption, skin_caption
from clip_head.training.language.expressions import draw_expression
from clip_head.training.language.hair import STYLES
from clip_head.training.language.people_phrases import phrases
from clip_head.training.language.sentences import draw_style
from clip_head.training.teacher.appearance import sample_appearance
from clip_head.training.teacher.dataset import Attributes

STEPS, RATE, DECAY = 600, 0.02, 1e-3
#: Kind of mark -> the field of an Appearance that has it, its value there, and what it is called.
SAID: dict[str, tuple[str, float | str, tuple[str, ...]]] = {
    **{kind: (kind, 1.0, ON_SKIN[kind]) for kind in ("freckles", "blemishes", "age_spots")},
    **{
        name: (subject, value, (SCAR_NAMES if subject == "scar" else TATTOO_NAMES)[value])
        for name, subject, value in (
            ("scar on the cheek", "scar", "cheek"),
            ("scar over the eye", "scar", "eye"),
            ("scar on the forehead", "scar", "forehead"),
            ("tattoo on the temple", "tattoo", "temple"),
            ("tattoo on the cheek", "tattoo", "cheek"),
            ("tear", "tattoo", "teardrop"),
            ("tattoo on the chin", "tattoo", "chin"),
        )
    },
}
#: What one calls somebody who has them.
MARKED = {
    "freckles": ("freckled", "freckly"),
    "blemishes": ("pimply", "spotty"),
    "age_spots": ("age-spotted",),
    "scar on the cheek": ("scarred", "scar-faced"),
    "tattoo on the temple": ("tattooed", "face-tattooed"),
}
#: What lies on the skin, or is of the same places, and is none of them.
UNMARKED = phrases(
    "a tear on the cheek; tears on the cheeks; a tear rolling down her cheek; a cut on the cheek; a bruise under the "
    "eye; a dimple in the chin; a cleft chin; high cheekbones; rosy cheeks; a wrinkled forehead; dirt on the cheek; "
    "sweat on the forehead; snow on the eyebrows; a hand on the chin; a bandage over the eye; a kiss on the cheek"
)
#: Captions whose tokens are worked out at a time.
_BATCH = 256


def fit_marking(
    text: TextModel, marks: Sequence[str], people: Sequence[Attributes], count: int, rng: Generator
) -> Floats:
    """(K, C + 1) weights for read_marks: logistic regression of what `count` captions speak of, each by its token that
    says most."""
    told, spoken_of = zip(
        *(draw_caption(people[int(rng.integers(len(people)))], rng) for _ in range(count)), strict=True
    )
    wanted = torch.tensor([[kind in kinds for kind in marks] for kinds in spoken_of]).float()
    parts = [encode_tokens(text, list(told[start : start + _BATCH])) for start in range(0, count, _BATCH)]
    states = torch.from_numpy(np.concatenate(parts))
    spoken = states.abs().sum(dim=2) > 0
    longest = int(spoken.sum(dim=1).max())
    states, spoken = states[:, :longest], spoken[:, :longest]
    torch.manual_seed(0)
    reading = torch.nn.Linear(states.shape[2], len(marks))
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


def draw_caption(person: Attributes, rng: Generator) -> tuple[str, set[str]]:
    """What one may say of a person, two times of three of one with marks; and the marks that it speaks of."""
    appearance = sample_appearance(person, rng, ("young_lightskinned_female",))
    if rng.random() < 0.67:
        kind = str(rng.choice(list(SAID)))
        if kind in MARKED and rng.random() < 0.25:
            return f"a {rng.choice(MARKED[kind])} {person.noun}", {kind}
        subject, value, _ = SAID[kind]
        worn: dict[str, Any] = {"material": "none", "make_up": "none", subject: value}
        appearance = replace(appearance, **worn)
    style = draw_style(person, (*STYLES, "bald"), rng)
    if rng.random() < 0.3:
        words = skin_caption(appearance, style, rng)
    else:
        words = caption(person, appearance, style, draw_expression(rng)[1] if rng.random() < 0.6 else "", rng)
    if rng.random() < 0.2:
        words = (
            f"{words}, {rng.choice(UNMARKED)}" if rng.random() < 0.5 else f"{person.noun} with {rng.choice(UNMARKED)}"
        )
    # Where a scar has a side, "a scar on the left cheek" is one on the cheek.
    plain = re.sub(r"\bthe (left|right)( of the)? ", "the ", words)
    return words, {
        kind
        for kind, (subject, value, ways) in SAID.items()
        if getattr(appearance, subject) == value or isinstance(value, float)
        if any(re.search(rf"\b{way.removeprefix('a ')}\b", plain) for way in ways)
    }
