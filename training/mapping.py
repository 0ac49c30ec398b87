"""Train MLP_id and MLP_exp (CLIP-Head, section 2.1) and how identities scatter; write the mapping's model folder.

    python -m training mapping --teacher out/training/teacher --codes out/training/nphm/codes.npz

MLP_id: embeddings of renders of heads with known z_id, as in the paper, and, to close the gap between pictures and
words, embeddings of sentences about them (--captions-only leaves the renders out, --images-only the sentences).
MLP_exp: sentences of the paper's template for the 23 named expressions. Seeded; sentences and people are kept
in --work.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional
from tqdm import trange

from clip_head.core.mapping import Clip2NPHM
from clip_head.core.mapping.network import network_from
from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.text import TextModel, load_text_model
from clip_head.core.types import Floats, ModelCard
from clip_head.training.mapping_data import (
    People,
    PeopleSentences,
    encode,
    expression_sentences,
    load_or_draw_people,
    people_sentences,
)
from clip_head.training.nphm_data import Codes
from clip_head.training.teacher.dataset import TeacherDataset, head_vertices, load_teacher
from clip_head.training.teacher.identities import SHAPES
from clip_head.training.words_clip import image_embeddings
from clip_head.training.words_people import FEATURES, features
from clip_head.training.words_text import cached_states, project

#: Principal components of z_id in which MLP_id is trained; folded into its last layer afterwards.
COMPONENTS = 128
BATCH = 256
#: Share of pictures where MLP_id learns from both: a picture decides everything, a sentence little, and in equal parts
#: pictures drown what is spoken.
PICTURES = 0.0625
#: Noise on embeddings while training, per number. Expressions are one clear thing in many words, and much noise lets
#: unseen wordings land near seen ones; a spoken shape ("big nose") is a faint trace in a sentence about a person.
JITTER = 0.006
JITTER_EXPRESSION = 0.02
#: Variance below which a direction of the embeddings counts as noise.
FAINTEST = 1e-4
#: How far what is said is moved away from the mean person; and the share of the measured scatter that seeds draw.
EMPHASIS = 0.1
#: How much louder some features are made in MLP_id's answer: a regression from words shrinks what is faint in them,
#: and the mean of old heads has lost their folds.
LOUDER = dict.fromkeys(SHAPES, 0.35) | {"old": 1.1, "chin_height": 0.8, "chin_width": 0.6, "lips": 0.6, "eye_size": 0.5}
#: Weights of what the probe reads off MLP_id's answer, and of the hair style, beside the principal components.
FEATURES_WEIGHT = 4.0
HAIR_WEIGHT = 0.25
#: Who says nothing of hair means a head that has some: added to the score of every style that covers the crown.
HAIR_EXPECTED = 0.9
SCATTER = 0.85
#: Smallest and largest logarithm of a deviation.
LOG_DEVIATION = (-4.0, 0.5)


@dataclass(frozen=True)
class Examples:
    """Embeddings (N, D), identity targets (N, P) in principal components, features (N, K) of the people, and how
    likely each hair style is (N, S + 1), the last being bald."""

    embedding: torch.Tensor
    target: torch.Tensor
    features: torch.Tensor
    styles: torch.Tensor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--codes", type=Path, default=Path("out/training/nphm/codes.npz"), help="NPHM's projections")
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text", help="folder of the text model")
    parser.add_argument("--renders", type=Path, default=Path("out/training/words/renders.npz"))
    parser.add_argument("--work", type=Path, default=Path("out/training/mapping"))
    parser.add_argument("--out", type=Path, default=EMBEDDED / "mapping")
    parser.add_argument("--people", type=int, default=6000)
    parser.add_argument("--sentences", type=int, default=3, help="per person, beside one for every shape of theirs")
    parser.add_argument("--expressions", type=int, default=9000, help="sentences about expressions")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fresh", action="store_true", help="train every network anew")
    parser.add_argument("--captions-only", action="store_true")
    parser.add_argument("--images-only", action="store_true")


def run(args: argparse.Namespace) -> None:
    """Train the networks and write args.out."""
    torch.manual_seed(args.seed)
    dataset, codes, text = load_teacher(args.teacher), Codes.load(args.codes), load_text_model(args.text)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    styles = hair_styles(dataset)
    people = load_or_draw_people(args.work / "people.npz", dataset, codes, args.people, args.seed)
    said = people_sentences(people.attributes, styles, args.sentences, args.seed)
    embedding = project(text, cached_states(args.work / "people_sentences.npz", text, said.texts, device))
    mean, axes = principal_axes(people.codes)
    targets = (people.codes - mean) @ axes.T
    basis = feature_directions(people)
    unsaid = unspoken(people.features, said)
    examples = Examples(
        torch.from_numpy(embedding),
        torch.from_numpy(targets[said.person] - unsaid @ (basis @ axes.T)),
        torch.from_numpy(people.features[said.person]),
        torch.from_numpy(said.styles),
    )
    sources = choose_sources(examples, picture_examples(args, dataset, codes, text, mean, axes, styles, device), args)
    probe = fit_probe(people.codes, people.features)
    stamp = {"people": args.people, "sentences": args.sentences, "seed": args.seed, "steps": args.steps}

    def trained_identity() -> Clip2NPHM:
        network = train_identity(sources, fit_probe(targets, people.features), len(styles), args.steps, device)
        fold_output(network, mean, axes)
        return network

    identity = kept(args, "identity", stamp | {"pictures": len(sources) - 1}, trained_identity)
    strengthen(identity, probe, basis)
    expect_hair(identity, styles)
    spread = kept(args, "spread", stamp, lambda: train_spread(examples, args.steps // 3, device))

    def trained_expression() -> Clip2NPHM:
        words, weights, _ = expression_sentences(dataset, args.expressions, args.seed)
        embedding = project(text, cached_states(args.work / "expression_sentences.npz", text, words, device))
        return train_expression(torch.from_numpy(embedding), torch.from_numpy(weights), args.steps // 2, device)

    stamp = {"expressions": args.expressions, "seed": args.seed, "steps": args.steps}
    expression = kept(args, "expression", stamp, trained_expression)
    write_folder(args.out, identity, expression, spread, basis, mean, len(styles), source=command(args))


def kept(args: argparse.Namespace, name: str, stamp: dict[str, int], train: Callable[[], Clip2NPHM]) -> Clip2NPHM:
    """The network of an earlier call with the same settings, or else a newly trained one, kept in args.work."""
    path, described = args.work / f"{name}.safetensors", args.work / f"{name}.json"
    if path.is_file() and not args.fresh and described.is_file() and json.loads(described.read_text()) == stamp:
        print(f"{name}: kept from {path}")
        return network_from(load_file(path))
    network = train()
    save_file({key: tensor.contiguous() for key, tensor in network.state_dict().items()}, path)
    described.write_text(json.dumps(stamp))
    return network


def picture_examples(
    args: argparse.Namespace,
    dataset: TeacherDataset,
    codes: Codes,
    text: TextModel,
    mean: Floats,
    axes: Floats,
    styles: tuple[str, ...],
    device: str,
) -> Examples | None:
    """Embeddings of the renders of words_renders, of heads whose codes are known; None where there are no renders."""
    if args.captions_only or not args.renders.is_file():
        print("no renders: MLP_id learns from sentences only")
        return None
    with np.load(args.renders) as arrays:
        shown = arrays["held_out"] == 0
        images, heads, worn = arrays["images"][shown], arrays["head"][shown], arrays["style"][shown].tolist()
    clip: Any = text.clip
    embedding = image_embeddings(clip.to(device), images, device).cpu()
    rows, inverse = np.unique(heads, return_inverse=True)
    targets = np.stack([encode(codes, head_vertices(dataset, int(k))) for k in rows])
    features_of = np.stack([features(dataset.attributes[int(k)]) for k in rows])
    style = torch.eye(len(styles) + 1)[[styles.index(name) if name in styles else len(styles) for name in worn]]
    return Examples(
        embedding,
        torch.from_numpy(((targets - mean) @ axes.T)[inverse]),
        torch.from_numpy(features_of[inverse]),
        style,
    )


def choose_sources(sentences: Examples, pictures: Examples | None, args: argparse.Namespace) -> list[Examples]:
    """What MLP_id learns from: pictures as in the paper, and sentences unless told otherwise."""
    if pictures is None:
        return [sentences]
    return [pictures] if args.images_only else [sentences, pictures]


def hair_styles(dataset: TeacherDataset) -> tuple[str, ...]:
    """The styles of z_id's hair block, in NPHM's order; bald is a block of zeros."""
    return tuple(name for name, style in dataset.styles.items() if style.grid is not None)


def principal_axes(codes: Floats) -> tuple[Floats, Floats]:
    """Mean (D,) and orthonormal axes (COMPONENTS, D): whole codes, since the global and the local ones say the same."""
    mean = codes.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov((codes - mean).T))
    return mean, np.ascontiguousarray(axes[:, ::-1][:, :COMPONENTS].T, dtype=np.float32)


def feature_directions(people: People) -> Floats:
    """(K, D): how z_id moves with each feature, all others held. The ways in which seeds differ."""
    design = np.hstack([people.features, np.ones((len(people.features), 1), np.float32)])
    solution, *_ = np.linalg.lstsq(design, people.codes, rcond=None)
    return solution[:-1].astype(np.float32)


def unspoken(features: Floats, said: PeopleSentences) -> Floats:
    """(N, K) what each sentence leaves unsaid: how far the person's other shapes are from the mean person's.

    A regression would average over it in the end; taken out of what it must answer, it needs far fewer sentences.
    """
    silent = np.zeros((len(said.person), features.shape[1]), np.float32)
    shapes = slice(len(FEATURES) - len(SHAPES), None)
    silent[:, shapes] = np.where(said.shapes, 0.0, (features - features.mean(axis=0))[said.person, shapes])
    return silent


def fit_probe(codes: Floats, features: Floats) -> Floats:
    """Linear map (D + 1, K) that reads features off codes (N, D) and a one."""
    design = np.hstack([codes, np.ones((len(codes), 1), np.float32)]).astype(np.float64)
    ridge = 1e-3 * len(codes) * np.eye(design.shape[1])
    return np.linalg.solve(design.T @ design + ridge, design.T @ features).astype(np.float32)


def train_identity(sources: list[Examples], probe: Floats, styles: int, steps: int, device: str) -> Clip2NPHM:
    """MLP_id with targets in principal components, followed by a score per hair style (bald scores 0).

    Beside the components themselves, what the probe reads off them must be right: a single spoken shape is a small
    part of a head, spread over many components.
    """
    network = Clip2NPHM(sources[0].embedding.shape[1], COMPONENTS + styles).to(device)
    whiten = Whitening(torch.cat([examples.embedding for examples in sources])).to(device)
    scale = sources[0].target.std(dim=0).mean().to(device)
    reader = torch.from_numpy(probe[:-1]).to(device)
    feature_scale = sources[0].features.std(dim=0).to(device)

    def loss_of(examples: Examples, count: int) -> torch.Tensor:
        chosen = torch.randint(len(examples.embedding), (count,))
        answer = network(whiten(jittered(examples.embedding[chosen].to(device))))
        code, scores = answer[:, :COMPONENTS], answer[:, COMPONENTS:]
        target = examples.target[chosen].to(device)
        scores = torch.cat([scores, scores.new_zeros(len(scores), 1)], dim=1)
        hair = functional.cross_entropy(scores, examples.styles[chosen].to(device))
        missed = (code - target) @ reader / feature_scale
        return ((code - target) / scale).square().mean() + FEATURES_WEIGHT * missed.square().mean() + HAIR_WEIGHT * hair

    def loss() -> torch.Tensor:
        if len(sources) == 1:
            return loss_of(sources[0], BATCH)
        sentences, pictures = sources
        few = round(BATCH * PICTURES)
        return (1 - PICTURES) * loss_of(sentences, BATCH - few) + PICTURES * loss_of(pictures, few)

    fit(network, loss, steps, "MLP_id")
    return whiten.folded_into(network)


def train_spread(examples: Examples, steps: int, device: str) -> Clip2NPHM:
    """The logarithm of the deviation of each feature, given a sentence: what is left open around the likeliest."""
    width, count = examples.embedding.shape[1], examples.features.shape[1]
    likeliest, spread = Clip2NPHM(width, count).to(device), Clip2NPHM(width, count).to(device)
    whiten = Whitening(examples.embedding).to(device)

    def error(chosen: torch.Tensor) -> torch.Tensor:
        embedding = whiten(jittered(examples.embedding[chosen].to(device)))
        return (likeliest(embedding) - examples.features[chosen].to(device)).square()

    def unlikelihood(chosen: torch.Tensor) -> torch.Tensor:
        logarithm = spread(whiten(jittered(examples.embedding[chosen].to(device)))).clamp(*LOG_DEVIATION)
        return (0.5 * error(chosen).detach() * torch.exp(-2 * logarithm) + logarithm).mean()

    # Fitted on one half of the sentences, the errors are measured on the other: on its own half they look too small.
    half = len(examples.embedding) // 2
    fit(likeliest, lambda: error(torch.randint(half, (BATCH,))).mean(), steps, "likeliest features")
    fit(spread, lambda: unlikelihood(half + torch.randint(half, (BATCH,))), steps, "their spread")
    with torch.no_grad():
        spread.output_linear.bias.add_(float(np.log(SCATTER)))
    return whiten.folded_into(spread)


def train_expression(embedding: torch.Tensor, weights: torch.Tensor, steps: int, device: str) -> Clip2NPHM:
    """MLP_exp: embeddings (N, D) to z_exp (N, 52)."""
    network = new_network(embedding.shape[1], weights.shape[1]).to(device)

    def loss() -> torch.Tensor:
        chosen = torch.randint(len(embedding), (BATCH,))
        answer = network(jittered(embedding[chosen].to(device), JITTER_EXPRESSION))
        return 10 * (answer - weights[chosen].to(device)).square().mean()

    fit(network, loss, steps, "MLP_exp")
    return network.cpu().eval()


def new_network(embedding_width: int, code_width: int) -> Clip2NPHM:
    """A network whose first layer starts larger: the numbers of a unit embedding are small."""
    network = Clip2NPHM(embedding_width, code_width)
    with torch.no_grad():
        linear(network, 0).weight.mul_(6)
        linear(network, 5).weight[:, :embedding_width].mul_(6)
    return network


def linear(network: Clip2NPHM, index: int) -> torch.nn.Linear:
    """One of the network's layers."""
    layer = network.pts_linears[index]
    assert isinstance(layer, torch.nn.Linear)
    return layer


