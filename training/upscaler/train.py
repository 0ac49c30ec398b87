"""`python -m training texture_upscale`: the embedded upscaler, on colourings baked at 512 and at 1024 px.

    python -m training texture_upscale --assets MAKEHUMAN --minutes 20

It learns from what the autoencoder makes of the small bake, since that is how soft the painter's pictures are, too.
A call finishes the run that was interrupted in --out, or trains for --minutes more, and leaves a model folder in
--weights.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F

from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.texture.painter.autoencoder import PatchAutoencoder
from clip_head.core.texture.painter.upscale import SCALE, WEIGHTS, PlaceUpscaler, Window
from clip_head.core.types import ModelCard
from clip_head.training.engine.optimise import Checkpoint, Schedule, Trained, cosine, optimise
from clip_head.training.upscaler.pairs import FACE, SMALL, WindowPair, bake_pairs, read_pairs

#: Size of the network: channels, residual blocks, channels and side of the map of places.
CONFIG = {"width": 24, "blocks": 3, "places": 8, "side": 64}
#: Side of a crop, pixels of the small picture, and its distance from a window's rim, beyond which the autoencoder saw
#: nothing.
CROP, RIM = 48, 8
#: AdamW's decays of the moments, and its weight decay.
BETAS, WEIGHT_DECAY = (0.9, 0.98), 1e-4
#: Steps of the linear warm-up, what the learning rate falls to relative to the highest, largest norm of the gradients.
WARMUP, LAST_RATE, CLIP_NORM = 100, 0.05, 1.0
#: Weight of the strength of the finest detail beside the differences of colours and of gradients.
STRENGTH_WEIGHT = 0.5
#: Side of the patches in which that strength is compared, pixels of the large picture.
STRENGTH_PATCH = 8
#: Pixels at the rim of a window, of the large picture, that the figures leave out.
FIGURES_RIM = 2 * RIM


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--assets", type=Path, required=True, help="folder of the CC0 MakeHuman assets")
    parser.add_argument("--canonical", type=Path, default=EMBEDDED / "texture", help="folder of the canonical head")
    parser.add_argument("--vae", type=Path, default=Path("out/training/texture/vae"), help="the trained autoencoder")
    parser.add_argument("--out", type=Path, default=Path("out/training/upscale"))
    parser.add_argument("--weights", type=Path, help="write the finished model folder here")
    parser.add_argument("--count", type=int, default=160, help="colourings")
    parser.add_argument("--minutes", type=float, default=15, help="train for so long")
    parser.add_argument("--steps", type=int, help="train to so many steps instead")
    parser.add_argument("--batch", type=int, default=8, help="crops in a step")
    parser.add_argument("--rate", type=float, default=2e-3, help="learning rate, falling to a twentieth of itself")
    parser.add_argument("--seed", type=int, default=0)


@dataclass(frozen=True)
class Example:
    """One window.

    window: first row, first column, height h, width w in the small picture.
    small: (3, h, w) in [0, 1], what the upscaler is given.
    large: (3, 2h, 2w) in [0, 1], what it should make of that.
    """

    window: tuple[int, int, int, int]
    small: Tensor
    large: Tensor


def run(args: argparse.Namespace) -> None:
    """Bake the pairs that are missing, train for args.minutes, and write checkpoint, sample sheet and model folder.

    args: of add_arguments.
    """
    torch.manual_seed(args.seed)
    bake_pairs(args.teacher, args.assets, args.canonical, args.out / "pairs", args.count, args.seed)
    vae = PatchAutoencoder.from_pretrained(args.vae, low_cpu_mem_usage=False).eval().requires_grad_(False)
    pairs = list(read_pairs(args.out / "pairs", args.count))
    examples = [to_example(vae, pair) for pair in pairs if not pair.held_out]
    held_out = [to_example(vae, pair) for pair in pairs if pair.held_out and pair.window == FACE]
    network = PlaceUpscaler(**CONFIG)
    print(f"{len(examples)} windows; bicubic: {figures(None, held_out)}", flush=True)
    schedule = Schedule(
        args.steps, None if args.steps else args.minutes, rate=cosine(WARMUP, LAST_RATE), clip_norm=CLIP_NORM
    )
    trained = fit(network, examples, held_out, args, schedule)
    _save_sheet(args.out / "watched.png", network, held_out[:4])
    if args.weights:
        source = f"python -m training texture_upscale ({len(examples)} windows of {len(pairs) // 2} colourings, "
        source = f"{source}{trained.step:,} steps of {args.batch})"
        _save_model(args.weights, network, source, figures(network, held_out))


def fit(
    network: PlaceUpscaler,
    examples: list[Example],
    held_out: list[Example],
    args: argparse.Namespace,
    schedule: Schedule,
) -> Trained:
    """Train the network in place.

    network: the upscaler.
    examples: to train on.
    held_out: whose figures are printed at each checkpoint.
    args: of the stage.
    schedule: how long, and how fast.
    """
    optimiser = torch.optim.AdamW(network.parameters(), args.rate, betas=BETAS, weight_decay=WEIGHT_DECAY)
    rng = np.random.default_rng((args.seed, 0))

    def loss_of_step(step: int) -> Tensor:
        small, large, windows = random_crops(examples, rng, args.batch)
        return upscaler_loss(network(small, windows), large)

    def report(trained: Trained) -> None:
        print(f"step {trained.step}: loss {trained.loss:.4f}; {figures(network, held_out)}", flush=True)

    checkpoint = Checkpoint(args.out / "checkpoint.pt")
    return optimise(
        *(network, optimiser, loss_of_step, schedule),
        name="upscaler",
        checkpoint=checkpoint,
        generator=rng,
        after_save=report,
    )


@torch.inference_mode()
def to_example(vae: PatchAutoencoder, pair: WindowPair) -> Example:
    """A pair as tensors, the small picture as the autoencoder encodes and decodes it.

    vae: the autoencoder.
    pair: the window at both sizes.
    """
    small, large = (torch.from_numpy(p).permute(2, 0, 1).float() / 255 for p in (pair.small, pair.large))
    # A window has no place in the layout: the codes are not whitened.
    decoded = vae.decoder(vae.encoder(2 * small[None] - 1).chunk(2, dim=1)[0])
    return Example(pair.window, (decoded[0] / 2 + 0.5).clamp(0, 1), large)


def random_crops(examples: list[Example], rng: np.random.Generator, count: int) -> tuple[Tensor, Tensor, list[Window]]:
    """Random crops of random windows.

    examples: to cut from.
    rng: of the draws.
    count: N of crops.

    Returns small pictures (N, 3, CROP, CROP), large ones (N, 3, 2 CROP, 2 CROP), and the crops' windows.
    """
    smalls, larges, windows = [], [], []
    for _ in range(count):
        example = examples[rng.integers(len(examples))]
        top, left, height, width = example.window
        row, column = (int(rng.integers(RIM, n - CROP - RIM + 1)) for n in (height, width))
        smalls.append(example.small[:, row : row + CROP, column : column + CROP])
        rows, columns = (slice(SCALE * start, SCALE * (start + CROP)) for start in (row, column))
        larges.append(example.large[:, rows, columns])
        corner = np.array([top + row, left + column])
        windows.append(tuple(np.concatenate([corner, corner + CROP]) / SMALL))
    return torch.stack(smalls), torch.stack(larges), windows


def upscaler_loss(predicted: Tensor, target: Tensor) -> Tensor:
    """Absolute differences of colours and of gradients; and how strong the finest detail is in small patches, whatever
    its pattern, so that pores and hairs, whose places cannot be predicted, do not average out.

    predicted, target: (N, 3, H, W) in [0, 1].
    """
    error = predicted - target
    edges = (error[..., 1:] - error[..., :-1]).abs().mean() + (error[..., 1:, :] - error[..., :-1, :]).abs().mean()
    strength = (_strength(predicted) - _strength(target)).abs().mean()
    return error.abs().mean() + edges + STRENGTH_WEIGHT * strength


def _strength(pictures: Tensor) -> Tensor:
    """Root mean square of the finest band in patches of STRENGTH_PATCH pixels."""
    grey = pictures.mean(dim=1, keepdim=True)
    fine = grey - F.avg_pool2d(F.pad(grey, (1, 1, 1, 1), mode="reflect"), 3, stride=1)
    return (F.avg_pool2d(fine.square(), STRENGTH_PATCH) + 1e-6).sqrt()


@torch.inference_mode()
def figures(network: PlaceUpscaler | None, examples: list[Example]) -> dict[str, float]:
    """PSNR in dB, and the finest band's strength relative to the target's, on whole windows.

    network: the upscaler; None is bicubic interpolation.
    examples: the windows.
    """
    if not examples:
        return {}
    errors, strengths = [], []
    inner = (..., slice(FIGURES_RIM, -FIGURES_RIM), slice(FIGURES_RIM, -FIGURES_RIM))
    for example in examples:
        predicted = _enlarged(network, example)
        errors.append((predicted - example.large)[inner].square().mean())
        strengths.append(_strength(predicted[None]).mean() / _strength(example.large[None]).mean())
    psnr = -10 * torch.stack(errors).log10().mean()
    return {"psnr_db": round(float(psnr), 2), "fine_detail": round(float(torch.stack(strengths).mean()), 3)}


def _enlarged(network: PlaceUpscaler | None, example: Example) -> Tensor:
    """(3, 2h, 2w) the small picture, enlarged by the network or, for None, bicubically."""
    picture = example.small[None]
    if network is None:
        return F.interpolate(picture, scale_factor=SCALE, mode="bicubic", align_corners=False)[0].clamp(0, 1)
    top, left, height, width = (n / SMALL for n in example.window)
    return network(picture, [(top, left, top + height, left + width)])[0].clamp(0, 1)


@torch.inference_mode()
def _save_sheet(path: Path, network: PlaceUpscaler, examples: list[Example]) -> None:
    """Held-out faces, left to right: enlarged bicubically, by the network, and the target."""
    rows = [torch.cat([_enlarged(None, x), _enlarged(network, x), x.large], dim=2) for x in examples]
    if rows:
        sheet = torch.cat(rows, dim=1).permute(1, 2, 0).mul(255).round().byte()
        Image.fromarray(sheet.numpy()).save(path)


def _save_model(folder: Path, network: PlaceUpscaler, source: str, measured: dict[str, float]) -> None:
    """Write the network as float16 with its model.json."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: t.half() for name, t in network.state_dict().items()}, folder / WEIGHTS)
    card = ModelCard("upscaler", "CLIP-Head upscaler, embedded", "GPL-3.0-or-later", source)
    write_model_json(folder, card, dict(CONFIG), dict(measured), [WEIGHTS])
