"""Train MLP_id and MLP_exp (CLIP-Head, section 2.1) and how identities vary; write the mapping's model folder.

    python -m training mapping --pairs weights/embedded/pairs --text weights/embedded/text

The networks are fitted to the captions and codes of `python -m training pairs`, for whatever text model is given; and,
as in the paper, to embeddings of renders of heads whose codes are known where --renders are given. In training MLP_id
has few outputs with a meaning: components of the person without shapes, values of the shapes, scores of hair and beard.
Afterwards the linear map from these to z_id is multiplied into its last layer. Seeded. --work keeps embeddings and
checkpoints: the same command goes on where it was interrupted.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn import functional

from clip_head.core.mapping import Clip2NPHM, load_mapping
from clip_head.core.models import EMBEDDED, open_model_folder, write_model_json
from clip_head.core.text import TextModel, load_text_model
from clip_head.core.types import Floats, ModelCard
from clip_head.training.engine.optimise import Checkpoint, Schedule, cosine, optimise
from clip_head.training.language.hair import STYLES
from clip_head.training.mapping.examples import Examples, log_deviations, render_examples, sentence_examples
from clip_head.training.mapping.layers import Whitening, jittered, layer_of, linear_classifier
from clip_head.training.mapping.pairs import SHAPE_EXTREMES, Pairs, load_pairs
from clip_head.training.text.embeddings import cached_embeddings

#: Examples in a step.
BATCH = 512
#: AdamW's learning rate at the start of the cosine, and its weight decay.
LEARNING_RATE, WEIGHT_DECAY = 1.5e-3, 1e-2
#: Learning rate where networks are continued with --start: they need to change little.
CONTINUED_LEARNING_RATE = 6e-4
#: Length of the noise that is added to embeddings of length 1 in training, for MLP_id and MLP_exp: unseen wordings lie
#: near seen ones. MLP_exp has fewer phrases to learn from and needs more of it.
IDENTITY_JITTER, EXPRESSION_JITTER = 0.25, 0.35
#: Added weight of a shape's error in sentences that mention it: a sentence mentions few of them, and without this the
#: many zeros pull the outputs down.
MENTIONED_WEIGHT = 4.0
#: Factor of a shape's displacement in z_id: regression shrinks its outputs towards the mean, to less than the captions
#: ask for.
SHAPE_GAIN = 1.57
#: The same for shapes that move the head little, or that NPHM represents faintly. As the shipped weights were trained.
SHAPE_GAINS = {
    "eyelid_fold": 2.71, "chin_cleft": 2.28, "nostrils": 2.14, "double_chin": 2.00, "skull": 1.86, "nose_hump": 1.86,
    "lips": 1.92, "eye_bags": 1.71, "mouth_level": 1.86, "eye_height": 1.78, "square": 1.71, "oval": 1.71,
    "round": 1.71, "diamond": 1.71, "head_fat": 1.71, "chin_width": 1.71, "jaw": 1.71,
}  # fmt: skip
#: Sentences that the last layer of a continued network is solved on: half of the shipped ones, enough for its 256
#: inputs.
LAST_LAYER_SENTENCES = 60000
#: Ridge of that least-squares problem, relative to the mean second moment of its inputs.
LAST_LAYER_RIDGE = 1e-4
#: Weights in MLP_id's loss of hair and beard, and of the person's components relative to what they move in z_id: so
#: hair and beards are learnt as reliably as the shapes, whose weight is 1.
HAIR_WEIGHT, BEARD_WEIGHT, PERSON_WEIGHT = 1.0, 1.5, 4.0
#: Weight of hair or beard in a sentence that does not mention it, where mentioned is 1.
UNMENTIONED_STYLE_WEIGHT = 0.2
#: A hair style at least this probable is one that the sentence mentions.
CERTAIN_STYLE = 0.99
#: Fraction of renders in a batch where MLP_id learns from sentences and renders, 1 in 16: the artist writes sentences.
RENDER_FRACTION = 0.0625
#: MLP_exp also classifies the named expressions by their distance from z_exp: inverse temperature of that
#: softmax, and weight of its cross-entropy beside the squared error of the weights of the actions.
CLASS_SHARPNESS, CLASS_WEIGHT = 4.0, 0.1
#: Weight of sentences without an expression: they are many, and unknown words must not become neutral for that.
NEUTRAL_WEIGHT = 0.3
#: Half of each batch of MLP_exp is phrases with so much noise that they lie between the known ones: length of the
#: noise, that of embeddings being 1. Their target is a mean of the named expressions, weighted by the softmax of linear
#: scores: inverse temperature of that softmax.
BETWEEN_JITTER, LINEAR_SHARPNESS = 1.3, 25.0


@dataclass(frozen=True)
class InitialNetworks:
    """Networks of a mapping whose training is continued; None for one that begins anew.

    identity: MLP_id.
    expression: MLP_exp.
    spread: from an embedding to the logarithms of the standard deviations of people around MLP_id's output.
    """

    identity: Clip2NPHM | None = None
    expression: Clip2NPHM | None = None
    spread: Clip2NPHM | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--pairs", type=Path, default=EMBEDDED / "pairs")
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text", help="folder of the text model")
    parser.add_argument("--renders", type=Path, help="embedded renders of known heads, beside the sentences")
    parser.add_argument("--work", type=Path, default=Path("out/training/mapping"))
    parser.add_argument("--out", type=Path, default=EMBEDDED / "mapping")
    parser.add_argument("--sentences", type=int, default=1 << 30, help="at most so many of each kind")
    parser.add_argument("--steps", type=int, default=7000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path, help="mapping of the same text model whose networks are continued")
    parser.add_argument("--images-only", action="store_true", help="MLP_id learns from the renders alone")
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--expression-only", action="store_true", help="train MLP_exp; all else stays as in --start")
    part.add_argument("--hair-only", action="store_true", help="train the scores of hair; all else stays, as there")


def run(args: argparse.Namespace) -> None:
    """Train the networks and write args.out.

    args: of add_arguments.
    """
    pairs, text = load_pairs(args.pairs), load_text_model(args.text)
    start = InitialNetworks() if args.start is None else read_start(args.start)
    torch.manual_seed(args.seed)
    identity, expression, spread = start.identity, start.expression, start.spread
    sentences = partial(embeddings, args.work / "sentences", text, pairs.texts[: args.sentences])
    if not (args.expression_only or args.hair_only):
        identity, spread = train_people(args, pairs, text, sentences(), start)
    if identity is None or spread is None:
        raise SystemExit("--expression-only and --hair-only keep MLP_id: name the mapping that has it with --start.")
    if args.hair_only:
        examples = sentence_examples(pairs, sentences())
        train_hair(identity, examples, len(pairs.mean), args.steps, checkpoint_of(args, "hair"))
    if not args.hair_only or expression is None:
        phrases = embeddings(args.work / "phrases", text, pairs.phrases[: args.sentences])
        checkpoint = checkpoint_of(args, "expression")
        expression = train_expression(phrases, pairs, args.steps // 2, start.expression, checkpoint)
    networks = {"identity": identity, "expression": expression, "spread": spread}
    write_folder(args.out, networks, pairs, command(args))
    for part in ("identity", "spread", "hair", "expression"):
        checkpoint_of(args, part).path.unlink(missing_ok=True)


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
    return torch.from_numpy(cached_embeddings(work, text, sentences))


def train_people(
    args: argparse.Namespace, pairs: Pairs, text: TextModel, embedding: torch.Tensor, start: InitialNetworks
) -> tuple[Clip2NPHM, Clip2NPHM]:
    """MLP_id and the network of the deviations around it.

    args: of the stage.
    pairs: captions and codes.
    text: the text model.
    embedding: (N, D) of the first N sentences about heads.
    start: networks to continue.
    """
    sources = [sentence_examples(pairs, embedding)]
    if args.renders is not None:
        renders = render_examples(args.renders, pairs, text)
        sources = [renders] if args.images_only else [*sources, renders]
    unit = float(np.linalg.norm(pairs.directions, axis=1).mean())
    if start.identity is not None:
        solve_last_layer(start.identity, sources[0], len(pairs.mean))
    identity = train_identity(sources, unit, args.steps, start.identity, checkpoint_of(args, "identity"))
    fold_decoder(identity, pairs)
    deviations = torch.from_numpy(log_deviations(pairs)[: len(embedding)])
    checkpoint = checkpoint_of(args, "spread")
    return identity, train_spread(embedding, deviations, args.steps // 3, start.spread, checkpoint)


def train_identity(
    sources: list[Examples],
    unit: float,
    steps: int,
    start: Clip2NPHM | None = None,
    checkpoint: Checkpoint | None = None,
) -> Clip2NPHM:
    """MLP_id whose outputs are components and shapes, then a score for each hair style (bald scores 0) and each beard
    (none scores 0).

    sources: sentences or renders, or sentences and then renders.
    unit: mean distance by which one extreme of a shape moves z_id. Errors of components, which are distances in z_id,
        are divided by it, so that they count like errors of shapes.
    steps: of the training.
    start: a network to continue.
    checkpoint: where the run is kept.
    """
    first = sources[0]
    widths = [first.target.shape[1], first.styles.shape[1] - 1, first.beards.shape[1] - 1]
    network = Clip2NPHM(first.embedding.shape[1], sum(widths))
    whiten = Whitening(torch.cat([examples.embedding for examples in sources]))
    whiten.unfold_into(network, start)
    components = first.target.shape[1] - len(SHAPE_EXTREMES)
    scale = torch.cat([torch.full((components,), unit / PERSON_WEIGHT**0.5), torch.ones(len(SHAPE_EXTREMES))])

    def loss_of(examples: Examples, count: int) -> torch.Tensor:
        rows = torch.randint(len(examples.embedding), (count,))
        output = network(whiten(jittered(examples.embedding[rows], IDENTITY_JITTER)))
        values, hair, beard = output.split(widths, dim=1)
        error = ((values - examples.target[rows]) / scale).square() * (1 + MENTIONED_WEIGHT * examples.mentioned[rows])
        styles, beards = examples.styles[rows], examples.beards[rows]
        hair_loss = style_loss(hair, styles, styles.amax(dim=1) > CERTAIN_STYLE)
        beard_loss = style_loss(beard, beards, examples.beard_said[rows] > 0)
        return error.sum(dim=1).mean() + HAIR_WEIGHT * hair_loss + BEARD_WEIGHT * beard_loss

    def loss() -> torch.Tensor:
        if len(sources) == 1:
            return loss_of(first, BATCH)
        count = round(BATCH * RENDER_FRACTION)
        return (1 - RENDER_FRACTION) * loss_of(first, BATCH - count) + RENDER_FRACTION * loss_of(sources[1], count)

    fit(network, loss, steps, "MLP_id", checkpoint, continued=start is not None)
    return whiten.fold_into(network)


def train_hair(
    network: Clip2NPHM, examples: Examples, width: int, steps: int, checkpoint: Checkpoint | None = None
) -> None:
    """Give MLP_id's last layer new scores of the hair styles, whatever their number was; its hidden layers stay.

    network: MLP_id, changed in place.
    examples: sentences.
    width: size of z_id without hair and beard, whose outputs come before the scores; those of the beards come after.
    steps: of the training.
    checkpoint: where the run is kept.
    """
    old_layer = network.requires_grad_(False).output_linear
    scores = torch.nn.Linear(old_layer.in_features, examples.styles.shape[1] - 1)
    network.output_linear = scores

    def loss() -> torch.Tensor:
        rows = torch.randint(len(examples.embedding), (BATCH,))
        styles = examples.styles[rows]
        mentioned = styles.amax(dim=1) > CERTAIN_STYLE
        return style_loss(network(jittered(examples.embedding[rows], IDENTITY_JITTER)), styles, mentioned)

    fit(network, loss, steps, "hair", checkpoint)
    with torch.no_grad():
        beards = slice(len(old_layer.weight) - examples.beards.shape[1] + 1, None)
        weight = torch.cat([old_layer.weight[:width], scores.weight, old_layer.weight[beards]])
        bias = torch.cat([old_layer.bias[:width], scores.bias, old_layer.bias[beards]])
    network.output_linear = layer_of(weight, bias)


def style_loss(scores: torch.Tensor, probabilities: torch.Tensor, mentioned: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of styles, in which sentences that mention one count most.

    scores: (N, S) of the styles; none scores 0.
    probabilities: (N, S + 1) of the styles and of none.
    mentioned: (N,) whether the sentence speaks of it.
    """
    scores = torch.cat([scores, scores.new_zeros(len(scores), 1)], dim=1)
    weight = torch.where(mentioned, 1.0, UNMENTIONED_STYLE_WEIGHT)
    return (weight * functional.cross_entropy(scores, probabilities, reduction="none")).mean()