class Whitening(torch.nn.Module):
    """Embeddings turned and scaled to unit variance, so that faint traces of words are learnt as fast as loud ones."""

    mean: torch.Tensor
    matrix: torch.Tensor

    def __init__(self, embedding: torch.Tensor) -> None:
        super().__init__()
        variance, axes = torch.linalg.eigh(torch.cov(embedding.T))
        scale = torch.where(variance > FAINTEST / 100, (variance.clamp_min(0) + FAINTEST).rsqrt(), 0.0)
        self.register_buffer("mean", embedding.mean(dim=0))
        self.register_buffer("matrix", (axes * scale) @ axes.T)

    def forward(self, embedding: torch.Tensor) -> torch.Tensor:
        return (embedding - self.mean) @ self.matrix

    @torch.no_grad()
    def folded_into(self, network: Clip2NPHM) -> Clip2NPHM:
        """The network, now for embeddings as they are: its two layers that read them do the whitening."""
        self.cpu()
        for index in (0, 5):
            layer = linear(network.cpu(), index)
            read = layer.weight[:, : len(self.mean)] @ self.matrix
            layer.bias.sub_(read @ self.mean)
            layer.weight[:, : len(self.mean)] = read
        return network.eval()


def jittered(embedding: torch.Tensor, jitter: float = JITTER) -> torch.Tensor:
    """The embeddings with noise, of length 1 again."""
    return functional.normalize(embedding + jitter * torch.randn_like(embedding), dim=-1)


