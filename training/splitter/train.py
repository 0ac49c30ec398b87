"""Train the splitter: which words of a prompt are about the shape, which about the expression, which about looks.

    python -m training splitter

Sentences of the generators that the mapping learns from, put together so that it is known which words say what; their
inner token states come from the embedded text tower, whose last layers the splitter trains on. Takes a quarter of an
hour.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm, trange

from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.text import TextModel, load_text_model
from clip_head.core.text.encode import encode_inner
from clip_head.core.text.split import (
    OWN_LAYERS,
    SUBJECTS,
    WEIGHTS,
    Splitter,
    WordJudge,
    split_prompt,
    thing_texts,
    things_of,
    token_shares,
    token_spans,
    words_of,
)
from clip_head.core.types import ModelCard
from clip_head.training.language.appearance_captions import HAIR_NAMES, MATERIAL_NAMES, PERSONAS, looks
from clip_head.training.language.expressions import HELD_OUT, PHRASES, draw_expression, reworded
from clip_head.training.language.hair import HAIR_WORDS
from clip_head.training.language.people_phrases import AGE_NOUNS, NOUNS
from clip_head.training.language.sentences import describe_person, draw_style, person_sentence
from clip_head.training.language.sentences import sentence as compose
from clip_head.training.teacher.appearance import sample_appearance
from clip_head.training.teacher.identities import Attributes, random_person
from clip_head.training.text.embeddings import pooled_states

APPEARANCE, EXPRESSION, LOOKS = range(len(SUBJECTS))
#: Places behind the last word are not learnt from.
NO_WORD = -100
MOST_WORDS = 40
BATCH = 64
#: Learning rate, and the share of it that the tower's layers take.
RATE, TOWER_RATE = 1.5e-3, 0.07
_OPENING = re.compile(r"^((?:(?:a|the) )?(?:face|portrait|head|picture|photo) of )?(an?|the) ", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:an?|the) ", re.IGNORECASE)
_ADJECTIVE = re.compile(r"[a-z-]+")
#: Phrases that may stand before a noun.
ADJECTIVES = tuple(
    sorted({words for said in PHRASES.values() for words in said if _ADJECTIVE.fullmatch(words)} - HELD_OUT)
)
#: Who a sentence may be about with nothing more said.
PEOPLE = tuple(sorted({noun for table in (AGE_NOUNS, NOUNS) for nouns in table.values() for noun in nouns.all}))
_LEADS = ("", "", "", "who is ", "looking ", "and ", "very ", "slightly ", "he is ", "she looks ", "extremely ")


@dataclass(frozen=True)
class LabelledSentence:
    """A sentence and what its stretches (start, end) are about, as indices of SUBJECTS; the rest is appearance."""

    text: str
    stretches: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Examples:
    """A batch of sentences: what WordJudge is given, and labels (N, W), the subject of each word."""

    states: Tensor
    read: Tensor
    shares: Tensor
    things: Tensor
    labels: Tensor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text", help="folder of the embedded text model")
    parser.add_argument("--out", type=Path, default=EMBEDDED / "splitter")
    parser.add_argument("--sentences", type=int, default=24000)
    parser.add_argument("--rounds", type=int, default=3, help="how often each sentence is seen")
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> None:
    """Train the network, print how many sentences with unseen phrases are split without a fault, write the folder."""
    torch.manual_seed(args.seed)
    text = load_text_model(args.text)
    rng = np.random.default_rng([args.seed, 11])
    sentences = [labelled_sentence(rng) for _ in range(args.sentences)]
    network = fit(WordJudge(text), word_examples(text, sentences), args.rounds, args.seed)
    card = ModelCard("splitter", "CLIP-Head splitter", "CC0-1.0", command(args))
    figures = evaluate(Splitter(card, text, network), np.random.default_rng([args.seed, 12]), 500)
    for name, value in figures.items():
        print(f"{name:<60} {value}")
    args.out.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.half().contiguous() for name, tensor in network.state_dict().items()}, args.out / WEIGHTS)
    write_model_json(args.out, card, {}, figures, [WEIGHTS])


def command(args: argparse.Namespace) -> str:
    """The command that makes this model, for model.json."""
    return (
        f"python -m training splitter --sentences {args.sentences} --rounds {args.rounds} --seed {args.seed}, "
        "on sentences about synthetic people; its layers begin as the embedded text tower's last"
    )


def labelled_sentence(rng: Generator, held_out: bool = False) -> LabelledSentence:
    """A sentence about somebody at random. held_out: with one of the phrases that no training sees."""
    if not held_out and rng.random() < 0.1:  # "a smiling girl"
        phrase, before = str(rng.choice(ADJECTIVES)), "a " if rng.random() < 0.85 else ""
        stretch = (len(before), len(before) + len(phrase), EXPRESSION)
        return LabelledSentence(f"{before}{phrase} {rng.choice(PEOPLE)}", (stretch,))
    person = random_person(rng)
    style = draw_style(person, list(HAIR_WORDS), rng)
    appearance = sample_appearance(person, rng, ("any",))
    _, phrase = draw_expression(rng, held_out)
    if phrase and not held_out and rng.random() < 0.25:
        phrase = str(rng.choice(ADJECTIVES))
    elif phrase and rng.random() < 0.2:
        phrase = reworded(phrase, rng)
    colour = str(rng.choice(HAIR_NAMES[appearance.hair]))
    ways = list(looks(appearance).items())
    said = [str(rng.choice(names)) for subject, names in ways if subject not in ("beard", "tone")]
    said = [words for words in said if rng.random() < 0.4]
    kept = [str(rng.choice(names)) for subject, names in ways if subject in ("beard", "tone") and rng.random() < 0.4]
    if rng.random() < 0.1:
        sentence = str(rng.choice([*PERSONAS.get(appearance.make_up, ()), *MATERIAL_NAMES["marble"]]))
        said = [sentence]
    else:
        sentence = person_sentence(person, style, rng, "", colour, [*said, *kept])
    if rng.random() < 0.15:  # "a man with full lips": shapes that sound like expressions, and nothing to tell them by
        sentence, said, phrase = one_shape(person, rng), [], phrase if rng.random() < 0.3 else ""
    if rng.random() < 0.15:  # "grandfather, asleep"
        sentence = _ARTICLE.sub("", sentence)
    sentence, placed = place_phrase(sentence, phrase, rng)
    stretches = [(*placed, EXPRESSION)] if phrase else []
    for words in said:
        found = re.search(rf"(?:\bwith )?\b{re.escape(words)}\b", sentence)
        if found and not any(found.start() < end and start < found.end() for start, end, _ in stretches):
            stretches.append((found.start(), found.end(), LOOKS))
    return LabelledSentence(sentence, tuple(stretches))


def one_shape(person: Attributes, rng: Generator) -> str:
    """A sentence about one of the person's shapes and hardly anything else."""
    description = describe_person(person, "", rng)
    shapes = dict(list(description.shapes.items())[:1])
    return compose(replace(description, ancestry=None, weight=None, style=None, shapes=shapes), rng)


