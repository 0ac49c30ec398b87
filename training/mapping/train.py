"""Train MLP_id and MLP_exp (CLIP-Head, section 2.1) and how identities vary; write the mapping's model folder.

    python -m training mapping --pairs weights/embedded/pairs --text weights/embedded/text

The networks are fitted to the captions and codes of `python -m training pairs`, for whatever text model is given. In
training MLP_id has few outputs with a meaning: components of the person without shapes, values of the shapes, scores of
hair and beard. Afterwards the linear map from these to z_id is multiplied into its last layer. Seeded. --work keeps
embeddings and checkpoints: the same command goes on where it was interrupted.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn import functional

from clip_head.core.mapping import Clip2NPHM
from clip_head.core.models import EMBEDDED, open_model_folder, write_model_json
from clip_head.core.text import TextModel, load_text_model
from clip_head.core.types import Floats, ModelCard
from clip_head.training.engine.optimise import Checkpoint, Schedule, cosine, optimise
from clip_head.training.language.hair import STYLES
from clip_head.training.mapping.descriptions import SHAPE_EXTREMES
from clip_head.training.mapping.examples import Examples, log_deviations, sentence_examples, shape_readings
from clip_head.training.mapping.layers import Whitening, jittered, layer_of, linear_classifier
from clip_head.training.mapping.pairs import VARIATION_AXES, Pairs, load_pairs
from clip_head.training.teacher.dataset import LICENCE
from clip_head.training.text.embeddings import cached_embeddings

#: Examples in a step. The networks are limited by their number of steps: of 1.5 million examples, batches of 128 teach
#: MLP_id more than 256, 512, or 64.
BATCH = 128
#: Sentences whose embeddings are kept together: an interruption loses those of a few minutes.
CACHED = 50_000
#: How many times fewer steps the deviations, MLP_exp and the styles take than MLP_id: they have less to learn.
SPREAD_PART, EXPRESSION_PART, STYLES_PART = 8, 4, 8
#: The networks of MLP_exp, by the names of their checkpoints; what they give is averaged. One alone takes unseen
#: wordings for another expression half as often again: which ones is a matter of its random start.
EXPRESSION_MEMBERS = ("expression_0", "expression_1")
#: The networks that score hair and beards beside MLP_id, likewise: in it, they are few numbers among many.
STYLES_MEMBERS = ("styles_0", "styles_1")
#: AdamW's learning rate at the start of the cosine, and its weight decay.
LEARNING_RATE, WEIGHT_DECAY = 1e-3, 1e-2
#: Length of the noise that is added to embeddings of length 1 in training, for MLP_id and MLP_exp: unseen wordings lie
#: near seen ones. MLP_exp has fewer phrases to learn from and needs more of it; of MLP_id's, 0.12 taught more of unseen
#: sentences and wordings than 0.25.
IDENTITY_JITTER, EXPRESSION_JITTER = 0.12, 0.35
#: Beside a batch of sentences MLP_id learns from so many means of two, each of which mentions one shape at least and so
#: many at most, weighted from this to the other end: it asks for the shapes of both. The tower's embedding is a mean
#: over words, so this is nearly what one sentence about all of it would have; and there are far more pairs than
#: sentences, whose combinations of shapes MLP_id would else learn by heart.
MIXTURES, FEW_SHAPES, MIXED_FROM = 64, 2, 0.35
#: Added weight of a shape's error in sentences that mention it: a sentence mentions few of them, and without this the
#: many zeros pull the outputs down.
MENTIONED_WEIGHT = 4.0
#: Sentences that the shapes' gains are measured on, enough for each extreme to be mentioned some hundred times; the
#: least and the greatest gain; and by how much shapes are overstated, as people expect of words. Chosen by the suite.
GAIN_SENTENCES, GAIN_LIMITS, OVERSTATEMENT = 40_000, (1.0, 3.0), 1.15
#: Weights in MLP_id's loss of hair and beard, and of the person's components relative to what they move in z_id: so
#: hair and beards are learnt as reliably as the shapes, whose weight is 1.
HAIR_WEIGHT, BEARD_WEIGHT, PERSON_WEIGHT = 1.0, 1.5, 4.0
#: Weight of hair or beard in a sentence that does not mention it, where mentioned is 1.
UNMENTIONED_STYLE_WEIGHT = 0.2
#: A hair style at least this probable is one that the sentence mentions.
CERTAIN_STYLE = 0.99
#: MLP_exp also classifies the named expressions by their distance from z_exp: inverse temperature of that
#: softmax, and weight of its cross-entropy beside the squared error of the weights of the actions.
CLASS_SHARPNESS, CLASS_WEIGHT = 4.0, 0.1
#: Weight of captions that ask for several expressions at once, less of one, or none of one: the half of each batch that
#: lies between named expressions pulls them towards these.
MIXTURE_WEIGHT = 2.5
#: Weight of sentences without an expression: they are many, and unknown words must not become neutral for that.
NEUTRAL_WEIGHT = 0.3
#: Half of each batch of MLP_exp is phrases with so much noise that they lie between the known ones: length of the
#: noise, that of embeddings being 1. Their target is a mean of the named expressions, weighted by the softmax of linear
#: scores: inverse temperature of that softmax.
BETWEEN_JITTER, LINEAR_SHARPNESS = 1.3, 25.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--pairs", type=Path, default=EMBEDDED / "pairs")
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text", help="folder of the text model")
    parser.add_argument("--work", type=Path, default=Path("out/training/mapping"))
    parser.add_argument("--out", type=Path, default=EMBEDDED / "mapping")
    parser.add_argument("--sentences", type=int, default=1 << 30, help="at most so many of each kind")
    parser.add_argument("--steps", type=int, default=28000)
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> None:
    """Train the networks and write args.out.

    args: of add_arguments.
    """
    pairs, text = load_pairs(args.pairs), load_text_model(args.text)
    sentences = embeddings(args.work / "sentences", text, pairs.texts[: args.sentences])
    torch.manual_seed(args.seed)  # before each network: what one of them draws does not depend on the others
    examples = sentence_examples(pairs, sentences)
    identity = train_identity(examples, pairs, args.steps, checkpoint_of(args, "identity"))
    styles = members(args, STYLES_MEMBERS, partial(train_styles, examples, args.steps // STYLES_PART))
    deviations = torch.from_numpy(log_deviations(pairs)[: len(sentences)])
    torch.manual_seed(args.seed)
    spread = train_spread(sentences, deviations, args.steps // SPREAD_PART, checkpoint_of(args, "spread"))
    phrases = embeddings(args.work / "phrases", text, pairs.phrases[: args.sentences])
    steps = args.steps // EXPRESSION_PART
    expression = members(args, EXPRESSION_MEMBERS, partial(train_expression, phrases, pairs, steps))
    networks = {"identity": identity, "expression": expression, "spread": spread, "styles": styles}
    write_folder(args.out, networks, pairs, command(args))
    for part in ("identity", "spread", *EXPRESSION_MEMBERS, *STYLES_MEMBERS):
        checkpoint_of(args, part).path.unlink(missing_ok=True)


def members(
    args: argparse.Namespace, parts: Sequence[str], train: Callable[[Checkpoint], torch.nn.Module]
) -> torch.nn.ModuleList:
    """Networks that are trained alike from neighbouring seeds, to be averaged.

    args: of the stage.
    parts: the names of their checkpoints.
    train: trains one, kept in a checkpoint.
    """
    networks = torch.nn.ModuleList()
    for number, part in enumerate(parts):
        torch.manual_seed(args.seed + number)
        networks.append(train(checkpoint_of(args, part)))
    return networks


def checkpoint_of(args: argparse.Namespace, part: str) -> Checkpoint:
    """Where the training of one network is kept until the model is written.

    args: of the stage.
    part: name of the network.
    """
    settings = f"{command(args)}, at most {args.sentences} sentences, for {args.text}"
    return Checkpoint(args.work / f"{part}_checkpoint.pt", settings)


def embeddings(work: Path, text: TextModel, sentences: list[str]) -> torch.Tensor:
    """The embeddings (N, D) of sentences, of length 1.

    work: folder that keeps them.
    text: the text model.
    sentences: N of them.
    """
    chunks = [sentences[start : start + CACHED] for start in range(0, len(sentences), CACHED)]
    return torch.from_numpy(np.concatenate([cached_embeddings(work, text, chunk) for chunk in chunks]))


def train_identity(examples: Examples, pairs: Pairs, steps: int, checkpoint: Checkpoint | None = None) -> Clip2NPHM:
    """MLP_id. It is trained with outputs that mean something, components and shapes, then a score for each hair style
    (bald scores 0) and each beard (none scores 0); afterwards the map from these to z_id is multiplied into it.

    examples: sentences.
    pairs: with the axes and directions of components and shapes in z_id.
    steps: of the training.
    checkpoint: where the run is kept.
    """
    widths = [examples.target.shape[1], examples.styles.shape[1] - 1, examples.beards.shape[1] - 1]
    network = Clip2NPHM(examples.embedding.shape[1], sum(widths))
    whiten = Whitening(examples.embedding)
    # Errors of components, which are distances in z_id, are divided by what one extreme of a shape moves it, so that
    # they count like errors of shapes.
    unit = float(np.linalg.norm(pairs.directions, axis=1).mean())
    components = examples.target.shape[1] - len(SHAPE_EXTREMES)
    scale = torch.cat([torch.full((components,), unit / PERSON_WEIGHT**0.5), torch.ones(len(SHAPE_EXTREMES))])

    shapes = slice(components, components + len(SHAPE_EXTREMES))
    counts = examples.mentioned[:, shapes].sum(dim=1)
    few = torch.nonzero((counts > 0) & (counts <= FEW_SHAPES)).flatten()
    mixed = MIXTURES if len(few) else 0

    def loss() -> torch.Tensor:
        rows = torch.randint(len(examples.embedding), (BATCH,))
        between, both, either = mixtures(examples, few[torch.randint(max(len(few), 1), (2, mixed))])
        output = network(whiten(jittered(torch.cat([examples.embedding[rows], between]), IDENTITY_JITTER)))
        values, hair, beard = output[:BATCH].split(widths, dim=1)
        error = ((values - examples.target[rows]) / scale).square() * (1 + MENTIONED_WEIGHT * examples.mentioned[rows])
        error_between = (output[BATCH:, : widths[0]] - both).square() * (1 + MENTIONED_WEIGHT * either)
        error_of_shapes = error_between[:, shapes].sum() / max(mixed, 1)
        return error.sum(dim=1).mean() + error_of_shapes + styles_loss(hair, beard, examples, rows)

    fit(network, loss, steps, "MLP_id", checkpoint)
    whole = whiten.fold_into(network)
    fold_decoder(whole, pairs, shape_gains(whole, examples, components))
    return whole


def mixtures(examples: Examples, pairs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Means of two sentences' embeddings (M, D), of length 1, the greater of both targets (M, C + E), and what either
    mentions (M, C + E).

    examples: sentences.
    pairs: (2, M) of their numbers.
    """
    first, second = pairs
    weight = MIXED_FROM + (1 - 2 * MIXED_FROM) * torch.rand(len(first), 1)
    mean = weight * examples.embedding[first] + (1 - weight) * examples.embedding[second]
    both = torch.maximum(examples.target[first], examples.target[second])
    either = torch.maximum(examples.mentioned[first], examples.mentioned[second])
    return functional.normalize(mean, dim=1), both, either


