"""Train MLP_id and MLP_exp (CLIP-Head, section 2.1) and how identities scatter; write the mapping's model folder.

    python -m training mapping --pairs weights/embedded/pairs --text weights/embedded/text

The networks are fitted to the captions and codes of `python -m training pairs`, for whatever text model is given; and,
as in the paper, to embeddings of renders of heads whose codes are known where --renders are given. MLP_id answers in
few numbers with a meaning (components of the person without shapes, values of the shapes), which a linear last layer
then turns into z_id. Seeded; embeddings of the sentences are kept in --work.
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
from tqdm import trange

from clip_head.core.mapping import Clip2NPHM, load_mapping
from clip_head.core.models import EMBEDDED, open_model_folder, write_model_json
from clip_head.core.text import TextModel, load_text_model
from clip_head.core.types import Floats, ModelCard
from clip_head.training.language.hair import BEARDS, HIDDEN_BY, STYLES
from clip_head.training.mapping.pairs import PHENOTYPE_AXES, SHAPE_EXTREMES, VARIATION_AXES, Pairs, load_pairs, region
from clip_head.training.teacher.identities import SHAPES
from clip_head.training.text.contrastive import image_embeddings
from clip_head.training.text.embeddings import cached_embeddings

BATCH = 512
RATE = 1.5e-3
#: The same where networks are continued.
RATE_CONTINUED = 6e-4
#: Noise on embeddings while training, as a share of their length: unseen wordings land near seen ones.
JITTER = 0.25
JITTER_EXPRESSION = 0.35
#: Variance of the loudest direction of the embeddings, as a share, below which a direction is not made louder.
FAINTEST = 0.02
#: How much more an end of a shape counts where it is said: a sentence speaks of few, and a regression shrinks what it
#: is unsure of.
SPOKEN_WEIGHT = 4.0
#: How much louder the ends of shapes are made in z_id; more where they move little, or NPHM shows less of them.
EMPHASIS = 1.57
LOUDER = {
    "eyelid_fold": 2.71, "chin_cleft": 2.28, "nostrils": 2.14, "double_chin": 2.00, "skull": 1.86, "nose_hump": 1.86,
    "lips": 1.92, "eye_bags": 1.71, "mouth_level": 1.86, "eye_height": 1.78, "square": 1.71, "oval": 1.71,
    "round": 1.71, "diamond": 1.71, "head_fat": 1.71, "chin_width": 1.71, "jaw": 1.71,
}  # fmt: skip
#: Sentences by which a continued network's last layer is settled.
SETTLED = 60000
#: What hair and beard count beside them; and a person without shapes, beyond what errors in it move.
HAIR_WEIGHT, BEARD_WEIGHT, PERSON_WEIGHT = 1.0, 1.5, 4.0
#: How much less hair or beard counts in a sentence that does not speak of it.
UNSPOKEN_WEIGHT = 0.2
#: Share of pictures in a batch where MLP_id learns from both.
PICTURES = 0.0625
#: Deviations of people along VARIATION_AXES where nothing is said, where the same region is spoken of, and where it is
#: said.
SILENT = {"female": 0.5, "old": 0.25, "african": 0.25, "asian": 0.25, "weight": 0.25}
SILENT_SHAPE, NEARBY, SPOKEN = 0.32, 0.12, 0.05
#: How sharply MLP_exp must tell the named expressions apart, and what that counts beside the weights of the actions.
SHARPNESS, NAMED_WEIGHT = 4.0, 0.1
#: What sentences without expression count: many say nothing, and unknown words must not fall to it for that.
NEUTRAL_WEIGHT = 0.3
#: Noise on phrases, as a share of their length, where a linear reading is followed; its ridge, and how decided it is.
JITTER_BETWEEN, RIDGE, CERTAINTY = 1.3, 0.1, 25.0


@dataclass(frozen=True)
class Examples:
    """Embeddings (N, D), answers (N, C + E) of MLP_id, which of them are said (N, C + E), and how likely each hair
    style (N, S + 1; the last is bald) and beard is (N, B + 1; the last is none)."""

    embedding: torch.Tensor
    answer: torch.Tensor
    said: torch.Tensor
    styles: torch.Tensor
    beards: torch.Tensor


@dataclass(frozen=True)
class Start:
    """Networks to continue; MLP_id's answers with components and ends."""

    identity: Clip2NPHM | None = None
    expression: Clip2NPHM | None = None
    spread: Clip2NPHM | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--pairs", type=Path, default=EMBEDDED / "pairs")
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text", help="folder of the text model")
    parser.add_argument("--renders", type=Path, help="embedded renders of known heads, beside the sentences")
    parser.add_argument("--work", type=Path, default=Path("out/training/mapping4"))
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
    """Train the networks and write args.out."""
    pairs, text = load_pairs(args.pairs), load_text_model(args.text)
    count, phrases = (min(args.sentences, len(texts)) for texts in (pairs.texts, pairs.phrases))
    start = Start() if args.start is None else read_start(args.start)
    torch.manual_seed(args.seed)
    identity, expression, spread = start.identity, start.expression, start.spread
    said = partial(embedded, args.work / "sentences", text, pairs.texts[:count])
    if not (args.expression_only or args.hair_only):
        identity, spread = train_people(args, pairs, text, said(), start)
    if identity is None or spread is None:
        raise SystemExit("--expression-only and --hair-only keep MLP_id: name the mapping that has it with --start.")
    if args.hair_only:
        train_hair(identity, sentence_examples(pairs, said()), len(pairs.mean), args.steps)
    if not args.hair_only or expression is None:
        phrase = embedded(args.work / "phrases", text, pairs.phrases[:phrases])
        expression = train_expression(phrase, pairs, args.steps // 2, start.expression)
    write_folder(
        args.out, {"identity": identity, "expression": expression, "spread": spread}, pairs.ways, command(args)
    )


def embedded(work: Path, text: TextModel, sentences: list[str]) -> torch.Tensor:
    """The embeddings (N, D) of sentences, kept in the folder `work`."""
    return torch.from_numpy(cached_embeddings(work, text, sentences))


def train_people(
    args: argparse.Namespace, pairs: Pairs, text: TextModel, said: torch.Tensor, start: Start
) -> tuple[Clip2NPHM, Clip2NPHM]:
    """MLP_id and the spread of those it may mean, from the embeddings (N, D) of the sentences about heads."""
    sources = [sentence_examples(pairs, said)]
    if args.renders is not None:
        shown = picture_examples(args.renders, pairs, text)
        sources = [shown] if args.images_only else [*sources, shown]
    unit = float(np.linalg.norm(pairs.directions, axis=1).mean())
    if start.identity is not None:
        settle(start.identity, sources[0], len(pairs.mean))
    identity = train_identity(sources, unit, args.steps, start.identity)
    fold_answers(identity, pairs)
    logarithms = torch.from_numpy(log_deviations(pairs)[: len(said)])
    return identity, train_spread(said, logarithms, args.steps // 3, start.spread)


def sentence_examples(pairs: Pairs, embedding: torch.Tensor) -> Examples:
    """The sentences about heads as MLP_id learns them."""
    count = len(embedding)
    person = pairs.person[:count]
    worn = np.append(np.eye(len(STYLES) + 1), np.zeros((1, len(STYLES) + 1)), axis=0)[pairs.style[:count]]
    open_style = pairs.style[:count] < 0
    worn[open_style] = seen_with(pairs.ends[:count][open_style], pairs.worn[person[open_style]])
    answer = np.hstack([pairs.people[person], pairs.ends[:count]])
    said = np.hstack([np.zeros_like(pairs.people[person]), pairs.ends[:count] > 0])
    beards = np.eye(len(BEARDS) + 1)[pairs.beard[:count]]
    return Examples(embedding, *(torch.from_numpy(a.astype(np.float32)) for a in (answer, said, worn, beards)))


def seen_with(ends: Floats, worn: Floats) -> Floats:
    """How likely each style is (N, S + 1) without those that hide what a sentence speaks of, by its ends (N, E)."""
    hides = [[style in HIDDEN_BY.get(region(name), ()) for style in (*STYLES, "bald")] for name, _ in SHAPE_EXTREMES]
    left = worn * ((ends > 0).astype(np.float32) @ np.array(hides, np.float32) == 0)
    return np.asarray(left / left.sum(axis=1, keepdims=True), np.float32)


def picture_examples(path: Path, pairs: Pairs, text: TextModel) -> Examples:
    """The renders of heads with known codes, by `python -m training words_renders`, as MLP_id learns them."""
    with np.load(path) as arrays:
        shown = arrays["held_out"] == 0
        images, codes = arrays["images"][shown], arrays["z_id"][shown].astype(np.float32)
        worn = [wearing(STYLES, name) for name in arrays["style"][shown].tolist()]
        beards = [wearing(BEARDS, name) for name in arrays["beard"][shown].tolist()]
    design = np.vstack([pairs.axes, pairs.directions]).T.astype(np.float64)
    moments = design.T @ design
    ridge = 1e-2 * np.diag(np.diag(moments))
    answer = np.linalg.solve(moments + ridge, design.T @ (codes - pairs.mean).T).T
    numbers = (answer, np.zeros_like(answer), np.stack(worn), np.stack(beards))
    return Examples(image_embeddings(text.clip, images, "cpu"), *(torch.from_numpy(a).float() for a in numbers))


def wearing(names: tuple[str, ...], name: str) -> Floats:
    """One-hot (S + 1,), the last being none of the names."""
    number = names.index(name) if name in names else len(names)
    return np.eye(len(names) + 1, dtype=np.float32)[number]


def train_identity(sources: list[Examples], unit: float, steps: int, start: Clip2NPHM | None = None) -> Clip2NPHM:
    """MLP_id answering with components and ends, followed by a score per hair style (bald scores 0) and per beard (none
    scores 0). unit: how far a code moves with one end of a shape; components are wrong by as much as they move codes,
    else errors in them would drown what is said of shapes. start: a network to continue.
    """
    first = sources[0]
    widths = [first.answer.shape[1], first.styles.shape[1] - 1, first.beards.shape[1] - 1]
    network = Clip2NPHM(first.embedding.shape[1], sum(widths))
    whiten = Whitening(torch.cat([examples.embedding for examples in sources]))
    whiten.continue_from(network, start)
    components = first.answer.shape[1] - len(SHAPE_EXTREMES)
    scale = torch.cat([torch.full((components,), unit / PERSON_WEIGHT**0.5), torch.ones(len(SHAPE_EXTREMES))])

    def loss_of(examples: Examples, count: int) -> torch.Tensor:
        chosen = torch.randint(len(examples.embedding), (count,))
        answer, hair, beard = network(whiten(jittered(examples.embedding[chosen], JITTER))).split(widths, dim=1)
        missed = ((answer - examples.answer[chosen]) / scale).square() * (1 + SPOKEN_WEIGHT * examples.said[chosen])
        styles, beards = examples.styles[chosen], examples.beards[chosen]
        worn = style_loss(hair, styles, styles.amax(dim=1) > 0.99)
        shaven = style_loss(beard, beards, beards[:, -1] < 0.5)
        return missed.sum(dim=1).mean() + HAIR_WEIGHT * worn + BEARD_WEIGHT * shaven

    def loss() -> torch.Tensor:
        if len(sources) == 1:
            return loss_of(first, BATCH)
        few = round(BATCH * PICTURES)
        return (1 - PICTURES) * loss_of(first, BATCH - few) + PICTURES * loss_of(sources[1], few)

    fit(network, loss, steps, "MLP_id", RATE if start is None else RATE_CONTINUED)
    return whiten.folded_into(network)


def train_hair(network: Clip2NPHM, examples: Examples, width: int, steps: int) -> None:
    """Give MLP_id's last layer new scores of the hair styles, of however many it had some before, between z_id without
    hair (width,) and the scores of the beards: what the hidden layers know, which stay, decides."""
    before = network.requires_grad_(False).output_linear
    scores = torch.nn.Linear(before.in_features, examples.styles.shape[1] - 1)
    network.output_linear = scores

    def loss() -> torch.Tensor:
        chosen = torch.randint(len(examples.embedding), (BATCH,))
        worn = examples.styles[chosen]
        return style_loss(network(jittered(examples.embedding[chosen], JITTER)), worn, worn.amax(dim=1) > 0.99)

    fit(network, loss, steps, "hair", RATE)
    with torch.no_grad():
        beards = slice(len(before.weight) - len(BEARDS), None)
        weight = torch.cat([before.weight[:width], scores.weight, before.weight[beards]])
        bias = torch.cat([before.bias[:width], scores.bias, before.bias[beards]])
    network.output_linear = layer_of(weight, bias)


def style_loss(scores: torch.Tensor, likely: torch.Tensor, spoken: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of scores (N, S) of styles, none scoring 0, against how likely each is (N, S + 1); sentences that
    speak of it (N,) count most."""
    scores = torch.cat([scores, scores.new_zeros(len(scores), 1)], dim=1)
    weight = torch.where(spoken, 1.0, UNSPOKEN_WEIGHT)
    return (weight * functional.cross_entropy(scores, likely, reduction="none")).mean()


def fold_answers(network: Clip2NPHM, pairs: Pairs) -> None:
    """Let the last layer give z_id instead of components and ends; the scores after them stay."""
    turned = torch.from_numpy(np.vstack([pairs.axes, emphasis()[:, None] * pairs.directions])).T
    last, count = network.output_linear, turned.shape[1]
    with torch.no_grad():
        weight = torch.cat([turned @ last.weight[:count], last.weight[count:]])
        bias = torch.cat([turned @ last.bias[:count] + torch.from_numpy(pairs.mean), last.bias[count:]])
    network.output_linear = layer_of(weight, bias)


def read_start(folder: Path) -> Start:
    """The networks of a mapping's folder, to be continued."""
    mapping = load_mapping(folder)
    return Start(mapping.identity, mapping.expression, mapping.spread)


def settle(network: Clip2NPHM, examples: Examples, width: int) -> None:
    """Let the last layer give components and ends again instead of z_id (width,): those that the hidden layers tell
    best, by least squares. One and the same code may be many answers, the two ends of a shape moving it in opposite
    ways. The scores after them stay."""
    kept: list[torch.Tensor] = []
    handle = network.output_linear.register_forward_pre_hook(lambda _, given: kept.append(given[0]))
    with torch.no_grad():
        network(examples.embedding[:SETTLED])
    handle.remove()
    hidden = torch.cat([kept[0], torch.ones(len(kept[0]), 1)], dim=1).double()
    moments = hidden.T @ hidden
    ridge = 1e-4 * moments.trace() / len(moments) * torch.eye(len(moments)).double()
    found = torch.linalg.solve(moments + ridge, hidden.T @ examples.answer[:SETTLED].double()).T.float()
    last = network.output_linear
    weight = torch.cat([found[:, :-1], last.weight[width:]])
    bias = torch.cat([found[:, -1], last.bias[width:]])
    network.output_linear = layer_of(weight, bias)


def emphasis() -> Floats:
    """(E,) what the answers for SHAPE_EXTREMES are multiplied with."""
    return np.array([LOUDER.get(name, EMPHASIS) for name, _ in SHAPE_EXTREMES], np.float32)


def log_deviations(pairs: Pairs) -> Floats:
    """(N, K) logarithms of how far people may differ along VARIATION_AXES, given what each sentence says."""
    deviation = np.empty((len(pairs.texts), len(VARIATION_AXES)), np.float32)
    ways_said = pairs.said[:, [0, 1, 2, 2, 3]]  # gender, age, ancestry twice, weight: as PHENOTYPE_AXES
    deviation[:, : len(PHENOTYPE_AXES)] = np.where(ways_said, SPOKEN, [SILENT[name] for name in PHENOTYPE_AXES])
    spoken = np.stack(
        [(pairs.ends * [name == end for end, _ in SHAPE_EXTREMES]).any(axis=1) for name in SHAPES], axis=1
    )
    regions = np.array([region(name) for name in SHAPES])
    nearby = spoken.astype(np.float32) @ (regions[:, None] == regions).astype(np.float32) > 0
    shapes = np.where(spoken, SPOKEN, np.where(nearby, NEARBY, SILENT_SHAPE))
    deviation[:, len(PHENOTYPE_AXES) :] = shapes * [1.0 if shape.less else 0.5 for shape in SHAPES.values()]
    return np.log(deviation)


def train_spread(
    embedding: torch.Tensor, logarithms: torch.Tensor, steps: int, start: Clip2NPHM | None = None
) -> Clip2NPHM:
    """The logarithm of the deviation along each way, given a sentence: what it leaves open around the likeliest."""
    network = Clip2NPHM(embedding.shape[1], logarithms.shape[1])
    whiten = Whitening(embedding)
    whiten.continue_from(network, start)

    def loss() -> torch.Tensor:
        chosen = torch.randint(len(embedding), (BATCH,))
        return (network(whiten(jittered(embedding[chosen], JITTER))) - logarithms[chosen]).square().mean()

    fit(network, loss, steps, "their spread", RATE if start is None else RATE_CONTINUED)
    return whiten.folded_into(network)


def train_expression(embedding: torch.Tensor, pairs: Pairs, steps: int, start: Clip2NPHM | None = None) -> Clip2NPHM:
    """MLP_exp: embeddings to z_exp (52,), near the weights asked for and nearer to them than to other expressions'.

    A thousand phrases tell eight layers little of the words between them, where a linear reading errs less: half of
    every batch lies there, phrases under much noise, and learns what the linear reading says.
    """
    number = torch.from_numpy(pairs.expression[: len(embedding)]).long()
    table = torch.from_numpy(pairs.expressions)
    strength = torch.from_numpy(pairs.strength[: len(embedding)])
    neutral = int(table.square().sum(dim=1).argmin())
    reading = linear_reading(embedding, number, len(table))
    network = Clip2NPHM(embedding.shape[1], table.shape[1])
    whiten = Whitening(embedding)
    whiten.continue_from(network, start)
    shares = torch.bincount(number, minlength=len(table)).float().rsqrt()[number]

    def loss() -> torch.Tensor:
        chosen = torch.randint(len(embedding), (BATCH // 2,))
        answer = network(whiten(jittered(embedding[chosen], JITTER_EXPRESSION)))
        missed = (answer - strength[chosen, None] * table[number[chosen]]).square().sum(dim=1)
        weight = torch.where(number[chosen] == neutral, NEUTRAL_WEIGHT, 1.0)
        named = functional.cross_entropy(-SHARPNESS * torch.cdist(answer, table), number[chosen], reduction="none")
        plain = strength[chosen] >= 1  # a faint expression may lie nearer to another one
        between = jittered(embedding[torch.multinomial(shares, BATCH // 2, replacement=True)], JITTER_BETWEEN)
        read = functional.softmax(CERTAINTY * (between @ reading[:-1] + reading[-1]), dim=1) @ table
        differs = (network(whiten(between)) - read).square().sum(dim=1)
        return (weight * (missed + NAMED_WEIGHT * plain * named)).mean() + differs.mean()

    fit(network, loss, steps, "MLP_exp", RATE if start is None else RATE_CONTINUED)
    return whiten.folded_into(network)


def linear_reading(embedding: torch.Tensor, number: torch.Tensor, count: int) -> torch.Tensor:
    """(D + 1, count) linear scores of the named expressions for an embedding and a one: ridge regression in which all
    expressions count alike."""
    weight = (1 / torch.bincount(number, minlength=count).clamp_min(1))[number].double()[:, None]
    design = torch.cat([embedding, torch.ones(len(embedding), 1)], dim=1).double()
    moments = design.T @ (weight * design)
    ridge = RIDGE * moments.trace() / len(moments) * torch.eye(len(moments)).double()
    wanted = functional.one_hot(number, count).double()
    return torch.linalg.solve(moments + ridge, design.T @ (weight * wanted)).float()


def linear(network: Clip2NPHM, index: int) -> torch.nn.Linear:
    """One of the network's layers."""
    layer = network.pts_linears[index]
    assert isinstance(layer, torch.nn.Linear)
    return layer


def layer_of(weight: torch.Tensor, bias: torch.Tensor) -> torch.nn.Linear:
    """weight (O, I) and bias (O,) as a layer."""
    layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
    layer.load_state_dict({"weight": weight, "bias": bias})
    return layer


class Whitening(torch.nn.Module):
    """Embeddings turned and scaled to about unit variance, so that faint traces of words are learnt as fast as loud
    ones."""

    mean: torch.Tensor
    matrix: torch.Tensor

    def __init__(self, embedding: torch.Tensor) -> None:
        super().__init__()
        variance, axes = torch.linalg.eigh(torch.cov(embedding.T))
        least = FAINTEST * variance.max()
        scale = torch.where(variance > least / 1000, (variance.clamp_min(0) + least).rsqrt(), 0.0)
        self.register_buffer("mean", embedding.mean(dim=0))
        self.register_buffer("matrix", (axes * scale) @ axes.T)

    def forward(self, embedding: torch.Tensor) -> torch.Tensor:
        return (embedding - self.mean) @ self.matrix

    @torch.no_grad()
    def continue_from(self, network: Clip2NPHM, start: Clip2NPHM | None) -> None:
        """Give the network, which reads whitened embeddings, the weights of one that reads them as they are."""
        if start is None:
            return
        network.load_state_dict(start.state_dict())
        back = torch.linalg.pinv(self.matrix)
        for index in (0, 5):
            layer = linear(network, index)
            read = layer.weight[:, : len(self.mean)].clone()
            layer.bias.add_(read @ self.mean)
            layer.weight[:, : len(self.mean)] = read @ back

    @torch.no_grad()
    def folded_into(self, network: Clip2NPHM) -> Clip2NPHM:
        """The network, now for embeddings as they are: its two layers that read them do the whitening."""
        for index in (0, 5):
            layer = linear(network, index)
            read = layer.weight[:, : len(self.mean)] @ self.matrix
            layer.bias.sub_(read @ self.mean)
            layer.weight[:, : len(self.mean)] = read
        return network.eval()


def jittered(embedding: torch.Tensor, jitter: float) -> torch.Tensor:
    """The embeddings (N, D) with noise of this share of their length, of length 1 again."""
    noise = torch.randn_like(embedding) * (jitter / embedding.shape[1] ** 0.5)
    return functional.normalize(embedding + noise, dim=-1)


def fit(network: torch.nn.Module, loss: Callable[[], torch.Tensor], steps: int, name: str, rate: float = RATE) -> None:
    """Minimise loss(), which draws a batch of its own, with AdamW and a cosine schedule."""
    optimiser = torch.optim.AdamW(network.parameters(), rate, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    bar = trange(steps, desc=name, mininterval=5)
    for step in bar:
        value = loss()
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        schedule.step()
        if step % 200 == 0:
            bar.set_postfix(loss=f"{value.item():.4f}")


def write_folder(out: Path, networks: dict[str, Clip2NPHM], ways: Floats, source: str) -> None:
    """Save the networks as float16 and describe the folder."""
    out.mkdir(parents=True, exist_ok=True)
    for name, network in networks.items():
        tensors = {key: tensor.detach().half().contiguous() for key, tensor in network.state_dict().items()}
        save_file(tensors, out / f"{name}.safetensors")
    save_file({"basis": torch.from_numpy(ways).half()}, out / "basis.safetensors")
    files = {name: f"{name}.safetensors" for name in (*networks, "basis")}
    config: dict[str, Any] = files | {"hair_styles": len(STYLES), "beards": len(BEARDS)}
    card = ModelCard("mapping", "CLIP-Head embedded MLP_id and MLP_exp", "CC0-1.0", source)
    write_model_json(out, card, config, {}, list(files.values()))


def command(args: argparse.Namespace) -> str:
    """The command that makes this model, for model.json."""
    seen = "" if args.renders is None else f" --renders FILE{' --images-only' if args.images_only else ''}"
    alone = f"{' --expression-only' if args.expression_only else ''}{' --hair-only' if args.hair_only else ''}"
    made = f"python -m training mapping --steps {args.steps} --seed {args.seed}{seen}{alone}"
    if args.start is not None:
        made += f" --start (the networks of: {open_model_folder(args.start, 'mapping').card.source})"
    return f"{made}, on the pairs of {open_model_folder(args.pairs, 'pairs').card.source}"
