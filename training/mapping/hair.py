"""Train MLP_hair: from what is said of hair, beard and brows to grooms and degrees; write its model folder.

    python -m training hair --text weights/embedded/text --out weights/embedded/hair

It is of the paper's form, and reads who is spoken of beside what is said. Both are drawn apart and combined at random:
what is said overrules who it is said of. Seeded. --work keeps embeddings and checkpoints: the same command goes on
where it was interrupted.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn import functional

from clip_head.core.mapping import Clip2NPHM
from clip_head.core.mapping.hair import DEGREES, KINDS
from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.text import TextModel, load_text_model
from clip_head.core.types import Floats, ModelCard
from clip_head.training.engine.optimise import Checkpoint
from clip_head.training.language.grooms import HIDING
from clip_head.training.mapping.hair_captions import GROOMS, Saying, Wearer, draw_captions
from clip_head.training.mapping.layers import Whitening, jittered
from clip_head.training.mapping.train import embeddings, fit

#: File of the networks in the folder.
FILE = "hair.safetensors"
#: Networks, whose answers are averaged.
MEMBERS = 2
#: Examples of hair, of beards and of brows in a step.
BATCH = (96, 32, 24)
#: Part of the examples in which nothing is said.
SILENT = 0.2
#: Length of the noise that is added to embeddings of length 1.
JITTER = 0.12
#: Weights in the loss of styles where words name none, of degrees, of the part, and of whether a style is named.
OPEN_WEIGHT, DEGREES_WEIGHT, PART_WEIGHT, SAID_WEIGHT = 0.3, 4.0, 1.0, 0.3


@dataclass(frozen=True)
class Examples:
    """All wearers and sayings of one of KINDS: W wearers, N sayings; the last saying is that nothing is said.

    wearers: (W, D) embeddings; worn: (W, S + 1) probabilities of grooms and none; settled: (W,) whether words say them.
    sayings: (N, D) embeddings; styles: (N, S + 1), all 0 where the wearer decides; among: (N, S + 1) for that.
    degrees, known: (N, 5); part: (N,), NaN where nothing is said.
    """

    wearers: torch.Tensor
    worn: torch.Tensor
    settled: torch.Tensor
    sayings: torch.Tensor
    styles: torch.Tensor
    among: torch.Tensor
    degrees: torch.Tensor
    known: torch.Tensor
    part: torch.Tensor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text", help="folder of the text model")
    parser.add_argument("--work", type=Path, default=Path("out/training/hair"))
    parser.add_argument("--out", type=Path, default=EMBEDDED / "hair")
    parser.add_argument("--people", type=int, default=5000, help="sentences about people")
    parser.add_argument("--sayings", type=int, default=24000, help="of hair; there are fewer of beards and brows")
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--everything", action="store_true", help="say also the wordings that are else kept to see how unseen ones fare"
    )


def run(args: argparse.Namespace) -> None:
    """Train the networks and write args.out.

    args: of add_arguments.
    """
    text = load_text_model(args.text)
    wearers, sayings = draw_captions(args.people, args.sayings, args.seed, None if args.everything else False)
    rows = embedded(args.work, text, [*(one.text for one in wearers), *(one.text for one in sayings)])
    examples = [examples_of(kind, wearers, sayings, rows) for kind in KINDS]
    networks = torch.nn.ModuleList()
    for member in range(MEMBERS):
        torch.manual_seed(args.seed + member)
        checkpoint = Checkpoint(args.work / f"hair_{member}_checkpoint.pt", f"{command(args)}, for {args.text}")
        networks.append(train(examples, args.steps, checkpoint))
    args.out.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.detach().half().contiguous() for name, tensor in networks.state_dict().items()}
    save_file(tensors, args.out / FILE)
    config: dict[str, Any] = {"scores": FILE, **{kind: list(GROOMS[kind]) for kind in KINDS}}
    config["hiding"] = {region: list(grooms) for region, grooms in HIDING.items()}
    write_model_json(
        args.out, ModelCard("hair", "CLIP-Head embedded MLP_hair", "CC0-1.0", command(args)), config, {}, [FILE]
    )
    for member in range(MEMBERS):
        (args.work / f"hair_{member}_checkpoint.pt").unlink(missing_ok=True)


def command(args: argparse.Namespace) -> str:
    """The command that makes this model, for model.json.

    args: of the stage.
    """
    return (
        f"python -m training hair --people {args.people} --sayings {args.sayings} --steps {args.steps} "
        f"--seed {args.seed}{' --everything' if args.everything else ''}"
    )


def embedded(work: Path, text: TextModel, texts: list[str]) -> dict[str, Floats]:
    """Text -> embedding (D,) of length 1.

    work: folder that keeps them.
    text: the text model.
    texts: any, also several times.
    """
    distinct = sorted(set(texts))
    return dict(zip(distinct, embeddings(work / "sentences", text, distinct).numpy(), strict=True))


def examples_of(kind: str, wearers: list[Wearer], sayings: list[Saying], rows: dict[str, Floats]) -> Examples:
    """The examples of one of KINDS.

    kind: which.
    wearers, sayings: of all kinds.
    rows: text -> embedding.
    """
    who = [one for one in wearers if one.kind == kind]
    said = [one for one in sayings if one.kind == kind]
    width, open_style = len(GROOMS[kind]) + 1, np.zeros(len(GROOMS[kind]) + 1, np.float32)
    nothing = Saying("", kind)
    all_said = [*said, nothing]
    zeros = np.zeros_like(next(iter(rows.values())))
    arrays = (
        [rows[one.text] for one in who],
        [one.styles for one in who],
        [one.certain for one in who],
        [*(rows[one.text] for one in said), zeros],
        [open_style if one.styles is None else one.styles for one in all_said],
        [np.ones(width) if one.among is None else one.among for one in all_said],
        [one.degrees for one in all_said],
        [one.known for one in all_said],
        [np.nan if one.part is None else one.part for one in all_said],
    )
    return Examples(*(torch.from_numpy(np.asarray(array, np.float32)) for array in arrays))


def train(examples: list[Examples], steps: int, checkpoint: Checkpoint | None = None) -> Clip2NPHM:
    """MLP_hair.

    examples: of each of KINDS.
    steps: of the training.
    checkpoint: where the run is kept.
    """
    width = 2 * examples[0].wearers.shape[1]
    sizes = [len(GROOMS[kind]) for kind in KINDS]
    network = Clip2NPHM(width, sum(sizes) + len(DEGREES) + 2 + len(KINDS))
    whiten = Whitening(torch.cat([paired(one, 6000, silent=0.0)[0] for one in examples]))

    def loss() -> torch.Tensor:
        total = torch.zeros(())
        drawn = [paired(one, count) for one, count in zip(examples, BATCH, strict=True)]
        output = network(whiten(torch.cat([inputs for inputs, *_ in drawn])))
        for kind, (one, part, (_, who, what)) in enumerate(zip(examples, output.split(BATCH), drawn, strict=True)):
            blocks = part.split([*sizes, len(DEGREES), 1, 1, len(KINDS)], dim=1)
            total = total + styles_loss(blocks[kind], blocks[-1][:, kind], one, who, what)
            if kind == 0:
                total = total + degrees_loss(blocks[3], blocks[4][:, 0], blocks[5][:, 0], one, what)
        return total

    fit(network, loss, steps, "MLP_hair", checkpoint)
    return whiten.fold_into(network)


def paired(examples: Examples, count: int, silent: float = SILENT) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Inputs (count, 2 D) of wearers beside sayings, and which those are (count,) each.

    examples: of one kind.
    count: how many.
    silent: part of them in which nothing is said.
    """
    who = torch.randint(len(examples.wearers), (count,))
    what = torch.randint(len(examples.sayings) - 1, (count,))
    what = torch.where(torch.rand(count) < silent, len(examples.sayings) - 1, what)
    said = jittered(examples.sayings[what], JITTER) * (what < len(examples.sayings) - 1)[:, None]
    return torch.cat([jittered(examples.wearers[who], JITTER), said], dim=1), who, what


