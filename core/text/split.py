"""One prompt, two sentences: what it says of a person's shape, and what it says of the expression.

The paper gives MLP_id and MLP_exp embeddings of their own, z_id and z_exp being disjoint. So that changing the words of
one leaves the other code as it was, every word of the prompt is judged in its context by a network of its own last
layers on the embedded text tower, and each mapping network is given only the words that are meant for it.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from ..errors import ModelError
from ..models import load_tensors, open_model_folder
from ..types import Floats, Ints, ModelCard
from .encode import encode_inner, encode_tokens
from .model import TextModel

#: What a word may be about: the shape of the person and the hair, the expression, or looks that move no surface
#: (make-up, colours).
SUBJECTS = ("appearance", "expression", "looks")
WEIGHTS = "splitter.safetensors"
#: Layers of the tower that the splitter has of its own, how wide it goes on, how many words it looks at together.
OWN_LAYERS, WIDTH, REACH = 2, 96, 5
#: What is left out in training.
DROPOUT = 0.5

#: Cost of a change of subject, in logarithms of likelihood: where a new thing may begin, within the first thing (where
#: adjectives of both kinds stand before the noun), and within any other.
CHANGE = (0.5, 2.0, 9.0)

_WORD = re.compile(r"[^\s,;.!?:()\"]+")
#: Words that begin a new thing.
_STARTS = frozenset(("with", "and", "who", "whose", "while", "but", "wearing"))
#: Words that only join: left out at either end of what is cut out of a sentence.
_LEADS = frozenset(("a", "an", "the", "and", "but", "with", "while", "also", "of"))
_JOINTS = frozenset(("a", "an", "the", "and", "but", "with", "who", "is", "has", "of", "in", "wearing", "while", "he",
                     "she", "they", "are", "his", "her", "very", "also"))  # fmt: skip


class WordJudge(nn.Module):
    """Scores of SUBJECTS for every word. Its first layers are the tower's last ones, trained on for this: what an idiom
    means is seldom told by the words alone."""

    def __init__(self, text: TextModel) -> None:
        super().__init__()
        tower: Any = text.clip
        layers = tower.text.transformer.encoder.layer[-OWN_LAYERS:]
        width = tower.text.transformer.config.hidden_size
        self.layers = copy.deepcopy(layers).requires_grad_(True)
        self.dropout = nn.Dropout(DROPOUT)
        self.reduce = nn.Linear(2 * width, WIDTH)
        self.around = nn.Conv1d(WIDTH, WIDTH, REACH, padding=REACH // 2)
        self.judge = nn.Linear(WIDTH, len(SUBJECTS))

    def forward(
        self, states: torch.Tensor, read: torch.Tensor, shares: torch.Tensor, things: torch.Tensor
    ) -> torch.Tensor:
        """Scores (N, W, 3) of words, from the inner states (N, T, C) of the prompt's tokens, which of them are read
        (N, T), their shares in the words (N, W, T), and the state (N, W, C) of the thing that each word belongs to,
        read alone, where an unusual phrase is most itself."""
        mask = torch.where(read, 0.0, -1e9)[:, None, None]
        for layer in self.layers:
            states = layer(states, mask)
        hidden = functional.gelu(self.reduce(self.dropout(torch.cat([shares @ states, things], dim=2))))
        hidden = hidden + functional.gelu(self.around(hidden.transpose(1, 2)).transpose(1, 2))
        scores: torch.Tensor = self.judge(hidden)
        return scores


@dataclass(frozen=True)
class Splitter:
    """The network, and the text model whose token states it reads."""

    card: ModelCard
    text: TextModel
    network: WordJudge


@dataclass(frozen=True)
class Word:
    """A word in lower case, and where it stands in the prompt."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class SplitWords:
    """The words of a prompt for MLP_id and for MLP_exp, lower case; either may be empty."""

    appearance: str
    expression: str


def load_splitter(folder: Path, text: TextModel) -> Splitter:
    """The splitter in `folder` (kind "splitter"). Raises ModelError when it is damaged or reads other token states."""
    opened = open_model_folder(folder, "splitter")
    tensors = load_tensors(opened, WEIGHTS)
    try:
        network = WordJudge(text)
        network.load_state_dict(tensors)
    except (AttributeError, KeyError, RuntimeError) as error:
        raise ModelError(
            f"The splitter in {folder} does not fit ({error}).", "Restore the folder from the release it came from."
        ) from error
    return Splitter(opened.card, text, network.eval().requires_grad_(False))