def place_phrase(sentence: str, phrase: str, rng: Generator) -> tuple[str, tuple[int, int]]:
    """The sentence with the phrase of an expression said in one of the usual places, and where it stands."""
    if not phrase:
        return sentence, (0, 0)
    opening = _OPENING.match(sentence)
    kind = rng.random()
    if opening and _ADJECTIVE.fullmatch(phrase) and rng.random() < 0.5:  # "an angry old man"
        article = "an " if phrase[0] in "aeiou" else "a "
        before = (opening.group(1) or "") + article
        return f"{before}{phrase} {sentence[opening.end() :]}", (len(before), len(before) + len(phrase))
    lead = "" if phrase.startswith(("with", "who", "in ")) else str(rng.choice(_LEADS))
    phrase = lead + phrase
    if kind < 0.15:  # before everything
        return f"{phrase}, {sentence}", (0, len(phrase))
    cut = sentence.find(" with ")
    if kind < 0.4 and cut > 0:  # "a man smiling with joker makeup"
        return f"{sentence[:cut]} {phrase}{sentence[cut:]}", (cut + 1, cut + 1 + len(phrase))
    comma = sentence.find(", ")
    if kind < 0.5 and comma > 0:  # between two other things
        return f"{sentence[:comma]}, {phrase}{sentence[comma:]}", (comma + 2, comma + 2 + len(phrase))
    between = ", " if rng.random() < 0.7 else " "
    start = len(sentence) + len(between)
    return f"{sentence}{between}{phrase}", (start, start + len(phrase))