def style_loss(scores: torch.Tensor, probabilities: torch.Tensor, mentioned: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of styles, in which sentences that mention one count most.

    scores: (N, S) of the styles; none scores 0.
    probabilities: (N, S + 1) of the styles and of none.
    mentioned: (N,) whether the sentence speaks of it.
    """
    scores = torch.cat([scores, scores.new_zeros(len(scores), 1)], dim=1)
    weight = torch.where(mentioned, 1.0, UNMENTIONED_STYLE_WEIGHT)
    return (weight * functional.cross_entropy(scores, probabilities, reduction="none")).mean()


def fold_decoder(network: Clip2NPHM, pairs: Pairs, gains: Floats) -> None:
    """Multiply the map from components and shapes to z_id into the last layer; the scores after them stay.

    network: MLP_id, changed in place.
    pairs: with the axes and directions.
    gains: (E,) factors of the shapes' values.
    """
    decoder = torch.from_numpy(np.vstack([pairs.axes, gains[:, None] * pairs.directions])).T
    last, count = network.output_linear, decoder.shape[1]
    with torch.no_grad():
        weight = torch.cat([decoder @ last.weight[:count], last.weight[count:]])
        bias = torch.cat([decoder @ last.bias[:count] + torch.from_numpy(pairs.mean), last.bias[count:]])
    network.output_linear = layer_of(weight, bias)


@torch.no_grad()
def shape_gains(network: Clip2NPHM, examples: Examples, components: int) -> Floats:
    """(E,) factors that undo what regression shrinks: of sentences that mention an extreme, the values asked for
    divided by those answered, by least squares.

    network: whose outputs are components, shapes and scores.
    examples: sentences; the first GAIN_SENTENCES are used.
    components: how many outputs come before the shapes.
    """
    shapes = slice(components, components + len(SHAPE_EXTREMES))
    asked = examples.target[:GAIN_SENTENCES, shapes] * examples.mentioned[:GAIN_SENTENCES, shapes]
    answered = network(examples.embedding[:GAIN_SENTENCES])[:, shapes]
    gains = asked.square().sum(dim=0) / (asked * answered).sum(dim=0).clamp_min(1e-6)
    return np.asarray(gains.clamp(*GAIN_LIMITS).numpy() * OVERSTATEMENT, np.float32)


def train_styles(examples: Examples, steps: int, checkpoint: Checkpoint | None = None) -> Clip2NPHM:
    """A network from an embedding to the scores of hair styles and then of beards, as at the end of MLP_id's.

    examples: sentences.
    steps, checkpoint: as in train_identity.
    """
    widths = [examples.styles.shape[1] - 1, examples.beards.shape[1] - 1]
    network = Clip2NPHM(examples.embedding.shape[1], sum(widths))
    whiten = Whitening(examples.embedding)

    def loss() -> torch.Tensor:
        rows = torch.randint(len(examples.embedding), (BATCH,))
        scores = network(whiten(jittered(examples.embedding[rows], IDENTITY_JITTER)))
        hair, beard = scores.split(widths, dim=1)
        return styles_loss(hair, beard, examples, rows)

    fit(network, loss, steps, "styles", checkpoint)
    return whiten.fold_into(network)


def styles_loss(hair: torch.Tensor, beard: torch.Tensor, examples: Examples, rows: torch.Tensor) -> torch.Tensor:
    """The loss of a batch's scores of hair (B, H) and of beards (B, S).

    examples, rows: (B,) of the batch.
    """
    styles, beards = examples.styles[rows], examples.beards[rows]
    hair_loss = style_loss(hair, styles, styles.amax(dim=1) > CERTAIN_STYLE)
    return HAIR_WEIGHT * hair_loss + BEARD_WEIGHT * style_loss(beard, beards, examples.beard_said[rows] > 0)


def train_spread(
    embedding: torch.Tensor,
    logarithms: torch.Tensor,
    steps: int,
    checkpoint: Checkpoint | None = None,
) -> Clip2NPHM:
    """The network from an embedding to the logarithm of the deviation along each axis of variation.

    embedding: (N, D) of sentences.
    logarithms: (N, K) of their deviations.
    steps, checkpoint: as in train_identity.
    """
    network = Clip2NPHM(embedding.shape[1], logarithms.shape[1])
    whiten = Whitening(embedding)

    def loss() -> torch.Tensor:
        rows = torch.randint(len(embedding), (BATCH,))
        return (network(whiten(jittered(embedding[rows], IDENTITY_JITTER))) - logarithms[rows]).square().mean()

    fit(network, loss, steps, "deviations", checkpoint)
    return whiten.fold_into(network)


def train_expression(
    embedding: torch.Tensor,
    pairs: Pairs,
    steps: int,
    checkpoint: Checkpoint | None = None,
) -> Clip2NPHM:
    """MLP_exp: embeddings to z_exp (52,), near the weights asked for and nearer to them than to other expressions'.

    A thousand phrases do not determine what eight layers do between them; a linear classifier errs less there. So half
    of each batch is phrases for one expression with much noise, whose target is what the linear classifier says. What
    is asked for beside an expression, or denied, has no class: it is learnt by its weights alone.

    embedding: (N, D) of the first N phrases.
    pairs: with the phrases' expressions.
    steps, checkpoint: as in train_identity.
    """
    expression = torch.from_numpy(pairs.expression[: len(embedding)]).long()
    table = torch.from_numpy(pairs.expressions)
    asked = torch.from_numpy(pairs.z_exp[: len(embedding)])
    neutral = int(table.square().sum(dim=1).argmin())
    named = torch.nonzero(expression >= 0).flatten()
    scores = linear_classifier(embedding[named], expression[named], len(table))
    network = Clip2NPHM(embedding.shape[1], table.shape[1])
    whiten = Whitening(embedding)
    # Expressions with many phrases are drawn more often, but less so than in proportion.
    phrase_weight = torch.bincount(expression[named], minlength=len(table)).float().rsqrt()[expression[named]]

    def loss() -> torch.Tensor:
        rows = torch.randint(len(embedding), (BATCH // 2,))
        target = expression[rows]
        z_exp = network(whiten(jittered(embedding[rows], EXPRESSION_JITTER)))
        error = (z_exp - asked[rows]).square().sum(dim=1)
        weight = torch.where(target == neutral, NEUTRAL_WEIGHT, torch.where(target < 0, MIXTURE_WEIGHT, 1.0))
        distances = torch.cdist(z_exp, table)
        class_loss = functional.cross_entropy(-CLASS_SHARPNESS * distances, target, ignore_index=-1, reduction="none")
        drawn = named[torch.multinomial(phrase_weight, BATCH // 2, replacement=True)]
        between = jittered(embedding[drawn], BETWEEN_JITTER)
        probability = functional.softmax(LINEAR_SHARPNESS * (between @ scores[:-1] + scores[-1]), dim=1)
        between_error = (network(whiten(between)) - probability @ table).square().sum(dim=1)
        return (weight * (error + CLASS_WEIGHT * class_loss)).mean() + between_error.mean()

    fit(network, loss, steps, "MLP_exp", checkpoint)
    return whiten.fold_into(network)


def fit(
    network: torch.nn.Module,
    loss: Callable[[], torch.Tensor],
    steps: int,
    name: str,
    checkpoint: Checkpoint | None,
) -> None:
    """Minimise a loss with AdamW and a cosine schedule.

    network: trained in place.
    loss: draws a batch and computes its loss.
    steps: of the training.
    name: of what is trained, for the progress bar.
    checkpoint: where the run is kept; None: nowhere.
    """
    optimiser = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY, fused=True)
    schedule = Schedule(steps=steps, rate=cosine())
    optimise(network, optimiser, lambda step: loss(), schedule, name=name, checkpoint=checkpoint)


def write_folder(out: Path, networks: Mapping[str, torch.nn.Module], pairs: Pairs, source: str) -> None:
    """Save the networks as float16 and describe the folder.

    out: the folder.
    networks: by their names in the folder.
    pairs: with the axes of variation, the readings, the styles and the beards.
    source: the command that made them.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name, network in networks.items():
        tensors = {key: tensor.detach().half().contiguous() for key, tensor in network.state_dict().items()}
        save_file(tensors, out / f"{name}.safetensors")
    save_file({"basis": torch.from_numpy(pairs.ways).half()}, out / "basis.safetensors")
    tables, readings = ["basis"], shape_readings(pairs)
    if readings is not None:
        tensors = {
            "values": torch.from_numpy(readings.values).half(),
            "rows": torch.from_numpy(readings.rows.astype(np.int32)),
            "mentioned": torch.from_numpy(readings.mentioned),
            "open": torch.from_numpy(readings.open),
        }
        save_file(tensors, out / "readings.safetensors")
        tables.append("readings")
    files = {name: f"{name}.safetensors" for name in (*networks, *tables)}
    config: dict[str, Any] = files | {"hair_styles": len(STYLES), "beards": len(pairs.beards)}
    config["ancestry_axes"] = [VARIATION_AXES.index(name) for name in ("african", "asian")]
    card = ModelCard("mapping", "CLIP-Head embedded MLP_id and MLP_exp", LICENCE, source)
    write_model_json(out, card, config, {}, list(files.values()))


def command(args: argparse.Namespace) -> str:
    """The command that makes this model, for model.json.

    args: of the stage.
    """
    words = f"python -m training mapping --steps {args.steps} --seed {args.seed}"
    return f"{words}, on the pairs of {open_model_folder(args.pairs, 'pairs').card.source}"
