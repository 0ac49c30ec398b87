"""Train the splitter: which words of a prompt are about the shape, which about the expression, which about looks.

    python -m training splitter

Sentences of the generators that the mapping learns from, put together so that it is known which words say what; their
token states come from the frozen body of the embedded text tower. Takes a few minutes.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from numpy.random import Generator
from safetensors.torch import save_file
from torch.nn import functional
from tqdm import trange

from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.text import TextModel, encode_tokens, load_text_model
from clip_head.core.text.split import (
    SUBJECTS,
    WEIGHTS,
    Splitter,
    WordJudge,
    split_prompt,
    thing_texts,
    things_of,
    token_spans,
    word_features,
    words_of,
)
from clip_head.core.types import Ints, ModelCard
from clip_head.training.captions import HAIR_NAMES, MATERIAL_NAMES, PERSONAS, looks
from clip_head.training.skins.appearance import sample_appearance
from clip_head.training.teacher.identities import Attributes, random_person
from clip_head.training.words_expressions import HELD_OUT, PHRASES, draw_expression, reworded
from clip_head.training.words_people import HAIR_WORDS, draw_style, person_sentence, said_of
from clip_head.training.words_people import sentence as compose
from clip_head.training.words_text import pooled_states
from clip_head.training.words_who import AGE_NOUNS, NOUNS

Halves = npt.NDArray[np.float16]

APPEARANCE, EXPRESSION, LOOKS = range(len(SUBJECTS))
#: Places behind the last word are not learnt from.
NO_WORD = -100
MOST_WORDS = 40
BATCH = 128
DROPOUT = 0.5
_OPENING = re.compile(r"^((?:(?:a|the) )?(?:face|portrait|head|picture|photo) of )?(an?|the) ", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:an?|the) ", re.IGNORECASE)
_ADJECTIVE = re.compile(r"[a-z-]+")
#: Phrases that may stand before a noun.
ADJECTIVES = tuple(
    sorted({words for said in PHRASES.values() for words in said if _ADJECTIVE.fullmatch(words)} - HELD_OUT)
)
#: Who a sentence may be about with nothing more said.
PEOPLE = tuple(sorted({noun for table in (AGE_NOUNS, NOUNS) for nouns in table.values() for noun in nouns}))
_LEADS = ("", "", "", "who is ", "looking ", "and ", "very ", "slightly ", "he is ", "she looks ", "extremely ")


@dataclass(frozen=True)
class LabelledSentence:
    """A sentence and what its stretches (start, end) are about, as indices of SUBJECTS; the rest is appearance."""

    text: str
    stretches: tuple[tuple[int, int, int], ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text", help="folder of the embedded text model")
    parser.add_argument("--out", type=Path, default=EMBEDDED / "splitter")
    parser.add_argument("--sentences", type=int, default=20000)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> None:
    """Train the network, print how many sentences with unseen phrases are split without a fault, write the folder."""
    torch.manual_seed(args.seed)
    text = load_text_model(args.text)
    rng = np.random.default_rng([args.seed, 11])
    sentences = [labelled_sentence(rng) for _ in range(args.sentences)]
    features, labels = word_examples(text, sentences)
    network = fit(features, labels, args.steps)
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
        f"python -m training splitter --sentences {args.sentences} --steps {args.steps} --seed {args.seed}, "
        "on sentences about synthetic people, states of the embedded text tower"
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
    said = said_of(person, "", rng)
    shapes = dict(list(said.shapes.items())[:1])
    return compose(replace(said, ancestry=None, weight=None, style=None, shapes=shapes), rng)


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


def word_examples(text: TextModel, sentences: list[LabelledSentence]) -> tuple[Halves, Ints]:
    """Features (N, W, 2 C) of the sentences' words, and the subject (N, W) of each, NO_WORD behind the last."""
    texts = [sentence.text for sentence in sentences]
    words = [words_of(sentence)[:MOST_WORDS] for sentence in texts]
    things = [things_of(*pair) for pair in zip(texts, words, strict=True)]
    said = [thing_texts(*parts) for parts in zip(texts, words, things, strict=True)]
    alone = {thing: row for row, thing in enumerate(sorted({thing for sentence in said for thing in sentence}))}
    pooled = pooled_states(text, list(alone))
    features = np.zeros((len(texts), MOST_WORDS, 2 * pooled.shape[1]), np.float16)
    labels = np.full((len(texts), MOST_WORDS), NO_WORD, np.int32)
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))  # little padding
    for first in trange(0, len(texts), BATCH, desc="sentences", mininterval=5):
        rows = order[first : first + BATCH]
        for row, states in zip(rows, encode_tokens(text, [texts[k] for k in rows]), strict=True):
            own = pooled[[alone[said[row][thing]] for thing in things[row]]]
            found = word_features(states, token_spans(text, texts[row]), words[row], own)
            features[row, : len(found)] = found
            for column, word in enumerate(words[row]):
                about = [what for low, high, what in sentences[row].stretches if low <= word.start < high]
                labels[row, column] = about[0] if about else APPEARANCE
    return features, labels


def fit(features: Halves, labels: Ints, steps: int) -> WordJudge:
    """Train a WordJudge with cross-entropy per word."""
    network = WordJudge(features.shape[2])
    optimiser = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    bar = trange(steps, desc="splitter", mininterval=5)
    for step in bar:
        rows = np.random.default_rng(step).integers(len(features), size=BATCH)
        seen = torch.from_numpy(features[rows].astype(np.float32))
        scores = network(functional.dropout(seen, DROPOUT))
        loss = functional.cross_entropy(scores.flatten(0, 1), torch.from_numpy(labels[rows]).long().flatten())
        optimiser.zero_grad()
        loss.backward()
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