def fit(network: torch.nn.Module, loss: Callable[[], torch.Tensor], steps: int, name: str) -> None:
    """Minimise loss(), which draws a batch of its own, with AdamW and a cosine schedule."""
    optimiser = torch.optim.AdamW(network.parameters(), 1e-3, weight_decay=1e-2)
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


def fold_output(network: Clip2NPHM, mean: Floats, axes: Floats) -> None:
    """Let the last layer give whole codes instead of principal components; the scores after them stay."""
    last = network.output_linear
    with torch.no_grad():
        turned = torch.from_numpy(axes).T
        weight = torch.cat([turned @ last.weight[:COMPONENTS], last.weight[COMPONENTS:]])
        bias = torch.cat([turned @ last.bias[:COMPONENTS] + torch.from_numpy(mean), last.bias[COMPONENTS:]])
    network.output_linear = torch.nn.Linear(weight.shape[1], weight.shape[0])
    network.output_linear.load_state_dict({"weight": weight, "bias": bias})


def strengthen(network: Clip2NPHM, probe: Floats, basis: Floats) -> None:
    """Let the last layer say the features of LOUDER louder.

    A code's features are read by the probe (D + 1, K) and added along their directions (K, D): all of it linear.
    """
    louder = np.array([LOUDER.get(name, 0.0) for name in FEATURES], dtype=np.float32)
    last, codes = network.output_linear, basis.shape[1]
    more = torch.from_numpy(((probe[:-1] * louder) @ basis).T)
    mean = torch.from_numpy((probe[-1] * louder) @ basis)
    with torch.no_grad():
        last.weight[:codes] += more @ last.weight[:codes]
        last.bias[:codes] += more @ last.bias[:codes] + mean


