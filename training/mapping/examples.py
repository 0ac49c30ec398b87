"""What MLP_id learns from: embeddings of sentences and of renders, each with the person that is meant by it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from clip_head.core.text import TextModel
from clip_head.core.types import Floats
from clip_head.training.language.hair import BEARDS, HIDDEN_BY, STYLES
from clip_head.training.mapping.pairs import SHAPE_EXTREMES, Pairs, region
from clip_head.training.text.contrastive import image_embeddings

#: Ridge of the least squares that read components and shapes off the codes of renders, relative to the second moment of
#: each: shapes that move the head in similar ways would otherwise get large values of opposite sign.
CODE_RIDGE = 1e-2


@dataclass(frozen=True)
class Examples:
    """N examples for MLP_id.

    embedding: (N, D) of a sentence or a render.
    target: (N, C + E) components of the person without shapes, then values of the extremes of shapes.
    mentioned: (N, C + E) 1 where the sentence speaks of that value, else 0.
    styles: (N, S + 1) probability of each hair style; the last is bald.
    beards: (N, B + 1) probability of each beard; the last is none.
    """

    embedding: torch.Tensor
    target: torch.Tensor
    mentioned: torch.Tensor
    styles: torch.Tensor
    beards: torch.Tensor


def sentence_examples(pairs: Pairs, embedding: torch.Tensor) -> Examples:
    """The sentences about heads.

    pairs: captions and codes.
    embedding: (N, D) of the first N of their sentences.
    """
    count = len(embedding)
    person = pairs.person[:count]
    style_table = np.append(np.eye(len(STYLES) + 1), np.zeros((1, len(STYLES) + 1)), axis=0)
    styles = style_table[pairs.style[:count]]
    open_style = pairs.style[:count] < 0
    styles[open_style] = styles_that_show(pairs.ends[:count][open_style], pairs.worn[person[open_style]])
    target = np.hstack([pairs.people[person], pairs.ends[:count]])
    mentioned = np.hstack([np.zeros_like(pairs.people[person]), pairs.ends[:count] > 0])
    beards = np.eye(len(BEARDS) + 1)[pairs.beard[:count]]
    arrays = (target, mentioned, styles, beards)
    return Examples(embedding, *(torch.from_numpy(array.astype(np.float32)) for array in arrays))


def styles_that_show(ends: Floats, worn: Floats) -> Floats:
    """Probabilities (N, S + 1) of hair styles without those that hide what a sentence speaks of.

    ends: (N, E) values of the extremes of shapes, 0 where a sentence does not speak of them.
    worn: (N, S + 1) probabilities of the styles; the last is bald.
    """
    hides = [[style in HIDDEN_BY.get(region(name), ()) for style in (*STYLES, "bald")] for name, _ in SHAPE_EXTREMES]
    visible = worn * ((ends > 0).astype(np.float32) @ np.array(hides, np.float32) == 0)
    return np.asarray(visible / visible.sum(axis=1, keepdims=True), np.float32)


def render_examples(path: Path, pairs: Pairs, text: TextModel) -> Examples:
    """The renders of heads with known codes.

    path: file by `python -m training words_renders`.
    pairs: whose axes and directions the codes are read in.
    text: the text model, whose image tower embeds the renders.
    """
    with np.load(path) as arrays:
        used = arrays["held_out"] == 0
        images, codes = arrays["images"][used], arrays["z_id"][used].astype(np.float32)
        styles = [one_hot(STYLES, name) for name in arrays["style"][used].tolist()]
        beards = [one_hot(BEARDS, name) for name in arrays["beard"][used].tolist()]
    design = np.vstack([pairs.axes, pairs.directions]).T.astype(np.float64)
    moments = design.T @ design
    ridge = CODE_RIDGE * np.diag(np.diag(moments))
    target = np.linalg.solve(moments + ridge, design.T @ (codes - pairs.mean).T).T
    numbers = (target, np.zeros_like(target), np.stack(styles), np.stack(beards))
    return Examples(image_embeddings(text.clip, images, "cpu"), *(torch.from_numpy(a).float() for a in numbers))


def one_hot(names: tuple[str, ...], name: str) -> Floats:
    """(S + 1,) 1 at the name's place among S names; at the last place where it is none of them."""
    number = names.index(name) if name in names else len(names)
    return np.eye(len(names) + 1, dtype=np.float32)[number]