def split_prompt(splitter: Splitter, prompt: str) -> SplitWords:
    """The prompt's words for appearance and for expression, in their order, cut ends tidied.

    Raises ModelError when the text tower or the network computes numbers that are not finite.
    """
    prompt = " ".join(prompt.encode("utf-8", "replace").decode("utf-8").split())
    words = words_of(prompt)
    if not words:
        return SplitWords("", "")
    subjects = likeliest(word_scores(splitter, prompt, words), things_of(prompt, words))
    appearance, expression = (_joined(prompt, words, subjects, SUBJECTS.index(name)) for name in SUBJECTS[:2])
    return SplitWords(appearance, expression)


def words_of(prompt: str) -> list[Word]:
    """The words of a prompt, without punctuation."""
    return [Word(match.group().lower(), match.start(), match.end()) for match in _WORD.finditer(prompt)]


def things_of(prompt: str, words: list[Word]) -> Ints:
    """For each word (W,) the number of the thing it belongs to: things begin after commas and at words like "with"."""
    begins = [word.text in _STARTS or "," in prompt[before.end : word.start] for before, word in pairwise(words)]
    return np.cumsum([0, *begins]).astype(np.int32)


def thing_texts(prompt: str, words: list[Word], things: Ints) -> list[str]:
    """What is said of each thing."""
    first, last = (
        np.searchsorted(things, range(things[-1] + 1), side) - (side == "right") for side in ("left", "right")
    )
    return [prompt[words[a].start : words[b].end] for a, b in zip(first, last, strict=True)]


def token_shares(tokens: list[tuple[int, int]], words: list[Word]) -> Floats:
    """(W, T) shares of the tokens, (start, end) each, in the words: 1 in all for every word, 0 beyond the tower's
    reach."""
    starts, ends = np.array(tokens).T
    inside = np.array([(starts < word.end) & (ends > word.start) & (ends > starts) for word in words], np.float32)
    return np.asarray(inside / np.maximum(inside.sum(axis=1, keepdims=True), 1), np.float32)


def word_scores(splitter: Splitter, prompt: str, words: list[Word]) -> Floats:
    """Logarithms (W, 3) of the likelihood of each of SUBJECTS, per word."""
    things = things_of(prompt, words)
    alone = encode_tokens(splitter.text, thing_texts(prompt, words, things))
    counted = np.abs(alone).sum(axis=2, keepdims=True) > 0
    pooled = alone.sum(axis=1) / np.maximum(counted.sum(axis=1), 1)
    states, read = encode_inner(splitter.text, [prompt], OWN_LAYERS)
    shares = token_shares(token_spans(splitter.text, prompt), words)[None]
    about = pooled[things][None].astype(np.float32)
    given = [torch.from_numpy(array) for array in (states, read, shares, about)]
    with torch.inference_mode():
        scores = splitter.network(*given)[0].log_softmax(dim=-1).numpy()
    if not np.isfinite(scores).all():
        raise ModelError(
            f"The splitter {splitter.card.name!r} computed numbers that are not finite.",
            "Restore its folder from the release it came from.",
        )
    return np.asarray(scores, np.float32)


def likeliest(scores: Floats, things: Ints) -> Ints:
    """The likeliest subject of each word (W,), from its scores (W, 3) and its thing (W,), where the subject seldom
    changes: see CHANGE."""
    anew, first, within = CHANGE
    costs = np.where(np.diff(things) > 0, anew, np.where(things[1:] == 0, first, within))
    best, came = scores[:1], []
    for score, cost in zip(scores[1:], costs, strict=True):
        reached = best[-1][:, None] - cost * (1 - np.eye(len(SUBJECTS)))
        came.append(reached.argmax(axis=0))
        best = np.vstack([best, reached.max(axis=0) + score])
    path = [int(best[-1].argmax())]
    for step in reversed(came):
        path.append(int(step[path[-1]]))
    return np.array(path[::-1], np.int32)


def token_spans(text: TextModel, prompt: str) -> list[tuple[int, int]]:
    """Where in the prompt each token lies, (start, end) of characters; (0, 0) for tokens that are no words."""
    wrapped: Any = text.tokenizer  # open_clip's around the tokenizer of transformers
    length = wrapped.context_length
    found = wrapped.tokenizer(prompt, truncation=True, max_length=length, return_offsets_mapping=True)
    return [(int(start), int(end)) for start, end in found["offset_mapping"]]


def _joined(prompt: str, words: list[Word], subjects: Ints, subject: int) -> str:
    """The words of one subject: runs of them, each without dangling joints, separated by commas."""
    runs: list[list[Word]] = [[]]
    for word, about in zip(words, subjects, strict=True):
        if about != subject:
            runs.append([])
        elif runs[-1] and "," in prompt[runs[-1][-1].end : word.start]:
            runs.append([word])
        else:
            runs[-1].append(word)
    for run in runs:
        while run and run[-1].text in _JOINTS:
            run.pop()
        while run and run[0].text in _LEADS:
            run.pop(0)
    return ", ".join(" ".join(word.text for word in run) for run in runs if run)