def expect_hair(network: Clip2NPHM, styles: tuple[str, ...]) -> None:
    """Raise the scores of the styles that cover the crown: bald is only who is said to be."""
    covered = torch.tensor([style != "balding" for style in styles])
    with torch.no_grad():
        network.output_linear.bias[-len(styles) :] += HAIR_EXPECTED * covered


def write_folder(
    out: Path,
    identity: Clip2NPHM,
    expression: Clip2NPHM,
    spread: Clip2NPHM,
    basis: Floats,
    neutral: Floats,
    styles: int,
    source: str,
) -> None:
    """Save the networks as float16 and describe the folder."""
    out.mkdir(parents=True, exist_ok=True)
    networks = {"identity": identity, "expression": expression, "spread": spread}
    for name, network in networks.items():
        tensors = {key: tensor.detach().half().contiguous() for key, tensor in network.state_dict().items()}
        save_file(tensors, out / f"{name}.safetensors")
    ways = {"basis": torch.from_numpy(basis).half(), "neutral": torch.from_numpy(neutral).half()}
    save_file(ways, out / "basis.safetensors")
    files = {name: f"{name}.safetensors" for name in (*networks, "basis")}
    config = files | {"hair_styles": styles, "emphasis": EMPHASIS}
    card = ModelCard("mapping", "CLIP-Head embedded MLP_id and MLP_exp", "CC0-1.0", source)
    write_model_json(out, card, config, {}, list(files.values()))


def command(args: argparse.Namespace) -> str:
    """The command that makes this model, for model.json."""
    only = " --captions-only" if args.captions_only else " --images-only" if args.images_only else ""
    both = "sentences about and renders of"
    seen = "sentences about" if args.captions_only else "renders of" if args.images_only else both
    return (
        f"python -m training mapping --people {args.people} --sentences {args.sentences} --expressions "
        f"{args.expressions} --steps {args.steps} --seed {args.seed}{only}, on {seen} synthetic people of anny"
    )