def styles_loss(
    scores: torch.Tensor, named: torch.Tensor, examples: Examples, who: torch.Tensor, what: torch.Tensor
) -> torch.Tensor:
    """Cross-entropy of grooms, and of whether a style is named.

    scores: (B, S) of grooms; named: (B,) logits.
    examples: of their kind.
    who, what: (B,) wearers and sayings.
    """
    said = examples.styles[what]
    by_words = said.sum(dim=1) > 0
    suits = examples.worn[who] * examples.among[what]
    suits = suits / suits.sum(dim=1, keepdim=True).clamp_min(1e-6)
    target = torch.where(by_words[:, None], said, suits)
    certain = by_words | (examples.settled[who] > 0)
    scores = torch.cat([scores, scores.new_zeros(len(scores), 1)], dim=1)
    weight = torch.where(certain, 1.0, OPEN_WEIGHT)
    error = (weight * functional.cross_entropy(scores, target, reduction="none")).mean()
    return error + SAID_WEIGHT * functional.binary_cross_entropy_with_logits(named, certain.float())


def degrees_loss(
    degrees: torch.Tensor, part: torch.Tensor, parted: torch.Tensor, examples: Examples, what: torch.Tensor
) -> torch.Tensor:
    """Squared error of degrees and of the part, and cross-entropy of whether there is one.

    degrees: (B, 5); part: (B,); parted: (B,) logits.
    examples: of hair.
    what: (B,) sayings.
    """
    error = (examples.known[what] * (degrees - examples.degrees[what]).square()).sum(dim=1).mean()
    wanted = examples.part[what]
    said = ~wanted.isnan()
    off = torch.where(said, (part - wanted.nan_to_num()).square(), 0.0).mean()
    known = functional.binary_cross_entropy_with_logits(parted, said.float())
    return DEGREES_WEIGHT * error + PART_WEIGHT * (4 * off + known)