def fold_decoder(network: Clip2NPHM, pairs: Pairs) -> None:
    """Multiply the map from components and shapes to z_id into the last layer; the scores after them stay.

    network: MLP_id, changed in place.
    pairs: with the axes and directions.
    """
    decoder = torch.from_numpy(np.vstack([pairs.axes, shape_gains()[:, None] * pairs.directions])).T
    last, count = network.output_linear, decoder.shape[1]
    with torch.no_grad():
        weight = torch.cat([decoder @ last.weight[:count], last.weight[count:]])
        bias = torch.cat([decoder @ last.bias[:count] + torch.from_numpy(pairs.mean), last.bias[count:]])
    network.output_linear = layer_of(weight, bias)


def read_start(folder: Path) -> InitialNetworks:
    """The networks of a mapping, to be continued.

    folder: of the mapping.
    """
    mapping = load_mapping(folder)
    return InitialNetworks(mapping.identity, mapping.expression, mapping.spread)


def solve_last_layer(network: Clip2NPHM, examples: Examples, width: int) -> None:
    """Give the last layer components and shapes as outputs again instead of z_id, by least squares on its inputs.

    fold_decoder cannot be inverted: many components and shapes give the same z_id, as the two extremes of a shape move
    it in opposite directions. The scores after z_id stay.

    network: MLP_id, changed in place.
    examples: of which the first LAST_LAYER_SENTENCES are used.
    width: of z_id without hair and beard.
    """
    inputs: list[torch.Tensor] = []
    handle = network.output_linear.register_forward_pre_hook(lambda _, arguments: inputs.append(arguments[0]))
    with torch.no_grad():
        network(examples.embedding[:LAST_LAYER_SENTENCES])
    handle.remove()
    hidden = torch.cat([inputs[0], torch.ones(len(inputs[0]), 1)], dim=1).double()
    moments = hidden.T @ hidden
    ridge = LAST_LAYER_RIDGE * moments.trace() / len(moments) * torch.eye(len(moments)).double()
    target = examples.target[:LAST_LAYER_SENTENCES].double()
    solution = torch.linalg.solve(moments + ridge, hidden.T @ target).T.float()
    last = network.output_linear
    weight = torch.cat([solution[:, :-1], last.weight[width:]])
    bias = torch.cat([solution[:, -1], last.bias[width:]])
    network.output_linear = layer_of(weight, bias)