def word_examples(text: TextModel, sentences: list[LabelledSentence]) -> list[Examples]:
    """The sentences as WordJudge reads them, in batches of about the same length."""
    texts = [sentence.text for sentence in sentences]
    words = [words_of(sentence)[:MOST_WORDS] for sentence in texts]
    things = [things_of(*pair) for pair in zip(texts, words, strict=True)]
    said = [thing_texts(*parts) for parts in zip(texts, words, things, strict=True)]
    alone = {thing: row for row, thing in enumerate(sorted({thing for sentence in said for thing in sentence}))}
    pooled = pooled_states(text, list(alone))
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    batches = []
    for first in trange(0, len(texts), BATCH, desc="sentences", mininterval=5):
        rows = order[first : first + BATCH]
        states, read = encode_inner(text, [texts[row] for row in rows], OWN_LAYERS)
        shares = np.zeros((len(rows), MOST_WORDS, states.shape[1]), np.float32)
        about = np.zeros((len(rows), MOST_WORDS, pooled.shape[1]), np.float16)
        labels = np.full((len(rows), MOST_WORDS), NO_WORD, np.int64)
        for k, row in enumerate(rows):
            found = token_shares(token_spans(text, texts[row]), words[row])
            shares[k, : found.shape[0], : found.shape[1]] = found
            about[k, : len(found)] = pooled[[alone[said[row][thing]] for thing in things[row]]]
            for column, word in enumerate(words[row]):
                told = [what for low, high, what in sentences[row].stretches if low <= word.start < high]
                labels[k, column] = told[0] if told else APPEARANCE
        arrays = (states.astype(np.float16), read, shares, about, labels)
        batches.append(Examples(*(torch.from_numpy(array) for array in arrays)))
    return batches


def fit(network: WordJudge, batches: list[Examples], rounds: int, seed: int) -> WordJudge:
    """Train a WordJudge with cross-entropy per word, every batch `rounds` times; the tower's layers more slowly."""
    rates = [RATE * (TOWER_RATE if name.startswith("layers") else 1) for name, _ in network.named_parameters()]
    groups = [{"params": [p], "lr": rate} for p, rate in zip(network.parameters(), rates, strict=True)]
    optimiser = torch.optim.AdamW(groups, weight_decay=1e-2)
    steps = rounds * len(batches)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=steps, pct_start=0.05)
    order = np.concatenate([np.random.default_rng([seed, k]).permutation(len(batches)) for k in range(rounds)])
    bar = tqdm(order, "splitter", mininterval=5)
    network.train()
    for step, number in enumerate(bar):
        batch = batches[number]
        scores = network(batch.states.float(), batch.read, batch.shares, batch.things.float())
        loss = functional.cross_entropy(scores.flatten(0, 1), batch.labels.flatten(), ignore_index=NO_WORD)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 50 == 0:
            bar.set_postfix(loss=f"{loss.item():.4f}")
    return network.eval().requires_grad_(False)


def evaluate(splitter: Splitter, rng: Generator, count: int) -> dict[str, float]:
    """Of sentences with phrases that no training saw: how many leave appearance as it is without the phrase, and how
    many give the same expression on another person."""
    alike, apart = [], []
    for _ in range(count):
        person = random_person(rng)
        sentences = []
        base = person_sentence(person, draw_style(person, list(HAIR_WORDS), rng), rng, "", "brown", [])
        phrase = str(rng.choice(sorted(HELD_OUT)))
        sentences = [base, f"{base}, {phrase}"]
        plain, said = (split_prompt(splitter, sentence) for sentence in sentences)
        alike.append(plain.appearance == said.appearance)
        apart.append(plain.expression == "" and said.expression != "")
    return {
        "appearance unchanged by an unseen expression": round(float(np.mean(alike)), 4),
        "expression found where it is, and only there": round(float(np.mean(apart)), 4),
    }
