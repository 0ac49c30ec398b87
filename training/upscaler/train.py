"""`python -m training texture_upscale`: the embedded upscaler, on colourings baked at 512 and at 1024 px.

    python -m training texture_upscale --assets MAKEHUMAN --minutes 20

It learns from what the autoencoder makes of the small bake, since that is how soft the painter's pictures are, too.
Goes on from the last checkpoint in --out, and leaves a model folder in --weights.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F

from clip_head.core.compat import prepare_torchvision

prepare_torchvision()

from clip_head.core.models import EMBEDDED, write_model_json  # noqa: E402
from clip_head.core.texture.painter.autoencoder import PatchAutoencoder  # noqa: E402
from clip_head.core.texture.painter.upscale import SCALE, WEIGHTS, PlaceUpscaler, Window  # noqa: E402
from clip_head.core.types import ModelCard  # noqa: E402

from ..texture.model import learning_rate, training_progress  # noqa: E402
from .pairs import FACE, SMALL, WindowPair, bake_pairs, read_pairs  # noqa: E402

CONFIG = {"width": 24, "blocks": 3, "places": 8, "side": 64}
#: Side, small pixels, of a crop, and how far it stays from a window's rim, where the autoencoder saw nothing beyond.
CROP, RIM = 48, 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
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
class Lesson:
    """One window: what the upscaler sees (3, h, w) and what it should make of that (3, 2h, 2w), in [0, 1]."""

    window: tuple[int, int, int, int]
    seen: Tensor
    wanted: Tensor


def run(args: argparse.Namespace) -> None:
    """Bake the pairs that are missing, train for args.minutes, and write checkpoint, sample sheet and model folder."""
    torch.manual_seed(args.seed)
    bake_pairs(args.teacher, args.assets, args.canonical, args.out / "pairs", args.count, args.seed)
    vae = PatchAutoencoder.from_pretrained(args.vae, low_cpu_mem_usage=False).eval().requires_grad_(False)
    pairs = list(read_pairs(args.out / "pairs", args.count))
    lessons = [to_lesson(vae, pair) for pair in pairs if not pair.held_out]
    watched = [to_lesson(vae, pair) for pair in pairs if pair.held_out and pair.window == FACE]
    checkpoint = args.out / "checkpoint.pt"
    network = PlaceUpscaler(**CONFIG)
    optimiser = torch.optim.AdamW(network.parameters(), args.rate, betas=(0.9, 0.98), weight_decay=1e-4)
    step = 0
    if checkpoint.is_file():
        saved = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(saved["network"])
        optimiser.load_state_dict(saved["optimiser"])
        step = saved["step"]
    rng = np.random.default_rng((args.seed, step))
    print(f"{len(lessons)} windows, from step {step}; bicubic: {figures(None, watched)}", flush=True)

    start = last_save = time.perf_counter()
    first = step
    while (spent := training_progress(args.steps, args.minutes, step, start)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(args.rate, step - first, spent)
        seen, wanted, windows = random_crops(lessons, rng, args.batch)
        loss = upscaler_loss(network(seen, windows), wanted)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        step += 1
        if time.perf_counter() - last_save > 120:
            last_save = time.perf_counter()
            _save(checkpoint, network, optimiser, step)
            print(f"step {step}: loss {loss.item():.4f}; {figures(network, watched)}", flush=True)
    _save(checkpoint, network, optimiser, step)
    print(f"step {step}: {figures(network, watched)}", flush=True)
    _save_sheet(args.out / "watched.png", network, watched[:4])
    if args.weights:
        source = f"python -m training texture_upscale ({len(lessons)} windows of {len(pairs) // 2} colourings, "
        _save_model(args.weights, network, f"{source}{step:,} steps of {args.batch})", figures(network, watched))


@torch.inference_mode()
def to_lesson(vae: PatchAutoencoder, pair: WindowPair) -> Lesson:
    """A pair as tensors, the small picture through the autoencoder."""
    small, large = (torch.from_numpy(p).permute(2, 0, 1).float() / 255 for p in (pair.small, pair.large))
    # A window has no place in the layout: the codes are not whitened.
    decoded = vae.decoder(vae.encoder(2 * small[None] - 1).chunk(2, dim=1)[0])
    return Lesson(pair.window, (decoded[0] / 2 + 0.5).clamp(0, 1), large)


def random_crops(lessons: list[Lesson], rng: np.random.Generator, count: int) -> tuple[Tensor, Tensor, list[Window]]:
    """Crops (count, 3, CROP, CROP), those of twice the side that they should become, and where they lie."""
    seen, wanted, windows = [], [], []
    for _ in range(count):
        lesson = lessons[rng.integers(len(lessons))]
        top, left, height, width = lesson.window
        row, column = (int(rng.integers(RIM, n - CROP - RIM + 1)) for n in (height, width))
        seen.append(lesson.seen[:, row : row + CROP, column : column + CROP])
        wanted.append(lesson.wanted[:, SCALE * row : SCALE * (row + CROP), SCALE * column : SCALE * (column + CROP)])
        corner = np.array([top + row, left + column])
        windows.append(tuple(np.concatenate([corner, corner + CROP]) / SMALL))
    return torch.stack(seen), torch.stack(wanted), windows


def upscaler_loss(made: Tensor, wanted: Tensor) -> Tensor:
    """Absolute differences of colours and of gradients; and how strong the finest detail is in small patches, whatever
    its pattern, so that pores and hairs which nobody can foretell do not average out."""
    error = made - wanted
    edges = (error[..., 1:] - error[..., :-1]).abs().mean() + (error[..., 1:, :] - error[..., :-1, :]).abs().mean()
    strength = (_strength(made) - _strength(wanted)).abs().mean()
    return error.abs().mean() + edges + 0.5 * strength


def _strength(pictures: Tensor) -> Tensor:
    """Root mean square of the finest band in patches of 8 px."""
    grey = pictures.mean(dim=1, keepdim=True)
    fine = grey - F.avg_pool2d(F.pad(grey, (1, 1, 1, 1), mode="reflect"), 3, stride=1)
    return (F.avg_pool2d(fine.square(), 8) + 1e-6).sqrt()


@torch.inference_mode()
def figures(network: PlaceUpscaler | None, lessons: list[Lesson]) -> dict[str, float]:
    """PSNR in dB, and the finest band's strength over that of the truth, on whole windows; None is bicubic."""
    if not lessons:
        return {}
    errors, shares = [], []
    for lesson in lessons:
        made, inner = _enlarged(network, lesson), (..., slice(16, -16), slice(16, -16))
        errors.append((made - lesson.wanted)[inner].square().mean())
        shares.append(_strength(made[None]).mean() / _strength(lesson.wanted[None]).mean())
    psnr = -10 * torch.stack(errors).log10().mean()
    return {"psnr_db": round(float(psnr), 2), "fine_detail": round(float(torch.stack(shares).mean()), 3)}


