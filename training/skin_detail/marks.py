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
from clip_head.training.engine.optimise import Schedule, optimise
from clip_head.training.language.appearance_captions import ON_SKIN, SCAR_NAMES, TATTOO_NAMES, caption, skin_caption
from clip_head.training.language.expressions import draw_expression
from clip_head.training.language.hair import STYLES
from clip_head.training.language.sentences import draw_style
from clip_head.training.teacher.appearance import sample_appearance
from clip_head.training.teacher.dataset import Attributes

#: Steps of the logistic regression, a few seconds; AdamW's learning rate and weight decay.
STEPS, LEARNING_RATE, WEIGHT_DECAY = 600, 0.02, 1e-3
#: Captions in a step, and in a pass of the text tower.
BATCH = 256
#: Score of padding, far below any token's.
PADDING_SCORE = -1e4
#: Kind of mark -> the field of an Appearance that has it, its value there, and its names.
NAMES_OF_MARKS: dict[str, tuple[str, float | str, tuple[str, ...]]] = {
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
#: Kind of mark -> adjectives for somebody who has it.
MARKED_ADJECTIVES = {
    "freckles": ("freckled", "freckly"),
    "blemishes": ("pimply", "spotty"),
    "age_spots": ("age-spotted",),
    "scar on the cheek": ("scarred", "scar-faced"),
    "tattoo on the temple": ("tattooed", "face-tattooed"),
}
#: Phrases that are about none of the marks, though about the skin or the same places of the face.
OTHER_PHRASES = (
    "a tear on the cheek", "tears on the cheeks", "a tear rolling down her cheek", "a cut on the cheek",
    "a bruise under the eye", "a dimple in the chin", "a cleft chin", "high cheekbones", "rosy cheeks",
    "a wrinkled forehead", "dirt on the cheek", "sweat on the forehead", "snow on the eyebrows", "a hand on the chin",
    "a bandage over the eye", "a kiss on the cheek",
)  # fmt: skip


def fit_marking(
    text: TextModel, marks: Sequence[str], people: Sequence[Attributes], count: int, rng: Generator
) -> Floats:
    """(K, C + 1) weights and bias per kind of mark for read_marks, by logistic regression on captions, each of which
    counts with its token of the highest score.

    text: the text model.
    marks: names of the kinds, in the order of the rows.
    people: whom captions are about.
    count: of captions.
    rng: of the captions.
    """
    captions, kinds_of = zip(
        *(draw_caption(people[int(rng.integers(len(people)))], rng) for _ in range(count)), strict=True
    )
    target = torch.tensor([[kind in kinds for kind in marks] for kinds in kinds_of]).float()
    parts = [encode_tokens(text, list(captions[start : start + BATCH])) for start in range(0, count, BATCH)]
    states = torch.from_numpy(np.concatenate(parts))
    is_token = states.abs().sum(dim=2) > 0
    longest = int(is_token.sum(dim=1).max())
    states, is_token = states[:, :longest], is_token[:, :longest]
    torch.manual_seed(0)
    layer = torch.nn.Linear(states.shape[2], len(marks))
    optimiser = torch.optim.AdamW(layer.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)

    def loss_of_step(step: int) -> torch.Tensor:
        rows = torch.randint(count, (BATCH,))
        score = layer(states[rows]).masked_fill(~is_token[rows, :, None], PADDING_SCORE).amax(dim=1)
        return functional.binary_cross_entropy_with_logits(score, target[rows])

    optimise(layer, optimiser, loss_of_step, Schedule(steps=STEPS), name="words for marks")
    weights = torch.cat([layer.weight, layer.bias[:, None]], dim=1)
    return np.asarray(weights.detach().numpy(), np.float32)


def draw_caption(person: Attributes, rng: Generator) -> tuple[str, set[str]]:
    """A caption of a person, who has marks two times of three, and the kinds of marks that it mentions.

    person: whom it is about.
    rng: of all draws.
    """
    appearance = sample_appearance(person, rng, ("young_lightskinned_female",))
    if rng.random() < 0.67:
        kind = str(rng.choice(list(NAMES_OF_MARKS)))
        if kind in MARKED_ADJECTIVES and rng.random() < 0.25:
            return f"a {rng.choice(MARKED_ADJECTIVES[kind])} {person.noun}", {kind}
        subject, value, _ = NAMES_OF_MARKS[kind]
        changes: dict[str, Any] = {"material": "none", "make_up": "none", subject: value}
        appearance = replace(appearance, **changes)
    style = draw_style(person, (*STYLES, "bald"), rng)
    if rng.random() < 0.3:
        words = skin_caption(appearance, style, rng)
    else:
        words = caption(person, appearance, style, draw_expression(rng)[1] if rng.random() < 0.6 else "", rng)
    if rng.random() < 0.2:
        words = (
            f"{words}, {rng.choice(OTHER_PHRASES)}"
            if rng.random() < 0.5
            else f"{person.noun} with {rng.choice(OTHER_PHRASES)}"
        )
    # Where a scar has a side, "a scar on the left cheek" is one on the cheek.
    plain = re.sub(r"\bthe (left|right)( of the)? ", "the ", words)
    return words, {
        kind
        for kind, (subject, value, names) in NAMES_OF_MARKS.items()
        if getattr(appearance, subject) == value or isinstance(value, float)
        if any(re.search(rf"\b{name.removeprefix('a ')}\b", plain) for name in names)
    }
