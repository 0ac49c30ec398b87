"""Train the splitter: which words of a prompt are about the shape, which about the expression, which about looks.

    python -m training splitter

It learns from sentences of the generators that the mapping learns from, composed so that it is known which words are
about what. Its input is inner token states of the embedded text tower; its own first layers begin as the tower's last
ones and are trained further. Takes a quarter of an hour.
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
from tqdm import trange

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
from clip_head.training.engine.optimise import Checkpoint, Schedule, one_cycle, optimise
from clip_head.training.language.appearance_captions import HAIR_NAMES, MATERIAL_NAMES, PERSONAS, looks
from clip_head.training.language.characters import CHARACTERS
from clip_head.training.language.compounds import draw_aside, draw_asked
from clip_head.training.language.expressions import HELD_OUT, PHRASES, reworded
from clip_head.training.language.hair import HAIR_WORDS
from clip_head.training.language.people_phrases import AGE_NOUNS, NOUNS
from clip_head.training.language.sentences import describe_person, draw_style, person_sentence
from clip_head.training.language.sentences import sentence as compose
from clip_head.training.teacher.appearance import sample_appearance
from clip_head.training.teacher.expressions import TABLE
from clip_head.training.teacher.identities import Attributes, random_person
from clip_head.training.text.embeddings import pooled_states

#: Indices of SUBJECTS: words about the person (shape, age, hair), about the expression, and about colours and paint.
APPEARANCE, EXPRESSION, LOOKS = range(len(SUBJECTS))
#: Label of the places behind the last word, which cross-entropy ignores.
NO_WORD = -100
#: Number of words of a sentence that are learnt from; hardly any has more.
MOST_WORDS = 40
#: Number of sentences in a step.
BATCH = 64
#: AdamW's highest learning rate, its fraction for the tower's layers, which begin trained, and its weight decay.
LEARNING_RATE, TOWER_FRACTION, WEIGHT_DECAY = 1.5e-3, 0.07, 1e-2
#: The 1cycle policy: progress at the peak, and the learning rate at the start and at the end, relative to the peak's.
PEAK, FIRST_RATE, LAST_RATE = 0.05, 1 / 25, 1 / 25e4
#: beta1 of AdamW at the start and at the end of the cycle, and at its peak.
HIGH_BETA1, LOW_BETA1 = 0.95, 0.85
#: Largest norm of the gradients.
CLIP_NORM = 1.0
#: Number of sentences of the evaluation.
EVALUATED = 500
#: "a portrait of an" at the beginning of a sentence; group 1 is what stands before the article.
_OPENING = re.compile(r"^((?:(?:a|the) )?(?:face|portrait|head|picture|photo) of )?(an?|the) ", re.IGNORECASE)
#: An article at the beginning of a sentence.
_ARTICLE = re.compile(r"^(?:an?|the) ", re.IGNORECASE)
#: A phrase that is one word.
_ADJECTIVE = re.compile(r"[a-z-]+")
#: Phrases that may stand before a noun.
ADJECTIVES = tuple(
    sorted({words for phrases in PHRASES.values() for words in phrases if _ADJECTIVE.fullmatch(words)} - HELD_OUT)
)
#: Nouns for somebody of whom nothing else is mentioned.
PEOPLE = tuple(
    sorted(
        {noun for table in (AGE_NOUNS, NOUNS) for nouns in table.values() for noun in nouns.all}
        | {name for character in CHARACTERS.values() for name in character.names}
    )
)
#: What may stand between a sentence and the phrase of an expression.
_LEADS = ("", "", "", "who is ", "looking ", "and ", "very ", "slightly ", "he is ", "she looks ", "extremely ")


@dataclass(frozen=True)
class LabelledSentence:
    """A sentence and what parts of it are about.

    text: the sentence.
    spans: (start, end, subject) of characters, the subject as index of SUBJECTS; the rest is appearance.
    """

    text: str
    spans: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Examples:
    """A batch of N sentences: what WordJudge reads, and what it should answer.

    states: (N, T, C) inner token states.
    mask: (N, T) whether a token is of the sentence.
    token_weights: (N, W, T) of the tokens in each word.
    phrases: (N, W, C) state of the phrase that each word belongs to, read alone.
    labels: (N, W) subject of each word, NO_WORD behind the last.
    """

    states: Tensor
    mask: Tensor
    token_weights: Tensor
    phrases: Tensor
    labels: Tensor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text", help="folder of the embedded text model")
    parser.add_argument("--out", type=Path, default=EMBEDDED / "splitter")
    parser.add_argument("--sentences", type=int, default=24000)
    parser.add_argument("--rounds", type=int, default=3, help="how often each sentence is seen")
    parser.add_argument("--evaluated", type=int, default=EVALUATED, help="sentences by which it is measured")
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> None:
    """Train the network, print how many sentences with unseen phrases are split without a fault, write the folder.

    A checkpoint lies in args.out until the model is written: the same command goes on where it was interrupted.

    args: of add_arguments.
    """
    torch.manual_seed(args.seed)
    text = load_text_model(args.text)
    rng = np.random.default_rng([args.seed, 11])
    sentences = [labelled_sentence(rng) for _ in range(args.sentences)]
    checkpoint = Checkpoint(args.out / "checkpoint.pt", f"{command(args)}, for {args.text}")
    network = fit(WordJudge(text), word_examples(text, sentences), args.rounds, args.seed, checkpoint)
    card = ModelCard("splitter", "CLIP-Head splitter", "CC0-1.0", command(args))
    figures = evaluate(Splitter(card, text, network), np.random.default_rng([args.seed, 12]), args.evaluated)
    for name, value in figures.items():
        print(f"{name:<60} {value}")
    args.out.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.half().contiguous() for name, tensor in network.state_dict().items()}, args.out / WEIGHTS)
    write_model_json(args.out, card, {}, figures, [WEIGHTS])
    checkpoint.path.unlink(missing_ok=True)


def command(args: argparse.Namespace) -> str:
    """The command that makes this model, for model.json."""
    return (
        f"python -m training splitter --sentences {args.sentences} --rounds {args.rounds} --seed {args.seed}, "
        "on sentences about synthetic people; its layers begin as the embedded text tower's last"
    )


def labelled_sentence(rng: Generator, held_out: bool = False) -> LabelledSentence:
    """A random sentence about somebody.

    rng: of all draws.
    held_out: with one of the phrases that training does not see.
    """
    if not held_out and rng.random() < 0.1:  # "a smiling girl"
        phrase, before = str(rng.choice(ADJECTIVES)), "a " if rng.random() < 0.85 else ""
        span = (len(before), len(before) + len(phrase), EXPRESSION)
        return LabelledSentence(f"{before}{phrase} {rng.choice(PEOPLE)}", (span,))
    person = random_person(rng)
    style = draw_style(person, list(HAIR_WORDS), rng)
    appearance = sample_appearance(person, rng, ("any",))
    asked = draw_asked(rng, held_out)
    phrase, single = asked.phrase, asked.name in TABLE
    if phrase and single and not held_out and rng.random() < 0.25:
        phrase = str(rng.choice(ADJECTIVES))
    elif phrase and single and rng.random() < 0.2:
        phrase = reworded(phrase, rng)
    colour = str(rng.choice(HAIR_NAMES[appearance.hair]))
    features = list(looks(appearance).items())
    look_words = [str(rng.choice(names)) for subject, names in features if subject not in ("beard", "tone")]
    look_words = [words for words in look_words if rng.random() < 0.4]
    person_words = [
        str(rng.choice(names)) for subject, names in features if subject in ("beard", "tone") and rng.random() < 0.4
    ]
    if rng.random() < 0.1:
        sentence = str(rng.choice([*PERSONAS.get(appearance.make_up, ()), *MATERIAL_NAMES["marble"]]))
        look_words = [sentence]
    else:
        sentence = person_sentence(person, style, rng, "", colour, [*look_words, *person_words]).rstrip(".")
    if rng.random() < 0.15:  # "a man with full lips": shapes that sound like expressions, without other words around
        sentence, look_words, phrase = one_shape(person, rng), [], phrase if rng.random() < 0.3 else ""
    if rng.random() < 0.2:  # "a woman without make-up", "a man who looks like NAME", "a nerd"
        sentence, aside_of_looks = draw_aside(sentence, rng)
        look_words = [*look_words, *aside_of_looks]
    if rng.random() < 0.15:  # "grandfather, asleep"
        sentence = _ARTICLE.sub("", sentence)
    sentence, (start, end) = place_phrase(sentence, phrase, rng, single)
    spans = [(start, end, EXPRESSION)] if phrase else []
    for words in look_words:
        match = re.search(rf"(?:\bwith )?\b{re.escape(words)}\b", sentence)
        if match and not any(match.start() < end and start < match.end() for start, end, _ in spans):
            spans.append((match.start(), match.end(), LOOKS))
    return LabelledSentence(sentence, tuple(spans))


def one_shape(person: Attributes, rng: Generator) -> str:
    """A sentence about one of a person's shapes and hardly anything else.

    person: whom to describe.
    rng: of the draws.
    """
    description = describe_person(person, "", rng)
    shapes = dict(list(description.shapes.items())[:1])
    return compose(replace(description, ancestry=None, weight=None, style=None, shapes=shapes), rng)


def place_phrase(sentence: str, phrase: str, rng: Generator, led: bool = True) -> tuple[str, tuple[int, int]]:
    """The sentence with the phrase of an expression in one of the usual places, and the span (start, end) of it.

    sentence: without an expression.
    phrase: of the expression; "" leaves the sentence as it is.
    rng: of the draws.
    led: whether "looking", "very" and the like may stand before it.
    """
    if not phrase:
        return sentence, (0, 0)
    opening = _OPENING.match(sentence)
    place = rng.random()
    if opening and _ADJECTIVE.fullmatch(phrase) and rng.random() < 0.5:  # "an angry old man"
        article = "an " if phrase[0] in "aeiou" else "a "
        before = (opening.group(1) or "") + article
        return f"{before}{phrase} {sentence[opening.end() :]}", (len(before), len(before) + len(phrase))
    lead = str(rng.choice(_LEADS)) if led and not phrase.startswith(("with", "who", "in ")) else ""
    phrase = lead + phrase
    if place < 0.15:  # before everything
        return f"{phrase}, {sentence}", (0, len(phrase))
    cut = sentence.find(" with ")
    if place < 0.4 and cut > 0:  # "a man smiling with joker makeup"
        return f"{sentence[:cut]} {phrase}{sentence[cut:]}", (cut + 1, cut + 1 + len(phrase))
    comma = sentence.find(", ")
    if place < 0.5 and comma > 0:  # between two other parts
        return f"{sentence[:comma]}, {phrase}{sentence[comma:]}", (comma + 2, comma + 2 + len(phrase))
    separator = ", " if rng.random() < 0.7 else " "
    start = len(sentence) + len(separator)
    return f"{sentence}{separator}{phrase}", (start, start + len(phrase))


def word_examples(text: TextModel, sentences: list[LabelledSentence]) -> list[Examples]:
    """The sentences as WordJudge reads them, in batches of about the same length.

    text: the text model, whose tower gives the states.
    sentences: with their labels.
    """
    texts = [sentence.text for sentence in sentences]
    words = [words_of(sentence)[:MOST_WORDS] for sentence in texts]
    numbers = [things_of(*pair) for pair in zip(texts, words, strict=True)]
    phrases = [thing_texts(*parts) for parts in zip(texts, words, numbers, strict=True)]
    phrase_rows = {phrase: row for row, phrase in enumerate(sorted({phrase for some in phrases for phrase in some}))}
    pooled = pooled_states(text, list(phrase_rows))
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    batches = []
    for first in trange(0, len(texts), BATCH, desc="sentences", mininterval=5):
        rows = order[first : first + BATCH]
        states, mask = encode_inner(text, [texts[row] for row in rows], OWN_LAYERS)
        token_weights = np.zeros((len(rows), MOST_WORDS, states.shape[1]), np.float32)
        phrase_states = np.zeros((len(rows), MOST_WORDS, pooled.shape[1]), np.float16)
        labels = np.full((len(rows), MOST_WORDS), NO_WORD, np.int64)
        for k, row in enumerate(rows):
            weights = token_shares(token_spans(text, texts[row]), words[row])
            token_weights[k, : weights.shape[0], : weights.shape[1]] = weights
            phrase_states[k, : len(weights)] = pooled[[phrase_rows[phrases[row][number]] for number in numbers[row]]]
            for column, word in enumerate(words[row]):
                subjects = [subject for start, end, subject in sentences[row].spans if start <= word.start < end]
                labels[k, column] = subjects[0] if subjects else APPEARANCE
        arrays = (states.astype(np.float16), mask, token_weights, phrase_states, labels)
        batches.append(Examples(*(torch.from_numpy(array) for array in arrays)))
    return batches


def fit(
    network: WordJudge, batches: list[Examples], rounds: int, seed: int, checkpoint: Checkpoint | None = None
) -> WordJudge:
    """Train a WordJudge with cross-entropy per word and the 1cycle policy; the tower's layers more slowly.

    network: trained in place, and returned ready for use.
    batches: of sentences.
    rounds: how often each batch is seen.
    seed: of their order.
    checkpoint: where the run is kept.
    """
    rates = [
        LEARNING_RATE * (TOWER_FRACTION if name.startswith("layers") else 1) for name, _ in network.named_parameters()
    ]
    groups = [{"params": [p], "lr": rate} for p, rate in zip(network.parameters(), rates, strict=True)]
    optimiser = torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY)
    order = np.concatenate([np.random.default_rng([seed, k]).permutation(len(batches)) for k in range(rounds)])
    network.train()

    def loss_of_step(step: int) -> Tensor:
        batch = batches[order[step]]
        scores = network(batch.states.float(), batch.mask, batch.token_weights, batch.phrases.float())
        return functional.cross_entropy(scores.flatten(0, 1), batch.labels.flatten(), ignore_index=NO_WORD)

    schedule = Schedule(
        steps=len(order),
        rate=one_cycle(len(order), PEAK, FIRST_RATE, 1, LAST_RATE),
        beta1=one_cycle(len(order), PEAK, HIGH_BETA1, LOW_BETA1, HIGH_BETA1),
        clip_norm=CLIP_NORM,
    )
    optimise(network, optimiser, loss_of_step, schedule, name="splitter", checkpoint=checkpoint)
    return network.eval().requires_grad_(False)


def evaluate(splitter: Splitter, rng: Generator, count: int) -> dict[str, float]:
    """Of sentences with phrases that training did not see: the fraction whose words of appearance are the same without
    the phrase, and the fraction with words of expression where the phrase is and only there.

    splitter: to be evaluated.
    rng: of the sentences.
    count: of sentences.
    """
    unchanged, detected = [], []
    for _ in range(count):
        person = random_person(rng)
        sentences = []
        base = person_sentence(person, draw_style(person, list(HAIR_WORDS), rng), rng, "", "brown", [])
        phrase = str(rng.choice(sorted(HELD_OUT)))
        sentences = [base, f"{base}, {phrase}"]
        plain, expressive = (split_prompt(splitter, sentence) for sentence in sentences)
        unchanged.append(plain.appearance == expressive.appearance)
        detected.append(plain.expression == "" and expressive.expression != "")
    return {
        "appearance unchanged by an unseen expression": round(float(np.mean(unchanged)), 4),
        "expression found where it is, and only there": round(float(np.mean(detected)), 4),
    }