def _enlarged(network: PlaceUpscaler | None, lesson: Lesson) -> Tensor:
    picture = lesson.seen[None]
    if network is None:
        return F.interpolate(picture, scale_factor=SCALE, mode="bicubic", align_corners=False)[0].clamp(0, 1)
    top, left, height, width = (n / SMALL for n in lesson.window)
    return network(picture, [(top, left, top + height, left + width)])[0].clamp(0, 1)


@torch.inference_mode()
def _save_sheet(path: Path, network: PlaceUpscaler, lessons: list[Lesson]) -> None:
    """Held-out faces, left to right: enlarged bicubically, by the network, and the truth."""
    rows = [torch.cat([_enlarged(None, x), _enlarged(network, x), x.wanted], dim=2) for x in lessons]
    if rows:
        sheet = torch.cat(rows, dim=1).permute(1, 2, 0).mul(255).round().byte()
        Image.fromarray(sheet.numpy()).save(path)


def _save(path: Path, network: PlaceUpscaler, optimiser: torch.optim.Optimizer, step: int) -> None:
    temporary = path.with_suffix(".part")
    torch.save({"network": network.state_dict(), "optimiser": optimiser.state_dict(), "step": step}, temporary)
    temporary.replace(path)


def _save_model(folder: Path, network: PlaceUpscaler, source: str, measured: dict[str, float]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: t.half() for name, t in network.state_dict().items()}, folder / WEIGHTS)
    card = ModelCard("upscaler", "CLIP-Head upscaler, embedded", "GPL-3.0-or-later", source)
    write_model_json(folder, card, dict(CONFIG), dict(measured), [WEIGHTS])