def shape_gains() -> Floats:
    """(E,) factors of the extremes' displacements in z_id, in the order of SHAPE_EXTREMES."""
    return np.array([SHAPE_GAINS.get(name, SHAPE_GAIN) for name, _ in SHAPE_EXTREMES], np.float32)


def train_spread(
    embedding: torch.Tensor,
    logarithms: torch.Tensor,
    steps: int,
    start: Clip2NPHM | None = None,
    checkpoint: Checkpoint | None = None,
) -> Clip2NPHM:
    """The network from an embedding to the logarithm of the deviation along each axis of variation.

    embedding: (N, D) of sentences.
    logarithms: (N, K) of their deviations.
    steps, start, checkpoint: as in train_identity.
    """
    network = Clip2NPHM(embedding.shape[1], logarithms.shape[1])
    whiten = Whitening(embedding)
    whiten.unfold_into(network, start)

    def loss() -> torch.Tensor:
        rows = torch.randint(len(embedding), (BATCH,))
        return (network(whiten(jittered(embedding[rows], IDENTITY_JITTER))) - logarithms[rows]).square().mean()

    fit(network, loss, steps, "deviations", checkpoint, continued=start is not None)
    return whiten.fold_into(network)


def train_expression(
    embedding: torch.Tensor,
    pairs: Pairs,
    steps: int,
    start: Clip2NPHM | None = None,
    checkpoint: Checkpoint | None = None,
) -> Clip2NPHM:
    """MLP_exp: embeddings to z_exp (52,), near the weights asked for and nearer to them than to other expressions'.

    A thousand phrases do not determine what eight layers do between them; a linear classifier errs less there. So half
    of each batch is phrases for one expression with much noise, whose target is what the linear classifier says. What
    is asked for beside an expression, or denied, has no class: it is learnt by its weights alone.

    embedding: (N, D) of the first N phrases.
    pairs: with the phrases' expressions.
    steps, start, checkpoint: as in train_identity.
    """
    expression = torch.from_numpy(pairs.expression[: len(embedding)]).long()
    table = torch.from_numpy(pairs.expressions)
    asked = torch.from_numpy(pairs.z_exp[: len(embedding)])
    neutral = int(table.square().sum(dim=1).argmin())
    named = torch.nonzero(expression >= 0).flatten()
    scores = linear_classifier(embedding[named], expression[named], len(table))
    network = Clip2NPHM(embedding.shape[1], table.shape[1])
    whiten = Whitening(embedding)
    whiten.unfold_into(network, start)
    # Expressions with many phrases are drawn more often, but less so than in proportion.
    phrase_weight = torch.bincount(expression[named], minlength=len(table)).float().rsqrt()[expression[named]]

    def loss() -> torch.Tensor:
        rows = torch.randint(len(embedding), (BATCH // 2,))
        target = expression[rows]
        z_exp = network(whiten(jittered(embedding[rows], EXPRESSION_JITTER)))
        error = (z_exp - asked[rows]).square().sum(dim=1)
        weight = torch.where(target == neutral, NEUTRAL_WEIGHT, 1.0)
        distances = torch.cdist(z_exp, table)
        class_loss = functional.cross_entropy(-CLASS_SHARPNESS * distances, target, ignore_index=-1, reduction="none")
        drawn = named[torch.multinomial(phrase_weight, BATCH // 2, replacement=True)]
        between = jittered(embedding[drawn], BETWEEN_JITTER)
        probability = functional.softmax(LINEAR_SHARPNESS * (between @ scores[:-1] + scores[-1]), dim=1)
        between_error = (network(whiten(between)) - probability @ table).square().sum(dim=1)
        return (weight * (error + CLASS_WEIGHT * class_loss)).mean() + between_error.mean()

    fit(network, loss, steps, "MLP_exp", checkpoint, continued=start is not None)
    return whiten.fold_into(network)


def fit(
    network: torch.nn.Module,
    loss: Callable[[], torch.Tensor],
    steps: int,
    name: str,
    checkpoint: Checkpoint | None,
    continued: bool = False,
) -> None:
    """Minimise a loss with AdamW and a cosine schedule.

    network: trained in place.
    loss: draws a batch and computes its loss.
    steps: of the training.
    name: of what is trained, for the progress bar.
    checkpoint: where the run is kept; None: nowhere.
    continued: whether the network begins with trained weights.
    """
    rate = CONTINUED_LEARNING_RATE if continued else LEARNING_RATE
    optimiser = torch.optim.AdamW(network.parameters(), rate, weight_decay=WEIGHT_DECAY)
    schedule = Schedule(steps=steps, rate=cosine())
    optimise(network, optimiser, lambda step: loss(), schedule, name=name, checkpoint=checkpoint)


def write_folder(out: Path, networks: dict[str, Clip2NPHM], pairs: Pairs, source: str) -> None:
    """Save the networks as float16 and describe the folder.

    out: the folder.
    networks: by their names in the folder.
    pairs: with the axes of variation, the styles and the beards.
    source: the command that made them.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name, network in networks.items():
        tensors = {key: tensor.detach().half().contiguous() for key, tensor in network.state_dict().items()}
        save_file(tensors, out / f"{name}.safetensors")
    save_file({"basis": torch.from_numpy(pairs.ways).half()}, out / "basis.safetensors")
    files = {name: f"{name}.safetensors" for name in (*networks, "basis")}
    config: dict[str, Any] = files | {"hair_styles": len(STYLES), "beards": len(pairs.beards)}
    card = ModelCard("mapping", "CLIP-Head embedded MLP_id and MLP_exp", "CC0-1.0", source)
    write_model_json(out, card, config, {}, list(files.values()))


def command(args: argparse.Namespace) -> str:
    """The command that makes this model, for model.json.

    args: of the stage.
    """
    renders = "" if args.renders is None else f" --renders FILE{' --images-only' if args.images_only else ''}"
    only = f"{' --expression-only' if args.expression_only else ''}{' --hair-only' if args.hair_only else ''}"
    words = f"python -m training mapping --steps {args.steps} --seed {args.seed}{renders}{only}"
    if args.start is not None:
        words += f" --start (the networks of: {open_model_folder(args.start, 'mapping').card.source})"
    return f"{words}, on the pairs of {open_model_folder(args.pairs, 'pairs').card.source}"
