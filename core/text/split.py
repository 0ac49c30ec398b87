"""One prompt, two sentences: what it says of a person's shape, and what it says of the expression.

The paper gives MLP_id and MLP_exp embeddings of their own, z_id and z_exp being disjoint. So that new words for one
leave the other code as it was, each mapping network is given only the words that are meant for it. A small classifier
on the embedded text tower decides that for every word, in its context. A "thing" is a stretch of the prompt between
commas and words like "with", such as "a big nose": the words in it are mostly about the same subject.
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
from ..types import Bools, Floats, Ints, ModelCard
from .encode import encode_inner, encode_tokens
from .hair_words import kinds_of
from .model import TextModel
from .movements import moving_words

#: What a word may be about: the shape of the person and the hair, the expression, or looks that move no surface
#: (make-up, colours).
SUBJECTS = ("appearance", "expression", "looks")
#: File of a splitter's folder that holds its tensors.
WEIGHTS = "splitter.safetensors"
#: How many of the tower's last layers the splitter has a trained copy of, the width of its own layers after those, and
#: over how many words its convolution reaches.
OWN_LAYERS, WIDTH, REACH = 2, 96, 5
#: Fraction of the token states' numbers that is set to zero in training.
DROPOUT = 0.5

#: Cost of a change of subject from one word to the next, as a logarithm of likelihood: where a new thing begins, within
#: the first thing (where adjectives of both kinds stand before the noun: "a laughing old man"), and within any other.
CHANGE = (0.5, 2.0, 9.0)
#: What is added to the logarithm of the likelihood that a word is about the expression where it says a movement:
#: more than the classifier is ever sure by.
MOVEMENT = 12.0

#: A word: anything between blanks and punctuation.
_WORD = re.compile(r"[^\s,;.!?:()\"]+")
#: Words that begin a new thing.
_STARTS = frozenset(("with", "without", "and", "who", "whose", "while", "but", "not", "wearing"))
#: Words that a prompt about somebody begins with.
_ARTICLES = frozenset(("a", "an"))
#: Words that only join: left out at the beginning (the first) and at the end (the second) of what is cut out of a
#: sentence.
_LEADS = frozenset(("a", "an", "the", "and", "but", "with", "while", "also", "of"))
_JOINTS = frozenset(("a", "an", "the", "and", "but", "with", "who", "is", "has", "of", "in", "wearing", "while", "he",
                     "she", "they", "are", "his", "her", "very", "also"))  # fmt: skip


class WordJudge(nn.Module):
    """Classifies every word as one of SUBJECTS. Its first layers are a copy of the tower's last ones, trained further:
    the meaning of an idiom shows only in its context."""

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
        """Scores (N, W, 3), logits, of the words of N prompts.

        states (N, T, C): of the prompts' tokens, as they enter the tower's last OWN_LAYERS layers.
        read (N, T): True for tokens of the text, False for padding.
        shares (N, W, T): weights by which tokens are averaged to words (see token_shares).
        things (N, W, C): for each word the mean state of its thing, encoded without the rest of the prompt, which could
            hide the meaning of an unusual phrase.
        """
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
    """The words of a prompt for MLP_id and for MLP_exp, lower case; either may be empty. Those for MLP_id keep the
    article that the prompt begins with."""

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
    things = things_of(prompt, words)
    scores = word_scores(splitter, prompt, words)
    texts = [word.text for word in words]
    moves = moving_words(texts, things)
    scores[:, SUBJECTS.index("expression")] += MOVEMENT * (moves - 1.0 * (hairy_words(texts, things) & ~moves))
    subjects = likeliest(scores, things)
    appearance, expression = (_joined(prompt, words, subjects, SUBJECTS.index(name)) for name in SUBJECTS[:2])
    # MLP_id learnt whole sentences, which say "an old man", not "old man".
    if appearance and words[0].text in _ARTICLES:
        appearance = f"{'an' if appearance[0] in 'aeiou' else 'a'} {appearance}"
    return SplitWords(appearance, expression)


def hairy_words(words: list[str], things: Ints) -> Bools:
    """Which words (W,) are in a thing that is about hair or a beard, the first aside, which is mostly a person.

    words: lower case.
    things (W,): the number of each word's thing.
    """
    texts = [
        [word for word, thing in zip(words, things, strict=True) if thing == number] for number in range(things[-1] + 1)
    ]
    about = [bool(kinds_of(text) & {"hair", "beard"}) for text in texts]
    return np.array([False, *about[1:]])[things]


def words_of(prompt: str) -> list[Word]:
    """The words of a prompt, without punctuation."""
    return [Word(match.group().lower(), match.start(), match.end()) for match in _WORD.finditer(prompt)]


def things_of(prompt: str, words: list[Word]) -> Ints:
    """For each word (W,) the number of the thing it belongs to: things begin after commas and at words like "with"."""
    begins = [word.text in _STARTS or "," in prompt[before.end : word.start] for before, word in pairwise(words)]
    return np.cumsum([0, *begins]).astype(np.int32)


def thing_texts(prompt: str, words: list[Word], things: Ints) -> list[str]:
    """The text of each thing, as it stands in the prompt."""
    first, last = (
        np.searchsorted(things, range(things[-1] + 1), side) - (side == "right") for side in ("left", "right")
    )
    return [prompt[words[a].start : words[b].end] for a, b in zip(first, last, strict=True)]


def token_shares(tokens: list[tuple[int, int]], words: list[Word]) -> Floats:
    """Weights (W, T) by which tokens are averaged to words: equal for all tokens of a word, 1 in sum, all zero for a
    word beyond the context length.

    tokens: (start, end) of T tokens in the prompt, characters.
    words: W words.
    """
    starts, ends = np.array(tokens).T
    inside = np.array([(starts < word.end) & (ends > word.start) & (ends > starts) for word in words], np.float32)
    return np.asarray(inside / np.maximum(inside.sum(axis=1, keepdims=True), 1), np.float32)


def word_scores(splitter: Splitter, prompt: str, words: list[Word]) -> Floats:
    """Logarithms (W, 3) of the likelihood of each of SUBJECTS, per word."""
    things = things_of(prompt, words)
    thing_states = encode_tokens(splitter.text, thing_texts(prompt, words, things))
    is_text = np.abs(thing_states).sum(axis=2, keepdims=True) > 0
    mean_states = thing_states.sum(axis=1) / np.maximum(is_text.sum(axis=1), 1)
    states, read = encode_inner(splitter.text, [prompt], OWN_LAYERS)
    shares = token_shares(token_spans(splitter.text, prompt), words)[None]
    thing_of_word = mean_states[things][None].astype(np.float32)
    inputs = [torch.from_numpy(array) for array in (states, read, shares, thing_of_word)]
    with torch.inference_mode():
        scores = splitter.network(*inputs)[0].log_softmax(dim=-1).numpy()
    if not np.isfinite(scores).all():
        raise ModelError(
            f"The splitter {splitter.card.name!r} computed numbers that are not finite.",
            "Restore its folder from the release it came from.",
        )
    return np.asarray(scores, np.float32)


def likeliest(scores: Floats, things: Ints) -> Ints:
    """The likeliest sequence of subjects, where changing the subject has a cost (Viterbi's algorithm; see CHANGE).

    scores (W, 3): of W words, logarithms of likelihood.
    things (W,): the number of each word's thing.
    Returns the subject of each word (W,), an index into SUBJECTS.
    """
    at_new_thing, in_first_thing, in_other_thing = CHANGE
    costs = np.where(np.diff(things) > 0, at_new_thing, np.where(things[1:] == 0, in_first_thing, in_other_thing))
    best, previous = scores[:1], []
    for score, cost in zip(scores[1:], costs, strict=True):
        reached = best[-1][:, None] - cost * (1 - np.eye(len(SUBJECTS)))
        previous.append(reached.argmax(axis=0))
        best = np.vstack([best, reached.max(axis=0) + score])
    path = [int(best[-1].argmax())]
    for step in reversed(previous):
        path.append(int(step[path[-1]]))
    return np.array(path[::-1], np.int32)


def token_spans(text: TextModel, prompt: str) -> list[tuple[int, int]]:
    """Where in the prompt each token lies, (start, end) of characters; (0, 0) for tokens that are no words."""
    wrapper: Any = text.tokenizer  # open_clip's, around the tokenizer of transformers
    length = wrapper.context_length
    tokens = wrapper.tokenizer(prompt, truncation=True, max_length=length, return_offsets_mapping=True)
    return [(int(start), int(end)) for start, end in tokens["offset_mapping"]]


def _joined(prompt: str, words: list[Word], subjects: Ints, subject: int) -> str:
    """The words of one subject: runs of neighbours, each without joining words at its ends, separated by commas."""
    runs: list[list[Word]] = [[]]
    for word, own_subject in zip(words, subjects, strict=True):
        if own_subject != subject:
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
